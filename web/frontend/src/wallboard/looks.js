// Words, icons and elements that the board at a desk and the one on a wall have in common.
import { h, icon } from "../element.js";
import { locale, t } from "../i18n.js";
import { now, shortClock } from "../time.js";
import { Figure } from "./inPlace.js";

export const STATE_LOOKS = {
  ready: ["ready", "circle-check", () => t("Ready")],
  ringing: ["ringing", "bell-ringing", () => t("Ringing")],
  talking: ["talking", "phone-call", () => t("Talking")],
  hold: ["hold", "phone-pause", () => t("On hold")],
  wrap_up: ["wrap", "writing", () => t("Wrap-up")],
  paused: ["paused", "player-pause", () => t("Pause")],
  offline: ["offline", "circle-off", () => t("Offline")],
};
const PAUSES = {
  break: () => t("Break"),
  lunch: () => t("Lunch"),
  meeting: () => t("Meeting"),
  training: () => t("Training"),
  paperwork: () => t("Paperwork"),
};

// A title that nobody changed is in the reader's language; one that somebody wrote stands as written.
function pauseWord({ reason, reason_title: title }) {
  const ours = PAUSES[reason];
  return ours && (!title || title.toLowerCase() === reason.toLowerCase()) ? ours() : title || reason;
}

// A pause with its reason: "Pause: Lunch".
export function stateWords(one) {
  const word = STATE_LOOKS[one.state][2]();
  return one.state === "paused" && one.reason ? `${word}: ${pauseWord(one)}` : word;
}

export function chip(tone, iconName, word) {
  return h("span", { class: `chip tone-${tone}` }, icon(iconName, 16), h("span", {}, word));
}

export function callerChips(caller) {
  return [
    caller.vip ? chip("vip", "crown", t("VIP {level}", { level: caller.vip })) : null,
    caller.debtor ? chip("debtor", "receipt", t("Owes")) : null,
    caller.blocked ? chip("blocked", "ban", t("Blocked")) : null,
    caller.new ? chip("new", "bolt", t("New")) : null,
  ].filter(Boolean);
}

export const callerName = (caller) => caller.name || caller.number || (caller.withheld ? t("Hidden number") : t("Caller"));

export function ticking(since, now) {
  return figure({ since }, now);
}

export function figure(shown, now) {
  const made = new Figure();
  made.draw(shown, now);
  return made.element;
}

// A pause becomes longer than its reason allows while nothing else changes.
export function markLate(root, now) {
  for (const element of root.querySelectorAll("[data-late]")) element.classList.toggle("is-late", now > Date.parse(element.dataset.late));
}

const METRICS = {
  waiting: () => t("Too many wait"),
  longest_wait: () => t("Somebody waits too long"),
  ready: () => t("Too few are ready"),
  service_level_now: () => t("Service level now is off its goal"),
  service_level_today: () => t("Service level today is off its goal"),
  abandoned_today: () => t("Too many hung up today"),
  abandonment_today: () => t("Too many hung up today"),
  callbacks_waiting: () => t("Too many call-backs wait"),
  paused_over: () => t("Pauses are longer than allowed"),
  pbx_down: () => t("The PBX is away"),
  default_way: () => t("Calls went the default way"),
};

export function alertWords(alert, whole = false) {
  const what = alert.title || METRICS[alert.metric]?.() || alert.metric;
  const where = whole && alert.of ? `${alert.of}: ${what}` : what;
  if (!alert.acknowledged) return where;
  return alert.who ? t("{what} – {who} takes care of it", { what: where, who: alert.who }) : t("{what} – somebody takes care of it", { what: where });
}

// The alert of a tile: colour, icon and words; nothing where there is none.
export function alertMark(alert) {
  if (!alert) return null;
  const words = alertWords(alert);
  return h("span", { class: "board-alert", title: words }, icon("alert-triangle", 16), h("span", {}, words));
}

export const alertClass = (alert) => (alert ? ` has-alert alert-${alert.level}${alert.acknowledged ? " is-acknowledged" : ""}` : "");

export const goalWords = ({ goal: [seconds, percent] }) => t("Goal: {percent} % within {seconds} s", { percent, seconds });

// What is wrong with the data, in words; the worst first. `zone`: whose clock the screen shows.
export function troubles(state, link, age, away, zone) {
  const told = [];
  if (link !== "up") told.push(t("No connection to the server: these figures are old. Trying again…"));
  else if (age.stale) told.push(t("No fresh figures for {time}: what you see may be old.", { time: shortClock(age.live ?? 0) }));
  for (const one of away) told.push(t("The PBX {name} has been away since {time}: its calls and states since then are not known.", { name: one.pbx, time: momentIn(one.away, zone) }));
  const why = state.tiles.troubles || [];
  if (why.includes("database")) told.push(t("The database does not answer: what is counted there is not renewed."));
  if (why.includes("bus")) told.push(t("News of calls does not get here: figures are read from the database every few seconds."));
  if (age.countedStale) told.push(t("Figures of today are {time} old.", { time: shortClock(age.counted) }));
  return told;
}

function momentIn(moment, zone) {
  const day = (at) => new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone: zone }).format(at);
  const at = new Date(moment);
  const date = day(at) === day(now()) ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(locale, { ...date, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(at);
}

export function ageWords(state, age) {
  if (age.live === null) return "";
  const fresh = t("{time} old", { time: shortClock(age.live) });
  const differed = state.about.differences;
  return differed ? `${fresh} · ${t("{count} corrected from the database", { count: differed })}` : fresh;
}
