// The visitor's page inside the frame: a button, and the chat it opens.
import { h, icon } from "../element.js";
import { locale, t, tn } from "../i18n.js";
import { Link } from "./visitorLink.js";
import "./visitor.css";

const { key, title, colour, greeting, files } = document.body.dataset;
const page = new URLSearchParams(location.hash.slice(1)).get("page") || "";
const framed = window.parent !== window;
const link = new Link(key, locale, (fresh) => draw(fresh));
const ui = {};
let open = false;
let unseen = 0;
let started = false;
let left = false;

const time = (at) => new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });

// --- building -----------------------------------------------------------------------------------

function build() {
  document.documentElement.style.setProperty("--accent", colour);
  document.documentElement.style.setProperty("--on-accent", inkOn(colour));
  ui.count = h("span", { class: "count", hidden: true });
  ui.opener = h("button", { type: "button", class: "opener", "aria-label": title, title, onclick: () => show(true) }, icon("message-2", 28), ui.count);
  ui.state = h("p", { class: "state", role: "status" });
  ui.log = h("div", { class: "log", role: "log", tabindex: "0", "aria-label": t("Messages") });
  ui.notice = h("div", { class: "notice", hidden: true });
  ui.typing = h("p", { class: "typing", role: "status" });
  ui.text = h("textarea", { id: "text", rows: "2", maxlength: "4000", "aria-label": t("Message"), placeholder: t("Write a message…"), oninput: () => link.types(), onkeydown: onEnter });
  ui.file = h("input", { type: "file", hidden: true, onchange: sendFile });
  ui.attach = h("button", { type: "button", class: "plain", "aria-label": t("Send a file"), title: t("Send a file"), onclick: () => ui.file.click() }, icon("paperclip"));
  ui.form = h("form", { class: "write", onsubmit: send }, ui.text, ui.file, files === "yes" ? ui.attach : null,
    h("button", { class: "accent", "aria-label": t("Send") , title: t("Send") }, icon("send")));
  ui.facts = factsForm();
  ui.end = h("button", { type: "button", class: "plain", hidden: true, onclick: end }, t("End chat"));
  ui.panel = h("main", { class: "panel", hidden: true, "aria-label": title },
    h("header", {}, h("div", {}, h("h1", {}, title), ui.state), ui.end,
      h("button", { type: "button", class: "plain", "aria-label": t("Close"), title: t("Close"), onclick: () => show(false) }, icon("x"))),
    ui.log, ui.typing, ui.notice, ui.facts, ui.form);
  document.body.append(ui.opener, ui.panel);
  document.addEventListener("keydown", (event) => event.key === "Escape" && open && show(false));
}

// Black or white, whichever is read better on the colour.
function inkOn(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#fff" : "#000";
}

function factsForm() {
  const known = link.store.get("facts") || {};
  const field = (name, label, type, autocomplete) => h("label", {}, h("span", {}, label), h("input", { name, type, autocomplete, maxlength: "160", value: known[name] || "" }));
  ui.leave = h("button", { type: "button", class: "accent", hidden: true, onclick: leave }, t("Answer me later"));
  return h("details", { class: "facts" }, h("summary", {}, t("Your name and how to reach you")),
    field("name", t("Your name"), "text", "name"), field("email", t("E-mail"), "email", "email"), field("phone", t("Phone"), "tel", "tel"), ui.leave);
}

function typedFacts() {
  const found = Object.fromEntries([...ui.facts.querySelectorAll("input")].map((input) => [input.name, input.value.trim()]).filter(([, value]) => value));
  link.store.set({ facts: found });
  return found;
}

// --- opening ------------------------------------------------------------------------------------

function show(wanted, focus = true) {
  open = wanted;
  ui.panel.hidden = !open;
  ui.opener.hidden = open;
  document.body.classList.toggle("open", open);
  link.store.set({ open });
  if (framed) window.parent.postMessage({ type: "callcenter-chat", open }, "*"); // says nothing but its size
  if (open) unseen = 0;
  if (open && !started) start();
  draw();
  if (focus) (open ? ui.text : ui.opener).focus();
  ui.log.scrollTop = ui.log.scrollHeight;
}

function start() {
  started = true;
  link.start();
}

// --- what is done ---------------------------------------------------------------------------------

function send(event) {
  event.preventDefault();
  const text = ui.text.value.trim();
  if (!text) return;
  left = false;
  ui.facts.open = false;
  ui.text.value = "";
  link.say(text, { ...typedFacts(), page, locale });
  ui.log.scrollTop = ui.log.scrollHeight;
  ui.text.focus();
}

function onEnter(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
}

async function leave() {
  const facts = typedFacts();
  if (!facts.email && !facts.phone) return say(t("Leave a number or an e-mail address."));
  try {
    if (ui.text.value.trim()) await link.say(ui.text.value.trim(), { ...facts, page, locale });
    if (!link.messages.length && !ui.text.value.trim()) return say(t("Write first what it is about."));
    await link.post("/facts", { ...facts, leave: true });
    [ui.text.value, left] = ["", true];
    draw();
  } catch (problem) {
    say(problem.message || t("That did not work. Try again."));
  }
  return undefined;
}

async function end() {
  try {
    await link.post("/end", {});
  } catch (problem) {
    say(problem.message || t("That did not work. Try again."));
  }
}

async function sendFile() {
  const [file] = ui.file.files;
  ui.file.value = "";
  if (!file) return;
  if (file.size > 10 * 1024 * 1024) return say(t("Files of at most 10 MB, please."));
  say(t("Sending {name}…", { name: file.name }));
  try {
    await link.sendFile(file);
    say("");
  } catch (problem) {
    say(problem.message || t("That did not work. Try again."));
  }
  return undefined;
}

async function take(file) {
  try {
    const url = URL.createObjectURL(await link.fetchFile(file.id));
    h("a", { href: url, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch {
    say(t("That did not work. Try again."));
  }
}

let told = "";
function say(words) {
  told = words;
  draw();
}

// --- drawing ----------------------------------------------------------------------------------------

function stateWords() {
  const { state, operator, ahead } = link.view;
  if (link.off) return t("This chat is not available.");
  if (link.lost) return t("No connection. Trying again…");
  if (state === "open") return operator ? t("{name} is here", { name: operator }) : "";
  if (state === "waiting") return ahead ? tn("{count} person is before you", "{count} people are before you", ahead) : t("Somebody will be with you in a moment");
  if (state === "nobody") return t("Nobody is here right now");
  if (state === "closed") return t("The chat has ended");
  return state === "new" ? t("We are here") : "";
}

function noticeWords() {
  const { state, reachable } = link.view;
  if (told) return told;
  if (left) return t("Thank you. We will get back to you.");
  if (state === "nobody") return reachable ? t("Nobody is here right now. We have how to reach you, and will answer.") : t("Nobody is here right now. Leave a number or an e-mail address, and we will get back to you.");
  if (state === "closed") return t("The chat has ended. Write to begin a new one.");
  return "";
}

function bubble(message) {
  const ours = message.from === "us";
  const content = (message.files || []).length
    ? message.files.map((file) => h("button", { type: "button", class: "file", onclick: () => take(file) }, icon("paperclip", 16), h("span", {}, file.name)))
    : [h("div", { class: "text", dir: "auto" }, message.text)];
  return h("div", { class: `bubble ${ours ? "us" : "you"}`, dataset: { message: message.id } },
    ours && message.name ? h("div", { class: "name" }, message.name) : null, content, h("div", { class: "at" }, time(message.at)));
}

function unsent(item) {
  const words = item.refused ? t("Not sent: {why}", { why: item.refused }) : item.sent ? "" : t("Sending…");
  return h("div", { class: "bubble you unsent" }, h("div", { class: "text", dir: "auto" }, item.text),
    h("div", { class: "at" }, words, item.refused ? h("button", { type: "button", class: "plain", onclick: () => link.forget(item) }, t("Remove")) : null));
}

function draw(fresh = []) {
  const theirs = fresh.filter((one) => one.from === "us");
  if (!open && drawn) unseen += theirs.length;
  drawn = drawn || started;
  ui.count.hidden = !unseen;
  ui.count.textContent = unseen || "";
  ui.opener.setAttribute("aria-label", unseen ? `${title}: ${tn("{count} new message", "{count} new messages", unseen)}` : title);
  ui.state.textContent = stateWords();
  ui.typing.textContent = link.view.typing ? t("{name} is writing…", { name: link.view.operator || t("Somebody") }) : "";
  ui.notice.textContent = noticeWords();
  ui.notice.hidden = !ui.notice.textContent;
  const { state, reachable } = link.view;
  ui.facts.hidden = state === "open" || left || link.off;
  if (state === "nobody" && !reachable) ui.facts.open = true;
  ui.leave.hidden = state !== "nobody";
  ui.end.hidden = !["waiting", "open"].includes(state);
  ui.form.hidden = link.off;
  drawLog();
}

let drawn = false;

function drawLog() {
  const atEnd = ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 60;
  const shown = new Set([...ui.log.querySelectorAll("[data-message]")].map((one) => Number(one.dataset.message)));
  for (const one of ui.log.querySelectorAll(".unsent")) one.remove();
  if (!ui.log.firstChild) ui.log.append(h("div", { class: "bubble us" }, h("div", { class: "text" }, greeting || t("Hello! How can we help?"))));
  for (const message of link.messages) if (!shown.has(message.id)) ui.log.append(bubble(message));
  for (const item of link.waiting) ui.log.append(unsent(item));
  if (atEnd) ui.log.scrollTop = ui.log.scrollHeight;
}

build();
if (link.known) start();
if (link.store.get("open") && framed) show(true, false);
else draw();
