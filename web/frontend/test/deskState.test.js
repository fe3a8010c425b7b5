import assert from "node:assert/strict";
import { test } from "node:test";
import { callsAsked, currentCall, empty, myCalls, reduce } from "../src/deskState.js";

const me = { id: 7, role: "operator" };
const pop = (id, phase) => ({ call_id: id, phase, waiting_since: "2026-01-01T10:00:00Z", customers: [], seq: 1 });
const call = (id, state, user = 7) => ({
  call: { call_id: id, live: state !== "ended", state, started_at: "2026-01-01T10:00:00Z", parties: [{ user_id: user, state }] },
  seq: 2,
});
const play = (...events) => events.reduce((state, [kind, payload, who]) => reduce(state, kind, payload, who || me), empty());

test("a pop that is gone leaves nothing behind", () => {
  assert.deepEqual(play(["screen_pop", pop("a", "ringing")], ["screen_pop", pop("a", "gone")]).pops, {});
});

test("a call that ended leaves nothing behind", () => {
  assert.deepEqual(play(["call", call("a", "talking")], ["call", call("a", "ended")]).calls, {});
});

test("an operator keeps no call that others are on, a supervisor does", () => {
  assert.deepEqual(Object.keys(play(["call", call("a", "talking", 8)]).calls), []);
  assert.deepEqual(Object.keys(play(["call", call("a", "talking", 8), { id: 1, role: "supervisor" }]).calls), ["a"]);
});

test("somebody else's state is not mine", () => {
  assert.equal(play(["agent", { user_id: 8, state: "paused" }]).agent, null);
  assert.equal(play(["agent", { user_id: 7, state: "paused" }]).agent.state, "paused");
});

test("the call one speaks on comes before the one that rings", () => {
  const state = play(["screen_pop", pop("a", "answered")], ["screen_pop", pop("b", "ringing")]);
  assert.equal(currentCall(state, me).id, "a");
});

test("an outgoing call without a pop is the current call too", () => {
  assert.equal(currentCall(play(["call", call("a", "talking")]), me).phase, "answered");
});

test("calls of others leave an operator's state as it is, and a supervisor's own calls", () => {
  const before = play(["call", call("a", "talking")]);
  assert.equal(reduce(before, "call", call("b", "talking", 8), me), before);
  assert.equal(reduce(before, "agent", { user_id: 8, state: "paused" }, me), before);
  const leader = { id: 7, role: "supervisor" };
  const mine = myCalls(before, leader);
  const after = reduce(before, "call", call("b", "talking", 8), leader);
  assert.notEqual(after.calls, before.calls);
  assert.equal(myCalls(after, leader), mine);
  assert.notEqual(myCalls(reduce(after, "call", call("a", "ended"), leader), leader), mine);
});

test("live calls are those of the queues that were asked for, or of those who wait there", () => {
  const one = (id, state, queue) => ({ call_id: id, state, queue, direction: "inbound" });
  const state = { calls: { a: one("a", "waiting", "sales"), b: one("b", "talking", "sales"), c: one("c", "ringing", "vip"), d: { ...one("d", "waiting", ""), direction: "outbound" } } };
  const ids = (asked) => callsAsked(state, asked).map((call) => call.call_id);
  assert.deepEqual(ids({}), ["a", "b", "c", "d"]);
  assert.deepEqual(ids({ queues: '["sales"]' }), ["a", "b"]);
  assert.deepEqual(ids({ waiting: "yes", queues: "[]" }), ["a", "c"]);
});
