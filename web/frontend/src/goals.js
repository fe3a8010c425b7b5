// Goals of the day on the desk. The server draws them, with the page and again as calls come and go,
// never more often than every EVERY. Where there are none, nothing is asked until somebody sets one.
import { $ } from "./dom.js";
import { hear } from "./realtime.js";
import { getPiece } from "./server.js";

const EVERY = 45000;
// All desks hear of a change at once; they ask one after the other.
const SPREAD = 3000;
let timer = null;

export function startGoals() {
  for (const kind of ["queue", "call", "snapshot"]) hear(kind, stir);
  hear("wallboard", ({ type }) => type === "goals" && refreshIn(Math.random() * SPREAD));
}

function stir() {
  if (!timer && document.getElementById("desk-goals")?.firstElementChild) refreshIn(EVERY);
}

function refreshIn(patience) {
  clearTimeout(timer);
  timer = setTimeout(refresh, patience);
}

// A tab that nobody looks at waits for the next beat; one that fails keeps what it has.
async function refresh() {
  timer = null;
  if (!$("#desk-goals")) return;
  if (document.hidden) return refreshIn(EVERY);
  const piece = await getPiece("/desk/goals").catch(() => null);
  if (piece) $("#desk-goals")?.replaceChildren(...piece.children);
}
