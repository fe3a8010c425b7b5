// Players where the page has recordings, and "Play" where its timeline has calls with one. New rows
// and pieces come by several ways, so the page itself is watched.
import { $, $$, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { getPiece } from "../server.js";
import { Player } from "./player.js";
import { startPauses } from "./pause.js";

const players = new Map();
let waiting = 0;

export function startRecordings() {
  startPauses();
  const main = document.getElementById("main");
  if (!main) return;
  new MutationObserver(soon).observe(main, { childList: true, subtree: true });
  look(main);
}

function soon() {
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    look(document.getElementById("main"));
  });
}

// The players in a part of the page, in its order; for who asks where one stands.
export const playersIn = (root) => $$("[data-recording]", root).map((one) => players.get(one)).filter(Boolean);

function look(main) {
  for (const [root, player] of players) {
    if (root.isConnected) continue;
    player.leave();
    players.delete(root);
  }
  mount(main);
  offer($$("[data-interaction]:not([data-sound])", main));
}

function mount(root) {
  for (const one of $$("[data-recording]", root)) if (!players.has(one)) players.set(one, new Player(one));
}

async function offer(items) {
  if (!items.length) return;
  for (const item of items) item.dataset.sound = "";
  try {
    const ids = items.slice(0, 100).map((item) => item.dataset.interaction);
    const answer = await fetch(`/recordings/of?ids=${ids.join(",")}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { ids: found } = await answer.json();
    for (const item of items) if (found.includes(Number(item.dataset.interaction))) addButton(item);
  } catch {
    // the timeline stands without its sound; the next page asks again
  }
}

function addButton(item) {
  const button = h("button", { type: "button", class: "btn btn-sm recording-offer", "aria-expanded": "false" }, icon("player-play", 16), t("Play"));
  button.addEventListener("click", () => toggle(item, button));
  $(".timeline-line", item)?.append(button);
}

async function toggle(item, button) {
  const old = $(".recording-here", item);
  button.setAttribute("aria-expanded", String(!old));
  button.replaceChildren(icon(old ? "player-play" : "x", 16), old ? t("Play") : t("Close"));
  if (old) return old.remove();
  const here = h("div", { class: "recording-here" });
  $(".timeline-line", item).after(here);
  try {
    here.append(await getPiece(`/recordings/${item.dataset.interaction}`));
  } catch (error) {
    here.append(h("p", { class: "recording-note", role: "alert" }, error.message));
    return;
  }
  mount(here);
  players.get($("[data-recording]", here))?.play();
}
