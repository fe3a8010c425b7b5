// The filter of the customers' list: conditions are rows of native controls, drawn by the server;
// here they become the filter's JSON, and the list asks anew. Also the boxes of the list.
import htmx from "htmx.org";
import { $, $$ } from "./dom.js";

const WAIT = 200;
const redrawn = new WeakMap(); // row: what was asked for last
let waiting = 0;

export function startFilters() {
  document.addEventListener("click", clicked);
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-filter-builder]")) later();
  });
  document.addEventListener("change", changed);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "customer-rows") follow();
  });
}

async function clicked(event) {
  const add = event.target.closest("[data-add-condition]");
  const gone = event.target.closest("[data-remove-condition], [data-remove-group]");
  if (add) await addTo(add);
  if (gone) remove(gone);
}

async function addTo(button) {
  const parts = $("[data-parts]", button.closest("[data-group]"));
  const drawn = await draw(button.dataset.addCondition);
  if (!drawn) return;
  parts.append(drawn);
  $("[data-field]", drawn)?.focus();
  now();
}

function remove(button) {
  const gone = button.matches("[data-remove-group]") ? button.closest("[data-group]") : button.closest("[data-condition]");
  const group = gone.parentElement.closest("[data-group]");
  gone.remove();
  $("[data-add-condition]", group).focus();
  now();
}

async function changed(event) {
  const that = event.target;
  if (that.matches("[data-pick-all]")) {
    for (const box of $$(".pick input[name=id]")) box.checked = that.checked;
    return;
  }
  if (!that.closest("[data-filter-builder]")) return;
  if (that.matches("[data-field], [data-op]")) await redraw(that);
  now();
}

// Another field has other operators, and each of them another value. Arrow keys choose one after the
// other, faster than the answers come: the last one chosen counts.
async function redraw(control) {
  const row = control.closest("[data-condition]");
  const asked = new URLSearchParams({ field: $("[data-field]", row).value });
  const kept = valueOf(row);
  const same = control.matches("[data-op]");
  if (same) asked.set("op", control.value);
  redrawn.set(row, asked);
  const drawn = await draw(`${row.dataset.rowAddress}?${asked}`);
  if (!drawn || redrawn.get(row) !== asked) return;
  const typed = $("input[data-value]", row)?.value;
  row.replaceWith(drawn);
  const input = $("input[data-value]:not([data-part])", drawn);
  if (same && kept !== undefined && input && typeof kept !== "object" && input.type !== "date") input.value = typed;
  $(control.matches("[data-field]") ? "[data-field]" : "[data-op]", drawn).focus();
}

async function draw(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return null;
  const template = document.createElement("template");
  template.innerHTML = (await answer.text()).trim();
  return template.content.firstElementChild;
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(now, WAIT);
}

// The list follows as soon as every condition says what it compares with.
function now() {
  clearTimeout(waiting);
  const builder = $("[data-filter-builder]");
  const list = $("[data-customer-list]");
  if (!builder || !list) return;
  const told = groupOf($("[data-group]", builder));
  const text = told ? JSON.stringify(told) : "";
  const field = list.elements.filter;
  if (field.value === text) return;
  field.value = text;
  for (const form of $$("[data-list-form]")) form.elements.filter.value = text;
  htmx.trigger(list, "filter:changed");
}

function groupOf(group) {
  const parts = [];
  for (const part of $("[data-parts]", group).children) {
    const told = part.matches("[data-group]") ? groupOf(part) : conditionOf(part);
    if (told) parts.push(told);
  }
  return parts.length ? { [$("[data-how]", group).value]: parts } : null;
}

function conditionOf(row) {
  const told = { field: $("[data-field]", row).value, op: $("[data-op]", row).value };
  if (!$("[data-value]", row)) return told;
  const value = valueOf(row);
  return value === undefined ? null : { ...told, value };
}

// Undefined while it is not said whole.
function valueOf(row) {
  const controls = $$("[data-value]", row);
  if (!controls.length) return undefined;
  if (!controls[0].dataset.part) return read(controls[0]);
  if (controls[0].dataset.part === "0") {
    const both = controls.map(read);
    return both.includes(undefined) ? undefined : both;
  }
  const told = {};
  for (const control of controls) {
    const value = read(control);
    if (value !== undefined) told[control.dataset.part] = value;
  }
  return "count" in told && "days" in told ? told : undefined;
}

function read(control) {
  const text = control.value.trim();
  switch (control.dataset.value) {
    case "ids":
    case "texts": {
      const chosen = [...control.selectedOptions].map((one) => one.value);
      if (!chosen.length) return undefined;
      return control.dataset.value === "ids" ? chosen.map((one) => (one === "me" ? one : Number(one))) : chosen;
    }
    case "whole":
      return /^\d+$/.test(text) ? Number(text) : undefined;
    case "money":
      return text === "" || Number.isNaN(Number(text)) ? undefined : Math.round(Number(text) * 100);
    case "number":
      return text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
    default:
      return text || undefined;
  }
}

// What is saved or done to many is about what the list shows now.
function follow() {
  const list = $("[data-customer-list]");
  if (!list) return;
  for (const form of $$("[data-list-form]")) {
    for (const name of ["filter", "segment", "status"]) {
      if (form.elements[name]) form.elements[name].value = list.elements[name]?.value || "";
    }
  }
}
