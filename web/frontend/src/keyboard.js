// The keyboard: whoever owns an action registers its key with onKey; the map behind ? and the
// actions of the palette are drawn from what is registered. A key acts only outside of fields and
// dialogs, so that nobody hangs up by writing a note.
import { $, $$, h } from "./dom.js";
import { t } from "./i18n.js";

const PLACES = { t: "/tasks", m: "/missed", b: "/callbacks", v: "/voicemails", d: "/desk", c: "/customers", i: "/interactions", l: "/live" };
const PLACE_PATIENCE = 1500;
const keys = [];
const NEVER = -Infinity; // a page is younger than any patience, too
let awaitingPlace = NEVER;

// key: what event.key says, or a list of them (the action is told which). when: whether it can act
// now (null: always); of several that can, the one registered first does, and one that always can only
// where no other can: what is in front of somebody has the key. words: for people, text or a function. look: {icon, shown: keycaps on the map, inPalette: false to leave it out}.
export function onKey(key, when, action, words, look = {}) {
  keys.push({ keys: [key].flat(), when: when || (() => true), always: !when, action, words, ...look });
}

const wordsOf = (entry) => (typeof entry.words === "function" ? entry.words() : entry.words);
const typing = (element) => Boolean(element?.closest?.("input, textarea, select, [contenteditable]"));

export function startKeyboard() {
  onKey("/", null, () => openDialog("palette"), t("Search customers, pages and actions"), { shown: ["/", "Ctrl K"], inPalette: false });
  onKey("n", () => $("textarea[data-note]"), () => $("textarea[data-note]").focus(), t("Write a note"), { icon: "note" });
  onKey("?", null, () => openDialog("help"), t("This map"), { icon: "keyboard" });
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open]");
    if (button) openDialog(button.dataset.open);
  });
  $("#help").addEventListener("click", (event) => event.target === event.currentTarget && event.currentTarget.close());
}

function press(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return take(event, () => openDialog("palette"));
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return undefined;
  if (goSomewhere(event)) return undefined;
  const able = keys.filter((one) => one.keys.includes(event.key) && one.when(event));
  const entry = able.find((one) => !one.always) ?? able[0];
  return entry && take(event, () => entry.action(event.key, event));
}

function take(event, action) {
  event.preventDefault();
  action();
}

function goSomewhere(event) {
  const link = event.timeStamp - awaitingPlace < PLACE_PATIENCE && PLACES[event.key] && $(`#rail a[href="${PLACES[event.key]}"]`);
  awaitingPlace = event.key === "g" ? event.timeStamp : NEVER;
  if (link) link.click();
  return Boolean(link) || event.key === "g";
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog.open) return;
  if (id === "help") $(".keymap", dialog).replaceChildren(...map());
  dialog.showModal();
  const input = $("input", dialog);
  if (input) {
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  }
}

function map() {
  const places = $$("#rail a").flatMap((link) => {
    const key = Object.keys(PLACES).find((one) => PLACES[one] === link.pathname);
    return key ? [[["g", key], link.title]] : [];
  });
  const rows = [...keys.map((entry) => [entry.shown || entry.keys, wordsOf(entry)]), ...places, [["Esc"], t("Close what is open")]];
  return rows.flatMap(([caps, words]) => [h("dt", {}, caps.flatMap((cap) => [h("kbd", {}, cap), " "])), h("dd", {}, words)]);
}

// The actions that could be done now, for the palette.
export function actionsNow() {
  return keys.filter((entry) => entry.inPalette !== false && entry.keys.length === 1 && entry.when({ target: document.body }))
    .map((entry) => ({ words: wordsOf(entry), icon: entry.icon || "bolt", key: entry.keys[0], run: () => entry.action(entry.keys[0]) }));
}
