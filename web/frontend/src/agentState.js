// The state switch in the top bar: shown at once, taken back with words when the server refuses.
// A wrap-up whose time is up is over, also when the word of it is late: the clock here knows.
import { $, $$, announce, h, hide, icon, toast } from "./dom.js";
import { everySecond } from "./everySecond.js";
import { onKey } from "./keyboard.js";
import { t, tn } from "./i18n.js";
import { closeMenus } from "./menu.js";
import { current, hear, me, watch } from "./realtime.js";
import { post } from "./server.js";
import { clock, now } from "./time.js";

const LOOKS = {
  ready: () => ["circle-check", t("Ready")],
  paused: () => ["player-pause", t("Pause")],
  ringing: () => ["bell-ringing", t("Ringing")],
  talking: () => ["phone-call", t("Talking")],
  hold: () => ["phone-pause", t("On hold")],
  wrap_up: () => ["writing", t("Wrap-up")],
  offline: () => ["circle-off", t("Offline")],
};
const TONES = { wrap_up: "wrap" };
const NOBODY = { state: "offline", reason: "", since: null };

let wish = null;
let drawn = "";
let over = "";

export function startAgentState() {
  const menu = $("#agent-state");
  if (!menu) return;
  watch(["agent"], draw);
  hear("agent", (agent) => agent.chosen_by && agent.user_id === me.id && toast(toldBy(menu, agent)));
  for (const button of $$("[data-state]", menu)) button.addEventListener("click", () => choose(menu, button));
  $("#wrap-up-done").addEventListener("click", finish);
  $("#wrap-up-more").addEventListener("click", prolong);
  const wrapping = () => agentNow().state === "wrap_up";
  onKey("f", wrapping, finish, t("Finish wrap-up"), { icon: "check" });
  onKey("+", () => wrapping() && agentNow().wrap_up?.until, prolong, t("30 seconds more for wrap-up"), { icon: "clock" });
  onKey("p", null, () => openSwitch(menu), t("Change your state"), { icon: "circle-check" });
}

// What holds now, by the clock too.
export function agentNow() {
  const agent = wish || current().state.agent || NOBODY;
  const until = agent.wrap_up?.until && Date.parse(agent.wrap_up.until);
  if (!until || until > now()) return agent;
  if (agent.state !== "wrap_up") return { ...agent, wrap_up: null };
  return { ...agent, state: agent.chosen, reason: agent.chosen_reason, since: agent.wrap_up.until, wrap_up: null };
}

const draw = everySecond(() => {
  const menu = $("#agent-state");
  const agent = agentNow();
  const picture = JSON.stringify(agent);
  if (picture !== drawn) {
    drawn = picture;
    drawFace(menu, agent);
    drawControls(menu, agent);
  }
  drawClock(menu, agent);
  return [Date.parse(endOf(agent) || agent.since)];
}, now);

const endOf = (agent) => agent.state === "wrap_up" && agent.wrap_up?.until;

function drawFace(menu, agent) {
  const [iconName, word] = (LOOKS[agent.state] || LOOKS.offline)();
  const reason = agent.state === "paused" ? titleOf(menu, agent.reason) : "";
  const face = $("summary", menu);
  face.className = `btn state-button tone-${TONES[agent.state] || agent.state}`;
  face.dataset.current = agent.state;
  face.replaceChildren(
    icon(iconName),
    h("span", { class: "state-word" }, reason ? `${word}: ${reason}` : word),
    h("span", { class: "tabular state-clock" }),
    h("span", { class: "state-over", hidden: true }, icon("alert-triangle", 16), h("span", {})),
    icon("chevron-down", 16),
  );
}

function drawControls(menu, agent) {
  const busy = ["ringing", "talking", "hold", "wrap_up"].includes(agent.state);
  hide($(".state-after", menu), !busy);
  for (const button of $$("[data-state]", menu)) {
    const chosen = button.dataset.state === agent.chosen && (button.dataset.reason || "") === (agent.chosen_reason || "");
    if (chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  hide($("#wrap-up-controls"), agent.state !== "wrap_up");
  hide($("#wrap-up-more"), !agent.wrap_up?.until);
}

function drawClock(menu, agent) {
  const until = endOf(agent);
  const since = Date.parse(agent.since);
  const seconds = until ? Math.ceil((Date.parse(until) - now()) / 1000) : (now() - since) / 1000;
  const text = until || !Number.isNaN(since) ? clock(seconds) : "";
  const shown = $(".state-clock", menu);
  if (shown.textContent !== text) shown.textContent = text;
  drawLimit(menu, agent, seconds);
}

// Over a pause's limit the clock turns red, and says by how much.
function drawLimit(menu, agent, seconds) {
  const limit = agent.state === "paused" && Number(buttonOf(menu, agent.reason)?.dataset.limit || 0);
  const late = limit ? Math.floor((seconds - limit) / 60) : -1;
  const key = limit && seconds > limit ? `${agent.since}` : "";
  $("summary", menu).classList.toggle("state-late", Boolean(key));
  const words = $(".state-over", menu);
  hide(words, !key);
  if (!key) return;
  words.lastElementChild.textContent = late < 1 ? t("over the limit") : tn("{count} min over the limit", "{count} min over the limit", late);
  if (over !== key) announce(t("Your pause is over its limit."));
  over = key;
}

const buttonOf = (menu, reason) => (reason ? $(`[data-reason="${CSS.escape(reason)}"]`, menu) : null);

function titleOf(menu, reason) {
  const button = buttonOf(menu, reason);
  return button ? $(".state-title", button).textContent.trim() : reason;
}

// Somebody else's choice is never silent.
function toldBy(menu, { chosen, chosen_reason, chosen_by: name }) {
  if (chosen === "ready") return t("{name} made you ready.", { name });
  if (chosen === "offline") return t("{name} took you off the queues.", { name });
  const reason = titleOf(menu, chosen_reason);
  return reason ? t("{name} paused you: {reason}", { name, reason }) : t("{name} paused you.", { name });
}

function openSwitch(menu) {
  menu.open = true;
  $("[data-state]", menu).focus();
}

function choose(menu, button) {
  const { state, reason = "" } = button.dataset;
  closeMenus();
  $("summary", menu).focus();
  const agent = agentNow();
  const busy = ["ringing", "talking", "hold"].includes(agent.state) || (agent.state === "wrap_up" && state !== "offline");
  const chosen = { ...agent, chosen: state, chosen_reason: reason };
  return ask(busy ? chosen : { ...chosen, state, reason, since: new Date(now()).toISOString(), wrap_up: null }, "/desk/state", { state, reason });
}

// What is chosen in the outcome panel and not saved yet is saved first, by the panel.
function finish() {
  if (!document.dispatchEvent(new CustomEvent("wrap-up:finish", { cancelable: true }))) return undefined;
  const agent = agentNow();
  const after = { ...agent, state: agent.chosen, reason: agent.chosen_reason, since: new Date(now()).toISOString(), wrap_up: null };
  return ask(after, "/desk/done", {});
}

function prolong() {
  const agent = agentNow();
  if (!agent.wrap_up?.until) return undefined;
  const until = new Date(Date.parse(agent.wrap_up.until) + 30000).toISOString();
  return ask({ ...agent, wrap_up: { ...agent.wrap_up, until } }, "/desk/wrap-up/more", {});
}

// Shown at once as wished; the server's own word replaces it.
async function ask(wished, url, values) {
  wish = wished;
  draw();
  try {
    await post(url, values);
  } catch (problem) {
    toast(t("Your state did not change: {why}", { why: problem.message }), "bad");
  }
  setTimeout(() => {
    if (wish !== wished) return;
    wish = null;
    draw();
  }, 400);
}
