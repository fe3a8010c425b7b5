// The figures of all queues together at a desk: a tile for each, changed in place.
import { h, icon } from "../element.js";
import { FIGURES, toneOf } from "./figures.js";
import { Figure, setClass } from "./inPlace.js";
import { Keyed } from "./keyed.js";
import { alertClass, alertMark } from "./looks.js";
import { alertOf } from "./state.js";

export class Tiles {
  // looks: [{kind, title, icon, hint}], in their order.
  constructor(holder, looks, board) {
    this.board = board;
    this.looks = looks;
    this.list = new Keyed(holder);
  }

  draw(state) {
    this.list.draw(this.looks.map((look) => ({ key: look.kind, data: state, make: () => new Tile(look, state, this.board) })));
  }
}

class Tile {
  constructor(look, state, board) {
    this.kind = look.kind;
    this.board = board;
    this.figure = new Figure();
    this.mark = null;
    this.marked = "";
    const head = h("span", { class: "board-tile-head", title: look.hint }, icon(look.icon, 16), h("span", {}, look.title));
    const figure = board.linked(look.kind, h("strong", { class: "board-figure" }, this.figure.element), {}, look.hint);
    this.element = h("div", { dataset: { tile: look.kind } }, head, figure);
    this.draw(state);
  }

  draw(state) {
    const { sum } = state.tiles;
    const alert = alertOf(state, this.kind);
    this.figure.draw(FIGURES[this.kind](sum), this.board.now());
    setClass(this.element, `board-tile tone-edge-${toneOf(this.kind, sum) || "none"}${alertClass(alert)}`);
    this.drawMark(alert);
  }

  drawMark(alert) {
    const marked = JSON.stringify(alert);
    if (marked === this.marked) return;
    this.marked = marked;
    this.mark?.remove();
    this.mark = alertMark(alert);
    if (this.mark) this.element.append(this.mark);
  }
}
