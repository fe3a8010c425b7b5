// What every part of the frame draws with: elements, chips, words that pass by.
import htmx from "htmx.org";
import { h, icon } from "./element.js";

export { h, icon };

export function badge(tone, iconName, text) {
  return h("span", { class: `chip tone-${tone}` }, icon(iconName, 16), h("span", {}, text));
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Written only when it is otherwise: what hides and shows may change how the whole page looks, and
// states are drawn with every message.
export function hide(element, hidden) {
  if (element.hidden !== Boolean(hidden)) element.hidden = Boolean(hidden);
}

export function announce(text) {
  const live = document.getElementById("announcer");
  if (live) live.textContent = text;
}

// offer: {words, run}, one button beside the text (Undo); it gives time to read both.
export function toast(text, tone = "calm", offer = null) {
  const box = document.getElementById("toasts");
  if (!box) return;
  const item = h("div", { class: `toast-item tone-${tone}`, role: tone === "bad" ? "alert" : "status" }, h("span", {}, text));
  if (offer) {
    const run = () => (item.remove(), offer.run());
    item.append(h("button", { type: "button", class: "btn btn-small", onclick: run }, offer.words));
  }
  box.append(item);
  setTimeout(() => item.remove(), tone === "bad" || offer ? 8000 : 4000);
}

// What went wrong on a page says nothing on the next one. An offer stays: it can still be taken.
export function leaveToasts() {
  for (const item of $$("#toasts .tone-bad")) item.remove();
}

// A page that a script leads to; like a link inside the frame.
export async function visit(place) {
  await htmx.ajax("GET", place, { target: "#main", swap: "innerHTML" });
  history.pushState({}, "", place);
  htmx.trigger(document.body, "htmx:pushedIntoHistory", { path: place });
}

// Links that scripts drew become visits inside the frame like all others.
export function revive(...roots) {
  for (const root of roots) htmx.process(root);
}
