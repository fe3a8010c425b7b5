// The message line: the panel behind the icon in the top bar, what is unread, calls for help. The
// unread and the calls for help come from the state; conversations are pieces of the server.
import { action, drawAlerts } from "./alerts.js";
import { currentCall } from "./deskState.js";
import { $, $$, h, icon, revive, toast } from "./dom.js";
import { t, tn } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { notify, unnotify } from "./notify.js";
import { current, hear, me, watch } from "./realtime.js";
import { getPiece, post } from "./server.js";
import { chime } from "./sound.js";
import { mayStepIn } from "./supervision.js";
import { drawRelative } from "./time.js";

const leads = me.role !== "operator";
const heard = new Set();
let panel = null;
let open = null;
let asked = null; // the last question whose conversation to show

export function startLine() {
  const slot = $("#line-slot");
  if (!slot) return;
  slot.replaceChildren(button());
  watch(["line"], (state) => state.ready && draw(state));
  hear("message", (news) => news.type === "line" && onNews(news));
  onKey("l", null, () => toggle(), t("Messages"), { icon: "message-2" });
  if (!leads) onKey("H", null, () => askForHelp(), t("I need help"), { icon: "lifebuoy", shown: ["Shift", "H"] });
  document.addEventListener("help:ask", askForHelp);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onPanelKey);
}

function button() {
  return h("button", { type: "button", class: "btn btn-plain btn-icon", id: "line-button", "aria-expanded": "false", "aria-controls": "line-panel", "aria-label": t("Messages"), title: t("Messages"), onclick: () => toggle() }, icon("message-2"));
}

// --- what is unread, and who wants help -------------------------------------------------------

function draw(state) {
  const items = Object.values(state.line);
  drawUnread(items.filter((item) => item.kind === "text"));
  drawAlerts("help", items.filter((item) => item.kind === "help").map(alertOf));
  const now = new Set(items.map(soundOf));
  for (const item of items) if (!heard.has(soundOf(item))) sound(item);
  for (const key of heard) if (!now.has(key)) silence(key);
}

function drawUnread(heads) {
  const unread = heads.reduce((sum, head) => sum + head.unread, 0);
  const face = $("#line-button");
  const words = unread ? tn("{count} unread message", "{count} unread messages", unread) : t("Messages");
  face.setAttribute("aria-label", words);
  face.title = words;
  face.replaceChildren(...[icon("message-2"), unread ? h("span", { class: "count", "aria-hidden": "true" }, String(unread)) : null].filter(Boolean));
}

const soundOf = (item) => (item.kind === "help" ? `${item.id}-${item.resolved_by || ""}` : `${item.id}-${item.message_id}`);

function sound(item) {
  heard.add(soundOf(item));
  const key = `line-${soundOf(item)}`;
  const own = item.kind === "help" && item.user_id === me.id && !item.resolved_by;
  if (own || sessionStorage.getItem(key)) return;
  sessionStorage.setItem(key, "heard");
  chime(item.kind === "help" ? 880 : 520);
  const title = item.kind === "help" ? helpTitle(item) : t("Message from {name}", { name: item.name });
  notify({ tag: item.id, title, body: item.kind === "help" ? "" : item.text, url: item.kind === "help" ? helpPlace(item) : "/desk", secret: item.kind === "text", stays: item.kind === "help" });
}

function silence(key) {
  heard.delete(key);
  const id = key.slice(0, key.lastIndexOf("-"));
  if (!current().state.line[id]) unnotify(id);
}

const helpPlace = (item) => (leads && item.interaction_id ? `/interactions/${item.interaction_id}` : "/desk");

function helpTitle(item) {
  if (item.user_id !== me.id) return t("{name} needs help", { name: item.name });
  return item.resolver ? t("{name} is coming", { name: item.resolver }) : t("The supervisors have been called");
}

function alertOf(item) {
  const mine = item.user_id === me.id;
  return {
    key: item.id,
    tone: mine ? (item.resolver ? "ok" : "talking") : "bad",
    icon: "lifebuoy",
    title: helpTitle(item),
    text: mine ? "" : item.text,
    actions: () => (mine ? ownActions(item) : theirActions(item)),
  };
}

function ownActions(item) {
  return [action(item.resolver ? t("All right") : t("Not needed any more"), () => post(`/line/help/${item.help}/away`, {}))];
}

function theirActions(item) {
  const call = item.interaction_id ? h("a", { class: "btn", href: helpPlace(item), "hx-boost": "true" }, t("Show the call")) : null;
  const listen = item.call_id && mayStepIn() && h("button", { type: "button", class: "btn", dataset: { stepIn: item.call_id, mode: "listen" } }, icon("headphones", 16), t("Listen"));
  return [action(t("I am coming"), () => post(`/line/help/${item.help}/come`, {}), "btn btn-primary"), listen, call].filter(Boolean);
}

async function askForHelp() {
  const call = currentCall(current().state, me);
  try {
    await post("/line/help", { call_id: call?.id || "" });
  } catch (problem) {
    toast(problem.message, "bad");
  }
}

// --- the panel ----------------------------------------------------------------------------------

function toggle() {
  if (panel && !panel.hidden) return close();
  return openWith(null);
}

// With one person, from wherever their name stands; or the list of people.
function openWith(other) {
  panel ||= document.body.appendChild(h("aside", { id: "line-panel", role: "dialog", "aria-label": t("Messages") }));
  panel.hidden = false;
  document.body.classList.add("with-line");
  $("#line-button").setAttribute("aria-expanded", "true");
  return show(other);
}

function close() {
  panel.hidden = true;
  document.body.classList.remove("with-line");
  open = null;
  const face = $("#line-button");
  face.setAttribute("aria-expanded", "false");
  face.focus();
}

// other: whose conversation; null: the list of people (an operator has the one conversation).
async function show(other) {
  open = leads ? other : me.id;
  const question = (asked = {});
  try {
    const piece = await getPiece(other ? `/line/${other}` : "/line");
    if (asked !== question || panel.hidden) return undefined; // somebody else was chosen meanwhile
    panel.replaceChildren(head(), piece);
  } catch (problem) {
    return toast(problem.message, "bad");
  }
  revive(panel);
  drawRelative(panel);
  const messages = $("[data-line-messages]", panel);
  if (messages) messages.scrollTop = messages.scrollHeight;
  ($("textarea", panel) || $("[data-line-open]", panel) || $("button", panel)).focus();
  return markRead();
}

function head() {
  return h("div", { class: "line-top" }, h("h2", {}, t("Messages")),
    leads ? null : h("button", { type: "button", class: "btn btn-danger", onclick: askForHelp }, icon("lifebuoy"), t("I need help")),
    h("button", { type: "button", class: "btn btn-plain btn-icon", "aria-label": t("Close"), onclick: close }, icon("x")));
}

function markRead() {
  const last = $$("[data-message]", panel).at(-1);
  const unread = Object.values(current().state.line).some((item) => item.kind === "text" && (!leads || item.user_id === open));
  if (!open || !last || !unread || document.hidden) return undefined;
  return post(`/line/${open}/read`, { up_to: last.dataset.message }).catch((problem) => toast(problem.message, "bad"));
}

async function onNews(news) {
  if (!panel || panel.hidden || !news.text) return;
  if (leads && news.text.sender_id !== open) return;
  await reread();
}

// The conversation anew, with what is typed and whoever has the focus left as they are.
async function reread() {
  const place = $("[data-line-messages]", panel);
  if (!place) return;
  const piece = await getPiece(leads ? `/line/${open}` : "/line").catch(() => null); // the next news asks again
  if (!piece || !place.isConnected) return;
  place.replaceChildren(...$("[data-line-messages]", piece).childNodes);
  revive(place);
  drawRelative(place);
  place.scrollTop = place.scrollHeight;
  await markRead();
}

function onClick(event) {
  const person = event.target.closest("[data-line-open]");
  if (person) openWith(Number(person.dataset.lineOpen));
  if (event.target.closest("[data-line-back]")) show(null);
}

function onPanelKey(event) {
  if (!panel || panel.hidden || !panel.contains(event.target)) return;
  if (event.key === "Escape") close();
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-line-write] textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
}

async function onSubmit(event) {
  const form = event.target.closest("[data-line-write], [data-line-queue]");
  if (!form) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form));
  if (leads && form.dataset.other) values.to_user = form.dataset.other;
  try {
    await post("/line/write", values);
    form.reset();
    if (form.matches("[data-line-queue]")) toast(t("Sent"), "ok");
    else await reread();
  } catch (problem) {
    toast(problem.message, "bad");
  }
}
