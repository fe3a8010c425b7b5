// The board on a wall: opened once, by its token, and left alone for months. It turns its pages,
// comes back by itself, keeps the screen awake, and loads itself anew when the server is another.
import { io } from "socket.io-client";
import { h, icon } from "../element.js";
import { locale, t } from "../i18n.js";
import { drawTicking, now, setServerTime } from "../time.js";
import { FIGURES, reached, toneOf } from "./figures.js";
import { Keyed } from "./keyed.js";
import { STATE_LOOKS, ageWords, alertClass, alertMark, alertWords, callerChips, callerName, chip, figure, goalWords, markLate, stateWords, troubles } from "./looks.js";
import { columnsOf, pagesOf } from "./pages.js";
import { beep, keepAwake } from "./screen.js";
import { ageOf, alertOf, callersOf, linksAway, nothing, operatorsOf, queuesOf, take } from "./state.js";

const WORDS = JSON.parse(document.body.dataset.words);
const BUILD = document.body.dataset.build;
const QUEUE_FIGURES = ["waiting", "longest_wait", "service_level_now", "ready"];
const LONG = 5;
const main = document.getElementById("wall-main");

let state = nothing();
let link = "connecting";
let closed = "";
let at = 0;
let turned = performance.now(); // the screen's own clock may be set right at any time
let shown = "";
let keyed = null;
let heardAlerts = null;

// --- the link -------------------------------------------------------------------------------------

const token = location.hash.slice(1);
const socket = io("/wallboard", { transports: ["websocket"], reconnectionDelayMax: 5000, auth: { token }, autoConnect: false });
const REFUSED = {
  revoked: () => t("This screen was revoked, or its board deleted. Make a new address for it under Settings, Boards and screens."),
  full: () => t("This address is open on as many screens as it may be. Make one for each screen under Settings, Boards and screens."),
  rests: () => t("Whoever made the address of this screen may not show this board any more. Make a new one under Settings, Boards and screens."),
  gone: () => t("The board of this screen was deleted. Choose another under Settings, Boards and screens."),
};

socket.on("wallboard", (frame) => {
  const { state: next, again } = take(state, frame);
  if (again) return socket.emit("again");
  if (frame.build !== BUILD) return location.reload();
  state = next;
  setServerTime(Date.parse(frame.as_of));
  [link, closed] = ["up", ""];
  sound();
  return draw();
});
socket.on("disconnect", (why) => {
  link = "down";
  drawAge();
  if (why === "io server disconnect") setTimeout(() => socket.connect(), 1000); // it says why, if for good
});
socket.on("connect_error", (error) => {
  link = "down";
  closed = REFUSED[error.message]?.() || "";
  if (closed) setTimeout(() => socket.connect(), 60000);
  draw();
});

// --- pages ------------------------------------------------------------------------------------------

function pages() {
  const operators = operatorsOf(state).filter((one) => one.state !== "offline");
  return pagesOf(state.tiles.board.tiles, { queues: queuesOf(state), callers: callersOf(state), operators });
}

function draw() {
  if (closed || !state.ready) return drawWords(closed || t("Connecting…"));
  const all = pages();
  if (!all.length) return drawWords(t("Nothing to show yet: no operator has logged in and no queue has a call."));
  at %= all.length;
  const page = all[at];
  prepare(page);
  keyed.draw(page.items.map((item) => ITEMS[page.kind](item)));
  setText("wall-title", state.tiles.board.title || t("Wallboard"));
  setText("wall-page", all.length > 1 ? `${at + 1} / ${all.length}` : "");
  drawTicking();
  return drawAge();
}

function prepare(page) {
  const look = page.kind === "queues" ? 1 : columnsOf(page.items.length);
  const picture = `${page.kind} ${at} ${look}`;
  if (picture === shown) return;
  shown = picture;
  main.className = `wall-${look}`;
  main.replaceChildren();
  keyed = new Keyed(main);
}

function drawWords(words) {
  shown = "";
  main.className = "wall-1";
  main.replaceChildren(h("p", { class: "wall-words" }, words));
  drawAge();
}

function turn() {
  const seconds = state.tiles.board?.rotate || 20;
  if (performance.now() - turned < seconds * 1000) return;
  turned = performance.now();
  at += 1;
  if (state.ready) draw();
}

// --- what stands on them -------------------------------------------------------------------------------

function tile(kind, source, queue = "") {
  const alert = alertOf(state, kind, queue);
  const level = queue && kind === "service_level_now" ? reached(source, source.level_now) : "";
  return h("div", { class: `wall-tile tone-edge-${toneOf(kind, source) || "none"}${alertClass(alert)} level-${level || "none"}`, dataset: { tile: kind } },
    h("div", { class: "wall-label" }, icon(WORDS[kind].icon), h("span", {}, WORDS[kind].title)),
    h("div", { class: "wall-figure" }, figure(FIGURES[kind](source), now())),
    h("div", { class: "wall-note" }, alertMark(alert) || goalMark(level, source)));
}

// Colour is not all that says it.
const goalMark = (level, queue) => level && [level === "warn" ? icon("arrow-down") : icon("check"), h("span", {}, goalWords(queue))];

const ITEMS = {
  figures: (kind) => {
    const { sum } = state.tiles;
    return { key: kind, data: [FIGURES[kind](sum), toneOf(kind, sum), alertOf(state, kind)], make: () => tile(kind, sum) };
  },
  queues: (queue) => ({
    key: queue.queue,
    data: [queue, QUEUE_FIGURES.map((kind) => alertOf(state, kind, queue.queue))],
    make: () =>
      h("section", { class: "wall-row", dataset: { queue: queue.queue } }, h("h2", {}, queue.title),
        QUEUE_FIGURES.map((kind) => tile(kind, queue, queue.queue))),
  }),
  callers: (caller) => ({
    key: caller.call,
    data: caller,
    make: () =>
      h("div", { class: "wall-tile tone-edge-ringing", dataset: { call: caller.call } },
        h("div", { class: "wall-label" }, icon("clock"), h("span", {}, caller.queue)),
        h("div", { class: "wall-figure" }, figure({ since: caller.since }, now())),
        h("div", { class: "wall-note" }, callerName(caller), callerChips(caller))),
  }),
  operators: (one) => ({
    key: one.id,
    data: one,
    make: () => {
      const [tone, iconName] = STATE_LOOKS[one.state];
      return h("div", { class: `wall-tile tone-edge-${tone === "hold" ? "talking" : tone}`, dataset: { operator: one.id, ...(one.late ? { late: one.late } : {}) } },
        h("div", { class: "wall-label" }, icon("user"), h("span", {}, one.name)),
        h("div", { class: "wall-figure" }, figure({ since: one.since }, now())),
        h("div", { class: "wall-note" }, chip(tone, iconName, stateWords(one))));
    },
  }),
};

// --- the small line, the loud one ------------------------------------------------------------------------

// Alerts whose tile is not on this page: the loudest are told in words.
function elsewhere() {
  const page = state.ready && !closed ? pages()[at] : null;
  const here = (alert) =>
    alert.team === null && (alert.queue ? page?.kind === "queues" && page.items.some((queue) => queue.queue === alert.queue) && QUEUE_FIGURES.includes(alert.metric) : page?.kind === "figures" && page.items.includes(alert.metric));
  return (state.tiles.alerts || []).filter((alert) => !here(alert)).slice(0, 2).map((alert) => alertWords(alert, true));
}

function drawAge() {
  const age = ageOf(state, now());
  const trouble = closed || link === "connecting" ? [] : troubles(state, link, age, linksAway(state));
  const told = closed ? [] : [...trouble, ...elsewhere()];
  setText("wall-age", state.ready ? ageWords(state, age) : "");
  setText("wall-clock", clockOf(state.tiles.board?.zone));
  const box = document.getElementById("wall-trouble");
  const picture = told.join("\n");
  if (box.dataset.picture !== picture) {
    box.dataset.picture = picture;
    box.replaceChildren(...told.map((one) => h("p", {}, icon("alert-triangle"), h("span", {}, one))));
  }
  main.classList.toggle("is-stale", trouble.length > 0);
  markLate(main, now());
  markLong();
}

// Hours of a pause or a wait take more room than minutes.
function markLong() {
  for (const one of main.getElementsByClassName("wall-figure")) one.classList.toggle("is-long", one.textContent.length > LONG);
}

function clockOf(zone) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone }).format(now());
}

function setText(id, text) {
  const element = document.getElementById(id);
  if (element.textContent !== text) element.textContent = text;
}

// Once for each alert that opens while the screen looks; never for those that it found.
function sound() {
  const ids = new Set((state.tiles.alerts || []).map((alert) => alert.id));
  const fresh = heardAlerts && [...ids].some((id) => !heardAlerts.has(id));
  heardAlerts = ids;
  if (fresh && state.tiles.board.sound) beep();
}

setInterval(() => {
  turn();
  drawAge();
}, 1000);
window.addEventListener("hashchange", () => location.reload());
keepAwake();
if (token) socket.connect();
else drawWords(t("This address is not complete: the part after # opens the board. Make one under Settings, Boards and screens."));
