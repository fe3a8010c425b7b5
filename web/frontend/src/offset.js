// How far the server's clock is ahead of this computer's (pure). Of what was measured the answer that came
// back soonest counts: the server read its clock somewhere on the way, so a round trip of three seconds may
// be wrong by one and a half.
const LAST = 10 * 60_000; // afterwards the computer's own clock may have drifted away
const DRIFT = 100;

export class Offset {
  constructor(ahead = 0) {
    this.ahead = ahead;
    this.samples = [];
  }

  // A time that came by itself: late by an unknown while, so it counts only until one is measured, and of
  // several the one that is furthest ahead was under way the least.
  tell(serverTime, at) {
    if (!this.samples.length) this.ahead = Math.max(this.ahead, serverTime - at);
  }

  // What two answers say cannot differ by more than their round trips allow: else the computer's clock was
  // set meanwhile, and what was measured before it says nothing any more.
  measure(serverTime, roundTrip, at) {
    const fresh = { ahead: serverTime + roundTrip / 2 - at, roundTrip, at };
    const holds = (one) => Math.abs(at - one.at) < LAST && Math.abs(one.ahead - fresh.ahead) <= (one.roundTrip + roundTrip) / 2 + DRIFT;
    this.samples = [...this.samples.filter(holds), fresh];
    this.ahead = this.samples.reduce((best, one) => (one.roundTrip < best.roundTrip ? one : best)).ahead;
  }
}
