// How the conversation ended: the outcome panel on the desk and on the page of a contact. What is
// chosen and typed is kept on the server as it is typed; Done gives the outcome and ends the
// wrap-up. Digits choose, Backspace goes back a choice, Enter is done.
import { onDesk } from "./desk.js";
import { $, $$, revive, toast } from "./dom.js";
import { everySecond } from "./everySecond.js";
import { t } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { flushNotes } from "./note.js";
import { digitsGoTo, drawDigits, onOtherCustomer } from "./panelKeys.js";
import { current, watch } from "./realtime.js";
import { getPiece, post } from "./server.js";
import { drawRelative, now, shortClock } from "./time.js";

const PAUSE = 500;
const RETRY = 4000;
const HOUR = 3600 * 1000;

const theForm = () => $(".wrap-form:not([hidden])");
const noteOf = (form) => $(`textarea[data-note="/interactions/${form.dataset.interaction}/note"]`);
const wrapUp = () => current().state.agent?.wrap_up || null;
const inWrapUp = (form) => wrapUp()?.interaction_id === Number(form.dataset.interaction);

export function startWrapUp() {
  onDesk(({ mode, interactionId }) => fill(mode === "idle" ? null : interactionId));
  onKey([..."123456789"], () => theForm() && digitsGoTo("outcome"), pressDigit, t("Choose an outcome"), { shown: ["1", "…", "9"] });
  onKey("Backspace", () => theForm()?.elements.outcome_id.value && digitsGoTo("outcome"), () => goUp(theForm()), t("Back one choice of the outcome"), { inPalette: false });
  onKey("o", theForm, () => $(".outcome", theForm())?.focus(), t("To the outcome"), { icon: "list-check" });
  onKey("Enter", ({ target }) => theForm() && !target.closest?.("a, button, summary"), () => done(theForm()), t("Save the outcome and end the wrap-up"), { shown: ["Enter"], icon: "check" });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && theForm() && !$("dialog[open]")) {
      event.preventDefault();
      done(theForm());
    }
  });
  document.addEventListener("wrap-up:finish", (event) => {
    const form = theForm();
    if (!form || !inWrapUp(form) || (!form.elements.outcome_id.value && !("required" in form.dataset))) return;
    event.preventDefault();
    done(form);
  });
  window.addEventListener("pagehide", () => theForm()?.flushDraft?.());
  onOtherCustomer(loadAgain);
  watch(["agent"], drawTimer);
}

async function fill(interactionId) {
  const box = document.getElementById("desk-outcome");
  if (!box) return;
  const wanted = String(interactionId || "");
  if (box.dataset.shown === wanted && (!wanted || box.firstElementChild)) return;
  box.dataset.shown = wanted;
  theForm()?.flushDraft?.();
  if (!wanted) return box.replaceChildren();
  await load(box, wanted);
}

async function load(box, interactionId) {
  try {
    const piece = await getPiece(`/outcomes/desk/${interactionId}`);
    if (box.dataset.shown !== undefined && box.dataset.shown !== interactionId) return;
    box.replaceChildren(piece);
    revive(box);
    drawRelative(box);
    mountWrapUp(box);
  } catch (problem) {
    delete box.dataset.shown;
    toast(problem.message, "bad");
  }
}

// What is typed is on the server, so that the panel may be drawn anew around it.
async function loadAgain() {
  const box = document.getElementById("desk-outcome");
  if (!box?.dataset.shown) return;
  const field = box.contains(document.activeElement) ? document.activeElement.id : "";
  await theForm()?.flushDraft?.();
  await load(box, box.dataset.shown);
  if (field && document.activeElement === document.body) document.getElementById(field)?.focus();
}

export function mountWrapUp(root) {
  for (const form of $$(".wrap-form", root)) if (!form.dataset.mounted) mount(form);
}

function mount(form) {
  form.dataset.mounted = "yes";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done(form);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.outcome) choose(form, button);
    if (button?.dataset.preset) preset(form, button.dataset.preset);
    if (button?.dataset.openField) open(form, button.dataset.openField);
    if (button && "toNote" in button.dataset) toNote(form);
  });
  form.addEventListener("input", () => touched(form));
  form.flushDraft = drafts(form);
  for (const name of ["callback_at", "task", "deal_step"]) if (form.elements[name]?.value) show(form, name, true);
  draw(form);
  drawTimer();
  drawDigits();
}

// --- choosing --------------------------------------------------------------------------------

const buttonOf = (form, id) => (id ? $(`.outcome[data-outcome="${CSS.escape(id)}"]`, form) : null);

function pathOf(form) {
  const path = [];
  for (let at = buttonOf(form, form.elements.outcome_id.value); at; at = buttonOf(form, at.dataset.parent)) path.unshift(at);
  return path;
}

const isGroup = (button) => "group" in button.dataset;

function levelNow(form) {
  const last = pathOf(form).at(-1);
  const parent = !last ? "" : isGroup(last) ? last.dataset.outcome : last.dataset.parent;
  return $(`.outcome-level[data-level="${CSS.escape(parent)}"]`, form);
}

function pressDigit(key) {
  const form = theForm();
  const button = $$(".outcome", levelNow(form))[Number(key) - 1];
  if (button) choose(form, button);
}

function choose(form, button) {
  form.elements.outcome_id.value = button.dataset.outcome;
  touched(form);
  draw(form);
  if (!isGroup(button)) toWhatIsMissing(form, button.dataset.requires.split(" "));
}

function goUp(form) {
  const path = pathOf(form);
  form.elements.outcome_id.value = path.at(-2)?.dataset.outcome || "";
  touched(form);
  draw(form);
}

function draw(form) {
  const path = pathOf(form);
  const opened = new Set(["", ...path.filter(isGroup).map((button) => button.dataset.outcome)]);
  for (const level of $$(".outcome-level", form)) level.hidden = !opened.has(level.dataset.level);
  for (const button of $$(".outcome", form)) {
    button.setAttribute("aria-pressed", String(path.includes(button)));
    if (isGroup(button)) button.setAttribute("aria-expanded", String(opened.has(button.dataset.outcome)));
  }
  const now = levelNow(form);
  for (const level of $$(".outcome-level", form)) level.classList.toggle("is-now", level === now);
  const leaf = path.at(-1);
  const required = leaf && !isGroup(leaf) ? leaf.dataset.requires.split(" ").filter(Boolean) : [];
  for (const box of $$(".wrap-extra", form)) {
    const name = box.dataset.field;
    box.classList.toggle("is-required", required.includes(name));
    if (required.includes(name)) show(form, name, true);
    else if (!form.elements[name]?.value && box.dataset.byHand !== "yes") show(form, name, false);
  }
  if (required.includes("callback_at") && !form.elements.callback_at.value) preset(form, "hour", true);
}

function show(form, name, shown) {
  $(`.wrap-extra[data-field="${name}"]`, form).hidden = !shown;
  const more = $(`[data-open-field="${name}"]`, form);
  if (more) more.hidden = shown;
}

function open(form, name) {
  const box = $(`.wrap-extra[data-field="${name}"]`, form);
  box.dataset.byHand = "yes";
  show(form, name, true);
  if (name === "callback_at" && !form.elements.callback_at.value) preset(form, "hour");
  $("input", box)?.focus();
}

// The note comes to the desk with the card, maybe after the outcomes: it takes the cursor when it is
// there, unless that has gone elsewhere meanwhile.
function toNote(form) {
  const note = noteOf(form);
  if (note) return note.focus();
  const from = document.activeElement;
  const come = () => form.isConnected && document.activeElement === from && noteOf(form)?.focus();
  document.addEventListener("notes:mounted", come, { once: true });
  return undefined;
}

function toWhatIsMissing(form, required) {
  if (required.includes("task") && !form.elements.task.value) return form.elements.task.focus();
  if (required.includes("deal_step") && form.elements.deal_step && !form.elements.deal_step.value) return form.elements.deal_step.focus();
  if (required.includes("note") && !noteOf(form)?.value.trim()) return toNote(form);
  return undefined;
}

// --- times on the user's wall ------------------------------------------------------------------

function wall(moment) {
  const words = new Intl.DateTimeFormat("sv-SE", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    timeZone: document.body.dataset.timeZone || undefined,
  }).format(moment);
  return words.replace(" ", "T");
}

function preset(form, name, quiet = false) {
  form.elements.callback_at.value = name === "hour" ? wall(now() + HOUR) : `${wall(now() + 24 * HOUR).slice(0, 10)}T09:00`;
  if (!quiet) form.elements.callback_at.focus();
  touched(form);
}

// --- kept as typed -----------------------------------------------------------------------------

function valuesOf(form) {
  const { csrf_token: _token, ...values } = Object.fromEntries(new FormData(form));
  return values;
}

function touched(form) {
  delete form.dataset.clean;
  clearProblems(form);
  form.draftLater?.();
}

function drafts(form) {
  let timer = null;
  let waiting = false;
  const save = async () => {
    clearTimeout(timer);
    if (!waiting) return;
    waiting = false;
    try {
      await post(form.dataset.draft, valuesOf(form));
      say(form, "");
    } catch (problem) {
      say(form, t("Not saved: {why} What you chose stays here; trying again.", { why: problem.message }), "bad");
      waiting = true;
      timer = setTimeout(save, RETRY);
    }
  };
  form.draftLater = () => {
    waiting = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  form.forgetDraft = () => {
    waiting = false;
    clearTimeout(timer);
  };
  return save;
}

function say(form, text, tone = "") {
  const status = $(".wrap-status", form);
  status.textContent = text;
  status.dataset.tone = tone;
}

// --- done --------------------------------------------------------------------------------------

async function done(form) {
  if (form.dataset.busy) return;
  clearProblems(form);
  const chosen = form.elements.outcome_id.value;
  if (!chosen && ("required" in form.dataset || !inWrapUp(form))) {
    return showProblems(form, [{ field: "outcome_id", message: t("Choose an outcome first.") }]);
  }
  busy(form, true);
  form.forgetDraft();
  try {
    if (chosen && !("clean" in form.dataset)) await give(form);
    if (inWrapUp(form)) await post("/desk/done", { interaction_id: form.dataset.interaction });
    else await shownAnew(form);
  } catch (problem) {
    showProblems(form, problem.problems || [{ field: "", message: problem.message }]);
    form.draftLater();
  }
  busy(form, false);
  return undefined;
}

async function give(form) {
  const note = noteOf(form);
  await flushNotes(document);
  await post(form.getAttribute("action"), note ? { ...valuesOf(form), note: note.value } : valuesOf(form));
  form.dataset.clean = "";
  delete form.dataset.required;
  document.dispatchEvent(new CustomEvent("outcome:given", { detail: { interactionId: Number(form.dataset.interaction) } }));
}

async function shownAnew(form) {
  toast(t("The outcome is saved."), "ok");
  const box = form.closest(".wrap-panel").parentElement;
  await load(box, form.dataset.interaction);
}

const doneWord = (form) => (inWrapUp(form) ? t("Save and finish") : t("Save outcome"));

function busy(form, on) {
  if (on) form.dataset.busy = "yes";
  else delete form.dataset.busy;
  $(".wrap-done", form).disabled = on;
  $(".wrap-done-word", form).textContent = on ? t("Saving…") : doneWord(form);
}

function clearProblems(form) {
  for (const box of $$("[data-error], .wrap-problem", form)) box.hidden = true;
  for (const field of $$("[aria-invalid]", form)) field.removeAttribute("aria-invalid");
}

function showProblems(form, problems) {
  let first = null;
  for (const { field, message } of problems) {
    const box = (field && $(`[data-error="${CSS.escape(field)}"]`, form)) || $(".wrap-problem", form);
    const extra = box.closest(".wrap-extra");
    if (extra) show(form, extra.dataset.field, true);
    box.hidden = false;
    box.textContent = message;
    const input = field === "outcome_id" || field === "note" ? null : form.elements[field];
    input?.setAttribute("aria-invalid", "true");
    first ||= input ? () => input.focus() : field === "note" ? () => toNote(form) : null;
  }
  first?.();
}

// --- the time that is left -----------------------------------------------------------------------

const drawTimer = everySecond(() => {
  const form = theForm();
  const timer = form && $(".wrap-timer", form.closest(".wrap-panel"));
  if (!timer) return [];
  const wrap = inWrapUp(form) ? wrapUp() : null;
  timer.hidden = !wrap;
  if (!form.dataset.busy) $(".wrap-done-word", form).textContent = doneWord(form);
  if (!wrap) return [];
  const moment = Date.parse(wrap.until || current().state.agent.since);
  const text = shortClock(wrap.until ? Math.ceil((moment - now()) / 1000) : (now() - moment) / 1000);
  timer.textContent = wrap.until ? t("Wrap-up: {time} left", { time: text }) : t("Wrap-up: {time}", { time: text });
  timer.classList.toggle("is-short", Boolean(wrap.until) && moment - now() < 10_000);
  return [moment];
}, now);
