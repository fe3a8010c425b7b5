// What stays on the screen until somebody deals with it: reminders, calls for help. Drawn from the
// state alone, so that a reload shows it again and another tab's answer takes it away.
import { announce, h, icon, revive, toast } from "./dom.js";
import { t } from "./i18n.js";

const shown = new Map();

function box() {
  return document.getElementById("alerts") || document.body.appendChild(h("section", { id: "alerts", "aria-label": t("Needs you") }));
}

// items: [{key, tone, icon, title, text, actions: [element], steady?}]; the group's others leave. Of one
// that is `steady` as before only the words change, so that nobody's finger or focus loses its button.
export function drawAlerts(group, items) {
  for (const [key, element] of shown) {
    if (key.startsWith(`${group}:`) && !items.some((item) => key === `${group}:${item.key}`)) {
      element.remove();
      shown.delete(key);
    }
  }
  for (const item of items) draw(`${group}:${item.key}`, item);
  document.body.classList.toggle("with-alerts", shown.size > 0);
}

function draw(key, item) {
  const picture = JSON.stringify([item.title, item.text]);
  const before = shown.get(key);
  if (before?.dataset.picture === picture) return;
  if (before && item.steady && before.dataset.steady === item.steady) return reword(before, item, picture);
  const element = h("div", { class: `alert-item tone-${item.tone}`, role: "group", "aria-label": item.title, dataset: { alert: key, picture, steady: item.steady || "" } },
    icon(item.icon), h("div", { class: "alert-words" }, h("strong", {}, item.title), item.text ? h("div", {}, item.text) : null),
    h("div", { class: "alert-actions" }, item.actions()));
  if (before) before.replaceWith(element);
  else {
    box().append(element);
    announce([item.title, item.text].filter(Boolean).join(". "));
  }
  shown.set(key, element);
  revive(element);
}

function reword(element, item, picture) {
  element.dataset.picture = picture;
  element.setAttribute("aria-label", item.title);
  element.querySelector(".alert-words").replaceChildren(...[h("strong", {}, item.title), item.text ? h("div", {}, item.text) : null].filter(Boolean));
}

export function action(words, act, look = "btn") {
  const button = h("button", { type: "button", class: look }, words);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await act();
    } catch (problem) {
      toast(problem.message, "bad");
    }
    button.disabled = false;
  });
  return button;
}

