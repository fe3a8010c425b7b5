// The state switch in the top bar: shown at once, taken back with words when the server refuses.
import { $, $$, h, icon, toast } from "./dom.js";
import { t } from "./i18n.js";
import { closeMenus } from "./menu.js";
import { current, watch } from "./realtime.js";
import { post } from "./server.js";
import { drawTicking, now } from "./time.js";

const LOOKS = {
  ready: () => ["circle-check", t("Ready")],
  paused: () => ["player-pause", t("Pause")],
  ringing: () => ["bell-ringing", t("Ringing")],
  talking: () => ["phone-call", t("Talking")],
  offline: () => ["circle-off", t("Offline")],
};

let wish = null;

export function startAgentState() {
  const menu = $("#agent-state");
  if (!menu) return;
  watch((state) => draw(menu, wish || state.agent || { state: "offline", reason: "", since: null }));
  for (const button of $$("[data-state]", menu)) button.addEventListener("click", () => change(menu, button));
}

function draw(menu, agent) {
  const [iconName, word] = (LOOKS[agent.state] || LOOKS.offline)();
  const reason = agent.reason ? $(`[data-reason="${CSS.escape(agent.reason)}"]`, menu)?.textContent.trim() || agent.reason : "";
  const face = $("summary", menu);
  face.className = `btn state-button tone-${agent.state}`;
  face.dataset.current = agent.state;
  face.replaceChildren(
    icon(iconName),
    h("span", { class: "state-word" }, reason ? `${word}: ${reason}` : word),
    h("span", { class: "tabular state-clock", dataset: { since: agent.since || "" } }),
    icon("chevron-down", 16),
  );
  drawTicking();
}

async function change(menu, button) {
  const { state, reason = "" } = button.dataset;
  closeMenus();
  wish = { state, reason, since: new Date(now()).toISOString() };
  draw(menu, wish);
  try {
    await post("/desk/state", { state, reason });
  } catch (problem) {
    toast(t("Your state did not change: {why}", { why: problem.message }), "bad");
  }
  wish = null;
  const { agent } = current().state;
  if (agent && agent.state !== state) setTimeout(() => !wish && draw(menu, current().state.agent), 400);
}
