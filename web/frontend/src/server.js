// Requests that scripts make themselves: the forgery token goes with each, a failure has words.
import { t } from "./i18n.js";

export const token = () => document.querySelector('meta[name="csrf-token"]').content;

// The session is over: to the log-in, and back here. Requests and the link learn it in the same moment; a
// second reload would break off the first on its way. What is typed is put aside before.
const LEAVING = 10_000;
const KEEPING = 2000;
let leaving = false;
let keep = () => null;

// act(): a promise while there is something to put aside.
export const beforeLeaving = (act) => (keep = act);

export function leave() {
  if (leaving) return;
  leaving = true;
  setTimeout(() => (leaving = false), LEAVING); // who stayed, in a call on the soft phone, is led there later
  const kept = keep();
  if (kept) within(KEEPING, kept).then(() => location.reload());
  else location.reload();
}

// Settled with the promise, or when it takes too long.
export const within = (time, promise) => Promise.race([promise.catch(() => {}), new Promise((done) => setTimeout(done, time))]);

// What was sent to an address last and is not taken: it is under way, or the session was over.
const untaken = new Map();
export const untakenAt = (url) => untaken.get(url);

export async function post(url, values) {
  untaken.set(url, values);
  const forget = () => untaken.get(url) === values && untaken.delete(url);
  const answer = await send(url, values).catch((problem) => {
    forget();
    throw problem;
  });
  if (answer.status !== 401) forget();
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  throw await problemOf(answer);
}

async function send(url, values) {
  try {
    return await fetch(url, {
      method: "POST",
      body: new URLSearchParams(values),
      headers: { "X-CSRFToken": token(), Accept: "application/json", "X-Requested-With": "fetch" },
      keepalive: true,
    });
  } catch {
    throw new Error(t("The server cannot be reached."));
  }
}

// A piece of a page from the server, as elements that are not in the page yet. target: the id of the
// part that is wanted, where an address has the whole page too.
export async function getPiece(url, target = "") {
  let answer;
  try {
    answer = await fetch(url, { headers: { "HX-Request": "true", ...(target && { "HX-Target": target }), Accept: "text/html" } });
  } catch {
    throw new Error(t("The server cannot be reached."));
  }
  if (answer.status === 401) leave();
  if (!answer.ok) throw new Error(t("The server refused it."));
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

// JSON that only helps: without it a page does as well.
export async function getFacts(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" } }).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}

// The server's words, with its `code` (what went wrong) and the HTTP status for who must tell them apart.
async function problemOf(answer) {
  const problem = new Error(t("The server refused it."));
  problem.status = answer.status;
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 401) problem.message = t("You are signed out; log in again in another tab.");
  else if (said?.message) problem.message = said.message;
  problem.code = said?.code || "";
  problem.problems = said?.problems; // [{field, message}], where several things are to be mended
  return problem;
}
