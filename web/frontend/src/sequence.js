// The numbering of one socket (pure). A snapshot sets the count, each event must be the next one;
// a hole means that something was missed: ignore everything until the next snapshot.
export class Sequence {
  constructor() {
    this.reset();
  }

  reset() {
    this.expected = null;
  }

  // Whether a snapshot has come that events can follow.
  get counting() {
    return this.expected !== null;
  }

  // "apply" this message, "resync" (ask for a snapshot) or "ignore" (one is on its way, or a repeat).
  accept(kind, seq) {
    if (kind === "snapshot") {
      this.expected = seq + 1;
      return "apply";
    }
    if (this.expected === null || seq < this.expected) return "ignore";
    if (seq > this.expected) {
      this.expected = null;
      return "resync";
    }
    this.expected = seq + 1;
    return "apply";
  }
}
