// Operators at a desk, by state and time in it. Their rows change in place as frames come; they change
// places once a second, and their clocks tick where somebody can see them.
import { h } from "../element.js";
import { Chip, countedFrom, setClass, setText } from "./inPlace.js";
import { Keyed } from "./keyed.js";
import { STATE_LOOKS, stateWords } from "./looks.js";
import { operatorsOf, unsortedOperatorsOf } from "./state.js";

export class Operators {
  // `board` gives links, the menu of a call, and the time.
  constructor(holder, board) {
    this.board = board;
    this.holder = holder;
    this.list = new Keyed(holder);
    this.unseen = new WeakSet();
    holder.addEventListener("contentvisibilityautostatechange", (event) => this.seen(event), true);
    holder.addEventListener("toggle", ({ target }) => target.closest("li").classList.toggle("has-menu", target.open), true);
  }

  // In hundreds of rows, most are below the edge of the screen: the browser tells which.
  seen({ target, skipped }) {
    if (skipped) this.unseen.add(target);
    else this.unseen.delete(target);
    if (!skipped) this.rowOf(target)?.tick(this.board.now());
  }

  rowOf(element) {
    return this.list.known.get(Number(element.dataset.operator))?.view;
  }

  draw(state) {
    const people = unsortedOperatorsOf(state);
    this.list.keep(new Set(people.map(({ id }) => id)));
    let came = false;
    for (const one of people) came = this.list.drawOne({ key: one.id, data: one, make: () => new Operator(one, this.board) }) || came;
    if (came) this.arrange(state);
    return people.length;
  }

  // Nothing moves under an open menu.
  arrange(state) {
    if (this.arranged === state.tiles || this.holder.querySelector(".has-menu")) return;
    this.arranged = state.tiles;
    this.list.arrange(operatorsOf(state).map(({ id }) => id));
  }

  tick(now) {
    for (const { view } of this.list.known.values()) if (!this.unseen.has(view.element)) view.tick(now);
  }
}

class Operator {
  constructor(one, board) {
    this.board = board;
    this.name = h("span", { class: "board-operator-name" });
    this.chip = new Chip();
    this.since = h("span", { class: "tabular" });
    this.menu = null;
    this.element = h("li", { dataset: { operator: one.id } }, board.linked("operator", this.name, {}), this.chip.element, this.since);
    this.draw(one);
  }

  draw(one) {
    const [tone, iconName] = STATE_LOOKS[one.state];
    const calls = one.call !== this.one?.call;
    this.one = one;
    setText(this.name, one.name);
    this.chip.draw(tone, iconName, stateWords(one));
    if (calls) this.drawMenu(one.call);
    this.tick(this.board.now());
  }

  drawMenu(call) {
    const menu = call ? this.board.stepInto(call) : null;
    if (this.menu && menu) this.menu.replaceWith(menu);
    else if (menu) this.element.append(menu);
    else this.menu?.remove();
    this.menu = menu;
  }

  tick(now) {
    const { state, since, late } = this.one;
    const over = late && now > Date.parse(late) ? " is-late" : "";
    const open = this.menu?.open ? " has-menu" : "";
    setClass(this.element, `board-operator state-${state}${over}${open}`);
    setText(this.since, countedFrom(since, now));
  }
}
