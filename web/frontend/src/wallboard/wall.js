// The board on a wall: opened once, by its token, and left alone for months. It turns its pages,
// comes back by itself, keeps the screen awake, and loads itself anew when the server is another.
import { io } from "socket.io-client";
import { h, icon } from "../element.js";
import { locale, t } from "../i18n.js";
import { drawTicking, measureServerTime, now } from "../time.js";
import { onWake } from "../wake.js";
import { FIGURES, reached, toneOf } from "./figures.js";
import { Keyed } from "./keyed.js";
import { Link } from "./link.js";
import { STATE_LOOKS, ageWords, alertClass, alertMark, alertWords, callerChips, callerName, chip, figure, goalWords, markLate, stateWords, troubles } from "./looks.js";
import { columnsOf, keyOf, kindsOf, pagesOf } from "./pages.js";
import { beep, keepAwake } from "./screen.js";
import { ageOf, alertOf, callersOf, isOld, linksAway, nothing, operatorsOf, queuesOf, take } from "./state.js";
import { after, isOver, samePage, settle, stayAt } from "./stay.js";

const WORDS = JSON.parse(document.body.dataset.words);
const BUILD = document.body.dataset.build;
const QUEUE_FIGURES = ["waiting", "longest_wait", "service_level_now", "ready"];
const LONG = 5;
const MOST_TOLD = 3; // lines beside each other; the worst first
const main = document.getElementById("wall-main");

let state = nothing();
let stay = null; // which page, and who has which place on it
let turned = performance.now(); // the screen's own clock may be set right at any time
let shown = "";
let keyed = null;
let heardAlerts = null;

// --- the link -------------------------------------------------------------------------------------

const token = location.hash.slice(1);
const socket = io("/wallboard", { transports: ["websocket"], reconnectionDelayMax: 2000, auth: { token }, autoConnect: false });
const link = new Link(socket, { frame: hear, changed: linkChanged, clock: measureServerTime });
const REFUSED = {
  revoked: () => t("This screen was revoked, or its board deleted. Make a new address for it under Settings, Boards and screens."),
  full: () => t("This address is open on as many screens as it may be. Make one for each screen under Settings, Boards and screens."),
  rests: () => t("Whoever made the address of this screen may not show this board any more. Make a new one under Settings, Boards and screens."),
  gone: () => t("The board of this screen was deleted. Choose another under Settings, Boards and screens."),
};

function hear(frame) {
  const { state: next, again } = take(state, frame);
  if (again) return socket.emit("again");
  if (frame.build !== BUILD) beginAnew(frame.build);
  if (state.about.version !== next.about.version) stay = null; // its tiles were changed
  state = next;
  sound();
  return draw();
}

// Whoever may not look any more does not go on seeing what there was, were the server away later.
function linkChanged() {
  if (link.refused) [state, stay, heardAlerts] = [nothing(), null, null];
  draw();
}

// Only where the page can be had, lest a browser's own words stand there until somebody comes; and
// once for each build: a cache on the way may keep the page of another one.
let asking = false;
async function beginAnew(build) {
  if (asking || sessionStorage.getItem("begun-for") === build) return;
  asking = true;
  try {
    const page = await fetch(location.pathname + location.search, { cache: "reload" });
    if (!page.ok) return;
    sessionStorage.setItem("begun-for", build);
    location.reload();
  } catch {
    // not yet: the next frame asks again
  } finally {
    asking = false;
  }
}

// --- pages ------------------------------------------------------------------------------------------

const lists = () => ({ queues: queuesOf(state), callers: callersOf(state), operators: operatorsOf(state).filter((one) => one.state !== "offline") });
const STILL = ["figures", "queues"]; // nobody comes and goes on these

function draw() {
  if (link.refused || !state.ready) return drawWords(link.refused ? REFUSED[link.refused]() : t("Connecting…"));
  const all = lists();
  const pages = pagesOf(state.tiles.board.tiles, all);
  if (!pages.length && (!stay || STILL.includes(stay.kind))) return drawWords(t("Nothing to show yet: no operator has logged in and no queue has a call."));
  if (!stay || (STILL.includes(stay.kind) && !pages.some((one) => samePage(one, stay)))) stay = stayAt(pages, pages[0]);
  const page = pages.find((one) => samePage(one, stay));
  const more = STILL.includes(stay.kind) ? 0 : settleOn(pages, all[stay.kind]);
  drawPage(page, all[stay.kind]);
  const at = pages.findIndex((one) => samePage(one, stay));
  setText("wall-title", state.tiles.board.title || t("Wallboard"));
  setText("wall-page", [pages.length > 1 && at >= 0 ? `${at + 1} / ${pages.length}` : "", more ? t("and {count} more", { count: more }) : "", stay.kind === "callers" && !all.callers.length ? t("Nobody waits.") : ""].filter(Boolean).join(" · "));
  drawTicking();
  return drawAge();
}

// Where whoever comes finds no place, a page that has room for more is laid out anew.
function settleOn(pages, items) {
  const kind = stay.kind;
  const keys = items.map((item) => keyOf(kind, item));
  const found = settle(stay, keys);
  stay = found.stay;
  const page = pages.find((one) => samePage(one, stay));
  if (!found.more || !page || page.keys.length <= stay.places.length) return found.more;
  stay = stayAt(pages, page);
  return 0;
}

function drawPage(page, items) {
  if (STILL.includes(stay.kind)) {
    prepare(stay.kind === "queues" ? 1 : columnsOf(page.items.length));
    return keyed.draw(page.items.map((item) => ITEMS[stay.kind](item)));
  }
  prepare(stay.columns);
  const byKey = new Map(items.map((item) => [keyOf(stay.kind, item), item]));
  return keyed.draw(stay.places.map((key, at) => (key === null ? free(at) : ITEMS[stay.kind](byKey.get(key)))));
}

const free = (at) => ({ key: `free ${at}`, data: at, make: () => h("div", { class: "wall-free" }) });

function prepare(columns) {
  const picture = `${stay.kind} ${stay.part} ${columns}`;
  if (picture === shown) return;
  shown = picture;
  main.className = `wall-${columns}`;
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
  if (!state.ready || !stay) {
    turned = performance.now(); // a page's time begins when it is there
    return;
  }
  const [all, { tiles, rotate }] = [lists(), state.tiles.board];
  const pages = pagesOf(tiles, all);
  if (!isOver(pages, stay, performance.now() - turned, (rotate || 20) * 1000)) return;
  turned = performance.now();
  stay = pages.length ? stayAt(pages, after(pages, stay, kindsOf(tiles, all))) : null;
  draw();
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
  if (!state.ready || !stay) return [];
  const page = pagesOf(state.tiles.board.tiles, lists()).find((one) => samePage(one, stay));
  const here = (alert) =>
    alert.team === null && (alert.queue ? stay.kind === "queues" && page?.keys.includes(alert.queue) && QUEUE_FIGURES.includes(alert.metric) : stay.kind === "figures" && page?.keys.includes(alert.metric));
  return (state.tiles.alerts || []).filter((alert) => !here(alert)).map((alert) => alertWords(alert, true));
}

// They have a place of their own: nothing moves when they come and go.
function drawAge() {
  const [age, away] = [ageOf(state, now()), linksAway(state)];
  const waiting = link.refused || !state.ready;
  const trouble = waiting ? [] : troubles(state, link.state, age, away, state.tiles.board.zone);
  const old = !waiting && isOld(link.state, age, away);
  const told = [...trouble, ...(waiting ? [] : elsewhere())].slice(0, MOST_TOLD);
  setText("wall-age", waiting ? "" : ageWords(state, age));
  setText("wall-clock", clockOf(state.tiles.board?.zone));
  const box = document.getElementById("wall-trouble");
  const picture = told.join("\n");
  if (box.dataset.picture !== picture) {
    box.dataset.picture = picture;
    box.className = told.length > 2 ? "is-many" : "";
    box.replaceChildren(...told.map((one) => h("p", {}, icon("alert-triangle"), h("span", {}, one))));
  }
  document.body.classList.toggle("is-stale", old);
  markLate(main, now());
  markLong();
}

// Hours of a pause or a wait take more room than minutes.
function markLong() {
  for (const one of main.getElementsByClassName("wall-figure")) one.classList.toggle("is-long", one.textContent.length > LONG);
}

function clockOf(zone) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(now());
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
  link.beat();
  drawAge();
}, 1000);
onWake(() => link.wake());
window.addEventListener("hashchange", () => location.reload());
keepAwake();
if (token) socket.connect();
else drawWords(t("This address is not complete: the part after # opens the board. Make one under Settings, Boards and screens."));
