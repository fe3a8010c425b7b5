import assert from "node:assert/strict";
import { test } from "node:test";
import { everySecond, onTheBeat } from "../src/everySecond.js";

// A browser whose timers come late by what `lateness` says, one after the other.
function browser(lateness) {
  const timers = new Map();
  const one = { now: 0 };
  let made = 0;
  globalThis.setTimeout = (act, wait) => (timers.set((made += 1), { act, due: one.now + wait }), made);
  globalThis.clearTimeout = (id) => timers.delete(id);
  one.pending = () => timers.size;
  one.run = (until) => {
    for (let turn = 0; ; turn += 1) {
      const [id, next] = [...timers].sort((a, b) => a[1].due - b[1].due)[0];
      const at = Math.max(one.now, next.due + lateness[turn % lateness.length]);
      if (at > until) return;
      timers.delete(id);
      one.now = at;
      next.act();
    }
  };
  return one;
}

const changes = (shown) => shown.filter((figure, at) => figure !== shown[at - 1]);
const { setTimeout: realSet, clearTimeout: realClear } = globalThis;
test.afterEach(() => Object.assign(globalThis, { setTimeout: realSet, clearTimeout: realClear }));

for (const phase of [0, 1, 2, 499, 998, 999]) {
  test(`no second is passed over where timers are late, begun ${phase} ms after a change`, () => {
    const page = browser([0, 3, 90, 1, 700, 15]);
    const until = 20000 - phase;
    const shown = [];
    everySecond(() => (shown.push(Math.ceil((until - page.now) / 1000)), [until]), () => page.now)();
    page.run(15000);
    const figures = changes(shown);
    assert.deepEqual(figures, Array.from(figures, (_, passed) => figures[0] - passed));
    assert.ok(figures.length >= 14, String(figures));
  });
}

test("a timer that comes too early is set again", () => {
  const page = browser([-0.6]);
  const shown = [];
  everySecond(() => (shown.push(Math.floor(page.now / 1000)), [0]), () => page.now)();
  page.run(5100);
  assert.deepEqual(changes(shown), [0, 1, 2, 3, 4, 5]);
});

test("hundreds of clocks are drawn once a second, and none passes a second over", () => {
  const page = browser([0, 40, 7]);
  const begun = Array.from({ length: 500 }, (_, at) => onTheBeat(-at * 1371));
  const shown = begun.map(() => []);
  everySecond(() => begun.map((moment, at) => (shown[at].push(Math.floor((page.now - moment) / 1000)), moment)), () => page.now)();
  page.run(4500);
  for (const [at, one] of shown.entries()) assert.deepEqual(one, [0, 1, 2, 3, 4].map((second) => second - begun[at] / 1000));
});

test("several clocks keep to their own beats, drawn together", () => {
  const page = browser([0, 40]);
  const begun = [-100, -130, -750];
  const shown = begun.map(() => []);
  const draw = () => begun.map((moment, at) => (shown[at].push(Math.floor((page.now - moment) / 1000)), moment));
  everySecond(draw, () => page.now)();
  page.run(4500);
  for (const one of shown) assert.deepEqual(changes(one).slice(0, 5), [0, 1, 2, 3, 4]);
  assert.ok(shown[0].length < 25, `${shown[0].length} drawings`);
});

test("drawn between, it still goes on only once", () => {
  const page = browser([0]);
  const tick = everySecond(() => [NaN], () => page.now);
  tick();
  page.run(300);
  tick();
  assert.equal(page.pending(), 1);
});

test("a drawing that fails is not the last", () => {
  const page = browser([0]);
  let drawn = 0;
  const tick = everySecond(() => {
    drawn += 1;
    if (drawn === 1) throw new Error("no place for it yet");
    return [];
  }, () => page.now);
  assert.throws(tick);
  page.run(2500);
  assert.equal(drawn, 3);
});
