// Parts of a page that are read anew while somebody works in them. Answers may come in another order
// than the questions: none is taken after that of a later one. A row that is the same stays untouched, with
// its focus, its press of a button half done and what was opened in it; one that is in use is left until it
// is not.
import { Idiomorph } from "idiomorph";
import { $, $$, revive, toast } from "./dom.js";
import { hear } from "./realtime.js";
import { getPiece } from "./server.js";
import { drawRelative, drawTicking } from "./time.js";

const ROWS = "tr[id], li[id], section[id]";
const FIELDS = "input:not([type=hidden]), textarea, select";
const LATER = 2000;
const SPREAD = 1000;
const asked = new WeakMap(); // place: the last question about it
const answered = new WeakMap(); // place: the last one whose answer was taken
const told = new WeakMap(); // row: as the server drew it
let questions = 0;

// What came while the link was not there yet, or away, nobody told this page: read() once it stands. Not
// by all pages at once, after a restart of the server.
export function onLink(read) {
  hear("snapshot", () => setTimeout(read, Math.random() * SPREAD));
}

// Errors are the caller's to tell.
export async function readAnew(place, url) {
  const question = { address: new URL(url, location.href).href, number: (questions += 1) };
  asked.set(place, question);
  const piece = await getPiece(url, place.id);
  // News without end asks again before a slow server has answered: what it says of the same is newer than
  // what stands there. Of something else that was asked for since, it is not.
  const newer = question.number > (answered.get(place)?.number ?? 0) && asked.get(place).address === question.address;
  if (!newer || !place.isConnected) return;
  answered.set(place, question);
  const left = mend(place, piece);
  revive(place);
  drawRelative(place);
  drawTicking();
  // What was in use is looked at again; if that fails, the next news does it.
  const last = () => asked.get(place) === question && place.isConnected;
  if (left) setTimeout(() => last() && readAnew(place, url).catch(() => {}), LATER);
}

// More of a list is one question for all of it. The address says how much stands there, so that the
// news that follow, a reload and the way back read as much.
export function startUnfolding() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-unfold]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    unfold(link, document.getElementById(link.dataset.unfold));
  });
}

async function unfold(link, place) {
  const [before, wanted] = [location.href, link.href];
  const known = new Set($$(ROWS, place).map(({ id }) => id));
  history.replaceState(history.state, "", wanted); // at once: news that come meanwhile read as much
  link.setAttribute("aria-busy", "true");
  try {
    await readAnew(place, wanted);
    const first = $$(ROWS, place).find(({ id }) => !known.has(id));
    // Where the link stood stands the first of what came: whoever pressed it goes on there.
    if (first && [link, document.body].includes(document.activeElement)) $("a, button, summary", first)?.focus({ preventScroll: true });
  } catch (problem) {
    if (location.href === wanted) history.replaceState(history.state, "", before);
    toast(problem.message, "bad");
  } finally {
    link.removeAttribute("aria-busy");
  }
}

// Whether a row was left as it was.
function mend(place, piece) {
  const left = new Set();
  const leaving = focusedIn(place);
  const texts = new Map($$(ROWS, piece).map((row) => [row.id, textOf(row)]));
  const leave = (row) => {
    if (row.matches?.(ROWS) && inUse(row)) left.add(row);
    return left.has(row);
  };
  Idiomorph.morph(place, piece.childNodes, {
    morphStyle: "innerHTML",
    callbacks: {
      beforeNodeRemoved: (row) => !leave(row),
      beforeNodeMorphed: (row, fresh) => {
        if (!row.matches?.(ROWS)) return true;
        const text = texts.get(row.id);
        if ((told.get(row) ?? textOf(row)) !== text && !leave(row)) redraw(row, fresh);
        return false;
      },
    },
  });
  for (const row of $$(ROWS, place)) if (!left.has(row)) told.set(row, texts.get(row.id));
  leaving();
  return left.size > 0;
}

// Who works through a list by keyboard is led to the next row when theirs is done and gone.
function focusedIn(place) {
  const rows = $$(ROWS, place);
  const at = rows.indexOf(document.activeElement.closest(ROWS));
  return () => {
    if (at < 0 || rows[at].isConnected) return;
    const next = rows.slice(at).find((row) => row.isConnected) || rows.slice(0, at).findLast((row) => row.isConnected);
    (next && $("a, button, summary", next))?.focus();
  };
}

// Without what the browser writes in it by itself ("5 minutes ago", seconds that count up), what somebody
// opened in it by hand, and the forgery token, which is another text each time.
function textOf(row) {
  const copy = row.cloneNode(true);
  for (const one of $$("time[data-relative], [data-since], [data-by-hand]", copy)) one.textContent = "";
  for (const one of $$("input[name=csrf_token]", copy)) one.removeAttribute("value");
  return copy.outerHTML;
}

function inUse(row) {
  const active = document.activeElement;
  return Boolean($("details[open]", row)) || (row.contains(active) && active.matches(FIELDS)) || $$("audio", row).some((one) => !one.paused);
}

// All of it at once, so that no button becomes another one under the pointer. What was typed is taken along.
function redraw(row, fresh) {
  const active = row.contains(document.activeElement) ? document.activeElement : null;
  const typed = $$(FIELDS, row).filter((field) => field.name && field.value !== (field.defaultValue ?? field.value));
  const marks = fresh.attributes;
  for (const { name } of [...row.attributes]) if (!marks[name]) row.removeAttribute(name);
  for (const { name, value } of marks) row.setAttribute(name, value);
  row.replaceChildren(...fresh.childNodes);
  for (const field of typed) {
    const now = $$(FIELDS, row).find((one) => one.name === field.name && one.type === field.type);
    if (now) now.value = field.value;
  }
  if (active) ($$("a, button, summary, input, select", row).find((one) => like(one) === like(active)) || $("a, button", row))?.focus();
}

const like = (control) => JSON.stringify([control.tagName, { ...control.dataset }, control.name, control.value, control.getAttribute("aria-label"), control.getAttribute("href")]);
