// What a tile says: the figure of its kind, taken from the sum or from a queue (pure).
// {text} stands still; {since} counts up from a moment; both empty: nothing to say.
const count = (value) => ({ text: String(value ?? 0) });
const share = (value) => ({ text: value === null || value === undefined ? "–" : `${Math.floor(value * 100 + 1e-9)} %` });
const states = (tile, ...names) => count(names.reduce((sum, name) => sum + (tile.states[name] || 0), 0));

export const FIGURES = {
  waiting: (tile) => count(tile.waiting),
  longest_wait: (tile) => (tile.longest ? { since: tile.longest } : { text: "–" }),
  service_level_now: (tile) => share(tile.level_now),
  service_level_today: (tile) => share(tile.level_today),
  ready: (tile) => states(tile, "ready"),
  talking: (tile) => states(tile, "talking", "hold"),
  wrap_up: (tile) => states(tile, "wrap_up"),
  paused: (tile) => states(tile, "paused"),
  offered_today: (tile) => count(tile.offered),
  answered_today: (tile) => count(tile.answered),
  abandoned_today: (tile) => count(tile.abandoned),
  abandonment_today: (tile) => share(tile.abandonment),
  asa_today: (tile) => (tile.asa === null ? { text: "–" } : { seconds: tile.asa }),
  callbacks_waiting: (tile) => count(tile.callbacks),
  forecast: (tile) => (tile.forecast === null ? { text: "–" } : { text: String(Math.round(tile.forecast)) }),
};

// Whether a queue's service level is where it should be: "ok", "warn" or "".
export function reached(queue, level) {
  if (level === null || level === undefined || !queue.goal) return "";
  return level * 100 + 1e-9 >= queue.goal[1] ? "ok" : "warn";
}

const TONES = {
  waiting: (tile) => (tile.waiting ? "ringing" : ""),
  longest_wait: (tile) => (tile.waiting ? "ringing" : ""),
  ready: (tile) => ((tile.states.ready || 0) > 0 ? "ready" : ""),
  talking: () => "talking",
  wrap_up: () => "wrap",
  paused: () => "paused",
};

export const toneOf = (kind, tile) => (TONES[kind] ? TONES[kind](tile) : "");
