// The supervisor's list of live calls: rows drawn from the state, nothing polled.
import { callsAsked } from "./deskState.js";
import { badge, h, icon, revive } from "./dom.js";
import { locale, t } from "./i18n.js";
import { current, watch } from "./realtime.js";
import { stepMenu } from "./supervision.js";
import { drawTicking } from "./time.js";

const LOOKS = {
  waiting: () => badge("ringing", "clock", t("Waiting")),
  ringing: () => badge("ringing", "bell-ringing", t("Ringing")),
  talking: () => badge("talking", "phone-call", t("Talking")),
};

export function startLive() {
  watch(["calls"], draw);
}

export const mountLive = () => draw(current().state);

function draw(state) {
  const body = document.getElementById("live-calls");
  if (!body || !state.ready) return;
  const calls = callsAsked(state, document.getElementById("live-table").dataset).sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
  place(body, calls.map(rowOf));
  document.getElementById("live-empty").hidden = calls.length > 0;
  document.getElementById("live-table").hidden = calls.length === 0;
  document.getElementById("live-count").textContent = new Intl.NumberFormat(locale).format(calls.length);
  drawTicking();
}

// A row stays the same element while its call does, so that no open menu and no press is lost.
const rows = new Map();

function rowOf(call) {
  const picture = JSON.stringify(call);
  const known = rows.get(call.call_id);
  if (known?.dataset.picture === picture) return known;
  const made = row(call);
  made.dataset.picture = picture;
  rows.set(call.call_id, made);
  revive(made);
  return made;
}

function place(body, wanted) {
  const kept = new Set(wanted);
  for (const one of [...body.children]) if (!kept.has(one)) one.remove();
  for (const [key, one] of rows) if (!kept.has(one)) rows.delete(key);
  wanted.forEach((one, at) => body.children[at] !== one && body.insertBefore(one, body.children[at] || null));
}

function row(call) {
  const names = JSON.parse(document.getElementById("live-table").dataset.users);
  const people = call.parties.filter((party) => party.state !== "ended").map((party) => names[party.user_id] || party.number);
  const who = call.customers.map((customer) => customer.display_name).join(", ") || call.caller_name;
  const link = call.interaction_id ? `/interactions/${call.interaction_id}` : null;
  return h("tr", { dataset: { call: call.call_id } },
    h("td", {}, (LOOKS[call.state] || LOOKS.waiting)()),
    h("td", { class: "tabular", dataset: { since: (call.state === "talking" && call.answered_at) || call.started_at || "" } }),
    h("td", {}, link ? h("a", { href: link, "hx-boost": "true" }, who || call.number_text || t("Hidden number")) : who, " ",
      h("span", { class: "muted tabular" }, who && who !== call.number_text ? call.number_text : "")),
    h("td", {}, call.queue_title || call.queue || (call.direction === "outbound" ? h("span", {}, icon("phone-outgoing", 16), " ", call.dialed_text) : "–")),
    h("td", {}, people.join(", ") || "–"),
    h("td", { class: "end span-card" }, stepMenu(call)));
}
