// The pop on the desk: who is calling, drawn at once from the message itself (no request between
// ring and name); the rest of the card is then fetched from the server.
import { $, badge, h, icon, revive } from "./dom.js";
import { partyOf } from "./deskState.js";
import { locale, t } from "./i18n.js";
import { me } from "./realtime.js";
import { clockOrDay, shortClock } from "./time.js";

export const sourceOf = (item) => item.pop || item.call;

export function drawPop(box, item, choose) {
  const source = sourceOf(item);
  const offered = source.customers.length > 1 || source.match === "several";
  const draw = !source.customers.length ? nobody : offered ? several : one;
  box.dataset.match = source.match;
  box.dataset.callId = item.id;
  box.replaceChildren(...[calledBack(source), handedOver(source), ...draw(source, choose)].filter(Boolean));
  revive(box);
}

// Why the operator's own phone rings: somebody asked to be called back.
function calledBack(source) {
  const words = callbackWords(source);
  return words && h("p", { class: "handed tone-calm", dataset: { callback: source.callback.request_id } }, icon("phone-outgoing", 16), h("span", {}, words));
}

export function callbackWords(source) {
  if (!source?.callback) return "";
  const who = source.customers.length === 1 ? source.customers[0].display_name : source.number_text;
  return t("Call-back for {who}, asked at {time}", { who: who || t("Unknown caller"), time: clockOrDay(source.callback.asked_at) });
}

// After a transfer: from whom, and how long the caller has been speaking with us.
function handedOver(source) {
  if (!source.handed_by) return null;
  return h("p", { class: "handed tone-calm" }, icon("transfer-in", 16),
    h("span", {}, t("From {name}", { name: source.handed_by.name || t("a colleague") })),
    source.answered_at ? ["·", h("span", { class: "tabular", dataset: { since: source.answered_at, short: "yes" } }), h("span", {}, t("in the call"))] : null);
}

function one(source) {
  const customer = source.customers[0];
  const under = [customer.position, customer.organization].filter(Boolean).join(" · ");
  return [
    h("div", { class: "card-head" },
      h("div", { class: "card-line" },
        h("a", { class: "card-name", href: `/customers/${customer.id}`, "hx-boost": "true" }, customer.display_name),
        h("div", { class: "chips" }, chips(customer))),
      h("div", { class: "muted card-under" }, [under, customer.city, (customer.language || "").toUpperCase()].filter(Boolean).join(" · ")),
      number(source, source.number_text || (customer.phones_text || [])[0] || "", customer.display_name)),
    whose(source, true),
  ];
}

function several(source, choose) {
  const options = source.customers.map((customer, index) => h("li", {},
    h("button", { type: "button", class: "choice", dataset: { key: index + 1, customer: customer.id }, onclick: () => choose(customer) },
      index < 9 ? h("kbd", {}, String(index + 1)) : h("span"),
      h("span", { class: "choice-name" }, customer.display_name,
        h("small", { class: "muted" }, [customer.organization, customer.city].filter(Boolean).join(" · "))),
      h("span", { class: "chips" }, customer.id === source.last_chosen ? badge("calm", "history", t("Last time")) : null, chips(customer)))));
  return [
    h("h2", { class: "pop-title" }, icon("users"), t("Who is calling?")),
    number(source, source.number_text),
    source.organization ? h("p", { class: "card-line" }, icon("building", 16), h("strong", {}, source.organization)) : null,
    h("p", { class: "muted" }, source.organization
      ? t("This is the number of a whole organisation. Press a number key or click on whoever it is; the call is then theirs.")
      : t("Several customers share this number. Press a number key or click; the call is then theirs.")),
    h("ol", { class: "choices" }, options),
    whose(source, true),
  ];
}

function nobody(source) {
  if (source.match === "withheld") {
    return [
      h("h2", { class: "pop-title" }, icon("eye-off"), t("Hidden number")),
      h("p", {}, t("The caller does not show a number, so nobody can be matched. Ask who is calling, then find their card and write a note.")),
      whose(source, false),
    ];
  }
  if (source.match === "internal" || source.direction === "internal") {
    return [h("h2", { class: "pop-title" }, icon("headset"), source.caller_name || source.number_text), h("p", { class: "muted" }, t("A call between our own phones."))];
  }
  return [
    h("h2", { class: "pop-title" }, icon("user-question"), source.caller_name || t("Unknown caller")),
    number(source, source.number_text),
    whose(source, false),
  ];
}

// Whoever has no name yet is called by the number: then it stands there already.
function number(source, text, name = "") {
  const e164 = source.number_display_e164 || source.number_e164 || "";
  return h("div", { class: "number" }, text === name ? null : [icon("phone", 16), h("span", {}, text || "–")],
    e164 ? h("button", { type: "button", class: "btn btn-plain btn-icon btn-small", dataset: { copy: e164 }, title: t("Copy the number"), "aria-label": t("Copy the number") }, icon("copy", 16)) : null);
}

// Whose contact it is, said by a person: another customer, or nobody we know.
function whose(source, known) {
  if (!source.interaction_id) return null;
  const customer = source.customers.length === 1 ? source.customers[0].id : "";
  const link = { whose: source.interaction_id, customer };
  return h("div", { class: "whose" },
    h("button", { type: "button", class: "btn btn-plain btn-small", dataset: link }, icon("user-search", 16), known ? t("Somebody else") : t("Find the customer")),
    known ? h("button", { type: "button", class: "btn btn-plain btn-small", dataset: { ...link, who: "none" } }, icon("user-x", 16), t("Nobody we know")) : null);
}

export function chips(customer) {
  return [
    customer.vip_level > 0 ? badge("vip", "crown", t("VIP {level}", { level: customer.vip_level })) : null,
    customer.overdue_minor > 0 ? badge("debtor", "receipt", t("Owes {amount}", { amount: money(customer.overdue_minor, customer.currency) })) : null,
    customer.blocked ? badge("blocked", "ban", t("Blocked")) : null,
    customer.confirmed === false ? badge("new", "bolt", t("New")) : null,
  ].filter(Boolean);
}

function money(minor, currency) {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency }).formatToParts(minor / 100);
  const sign = parts.find((part) => part.type === "currency").value;
  const amount = parts.filter((part) => !["currency", "literal"].includes(part.type)).map((part) => part.value);
  return `${amount.join("")}\u00a0${sign}`;
}

// Right column: what we know of the call itself. The rows are always there, so that nothing moves
// when a figure arrives; why it was sent here comes with the rest of the card.
export function drawNow(box, item) {
  const source = sourceOf(item);
  const why = $("#pop-why", box)?.childNodes || [];
  const rows = [
    [t("Queue"), source.queue_title || source.queue || "–"],
    [source.direction === "outbound" ? t("Called") : t("Dialed"), source.dialed_text || "–"],
    source.direction === "outbound" ? null : waited(item, source),
    source.menu?.length ? [t("Menu"), h("span", { class: "tabular" }, source.menu.join(" → "))] : null,
    // The PBX's own names help who looks after it, not who answers the caller.
    me.role !== "operator" && source.trunk ? [t("Line"), source.trunk] : null,
    me.role !== "operator" && source.route ? [t("Route"), source.route] : null,
  ].filter(Boolean);
  box.replaceChildren(
    h("h2", { class: "panel-title" }, t("Now")),
    h("dl", { class: "facts facts-tight" }, rows.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
    h("div", { id: "pop-why", class: "muted small" }, ...why),
  );
}

// It ticks from when they came into the queue, and stands still once somebody answers.
function waited(item, source) {
  const since = source.waiting_since || item.call?.started_at;
  const answered = item.phase === "ringing" ? null : partyOf(item, me)?.since || source.answered_at;
  if (!answered) return [t("Waiting"), h("span", { class: "tabular waiting", role: "timer", dataset: { since: since || "", short: "yes" } })];
  return [t("Waited"), h("span", { class: "tabular" }, since ? shortClock((Date.parse(answered) - Date.parse(since)) / 1000) : "–")];
}

export function chooseByKey(key) {
  $(`.choice[data-key="${key}"]`)?.click();
}
