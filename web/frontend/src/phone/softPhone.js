// The page's side of the soft phone: whether it is wanted, whose tab has it, and what it does now. The
// phone itself (JsSIP) is a bundle of its own, loaded only when it is switched on.
import { toast } from "../dom.js";
import { t } from "../i18n.js";
import { hear, me } from "../realtime.js";
import { post } from "../server.js";
import { chosenDevices, chooseDevices } from "./devices.js";
import { causeWords, faultWords } from "./faults.js";
import { leaveTab, takeTab, whenTabIsFree } from "./oneTab.js";

const RENEW = 45000;
const SOCKET_PATIENCE = 6000;
const SIGN_PATIENCE = 8000;
const watchers = new Set();
const enders = [];
const ringers = [];
let engine = null;
let settings = null;
let renewal = 0;
let patience = 0;

// status: unknown, none, off, starting, connecting, ready, elsewhere, fault. `fault` says why.
let state = { status: "unknown", fault: "", lines: [], registered: false, hasPhone: false, hand: false, extension: "" };

export const phone = () => state;
export const tools = () => globalThis.callcenterPhone;

export function watchPhone(draw) {
  watchers.add(draw);
  draw(state);
}

// act(line): a line rings, or is over (with its cause and quality).
export const onRinging = (act) => ringers.push(act);
export const onEnded = (act) => enders.push(act);

function set(values) {
  state = { ...state, ...values };
  document.documentElement.dataset.phone = state.status;
  for (const draw of watchers) draw(state);
}

// This browser's name towards the server. Which of its tabs is the phone, the lock of oneTab.js says:
// a tab that is closed and opened again finds its phone free.
const tab = localStorage.getItem("phone-screen") || crypto.randomUUID?.() || String(Math.random()).slice(2).padEnd(8, "0");
localStorage.setItem("phone-screen", tab);

export function startSoftPhone() {
  hear("message", (said) => said.type === "phone" && said.tab !== tab && engine && lose("taken"));
  document.addEventListener("securitypolicyviolation", (event) => {
    if (settings && event.blockedURI.startsWith(settings.url.slice(0, 12))) set({ status: "fault", fault: "blocked" });
  });
  addEventListener("beforeunload", (event) => state.lines.length && event.preventDefault());
  document.addEventListener("visibilitychange", () => !document.hidden && engine && renew());
  begin();
}

async function begin() {
  try {
    settings = await (await fetch("/phone/mine", { headers: { Accept: "application/json" } })).json();
  } catch {
    setTimeout(begin, 5000);
    return;
  }
  set({ status: settings.available ? "off" : "none", hasPhone: settings.has_phone, hand: settings.hand, extension: settings.extension });
  if (settings.device === "browser") switchOn({ chosen: false });
}

// over: take it from where it is open. chosen: a person pressed the switch, so the server is told.
export async function switchOn({ over = false, chosen = true } = {}) {
  if (engine || !settings?.available) return;
  set({ status: "starting", fault: "" });
  if (!(await takeTab(me.id, over, () => lose("taken")))) {
    whenTabIsFree(me.id, () => state.status === "elsewhere" && switchOn({ chosen: false }));
    return set({ status: "elsewhere", fault: "other_tab" });
  }
  try {
    await lease(over);
    if (chosen) await post("/phone/device", { device: "browser" });
    await load();
    const { openMicrophone, closeStream, make } = tools();
    closeStream(await openMicrophone(chosenDevices().microphone));
    engine = make(settings, chosenDevices(), sign, told);
    engine.start();
    set({ status: "connecting" });
    waitForSocket();
    renewal = setInterval(renew, RENEW);
  } catch (problem) {
    leaveTab();
    const fault = problem.code || "server";
    set({ status: fault === "elsewhere" ? "elsewhere" : "fault", fault });
  }
}

export async function switchOff() {
  await post("/phone/device", { device: "desk" });
  stop();
  set({ status: "off", fault: "" });
}

function stop() {
  clearInterval(renewal);
  clearTimeout(patience);
  engine?.stop();
  engine = null;
  leaveTab();
  post("/phone/lease/end", { tab }).catch(() => {});
  set({ lines: [], registered: false });
}

// Another screen took it. A call that is up is talked to its end here: it is never cut.
function lose(fault) {
  if (!engine) return;
  clearInterval(renewal);
  clearTimeout(patience);
  engine.retire();
  if (!state.lines.length) engine = null;
  set({ status: "elsewhere", fault, registered: false });
  toast(faultWords(fault), "bad");
}

async function lease(over) {
  try {
    await post("/phone/lease", { tab, over: over ? "yes" : "" });
  } catch (problem) {
    problem.code ||= "server";
    throw problem;
  }
}

function renew() {
  lease(false).catch((problem) => problem.code === "elsewhere" && lose("taken"));
}

function load() {
  if (tools()) return Promise.resolve();
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = settings.bundle;
    script.onload = done;
    script.onerror = () => fail(Object.assign(new Error("bundle"), { code: "no_bundle" }));
    document.head.append(script);
  });
}

// A phone that was switched off asks for nothing more: a signature would take the lease up again. The
// PBX forgets it as soon as its socket is closed.
async function sign(fields) {
  if (!engine) throw Object.assign(new Error("off"), { code: "off" });
  const patient = new Promise((_done, fail) => setTimeout(() => fail(Object.assign(new Error("late"), { code: "server", gone: true })), SIGN_PATIENCE));
  const answered = post(settings.sign, { tab, ...fields }).catch((problem) => {
    throw Object.assign(problem, problem.code ? {} : { code: "server", gone: true });
  });
  return (await Promise.race([answered, patient])).response;
}

function told(kind, detail) {
  if (kind === "changed") return engine && changed(detail); // one that was switched off says good-bye
  if (kind === "ringing") return ringers.forEach((act) => act(detail));
  if (kind === "ended") return ended(detail);
  if (detail.code === "elsewhere") return lose("taken");
  if (detail.code === "microphone_replaced") return toast(t("Your microphone was unplugged; now it is: {name}", { name: detail.detail || t("another one") }), "calm");
  set({ fault: detail.code });
  return toast(faultWords(detail.code), "bad");
}

function changed({ connection, registered, refused, lines }) {
  if (state.status === "elsewhere") return set({ lines });
  if (connection !== "up") waitForSocket();
  else clearWait();
  const status = registered ? "ready" : refused ? "fault" : state.fault === "socket" && connection !== "up" ? "fault" : "connecting";
  const fault = registered ? (lines.some((line) => line.silent) ? "microphone_gone" : "") : refused || (status === "fault" ? "socket" : "");
  return set({ status, fault, registered, lines });
}

function waitForSocket() {
  patience ||= setTimeout(() => {
    patience = 0;
    if (engine && !state.registered && state.status === "connecting") set({ status: "fault", fault: "socket" });
  }, SOCKET_PATIENCE);
}

function clearWait() {
  clearTimeout(patience);
  patience = 0;
}

function ended(line) {
  enders.forEach((act) => act(line));
  if (line.cause && line.cause !== "cancelled" && line.direction === "out") toast(causeWords(line.cause), "bad");
  if (line.quality) post("/phone/quality", { ...line.quality, lifted_ago: line.lifted_ago }).catch(() => {});
  if (state.status === "elsewhere" && !engine?.lines.length) engine = null;
}

// What is done with the phone; null while there is none.
export const engineNow = () => engine;

export function useDevices(devices) {
  chooseDevices(devices);
  return engine?.use(chosenDevices());
}

export function registerAgain() {
  engine?.register();
}
