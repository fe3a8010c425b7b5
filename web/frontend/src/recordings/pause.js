// Card data is never recorded: a button, a field of the page or a script pauses the recording of the
// call, a countdown shows until when, and it goes on by itself. What the PBX says counts: until it
// has agreed, nobody is told that the recording stands still.
import { h, icon, toast } from "../dom.js";
import { currentCall } from "../deskState.js";
import { everySecond } from "../everySecond.js";
import { t } from "../i18n.js";
import { current, hear, me, watch } from "../realtime.js";
import { post } from "../server.js";
import { now } from "../time.js";
import { clock } from "./player.js";

const PATIENCE = 6000;
const AGAIN = 60000;
const pause = { call: "", until: 0, sure: false, cause: "", asked: new Set() };
const early = new Map();
let failedAt = 0;

export function startPauses() {
  document.addEventListener("recording:pause", ({ detail }) => (detail.on ? begin(detail.cause || "button") : end()));
  document.addEventListener("focusin", ({ target }) => isCardData(target) && begin("field"));
  document.addEventListener("focusout", ({ relatedTarget }) => pause.cause === "field" && !isCardData(relatedTarget) && end());
  hear("message", (message) => {
    if (message.type === "recording") told(message);
    if (message.type === "command") answered(message);
  });
  hear("snapshot", ask);
  watch(["mine"], draw);
  tick();
}

const isCardData = (element) => Boolean(element?.closest?.("[data-card-data]"));

function callId() {
  const item = currentCall(current().state, me);
  return item && item.phase !== "ringing" ? item.id : "";
}

async function begin(cause) {
  const call = callId();
  if (!call) return;
  try {
    const answer = await post("/recordings/pause", { call_id: call, cause });
    // A field that comes while the button's pause runs must not end it.
    const kept = pause.call === call && pause.until && pause.cause;
    Object.assign(pause, { call, until: Date.parse(answer.paused_until), cause: kept || cause, begun: now() });
    for (const id of answer.commands) expect(id);
  } catch (error) {
    if (cause !== "field") toast(error.message, "bad");
  }
  draw();
}

async function end() {
  const call = pause.call || callId();
  if (!call) return;
  try {
    await post("/recordings/resume", { call_id: call });
    clear();
  } catch (error) {
    toast(error.message, "bad");
  }
  draw();
}

function expect(id) {
  // The PBX may have been quicker than the answer to our own request.
  if (early.has(id)) return settle(id, early.get(id));
  pause.asked.add(id);
  setTimeout(() => {
    if (pause.asked.delete(id)) toast(t("The PBX did not answer: the recording may still run. Let no card data be said."), "bad");
  }, PATIENCE);
}

function answered({ id, action, ok, detail }) {
  if (action === "unmute_recording" && !ok && now() - failedAt > PATIENCE) {
    toast(t("The recording could not be resumed: {why}", { why: detail }), "bad");
  }
  if (action !== "mute_recording") return;
  if (pause.asked.delete(id)) settle(id, ok);
  else early.set(id, ok);
}

function settle(id, ok) {
  early.delete(id);
  if (!ok) return failed();
  if (!pause.asked.size) pause.sure = true;
  draw();
}

// Nothing stands still, so nothing may look as if it did, here or on another screen.
function failed() {
  failedAt = now();
  toast(t("The recording could not be paused and still runs. Let no card data be said."), "bad");
  end();
}

function told({ call_id: call, paused_until: until }) {
  if (call !== callId() && call !== pause.call) return;
  if (until) Object.assign(pause, { call, until: Date.parse(until) });
  else clear();
  // Of a pause that a colleague in the call began we hear only when it failed, and then it ends.
  if (until) setTimeout(() => pause.until && !pause.asked.size && ((pause.sure = true), draw()), PATIENCE);
  draw();
}

async function ask() {
  const call = callId();
  if (!call) return clear();
  try {
    const answer = await fetch(`/recordings/paused?call_id=${encodeURIComponent(call)}`, { headers: { Accept: "application/json" } });
    const until = answer.ok && (await answer.json()).paused_until;
    if (until) Object.assign(pause, { call, until: Date.parse(until), sure: true });
    else if (!pause.asked.size) clear();
  } catch {
    // asked again with the next snapshot
  }
  draw();
}

function clear() {
  Object.assign(pause, { call: "", until: 0, sure: false, cause: "" });
  pause.asked.clear();
}

const tick = everySecond(() => {
  if (!pause.until) return [];
  if (pause.call !== callId()) clear();
  else if (pause.cause === "field" && isCardData(document.activeElement) && now() - pause.begun > AGAIN) begin("field");
  draw();
  return [pause.until];
}, now);

// The place is the call bar's; where it is not drawn, it is added for the time of a pause.
function draw() {
  const bar = document.getElementById("callbar");
  let place = document.getElementById("callbar-recording");
  const shown = pause.until && pause.call === callId();
  if (!place && shown && bar) {
    place = h("span", { id: "callbar-recording" });
    bar.insertBefore(place, bar.querySelector(".callbar-open"));
  }
  if (!place) return;
  const left = Math.max(0, Math.ceil((pause.until - now()) / 1000));
  const picture = shown ? `${pause.sure} ${left}` : "";
  if (place.dataset.picture === picture && place.childElementCount === (shown ? 2 : 0)) return;
  place.dataset.picture = picture;
  if (!shown) return place.replaceChildren();
  if (place.dataset.sure !== String(pause.sure) || !place.childElementCount) {
    place.dataset.sure = pause.sure;
    const word = pause.sure ? t("Recording paused") : t("Pausing the recording…");
    place.replaceChildren(
      h("span", { class: `chip tone-${pause.sure ? "hold" : "warn"}` }, icon("player-pause", 16), h("span", { role: "status" }, word), h("span", { class: "tabular recording-left" })),
      h("button", { type: "button", class: "btn", onclick: end }, t("Resume recording")));
  }
  place.querySelector(".recording-left").textContent = clock(left);
}
