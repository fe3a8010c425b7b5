// The wallboard is a bundle of its own, fetched with the first visit: the desk never waits for it.
// What it shares with the frame (the socket, htmx) is handed to it.
import { $, revive } from "./dom.js";
import { openNamespace } from "./realtime.js";
import { getPiece } from "./server.js";
import { operatorMenu } from "./supervision.js";
import { now } from "./time.js";

const frame = { open: (auth) => openNamespace("/wallboard", auth), revive, now, getPiece, rename, stepInto: operatorMenu };
let asked = false;

export function mountBoard() {
  const place = document.getElementById("wallboard");
  document.body.classList.toggle("with-board", Boolean(place));
  if (window.callcenterBoards) window.callcenterBoards.mount(place, frame);
  else if (place && !asked) fetchBundle(place.dataset.bundle);
}

function fetchBundle(address) {
  asked = true;
  const script = document.createElement("script");
  script.src = address;
  script.addEventListener("load", mountBoard);
  script.addEventListener("error", () => (asked = false));
  document.head.append(script);
}

// What a page read anew says of its name: to the window, the heading, and the choice of boards.
function rename(piece) {
  document.title = $("title", piece)?.textContent ?? document.title;
  for (const part of ["#main h1", ".board-choice"]) {
    const [old, fresh] = [$(part), $(part.replace("#main ", ""), piece)];
    if (!old || !fresh || old.textContent === fresh.textContent) continue;
    old.replaceChildren(...fresh.childNodes);
    revive(old);
  }
}
