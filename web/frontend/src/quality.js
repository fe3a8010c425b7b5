// What quality asks of this person: figures on the rail, a notice on the desk, and a word when something has come.
import { onDesk } from "./desk.js";
import { $, h, icon, revive, toast, visit } from "./dom.js";
import { t, tn } from "./i18n.js";
import { current, hear, watch } from "./realtime.js";
import { mark } from "./tasks.js";

const NEWS = {
  assessed: { words: () => t("One of your contacts was assessed."), place: (id) => `/quality/assessments/${id}` },
  objected: { words: () => t("An operator objects to an assessment of yours."), place: (id) => `/quality/assessments/${id}` },
  invited: { words: () => t("You are asked to take part in a calibration round."), place: (id) => `/quality/calibrations/${id}` },
};

export function startQuality() {
  watch(["counts"], (state) => state.ready && draw(state.counts));
  onDesk(() => draw(current().state.counts));
  hear("task", ({ quality }) => quality && tell(quality));
}

function draw({ quality_mine: mine = 0, quality_asked: asked = 0 }) {
  mark("/quality/mine", mine, t("wait for your word"));
  mark("/quality", mine + asked, t("wait for you"));
  const place = $("#desk-quality");
  if (!place || place.dataset.shown === String(mine)) return;
  place.dataset.shown = String(mine);
  place.replaceChildren(...(mine ? [notice(mine)] : []));
  revive(place);
}

function notice(mine) {
  const words = tn("{count} assessment of your contacts waits for your word.", "{count} assessments of your contacts wait for your word.", mine);
  return h("div", { class: "notice tone-warn" }, icon("clipboard-check"), h("span", {}, words, " ", h("a", { href: "/quality/mine?state=final" }, t("Read"))));
}

function tell({ told, id }) {
  const { words, place } = NEWS[told];
  toast(words(), "calm", { words: t("Read"), run: () => visit(place(id)) });
}
