// The command palette and the finder of customers: what the server found, then the actions that the
// keyboard knows now, moved through by arrows, taken by Enter.
import { $, $$, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { actionsNow } from "./keyboard.js";

export function startPalette() {
  for (const dialog of [$("#palette"), $("#linker")]) {
    dialog.addEventListener("keydown", (event) => move(dialog, event));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("a, [role=option]")) dialog.close();
    });
  }
  $("#palette-input").addEventListener("input", (event) => drawActions(event.target.value));
}

// After the server's answer: the first option is the one that Enter takes.
export function selectFirst(results) {
  const dialog = results.closest("dialog");
  if (dialog) select(dialog, options(dialog), 0);
}

const options = (dialog) => $$("[role=option]", dialog);

function drawActions(text) {
  const wanted = text.trim().toLocaleLowerCase();
  const fitting = [...actionsNow(), ...states()].filter((one) => !wanted || one.words.toLocaleLowerCase().includes(wanted));
  $("#palette-actions").replaceChildren(...fitting.map((action, index) =>
    h("button", { type: "button", role: "option", id: `option-a${index}`, "aria-selected": "false", onclick: () => setTimeout(action.run) },
      icon(action.icon), h("span", {}, action.words), action.key ? h("kbd", {}, action.key) : null)));
  selectFirst($("#palette-results"));
}

// The states of the switch in the top bar.
function states() {
  return $$("#agent-state [data-state]").map((button) => ({
    words: t("State: {state}", { state: button.textContent.trim() }),
    icon: "headset",
    run: () => button.click(),
  }));
}

function move(dialog, event) {
  if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key) || event.target.closest("button, a")) return undefined;
  const all = options(dialog);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  event.preventDefault();
  if (event.key === "Enter") return all[Math.max(at, 0)]?.click();
  return select(dialog, all, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
}

function select(dialog, all, index) {
  all.forEach((option, at) => option.setAttribute("aria-selected", at === index ? "true" : "false"));
  const chosen = all[index];
  const input = $("input", dialog);
  if (!chosen) return input.removeAttribute("aria-activedescendant");
  chosen.scrollIntoView({ block: "nearest" });
  return input.setAttribute("aria-activedescendant", chosen.id);
}
