// The call bar: always at the bottom, on every page. Calls, clocks and names are the server's; what can
// be done with them comes from callControl. Buttons stay the same elements in their place while they are
// shown, so that no press and no focus is lost when something else changes.
import { badge, h, icon, announce, revive } from "./dom.js";
import { control, first, isOutgoing, items, startClickToCall, whyNot } from "./callControl.js";
import { partyOf } from "./deskState.js";
import { t, tn } from "./i18n.js";
import { onKey } from "./keyboard.js";
import { openKeypad } from "./phone/keypad.js";
import { phoneChip } from "./phone/panel.js";
import { drawRejoin } from "./phone/rejoin.js";
import { soundBars } from "./phone/soundBars.js";
import { phone, watchPhone } from "./phone/softPhone.js";
import { openTransfer } from "./phone/transfer.js";
import { startCommands } from "./phone/commands.js";
import { current, me, watch } from "./realtime.js";
import { listeners } from "./supervision.js";
import { clockOrDay, drawTicking } from "./time.js";

const LOOKS = {
  ringing: () => ["ringing", "bell-ringing", t("Ringing")],
  calling: () => ["ringing", "phone-outgoing", t("Calling")],
  talking: () => ["talking", "phone-call", t("Talking")],
  hold: () => ["hold", "player-pause", t("On hold")],
};
const pageTitle = () => document.title.replace(/^☎ [^·]* · /, "");
const recordingSlot = h("span", { id: "callbar-recording" });
const parts = {};
const buttons = new Map();
const seconds = new Map(); // line or call → its row
const openDesk = h("a", { class: "btn callbar-open", href: "/desk", "hx-boost": "true", title: t("Open on the desk") }, icon("headset"), h("span", {}, t("Open on the desk")));

let bar;
let drawn = "";
let told = "";

export function startCallBar() {
  bar = document.getElementById("callbar");
  for (const name of ["who", "others", "acts"]) parts[name] = h("div", { class: `callbar-${name}` });
  bar.replaceChildren(...Object.values(parts));
  startCommands();
  startClickToCall();
  registerKeys();
  watch(["mine", "agent", "supervision"], redraw);
  watchPhone(redraw);
  document.addEventListener("calls:changed", redraw);
}

function redraw() {
  const { state, link } = current();
  const mine = items();
  const picture = JSON.stringify([mine, link, state.ready, phone(), state.supervision]);
  if (picture === drawn) return;
  drawn = picture;
  draw(mine, link);
  revive(bar);
  drawTicking();
  tell(mine[0]);
  document.title = mine[0]?.status === "ringing" ? `☎ ${nameOf(mine[0])} · ${pageTitle()}` : pageTitle();
}

function draw([item, ...others], link) {
  bar.dataset.phase = item ? item.phase : "idle";
  bar.dataset.status = item ? item.status : "idle";
  bar.dataset.callId = item?.call || item?.pop ? item.id : "";
  const who = item ? facts(item) : idle();
  fill(parts.who, [...who, linkState(link)]);
  fill(parts.others, others.map(second));
  for (const [key, row] of seconds) if (!row.isConnected) seconds.delete(key);
  document.body.classList.toggle("with-call", Boolean(item));
  document.body.classList.toggle("with-second-call", others.length > 0);
  fill(parts.acts, [recordingSlot, ...(item ? acts(item) : []), phoneChip(button)]);
}

function fill(part, children) {
  const wanted = children.flat().filter(Boolean);
  const focus = document.activeElement?.closest?.("#callbar [data-act]")?.dataset.act;
  // What stays is not taken out: an element that was out while it was pressed hears of no click.
  for (const child of [...part.childNodes]) if (!wanted.includes(child)) child.remove();
  for (const [at, child] of wanted.entries()) if (child !== part.childNodes[at]) part.insertBefore(child, part.childNodes[at] ?? null);
  const lost = focus && bar.querySelector(`[data-act="${focus}"]`);
  if (lost && lost !== document.activeElement) lost.focus({ preventScroll: true });
}

function idle() {
  return [
    h("span", { class: "callbar-idle" }, icon("phone"), t("No call")),
    phone().hasPhone ? button("dial", "keyboard", t("Dial"), () => openKeypad(null), "", "btn-plain") : null,
  ];
}

function facts(item) {
  const [tone, iconName, word] = LOOKS[item.status]();
  const source = item.pop || item.call;
  return [
    badge(tone, iconName, word),
    h("span", { class: "callbar-clock", role: "timer", dataset: { since: sinceOf(item) } }),
    h("strong", { class: "callbar-name" }, nameOf(item)),
    h("span", { class: "callbar-number" }, numberOf(item)),
    source?.queue ? h("span", { class: "callbar-queue" }, icon("users-group", 16), source.queue_title || source.queue) : null,
    source?.callback ? badge("calm", "phone-outgoing", t("Call-back, asked at {time}", { time: clockOrDay(source.callback.asked_at) })) : null,
    source?.handed_by ? badge("calm", "transfer-in", t("From {name}", { name: source.handed_by.name || t("a colleague") })) : null,
    item.line?.muted ? badge("warn", "microphone-off", t("Muted")) : null,
    item.line?.remoteHeld ? badge("hold", "player-pause", t("The other side holds")) : null,
    ...listeners(item.id).map(heard),
    item.line?.sample ? soundBars(item.line.sample) : null,
    item.asking ? badge("hold", "users", t("Asking {name}", { name: item.asking.name })) : null,
    source ? openDesk : null,
  ];
}

// Shown where the centre's policy says so; who whispers is heard here alone, who joins in by both sides.
const STEPPED_IN = {
  listen: ({ name }) => ["headphones", t("{name} listens", { name })],
  whisper: ({ name }) => ["microphone", t("{name} speaks to you", { name })],
  barge: ({ name }) => ["users", t("{name} is in the call", { name })],
};
const heard = (item) => badge("hold", ...(STEPPED_IN[item.mode] || STEPPED_IN.barge)(item));

// A second call beside the first: what it is, and one press to go to it.
function second(item) {
  const [tone, iconName, word] = LOOKS[item.status]();
  const act = item.status === "ringing" ? ["answer-other", "phone", t("Answer")] : ["swap", "switch-horizontal", t("Take")];
  const take = () => (item.status === "ringing" ? control.answer(item) : control.swap(item));
  const between = items().some((one) => one.asking); // the buttons of the transfer say where to go
  const key = item.line?.id ?? item.id;
  if (!seconds.has(key)) seconds.set(key, h("div", { class: "callbar-second" }));
  fill(seconds.get(key), [
    badge(tone, iconName, word), h("span", { class: "callbar-name" }, nameOf(item) || numberOf(item)),
    h("span", { class: "callbar-clock", dataset: { since: sinceOf(item) } }),
    item.line && !between ? button(act[0], act[1], act[2], take, "", "btn-plain") : null,
    between ? null : button("hangup-other", "phone-off", t("Hang up"), () => control.hangup(item), whyNot("hangup", item), "btn-plain btn-danger"),
  ]);
  return seconds.get(key);
}

function acts(item) {
  if (item.lost) return drawRejoin(item, button);
  if (item.status === "ringing") return ringingActs(item);
  if (item.status === "calling") return [hangUp(item)];
  const asking = items().find((one) => one.asking);
  return [
    ...(asking ? askingActs(asking) : []),
    hold(item),
    mute(item),
    asking ? null : button("transfer", "arrow-right", t("Transfer"), () => openTransfer(item), whyNot("transfer", item)),
    button("keypad", "grid-dots", t("Keypad"), () => openKeypad(item), whyNot("dtmf", item)),
    asking ? null : button("park", "parking", t("Park"), () => control.park(item), whyNot("park", item)),
    button("pause-recording", "credit-card", t("Pause the recording"), () => control.pauseRecording(true)),
    me.role === "operator" ? button("help", "lifebuoy", t("I need help"), () => document.dispatchEvent(new CustomEvent("help:ask"))) : null,
    hangUp(item),
  ];
}

function ringingActs(item) {
  return [
    button("answer", "phone", t("Answer"), () => control.answer(item), whyNot("answer", item), "btn-primary"),
    button("hangup", "phone-off", t("Refuse"), () => control.hangup(item), whyNot("hangup", item), "btn-danger"),
  ];
}

function askingActs(item) {
  return [
    button("complete", "arrow-right", t("Hand over"), () => control.complete(item), "", "btn-primary"),
    button("cancel", "arrow-back", t("Back to the caller"), () => control.cancel(item)),
    button("conference", "users", t("All together"), () => control.conference(item), phone().hand ? "" : t("The administrator has not set AMI_ORIGINATE_URL.")),
  ];
}

function hold(item) {
  const on = item.status !== "hold";
  return button("hold", on ? "player-pause" : "player-play", on ? t("Hold") : t("Take back"), () => control.hold(on, item), whyNot("hold", item));
}

function mute(item) {
  const on = !item.line?.muted;
  return button("mute", on ? "microphone" : "microphone-off", on ? t("Mute") : t("Unmute"), () => control.mute(on, item), whyNot("mute", item));
}

const hangUp = (item) => button("hangup", "phone-off", t("Hang up"), () => control.hangup(item), whyNot("hangup", item), "btn-danger");

// A button that cannot be pressed now keeps its place and says why; it can be reached to read that.
function button(act, iconName, word, press, why = "", look = "") {
  if (!buttons.has(act)) buttons.set(act, h("button", { type: "button", dataset: { act } }));
  const made = buttons.get(act);
  made.onclick = () => !why && press();
  const picture = JSON.stringify([iconName, word, why, look]);
  if (made.picture === picture) return made;
  made.picture = picture;
  made.className = look.startsWith("chip") ? look : `btn ${look}`;
  made.title = why || word;
  made.setAttribute("aria-label", why ? `${word}: ${why}` : word);
  made.setAttribute("aria-disabled", String(Boolean(why)));
  if (made.icon !== iconName) made.replaceChildren(icon(iconName, look.startsWith("chip") ? 16 : 20), h("span"));
  made.icon = iconName;
  made.lastChild.textContent = word;
  return made;
}

function registerKeys() {
  const can = (action, status) => () => {
    const item = action === "answer" ? items().find((one) => one.status === "ringing") : first();
    return item && status.includes(item.status) && !whyNot(action, item);
  };
  const talk = ["talking", "hold"];
  onKey("a", can("answer", ["ringing"]), () => control.answer(), t("Answer the call"), { icon: "phone" });
  onKey("h", can("hold", talk), () => control.hold(first().status !== "hold"), t("Hold the call, and take it back"), { icon: "player-pause" });
  onKey("m", can("mute", talk), () => control.mute(!first().line.muted), t("Mute and unmute yourself"), { icon: "microphone-off" });
  onKey("t", can("transfer", talk), () => openTransfer(first()), t("Transfer the call"), { icon: "arrow-right" });
  onKey("e", can("hangup", [...talk, "calling"]), () => control.hangup(), t("Hang up"), { icon: "phone-off" });
}

// What changed, for who listens to the screen.
function tell(item) {
  const news = item ? `${item.status}:${item.id}` : "idle";
  if (told && news !== told && item?.status !== "ringing") announce(item ? `${LOOKS[item.status]()[2]}: ${nameOf(item)}` : t("The call is over"));
  told = news;
}

function linkState(link) {
  if (link === "up") return "";
  const text = link === "down" ? t("No connection: what you see may be old. Trying again…") : t("Connecting…");
  return h("span", { class: `chip tone-${link === "down" ? "bad" : "calm"} callbar-link`, role: "status" }, icon("wifi-off", 16), text);
}

function sinceOf(item) {
  const party = partyOf(item, me);
  const line = item.line && !item.call ? new Date(item.line.lifted || item.line.begun).toISOString() : "";
  return party?.since || item.call?.answered_at || item.pop?.waiting_since || item.call?.started_at || line;
}

export function nameOf(item) {
  const source = item.pop || item.call;
  if (!source) return item.line.name || item.line.number;
  if (source.customers.length === 1) return source.customers[0].display_name;
  if (isOutgoing(source)) return source.dialed_text || source.dialed;
  if (source.match === "withheld") return t("Hidden number");
  if (source.customers.length > 1) return tSeveral(source.customers.length);
  return source.caller_name || t("Unknown caller");
}

const tSeveral = (count) => tn("{count} customer shares this number", "{count} customers share this number", count);

export function numberOf(item) {
  const source = item.pop || item.call;
  if (!source) return item.line.number;
  if (source.match === "withheld") return "";
  if (isOutgoing(source)) return source.customers.length === 1 ? unlessNamed(source.dialed_text || source.dialed, item) : "";
  return unlessNamed(source.number_text, item);
}

// Whoever has no name yet is called by the number: it is not said twice.
const unlessNamed = (number, item) => (number === nameOf(item) ? "" : number);
