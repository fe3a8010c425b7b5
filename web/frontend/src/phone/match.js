// Which of the phone's lines carries which call of the server's (pure). SIP and the call log have no
// common name for a call, so it is told by way, number and time; one line and one call need no proof.
const WEB = /\/web[^/]*$/;
const NEAR = 20000;

export const digits = (text) => (text || "").replace(/\D/g, "");

function sameNumber(a, b) {
  const [one, other] = [digits(a), digits(b)];
  if (!one || !other) return false;
  const length = Math.min(one.length, other.length, 9);
  return one.slice(-length) === other.slice(-length) && (length >= 7 || one === other);
}

const partsOf = (call, userId) => call?.parties.filter((party) => party.user_id === userId && party.state !== "ended") ?? [];

// Whether the user's own part of a call is the browser's phone.
export function isInBrowser(call, userId) {
  return partsOf(call, userId).some((party) => WEB.test(party.endpoint));
}

// Or may be: a pop says no device, and it is told before its call. Of a call that comes back to who handed
// it over, what is known until then is that they left it.
export function mayBeInBrowser({ call, pop }, userId) {
  return !call || isInBrowser(call, userId) || (Boolean(pop) && !partsOf(call, userId).length);
}

function likeness(line, item, offset) {
  const source = item.call || item.pop;
  const theirs = line.direction === "out" ? source.dialed : source.number;
  let points = sameNumber(line.number, theirs) ? 4 : 0;
  const begun = Date.parse(item.call?.started_at || item.pop?.waiting_since || "");
  if (Math.abs(begun - (line.begun + offset)) < NEAR) points += 1;
  if (item.phase === "answered" && line.state === "up") points += 1;
  return points;
}

// items → Map(item id → line), each line once; the likest pairs first. `offset`: the server's clock
// minus ours. Only calls in which the browser takes part, or may, have a line.
export function pair(items, lines, userId, offset = 0) {
  const open = items.filter((item) => mayBeInBrowser(item, userId));
  const pairs = open.flatMap((item) => lines.map((line) => ({ item, line, points: likeness(line, item, offset) })));
  pairs.sort((a, b) => b.points - a.points);
  const found = new Map();
  const taken = new Set();
  for (const { item, line, points } of pairs) {
    const certain = points > 1 || (open.length === 1 && lines.length === 1);
    if (certain && !found.has(item.id) && !taken.has(line)) {
      found.set(item.id, line);
      taken.add(line);
    }
  }
  return found;
}
