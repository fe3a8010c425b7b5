// Time by the server's clock: the offset is measured over the link, ticking figures are redrawn with
// every second of it, relative times twice a minute.
import { everySecond, onTheBeat } from "./everySecond.js";
import { locale, t } from "./i18n.js";
import { Offset } from "./offset.js";

const offset = new Offset(Number(document.body?.dataset.serverTime || Date.now()) - Date.now());

export const now = () => Date.now() + offset.ahead;

// Told by the way, and measured by asking for it.
export const tellServerTime = (serverTime) => offset.tell(serverTime, Date.now());
export const measureServerTime = (serverTime, roundTrip) => offset.measure(serverTime, roundTrip, Date.now());

export function clock(seconds) {
  const total = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const pad = (value) => String(value).padStart(2, "0");
  return `${pad(hours)}:${pad(minutes)}:${pad(rest)}`;
}

// 4:31, or 1:02:03: as durations stand everywhere else.
export function shortClock(seconds) {
  return clock(seconds).replace(/^00:0?/, "").replace(/^0(?=\d:\d\d:)/, "");
}

export function timeOfDay(moment) {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: document.body.dataset.timeZone || undefined,
  }).format(moment);
}

// 14:03; of another day with its date.
export function clockOrDay(moment, reference = now()) {
  const options = { day: "numeric", month: "short", timeZone: document.body.dataset.timeZone || undefined };
  const day = (at) => new Intl.DateTimeFormat(locale, options).format(at);
  const at = new Date(moment);
  return day(at) === day(reference) ? timeOfDay(at) : `${timeOfDay(at)}, ${day(at)}`;
}

const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

export function relative(moment, reference = now()) {
  const seconds = (moment - reference) / 1000;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return t("just now");
}

export const drawTicking = everySecond(() => [...document.querySelectorAll("[data-since]")].map(drawSince), now);

function drawSince(element) {
  const since = onTheBeat(Date.parse(element.dataset.since));
  const show = element.dataset.short ? shortClock : clock;
  const text = Number.isNaN(since) ? "" : show((now() - since) / 1000);
  if (element.textContent !== text) element.textContent = text;
  return since;
}

const RECENT = 7 * 86400 * 1000;

export function drawRelative(root = document) {
  for (const element of root.querySelectorAll("time[data-relative]")) {
    const moment = Date.parse(element.dateTime);
    if (now() - moment < RECENT) element.textContent = relative(moment);
  }
}

export function startClock() {
  drawTicking();
  drawRelative();
  setInterval(drawRelative, 30000);
}
