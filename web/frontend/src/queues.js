// Queues: figures in the top bar (who waits, since when), the team's page, the table of skills.
import { onLink, readAnew } from "./anew.js";
import { $, h, icon, toast } from "./dom.js";
import { t, tn } from "./i18n.js";
import { current, hear, watch } from "./realtime.js";
import { post } from "./server.js";
import { clock, drawTicking, now } from "./time.js";

const SHOWN = 4;
const BETWEEN = 500; // figures of a busy centre change all the time
let drawn = null;
let drawing = 0;

export function startQueues() {
  const place = $("#queue-figures");
  if (place) watch(["queues"], () => soon(place));
  hear("agent", redrawTeam);
  onLink(redrawTeam);
  document.addEventListener("keydown", moveInSkills);
  document.addEventListener("change", (event) => event.target.matches(".skill") && saveSkill(event.target));
}

// The first at once, those that follow it soon after all together.
function soon(place) {
  if (drawing) return;
  draw(place);
  drawing = setTimeout(() => {
    drawing = 0;
    if (current().state.queues !== drawn) soon(place);
  }, BETWEEN);
}

function draw(place) {
  drawn = current().state.queues;
  const queues = Object.values(drawn);
  // Of many queues those where somebody waits are shown; each stays where it always is.
  const wanted = [...queues].sort((a, b) => (a.waiting ? 0 : 1) - (b.waiting ? 0 : 1) || since(a) - since(b)).slice(0, SHOWN);
  place.replaceChildren(...queues.filter((queue) => wanted.includes(queue)).map(figure));
  drawTicking();
}

const since = (queue) => (queue.longest_since ? Date.parse(queue.longest_since) : Infinity);

function figure(queue) {
  const waiting = tn("{count} caller waits", "{count} callers wait", queue.waiting);
  const ready = tn("{count} operator is ready", "{count} operators are ready", queue.ready);
  const words = `${queue.title}: ${waiting}, ${ready}`;
  return h("li", { class: queue.waiting ? "queue-figure tone-ringing" : "queue-figure", title: words, dataset: { queue: queue.queue } },
    queue.waiting ? icon("clock", 16) : "",
    h("span", { "aria-hidden": "true" }, `${queue.title} `, h("strong", { class: "tabular" }, String(queue.waiting))),
    h("span", { class: "visually-hidden" }, words),
    queue.longest_since ? h("span", { class: "tabular", dataset: { since: queue.longest_since } }, clock((now() - since(queue)) / 1000)) : "");
}

// --- the team's page ---------------------------------------------------------------------------

let asking = false;

// Many states may change at once: the rows are fetched again a moment after the first.
function redrawTeam() {
  if (asking || !document.getElementById("team")) return;
  asking = true;
  setTimeout(() => {
    asking = false;
    const team = document.getElementById("team");
    if (team) readAnew(team, team.dataset.piece).catch(() => {}); // the next change does
  }, 500);
}

// --- skills ------------------------------------------------------------------------------------

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };

function moveInSkills(event) {
  const cell = event.target;
  if (!cell.matches?.(".skill")) return;
  if (/^[1-9]$/.test(event.key)) return setLevel(event, cell, event.key);
  if (["0", "Delete", "Backspace"].includes(event.key)) return setLevel(event, cell, "");
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const [row, column] = [Number(cell.dataset.row) + step[0], Number(cell.dataset.column) + step[1]];
  $(`.skill[data-row="${row}"][data-column="${column}"]`)?.focus();
}

function setLevel(event, cell, level) {
  event.preventDefault();
  if (cell.value === level) return;
  cell.value = level;
  saveSkill(cell);
}

async function saveSkill(cell) {
  if (!/^[1-9]?$/.test(cell.value)) cell.value = "";
  const { user, skill } = cell.dataset;
  cell.classList.remove("skill-saved");
  try {
    await post($("#skills").dataset.save, { user_id: user, skill, level: cell.value || "0" });
    cell.classList.add("skill-saved");
    cell.dataset.saved = cell.value;
  } catch (problem) {
    cell.value = cell.dataset.saved ?? cell.defaultValue;
    toast(t("Not saved: {why}", { why: problem.message }), "bad");
  }
}

