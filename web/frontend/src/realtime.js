// The socket: numbered events, a new snapshot after any hole, one state that every part of the
// screen draws from. The server holds the truth; this file forgets and asks again rather than guess.
import { io } from "socket.io-client";
import { empty, myCalls, reduce } from "./deskState.js";
import { leave } from "./server.js";
import { Sequence } from "./sequence.js";
import { measureServerTime, now, tellServerTime } from "./time.js";
import { onWake } from "./wake.js";
import { Watching } from "./watching.js";

const KINDS = ["snapshot", "call", "screen_pop", "agent", "queue", "wallboard", "task", "message"];
const RESYNC_PATIENCE = 5000;
// The screen is right within two seconds of the line coming back, however long it was away.
const RETRY_WITHIN = 1000;
const WAKE_PATIENCE = 1200;
const BUSY = 3000;
const CLOCK_EVERY = 60_000;
const CLOCK_AGAIN = 3000; // after an answer that was long under way
const LONG = 200;

export const me = {
  id: Number(document.body.dataset.userId),
  role: document.body.dataset.role,
};

let state = empty();
let link = "connecting";
let asked = 0;
let snapshots = 0;
// Its fields, and `mine`: the calls that I am on or rung for.
const parts = Object.fromEntries(Object.keys(state).map((name) => [name, (one) => one[name]]));
const watching = new Watching({ ...parts, mine: (one) => myCalls(one, me) });
const sequence = new Sequence();

export const current = () => ({ state, link });

// draw(state, link) at once, and whenever one of these parts of the state has changed, or the link.
export function watch(names, draw) {
  const stop = watching.watch(names, draw);
  draw(state, link);
  return stop;
}

// What passes by and is no state: act(payload) for each event of this kind that is applied.
export const hear = (kind, act) => watching.hear(kind, act);

function tell(drawers) {
  for (const draw of drawers) draw(state, link);
}

function setLink(value) {
  if (link === value) return;
  link = value;
  document.documentElement.dataset.link = value;
  tell(watching.everyone());
}

let main = null;

// Another namespace over the same link, e.g. the wallboard's. It comes back by itself with the link.
export function openNamespace(name, auth) {
  const socket = main.io.socket(name, { auth });
  socket.auth = auth;
  if (!socket.active) socket.connect();
  return socket;
}

export function connect() {
  const socket = (main = io({ transports: ["websocket"], reconnectionDelayMax: RETRY_WITHIN }));
  // The count is reset when a link ends, not when one begins: the server may send the snapshot
  // before its own word of welcome, and the client hands out what it kept back before "connect".
  socket.on("connect", () => {
    measureClock(socket);
    setTimeout(() => {
      if (socket.connected && !sequence.counting) askAgain(socket);
    }, RESYNC_PATIENCE);
  });
  socket.on("disconnect", (reason) => {
    sequence.reset();
    setLink("down");
    if (reason === "io server disconnect") leaveIfSignedOut(socket);
  });
  socket.on("connect_error", (error) => {
    setLink("down");
    if (error.message === "signed_out") leave();
    // A line that is cut is tried again by itself; a server that answered that it cannot is not.
    else if (!socket.active) setTimeout(() => socket.connect(), BUSY);
  });
  for (const kind of KINDS) socket.on(kind, (payload) => receive(socket, kind, payload));
  onWake(() => wake(socket));
}

// A tab that slept may have missed what happened: the state is asked for, never assumed. A link
// that died meanwhile may look alive for long: one that does not answer soon is made anew, with all that
// goes over it.
function wake(socket) {
  if (!socket.connected) return socket.connect();
  const [before, made] = [snapshots, socket.id];
  asked = 0;
  askAgain(socket);
  measureClock(socket);
  return setTimeout(() => {
    if (snapshots === before && socket.id === made) socket.io.engine?.close();
  }, WAKE_PATIENCE);
}

function receive(socket, kind, payload) {
  const verdict = sequence.accept(kind, payload.seq);
  if (verdict === "resync") askAgain(socket);
  if (verdict !== "apply") return;
  if (kind === "snapshot") {
    if (payload.server_time) tellServerTime(payload.server_time);
    asked = 0;
    snapshots += 1;
    setLink("up");
  }
  const before = state;
  state = reduce(before, kind, payload, me);
  tell(watching.concerned(before, state));
  for (const act of watching.hearersOf(kind)) act(payload);
}

function askAgain(socket) {
  if (asked && now() - asked < RESYNC_PATIENCE) return;
  asked = now();
  socket.emit("resync");
}

// Again and again: a link that has just come up is busy, and so is its first answer.
let measuring = 0;
function measureClock(socket) {
  const sent = performance.now();
  socket.emit("clock", (answer) => {
    const roundTrip = performance.now() - sent;
    if (answer?.server_time) measureServerTime(answer.server_time, roundTrip);
    clearTimeout(measuring);
    measuring = setTimeout(() => socket.connected && measureClock(socket), roundTrip > LONG ? CLOCK_AGAIN : CLOCK_EVERY);
  });
}

// The server closes a socket when its session is over, and also when it stops: ask which.
async function leaveIfSignedOut(socket) {
  try {
    const answer = await fetch("/session", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return leave();
  } catch {
    // unreachable: the reconnection below tells when it is back
  }
  setTimeout(() => socket.connect(), 1000);
}
