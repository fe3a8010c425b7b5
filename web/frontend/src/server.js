// Requests that scripts make themselves: the forgery token goes with each, a failure has words.
import { t } from "./i18n.js";

export const token = () => document.querySelector('meta[name="csrf-token"]').content;

export async function post(url, values) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(values),
      headers: { "X-CSRFToken": token(), Accept: "application/json", "X-Requested-With": "fetch" },
      keepalive: true,
    });
  } catch {
    throw new Error(t("The server cannot be reached."));
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  throw new Error(await wordsOf(answer));
}

// A piece of a page from the server, as elements that are not in the page yet.
export async function getPiece(url) {
  let answer;
  try {
    answer = await fetch(url, { headers: { "HX-Request": "true", Accept: "text/html" } });
  } catch {
    throw new Error(t("The server cannot be reached."));
  }
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(t("The server refused it."));
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

async function wordsOf(answer) {
  if (answer.status === 401) return t("You are signed out; log in again in another tab.");
  try {
    return (await answer.json()).message || t("The server refused it.");
  } catch {
    return t("The server refused it.");
  }
}
