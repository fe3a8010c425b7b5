import assert from "node:assert/strict";
import { test } from "node:test";
import { placesIn, sharesOf } from "../src/wallboard/columns.js";
import { FIGURES, reached } from "../src/wallboard/figures.js";
import { inOrder } from "../src/wallboard/inOrder.js";
import { columnsOf, pagesOf } from "../src/wallboard/pages.js";
import { ageOf, alertOf, callersOf, isOld, nothing, operatorsOf, take } from "../src/wallboard/state.js";
import { after, isOver, settle, stayAt } from "../src/wallboard/stay.js";

const frame = (seq, tiles, more = {}) => ({ seq, tiles, whole: false, as_of: "2026-03-02T12:00:00+00:00", ...more });
const whole = (seq, tiles) => frame(seq, tiles, { whole: true });

test("frames that follow each other change only what they name", () => {
  let { state } = take(nothing(), whole(4, { a: 1, b: 2 }));
  ({ state } = take(state, frame(5, { a: 3, b: null, c: 4 })));
  assert.deepEqual(state.tiles, { a: 3, c: 4 });
});

test("after a hole the whole is asked for, and what comes meanwhile is left out", () => {
  const { state } = take(nothing(), whole(4, { a: 1 }));
  const missed = take(state, frame(6, { a: 2 }));
  assert.equal(missed.again, true);
  assert.deepEqual(take(missed.state, frame(7, { a: 3 })).state.tiles, { a: 1 });
  assert.deepEqual(take(missed.state, whole(7, { a: 3 })).state.tiles, { a: 3 });
});

test("a frame told again changes nothing", () => {
  const { state } = take(nothing(), whole(4, { a: 1 }));
  assert.equal(take(state, frame(4, { a: 9 })).state, state);
});

test("figures without a frame for fifteen seconds are stale", () => {
  const { state } = take(nothing(), whole(1, {}));
  const noon = Date.parse("2026-03-02T12:00:00Z");
  assert.equal(ageOf(state, noon + 14000).stale, false);
  assert.equal(ageOf(state, noon + 16000).stale, true);
  assert.equal(ageOf(nothing(), noon).stale, true);
});

test("operators stand by state, then by time in it", () => {
  const one = (id, state, since) => [`operator:${id}`, { id, state, since }];
  const { state } = take(nothing(), whole(1, Object.fromEntries([one(1, "paused", "12:00"), one(2, "talking", "12:05"), one(3, "talking", "12:01")])));
  assert.deepEqual(operatorsOf(state).map(({ id }) => id), [3, 2, 1]);
});

test("callers of all queues stand in one line, the longest wait first", () => {
  const queue = (title, ...callers) => ({ title, callers });
  const { state } = take(nothing(), whole(1, { order: ["a", "b"], "queue:a": queue("A", { call: "1", since: "12:02" }), "queue:b": queue("B", { call: "2", since: "12:01" }) }));
  assert.deepEqual(callersOf(state).map(({ call, queue: of }) => [call, of]), [["2", "B"], ["1", "A"]]);
});

test("no page of a wall has more than twelve figures, and pages are even", () => {
  const kinds = Array.from({ length: 14 }, (_none, at) => `k${at}`);
  const lists = { queues: [1, 2, 3, 4], operators: [] };
  const pages = pagesOf([...kinds, "queues", "operators"], lists);
  assert.deepEqual(pages.map(({ kind, items }) => [kind, items.length]), [["figures", 7], ["figures", 7], ["queues", 2], ["queues", 2]]);
  assert.deepEqual([12, 7, 4, 2].map(columnsOf), [4, 4, 2, 2]);
});

test("a share is never rounded up to a goal that was missed", () => {
  assert.equal(FIGURES.service_level_today({ level_today: 0.7999 }).text, "79 %");
  assert.equal(FIGURES.service_level_today({ level_today: null }).text, "–");
  assert.equal(reached({ goal: [20, 80] }, 0.8), "ok");
  assert.equal(reached({ goal: [20, 80] }, 0.7999), "warn");
});

test("the worst alert of a figure marks it", () => {
  const alert = (level, queue = "") => ({ metric: "waiting", level, queue, team: null });
  const { state } = take(nothing(), whole(1, { alerts: [alert("amber"), alert("red"), alert("amber", "sales")] }));
  assert.equal(alertOf(state, "waiting").level, "red");
  assert.equal(alertOf(state, "waiting", "sales").level, "amber");
  assert.equal(alertOf(state, "ready"), null);
});

test("of a list in another order as much as can be stays where it is", () => {
  assert.deepEqual([...inOrder([0, 1, 2, 3])].sort(), [0, 1, 2, 3]);
  assert.deepEqual([...inOrder([3, 0, 1, 2])].sort(), [1, 2, 3]);
  assert.deepEqual([...inOrder([1, 2, 3, 0])].sort(), [0, 1, 2]);
  assert.deepEqual([...inOrder([])], []);
  assert.equal(inOrder([4, 4, 4]).size, 1); // those that are new have no place yet
});

test("columns of figures have room by the longest word above them, and fill their part together", () => {
  const shares = sharesOf(["Waiting", "Next hour", "Дообработка"]);
  assert.equal(Math.round(shares.reduce((sum, one) => sum + one)), 85);
  assert.equal(shares[0], shares[1]);
  assert.ok(shares[2] > shares[0] * 1.5);
});

const callers = (...calls) => calls.map((call) => ({ call }));
const pagesWith = (lists) => pagesOf(["waiting", "callers", "operators"], { queues: [], callers: [], operators: [], ...lists });

test("on a wall whoever waits on keeps their place, and whoever comes takes one that became free", () => {
  const pages = pagesWith({ callers: callers("a", "b", "c") });
  const stay = stayAt(pages, pages[1]);
  assert.deepEqual(stay.places.slice(0, 4), ["a", "b", "c", null]);
  const left = settle(stay, ["b", "c"]);
  assert.deepEqual(left.stay.places.slice(0, 4), [null, "b", "c", null]);
  assert.deepEqual(settle(left.stay, ["b", "c", "d", "e"]).stay.places.slice(0, 4), ["d", "b", "c", "e"]);
  assert.equal(left.stay.places.length, stay.places.length);
});

test("who finds no place on a page is counted, and who stands on another page is left there", () => {
  const many = Array.from({ length: 12 }, (_none, at) => `c${at}`);
  const full = pagesWith({ callers: callers(...many) });
  assert.equal(settle(stayAt(full, full[1]), [...many, "x", "y"]).more, 2);
  const two = pagesWith({ operators: Array.from({ length: 14 }, (_none, id) => ({ id })) });
  const first = settle(stayAt(two, two[1]), Array.from({ length: 14 }, (_none, id) => id));
  assert.deepEqual([first.more, first.stay.places], [0, [0, 1, 2, 3, 4, 5, 6, null]]);
});

test("a page whose list became empty is followed by the one that comes after it", () => {
  const kinds = ["figures", "callers", "operators"];
  const stay = { kind: "callers", part: 0 };
  assert.equal(after(pagesWith({ operators: [{ id: 1 }] }), stay, kinds).kind, "operators");
  assert.equal(after(pagesWith({}), stay, kinds).kind, "figures");
});

test("a page that everybody left is turned at once, unless there is no other", () => {
  const waited = pagesWith({ callers: callers("a") });
  const { stay } = settle(stayAt(waited, waited[1]), []);
  assert.equal(isOver(waited, stayAt(waited, waited[1]), 1000, 20000), false);
  assert.equal(isOver(pagesWith({}), stay, 1000, 20000), true);
  assert.equal(isOver([], stay, 1000, 20000), false);
  assert.equal(isOver([], stay, 20000, 20000), true);
  const rest = callers("m", "n");
  const two = pagesWith({ callers: [...callers(...Array.from({ length: 12 }, (_none, at) => `c${at}`)), ...rest] });
  const first = settle(stayAt(two, two[1]), two[2].keys).stay;
  assert.equal(isOver(pagesWith({ callers: rest }), first, 1000, 20000), true, "those of another page do not stand on this one");
});

test("figures are old without a link, without fresh frames, or without a PBX", () => {
  const fresh = { stale: false, countedStale: false };
  assert.equal(isOld("up", fresh, []), false);
  assert.equal(isOld("down", fresh, []), true);
  assert.equal(isOld("up", { ...fresh, stale: true }, []), true);
  assert.equal(isOld("up", fresh, [{ pbx: "office" }]), true);
});

test("at least one caller stands in the line of a queue, however narrow it is", () => {
  assert.deepEqual([300, 768, 1180].map(placesIn), [1, 2, 3]);
});
