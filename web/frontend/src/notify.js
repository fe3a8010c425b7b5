// Notifications of the system while the tab is hidden, asked for by a button only; the figure on
// the installed icon. They are shown by the service worker, so that several tabs make one.
import { $, $$, toast } from "./dom.js";
import { t } from "./i18n.js";
import { watch } from "./realtime.js";

const NAMES = "notify-names";
const worker = () => navigator.serviceWorker;

export function startNotify() {
  if (worker()) {
    worker().register("/sw.js").catch(() => {}); // a browser that keeps none works as well
    worker().addEventListener("message", ({ data }) => data?.type === "go" && go(data.url));
  }
  watch(["pops"], ringing);
  watch(["counts"], ({ counts }) => badge(counts));
  document.addEventListener("click", onClick);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-notify-names]")) localStorage.setItem(NAMES, event.target.checked ? "yes" : "no");
  });
}

// secret: the words name a customer, and are shown only to who allowed names on this computer.
export async function notify({ tag, title, body = "", url = "/desk", secret = false, stays = false }) {
  if (!document.hidden || !granted()) return;
  const named = !secret || namesAllowed();
  const words = named ? { title, body } : { title: t("Call center"), body: t("Something is due.") };
  (await ready())?.postMessage({ type: "show", tag, url, stays, ...words });
}

export async function unnotify(tag) {
  if (granted()) (await ready())?.postMessage({ type: "close", tag });
}

const granted = () => "Notification" in window && Notification.permission === "granted" && Boolean(worker());
const namesAllowed = () => localStorage.getItem(NAMES) === "yes";
const ready = async () => (await worker().ready).active;

// --- the ringing call -----------------------------------------------------------------------

const rung = new Set();

function ringing(state) {
  const now = new Set(Object.values(state.pops).filter((pop) => pop.phase === "ringing").map((pop) => pop.call_id));
  for (const id of now) if (!rung.has(id)) announceCall(state.pops[id]);
  for (const id of rung) if (!now.has(id)) unnotify(`call-${id}`);
  rung.clear();
  for (const id of now) rung.add(id);
}

function announceCall(pop) {
  const name = pop.customers.length === 1 ? pop.customers[0].display_name : pop.caller_name;
  const who = [...new Set([name, pop.number_text])].filter(Boolean).join(" · ");
  notify({ tag: `call-${pop.call_id}`, title: pop.callback ? t("A call-back for you") : t("Incoming call"), body: namesAllowed() ? who : pop.queue, stays: true });
}

// --- the figure on the icon -------------------------------------------------------------------

let badged = -1;

function badge({ tasks_overdue = 0, unread = 0 }) {
  const count = tasks_overdue + unread;
  if (count === badged || !navigator.setAppBadge) return;
  badged = count;
  (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
}

// --- asking for leave ---------------------------------------------------------------------------

export function mountNotify(root = document) {
  for (const box of $$("[data-notify-settings]", root)) drawSettings(box);
}

function drawSettings(box) {
  const able = "Notification" in window && Boolean(worker());
  const state = able ? Notification.permission : "unsupported";
  for (const part of $$("[data-notify-when]", box)) part.hidden = !part.dataset.notifyWhen.split(" ").includes(state);
  const names = $("[data-notify-names]", box);
  if (names) names.checked = namesAllowed();
}

async function onClick(event) {
  if (!event.target.closest("[data-notify-ask]")) return;
  const answer = await Notification.requestPermission();
  toast(answer === "granted" ? t("Notifications are on.") : t("This browser shows no notifications of ours."), answer === "granted" ? "ok" : "calm");
  mountNotify();
}

function go(url) {
  window.focus();
  if (location.pathname === url) return;
  const link = document.createElement("a");
  link.href = url;
  const known = $(`#rail a[href="${CSS.escape(url)}"]`);
  if (known) known.click();
  else if (link.origin === location.origin) location.assign(link.href);
}

