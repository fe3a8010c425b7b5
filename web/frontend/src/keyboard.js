// The keyboard map: / or Ctrl-K opens the palette, ? this map, g then a letter goes somewhere,
// number keys choose among several callers, n jumps to the note.
import { $, $$ } from "./dom.js";
import { chooseByKey } from "./screenPop.js";

const PLACES = { d: "/desk", c: "/customers", i: "/interactions", l: "/live" };
let awaitingPlace = 0;

const typing = (element) => Boolean(element?.closest?.("input, textarea, select, [contenteditable]"));

export function startKeyboard() {
  document.addEventListener("keydown", onKey);
  for (const button of $$("[data-open]")) button.addEventListener("click", () => openDialog(button.dataset.open));
  const palette = $("#palette");
  palette.addEventListener("keydown", moveInPalette);
  palette.addEventListener("click", (event) => {
    if (event.target === palette || event.target.closest("a")) palette.close();
  });
  $("#help").addEventListener("click", (event) => event.target === event.currentTarget && event.currentTarget.close());
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return take(event, () => openDialog("palette"));
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return undefined;
  if (event.key === "/") return take(event, () => openDialog("palette"));
  if (event.key === "?") return take(event, () => openDialog("help"));
  if (/^[1-9]$/.test(event.key) && chooseByKey(event.key)) return event.preventDefault();
  if (event.key === "n" && $("textarea[data-note]")) return take(event, () => $("textarea[data-note]").focus());
  return goSomewhere(event);
}

function take(event, action) {
  event.preventDefault();
  action();
}

function goSomewhere(event) {
  if (event.key === "g") awaitingPlace = event.timeStamp;
  else if (event.timeStamp - awaitingPlace < 1500 && PLACES[event.key]) {
    $(`#rail a[href="${PLACES[event.key]}"]`)?.click();
    awaitingPlace = 0;
  }
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog.open) return;
  dialog.showModal();
  const input = $("input", dialog);
  if (input) {
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  }
}

function moveInPalette(event) {
  if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const options = $$("#palette-results a");
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  event.preventDefault();
  if (event.key === "Enter") return options[Math.max(at, 0)]?.click();
  const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
  select(options, next);
}

export function select(options, index) {
  options.forEach((option, at) => option.setAttribute("aria-selected", at === index ? "true" : "false"));
  const chosen = options[index];
  if (!chosen) return;
  chosen.scrollIntoView({ block: "nearest" });
  $("#palette-input").setAttribute("aria-activedescendant", chosen.id);
}
