// The wallboard at a desk: figures, a row for each queue with who waits, operators by state. Drawn
// from frames of the socket; every number leads to what is behind it.
import { h, icon } from "../element.js";
import { everySecond } from "../everySecond.js";
import { t } from "../i18n.js";
import { onWake } from "../wake.js";
import { FIGURES } from "./figures.js";
import { setText } from "./inPlace.js";
import { Keyed } from "./keyed.js";
import { Link } from "./link.js";
import { ageWords, alertWords, callerChips, callerName, chip, ticking, troubles } from "./looks.js";
import { Operators } from "./operators.js";
import { Queues, queueHead } from "./queues.js";
import { ageOf, callersOf, isOld, linksAway, nothing, queuesOf, take } from "./state.js";
import { Tiles } from "./tiles.js";

const AGAIN = 5000; // milliseconds until a layout that could not be read is asked for again

let board = null;

class DeskBoard {
  constructor(place, frame) {
    this.place = place;
    this.frame = frame;
    this.state = nothing();
    this.readLayout();
    this.asked = -AGAIN;
    this.stepInto = frame.stepInto;
    this.now = frame.now;
    place.addEventListener("click", ({ target }) => this.revive(target.closest("a")), true);
    this.open();
  }

  readLayout() {
    const { links, looks, tiles, version } = this.place.dataset;
    this.links = JSON.parse(links);
    this.looks = JSON.parse(looks);
    this.kinds = tiles.split(" ");
    this.version = Number(version);
    this.tiles = null;
    this.lists = {};
  }

  open() {
    const socket = this.frame.open({ board: Number(this.place.dataset.board) });
    this.link = new Link(socket, { frame: (told) => this.hear(told), changed: () => this.drawAge() });
  }

  leave() {
    this.link.leave();
    this.lists.queues?.leave();
  }

  hear(told) {
    const { state, again } = take(this.state, told);
    if (again) return this.link.socket.emit("again");
    this.state = state;
    this.keepLayout();
    return this.draw();
  }

  // --- its layout ---------------------------------------------------------------------------------

  // Somebody changed what stands on it: that is read anew, and nothing else of the page. Until it is
  // there, while a menu is open and while something is pressed, the figures go on as they stand.
  async keepLayout() {
    const now = performance.now();
    if (!(this.state.about.version > this.version) || now - this.asked < AGAIN || this.inUse()) return;
    this.asked = now;
    try {
      const piece = await this.frame.getPiece(this.place.dataset.address, "main");
      const fresh = piece.querySelector("#wallboard");
      if (fresh && board === this && !this.inUse() && Number(fresh.dataset.version) > this.version) this.takeLayout(piece, fresh);
    } catch {
      // asked again in a while; a board that is gone is told by its link
    }
  }

  inUse() {
    return this.place.querySelector("details[open], a:active, summary:active") !== null;
  }

  takeLayout(piece, fresh) {
    this.asked = -AGAIN; // there may be a newer one already
    const focused = addressOf(document.activeElement, this.place);
    this.lists.queues?.leave();
    Object.assign(this.place.dataset, fresh.dataset);
    this.readLayout();
    document.getElementById("board-lists").replaceChildren();
    this.frame.rename(piece);
    this.draw();
    if (focused) this.place.querySelector(focused)?.focus({ preventScroll: true });
  }

  // --- drawing ----------------------------------------------------------------------------------

  // Nobody sees a page that is hidden: it is drawn when it is looked at again.
  draw() {
    if (document.hidden) return;
    if (!this.tiles) this.build();
    this.tiles.draw(this.state);
    if (this.lists.queues) this.drawQueues();
    if (this.lists.callers) this.drawCallers();
    // A heading with nothing below it says nothing: before anybody logs in it is not there.
    if (this.lists.operators) this.panels.operators.hidden = !this.lists.operators.draw(this.state);
    this.drawAge();
  }

  // With every second, together with all clocks of the page: one picture, not two.
  beat() {
    this.link.beat();
    this.keepLayout();
    if (document.hidden) return;
    this.lists.operators?.arrange(this.state);
    this.lists.operators?.tick(this.now());
    this.drawAge();
  }

  build() {
    const tiles = document.getElementById("board-tiles");
    tiles.replaceChildren();
    this.tiles = new Tiles(tiles, this.looks.tiles.filter(({ kind }) => FIGURES[kind]), this);
    this.panels = {};
    // Who waits stands in the rows of the queues already.
    const once = ({ kind }) => !FIGURES[kind] && !(kind === "callers" && this.kinds.includes("queues"));
    for (const { kind, title } of this.looks.tiles.filter(once)) this.buildList(kind, title);
  }

  buildList(kind, title) {
    const holder = kind === "queues" ? h("table", { class: "list board-queues" }, queueHead()) : h("ul", { class: `board-${kind}` });
    const none = this.nothing(kind);
    this.panels[kind] = h("section", { class: `panel panel-flush board-of-${kind}`, "aria-label": title }, h("h2", { class: "panel-title" }, title), holder, none);
    document.getElementById("board-lists").append(this.panels[kind]);
    this.lists[kind] = kind === "queues" ? new Queues(holder, this, this.kinds.includes("callers")) : kind === "operators" ? new Operators(holder, this) : new Keyed(holder);
  }

  href(kind, values = {}) {
    const link = this.links[kind];
    return link && fill(link, { today: this.place.dataset.day, queue: "", queues: this.place.dataset.queues, ...values });
  }

  linked(kind, child, values, words) {
    const href = this.href(kind, values);
    return href ? h("a", { href, "hx-boost": "true", class: "board-link", title: words }, child) : child;
  }

  // Links become visits inside the frame when they are pressed: hundreds come and go unpressed.
  revive(link) {
    if (link) this.frame.revive(link);
  }

  caller(caller, ...beside) {
    const name = h("span", { class: "board-caller-name" }, callerName(caller));
    const href = caller.customer ? this.href("customer", { id: caller.customer }) : caller.contact && this.href("contact", { id: caller.contact });
    return h("li", { dataset: { call: caller.call } },
      href ? h("a", { href, "hx-boost": "true" }, name) : name, callerChips(caller), beside,
      caller.state === "ringing" ? chip("ringing", "bell-ringing", t("Ringing")) : null, caller.since ? ticking(caller.since, this.frame.now()) : null);
  }

  // What stands where a list is empty.
  nothing(kind) {
    const words = { callers: () => t("Nobody waits."), queues: () => (this.place.dataset.queues ? t("There is no such queue any more.") : t("No queue yet.")) }[kind];
    return words ? h("p", { class: "muted panel-pad", id: `board-no-${kind}`, hidden: true }, words()) : null;
  }

  drawQueues() {
    document.getElementById("board-no-queues").hidden = queuesOf(this.state).length > 0;
    this.lists.queues.draw(this.state);
  }

  drawCallers() {
    const callers = callersOf(this.state);
    document.getElementById("board-no-callers").hidden = callers.length > 0;
    this.lists.callers.draw(callers.map((caller) => ({ key: caller.call, data: caller, make: () => this.caller(caller, h("span", { class: "muted" }, caller.queue)) })));
  }

  // An alert whose figure is on this board marks it there.
  hasTile(alert) {
    return alert.queue ? this.kinds.includes("queues") && FIGURES[alert.metric] : alert.team === null && this.kinds.includes(alert.metric);
  }

  drawAge() {
    const now = this.frame.now();
    const [age, away, { state: link, refused }] = [ageOf(this.state, now), linksAway(this.state), this.link];
    const told = refused ? [t("This board is gone, or no longer yours to see.")] : link === "connecting" ? [] : troubles(this.state, link, age, away);
    const old = refused !== "" || (link !== "connecting" && isOld(link, age, away));
    const alerts = (this.state.tiles.alerts || []).filter((alert) => !this.hasTile(alert));
    const words = this.state.ready ? ageWords(this.state, age) : "";
    setText(document.getElementById("board-age"), words);
    const box = document.getElementById("board-trouble");
    const picture = JSON.stringify([told, alerts]);
    if (box && box.dataset.picture !== picture) {
      box.dataset.picture = picture;
      box.replaceChildren(...told.map((one) => h("p", { class: "notice tone-bad" }, icon("alert-triangle"), h("span", {}, one))), ...alerts.map((alert) => h("p", { class: `notice tone-${alert.level === "red" ? "bad" : "warn"}` }, icon("alert-triangle"), h("span", {}, alertWords(alert, true)))));
    }
    this.place.classList.toggle("is-stale", old);
    document.getElementById("board-age")?.classList.toggle("is-old", old);
  }
}

// The link that has the focus, as a selector that finds it on the board drawn anew.
function addressOf(link, place) {
  const of = link.closest("[data-figure], [data-tile], [data-operator], [data-call]");
  if (!place.contains(link) || !of) return "";
  const [[name, value]] = ["figure", "tile", "operator", "call"].map((one) => [one, of.dataset[one]]).filter(([, told]) => told !== undefined);
  const row = link.closest("[data-queue]");
  return `${row ? `[data-queue="${CSS.escape(row.dataset.queue)}"] ` : ""}[data-${name}="${CSS.escape(value)}"] ${link.localName}`;
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

let beating = false;

// One beat for all boards that come and go, on whole seconds as all clocks of the page.
function startBeat(now) {
  if (beating) return;
  beating = true;
  everySecond(() => (board?.beat(), [0]), now)();
  document.addEventListener("visibilitychange", () => board?.state.ready && board.draw());
  onWake(() => board?.link.wake());
}

function mount(place, frame) {
  if (board?.place === place) return;
  board?.leave();
  board = place ? new DeskBoard(place, frame) : null;
  startBeat(frame.now);
}

window.callcenterBoards = { mount };
