// Tasks and the worklist of calls in vain: reminders that stay, lists that read themselves anew,
// what is done with a row, the desk's pieces, the calendar's keys.
import htmx from "htmx.org";
import { action, drawAlerts } from "./alerts.js";
import { onLink, readAnew } from "./anew.js";
import { onDesk } from "./desk.js";
import { $, $$, h, toast } from "./dom.js";
import { t } from "./i18n.js";
import { closeMenuOf } from "./menu.js";
import { notify, unnotify } from "./notify.js";
import { hear, watch } from "./realtime.js";
import { post } from "./server.js";
import { soon } from "./soon.js";
import { chime } from "./sound.js";
import { timeOfDay } from "./time.js";

const PATIENCE = 300;
const told = new Set();
let customer = "";

export function startTasks() {
  watch(["reminders"], (state) => state.ready && drawReminders(Object.values(state.reminders)));
  watch(["counts"], (state) => drawCounts(state.counts));
  hear("task", (news) => {
    if (news.closed) offerUndo(news.closed);
    refreshSoon();
  });
  onLink(refresh);
  onDesk(({ item }) => {
    const customers = (item?.pop || item?.call)?.customers || [];
    customer = customers.length === 1 ? customers[0].id : "";
    fillDesk();
  });
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onCalendarKey);
}

// --- reminders -----------------------------------------------------------------------------

function drawReminders(reminders) {
  drawAlerts("reminder", reminders.map((task) => ({
    key: String(task.id),
    tone: "ringing",
    icon: task.kind === "callback" ? "phone-outgoing" : "checkbox",
    title: task.title,
    text: t("Due at {time}", { time: timeOfDay(new Date(task.due_at)) }),
    actions: () => actionsOf(task),
  })));
  const keys = new Set(reminders.map(keyOf));
  for (const task of reminders) if (!told.has(keyOf(task))) tell(task);
  for (const key of told) if (!keys.has(key)) untell(key);
}

const keyOf = (task) => `reminder-${task.id}-${task.remind_at}`;
const placeOf = (task) => (task.customer_id ? `/customers/${task.customer_id}` : `/tasks/${task.id}`);

function tell(task) {
  told.add(keyOf(task));
  if (sessionStorage.getItem(keyOf(task))) return; // this tab has rung for it before its reload
  sessionStorage.setItem(keyOf(task), "told");
  chime();
  notify({ tag: keyOf(task), title: task.title, body: t("Due at {time}", { time: timeOfDay(new Date(task.due_at)) }), url: placeOf(task), secret: true });
}

function untell(key) {
  told.delete(key);
  unnotify(key);
}

function actionsOf(task) {
  const url = `/tasks/${task.id}`;
  return [
    h("a", { class: "btn btn-primary", href: placeOf(task), "hx-boost": "true" }, t("Open")),
    task.kind === "callback" && task.number ? h("button", { type: "button", class: "btn", dataset: { dial: task.number } }, t("Call")) : null,
    task.assignee_id ? null : action(t("Take it"), () => post(`${url}/take`, {})),
    action(t("In 10 minutes"), () => post(`${url}/remind`, { minutes: 10 })),
    action(t("Done"), () => finish(task)),
    action(t("Dismiss"), () => post(`${url}/remind`, { minutes: 0 }), "btn btn-plain"),
  ].filter(Boolean);
}

async function finish(task) {
  await post(`/tasks/${task.id}/done`, {});
  offerUndo(task);
}

function offerUndo(task) {
  toast(t("Done: {title}", { title: task.title }), "ok", {
    words: t("Undo"),
    run: () => post(`/tasks/${task.id}/reopen`, {}).then(refreshSoon, (problem) => toast(problem.message, "bad")),
  });
}

// --- figures and lists ------------------------------------------------------------------------

function drawCounts(counts) {
  mark("/tasks", counts.tasks_overdue, t("overdue"));
  mark("/missed", counts.missed_open, t("to be called back"));
  mark("/callbacks", counts.callbacks_open, t("to be called back"));
  mark("/voicemails", counts.voicemails_open, t("to be heard"));
}

export function mark(place, count, words) {
  const link = $(`#rail a[href="${place}"]`);
  if (!link) return;
  const badge = $(".count", link) || link.appendChild(h("span", { class: "count" }));
  const told = String(count || "");
  if (badge.dataset.count === told) return;
  badge.dataset.count = told;
  badge.hidden = !count;
  badge.replaceChildren(told, h("span", { class: "visually-hidden" }, ` ${words}`));
}

const refreshSoon = soon(refresh, PATIENCE);

function refresh() {
  fillDesk();
  for (const list of $$("[data-live]")) fill(list, location.pathname + location.search);
}

function fillDesk() {
  if (!$("#desk")) return;
  fill($("#desk-tasks"), customer ? `/tasks/desk?customer=${customer}` : "/tasks/desk");
  fill($("#desk-missed"), "/missed/desk");
}

function fill(place, url) {
  // What could not be read is read with the next piece of news.
  if (place) readAnew(place, url).catch(() => {});
}

// --- what is done with a row -------------------------------------------------------------------

function onClick(event) {
  const step = event.target.closest("button[data-task][data-step]");
  if (step) return stepTask(step);
  const missed = event.target.closest("button[data-missed][data-step]");
  if (missed) return send(missed, `/missed/${missed.dataset.missed}/${missed.dataset.step}`, {});
  const claims = event.target.closest("[data-missed-claim]");
  if (claims) post(`/missed/${claims.dataset.missedClaim}/claim`, {}).catch((problem) => toast(problem.message, "bad"));
  return undefined;
}

function onSubmit(event) {
  const form = event.target.closest("form[data-missed]");
  if (!form) return;
  event.preventDefault();
  send(form, `/missed/${form.dataset.missed}/close`, { why: new FormData(form).get("why") });
}

async function stepTask(button) {
  const { task, step, version } = button.dataset;
  if (!await send(button, `/tasks/${task}/${step}`, { version })) return;
  if (step === "done") offerUndo({ id: task, title: button.closest("[data-task-row]")?.querySelector(".row-link")?.textContent || $("h1").textContent });
  const row = button.closest("[data-task-row]");
  if (row && !row.closest("[data-live], #desk-tasks")) row.remove();
  if (!row) htmx.ajax("GET", location.pathname + location.search, { target: "#main", swap: "innerHTML" });
}

async function send(from, url, values) {
  try {
    await post(url, values);
    closeMenuOf(from);
    refreshSoon();
    return true;
  } catch (problem) {
    toast(problem.message, "bad");
    return false;
  }
}

// --- the calendar's keys ------------------------------------------------------------------------

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function onCalendarKey(event) {
  const day = event.target.closest?.("[data-calendar] [data-day]");
  if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  const days = $$("[data-calendar] [data-day]");
  const next = step && days[days.indexOf(day) + step];
  if (next) {
    event.preventDefault();
    day.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
  const page = $(`[data-calendar-step="${CSS.escape(event.key)}"]`);
  if (page) {
    event.preventDefault();
    page.click();
  }
}
