import assert from "node:assert/strict";
import { test } from "node:test";
import { Sequence } from "../src/sequence.js";

test("events before the first snapshot are ignored", () => {
  assert.equal(new Sequence().accept("call", 1), "ignore");
});

test("events that follow a snapshot one by one are applied", () => {
  const sequence = new Sequence();
  assert.deepEqual(
    [["snapshot", 5], ["call", 6], ["screen_pop", 7]].map(([kind, seq]) => sequence.accept(kind, seq)),
    ["apply", "apply", "apply"],
  );
});

test("a hole asks for a snapshot once and everything until it comes is ignored", () => {
  const sequence = new Sequence();
  sequence.accept("snapshot", 1);
  assert.equal(sequence.accept("call", 3), "resync");
  assert.equal(sequence.accept("call", 4), "ignore");
  assert.equal(sequence.accept("snapshot", 5), "apply");
  assert.equal(sequence.accept("call", 6), "apply");
});

test("a repeated event is ignored", () => {
  const sequence = new Sequence();
  sequence.accept("snapshot", 1);
  sequence.accept("call", 2);
  assert.equal(sequence.accept("call", 2), "ignore");
});
