// Changes in place: a browser lays out anew whatever is written to, were it the same again.
import { h, icon } from "../element.js";
import { shortClock } from "../time.js";
import { onTheBeat } from "../everySecond.js";

// A text that stands there is written over: another node in its place would be laid out as such.
export function setText(element, text) {
  const node = element?.firstChild;
  if (node instanceof Text && !node.nextSibling) {
    if (node.data !== text) node.data = text;
  } else if (element) element.textContent = text;
}

export function setClass(element, name) {
  if (element.className !== name) element.className = name;
}

export function setAttribute(element, name, value) {
  if (!value) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export function setIcon(svg, name) {
  setAttribute(svg.firstElementChild, "href", `${document.body.dataset.icons}#${name}`);
}

// A figure that stands still or counts up: {text}, {since} or {seconds}.
export class Figure {
  constructor() {
    this.element = h("span", { class: "tabular" });
  }

  draw({ text, since, seconds }, now) {
    if (since) Object.assign(this.element.dataset, { since, short: "yes" });
    else if (this.element.dataset.since) delete this.element.dataset.since;
    setText(this.element, since ? countedFrom(since, now) : seconds === undefined ? text : shortClock(seconds));
  }
}

export const countedFrom = (since, now) => shortClock((now - onTheBeat(Date.parse(since))) / 1000);

export class Chip {
  constructor() {
    this.icon = icon("circle-off", 16);
    this.word = h("span");
    this.element = h("span", {}, this.icon, this.word);
  }

  draw(tone, iconName, word) {
    setClass(this.element, `chip tone-${tone}`);
    setIcon(this.icon, iconName);
    setText(this.word, word);
  }
}
