// The pop on the desk: who is calling, drawn at once from the message itself (no request between
// ring and name); the rest of the card is then fetched from the server.
import { $, badge, h, icon, revive } from "./dom.js";
import { locale, t } from "./i18n.js";

export function drawPop(box, item, choose) {
  const source = item.pop || item.call;
  const draw = source.customers.length > 1 ? several : source.customers.length === 1 ? one : nobody;
  box.dataset.match = source.match;
  box.dataset.callId = item.id;
  box.replaceChildren(...draw(source, choose));
  revive(box);
}

function one(source) {
  const customer = source.customers[0];
  const under = [customer.organization, customer.position].filter(Boolean).join(" · ");
  return [
    h("div", { class: "card-head" },
      h("a", { class: "card-name", href: `/customers/${customer.id}`, "hx-boost": "true" }, customer.display_name),
      h("div", { class: "chips" }, chips(customer)),
      under ? h("div", { class: "muted" }, under) : null,
      h("div", { class: "number" }, icon("phone", 16), source.number_text || (customer.phones_text || [])[0] || "")),
  ];
}

function several(source, choose) {
  const options = source.customers.map((customer, index) => h("li", {},
    h("button", { type: "button", class: "choice", dataset: { key: index + 1, customer: customer.id }, onclick: () => choose(customer) },
      index < 9 ? h("kbd", {}, String(index + 1)) : h("span"),
      h("span", { class: "choice-name" }, customer.display_name,
        h("small", { class: "muted" }, [customer.organization, customer.city].filter(Boolean).join(" · "))),
      h("span", { class: "chips" }, chips(customer)))));
  return [
    h("h2", { class: "pop-title" }, icon("users"), t("Who is calling?")),
    h("p", { class: "number" }, icon("phone", 16), source.number_text),
    h("p", { class: "muted" }, t("Several customers share this number. Press a number key or click; the call is then theirs.")),
    h("ol", { class: "choices" }, options),
  ];
}

function nobody(source) {
  if (source.match === "withheld") {
    return [
      h("h2", { class: "pop-title" }, icon("eye-off"), t("Hidden number")),
      h("p", {}, t("The caller does not show a number, so nobody can be matched. Ask who is calling, then search with / and write a note.")),
    ];
  }
  if (source.match === "internal" || source.direction === "internal") {
    return [h("h2", { class: "pop-title" }, icon("headset"), source.caller_name || source.number_text), h("p", { class: "muted" }, t("A call between our own phones."))];
  }
  return [
    h("h2", { class: "pop-title" }, icon("user-question"), source.caller_name || t("Unknown caller")),
    h("p", { class: "number" }, icon("phone", 16), source.number_text),
  ];
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

// Right column: what we know of the call itself.
export function drawNow(box, item) {
  const source = item.pop || item.call;
  const rows = [
    [t("Queue"), source.queue],
    [t("Dialed"), source.dialed_text],
    [t("Line"), source.trunk],
    [t("Route"), source.route],
    [t("Why"), source.reason === source.route ? "" : source.reason],
  ].filter(([, value]) => value);
  const waiting = source.waiting_since || item.call?.started_at;
  box.replaceChildren(
    h("h2", { class: "panel-title" }, t("Now")),
    h("dl", { class: "facts" },
      h("div", {}, h("dt", {}, t("In the call")), h("dd", { class: "tabular", dataset: { since: waiting || "" } })),
      rows.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
  );
}

export function chooseByKey(key) {
  const button = $(`.choice[data-key="${key}"]`);
  if (!button) return false;
  button.click();
  return true;
}
