import assert from "node:assert/strict";
import { test } from "node:test";
import { Offset } from "../src/offset.js";

const MINUTE = 60_000;

// An answer of a server whose clock is `ahead`, read after `there` of a round trip.
const answer = (offset, { ahead, there, back, at }) => offset.measure(at - back + ahead, there + back, at);

test("a time that was told counts until one is measured, and never again", () => {
  const offset = new Offset(-3000);
  offset.tell(10_000 - 500, 10_000);
  assert.equal(offset.ahead, -500);
  answer(offset, { ahead: 40, there: 10, back: 10, at: 11_000 });
  assert.equal(offset.ahead, 40);
  offset.tell(12_000 - 2700, 12_000);
  assert.equal(offset.ahead, 40);
});

test("of two times that were told the one that was under way the least counts", () => {
  const offset = new Offset(-100);
  offset.tell(10_000 - 2500, 10_000);
  assert.equal(offset.ahead, -100);
});

test("an answer that was long under way does not change what a quick one said", () => {
  const offset = new Offset();
  answer(offset, { ahead: 0, there: 2900, back: 20, at: 3000 });
  assert.equal(offset.ahead, 1440);
  answer(offset, { ahead: 0, there: 15, back: 15, at: 6000 });
  assert.equal(offset.ahead, 0);
  answer(offset, { ahead: 0, there: 20, back: 2800, at: 66_000 });
  assert.equal(offset.ahead, 0);
});

test("what was measured long ago gives way to what is measured now", () => {
  const offset = new Offset();
  answer(offset, { ahead: 100, there: 5, back: 5, at: 0 });
  answer(offset, { ahead: 130, there: 40, back: 40, at: 9 * MINUTE });
  assert.equal(offset.ahead, 100);
  answer(offset, { ahead: 140, there: 60, back: 60, at: 11 * MINUTE });
  assert.equal(offset.ahead, 130);
});

test("a computer that slept, or whose clock was set, is measured anew at once", () => {
  const offset = new Offset();
  answer(offset, { ahead: 0, there: 5, back: 5, at: 1000 });
  answer(offset, { ahead: -4000, there: 700, back: 700, at: 6000 });
  assert.equal(offset.ahead, -4000);
  answer(offset, { ahead: 25 * MINUTE, there: 400, back: 400, at: -20 * MINUTE });
  assert.equal(offset.ahead, 25 * MINUTE);
});
