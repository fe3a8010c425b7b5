// The supervisor's list of live calls: rows drawn from the state, nothing polled.
import { badge, h, icon, revive } from "./dom.js";
import { locale, t } from "./i18n.js";
import { current, watch } from "./realtime.js";
import { drawTicking } from "./time.js";

const LOOKS = {
  waiting: () => badge("ringing", "clock", t("Waiting")),
  ringing: () => badge("ringing", "bell-ringing", t("Ringing")),
  talking: () => badge("talking", "phone-call", t("Talking")),
};

export function startLive() {
  watch((state) => draw(state));
}

export const mountLive = () => draw(current().state);

function draw(state) {
  const body = document.getElementById("live-calls");
  if (!body || !state.ready) return;
  const calls = Object.values(state.calls).sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
  body.replaceChildren(...calls.map(row));
  revive(body);
  document.getElementById("live-empty").hidden = calls.length > 0;
  document.getElementById("live-table").hidden = calls.length === 0;
  document.getElementById("live-count").textContent = new Intl.NumberFormat(locale).format(calls.length);
  drawTicking();
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
      h("span", { class: "muted tabular" }, who ? call.number_text : "")),
    h("td", {}, call.queue_title || call.queue || (call.direction === "outbound" ? h("span", {}, icon("phone-outgoing", 16), " ", call.dialed_text) : "–")),
    h("td", {}, people.join(", ") || "–"));
}
