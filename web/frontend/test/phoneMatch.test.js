// Which line carries which call: by number and time, and by nothing when there is only one of each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isInBrowser, pair } from "../src/phone/match.js";

const at = Date.parse("2026-03-02T12:00:00Z");
const party = (endpoint, state = "talking") => ({ user_id: 7, endpoint, state });
const call = (id, values = {}) => ({
  id, phase: "answered", pop: null,
  call: { number: "+48601100100", dialed: "+48221000001", started_at: new Date(at).toISOString(), parties: [party("PJSIP/web1001")], ...values },
});
const line = (id, values = {}) => ({ id, direction: "in", number: "+48601100100", state: "up", begun: at, ...values });
const found = (items, lines, offset) => Object.fromEntries([...pair(items, lines, 7, offset)].map(([id, one]) => [id, one.id]));

test("one line and one call belong together whatever they are called", () => {
  assert.deepEqual(found([call("a", { number: "hidden", started_at: null })], [line("x", { begun: at + 900000 })]), { a: "x" });
});

test("a desk phone's call has no line", () => {
  assert.deepEqual(found([call("a", { parties: [party("PJSIP/1001")] })], [line("x")]), {});
  assert.equal(isInBrowser(call("a", { parties: [party("PJSIP/web1001", "ended")] }).call, 7), false);
});

test("two calls find their lines by their numbers", () => {
  const items = [call("a"), call("b", { number: "+48602200200" })];
  assert.deepEqual(found(items, [line("y", { number: "602200200" }), line("x")]), { a: "x", b: "y" });
});

test("a call placed here is known by whom it calls", () => {
  const items = [call("a"), call("b", { number: "1001", dialed: "1002" })];
  assert.deepEqual(found(items, [line("y", { direction: "out", number: "1002" }), line("x")]), { a: "x", b: "y" });
});

test("a second line that fits no call stays without one", () => {
  const strange = line("z", { number: "999", state: "ringing", begun: at + 90000 });
  assert.deepEqual(found([call("a")], [line("x"), strange]), { a: "x" });
});

test("a call that comes back to who handed it over is at the line before more than its pop is told", () => {
  const left = [party("PJSIP/web1001", "ended"), { ...party("PJSIP/web1002"), user_id: 8 }];
  const back = (parties) => [{ ...call("a", { parties }), phase: "ringing", pop: {} }];
  const rings = line("x", { state: "ringing", begun: at + 60000 });
  assert.deepEqual(found(back(left), [rings]), { a: "x" });
  assert.deepEqual(found(back([...left, party("PJSIP/1001", "ringing")]), [rings]), {}); // the desk phone rings
});
