// What can be done with a call, one object for the bar, the keyboard and every number on a page. Where
// the phone in the page has the call it does it; else the PBX does it for the desk phone. What calls
// there are is the server's word alone; the phone adds what only it knows.
import { toast } from "./dom.js";
import { myCalls } from "./deskState.js";
import { t } from "./i18n.js";
import { command, newId } from "./phone/commands.js";
import { faultWords } from "./phone/faults.js";
import { isInBrowser, mayBeInBrowser, pair } from "./phone/match.js";
import { engineNow, onEnded, phone, watchPhone } from "./phone/softPhone.js";
import { current, me, watch } from "./realtime.js";
import { post } from "./server.js";
import { now } from "./time.js";

const clicks = new Set();
const asked = new Map(); // key → {to, name, lineId}: who is being asked before a transfer
// By the phone's line where it has one: the page may hear of the call itself only after it was begun.
const keyOf = (item) => item.line?.id ?? item.id;
let dialling = false;
let wanted = ""; // the call that was answered on the screen before it rang at the phone

// --- which calls there are ---------------------------------------------------------------------

// My calls, each with the line that carries it; a line the server has not told of yet is one too.
export function items() {
  const { state } = current();
  const { lines } = phone();
  const mine = myCalls(state, me);
  const carried = pair(mine, lines, me.id, now() - Date.now());
  const told = mine.map((item) => ({ ...item, line: carried.get(item.id) || null }));
  const taken = new Set(carried.values());
  // Who listens by the phone in the page is on no call: the bar above says what they are in.
  const listens = Object.values(state.supervision).some((one) => one.kind === "mine");
  const alone = lines.filter((line) => !taken.has(line) && !(listens && line.state === "up")).map((line) => ({ id: line.id, phase: line.state === "up" ? "answered" : "ringing", pop: null, call: null, line }));
  return [...told, ...alone].map((item) => withStatus(item, alone.length > 0)).sort((a, b) => RANK[b.status] - RANK[a.status]);
}

const RANK = { talking: 4, calling: 3, ringing: 2, hold: 1 };

function withStatus(item, unclear) {
  return { ...item, status: statusOf(item), asking: asked.get(keyOf(item)) || null, lost: !unclear && isLost(item) };
}

function statusOf({ line, phase, call, pop }) {
  if (line) return line.state === "up" ? (line.held ? "hold" : "talking") : line.state;
  if (phase !== "answered") return isOutgoing(call || pop) ? "calling" : "ringing";
  return current().state.agent?.state === "hold" ? "hold" : "talking";
}

export const isOutgoing = (source) => source.direction === "outbound" || (source.direction === "internal" && source.number === phone().extension);

// The server says that the browser talks, and no line here does: the page was reloaded, or another
// screen has the sound.
const isLost = ({ line, phase, call }) => !line && phase === "answered" && isInBrowser(call, me.id);

export const first = () => items()[0] || null;

// --- what can be done, and why not ------------------------------------------------------------------

const NEEDS_TALK = ["hold", "transfer", "consult", "park", "conference", "complete", "cancel"];

// '' when it can be done now, else words that say why not.
export function whyNot(action, item) {
  if (!item) return t("There is no call.");
  if (NEEDS_TALK.includes(action) && !["talking", "hold"].includes(item.status)) return t("Only while you talk.");
  if (item.line) return "";
  if (action === "answer") return isOnItsWay(item) ? "" : t("Lift your desk phone.");
  if (action === "mute" || action === "dtmf") return t("Use the key on your desk phone.");
  return phone().hand ? "" : t("Use your desk phone: the administrator has not set AMI_ORIGINATE_URL.");
}

// The server may tell of a call a moment before the PBX rings the phone in the page.
const isOnItsWay = (item) => phone().registered && mayBeInBrowser(item, me.id);

// --- doing it ------------------------------------------------------------------------------------

async function attempt(act) {
  try {
    return await act();
  } catch (problem) {
    toast(problem.code && !problem.status ? faultWords(problem.code) : problem.message, "bad");
    return undefined;
  }
}

const order = (action, item, to = "") => command(`/calls/${item.id}/${action}`, { to });

// The phone does it where it has the line; the PBX where it has not.
const either = (item, byPhone, byPbx) => attempt(() => (item.line ? byPhone(engineNow(), item.line.id) : byPbx()));

export const control = {
  answer: (item = ringing()) => (item?.line ? lift(item) : (wanted = item?.id || "")),

  hangup: (item = first()) => item && either(item, (engine, id) => engine.hangUp(id), () => order("hangup", item)),

  hold: (on, item = first()) => item && either(item, (engine, id) => engine.hold(id, on).catch(() => Promise.reject(Object.assign(new Error("hold"), { code: "hold" }))), () => order(on ? "hold" : "unhold", item)),

  mute: (on, item = first()) => item?.line && attempt(() => engineNow().mute(item.line.id, on)),

  dtmf: (key, item = first()) => item?.line && attempt(() => engineNow().dtmf(item.line.id, key)),

  transfer: (to, name, item = first()) => item && attempt(async () => {
    const target = await targetOf(to);
    if (item.line) await referred(engineNow().transfer(item.line.id, target));
    else await order("blind_transfer", item, to);
    toast(t("Transferred to {name}", { name: name || to }), "ok");
  }),

  consult: (to, name, item = first()) => item && attempt(async () => {
    if (item.line) {
      const target = await targetOf(to);
      await engineNow().hold(item.line.id, true);
      if (!engineNow().line(item.line.id)) throw Object.assign(new Error("gone"), { code: "gone" });
      const lineId = await engineNow().call(target).catch((problem) => comeBack(item, problem));
      asked.set(keyOf(item), { to, name: name || to, lineId });
    } else {
      await order("consult", item, to);
      asked.set(keyOf(item), { to, name: name || to, lineId: "" });
    }
    changed();
  }),

  complete: (item = consulting()) => item && attempt(async () => {
    const { name, lineId } = item.asking;
    if (lineId) await referred(engineNow().join(item.line.id, lineId));
    else await order("complete_transfer", item);
    asked.delete(keyOf(item));
    toast(t("Transferred to {name}", { name }), "ok");
    changed();
  }),

  cancel: (item = consulting()) => item && attempt(async () => {
    const { lineId } = item.asking;
    asked.delete(keyOf(item));
    if (lineId) {
      engineNow().hangUp(lineId);
      await engineNow().hold(item.line.id, false);
    } else await order("cancel_transfer", item);
    changed();
  }),

  conference: (item = consulting() || first()) => item && attempt(async () => {
    await order("conference", item);
    if (item.line?.held) await engineNow().hold(item.line.id, false);
    asked.delete(keyOf(item));
    toast(t("Everybody is in one conversation now."), "ok");
  }),

  park: (item = first()) => item && attempt(async () => {
    const place = item.call && phone().hand ? await order("park", item) : await referred(engineNow().transfer(item.line.id, "700"));
    toast(place ? t("Parked. Anyone fetches the call by calling {place}.", { place }) : t("Parked. Anyone fetches the call by calling 701 to 720."), "ok");
  }),

  // Between two calls: the one that waits is taken, the other put on hold.
  swap: (item) => attempt(async () => {
    const talking = items().find((one) => one.status === "talking" && one.line);
    if (talking) await engineNow().hold(talking.line.id, true);
    if (item.line) await engineNow().hold(item.line.id, false);
    else await order("unhold", item);
  }),

  pauseRecording: (on, cause = "button") => document.dispatchEvent(new CustomEvent("recording:pause", { detail: { on, cause } })),

  dial,
};

const ringing = () => items().find((item) => item.status === "ringing") || null;
const consulting = () => items().find((item) => item.asking) || null;
const changed = () => document.dispatchEvent(new CustomEvent("calls:changed"));

const lift = (item) => attempt(async () => {
  const talking = items().find((one) => one.status === "talking" && one.line);
  if (talking) await engineNow().hold(talking.line.id, true);
  await engineNow().answer(item.line.id);
});

// For this ringing alone: the same call may come again later.
function liftWanted() {
  const item = wanted && items().find((one) => one.id === wanted && one.status === "ringing");
  if (item && !item.line) return;
  wanted = "";
  if (item) lift(item);
}

async function comeBack(item, problem) {
  await engineNow().hold(item.line.id, false).catch(() => {});
  throw problem;
}

// A REFER that is refused says so by a word of faults.js.
const referred = (promise) => promise.catch((problem) => Promise.reject(Object.assign(new Error(problem.message), { code: problem.message })));

// As the PBX takes it. A queue has a number of its own, which the server knows by its name.
const targetOf = async (to) => (await post("/phone/dial", { number: to })).number;

// --- calling somebody -------------------------------------------------------------------------------

async function dial(number) {
  if (dialling) return toast(t("A call of yours is being placed already."), "calm");
  dialling = true;
  try {
    await attempt(() => place(number));
  } finally {
    setTimeout(() => (dialling = false), 1500); // a double click is one call
  }
  return undefined;
}

async function place(number) {
  const { registered, hasPhone } = phone();
  if (!hasPhone) throw Object.assign(new Error("no_phone"), { code: "no_phone" });
  if (!registered) return byDesk(number);
  const wanted = await post("/phone/dial", { number });
  if (wanted.through_pbx) return byDesk(number);
  if (items().some((item) => item.status === "calling")) throw new Error(t("A call of yours is being placed already."));
  const talking = items().find((item) => item.status === "talking" && item.line);
  if (talking) await engineNow().hold(talking.line.id, true);
  return engineNow().call(wanted.number);
}

// The PBX rings the operator's own phone first. The browser's phone answers that by itself: it was
// asked for here.
async function byDesk(number) {
  const id = newId();
  clicks.add(id);
  if (!phone().registered) toast(t("Your phone rings first: lift it."), "calm");
  await command("/calls/dial", { number }, id, 45000);
}

export const isOwnClick = (id) => clicks.delete(id);

// A phone of one's own that the PBX rings for something else than a call: stepping into one.
export const expectClick = (id) => clicks.add(id);

onEnded((line) => {
  for (const [id, one] of asked) if (one.lineId === line.id) asked.delete(id);
});

export function startClickToCall() {
  watchPhone(liftWanted);
  watch(["mine"], liftWanted);
  document.addEventListener("command:failed", ({ detail }) => {
    if (detail.action !== "consult") return;
    for (const [id, one] of asked) if (!one.lineId) asked.delete(id);
    changed();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dial]");
    if (!button) return;
    event.preventDefault();
    control.dial(button.dataset.dial);
  });
}
