// The call script beside the call: its steps come from the server, answers go there one by one.
// While a step asks for a card's data, the recording is paused.
import { onDesk } from "./desk.js";
import { $, $$, revive, toast } from "./dom.js";
import { t } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { digitsGoTo, drawDigits, onOtherCustomer, startPanelKeys } from "./panelKeys.js";
import { getPiece } from "./server.js";

let paused = false;
const panel = () => $(".script-panel");

export function startScript() {
  startPanelKeys();
  onDesk(({ mode, interactionId }) => fill(mode === "idle" ? null : interactionId));
  onOtherCustomer(() => {
    const box = document.getElementById("desk-script");
    if (box?.dataset.shown) load(box, box.dataset.shown);
  });
  onKey([..."123456789"], () => panel() && digitsGoTo("script"), pressDigit, t("Answer the script"), { shown: ["1", "…", "9"] });
  onKey("b", () => $(".script-back button"), () => $(".script-back button").click(), t("Back one step of the script"), { icon: "arrow-back" });
  onKey("s", panel, () => focusIn(panel()), t("To the script"), { icon: "list-details" });
  document.addEventListener("htmx:afterSettle", (event) => {
    const shown = event.detail.elt?.closest?.(".script-panel") || (event.target.closest?.("#desk-script") && panel());
    if (!shown) return;
    const active = document.activeElement;
    if (!active || active === document.body || shown.contains(active)) focusIn(shown); // nobody went elsewhere
    drawn();
  });
}

async function fill(interactionId) {
  const box = document.getElementById("desk-script");
  if (!box) return;
  const wanted = String(interactionId || "");
  if (box.dataset.shown === wanted) return;
  box.dataset.shown = wanted;
  if (wanted) return load(box, wanted);
  box.replaceChildren();
  drawn();
}

async function load(box, wanted) {
  try {
    const piece = await getPiece(`/scripts/desk/${wanted}`);
    if (box.dataset.shown !== wanted) return;
    box.replaceChildren(piece);
    revive(box);
  } catch (problem) {
    delete box.dataset.shown;
    toast(problem.message, "bad");
  }
  drawn();
}

function drawn() {
  drawDigits();
  const on = Boolean($(".script-panel[data-card-step]"));
  if (on === paused) return;
  paused = on;
  document.dispatchEvent(new CustomEvent("recording:pause", { detail: { on, cause: "script" } }));
}

function pressDigit(key) {
  $$(".script-option", panel())[Number(key) - 1]?.click();
}

// Where the next answer goes; on a choice the step's heading, so that digits answer it.
function focusIn(shown) {
  ($("#script-answer", shown) || $(".script-step", shown))?.focus({ preventScroll: true });
}
