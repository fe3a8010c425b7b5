// A chart as the server describes it, in ECharts' words.
//
// {kind: "bar" | "line" | "heatmap", unit, x: [label…], series: [{name, values, before?, colour?, colours?}…],
//  lying?, goal?, links?: [address…], y?: [label…], cells?: [[x, y, value]…]}
import { told } from "./words.js";

const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 2]];
const MOST_SERIES = 5;

export function optionOf(chart, colours) {
  return { ...common(colours), ...(chart.kind === "heatmap" ? heat(chart, colours) : axes(chart, colours)) };
}

function common(colours) {
  return {
    animation: false,
    color: colours.series,
    textStyle: { fontFamily: colours.font, color: colours.ink, fontSize: 12 },
    aria: { enabled: false }, // the table under it says it all
  };
}

function tooltip(colours, trigger, formatter) {
  return {
    trigger,
    confine: true,
    renderMode: "richText", // no HTML of names that callers can type
    backgroundColor: colours.paper,
    borderColor: colours.line,
    textStyle: { color: colours.ink, fontSize: 12 },
    formatter,
  };
}

function axes(chart, colours) {
  const series = chart.series.slice(0, MOST_SERIES);
  const several = series.length > 1 || series.some((one) => one.before);
  const names = chart.lying ? namesBeside(chart, colours) : namesBelow(chart, colours);
  const numbers = numbersOf(chart, colours);
  return {
    grid: { left: 8, right: chart.lying ? 32 : 16, top: several ? 40 : 16, bottom: 8, containLabel: true },
    legend: several ? { type: "scroll", top: 0, left: 0, textStyle: { color: colours.ink }, itemWidth: 24, inactiveColor: colours.soft } : undefined,
    tooltip: tooltip(colours, "axis", (points) => lines(chart, points)),
    xAxis: chart.lying ? numbers : names,
    yAxis: chart.lying ? names : numbers,
    series: series.flatMap((one, place) => drawn(chart, one, place, colours)),
  };
}

function namesBelow(chart, colours) {
  // A line begins and ends at the edge; a bar's name stands under its bar, the first one's too.
  const inside = chart.kind === "bar" ? {} : { alignMinLabel: "left", alignMaxLabel: "right" };
  return {
    type: "category",
    data: chart.x,
    axisLabel: { color: colours.soft, hideOverlap: true, ...inside },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    boundaryGap: chart.kind === "bar",
  };
}

// All of them, the first on top; a long one ends in dots, and the tooltip says it whole.
function namesBeside(chart, colours) {
  const room = window.innerWidth < 720 ? 128 : 240;
  return {
    type: "category",
    data: chart.x,
    inverse: true,
    axisLabel: { color: colours.ink, interval: 0, width: room, overflow: "truncate" },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
  };
}

function numbersOf(chart, colours) {
  return {
    type: "value",
    min: 0,
    max: chart.unit === "percent" ? 100 : undefined,
    minInterval: chart.unit === "count" ? 1 : undefined, // nobody counts half operators
    axisLabel: { color: colours.soft, hideOverlap: true, formatter: (value) => told(value, chart.unit) },
    splitLine: { lineStyle: { color: colours.line } },
  };
}

function drawn(chart, one, place, colours) {
  const colour = colours.series[(one.colour ?? place) % colours.series.length];
  const shapes = [shape(chart, one, place, colour, colours)];
  if (one.before) shapes.push(before(one, colour, colours));
  return shapes;
}

function shape(chart, one, place, colour, colours) {
  const bar = chart.kind === "bar";
  return {
    name: one.name,
    type: bar ? "bar" : "line",
    data: one.values.map((value, at) => (bar && one.colours ? { value, itemStyle: { color: colours.series[one.colours[at] % colours.series.length] } } : value)),
    itemStyle: { color: colour, borderRadius: bar ? (chart.lying ? [0, 2, 2, 0] : [2, 2, 0, 0]) : 0 },
    lineStyle: bar ? undefined : { width: 2, color: colour, type: DASHES[place % DASHES.length] },
    symbol: "circle",
    symbolSize: 6,
    showSymbol: one.values.length <= 62,
    connectNulls: false,
    barMaxWidth: chart.lying ? 20 : 40,
    cursor: chart.links ? "pointer" : "default",
    markLine: place === 0 && chart.goal ? goal(chart, colours) : undefined,
  };
}

function before(one, colour, colours) {
  return {
    name: one.beforeName,
    type: "line",
    data: one.before,
    silent: true,
    symbol: "none",
    lineStyle: { width: 1.5, type: "dotted", color: colours.soft },
    itemStyle: { color: colours.soft },
  };
}

function goal(chart, colours) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colours.ink, type: "dashed", width: 1 },
    label: { color: colours.ink, position: "insideEndTop", formatter: `${chart.goalName ?? ""} ${told(chart.goal, chart.unit)}`.trim() },
    data: [{ yAxis: chart.goal }],
  };
}

function lines(chart, points) {
  const told_ = points.map((point) => `${point.seriesName}: ${told(point.value?.value ?? point.value, chart.unit)}`);
  return [points[0]?.name ?? "", ...told_].join("\n");
}

function heat(chart, colours) {
  const most = Math.max(1, ...chart.cells.map((cell) => cell[2] ?? 0));
  const axis = { axisLabel: { color: colours.soft, hideOverlap: true }, axisLine: { show: false }, axisTick: { show: false } };
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 48, containLabel: true },
    tooltip: tooltip(colours, "item", (point) => `${chart.y[point.value[1]]} ${chart.x[point.value[0]]}\n${told(point.value[2], chart.unit)}`),
    xAxis: { type: "category", data: chart.x, ...axis },
    yAxis: { type: "category", data: chart.y, inverse: true, ...axis },
    visualMap: {
      min: 0,
      max: most,
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      text: [told(most, chart.unit), "0"],
      textStyle: { color: colours.soft },
      inRange: { color: [colours.low, colours.high] },
    },
    series: [{ type: "heatmap", data: chart.cells, itemStyle: { borderColor: colours.paper, borderWidth: 1 }, emphasis: { itemStyle: { borderColor: colours.ink } }, cursor: chart.links ? "pointer" : "default" }],
  };
}
