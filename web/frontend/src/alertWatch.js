// Figures that crossed a threshold: each stands on every supervisor's screen, with one sound, until one
// of them looks after it or the figure is back. The words are of metrics; the values live from the state.
import { action, drawAlerts } from "./alerts.js";
import { readAnew } from "./anew.js";
import { $, $$, h, toast } from "./dom.js";
import { t, tn } from "./i18n.js";
import { notify, unnotify } from "./notify.js";
import { current, me, watch } from "./realtime.js";
import { post } from "./server.js";
import { chime } from "./sound.js";

const HEARD = "alerts-heard";
const MOST = 3;
const shown = new Set();

const METRICS = {
  waiting: ({ value }) => tn("{count} caller waits", "{count} callers wait", value),
  longest_wait: ({ value }) => t("A caller has waited for {time}", { time: clock(value) }),
  ready: ({ value }) => tn("{count} operator is ready", "{count} operators are ready", value),
  service_level_now: ({ value }) => t("Service level of the last 30 minutes: {value} %", { value: short(value) }),
  service_level_today: ({ value }) => t("Service level today: {value} %", { value: short(value) }),
  abandoned_today: ({ value }) => tn("{count} caller gave up today", "{count} callers gave up today", value),
  abandonment_today: ({ value }) => t("{value} % of callers gave up today", { value: short(value) }),
  callbacks_waiting: ({ value }) => tn("{count} call-back waits", "{count} call-backs wait", value),
  paused_over: ({ value }) => tn("{count} operator is paused beyond the limit", "{count} operators are paused beyond the limit", value),
  pbx_down: ({ value }) => tn("{count} PBX cannot be reached", "{count} PBXs cannot be reached", value),
  default_way: ({ value }) => tn("{count} call took the default way", "{count} calls took the default way", value),
};

export function startAlertWatch() {
  if (me.role === "operator") return;
  const redraw = () => current().state.ready && draw(Object.values(current().state.alerts));
  watch(["alerts"], redraw);
  document.addEventListener("change", ({ target }) => showUnit(target));
  document.addEventListener("htmx:afterSettle", (event) => event.detail.target?.id === "main" && redraw());
}

// Beside the numbers of a form stands the unit of the figure that they are for; below it, that no
// history of it is kept.
function showUnit(select) {
  const { unit, untold } = select.selectedOptions?.[0]?.dataset || {};
  for (const place of $$(`[data-untold-of="${select.id}"]`)) place.hidden = untold === undefined;
  if (unit) for (const place of $$(`[data-unit-of="${select.id}"]`)) place.textContent = unit;
}

function draw(alerts) {
  const items = alerts.filter((one) => one.browser && !one.acknowledged_at && !one.closed_at).sort(order);
  drawAlerts("threshold", boxesOf(items));
  const now = new Set(items.map((one) => `alert-${one.id}`));
  for (const one of items) sound(one);
  for (const tag of shown) if (!now.has(tag)) unnotify(tag);
  refresh(alerts);
  shown.clear();
  for (const tag of now) shown.add(tag);
}

// The page of alerts, drawn anew as one changes; it may have been drawn before the link stood.
let drawn = "";

function refresh(alerts) {
  const picture = JSON.stringify(alerts.map((one) => [one.id, one.level, one.value, one.acknowledged_at]));
  const place = $("[data-alerts-open]");
  if (drawn === picture || !place) return;
  drawn = picture;
  readAnew(place, place.dataset.alertsOpen).catch((problem) => toast(problem.message, "bad"));
}

// The page of alerts shows them itself; elsewhere a few, so that a bad hour leaves room to work.
function boxesOf(items) {
  if ($("[data-alerts-open]")) return [];
  const left = items.length - MOST;
  return left > 1 ? [...items.slice(0, MOST).map(itemOf), moreOf(items.slice(MOST))] : items.map(itemOf);
}

function moreOf(items) {
  return {
    key: "more",
    tone: items[0].level === "red" ? "bad" : "warn",
    icon: "alert-triangle",
    title: tn("{count} more alert", "{count} more alerts", items.length),
    text: "",
    steady: items[0].level,
    actions: () => [h("a", { class: "btn", href: "/alerts", "hx-boost": "true" }, t("Show all"))],
  };
}

const order = (a, b) => rank(a) - rank(b) || Date.parse(a.opened_at) - Date.parse(b.opened_at);
const rank = (one) => (one.level === "red" ? 0 : 1);

function itemOf(one) {
  return {
    key: String(one.id),
    tone: one.level === "red" ? "bad" : "warn",
    icon: "alert-triangle",
    title: titleOf(one),
    text: textOf(one),
    steady: one.level,
    actions: () => [
      action(t("I look after it"), () => post(`/alerts/${one.id}/acknowledge`, {}), "btn btn-primary"),
      h("a", { class: "btn", href: "/alerts", "hx-boost": "true" }, t("Alerts")),
    ],
  };
}

const titleOf = (one) => [one.subject_title, (METRICS[one.metric] || (() => one.metric))(one)].filter(Boolean).join(": ");

function textOf(one) {
  const bound = one.unit === "seconds" ? clock(one.bound) : one.unit === "percent" ? `${short(one.bound)} %` : short(one.bound);
  const told = one.comparison === "at_least" ? t("Told from {bound} up", { bound }) : t("Told from {bound} down", { bound });
  const minutes = one.sustained_minutes ? tn("for {count} minute", "for {count} minutes", one.sustained_minutes) : "";
  return [one.title, [told, minutes].filter(Boolean).join(" ")].filter(Boolean).join(" · ");
}

const short = (value) => String(Math.round(value * 10) / 10);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// Once for each level of each alert on this computer, however many tabs there are.
function sound(one) {
  const key = `${one.id}-${one.level_at}`;
  const heard = remembered();
  if (heard.includes(key)) return;
  localStorage.setItem(HEARD, JSON.stringify([...heard.slice(-49), key]));
  chime(one.level === "red" ? 990 : 740);
  notify({ tag: `alert-${one.id}`, title: titleOf(one), body: textOf(one), url: "/alerts", stays: one.level === "red" });
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(HEARD)) || [];
  } catch {
    return [];
  }
}
