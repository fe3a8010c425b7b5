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

async function wordsOf(answer) {
  if (answer.status === 401) return t("You are signed out; log in again in another tab.");
  try {
    return (await answer.json()).message || t("The server refused it.");
  } catch {
    return t("The server refused it.");
  }
}
