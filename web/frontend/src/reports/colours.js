// Colours of charts, read from the page: they follow its light or dark look. People
// with any kind of colour blindness tell them apart; lines differ by their dashes too.
const FALLBACK = ["#0072b2", "#d55e00", "#009e73", "#a473ee", "#ab2974", "#341f97", "#38612f", "#632532"];

export function palette() {
  const style = getComputedStyle(document.documentElement);
  const of = (name, other) => style.getPropertyValue(name).trim() || other;
  return {
    ink: of("--ink", "#1b2430"),
    soft: of("--soft", "#566171"),
    line: of("--line", "#dadfe5"),
    paper: of("--paper", "#fff"),
    series: FALLBACK.map((other, place) => of(`--chart-${place + 1}`, other)),
    low: of("--chart-low", "#eaf2fa"),
    high: of("--chart-high", "#08457e"),
    font: style.getPropertyValue("--tblr-font-sans-serif").trim() || "sans-serif",
  };
}
