// Folds a recorded conversation of a socket with the browser's own code and prints the state:
// the Python tests compare it with a fresh snapshot. Reads {me, events: [[kind, payload], …]}.
import { readFileSync } from "node:fs";
import { empty, reduce } from "../src/deskState.js";
import { Sequence } from "../src/sequence.js";

const { me, events } = JSON.parse(readFileSync(0, "utf8"));
const sequence = new Sequence();
const verdicts = [];
let state = empty();
for (const [kind, payload] of events) {
  const verdict = sequence.accept(kind, payload.seq);
  verdicts.push(verdict);
  if (verdict === "apply") state = reduce(state, kind, payload, me);
}
console.log(JSON.stringify({ state, verdicts }));
