// Notes are saved as they are typed: shortly after the last key, and at once when the field or the
// page is left. What is on its way is told in words; a failure keeps the text and says so.
import { $$ } from "./dom.js";
import { t } from "./i18n.js";
import { post } from "./server.js";
import { now, timeOfDay } from "./time.js";

const PAUSE = 600;
const RETRY = 4000;
// Another tab of this browser shows the same note: it would write over what it does not know.
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("notes") : null;
tabs?.addEventListener("message", ({ data }) => {
  for (const field of $$("textarea[data-note]")) if (field.dataset.note === data.note) field.takeNote?.(data.text);
});

export function mountNotes(root) {
  const fresh = $$("textarea[data-note]", root).filter((field) => !field.dataset.mounted);
  fresh.forEach(mount);
  if (fresh.length) document.dispatchEvent(new CustomEvent("notes:mounted"));
}

function mount(field) {
  field.dataset.mounted = "yes";
  let [timer, saved, sending] = [null, field.value, false];

  const say = (text, tone = "") => {
    const status = document.getElementById(field.getAttribute("aria-describedby"));
    if (!status) return;
    status.textContent = text;
    status.dataset.tone = tone;
  };

  async function save() {
    clearTimeout(timer);
    if (sending || field.value === saved) return;
    const text = field.value;
    sending = true;
    say(t("Saving…"));
    try {
      await post(field.dataset.note, { text });
      saved = text;
      tabs?.postMessage({ note: field.dataset.note, text });
      say(t("Saved {time}", { time: timeOfDay(now()) }), "ok");
    } catch (problem) {
      say(t("Not saved: {why} Your text stays here; trying again.", { why: problem.message }), "bad");
      timer = setTimeout(save, RETRY);
    } finally {
      sending = false;
    }
    if (saved === text && field.value !== text) save();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  field.addEventListener("blur", save);
  field.flushNote = save;
  field.takeNote = (text) => {
    if (field.value === saved) field.value = saved = text;
  };
}

// A piece of the page is drawn anew around a note that is being written: the field itself stays,
// with its text, its cursor and what is on its way.
export function keepNotes(root, replace) {
  const old = $$("textarea[data-note]", root);
  const active = document.activeElement;
  replace();
  for (const field of old) {
    const fresh = $$("textarea[data-note]", root).find((one) => one.dataset.note === field.dataset.note);
    if (!fresh) continue;
    fresh.replaceWith(field);
    if (field === active) field.focus();
  }
}

// Before a piece of the page goes away, what is typed in it goes to the server.
export function flushNotes(root) {
  return Promise.all($$("textarea[data-note]", root).map((field) => field.flushNote?.()));
}
