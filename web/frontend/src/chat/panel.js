// One chat on the desk: what was said, who it is, the box to answer in; handing it on and ending it.
import { $, $$, h, icon, revive, toast } from "../dom.js";
import { t } from "../i18n.js";
import { current, me } from "../realtime.js";
import { getPiece, post, token } from "../server.js";
import { drawRelative, timeOfDay } from "../time.js";
import { mountWrapUp } from "../wrapUp.js";
import { whoOf } from "./offers.js";
import { newId } from "./visitorLink.js";

const TYPING_EVERY = 3000;
const TYPING_LASTS = 6000;
const MOST_FILE = 10 * 1024 * 1024;

export class ChatPanel {
  constructor(chat) {
    Object.assign(this, { chat, last: 0, version: 0, card: "", asked: 0, readAt: -1, typedAt: 0, ending: false, unsent: [] });
    this.draftKey = `chat-draft-${me.id}-${chat.id}`; // the next who logs in here reads none of it
    this.build();
    this.loadCard();
  }

  build() {
    const id = this.chat.id;
    const plain = (name, words, act) => h("button", { type: "button", class: "btn btn-plain btn-icon", "aria-label": words, title: words, onclick: act }, icon(name));
    this.who = h("strong", { class: "chat-name" });
    this.cardBox = h("div", { class: "chat-card-box" });
    this.log = h("div", { class: "chat-log", role: "log", tabindex: "0", "aria-label": t("Messages") });
    this.typingLine = h("p", { class: "chat-typing muted small", role: "status" });
    this.text = h("textarea", { class: "form-control", rows: "2", maxlength: "4000", "aria-label": t("Message"), placeholder: t("Enter sends, Shift+Enter makes a new line"), oninput: () => this.typed(), onkeydown: (event) => this.onEnter(event) });
    this.text.value = sessionStorage.getItem(this.draftKey) || "";
    this.file = h("input", { type: "file", hidden: true, onchange: () => this.sendFile() });
    this.replies = h("select", { class: "form-select chat-replies", "aria-label": t("Quick replies"), hidden: true, onchange: () => this.reply() });
    this.form = h("form", { class: "chat-write", onsubmit: (event) => this.send(event) }, this.replies, h("div", { class: "chat-line" }, this.text, this.file,
      plain("paperclip", t("Send a file"), () => this.file.click()), h("button", { class: "btn btn-primary", "aria-label": t("Send"), title: t("Send") }, icon("send"))));
    this.aside = h("div", { class: "chat-aside", hidden: true });
    this.root = h("section", { class: "chat-panel", role: "tabpanel", id: `chat-panel-${id}`, "aria-labelledby": `chat-tab-${id}` },
      h("div", { class: "chat-head" }, this.who, this.queue = h("span", { class: "muted small" }),
        h("button", { type: "button", class: "btn btn-small", onclick: () => this.showTransfer() }, icon("switch-horizontal", 16), t("Hand over")),
        h("button", { type: "button", class: "btn btn-small chat-end", onclick: () => this.showEnd() }, icon("check", 16), t("End chat"))),
      h("details", { class: "chat-about" }, h("summary", {}, t("Who it is")), this.cardBox), this.log, this.typingLine, this.aside, this.form);
    this.root.addEventListener("click", (event) => this.onClick(event));
  }

  // --- what is known ------------------------------------------------------------------------------

  update(chat) {
    this.chat = chat;
    this.who.textContent = whoOf(chat);
    this.queue.textContent = current().state.queues[chat.queue]?.title || chat.queue;
    const card = JSON.stringify([chat.customer?.id, chat.visitor]);
    if (this.card && this.card !== card) this.loadCard();
    this.card = card;
    if (this.version !== chat.version) this.load();
    this.markRead();
  }

  async load() {
    this.version = this.chat.version;
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    try {
      const answer = await fetch(`/chats/${this.chat.id}/messages?after=${this.last}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(t("The server refused it."));
      this.take((await answer.json()).messages);
    } catch (problem) {
      setTimeout(() => this.load(), 3000); // as long as the chat is on the screen
    }
    this.loading = false;
    if (this.again) {
      this.again = false;
      this.load();
    }
  }

  take(messages) {
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    for (const message of messages) {
      if (message.id <= this.last) continue;
      this.last = message.id;
      this.unsent = this.unsent.filter((one) => one.client_id !== message.client_id);
      $(`[data-unsent="${CSS.escape(message.client_id || "-")}"]`, this.log)?.remove();
      const before = $("[data-unsent]", this.log);
      if (before) before.before(bubble(message));
      else this.log.append(bubble(message));
    }
    if (messages.some((one) => one.direction === "in")) this.typingLine.textContent = "";
    if (atEnd) this.toEnd();
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  inSight(seen) {
    this.seen = seen;
    this.markRead();
  }

  markRead() {
    if (!this.seen || !this.chat.unread || this.readAt === this.chat.version) return;
    this.readAt = this.chat.version;
    post(`/chats/${this.chat.id}/read`, {}).catch(() => {});
  }

  async loadCard() {
    try {
      const piece = await getPiece(`/chats/${this.chat.id}/card`);
      this.cardBox.replaceChildren(piece);
      revive(this.cardBox);
      drawRelative(this.cardBox);
      const replies = $$("[data-chat-reply]", this.cardBox);
      this.replies.hidden = !replies.length;
      this.replies.replaceChildren(h("option", { value: "" }, t("Quick replies")), ...replies.map((one) => h("option", { value: one.dataset.chatReply }, one.textContent)));
      if ($("[data-chat-choose]", this.cardBox)) $("details.chat-about", this.root).open = true;
    } catch (problem) {
      this.cardBox.textContent = problem.message;
    }
  }

  typing() {
    this.typingLine.textContent = t("{name} is writing…", { name: whoOf(this.chat) });
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => (this.typingLine.textContent = ""), TYPING_LASTS);
  }

  // --- writing -----------------------------------------------------------------------------------

  typed() {
    sessionStorage.setItem(this.draftKey, this.text.value);
    if (Date.now() - this.typedAt < TYPING_EVERY) return;
    this.typedAt = Date.now();
    post(`/chats/${this.chat.id}/typing`, {}).catch(() => {});
  }

  onEnter(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.send(event);
  }

  send(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    const item = { client_id: newId(), text };
    this.text.value = "";
    sessionStorage.removeItem(this.draftKey);
    this.unsent.push(item);
    this.log.append(h("div", { class: "chat-message own", dataset: { unsent: item.client_id } }, h("div", { class: "chat-text" }, text), h("div", { class: "muted small" }, t("Sending…"))));
    this.toEnd();
    this.flush();
  }

  // One after the other, each until the server has it or says no.
  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    while (this.unsent.length && !this.left) {
      const [item] = this.unsent;
      try {
        await post(`/chats/${this.chat.id}/write`, item);
        this.unsent.shift();
      } catch (problem) {
        if (problem.status) this.giveBack(item, problem);
        else await new Promise((resolve) => setTimeout(resolve, 2000));
      }
    }
    this.flushing = false;
  }

  giveBack(item, problem) {
    this.unsent = this.unsent.filter((one) => one !== item);
    $(`[data-unsent="${item.client_id}"]`, this.log)?.remove();
    this.text.value = [item.text, this.text.value].filter(Boolean).join("\n");
    toast(t("Not sent: {why}", { why: problem.message }), "bad");
  }

  async reply() {
    const chosen = this.replies.value;
    this.replies.value = "";
    if (!chosen) return;
    const answer = await fetch(`/chats/${this.chat.id}/replies/${chosen}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return toast(t("The server refused it."), "bad");
    this.text.setRangeText((await answer.json()).text, this.text.selectionStart, this.text.selectionEnd, "end");
    this.text.focus();
    return this.typed();
  }

  async sendFile() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    if (file.size > MOST_FILE) return toast(t("Files of at most 10 MB, please."), "bad");
    const body = new FormData();
    body.append("client_id", newId());
    body.append("file", file);
    const answer = await fetch(`/chats/${this.chat.id}/files`, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => null);
    if (!answer?.ok) toast((await answer?.json().catch(() => ({})))?.message || t("The server refused it."), "bad");
    return undefined;
  }

  // --- handing on, ending --------------------------------------------------------------------------

  async showTransfer() {
    if (!await this.showAside(`/chats/${this.chat.id}/transfer`)) return;
    this.ending = false;
    $("select", this.aside)?.focus();
    $("form", this.aside)?.addEventListener("submit", (event) => this.transfer(event));
  }

  async transfer(event) {
    event.preventDefault();
    try {
      await post(`/chats/${this.chat.id}/transfer`, Object.fromEntries(new FormData(event.target)));
      toast(t("Handed over."), "ok");
    } catch (problem) {
      toast(problem.message, "bad");
    }
  }

  // The outcome first: giving it ends the chat.
  async showEnd() {
    if (!await this.showAside(`/outcomes/desk/${this.chat.interaction_id}`)) return;
    this.ending = true;
    mountWrapUp(this.aside);
    this.aside.append(h("div", { class: "btn-row" },
      h("button", { type: "button", class: "btn", onclick: () => this.close() }, t("End without an outcome")),
      h("button", { type: "button", class: "btn btn-plain", dataset: { chatBack: "" } }, t("Back"))));
    $(".outcome, button", this.aside)?.focus();
  }

  // False if it could not be had, or something else was asked for meanwhile.
  async showAside(url) {
    const question = (this.aside.question = {});
    try {
      const piece = await getPiece(url);
      if (this.aside.question !== question) return false;
      this.aside.replaceChildren(piece);
      revive(this.aside);
      drawRelative(this.aside);
      [this.aside.hidden, this.form.hidden] = [false, true];
      return true;
    } catch (problem) {
      toast(problem.message, "bad");
      return false;
    }
  }

  back() {
    this.ending = false;
    this.aside.question = null;
    this.aside.replaceChildren();
    [this.aside.hidden, this.form.hidden] = [true, false];
    this.text.focus();
  }

  outcomeGiven(interactionId) {
    if (this.ending && interactionId === this.chat.interaction_id) this.close();
  }

  async close() {
    try {
      await post(`/chats/${this.chat.id}/close`, {});
      toast(t("The chat has ended."), "ok");
    } catch (problem) {
      toast(problem.message, "bad");
    }
  }

  async onClick(event) {
    if (event.target.closest("[data-chat-back]")) this.back();
    const choice = event.target.closest("[data-chat-choose]");
    if (!choice) return;
    try {
      await post(`/interactions/${choice.dataset.interaction}/customer`, { customer_id: choice.dataset.chatChoose });
      await this.loadCard();
    } catch (problem) {
      toast(problem.message, "bad");
    }
  }

  focus() {
    if (!this.form.hidden) this.text.focus();
  }

  leave() {
    this.left = true;
    sessionStorage.removeItem(this.draftKey);
    this.root.remove();
  }
}

function bubble(message) {
  if (message.direction === "system") return h("p", { class: "chat-system muted small" }, message.text);
  const own = message.direction !== "in";
  const look = `chat-message${own ? " own" : ""}${message.direction === "note" ? " note" : ""}`;
  const files = message.files.map((file) => h("a", { href: `/files/${file.id}`, class: "chat-file", "hx-boost": "false", download: file.name }, icon("paperclip", 16), h("span", {}, file.name)));
  return h("div", { class: look, dataset: { chatMessage: message.id } },
    h("div", { class: "muted small" }, [message.direction === "note" ? t("Note") : "", message.author, timeOfDay(Date.parse(message.at))].filter(Boolean).join(" · ")),
    files.length ? files : h("div", { class: "chat-text", dir: "auto" }, message.text));
}
