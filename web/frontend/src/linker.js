// Whose contact it was, said afterwards: found in place by name or number, and taken back by Undo.
import htmx from "htmx.org";
import { $, toast } from "./dom.js";
import { t } from "./i18n.js";
import { openDialog } from "./keyboard.js";
import { post } from "./server.js";

let before = null;

export function startLinker() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-whose]");
    if (button) begin(button.dataset);
    const option = event.target.closest("#linker [data-customer]");
    if (option) finish(option);
  });
}

function begin({ whose, customer, who }) {
  before = { link: whose, customer };
  if (who === "none") return say({ who }, t("Linked to nobody"));
  return openDialog("linker");
}

function finish(option) {
  $("#linker").close();
  say({ customer_id: option.dataset.customer }, t("Linked to {name}", { name: option.dataset.name }));
}

async function say(values, words) {
  const { link, customer } = before;
  const back = customer ? { customer_id: customer } : { who: "restore" };
  if (!(await send(link, values))) return;
  toast(words, "ok", { words: t("Undo"), run: () => send(link, back) });
}

async function send(link, values) {
  try {
    await post(`/interactions/${link}/customer`, values);
  } catch (problem) {
    toast(t("Not linked: {why}", { why: problem.message }), "bad");
    return false;
  }
  document.dispatchEvent(new CustomEvent("contact:linked", { detail: { interactionId: Number(link) } }));
  if (location.pathname === `/interactions/${link}`) htmx.ajax("GET", location.pathname, { target: "#main", swap: "innerHTML" });
  return true;
}
