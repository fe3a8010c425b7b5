// The script and the outcomes share the digits: whichever has the focus takes them; else the script
// while the call goes on, and the outcomes in the wrap-up. Keycaps stand only where digits go.
import { $ } from "./dom.js";
import { currentCall } from "./deskState.js";
import { current, me, watch } from "./realtime.js";

function taker() {
  const { state } = current();
  const item = currentCall(state, me);
  if (item?.phase === "ringing") return "";
  const focused = document.activeElement?.closest?.(".wrap-panel, .script-panel");
  if (focused) return focused.matches(".script-panel") ? "script" : "outcome";
  const script = $(".script-panel");
  return item && script?.dataset.step ? "script" : "outcome";
}

export const digitsGoTo = (name) => taker() === name;

export function drawDigits() {
  document.body.dataset.digits = taker();
}

// Calls again() when the contact on the desk turns out to be somebody else's.
export function onOtherCustomer(again) {
  let known = "";
  document.addEventListener("contact:linked", again);
  watch(["mine"], (state) => {
    const item = currentCall(state, me);
    const source = item && (item.pop || item.call);
    const whose = source ? `${source.interaction_id}:${source.customers.map((one) => one.id)}` : "";
    const other = whose && known.split(":")[0] === whose.split(":")[0] && known !== whose;
    known = whose || known;
    if (other) again();
  });
}

export function startPanelKeys() {
  document.addEventListener("focusin", drawDigits);
  document.addEventListener("focusout", () => setTimeout(drawDigits));
  watch(["mine"], drawDigits);
}
