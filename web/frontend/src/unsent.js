// What was typed into fields that are saved as they are typed, and could not be saved because the session was
// over: this tab keeps it until whoever typed it has logged in again, and saves it then. Nobody else's eyes:
// when somebody else logs in, it is gone.
import htmx from "htmx.org";
import { $$, toast } from "./dom.js";
import { t } from "./i18n.js";
import { flushNotes } from "./note.js";
import { me } from "./realtime.js";
import { beforeLeaving, post, untakenAt, within } from "./server.js";

const PLACE = "unsent";
const PATIENCE = 2000;

const notes = () => $$("textarea[data-note]");
const forms = () => $$(".wrap-form[data-draft]");
const addresses = () => [...notes().map((field) => field.dataset.note), ...forms().map((form) => form.dataset.draft)];

export function startUnsent() {
  beforeLeaving(() => (addresses().length ? putAside() : null));
}

// Whatever is not saved yet is tried once more: what is refused then was not taken.
async function putAside() {
  await Promise.allSettled([flushNotes(document), ...forms().map((form) => form.flushDraft?.())]);
  const unsent = [...new Set(addresses())].map((url) => [url, untakenAt(url)]).filter(([, values]) => values);
  if (unsent.length) sessionStorage.setItem(PLACE, JSON.stringify({ user: me.id, unsent }));
}

// Before the page goes on, so that nothing is typed over it meanwhile; a slow server is not waited for.
export async function sendUnsent() {
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const { user, unsent } = kept ? JSON.parse(kept) : {};
  if (user === me.id) await within(PATIENCE, Promise.all(unsent.map(([url, values]) => send(url, values))));
}

async function send(url, values) {
  try {
    await post(url, values);
  } catch (problem) {
    return toast(t("Not saved: {why}", { why: problem.message }), "bad", values.text && { words: t("Copy"), run: () => navigator.clipboard.writeText(values.text) });
  }
  toast(t("What you had typed when your session ended is saved."), "ok");
  if (addresses().includes(url)) return htmx.ajax("GET", location.pathname + location.search, { target: "#main", swap: "innerHTML" });
  return undefined;
}
