// The picture of a sound: bars for its loudness, hatched where nothing was kept, ticks where people
// came and went. Colours come from the page, so that it follows light and dark.
import { h } from "../dom.js";

const BAR = 2;
const GAP = 1;

export class Wave {
  constructor(holder) {
    this.holder = holder;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    holder.append(this.canvas);
    this.peaks = [];
    this.pauses = [];
    this.marks = [];
    this.part = 0;
    this.resized = new ResizeObserver(() => this.draw(this.part, true));
    this.resized.observe(holder);
    this.themed = new MutationObserver(() => this.draw(this.part, true));
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  }

  show({ peaks, pauses, marks }, length) {
    this.peaks = peaks;
    this.pauses = pauses.map((pair) => pair.map((at) => at / length));
    this.marks = marks.map(({ at }) => at / length);
    this.draw(this.part, true);
  }

  draw(part, anew = false) {
    const { clientWidth: width, clientHeight: height } = this.holder;
    if (!width || !height || (!anew && Math.abs(part - this.part) * width < 0.5)) return;
    this.part = part;
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const pen = this.canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(this.holder);
    const colour = (name) => style.getPropertyValue(name).trim();
    this.bars(pen, width, height, colour);
    for (const [from, until] of this.pauses) hatch(pen, from * width, until * width, height, colour);
    pen.fillStyle = colour("--ink");
    for (const at of this.marks) pen.fillRect(Math.round(at * width), 0, 1, 5);
    pen.fillRect(Math.min(width - 2, Math.round(part * width)), 0, 2, height);
  }

  bars(pen, width, height, colour) {
    const count = Math.max(1, Math.floor(width / (BAR + GAP)));
    const loudest = Math.max(10, ...this.peaks);
    for (let index = 0; index < count; index += 1) {
      const loud = loudestOf(this.peaks, index / count, (index + 1) / count) / loudest;
      const tall = Math.max(2, loud * (height - 8));
      pen.fillStyle = colour((index + 0.5) / count <= this.part ? "--talking" : "--soft");
      pen.fillRect(index * (BAR + GAP), (height - tall) / 2, BAR, tall);
    }
  }

  leave() {
    this.resized.disconnect();
    this.themed.disconnect();
  }
}

export function loudestOf(peaks, from, until) {
  if (!peaks.length) return 0;
  const start = Math.min(peaks.length - 1, Math.floor(from * peaks.length));
  const end = Math.max(start + 1, Math.ceil(until * peaks.length));
  return Math.max(...peaks.slice(start, end));
}

function hatch(pen, from, until, height, colour) {
  const wide = Math.max(3, until - from);
  pen.save();
  pen.beginPath();
  pen.rect(from, 0, wide, height);
  pen.clip();
  pen.fillStyle = colour("--hold-bg");
  pen.fillRect(from, 0, wide, height);
  pen.strokeStyle = colour("--hold");
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (let x = from - height; x < from + wide; x += 7) {
    pen.moveTo(x, height);
    pen.lineTo(x + height, 0);
  }
  pen.stroke();
  pen.restore();
}
