// The wallboard is a bundle of its own, fetched with the first visit: the desk never waits for it.
// What it shares with the frame (the socket, htmx) is handed to it.
import { revive } from "./dom.js";
import { openNamespace } from "./realtime.js";
import { operatorMenu } from "./supervision.js";
import { now } from "./time.js";

const frame = { open: (auth) => openNamespace("/wallboard", auth), revive, now, stepInto: operatorMenu };
let asked = false;

export function mountBoard() {
  const place = document.getElementById("wallboard");
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
