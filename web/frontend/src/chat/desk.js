// My chats: a dock in the frame, one tab for each, so that no page that is browsed loses one. Which
// chats there are is the state's; what is said in them is asked for since the last message here.
import { $, announce, h, icon, revive, toast } from "../dom.js";
import { t, tn } from "../i18n.js";
import { onKey } from "../keyboard.js";
import { notify, unnotify } from "../notify.js";
import { current, hear, watch } from "../realtime.js";
import { chime } from "../sound.js";
import { startOffers, whoOf } from "./offers.js";
import { ChatPanel } from "./panel.js";

const panels = new Map();
const ui = {};
let shown = 0;
let open = false;

export function startChats() {
  build();
  startOffers((id) => show(id));
  onKey("w", () => mine().length, () => (open ? close() : show(shown)), t("To the chats, and back"), { icon: "messages" });
  watch(["chats", "agent"], (state) => state.ready && draw());
  hear("message", (news) => {
    if (news.type === "chat_typing") panels.get(news.id)?.typing();
    if (news.type === "conversation" && news.event === "message") onMessage(news.conversation);
  });
  document.addEventListener("outcome:given", ({ detail }) => {
    for (const panel of panels.values()) panel.outcomeGiven(detail.interactionId);
  });
  document.addEventListener("contact:linked", () => {
    for (const panel of panels.values()) panel.loadCard();
  });
  document.addEventListener("visibilitychange", () => document.hidden || draw());
}

const mine = () => Object.values(current().state.chats).filter((chat) => chat.state === "open").sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at));

function build() {
  ui.count = h("span", { class: "count", "aria-hidden": "true", hidden: true });
  ui.button = h("button", { type: "button", class: "btn btn-plain btn-icon", id: "chats-button", hidden: true, "aria-expanded": "false", "aria-controls": "chat-dock", onclick: () => (open ? close() : show(shown)) }, icon("messages"), ui.count);
  ($("#line-slot") || document.body).before(ui.button);
  ui.tabs = h("div", { class: "chat-tabs", role: "tablist", "aria-label": t("Chats"), onkeydown: moveTab });
  ui.place = h("div", { class: "chat-place" });
  const away = h("button", { type: "button", class: "btn btn-plain btn-icon", "aria-label": t("Put aside"), title: t("Put aside"), onclick: close }, icon("x"));
  ui.dock = h("aside", { id: "chat-dock", "aria-label": t("Chats"), hidden: true, onkeydown: (event) => event.key === "Escape" && close() }, h("div", { class: "chat-top" }, ui.tabs, away), ui.place);
  document.body.append(ui.dock);
}

function show(id) {
  const chats = mine();
  shown = chats.some((chat) => chat.id === id) || id ? id : chats[0]?.id || 0;
  open = true;
  sessionStorage.setItem("chat-shown", String(shown));
  draw();
  panels.get(shown)?.focus();
}

function close() {
  open = false;
  sessionStorage.removeItem("chat-shown");
  draw();
  if (!ui.button.hidden) ui.button.focus();
}

function draw() {
  const chats = mine();
  const before = Number(sessionStorage.getItem("chat-shown"));
  if (!panels.size && before && chats.some((chat) => chat.id === before)) [open, shown] = [true, before]; // reloaded
  for (const chat of chats) {
    if (!panels.has(chat.id)) panels.set(chat.id, new ChatPanel(chat));
    panels.get(chat.id).update(chat);
  }
  for (const id of [...panels.keys()]) if (!chats.some((chat) => chat.id === id)) forget(id);
  if (chats.length && !panels.has(shown)) shown = chats[0].id;
  if (!chats.length) open = false;
  const unread = chats.reduce((sum, chat) => sum + chat.unread, 0);
  ui.button.hidden = !chats.length;
  ui.button.setAttribute("aria-expanded", String(open));
  const words = unread ? tn("{count} unread message in chats", "{count} unread messages in chats", unread) : tn("{count} chat", "{count} chats", chats.length);
  ui.button.setAttribute("aria-label", words);
  ui.button.title = words;
  [ui.count.hidden, ui.count.textContent] = [!unread, String(unread)];
  ui.dock.hidden = !open;
  document.body.classList.toggle("with-chats", open);
  drawTabs(chats);
  place(panels.get(shown));
}

function forget(id) {
  panels.get(id).leave();
  panels.delete(id);
  unnotify(`chat-said-${id}`);
}

function drawTabs(chats) {
  const picture = JSON.stringify([shown, chats.map((chat) => [chat.id, whoOf(chat), chat.unread])]);
  if (ui.tabs.dataset.picture === picture) return;
  ui.tabs.dataset.picture = picture;
  const focus = document.activeElement?.dataset?.chatTab;
  ui.tabs.replaceChildren(...chats.map(tab));
  if (focus) $(`[data-chat-tab="${focus}"]`, ui.tabs)?.focus();
}

function tab(chat) {
  const here = chat.id === shown;
  const label = chat.unread ? `${whoOf(chat)}: ${tn("{count} unread message", "{count} unread messages", chat.unread)}` : whoOf(chat);
  return h("button", { type: "button", role: "tab", class: "chat-tab", id: `chat-tab-${chat.id}`, "aria-selected": String(here), "aria-label": label, "aria-controls": `chat-panel-${chat.id}`, tabindex: here ? "0" : "-1", dataset: { chatTab: String(chat.id) }, onclick: () => show(chat.id) },
    h("span", { class: "chat-tab-who" }, whoOf(chat)), chat.unread ? h("span", { class: "count", "aria-hidden": "true" }, String(chat.unread)) : null);
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const chats = mine();
  const at = chats.findIndex((chat) => chat.id === shown);
  if (!step || at < 0) return;
  event.preventDefault();
  shown = chats[(at + step + chats.length) % chats.length].id;
  draw();
  $(`[data-chat-tab="${shown}"]`, ui.tabs)?.focus();
}

function place(panel) {
  if (!panel) return;
  if (ui.place.firstElementChild !== panel.root) {
    ui.place.replaceChildren(panel.root);
    revive(panel.root);
    panel.toEnd();
  }
  panel.inSight(open && !document.hidden);
}

function onMessage(chat) {
  if (!panels.has(chat.id) || !chat.unread) return;
  const key = `chat-said-${chat.id}-${chat.last_message_at}`;
  if (sessionStorage.getItem(key)) return;
  sessionStorage.setItem(key, "told");
  const looking = open && shown === chat.id && !document.hidden;
  if (!looking) chime(620);
  announce(t("{who} writes: {text}", { who: whoOf(chat), text: chat.last_text }));
  if (!open) toast(t("{who} writes: {text}", { who: whoOf(chat), text: chat.last_text }), "calm", { words: t("Open"), run: () => show(chat.id) });
  notify({ tag: `chat-said-${chat.id}`, title: t("New message from {who}", { who: whoOf(chat) }), body: chat.last_text, secret: true });
}
