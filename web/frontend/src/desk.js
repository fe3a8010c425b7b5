// The desk page: the current call if there is one, what to do meanwhile if not. It keeps nothing of
// its own: whatever it shows comes from the state of the socket and from the server's pieces.
import htmx from "htmx.org";
import { $, announce, toast } from "./dom.js";
import { nameOf } from "./callbar.js";
import { currentCall } from "./deskState.js";
import { t } from "./i18n.js";
import { flushNotes } from "./note.js";
import { current, me, watch } from "./realtime.js";
import { drawNow, drawPop } from "./screenPop.js";
import { post } from "./server.js";
import { drawTicking } from "./time.js";

let shown = "";
let loaded = "";
let announced = "";

export function startDesk() {
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
  shown = loaded = "";
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
  if (!item) return showIdle();
  drawPop($("#pop"), item, (customer) => choose(item, customer));
  drawNow($("#pop-now"), item);
  drawTicking();
  loadRest(item);
}

async function showIdle() {
  if (loaded === "idle") return;
  const first = loaded === "" && $("#desk-idle").dataset.fresh;
  loaded = "idle";
  await flushNotes(document);
  if (!first) htmx.ajax("GET", "/desk/idle", { target: "#desk-idle", swap: "innerHTML" });
  delete $("#desk-idle").dataset.fresh;
  $("#pop-facts").replaceChildren();
  $("#pop-work").replaceChildren();
}

// Facts, note and timeline of the caller; again only when the call or its customer is another.
async function loadRest(item) {
  const source = item.pop || item.call;
  if (!source.interaction_id) return;
  const key = `${source.interaction_id}:${source.match}:${source.customers.map((one) => one.id)}`;
  if (loaded === key) return;
  loaded = key;
  await flushNotes(document);
  if (loaded === key) htmx.ajax("GET", `/desk/call/${source.interaction_id}`, { target: "#pop-facts", swap: "innerHTML" });
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
