// A board as a function of its frames (pure). A whole frame sets everything, each later one must be
// the next and names the tiles that changed (null: gone); after a hole the whole is asked for again.
export const nothing = () => ({ ready: false, seq: 0, tiles: {}, about: {} });

// {state, again}: `again` when something was missed.
export function take(state, frame) {
  if (frame.whole) return { state: { ready: true, seq: frame.seq, tiles: { ...frame.tiles }, about: aboutOf(frame) }, again: false };
  if (!state.ready || frame.seq <= state.seq) return { state, again: false };
  if (frame.seq > state.seq + 1) return { state: { ...state, ready: false }, again: true };
  const tiles = { ...state.tiles };
  for (const [name, tile] of Object.entries(frame.tiles)) {
    if (tile === null) delete tiles[name];
    else tiles[name] = tile;
  }
  return { state: { ready: true, seq: frame.seq, tiles, about: aboutOf(frame) }, again: false };
}

function aboutOf({ as_of, counted_at, checked_at, differences, build, version }) {
  return { as_of, counted_at, checked_at, differences, build, version };
}

const STATES = ["ringing", "talking", "hold", "wrap_up", "ready", "paused", "offline"];

export const queuesOf = (state) => (state.tiles.order || []).map((name) => state.tiles[`queue:${name}`]).filter(Boolean);

export const unsortedOperatorsOf = (state) => Object.keys(state.tiles).filter((name) => name.startsWith("operator:")).map((name) => state.tiles[name]);

// By state, then whoever is in it the longest. Who is away stands in nobody's way.
export function operatorsOf(state) {
  return unsortedOperatorsOf(state).sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || compare(a.since, b.since) || a.id - b.id);
}

export function callersOf(state) {
  const all = queuesOf(state).flatMap((queue) => queue.callers.map((caller) => ({ ...caller, queue: queue.title })));
  return all.sort((a, b) => compare(a.since, b.since) || compare(a.call, b.call));
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// --- how old, and whether that is too old ---------------------------------------------------------

const STALE = 15; // seconds: three heartbeats
const COUNTED_STALE = 60;

export function ageOf(state, now) {
  const live = seconds(state.about.as_of, now);
  const counted = seconds(state.about.counted_at, now);
  return { live, stale: live === null || live > STALE, counted, countedStale: counted !== null && counted > COUNTED_STALE };
}

const seconds = (moment, now) => (moment ? Math.max(0, (now - Date.parse(moment)) / 1000) : null);

// Whether what stands there may be otherwise by now.
export const isOld = (link, age, away) => link !== "up" || age.stale || age.countedStale || away.length > 0;

export const linksAway = (state) => (state.tiles.links || []).filter((link) => link.away);

// --- which alert belongs to which tile --------------------------------------------------------------

// The worst open one of a figure: of a queue, or overall (queue "").
export function alertOf(state, metric, queue = "") {
  const found = (state.tiles.alerts || []).filter((alert) => alert.metric === metric && alert.queue === queue && alert.team === null);
  return found.find((alert) => alert.level === "red") || found[0] || null;
}
