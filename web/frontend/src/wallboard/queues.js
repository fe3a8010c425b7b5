// The queues at a desk: a row of figures for each, and below it who waits, where the board shows callers.
// Cells change in place.
import { h, icon } from "../element.js";
import { t } from "../i18n.js";
import { FIGURES, reached } from "./figures.js";
import { placesIn, sharesOf } from "./columns.js";
import { Figure, setAttribute, setClass, setText } from "./inPlace.js";
import { Keyed } from "./keyed.js";
import { alertClass, alertWords, goalWords } from "./looks.js";
import { alertOf, queuesOf } from "./state.js";

const COLUMNS = [
  ["waiting", () => t("Waiting")],
  ["longest_wait", () => t("Longest")],
  ["ready", () => t("Ready")],
  ["talking", () => t("Talking")],
  ["wrap_up", () => t("Wrap-up")],
  ["paused", () => t("Paused")],
  ["service_level_now", () => t("SL now"), "level_now"],
  ["service_level_today", () => t("SL today"), "level_today"],
  ["answered_today", () => t("Answered")],
  ["abandoned_today", () => t("Abandoned")],
  ["callbacks_waiting", () => t("Call-backs")],
  ["forecast", () => t("Next hour")],
];

// Each column gets room by the longest word above it, so that no word is broken in any language, and
// enough for its figures.
export function queueHead() {
  const heads = COLUMNS.map(([, title]) => title());
  const shares = sharesOf(heads);
  const cells = heads.map((head) => h("th", { class: "end" }, head));
  cells.forEach((cell, at) => (cell.style.width = `${shares[at].toFixed(2)}%`));
  return h("thead", {}, h("tr", {}, h("th", {}, t("Queue")), cells));
}

export class Queues {
  // `callers`: whether their names stand in the rows. One line of each row is theirs then, empty or not.
  constructor(holder, board, callers) {
    this.board = board;
    this.callers = callers;
    this.list = new Keyed(holder);
    this.places = 1;
    this.width = new ResizeObserver(() => this.measure(holder));
    if (callers) this.width.observe(holder);
  }

  leave() {
    this.width.disconnect();
  }

  // Whoever waits stands in one line, however many they are: nothing below it moves.
  measure(holder) {
    const places = placesIn(holder.clientWidth);
    if (places === this.places) return;
    this.places = places;
    for (const { view } of this.list.known.values()) view.drawCallers(places);
  }

  draw(state) {
    this.list.draw(queuesOf(state).map((queue) => ({ key: queue.queue, data: [queue, state], make: () => new Queue(queue, state, this.board, this.callers ? () => this.places : null) })));
  }
}

class Queue {
  // places(): how many callers one line has room for; none is shown without it.
  constructor(queue, state, board, places) {
    this.board = board;
    this.places = places;
    const name = encodeURIComponent(queue.queue);
    const whose = { queue: name, queues: `&queue=${name}` };
    this.title = h("strong", {}, queue.title);
    this.cells = COLUMNS.map((column) => new Cell(column, queue.queue, board, whose));
    this.row = h("tr", {}, h("td", { class: "board-queue" }, board.linked("queue", this.title, whose)), this.cells.map(({ element }) => element));
    this.callers = places ? new Callers(board, whose) : null;
    this.element = h("tbody", { dataset: { queue: queue.queue } }, this.row, this.callers?.element);
    this.draw([queue, state]);
  }

  draw([queue, state]) {
    const { alerts } = state.tiles;
    if (this.queue === queue && this.alerts === alerts) return;
    [this.queue, this.alerts] = [queue, alerts];
    setText(this.title, queue.title);
    setClass(this.row, queue.waiting ? "is-waiting" : "");
    for (const cell of this.cells) cell.draw(queue, state);
    if (this.callers) this.drawCallers(this.places());
  }

  drawCallers(places) {
    this.callers.draw(this.queue, places);
  }
}

class Cell {
  constructor([kind, title, level], queue, board, whose) {
    this.kind = kind;
    this.level = level;
    this.queue = queue;
    this.board = board;
    this.figure = new Figure();
    this.mark = h("span");
    this.marked = "false false";
    this.element = h("td", { dataset: { label: title(), figure: kind } }, this.mark, board.linked(kind, this.figure.element, whose));
  }

  draw(queue, state) {
    const alert = alertOf(state, this.kind, this.queue);
    const goal = this.level ? reached(queue, queue[this.level]) || "none" : "";
    this.figure.draw(FIGURES[this.kind](queue), this.board.now());
    setClass(this.element, `end tabular${goal && ` level-${goal}`}${alertClass(alert)}`);
    setAttribute(this.element, "title", this.level && queue.goal ? goalWords(queue) : alert ? alertWords(alert) : "");
    this.drawMark(goal === "warn", Boolean(alert));
  }

  drawMark(below, alert) {
    const marked = `${below} ${alert}`;
    if (marked === this.marked) return;
    this.marked = marked;
    const words = () => h("span", { class: "visually-hidden" }, t("below the goal"));
    this.mark.replaceChildren(...(below ? [icon("arrow-down", 16), words()] : []), ...(alert ? [icon("alert-triangle", 16)] : []));
  }
}

class Callers {
  constructor(board, whose) {
    this.board = board;
    this.whose = whose;
    this.holder = h("ul", { class: "board-callers" });
    this.list = new Keyed(this.holder);
    this.element = h("tr", { class: "board-waiting" }, h("td", { colspan: COLUMNS.length + 1 }, this.holder));
  }

  draw(queue, places) {
    const shown = queue.callers.slice(0, places);
    const more = queue.waiting - shown.length;
    const items = shown.map((caller) => ({ key: caller.call, data: caller, make: () => this.board.caller(caller) }));
    if (more > 0) items.push({ key: "more", data: more, make: () => this.more(more) });
    this.list.draw(items);
  }

  // All of them stand in the list of live calls.
  more(count) {
    return h("li", { class: "board-more" }, this.board.linked("waiting", t("and {count} more", { count }), this.whose));
  }
}
