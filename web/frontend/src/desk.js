// The desk page: the current call if there is one, what to do meanwhile if not. It keeps nothing of
// its own: whatever it shows comes from the state of the socket and from the server's pieces.
import { $, announce, revive, toast } from "./dom.js";
import { nameOf } from "./callbar.js";
import { currentCall } from "./deskState.js";
import { t } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { flushNotes, keepNotes, mountNotes } from "./note.js";
import { current, me, watch } from "./realtime.js";
import { chooseByKey, drawNow, drawPop } from "./screenPop.js";
import { getPiece, post } from "./server.js";
import { drawRelative, drawTicking } from "./time.js";

let shown = "";
let loaded = "";
let announced = "";
let told = "";
const fillers = new Set();

// fill({mode, interactionId, item}) is called when the desk is mounted and whenever its mode
// ("call", "wrap" or "idle") or the contact on it changes: that is when #desk-outcome,
// #desk-script, #desk-tasks and #desk-missed are to be filled by whoever owns them.
export function onDesk(fill) {
  fillers.add(fill);
}

export function startDesk() {
  onKey(["1", "2", "3", "4", "5", "6", "7", "8", "9"], () => $("#pop .choice"), chooseByKey, t("Choose the caller when several share a number"), { shown: ["1", "…", "9"] });
  watch((state) => {
    const item = currentCall(state, me);
    const ring = item?.phase === "ringing" ? item.id : "";
    if (ring && ring !== announced) announce(t("Incoming call: {name}", { name: nameOf(item) }));
    announced = ring;
    drawDesk(state);
  });
}

// Called again whenever the desk comes back into the main area.
export function mountDesk(root) {
  if (!$("#desk", root) && root.id !== "desk") return;
  shown = loaded = told = "";
  drawDesk(current().state);
}

function drawDesk(state) {
  const desk = document.getElementById("desk");
  if (!desk || !state.ready) return;
  const item = currentCall(state, me);
  const picture = JSON.stringify(item);
  if (picture === shown && desk.dataset.drawn) return;
  [shown, desk.dataset.drawn] = [picture, "yes"];
  desk.dataset.mode = item ? "call" : "idle";
  tellFillers(desk.dataset.mode, item);
  if (!item) return showIdle();
  drawPop($("#pop"), item, (customer) => choose(item, customer));
  drawNow($("#pop-now"), item);
  drawTicking();
  loadRest(item);
}


function tellFillers(mode, item) {
  const interactionId = (item?.pop || item?.call)?.interaction_id || null;
  const news = `${mode}:${interactionId}`;
  if (news === told) return;
  told = news;
  for (const fill of fillers) fill({ mode, interactionId, item });
}

async function showIdle() {
  if (loaded === "idle") return;
  const first = loaded === "" && $("#desk-idle").dataset.fresh;
  delete $("#desk-idle").dataset.fresh;
  loaded = "idle";
  if (!first) await load("/desk/idle", "idle");
}

// Facts, note and timeline of the caller; again only when the call or its customer is another.
async function loadRest(item) {
  const source = item.pop || item.call;
  if (!source.interaction_id) return;
  const key = `${source.interaction_id}:${source.match}:${source.customers.map((one) => one.id)}`;
  if (loaded === key) return;
  loaded = key;
  await load(`/desk/call/${source.interaction_id}`, key);
}

// Put each part of a piece where it belongs, unless the desk shows something else by then.
async function load(url, key) {
  await flushNotes(document);
  try {
    const piece = await getPiece(url);
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
  revive(target);
  mountNotes(target);
  drawRelative(target);
}

async function choose(item, customer) {
  const source = item.pop || item.call;
  const pop = $("#pop");
  drawPop(pop, { ...item, pop: { ...source, customers: [customer], match: "chosen" } });
  try {
    await post(`/interactions/${source.interaction_id}/customer`, { customer_id: customer.id });
  } catch (problem) {
    toast(t("Not linked: {why}", { why: problem.message }), "bad");
    drawPop(pop, item, (again) => choose(item, again));
  }
}
