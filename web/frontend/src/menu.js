// Menus are <details>: they work without scripts; scripts close them and move focus inside.
import { $$ } from "./dom.js";

export function closeMenus(except = null) {
  for (const menu of $$("details.menu[open]")) if (menu !== except) menu.open = false;
}

export function startMenus() {
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu");
    if (!menu?.open) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(menu, event);
  });
}

function move(menu, event) {
  event.preventDefault();
  const items = $$("a, button", menu);
  const at = items.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(at + step + items.length) % items.length]?.focus();
}
