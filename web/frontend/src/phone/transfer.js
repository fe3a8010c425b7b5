// Where the call goes: colleagues with what they are doing, queues, any number; at once, or asked first.
import { $, badge, h, icon } from "../dom.js";
import { control } from "../callControl.js";
import { t } from "../i18n.js";
import { dialog, show } from "./dialogs.js";

const TYPING = 150;
let timer = 0;

export function openTransfer(item) {
  const list = h("ul", { class: "targets" });
  const search = h("input", { class: "form-control", type: "search", autocomplete: "off", "aria-label": t("Name, extension or number"), placeholder: t("Name, extension or number") });
  const box = dialog("transfer", t("Transfer the call"), [search, list]);
  const load = () => fill(list, search.value.trim(), item, box);
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, TYPING);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    $("button", list)?.focus();
  });
  load();
  show(box, "input");
}

async function fill(list, words, item, box) {
  const answer = await fetch(`/phone/targets?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return list.replaceChildren(h("li", { class: "muted" }, t("The list of colleagues cannot be reached now; a number can still be typed."), typed(words, item, box)));
  const { people, queues } = await answer.json();
  const rows = [
    ...people.map((one) => row(one.name, one.extension, one.extension, badge(one.tone, one.icon, one.word), item, box)),
    ...queues.map((one) => row(one.title, t("queue"), one.name, "", item, box, false)),
  ];
  const number = typed(words, item, box);
  if (number) rows.push(number);
  if (!rows.length) rows.push(h("li", { class: "muted" }, t("Nobody of that name. Type a number to transfer outside.")));
  return list.replaceChildren(...rows);
}

const typed = (words, item, box) => (/^[+*#\d][\d\s()*#.-]+$/.test(words) ? row(words, t("this number"), words, "", item, box) : null);

// A queue is nobody who could be asked first.
function row(name, what, to, state, item, box, ask = true) {
  const go = (act) => () => {
    box.close();
    control[act](to, name, item);
  };
  return h("li", { class: "target", dataset: { to } },
    h("span", { class: "target-name" }, name, h("small", { class: "muted" }, what)),
    state,
    h("span", { class: "target-acts" },
      ask ? h("button", { type: "button", class: "btn", dataset: { how: "consult" }, "aria-label": t("Ask first: {name}", { name }), onclick: go("consult") }, icon("message"), t("Ask first")) : null,
      h("button", { type: "button", class: "btn", dataset: { how: "transfer" }, "aria-label": t("Transfer to {name}", { name }), onclick: go("transfer") }, icon("arrow-right"), t("Transfer"))));
}
