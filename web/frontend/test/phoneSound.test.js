// The grade shown while a call is up is the one that is stored, and a bad moment is not averaged away.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bars, mos } from "../src/phone/mos.js";
import { Quality } from "../src/phone/quality.js";

const table = JSON.parse(readFileSync(new URL("mos.json", import.meta.url)));

test("the grade is that of the table which the server is held to as well", () => {
  for (const row of table) assert.ok(Math.abs(mos(row) - row.mos) <= 0.0051, JSON.stringify(row));
});

test("a good line has four bars, a useless one none", () => assert.deepEqual([4.4, 3.9, 3.2, 2.5, 1].map(bars), [4, 3, 2, 1, 0]));

const figures = (received, lost) => ({ received, lost, jitter_ms: 2, round_trip_ms: 20, codec: "opus" });

test("loss is counted for each interval", () => {
  const quality = new Quality();
  assert.equal(quality.add(figures(250, 0)).loss_percent, 0);
  assert.equal(quality.add(figures(375, 125)).loss_percent, 50);
  assert.equal(quality.add(figures(625, 125)).loss_percent, 0);
  const { loss_percent: average, worst_loss_percent: worst, samples } = quality.summary();
  assert.deepEqual([Math.round(average), worst, samples], [17, 50, 3]);
});

test("silence while a call is held is no loss, and a call without sound has no grade", () => {
  const quality = new Quality();
  assert.equal(quality.add(figures(0, 0)), null);
  assert.equal(quality.summary(), null);
});
