// Rules of Tabler for parts that the product has none of. Those with :has() are dear: for browsers any
// of them on a page concerns everything in it, and with each element that comes or goes they would
// work out the looks of the whole page again.
const PARTS = [".navbar", ".page", "navbar-position", "data-bs-sidebar", ".signal", ".legend-list", ".input-group-flat", ".table-selectable", ".accordion", "[data-vc-date", ".card-tabs", ".was-validated", ".steps:not(", ".alert", "a:hover:has("];

// css → css without those of its rules that are only for such parts and hold :has().
export function withoutUnused(css) {
  return css.replace(/(?<=^|[{};])([^{};]*:has\([^{};]*)\{[^{}]*\}/g, (rule, selector) => (isUnused(selector) ? "" : rule));
}

const isUnused = (selector) => split(selector).every((one) => PARTS.some((part) => one.includes(part)));

// At commas, but not at those inside brackets.
function split(selector) {
  const parts = [""];
  let depth = 0;
  for (const sign of selector) {
    depth += "([".includes(sign) ? 1 : ")]".includes(sign) ? -1 : 0;
    if (sign === "," && !depth) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts;
}
