import assert from "node:assert/strict";
import { test } from "node:test";
import { Watching } from "../src/watching.js";

const parts = { calls: (state) => state.calls, line: (state) => state.line, busy: (state) => state.calls.length > 0 };

function watched() {
  const [watching, told] = [new Watching(parts), []];
  const watch = (name, ...names) => watching.watch(names, () => told.push(name));
  const step = (before, after) => {
    told.length = 0;
    for (const draw of watching.concerned(before, after)) draw();
    return told;
  };
  return { watching, watch, step };
}

test("only those are told whose part of the state is another one", () => {
  const { watch, step } = watched();
  watch("bar", "calls");
  watch("panel", "line");
  watch("both", "line", "calls");
  const before = { calls: [], line: [] };
  assert.deepEqual(step(before, { ...before, line: [1] }), ["panel", "both"]);
  assert.deepEqual(step(before, { ...before }), []);
  assert.deepEqual(step(before, before), []);
});

test("a part that is worked out from others has changed when what comes out has", () => {
  const { watch, step } = watched();
  watch("badge", "busy");
  const before = { calls: [1], line: [] };
  assert.deepEqual(step(before, { ...before, calls: [1, 2] }), []);
  assert.deepEqual(step(before, { ...before, calls: [] }), ["badge"]);
});

test("whoever has stopped is not told, and everyone else is when everyone is asked for", () => {
  const { watching, watch, step } = watched();
  const stop = watch("gone", "calls");
  watch("here", "line");
  stop();
  const before = { calls: [], line: [] };
  assert.deepEqual(step(before, { ...before, calls: [1] }), []);
  assert.equal(watching.everyone().length, 1);
});

test("a part that the state has not is a mistake of who watches it", () => {
  assert.throws(() => new Watching(parts).watch(["cals"], () => {}), /no part "cals"/);
});

test("what passes by is heard by those who listen for its kind, in the order they came", () => {
  const { watching } = watched();
  const heard = [];
  watching.hear("task", (news) => heard.push(`first ${news}`));
  watching.hear("task", (news) => heard.push(`second ${news}`));
  for (const act of watching.hearersOf("task")) act("x");
  assert.deepEqual(heard, ["first x", "second x"]);
  assert.deepEqual(watching.hearersOf("agent"), []);
});
