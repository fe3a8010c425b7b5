// The wallboard at a desk: figures, a row for each queue with who waits, operators by state. Drawn
// from frames of the socket; every number leads to what is behind it.
import { h, icon } from "../element.js";
import { t } from "../i18n.js";
import { FIGURES, reached, toneOf } from "./figures.js";
import { Keyed, STATE_LOOKS, ageWords, alertClass, alertMark, alertWords, callerChips, callerName, chip, figure, markLate, pauseWord, ticking, troubles } from "./looks.js";
import { ageOf, alertOf, callersOf, linksAway, nothing, operatorsOf, queuesOf, take } from "./state.js";

let board = null;

class DeskBoard {
  constructor(place, frame) {
    this.place = place;
    this.frame = frame;
    this.state = nothing();
    this.link = "connecting";
    this.links = JSON.parse(place.dataset.links);
    this.looks = JSON.parse(place.dataset.looks);
    this.kinds = place.dataset.tiles.split(" ");
    this.lists = {};
    this.beat = setInterval(() => this.drawAge(), 1000);
    this.open();
  }

  open() {
    this.socket = this.frame.open({ board: Number(this.place.dataset.board) });
    this.on = { wallboard: (told) => this.hear(told), disconnect: (why) => this.closed(why), connect_error: (error) => this.refused(error) };
    for (const [name, act] of Object.entries(this.on)) this.socket.on(name, act);
  }

  leave() {
    clearInterval(this.beat);
    for (const [name, act] of Object.entries(this.on)) this.socket.off(name, act);
    this.socket.disconnect();
  }

  hear(told) {
    const before = this.state.about.version;
    const { state, again } = take(this.state, told);
    if (again) return this.socket.emit("again");
    this.state = state;
    this.setLink("up");
    if (before !== undefined && state.about.version !== before) return location.reload(); // its tiles were changed
    return this.draw();
  }

  closed(why) {
    this.setLink("down");
    // The server lets go of boards that are gone or that one may not see any more: ask which.
    if (why === "io server disconnect") setTimeout(() => this === board && this.socket.connect(), 1000);
  }

  refused(error) {
    this.setLink(error.message === "gone" ? "gone" : "down");
  }

  setLink(link) {
    this.link = link;
    this.drawAge();
  }

  // --- drawing ----------------------------------------------------------------------------------

  draw() {
    if (!this.tiles) this.build();
    const sum = this.state.tiles.sum;
    const drawn = this.tiles.draw(this.looks.tiles.filter(({ kind }) => FIGURES[kind]).map((look) => this.tile(look, sum)));
    if (this.lists.queues) drawn.push(...this.lists.queues.draw(queuesOf(this.state).map((queue) => this.queue(queue))));
    if (this.lists.callers) drawn.push(...this.drawCallers());
    if (this.lists.operators) drawn.push(...this.drawOperators());
    this.frame.revive(...drawn);
    this.drawAge();
  }

  build() {
    const tiles = document.getElementById("board-tiles");
    tiles.replaceChildren();
    this.tiles = new Keyed(tiles);
    const lists = document.getElementById("board-lists");
    // Who waits stands in the rows of the queues already.
    const once = ({ kind }) => !FIGURES[kind] && !(kind === "callers" && this.kinds.includes("queues"));
    for (const { kind, title } of this.looks.tiles.filter(once)) {
      const holder = kind === "queues" ? h("table", { class: "list board-queues" }, this.queueHead()) : h("ul", { class: `board-${kind}` });
      const none = h("p", { class: "muted panel-pad", id: `board-no-${kind}`, hidden: true }, t("Nobody waits."));
      lists.append(h("section", { class: "panel panel-flush", "aria-label": title }, h("h2", { class: "panel-title" }, title), holder, none));
      this.lists[kind] = new Keyed(holder, holder.children.length);
    }
  }

  queueHead() {
    const heads = [t("Queue"), t("Waiting"), t("Longest"), t("Ready"), t("Talking"), t("Wrap-up"), t("Paused"), t("SL now"), t("SL today"), t("Answered"), t("Abandoned"), t("Call-backs"), t("Next hour")];
    return h("thead", {}, h("tr", {}, heads.map((head, at) => h("th", { class: at ? "end" : "" }, head))));
  }

  href(kind, values = {}) {
    const link = this.links[kind];
    return link && fill(link, { today: this.place.dataset.day, queue: "", queues: this.place.dataset.queues, ...values });
  }

  linked(kind, child, values, words) {
    const href = this.href(kind, values);
    return href ? h("a", { href, "hx-boost": "true", class: "board-link", title: words }, child) : child;
  }

  tile(look, sum) {
    const alert = alertOf(this.state, look.kind);
    const shown = FIGURES[look.kind](sum);
    return {
      key: look.kind,
      data: [shown, toneOf(look.kind, sum), alert],
      make: () =>
        h("div", { class: `board-tile tone-edge-${toneOf(look.kind, sum) || "none"}${alertClass(alert)}`, dataset: { tile: look.kind } },
          h("span", { class: "board-tile-head", title: look.hint }, icon(look.icon, 16), h("span", {}, look.title)),
          this.linked(look.kind, h("strong", { class: "board-figure" }, figure(shown, this.frame.now())), {}, look.hint),
          alertMark(alert)),
    };
  }

  queue(queue) {
    const alerts = ["waiting", "longest_wait", "ready", "service_level_now", "service_level_today", "abandoned_today", "callbacks_waiting"].map((kind) => alertOf(this.state, kind, queue.queue));
    return { key: queue.queue, data: [queue, alerts], make: () => this.queueRows(queue) };
  }

  queueRows(queue) {
    const name = encodeURIComponent(queue.queue);
    const whose = { queue: name, queues: `&queue=${name}` };
    const cell = (kind, label, extra = "") => {
      const alert = alertOf(this.state, kind, queue.queue);
      return h("td", { class: `end tabular${extra}${alertClass(alert)}`, dataset: { label, figure: kind }, title: alert && alertWords(alert) },
        alert ? icon("alert-triangle", 16) : null, this.linked(kind, figure(FIGURES[kind](queue), this.frame.now()), whose));
    };
    const level = (kind, label, value) => {
      const made = cell(kind, label, ` level-${reached(queue, value) || "none"}`);
      if (queue.goal) made.title = t("Goal: {percent} % within {seconds} s", { percent: queue.goal[1], seconds: queue.goal[0] });
      if (reached(queue, value) === "warn") made.prepend(icon("arrow-down", 16), h("span", { class: "visually-hidden" }, t("below the goal")));
      return made;
    };
    const row = h("tr", { class: queue.waiting ? "is-waiting" : "" },
      h("td", { class: "board-queue" }, this.linked("queue", h("strong", {}, queue.title), whose)),
      cell("waiting", t("Waiting")), cell("longest_wait", t("Longest")), cell("ready", t("Ready")), cell("talking", t("Talking")), cell("wrap_up", t("Wrap-up")), cell("paused", t("Paused")),
      level("service_level_now", t("SL now"), queue.level_now), level("service_level_today", t("SL today"), queue.level_today),
      cell("answered_today", t("Answered")), cell("abandoned_today", t("Abandoned")), cell("callbacks_waiting", t("Call-backs")), cell("forecast", t("Next hour")));
    const body = h("tbody", { dataset: { queue: queue.queue } }, row);
    if (queue.callers.length) body.append(h("tr", { class: "board-waiting" }, h("td", { colspan: 13 }, this.callers(queue))));
    return body;
  }

  callers(queue) {
    const more = queue.waiting - queue.callers.length;
    return h("ul", { class: "board-callers" },
      queue.callers.map((caller) => this.caller(caller)),
      more > 0 ? h("li", { class: "muted" }, t("and {count} more", { count: more })) : null);
  }

  caller(caller, ...beside) {
    const name = h("span", { class: "board-caller-name" }, callerName(caller));
    const href = caller.customer ? this.href("customer", { id: caller.customer }) : caller.contact && this.href("contact", { id: caller.contact });
    return h("li", { dataset: { call: caller.call } },
      href ? h("a", { href, "hx-boost": "true" }, name) : name, callerChips(caller), beside,
      caller.state === "ringing" ? chip("ringing", "bell-ringing", t("Ringing")) : null, caller.since ? ticking(caller.since, this.frame.now()) : null);
  }

  drawCallers() {
    const callers = callersOf(this.state);
    document.getElementById("board-no-callers").hidden = callers.length > 0;
    return this.lists.callers.draw(callers.map((caller) => ({ key: caller.call, data: caller, make: () => this.caller(caller, h("span", { class: "muted" }, caller.queue)) })));
  }

  // A heading with nothing below it says nothing: before anybody logs in it is not there.
  drawOperators() {
    const people = operatorsOf(this.state);
    document.getElementById("board-no-operators").parentElement.hidden = !people.length;
    return this.lists.operators.draw(people.map((one) => this.operator(one)));
  }

  operator(one) {
    const [tone, iconName, word] = STATE_LOOKS[one.state];
    return {
      key: one.id,
      data: one,
      make: () =>
        h("li", { class: `board-operator state-${one.state}`, dataset: { operator: one.id, ...(one.late ? { late: one.late } : {}) } },
          this.linked("operator", h("span", { class: "board-operator-name" }, one.name), {}),
          chip(tone, iconName, one.state === "paused" && one.reason ? `${word()}: ${pauseWord(one)}` : word()), ticking(one.since, this.frame.now()), one.call ? this.frame.stepInto(one.call) : null),
    };
  }

  // An alert whose figure is on this board marks it there.
  hasTile(alert) {
    return alert.queue ? this.kinds.includes("queues") && FIGURES[alert.metric] : alert.team === null && this.kinds.includes(alert.metric);
  }

  drawAge() {
    const now = this.frame.now();
    const age = ageOf(this.state, now);
    const told = this.link === "gone" ? [t("This board is gone, or no longer yours to see.")] : this.link === "connecting" ? [] : troubles(this.state, this.link, age, linksAway(this.state));
    const alerts = (this.state.tiles.alerts || []).filter((alert) => !this.hasTile(alert));
    const words = this.state.ready ? ageWords(this.state, age) : "";
    setText(document.getElementById("board-age"), words);
    const box = document.getElementById("board-trouble");
    const picture = JSON.stringify([told, alerts]);
    if (box && box.dataset.picture !== picture) {
      box.dataset.picture = picture;
      box.replaceChildren(...told.map((one) => h("p", { class: "notice tone-bad" }, icon("alert-triangle"), h("span", {}, one))), ...alerts.map((alert) => h("p", { class: `notice tone-${alert.level === "red" ? "bad" : "warn"}` }, icon("alert-triangle"), h("span", {}, alertWords(alert, true)))));
    }
    this.place.classList.toggle("is-stale", told.length > 0);
    markLate(this.place, now);
  }
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

function mount(place, frame) {
  if (board?.place === place) return;
  board?.leave();
  board = place ? new DeskBoard(place, frame) : null;
}

window.callcenterBoards = { mount };
