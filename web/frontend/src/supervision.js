// Stepping into calls: the buttons beside a live call, what one listens to (on every page, until it
// ends), and for operators the badge that somebody listens, where the policy shows it.
import { action } from "./alerts.js";
import { expectClick } from "./callControl.js";
import { $, announce, h, icon, toast } from "./dom.js";
import { t } from "./i18n.js";
import { closeMenus } from "./menu.js";
import { command, newId } from "./phone/commands.js";
import { current, me, watch } from "./realtime.js";
import { getFacts } from "./server.js";

const RINGS = 45000;
const MODES = {
  listen: () => ["headphones", t("Listen"), t("Listening to {name}")],
  whisper: () => ["microphone", t("Whisper to the operator"), t("Whispering to {name}")],
  barge: () => ["users", t("Join in"), t("Speaking with {name} and the caller")],
  take_over: () => ["hand-grab", t("Take over"), ""],
};
const may = (document.body.dataset.steps || "").split(" ").filter(Boolean);

export const mayStepIn = () => may.some((one) => one in MODES);
export const mayDirect = () => may.includes("direct");

export function startSupervision() {
  watch(["supervision"], (state) => state.ready && drawMine(state));
  // After whoever fills the menu as it opens.
  document.addEventListener("toggle", (event) => event.target.open && setTimeout(explain, 0, event.target), true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step-in], [data-pull], [data-put-first]");
    if (!button || button.getAttribute("aria-disabled")) return;
    closeMenus();
    const { stepIn, mode, pull, putFirst, to, name } = button.dataset;
    if (stepIn) stepInto(stepIn, mode);
    else if (pull) direct(`/calls/${pull}/pull`, { to: to || "" }, rings(name));
    else direct(`/calls/${putFirst}/first`, {}, t("The caller is the next in the queue."));
  });
}

// Who listens to this call, where the operator may know: items of the state.
export const listeners = (callId) => Object.values(current().state.supervision).filter((one) => one.kind === "heard" && one.call_id === callId);

// --- doing it ----------------------------------------------------------------------------------------

async function attempt(act) {
  try {
    await act();
  } catch (problem) {
    toast(problem.message, "bad");
  }
}

// One's own phone rings first; the one in this page lifts by itself, since it was asked for here.
function stepInto(callId, mode) {
  const inside = Object.values(current().state.supervision).some((one) => one.kind === "mine" && one.call_id === callId);
  const id = newId();
  if (!inside) expectClick(id);
  const taken = () => inside || toast(t("Your phone rings: lift it, and you are in the call."), "calm");
  return attempt(() => command(`/calls/${callId}/step-in`, { mode }, id, RINGS, taken));
}

// A phone rings first, one's own or the colleague's: the PBX has looked whether it can.
const rings = (name) => name
  ? t("The phone of {name} rings. If nobody lifts it, the caller goes back to their place in the queue.", { name })
  : t("Your phone rings: lift it, and you speak with the caller.");

// What cannot be done now is greyed before it is pressed, with the reason under the buttons.
async function explain(menu) {
  const buttons = [...menu.querySelectorAll(".step-ways [data-step-in], .step-ways [data-pull], .step-ways [data-put-first]")];
  if (!buttons.length) return;
  const { stepIn, pull, putFirst } = buttons[0].dataset;
  const told = await getFacts(`/calls/${stepIn || pull || putFirst}/ways${stepIn ? "" : "?waits=1"}`);
  if (!told || !buttons[0].isConnected) return;
  const box = menu.querySelector(".step-ways");
  box.querySelector(".why-nots")?.remove();
  buttons.forEach((button) => grey(button, told.everything || told.modes[button.dataset.mode] || inUse(button, told.people), box));
}

const inUse = ({ dataset: { pull, to } }, people) => (pull && people?.[to || me.id]) || "";

function grey(button, why, box) {
  for (const name of ["aria-disabled", "aria-describedby", "title"]) button.removeAttribute(name);
  if (!why) return;
  const said = [...box.querySelectorAll(".why-not")].find((one) => one.textContent === why) || say(why, box);
  for (const [name, value] of [["aria-disabled", "true"], ["aria-describedby", said.id], ["title", why]]) button.setAttribute(name, value);
}

// Under the buttons, and in sight however many these are; no button moves for it.
function say(why, box) {
  const under = box.querySelector(".why-nots") || box.appendChild(h("div", { class: "why-nots" }));
  return under.appendChild(h("p", { class: "why-not", id: newId() }, why));
}

const direct = (path, values, done) => attempt(async () => {
  const said = await command(path, values).catch((problem) => {
    throw problem.code === "busy" ? new Error(t("This phone is in use: choose somebody who is free.")) : problem;
  });
  if (said !== null) toast(done, "ok"); // null: it is under way, from the press before
});

// --- what is drawn -----------------------------------------------------------------------------------

// Above the call bar, on every page. The same elements stay while it is the same call in the same way.
function drawMine(state) {
  const mine = Object.values(state.supervision).find((one) => one.kind === "mine");
  const picture = mine ? `${mine.id} ${mine.mode}` : "";
  const bar = $("#stepping") || document.body.appendChild(h("section", { id: "stepping", "aria-label": t("Stepping in"), hidden: true }));
  if ((bar.dataset.picture || "") === picture) return;
  bar.dataset.picture = picture;
  bar.hidden = !mine;
  document.body.classList.toggle("is-stepping", Boolean(mine));
  bar.replaceChildren(...(mine ? facts(mine) : []));
  announce(mine ? titleOf(mine) : t("You are out of the call."));
}

const titleOf = ({ mode, name }) => MODES[mode]()[2].replace("{name}", name);

function facts(item) {
  const others = Object.keys(MODES).filter((mode) => mode !== item.mode && may.includes(mode));
  return [
    icon(MODES[item.mode]()[0]),
    h("div", { class: "stepping-words" }, h("strong", {}, titleOf(item)), item.mode === "listen" ? h("span", {}, t("Nobody hears you.")) : null),
    ...others.map((mode) => action(MODES[mode]()[1], () => stepInto(item.call_id, mode))),
    action(t("End"), () => command(`/calls/${item.call_id}/step-out`, {}), "btn btn-danger"),
  ];
}

// The menu of a row: what can be done with this call by who looks.
export function stepMenu(call) {
  const speaking = call.parties.filter((party) => party.state === "talking" && party.user_id);
  const talks = call.state === "talking" && speaking.length > 0 && speaking.every((party) => party.user_id !== me.id);
  const waits = call.state !== "talking" && call.queue && call.direction === "inbound";
  const buttons = talks && mayStepIn() ? stepButtons : waits && mayDirect() ? waitButtons : null;
  if (!buttons) return null;
  const word = talks ? t("Step in") : t("Direct");
  const summary = h("summary", { class: "btn btn-plain" }, icon(talks ? "headphones" : "arrow-right", 16), h("span", {}, word));
  return menuOf(summary, () => buttons(call));
}

// The same beside an operator who talks, where there is little room.
export function operatorMenu(callId) {
  if (!mayStepIn()) return null;
  const summary = h("summary", { class: "btn btn-plain btn-icon", "aria-label": t("Step in"), title: t("Step in") }, icon("headphones", 16));
  return menuOf(summary, () => stepButtons({ call_id: callId }));
}

function menuOf(summary, buttons) {
  const box = h("div", { class: "menu-box step-ways" });
  const menu = h("details", { class: "menu menu-right" }, summary, box);
  menu.addEventListener("toggle", () => menu.open && box.replaceChildren(...buttons()));
  return menu;
}

const stepButtons = ({ call_id: callId }) => Object.keys(MODES).filter((mode) => may.includes(mode)).map((mode) => {
  const [look, word] = MODES[mode]();
  return h("button", { type: "button", class: "btn btn-plain", dataset: { stepIn: callId, mode } }, icon(look, 16), h("span", {}, word));
});

function waitButtons(call) {
  const people = JSON.parse($("#live-table").dataset.phones);
  const person = ([id, name]) => h("button", { type: "button", class: "btn btn-plain", dataset: { pull: call.call_id, to: id, name } }, icon("user", 16), h("span", {}, t("To {name}", { name })));
  return [
    h("p", { class: "ways-hint" }, t("The phone that you choose rings first.")),
    h("button", { type: "button", class: "btn btn-plain", dataset: { pull: call.call_id } }, icon("phone-incoming", 16), h("span", {}, t("To me"))),
    h("button", { type: "button", class: "btn btn-plain", dataset: { putFirst: call.call_id } }, icon("arrow-up", 16), h("span", {}, t("Next in the queue"))),
    ...people.map(person),
  ];
}
