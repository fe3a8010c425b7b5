// Lists of elements by key: what looks as before is not touched, and only what stands elsewhere is
// moved. A board of hundreds of rows changes twice a second; drawn anew it would keep a browser busy
// with nothing else.
import { inOrder } from "./inOrder.js";

export class Keyed {
  // They are the last of the parent's children.
  constructor(parent) {
    this.parent = parent;
    this.known = new Map();
    this.places = new Map();
  }

  // items: [{key, data, make}], in order. What `make(data)` gives is an element, made anew when its
  // data is otherwise, or a view, {element, draw(data)}, that changes in place.
  draw(items) {
    this.keep(new Set(items.map(({ key }) => key)));
    for (const item of items) this.drawOne(item);
    this.arrange(items.map(({ key }) => key));
  }

  keep(keys) {
    for (const [key, { view }] of this.known) {
      if (keys.has(key)) continue;
      elementOf(view).remove();
      this.known.delete(key);
    }
  }

  // Whether there was none of this key: it stands last until they are arranged.
  drawOne({ key, data, make }) {
    const one = this.known.get(key);
    if (!one) {
      const view = make(data);
      this.known.set(key, { view, data });
      this.parent.append(elementOf(view));
      return true;
    }
    const before = one.data;
    one.data = data;
    if (before === data) return false;
    if (one.view.draw) one.view.draw(data);
    else if (JSON.stringify(before) !== JSON.stringify(data)) one.view = replace(one.view, make(data));
    return false;
  }

  // Each that is not where it was among the others goes before the one that follows it.
  arrange(keys) {
    const last = this.places.size;
    const stay = inOrder(keys.map((key) => this.places.get(key) ?? last));
    let next = null;
    for (let at = keys.length - 1; at >= 0; at -= 1) {
      const element = elementOf(this.known.get(keys[at]).view);
      if (!stay.has(at) && element.nextElementSibling !== next) move(this.parent, element, next);
      next = element;
    }
    this.places = new Map(keys.map((key, at) => [key, at]));
  }
}

const elementOf = (view) => (view.draw ? view.element : view);

// Whoever is on a link of it with the keyboard stays there.
function replace(before, after) {
  const at = [...before.querySelectorAll("a")].indexOf(document.activeElement);
  before.replaceWith(after);
  if (at >= 0) after.querySelectorAll("a")[at]?.focus();
  return after;
}

function move(parent, element, next) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(element, next);
  focused?.focus({ preventScroll: true });
}
