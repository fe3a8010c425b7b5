// The keypad: digits into a call, or a number to dial.
import { $, h, icon } from "../dom.js";
import { control, items } from "../callControl.js";
import { t } from "../i18n.js";
import { dialog, show } from "./dialogs.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
let inCall = null;

export function openKeypad(item) {
  inCall = item?.line ? item.id : null;
  const box = dialog("keypad", inCall ? t("Keypad") : t("Dial"), body());
  $("button.key-dial", box).hidden = Boolean(inCall);
  show(box, "input");
}

function body() {
  const input = h("input", { class: "form-control tabular", type: "tel", autocomplete: "off", "aria-label": inCall ? t("Digits sent") : t("Number"), onkeydown: typed });
  if (inCall) input.readOnly = true;
  const pad = h("div", { class: "keypad-keys" }, KEYS.map((key) => h("button", { type: "button", class: "btn", onclick: () => press(input, key) }, key)));
  const call = h("button", { type: "button", class: "btn btn-primary key-dial", onclick: () => dial(input) }, icon("phone"), t("Call"));
  const hint = inCall ? null : h("p", { class: "hint" }, t("A colleague’s extension, a number, *8 to take a ringing call of a colleague, 701 to 720 to fetch a parked one, 600 to hear yourself."));
  return [input, pad, call, hint];
}

function press(input, key) {
  input.value += key;
  if (inCall) control.dtmf(key, items().find((one) => one.id === inCall));
  else input.focus();
}

function typed(event) {
  if (event.key === "Enter") event.preventDefault(); // the button that had focus would be pressed by it
  if (event.key === "Enter" && !inCall) return dial(event.target);
  if (inCall && KEYS.includes(event.key)) press(event.target, event.key);
  return undefined;
}

function dial(input) {
  const number = input.value.trim();
  if (!number) return;
  input.closest("dialog").close();
  control.dial(number);
}
