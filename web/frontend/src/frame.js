// The frame: starts everything once, then keeps living while pages are swapped inside it.
import htmx from "htmx.org";
import { startAgentState } from "./agentState.js";
import { mountAssessment, startAssessments } from "./assessments.js";
import { startAlertWatch } from "./alertWatch.js";
import { startUnfolding } from "./anew.js";
import { startGoals } from "./goals.js";
import { mountBoard } from "./boards.js";
import { startCallBar } from "./callbar.js";
import { mountCharts, startReportFilters } from "./charts.js";
import { startChats } from "./chat/desk.js";
import { mountConversations, startConversations } from "./conversations.js";
import { mountDesk, startDesk } from "./desk.js";
import { $, $$, leaveToasts, toast } from "./dom.js";
import { startEditors } from "./editor.js";
import { startFilters } from "./filters.js";
import { t } from "./i18n.js";
import { startImports } from "./imports.js";
import { startKeyboard } from "./keyboard.js";
import { startLinker } from "./linker.js";
import { startLine } from "./line.js";
import { mountLive, startLive } from "./live.js";
import { startMenus } from "./menu.js";
import { flushNotes, mountNotes } from "./note.js";
import { mountNotify, startNotify } from "./notify.js";
import { startPhone } from "./phone/start.js";
import { startPalette, selectFirst } from "./palette.js";
import { startQuality } from "./quality.js";
import { startQueues } from "./queues.js";
import { connect } from "./realtime.js";
import { startRecordings } from "./recordings/index.js";
import { startRows } from "./rows.js";
import { startScript } from "./script.js";
import { startSupervision } from "./supervision.js";
import { leave, token } from "./server.js";
import { startTasks } from "./tasks.js";
import { sendUnsent, startUnsent } from "./unsent.js";
import { startWork } from "./work.js";
import { drawRelative, startClock } from "./time.js";
import { mountWrapUp, startWrapUp } from "./wrapUp.js";

// The content policy allows no inline styles and no eval; pages with people's data are not kept. New parts
// are alive in the turn that draws them: fields that wait to settle lose what is typed meanwhile.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  attributesToSettle: ["class"],
  defaultSettleDelay: 0,
  historyCacheSize: 0,
  selfRequestsOnly: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "401", swap: false },
    { code: "...", swap: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});
// Whoever types on gives up the search before (`hx-sync`): as wished, but htmx tells the console of an
// error unless the request says that it has none.
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const { xhr } = detail;
  const { onabort } = xhr;
  xhr.onabort = (event) => {
    detail.error = "";
    onabort.call(xhr, event);
  };
});
// One way to the log-in for all, that puts aside what is typed.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect") || event.detail.xhr.status !== 401) return;
  event.preventDefault();
  leave();
});
document.addEventListener("htmx:sendError", () => toast(t("The server cannot be reached. Try again in a moment."), "bad"));
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "main") flushNotes(event.detail.target);
});
document.addEventListener("htmx:afterSettle", (event) => mount(event.detail.target || event.target));
document.addEventListener("htmx:pushedIntoHistory", () => (markPlace(), leaveToasts()));
document.addEventListener("htmx:historyRestore", () => {
  markPlace();
  mount(document.getElementById("main"));
});
window.addEventListener("pagehide", () => flushNotes(document));
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-choice-input]")) {
    document.dispatchEvent(new CustomEvent("theme:choose", { detail: event.target.value }));
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) navigator.clipboard.writeText(button.dataset.copy).then(() => toast(t("Copied"), "ok"));
});

let linked = false;

function mount(root) {
  drawRelative(root);
  mountNotes(root);
  mountWrapUp(root);
  mountCharts(root);
  if (root.id === "main") {
    mountDesk(root);
    mountLive();
    if (linked) mountBoard();
    mountNotify(root);
    mountConversations(root);
    mountAssessment();
    const going = $("[data-goes-on]", root); // what was pressed, in the page drawn anew
    const kept = !going && root.contains(document.activeElement); // a page that was mended, not replaced
    const wrong = $("[aria-invalid=true]", root); // of a form that came back
    if (!kept) (going || wrong || $("h1", root))?.focus({ preventScroll: !going && !wrong });
    if (!kept && !going && !wrong) root.scrollTop = 0;
    if (kept) $(".notice:is([role=status], [role=alert])", root)?.scrollIntoView({ block: "nearest" }); // what was answered is read
  }
  if (["palette-found", "linker-results"].includes(root.id)) selectFirst(root);
}

// A page below two places belongs to the one whose path tells more of it.
function markPlace() {
  const links = $$("#rail a");
  const nearest = Math.max(...links.map(nearness));
  for (const link of links) {
    if (!nearest || nearness(link) < nearest) link.removeAttribute("aria-current");
    else {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone the rail scrolls
    }
  }
}

function nearness(link) {
  const places = [link.pathname, ...(link.dataset.also ?? "").split(" ").filter(Boolean)];
  const here = places.filter((place) => location.pathname === place || location.pathname.startsWith(`${place}/`));
  return Math.max(0, ...here.map((place) => place.length));
}

markPlace();
startMenus();
startRows();
startUnfolding();
startEditors();
startFilters();
startReportFilters();
startKeyboard();
startPalette();
startImports();
startLinker();
startClock();
startAgentState();
startQueues();
startCallBar();
startPhone();
startDesk();
startScript();
startWrapUp();
startRecordings();
startAssessments();
startLive();
startNotify();
startTasks();
startQuality();
startWork();
startLine();
startSupervision();
startAlertWatch();
startGoals();
startChats();
startConversations();
mountNotify();
mountNotes(document);
mountCharts();
mountConversations(document);
startUnsent();
// The desk is drawn with what was typed before, so that is on the server first.
sendUnsent().then(() => {
  connect();
  linked = true;
  mountBoard();
});
