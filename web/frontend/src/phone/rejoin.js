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
let tried = "";
let leftInCall = 0;

// Kept while a call is up, so that the same tab knows after a reload that it was the one.
export function startRejoin() {
  leftInCall = Number(sessionStorage.getItem(KEY) || 0);
  watchPhone(({ lines, status }) => {
    if (lines.some((line) => line.state === "up")) sessionStorage.setItem(KEY, String(Date.now()));
    else if (status === "ready" && !items().some((item) => item.lost)) sessionStorage.removeItem(KEY);
    byItself();
  });
  addEventListener("pagehide", () => phone().lines.some((line) => line.state === "up") && sessionStorage.setItem(KEY, String(Date.now())));
  watch(byItself);
}

function byItself() {
  const item = items().find((one) => one.lost);
  const wasHere = Date.now() - leftInCall < FRESH;
  if (!item || !wasHere || tried === item.id || phone().status !== "ready" || !phone().hand) return;
  bringBack(item);
}

async function bringBack(item) {
  tried = item.id;
  leftInCall = 0;
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
