// The bundle of charts: only the parts of ECharts that are used, drawn on a canvas, so that the
// content policy needs no exception. The frame loads it when a page has a chart (see ../charts.js).
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { palette } from "./colours.js";
import { optionOf } from "./options.js";

use([BarChart, HeatmapChart, LineChart, GridComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer]);

const shown = new Set();
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => getInstanceByDom(target)?.resize()));

function mount(root) {
  forgetGone();
  for (const place of root.querySelectorAll("[data-chart]")) if (!getInstanceByDom(place)) draw(place);
}

function draw(place) {
  const chart = JSON.parse(place.dataset.chart);
  if (chart.lying) place.style.height = `${(chart.series.length > 1 ? 56 : 32) * chart.x.length + 72}px`; // a line for each name
  const drawn = init(place, null, { renderer: "canvas" });
  drawn.setOption(optionOf(chart, palette()));
  drawn.on("click", ({ dataIndex }) => open(chart.links?.[dataIndex]));
  place.dataset.drawn = "yes";
  shown.add(place);
  sizes.observe(place);
}

// As a press on the same number in the table: the frame swaps the page.
function open(address) {
  if (!address) return;
  const link = [...document.querySelectorAll("#main a[href]")].find((one) => one.getAttribute("href") === address);
  if (link) link.click();
  else location.assign(address);
}

function forgetGone() {
  for (const place of shown) {
    if (place.isConnected) continue;
    sizes.unobserve(place);
    getInstanceByDom(place)?.dispose();
    shown.delete(place);
  }
}

function redraw() {
  for (const place of shown) getInstanceByDom(place)?.setOption(optionOf(JSON.parse(place.dataset.chart), palette()), true);
}

new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
window.callcenterCharts = { mount };
document.dispatchEvent(new Event("charts:ready"));
