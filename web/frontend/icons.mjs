// Draws the icons of the installed product: a headset on our blue, as PNG files. Each point is
// measured (how far from the shape?), so that edges are smooth at any size.
import { deflateSync } from "node:zlib";

const BLUE = [20, 88, 168];
const WHITE = [255, 255, 255];

const length = (x, y) => Math.hypot(x, y);
const clamp = (value) => Math.max(0, Math.min(1, value));

// Distances to shapes, in parts of the whole (the icon is 1 by 1); below zero is inside.
function box(x, y, [cx, cy, halfWidth, halfHeight, round]) {
  const [dx, dy] = [Math.abs(x - cx) - halfWidth + round, Math.abs(y - cy) - halfHeight + round];
  return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round;
}

const ring = (x, y, [cx, cy, radius, width]) => Math.abs(length(x - cx, y - cy) - radius) - width / 2;

function headset(x, y) {
  const band = Math.max(ring(x, y, [0.5, 0.5, 0.24, 0.056]), y - 0.52);
  const cups = Math.min(box(x, y, [0.27, 0.57, 0.06, 0.095, 0.04]), box(x, y, [0.73, 0.57, 0.06, 0.095, 0.04]));
  const arm = Math.max(ring(x, y, [0.56, 0.6, 0.17, 0.04]), 0.6 - y, 0.56 - x);
  const mouth = box(x, y, [0.52, 0.77, 0.06, 0.032, 0.03]);
  return Math.min(band, cups, arm, mouth);
}

// Maskable icons fill the square and keep the picture in its safe middle; others are rounded.
function pixel(x, y, size, maskable) {
  const soft = (distance) => clamp(0.5 - distance * size);
  const scale = maskable ? 1.15 : 1;
  const white = soft(headset((x - 0.5) * scale + 0.5, (y - 0.5) * scale + 0.5) / scale);
  const alpha = maskable ? 1 : soft(box(x, y, [0.5, 0.5, 0.5, 0.5, 0.22]));
  return [...BLUE.map((blue, at) => Math.round(blue + (WHITE[at] - blue) * white)), Math.round(alpha * 255)];
}

export function iconFile(size, maskable) {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const at = row * (1 + size * 4) + 1 + column * 4;
      rows.set(pixel((column + 0.5) / size, (row + 0.5) / size, size, maskable), at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, colour with alpha
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

function crc(data) {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
