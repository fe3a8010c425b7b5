// Conversations: how many wait, what came in just now, an open one that grows by itself, its answer box.
import htmx from "htmx.org";
import { onLink, readAnew } from "./anew.js";
import { $, $$, announce, toast, visit } from "./dom.js";
import { t, tn } from "./i18n.js";
import { notify } from "./notify.js";
import { hear, me, watch } from "./realtime.js";
import { mark } from "./tasks.js";
import { getPiece } from "./server.js";
import { soon } from "./soon.js";
import { chime } from "./sound.js";
import { drawRelative } from "./time.js";

const PATIENCE = 300;
// A page that comes in may have been drawn before the news that were heard while it was on its way.
const ON_ITS_WAY = 10_000;
const heardAt = new Map();
let countLater = 0;

export function startConversations() {
  watch(["counts"], ({ counts }) => {
    const mine = counts.conversations_mine || 0;
    mark("/conversations", mine + (counts.conversations_waiting || 0), t("to be answered"));
  });
  hear("message", (news) => news.type === "conversation" && onNews(news));
  onLink(() => {
    const open = $("[data-conversation]");
    if (open) refreshMessages(open);
    refreshList();
  });
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", onInput);
}

export function mountConversations(root) {
  const log = $("[data-messages]", root);
  if (log) log.scrollTop = log.scrollHeight;
  for (const form of $$("[data-answer]", root)) drawSegments(form);
  const page = $("[data-conversation]", root);
  if (page && Date.now() - (heardAt.get(page.dataset.conversation) ?? 0) < ON_ITS_WAY) refreshMessages(page);
  if (location.hash === "#answer-text") $("#answer-text", root)?.focus();
}

// --- what came in ------------------------------------------------------------------------------

function onNews({ event, conversation }) {
  const open = $(`[data-conversation="${conversation.id}"]`);
  if (event !== "read") heardAt.set(String(conversation.id), Date.now());
  if (open && event !== "read") refreshMessages(open);
  refreshListSoon();
  if (conversation.channel === "chat") return; // chats tell of themselves
  const mine = conversation.assigned_to === me.id;
  if ((event === "message" && conversation.unread && (mine || conversation.state === "waiting")) || (event === "assigned" && mine)) {
    if (!open || document.hidden) tell(conversation, event);
  }
}

function tell(conversation, event) {
  const who = conversation.customer?.display_name || conversation.address || t("Visitor");
  const words = event === "assigned" ? t("Handed to you: {who}", { who }) : t("New message from {who}", { who });
  const key = `conversation-${conversation.id}-${conversation.last_message_at}-${event}`;
  if (sessionStorage.getItem(key)) return; // this tab has told of it before its reload
  sessionStorage.setItem(key, "told");
  if (conversation.assigned_to === me.id) chime(620);
  toast(words, "calm", { words: t("Open"), run: () => visit(`/conversations/${conversation.id}`) });
  notify({ tag: `conversation-${conversation.id}`, title: words, body: conversation.last_text, url: `/conversations/${conversation.id}`, secret: true });
}


async function refreshMessages(page) {
  const log = $("[data-messages]", page);
  if (!log) return;
  try {
    const piece = await getPiece(log.dataset.messages);
    const known = new Set($$("[data-message]", log).map((one) => one.dataset.message));
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const older = $$("[data-message]", log).filter((one) => !$(`[data-message="${one.dataset.message}"]`, piece));
    const fresh = $$("[data-message]", piece).filter((one) => !known.has(one.dataset.message));
    if (!older.length) log.replaceChildren(piece);
    else for (const one of $$("[data-message]", piece)) ($(`[data-message="${one.dataset.message}"]`, log) || log.appendChild(document.createElement("div"))).replaceWith(one);
    htmx.process(log);
    drawRelative(log);
    if (atEnd) log.scrollTop = log.scrollHeight;
    if (fresh.length) announce(tn("{count} new message", "{count} new messages", fresh.length));
  } catch {
    // the next news, or a reload, brings them
  }
}

function refreshList() {
  const list = $("[data-conversations]");
  if (list) readAnew(list, location.pathname + location.search).catch(() => {}); // the next news do
}

const refreshListSoon = soon(refreshList, PATIENCE);

// --- writing -----------------------------------------------------------------------------------

async function onClick(event) {
  const button = event.target.closest("[data-template]");
  if (!button) return;
  const form = button.closest("[data-answer]");
  try {
    const answer = await fetch(button.dataset.template, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(t("The server refused it."));
    insert(form.elements.text, (await answer.json()).text);
    button.closest("details").open = false;
    drawSegments(form);
  } catch (problem) {
    toast(problem.message, "bad");
  }
}

function insert(box, text) {
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.focus();
}

function onKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("[data-answer]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  form.requestSubmit($("button.btn-primary", form));
}

function onInput(event) {
  const form = event.target.closest?.("[data-answer]");
  if (!form || !["text", "channel"].includes(event.target.name)) return;
  if (event.target.name === "channel") form.dataset.channel = event.target.value;
  clearTimeout(countLater);
  countLater = setTimeout(() => drawSegments(form), PATIENCE);
}

async function drawSegments(form) {
  const place = $("[data-segments]", form);
  if (!place) return;
  const text = form.elements.text.value;
  if (form.dataset.channel !== "sms" || !text) return place.replaceChildren();
  const answer = await fetch(`/conversations/segments?${new URLSearchParams({ text })}`).catch(() => null);
  if (!answer?.ok) return;
  const { count, room } = await answer.json();
  place.textContent = `${tn("{count} message", "{count} messages", count)} · ${tn("{count} character left", "{count} characters left", room)}`;
}
