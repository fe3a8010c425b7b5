// The call bar: always at the bottom, on every page, drawn from the state alone.
import { badge, h, icon, revive } from "./dom.js";
import { currentCall, partyOf } from "./deskState.js";
import { t, tn } from "./i18n.js";
import { me, watch } from "./realtime.js";
import { drawTicking } from "./time.js";

const LOOKS = {
  ringing: () => ["ringing", "bell-ringing", t("Ringing")],
  answered: () => ["talking", "phone-call", t("Talking")],
};
const pageTitle = () => document.title.replace(/^☎ [^·]* · /, "");

let drawn = "";

export function startCallBar() {
  const bar = document.getElementById("callbar");
  watch((state, link) => {
    const item = currentCall(state, me);
    const picture = JSON.stringify([item, link, state.ready]);
    if (picture === drawn) return;
    drawn = picture;
    draw(bar, item, link);
    revive(bar);
    drawTicking();
    document.title = item?.phase === "ringing" ? `☎ ${nameOf(item)} · ${pageTitle()}` : pageTitle();
  });
}

function draw(bar, item, link) {
  bar.dataset.phase = item ? item.phase : "idle";
  bar.dataset.callId = item ? item.id : "";
  if (item) bar.replaceChildren(...call(item), linkState(link));
  else bar.replaceChildren(h("span", { class: "callbar-idle" }, icon("phone"), t("No call")), linkState(link));
}

function call(item) {
  const [tone, iconName, word] = LOOKS[item.phase]();
  const source = item.pop || item.call;
  return [
    badge(tone, iconName, word),
    h("span", { class: "callbar-clock", role: "timer", dataset: { since: sinceOf(item) } }),
    h("strong", { class: "callbar-name" }, nameOf(item)),
    h("span", { class: "callbar-number" }, numberOf(item)),
    source.queue ? h("span", { class: "callbar-queue" }, icon("users-group", 16), source.queue) : null,
    h("a", { class: "btn btn-primary callbar-open", href: "/desk", "hx-boost": "true" }, icon("headset"), t("Open on the desk")),
  ].filter(Boolean);
}

function linkState(link) {
  if (link === "up") return "";
  const text = link === "down" ? t("No connection: what you see may be old. Trying again…") : t("Connecting…");
  return h("span", { class: `chip tone-${link === "down" ? "bad" : "calm"} callbar-link`, role: "status" }, icon("wifi-off", 16), text);
}

function sinceOf(item) {
  const party = partyOf(item, me);
  return party?.since || item.call?.answered_at || item.pop?.waiting_since || item.call?.started_at || "";
}

export function nameOf(item) {
  const source = item.pop || item.call;
  if (source.customers.length === 1) return source.customers[0].display_name;
  if (source.match === "withheld") return t("Hidden number");
  if (source.customers.length > 1) return tSeveral(source.customers.length);
  return source.caller_name || t("Unknown caller");
}

const tSeveral = (count) => tn("{count} customer shares this number", "{count} customers share this number", count);

export function numberOf(item) {
  const source = item.pop || item.call;
  if (source.match === "withheld") return "";
  return source.direction === "outbound" && source.dialed_text ? source.dialed_text : source.number_text;
}
