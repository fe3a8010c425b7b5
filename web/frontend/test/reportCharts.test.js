import assert from "node:assert/strict";
import { test } from "node:test";

// The page around the module: in English, without words of its own.
globalThis.document = { getElementById: () => null, documentElement: { lang: "en" } };
globalThis.window = { innerWidth: 1280 };
const { optionOf } = await import("../src/reports/options.js");

const colours = { series: ["#00f"], ink: "#000", soft: "#888", line: "#ccc", paper: "#fff", font: "sans-serif" };
const names = (kind) => optionOf({ kind, unit: "count", x: ["Mon", "Tue", "Wed"], series: [{ name: "Calls", values: [1, 2, 3] }] }, colours).xAxis.axisLabel;

test("the name of every bar stands under its bar", () => {
  const { alignMinLabel, alignMaxLabel } = names("bar");
  assert.deepEqual([alignMinLabel, alignMaxLabel], [undefined, undefined]);
});

test("the first and the last name of a line stay inside the chart", () => {
  const { alignMinLabel, alignMaxLabel } = names("line");
  assert.deepEqual([alignMinLabel, alignMaxLabel], ["left", "right"]);
});

test("a line has the colour that the server gives it, a bar among bars its own", () => {
  const several = { ...colours, series: ["#a", "#b", "#c"] };
  const lines = optionOf({ kind: "line", unit: "count", x: ["Mon"], series: [{ name: "Sales", values: [1], colour: 2 }, { name: "Support", values: [2] }] }, several);
  assert.deepEqual(lines.series.map((one) => [one.itemStyle.color, one.lineStyle.color]), [["#c", "#c"], ["#b", "#b"]]);
  const bars = optionOf({ kind: "bar", unit: "count", x: ["Sales", "Support"], series: [{ name: "Calls", values: [1, 2], colours: [2, 1] }] }, several);
  assert.deepEqual(bars.series[0].data.map((one) => one.itemStyle.color), ["#c", "#b"]);
});
