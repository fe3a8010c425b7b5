// Builds the browser side into ../static/dist: bundles with a hash in the name, an icon sprite of
// only the icons in use, compressed copies, and manifest.json (logical name -> built name).
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { iconFile } from "./icons.mjs";
import { withoutUnused } from "./unused.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, "../static/dist");
const icons = path.join(here, "node_modules/@tabler/icons/icons/outline");

const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 10);

async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { frame: "src/frame.js", phone: "src/phone/engine.js", theme: "src/theme.js", chat: "src/chat/embed.js", visitor: "src/chat/visitor.js", charts: "src/reports/charts.js", wallboard: "src/wallboard/index.js", wall: "src/wallboard/wall.js", "wall-styles": "src/wallboard/wall.css", sw: "src/sw.js", styles: "src/styles.css" },
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    legalComments: "eof",
    write: false,
    outdir: out,
  });
  return result.outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.path.endsWith("/styles.css") ? withoutUnused(file.text) : file.contents)]);
}

async function sprite() {
  const names = JSON.parse(await readFile(path.join(here, "src/icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(symbol));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  return ["icons.svg", Buffer.from(svg)];
}

async function symbol(name) {
  const source = await readFile(path.join(icons, `${name}.svg`), "utf8");
  const inner = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
  const look = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${look}>${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

function appIcons() {
  return [192, 512].flatMap((size) => [
    [`icon-${size}.png`, iconFile(size, false)],
    [`icon-maskable-${size}.png`, iconFile(size, true)],
  ]);
}

async function build() {
  const files = [...(await bundle()), await sprite(), ...appIcons()];
  await mkdir(out, { recursive: true });
  const manifest = {};
  for (const [name, data] of files) {
    const { name: stem, ext } = path.parse(name);
    manifest[name] = `${stem}-${hash(data)}${ext}`;
    await writeFile(path.join(out, manifest[name]), data);
    if (ext !== ".png") await writeFile(path.join(out, `${manifest[name]}.gz`), gzipSync(data, { level: 9 }));
  }
  // The manifest goes last: a server that reads it finds every file it names.
  await writeFile(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
  await removeOld(new Set(Object.values(manifest)));
  return manifest;
}

// What the build before made stays a day: a page that is open, or a server not yet restarted, asks
// for it still.
async function removeOld(current) {
  const yesterday = Date.now() - 86400 * 1000;
  for (const name of await readdir(out)) {
    const built = name.replace(/\.gz$/, "");
    if (built === "manifest.json" || current.has(built)) continue;
    if ((await stat(path.join(out, name))).mtimeMs < yesterday) await rm(path.join(out, name), { force: true });
  }
}

for (const [name, built] of Object.entries(await build())) console.log(`${name} -> ${built}`);
