// A page that was reloaded in mid-call has lost its sound; the caller is still there, in silence. They
// are brought back: the PBX rings this operator anew with them, and the phone lifts by itself.
import { h, icon } from "../dom.js";
import { control, items } from "../callControl.js";
import { t } from "../i18n.js";
import { watch } from "../realtime.js";
import { expectCaller } from "./autoAnswer.js";
import { phone, watchPhone } from "./softPhone.js";

const KEY = "phone-in-call";
const FRESH = 60000;

// Left behind by a page that goes away in a call, taken by the next one: only it brings the caller
// back by itself, only soon, and only while it has no call of its own.
let wasHere = Date.now() - Number(sessionStorage.getItem(KEY) || 0) < FRESH;

export function startRejoin() {
  sessionStorage.removeItem(KEY);
  addEventListener("pagehide", () => phone().lines.some((line) => line.state === "up") && sessionStorage.setItem(KEY, String(Date.now())));
  setTimeout(() => (wasHere = false), FRESH);
  watchPhone(byItself);
  watch(["mine", "supervision"], byItself);
}

function byItself() {
  const { status, hand, lines } = phone();
  if (!wasHere || status !== "ready" || !hand || lines.length) return;
  const item = items().find((one) => one.lost);
  if (item) bringBack(item);
}

async function bringBack(item) {
  wasHere = false;
  expectCaller();
  await control.transfer(phone().extension, t("your own phone"), item);
}

export function drawRejoin(item, button) {
  const words = t("The sound of this call is not here: the page was reloaded, or it is on another screen.");
  const hand = phone().hand ? "" : t("The administrator has not set AMI_ORIGINATE_URL.");
  return [
    h("span", { class: "callbar-lost", role: "alert" }, icon("alert-triangle", 16), words),
    button("rejoin", "phone-incoming", t("Bring the caller back"), () => bringBack(item), hand, "btn-primary"),
    button("hangup", "phone-off", t("Hang up"), () => control.hangup(item), hand, "btn-danger"),
  ];
}
