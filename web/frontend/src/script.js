// The call script beside the call: its steps come from the server, answers go there one by one.
// While a step asks for a card's data, the recording is paused.
import { onDesk } from "./desk.js";
import { $, $$, revive, toast } from "./dom.js";
import { t } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { digitsGoTo, drawDigits, onOtherCustomer, startPanelKeys } from "./panelKeys.js";
import { getPiece, token } from "./server.js";

let paused = false;
let answers = 0; // given and taken: what was fetched across one of them may show the step before it
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
  // Taken here and not by each panel, so that no key is too quick for a panel just drawn.
  document.addEventListener("submit", (event) => {
    const shown = event.target.closest(".script-panel");
    if (!shown) return;
    event.preventDefault();
    send(shown, event.target, event.submitter);
  });
}

async function send(shown, form, submitter) {
  if (shown.dataset.busy) return;
  shown.dataset.busy = "yes";
  answers += 1;
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const next = holder.content.querySelector(".script-panel");
    if (!next) throw new Error(t("The server refused it."));
    const active = document.activeElement;
    const drawnNow = shown.isConnected ? shown : panel(); // fetched anew meanwhile
    const here = active === document.body || Boolean(drawnNow?.contains(active));
    answers += 1;
    drawnNow?.replaceWith(next);
    if (here) focusIn(next);
  } catch (problem) {
    delete shown.dataset.busy;
    toast(problem instanceof TypeError ? t("The server cannot be reached.") : problem.message, "bad");
  }
  drawn();
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
  const before = answers;
  try {
    const piece = await getPiece(`/scripts/desk/${wanted}`);
    if (box.dataset.shown !== wanted || answers !== before) return;
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
