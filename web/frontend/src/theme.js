// Loaded before the styles, so that a dark screen never flashes white. The choice is a cookie.
const system = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const root = document.documentElement;
  const choice = root.dataset.themeChoice || "system";
  const dark = choice === "dark" || (choice === "system" && system.matches);
  root.dataset.bsTheme = dark ? "dark" : "light";
}

apply();
system.addEventListener("change", apply);
document.addEventListener("theme:choose", (event) => {
  document.documentElement.dataset.themeChoice = event.detail;
  apply();
});
