// Menus are <details>: they work without scripts; scripts close them and move focus inside.
import { $$ } from "./dom.js";

export function closeMenus(except = null) {
  for (const menu of $$("details.menu[open]")) if (menu !== except) shut(menu);
}

// Of what was just done from it; one that was opened meanwhile stays.
export function closeMenuOf(element) {
  const menu = element.closest("details.menu[open]");
  if (menu) shut(menu);
}

export function startMenus() {
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  // What is sent from a menu closes it, and the focus goes to where it was opened: the page drawn anew has
  // nothing in its closed menus that could take it.
  document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
    const menu = detail.requestConfig.verb === "get" ? null : target.closest("details.menu");
    if (menu?.open) shut(menu);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu");
    if (!menu?.open) return;
    if (event.key === "Escape") shut(menu);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(menu, event);
  });
}

// The focus of what is closed goes to where it was opened.
function shut(menu) {
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (inside) menu.querySelector("summary").focus();
}

function move(menu, event) {
  event.preventDefault();
  const items = $$("a, button", menu);
  const at = items.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(at + step + items.length) % items.length]?.focus();
}
