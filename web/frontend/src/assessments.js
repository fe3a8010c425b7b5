// The form of an assessment beside the player: answers by key, comments at the place one hears, all
// saved as it is given. Saving goes one after the other, since each names the version before it.
import { $, $$, toast, visit } from "./dom.js";
import { t } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { playersIn } from "./recordings/index.js";
import { clock } from "./recordings/player.js";
import { post } from "./server.js";

const PAUSE = 600;
const typing = new Map();
let desk = null;
let version = 0;
let line = Promise.resolve();
let stuck = false;

const form = () => $("[data-assessment]");
const questions = () => $$("[data-question]", form());
const here = () => $(".quality-question.is-here", form() ?? document.body);
const sound = () => playersIn($("[data-quality-sound]") ?? document.createElement("div"));
const player = () => sound().find((one) => !one.sound.paused) ?? sound().find((one) => one.position > 0) ?? sound()[0];

export function startAssessments() {
  onKey([..."0123456789", "x"], () => here(), (key) => chooseByKey(key), t("Answer the question of the score card"), { shown: ["1", "…", "9"], inPalette: false });
  onKey(["j", "ArrowDown"], (event) => form() && onForm(event), () => step(1), t("Next question of the score card"), { shown: ["j"], inPalette: false });
  onKey(["k", "ArrowUp"], (event) => form() && onForm(event), () => step(-1), t("Question of the score card before it"), { shown: ["k"], inPalette: false });
  onKey(" ", (event) => $("[data-quality-sound]") && player() && onForm(event), () => player().toggle(), t("Play and pause the recording"), { shown: ["Space"], inPalette: false });
  onKey("p", () => here() && $("[data-mark]", here()), () => (openComment(here()), mark(here())), t("Comment at the place you hear"), { inPalette: false });
  document.addEventListener("click", pressed);
  document.addEventListener("input", typed);
  document.addEventListener("focusout", ({ target }) => target.matches?.("[data-comment-text], [data-whole-comment]") && flush(target));
  document.addEventListener("focusin", ({ target }) => target.closest?.("[data-question]") && stand(target.closest("[data-question]"), false));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => detail.target?.id === "main" && flushAll());
  document.addEventListener("htmx:confirm", waitForSaving);
  window.addEventListener("pagehide", flushAll);
  mountAssessment();
}

// Called again whenever a page comes into the main area.
export function mountAssessment() {
  if (desk === form()) return;
  desk = form();
  stuck = false;
  typing.clear();
  if (!desk) return;
  version = Number(desk.dataset.atVersion);
  line = Promise.resolve();
  const first = questions().find((one) => !one.dataset.value) ?? questions()[0];
  if (first) stand(first, false);
}

// A button that is not an answer keeps its own keys.
function onForm({ target }) {
  const own = target.closest?.("button, a, summary, [role=slider]");
  return !own || own.matches("[data-choose]");
}

function pressed({ target }) {
  mountAssessment(); // a page may be pressed on before it has settled
  const seek = target.closest("[data-seek]");
  if (seek) return hear(Number(seek.dataset.seek), seek.dataset.recordingNumber);
  const question = target.closest("[data-question]");
  if (question) return pressedIn(question, target);
  if (target.closest("[data-finish]")) finish(target.closest("[data-finish]").dataset.finish);
  return undefined;
}

function pressedIn(question, target) {
  stand(question, false);
  const choice = target.closest("[data-choose]");
  if (choice) return choose(question, choice.dataset.choose);
  if (target.closest("[data-comment-open]")) return openComment(question);
  if (target.closest("[data-seek-mark]")) return hear(Number(question.dataset.at), question.dataset.recordingNumber);
  if (target.closest("[data-mark]")) return mark(question);
  if (target.closest("[data-unmark]")) return unmark(question);
  return undefined;
}

function stand(question, moved = true) {
  for (const one of questions()) one.classList.toggle("is-here", one === question);
  if (moved) question.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = questions();
  const next = all[Math.min(Math.max(all.indexOf(here()) + by, 0), all.length - 1)];
  if (!next) return;
  if (document.activeElement?.matches?.("[data-choose]")) document.activeElement.blur();
  stand(next);
}

function chooseByKey(key) {
  const question = here();
  const choice = $$("[data-choose]", question).find((one) => one.dataset.key === key);
  if (!choice) return;
  choose(question, choice.dataset.choose);
  step(1);
}

function choose(question, value) {
  question.dataset.value = value;
  question.classList.remove("is-open");
  for (const one of $$("[data-choose]", question)) one.setAttribute("aria-pressed", String(one.dataset.choose === value));
  save(question);
}

function openComment(question) {
  $("[data-comment]", question).hidden = false;
  $("[data-comment-open]", question).setAttribute("aria-expanded", "true");
  $("[data-comment-text]", question).focus();
}

// The place is that of the player which is heard, or was last.
function mark(question) {
  const at = player();
  if (!at) return toast(t("There is no recording to point into."), "bad");
  question.dataset.at = at.position.toFixed(1);
  question.dataset.recordingNumber = at.root.dataset.recording.split("/").pop();
  drawMark(question);
  return save(question);
}

function unmark(question) {
  delete question.dataset.at;
  delete question.dataset.recordingNumber;
  drawMark(question);
  save(question);
}

function drawMark(question) {
  const marked = question.dataset.at !== undefined;
  $("[data-mark-words]", question).textContent = marked ? clock(Number(question.dataset.at)) : "";
  for (const name of ["[data-seek-mark]", "[data-unmark]"]) $(name, question).hidden = !marked;
}

function hear(seconds, number) {
  const wanted = sound().find((one) => one.root.dataset.recording.split("/").pop() === number) ?? sound()[0];
  if (!wanted) return toast(t("This recording cannot be heard here."), "bad");
  wanted.seek(seconds);
  return wanted.play();
}

function typed({ target }) {
  if (!form() || !target.matches?.("[data-comment-text], [data-whole-comment]")) return;
  mountAssessment();
  clearTimeout(typing.get(target));
  typing.set(target, setTimeout(() => flush(target), PAUSE));
  say(t("Saving…"));
}

function flush(field) {
  if (!typing.has(field)) return;
  clearTimeout(typing.get(field));
  typing.delete(field);
  const question = field.closest("[data-question]");
  if (question) save(question);
  else send("comment", () => ({ comment: field.value }));
}

function flushAll() {
  for (const field of [...typing.keys()]) flush(field);
}

function save(question) {
  const comment = $("[data-comment-text]", question);
  if (typing.has(comment)) {
    clearTimeout(typing.get(comment));
    typing.delete(comment);
  }
  send("answer", () => ({
    question: question.dataset.question,
    value: question.dataset.value,
    comment: comment.value,
    at: question.dataset.at ?? "",
    recording: question.dataset.recordingNumber ?? "",
  }));
}

function send(what, values) {
  const own = desk;
  const told = values();
  say(t("Saving…"));
  line = line.then(async () => {
    if (own !== desk || stuck) return;
    try {
      const answer = await post(`${own.dataset.assessment}/${what}`, { ...told, version });
      version = answer.version;
      for (const field of $$("input[name=version]")) field.value = version;
      if (answer.score) drawScore(answer);
      say(t("Saved."));
    } catch (error) {
      stuck = error.status === 409; // another window is ahead: nothing of ours may follow
      trouble(error.message);
    }
  });
}

function drawScore({ score, fatal, sections }) {
  const chip = $("[data-score] .chip");
  chip.className = `chip tone-${fatal.length ? "bad" : "calm"}`;
  $(".tabular", chip).textContent = score;
  $$("[data-section-score]").forEach((place, number) => (place.textContent = sections[number] ?? "–"));
}

function say(words) {
  const place = $("[data-saved]");
  if (place) place.textContent = words;
  const bad = $("[data-trouble]");
  if (bad) bad.hidden = true;
}

function trouble(words) {
  const place = $("[data-trouble]");
  if (!place) return toast(words, "bad");
  place.textContent = words;
  place.hidden = false;
  $("[data-saved]").textContent = "";
  return toast(words, "bad");
}

// Asked in words when everything is answered, since whoever writes it cannot take it back.
async function finish(question) {
  flushAll();
  await line;
  if (stuck) return;
  const open = questions().filter((one) => !one.dataset.value);
  for (const one of questions()) one.classList.toggle("is-open", open.includes(one));
  if (open.length) {
    stand(open[0]);
    trouble(t("Some questions are not answered yet: they are marked."));
    return;
  }
  if (!window.confirm(question)) return;
  try {
    const { location: next } = await post(`${desk.dataset.assessment}/finish`, { version });
    await visit(next);
  } catch (error) {
    trouble(error.message);
  }
}

// Who closes it right after typing waits until that is kept; the version goes with the form.
function waitForSaving(event) {
  if (!event.target.matches?.("[data-after-saving]") || !form()) return;
  event.preventDefault();
  flushAll();
  line.then(() => event.detail.issueRequest(true));
}
