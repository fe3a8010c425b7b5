// Building elements. Text is always set as text: nothing a caller typed becomes markup.
import htmx from "htmx.org";

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function badge(tone, iconName, text) {
  return h("span", { class: `chip tone-${tone}` }, icon(iconName, 16), h("span", {}, text));
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

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

// Links that scripts drew become visits inside the frame like all others.
export function revive(...roots) {
  for (const root of roots) htmx.process(root);
}
