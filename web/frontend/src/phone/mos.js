// How a call sounds now, on the E-model's scale (pure): the same as callcenter/phones/mos.py, where
// the formula and its sources stand. Both are held to one table.
export function mos({ loss_percent: loss, jitter_ms: jitter, round_trip_ms: trip, codec = "" }) {
  const delay = trip / 2 + 20 + (codec.toLowerCase() === "opus" ? 6.5 : 0) + 2 * jitter;
  const late = 0.024 * delay + 0.11 * Math.max(0, delay - 177.3);
  const lost = (95 * loss) / (loss + 25.1);
  const r = Math.max(0, 93.2 - late - lost);
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

// Four bars, as people know them from their phones.
export function bars(grade) {
  return [2, 3.1, 3.6, 4].filter((least) => grade >= least).length;
}
