// The desk page: the current call if there is one, its wrap-up after it, what to do meanwhile if
// neither. It keeps nothing of its own: whatever it shows comes from the state of the socket and
// from the server's pieces.
import { nameOf } from "./callbar.js";
import { currentCall } from "./deskState.js";
import { $, announce, h, revive, toast } from "./dom.js";
import { t } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { flushNotes, keepNotes, mountNotes } from "./note.js";
import { drawPeek } from "./peek.js";
import { current, me, watch } from "./realtime.js";
import { chooseByKey, drawNow, drawPop, sourceOf } from "./screenPop.js";
import { getPiece, post } from "./server.js";
import { drawRelative, drawTicking } from "./time.js";

let shown = "";
let loaded = "";
let announced = "";
let told = "";
let contact = "";
let ahead = { key: "", piece: null };
const fillers = new Set();

// fill({mode, interactionId, item}) is called when the desk is mounted and whenever its mode
// ("call", "wrap" or "idle") or the contact on it changes: that is when #desk-outcome,
// #desk-script, #desk-tasks and #desk-missed are to be filled by whoever owns them.
export function onDesk(fill) {
  fillers.add(fill);
}

export function startDesk() {
  markDesk();
  onKey([..."123456789"], () => $("#pop .choice, #peek .choice"), chooseByKey, t("Choose the caller when several share a number"), { shown: ["1", "…", "9"] });
  watch(["mine", "agent"], (state) => {
    const item = currentCall(state, me);
    const ring = item?.phase === "ringing" ? item.id : "";
    if (ring && ring !== announced) announce(t("Incoming call: {name}", { name: nameOf(item) }));
    announced = ring;
    drawDesk(state);
  });
  document.addEventListener("contact:linked", () => {
    const { mode, interactionId } = onDeskNow(current().state);
    if (mode === "wrap" && $("#desk")) loadWrapUp(interactionId, true);
  });
  document.addEventListener("click", (event) => event.target.closest("[data-missed-seen]") && seeMissed(event.target.closest("[data-missed-seen]")));
}

// Called again whenever the desk comes back into the main area.
export function mountDesk(root) {
  markDesk();
  peekAt(currentCall(current().state, me));
  if (!$("#desk", root) && root.id !== "desk") return;
  shown = loaded = told = contact = "";
  drawDesk(current().state);
}

// Of what stands outside of it, too. Not by :has(): of body it concerns all elements, and with each that
// comes or goes anywhere the browser would work out the looks of hundreds again.
function markDesk() {
  document.body.classList.toggle("on-desk", Boolean($("#desk")));
}

function onDeskNow(state) {
  const item = currentCall(state, me);
  if (item) return { mode: "call", item, interactionId: sourceOf(item).interaction_id || null };
  const interactionId = state.agent?.wrap_up?.interaction_id;
  return interactionId ? { mode: "wrap", item: null, interactionId } : { mode: "idle", item: null, interactionId: null };
}

function drawDesk(state) {
  const desk = document.getElementById("desk");
  const now = onDeskNow(state);
  if (state.ready && !desk) offDesk(now);
  if (!desk || !state.ready) return;
  const picture = JSON.stringify([now, state.agent?.wrap_up]);
  if (picture === shown && desk.dataset.drawn) return;
  [shown, desk.dataset.drawn, desk.dataset.mode] = [picture, "yes", now.mode];
  if (now.mode === "idle") showIdle();
  else if (now.mode === "wrap") showWrapUp(now);
  else showCall(now.item);
  tellFillers(now);
}

function tellFillers({ mode, interactionId, item }) {
  const news = `${mode}:${interactionId}`;
  if (news === told) return;
  told = news;
  for (const fill of fillers) fill({ mode, interactionId, item });
}

const peekAt = (item) => drawPeek(item, (customer) => choose(item, customer));

// Elsewhere in the product: a small card by the call bar, and the whole one fetched for when the
// operator goes to the desk.
function offDesk({ mode, item }) {
  peekAt(item);
  if (mode === "call" && sourceOf(item).interaction_id) fetchAhead(item);
}

async function showIdle() {
  contact = "";
  if (loaded === "idle") return;
  const first = loaded === "" && $("#desk-idle").dataset.fresh;
  delete $("#desk-idle").dataset.fresh;
  loaded = "idle";
  if (!first) await load("/desk/idle", "idle");
}

function showCall(item) {
  const source = sourceOf(item);
  makeRoom(String(source.interaction_id || item.id));
  drawPop($("#pop"), item, (customer) => choose(item, customer));
  drawNow($("#pop-now"), item);
  drawTicking();
  if (source.interaction_id) loadOnce(urlOf(source), keyOf(source));
}

function showWrapUp({ interactionId }) {
  makeRoom(String(interactionId));
  loadWrapUp(interactionId);
}

const loadWrapUp = (interactionId, again = false) => loadOnce(`/desk/call/${interactionId}?over=yes`, `over:${interactionId}`, again);

const urlOf = (source) => `/desk/call/${source.interaction_id}`;
const keyOf = (source) => `${source.interaction_id}:${source.match}:${source.customers.map((one) => one.id)}`;

// Facts, note and timeline; again only when the contact or its customer is another.
async function loadOnce(url, key, again = false) {
  if (loaded === key && !again) return;
  loaded = key;
  await load(url, key);
}

// Another contact: nothing of the one before stays beside the new name, and the places of what
// comes are kept, so that nothing jumps when it does.
function makeRoom(id) {
  if (contact === id) return;
  contact = id;
  if (!$(`[data-contact="${CSS.escape(id)}"]`)) {
    const lines = (count) => h("section", { class: "panel", "aria-hidden": "true" }, Array.from({ length: count }, (_, n) => h("div", { class: `skeleton${n % 2 ? " short" : ""}` })));
    for (const [place, counts] of [["pop-facts", [4, 6]], ["pop-work", [5, 8]]]) {
      flushNotes($(`#${place}`));
      $(`#${place}`).replaceChildren(...counts.map(lines));
    }
    for (const place of ["pop", "pop-now", "desk-outcome", "desk-script"]) $(`#${place}`).replaceChildren();
  }
}

function fetchAhead(item) {
  const key = keyOf(sourceOf(item));
  if (ahead.key !== key) ahead = { key, piece: getPiece(urlOf(sourceOf(item))).catch(() => null) };
}

async function pieceOf(url, key) {
  const early = ahead.key === key ? await ahead.piece : null;
  ahead = { key: "", piece: null };
  return early || getPiece(url);
}

// Put each part of a piece where it belongs, unless the desk shows something else by then.
async function load(url, key) {
  await flushNotes(document);
  try {
    const piece = await pieceOf(url, key);
    if (loaded !== key || !document.getElementById("desk")) return;
    for (const part of [...piece.querySelectorAll("[data-into]")]) place(part);
  } catch (problem) {
    toast(problem.message, "bad");
    if (loaded === key) loaded = "";
  }
}

function place(part) {
  const target = document.getElementById(part.dataset.into);
  if (!target) return;
  keepNotes(target, () => target.replaceChildren(...part.childNodes));
  if (part.dataset.match) target.dataset.match = part.dataset.match;
  revive(target);
  mountNotes(target);
  drawRelative(target);
}

async function choose(item, customer) {
  const source = sourceOf(item);
  const pop = $("#pop") || $("#peek > div");
  drawPop(pop, { ...item, pop: { ...source, customers: [customer], match: "chosen" } });
  try {
    await post(`/interactions/${source.interaction_id}/customer`, { customer_id: customer.id });
  } catch (problem) {
    toast(t("Not linked: {why}", { why: problem.message }), "bad");
    drawPop(pop, item, (again) => choose(item, again));
  }
}

async function seeMissed(button) {
  const list = button.closest("section");
  list.hidden = true;
  try {
    await post("/desk/missed/seen", { until: button.dataset.missedSeen });
  } catch (problem) {
    list.hidden = false;
    toast(problem.message, "bad");
  }
}
