// Lists inside forms (numbers, addresses …): one more row, or one less, without asking the server.
// Also the suggestions of a field that has a list to choose from which is too long for the page.
import { $, $$ } from "./dom.js";

const WAIT = 150;
let made = 0;

export function startRows() {
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    if (add) addRow(add.closest("[data-rows]"));
    if (remove) removeRow(remove.closest("[data-row]"));
  });
  document.addEventListener("input", suggest);
}

function addRow(list) {
  const template = $("template", list);
  const row = template.content.firstElementChild.cloneNode(true);
  made += 1;
  for (const field of $$("input, select", row)) {
    field.name = field.name.replace("__row__", `n${made}`);
    if (field.value === "__row__") field.value = `n${made}`;
  }
  template.before(row);
  $("input:not([type=hidden]), select", row).focus();
}

function removeRow(row) {
  const list = row.closest("[data-rows]");
  const near = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : row.previousElementSibling;
  row.remove();
  const next = near?.matches("[data-row]") ? $("[data-remove-row]", near) : $("[data-add-row]", list);
  next.focus();
}

let asked = 0;

function suggest(event) {
  const options = event.target.list;
  if (!options?.dataset.suggest || event.target.value.trim().length < 2) return;
  clearTimeout(asked);
  asked = setTimeout(() => fill(options, event.target.value), WAIT);
}

async function fill(options, text) {
  const answer = await fetch(`${options.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const names = (await answer.json()).names;
  options.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
}
