// Figures as Chromium draws them: no text over another, none outside, for every preset, layer and width; and the exports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */
/** @typedef {{x: number, y: number, width: number, height: number, text: string}} Box */

const visit = visits();
const WIDTHS = [320, 390, 800, 1280];
const LAYERS = ["exit", "final", "disagreement", "plus", "minus"].map((layer) => `phases?v=1&layer=${layer}`);
/** Fonts' boxes reach beyond their ink by a fraction of a pixel. */
const SLACK = 0.5;

/** What is wrong with the boxes of one picture. @param {Box[]} boxes @param {number} width @param {number} height */
function faults(boxes, width, height) {
  const found = [];
  for (const [at, a] of boxes.entries()) {
    assert.ok([a.x, a.y, a.width, a.height].every(Number.isFinite) && a.width > 0, `“${a.text}” has a box`);
    if (a.x < -SLACK || a.y < -SLACK || a.x + a.width > width + SLACK || a.y + a.height > height + SLACK) found.push(`“${a.text}” leaves the frame`);
    for (const b of boxes.slice(at + 1)) {
      const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (across > SLACK && down > SLACK) found.push(`“${a.text}” over “${b.text}” by ${across.toFixed(1)} × ${down.toFixed(1)} px`);
    }
  }
  return found;
}

/** Boxes of the texts of an SVG and its height, in a page whose policy lets it be parsed. @param {Page} sheet @param {string} svg */
const measured = (sheet, svg) => sheet.evaluate((text) => {
  const parsed = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
  document.body.replaceChildren(parsed);
  const frame = parsed.getBoundingClientRect();
  const boxes = [...parsed.querySelectorAll("text")].map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return { x: x - frame.x, y: y - frame.y, width, height, text: one.textContent ?? "" };
  });
  // With other widths of texts than the canvas' a name may stand in the legend, and the picture be higher.
  return { boxes, height: frame.height };
}, svg);

for (const lab of ["phases", "stability"]) {
  test(`${lab}: texts of every figure neither overlap nor leave the frame, on canvas and in SVG`, visit(`#${lab}`, async ({ page }) => {
    const core = await page.evaluate(() => {
      // The module of this lab's group is the one that the page has loaded.
      const wasm = performance.getEntriesByType("resource").map((one) => one.name).find((name) => name.endsWith("_bg.wasm"));
      return (wasm ?? "").replace("_bg.wasm", ".js");
    });
    /** @type {string[]} */
    const presets = await page.evaluate(async ({ glue, lab }) => {
      const { labs, Session } = await import(glue);
      return labs().find((/** @type {any} */ one) => one.id === lab).presets.map((/** @type {any} */ preset) => new Session(lab).preset(preset.id));
    }, { glue: core, lab });
    const sheet = await page.context().newPage();
    const wrong = [];
    for (const link of [...presets, ...(lab === "phases" ? LAYERS : [])]) {
      const pictures = await page.evaluate(async ({ glue, link, widths, all }) => {
        // The page's own module: imported again, it is the same initialised one.
        const { compute, Session } = await import(glue);
        const session = new Session(link);
        for (const job of session.jobs()) {
          const shards = job.chain || job.name === "outcomes" || job.name === "theory" ? 1 : job.shards;
          for (let shard = 0; shard < shards; shard += 1) session.keep(job.key, job.shards, shard, compute(link, job.name, shard));
        }
        const canvas = document.createElement("canvas");
        const pictures = [];
        const figures = session.figures().filter((/** @type {any} */ figure) => all || figure.role === "main");
        for (const { id, role } of figures) {
          for (const width of widths) {
            const { height, texts } = session.draw(canvas, id, width, 1, false);
            const boxes = texts.map((/** @type {any} */ { box, text }) => ({ x: box.left, y: box.top, width: box.width, height: box.height, text }));
            pictures.push({ kind: "canvas", id, width, height, boxes, least: role === "main" ? 6 : 3 });
            pictures.push({ kind: "svg", id, width, height, svg: session.svg(id, width), least: role === "main" ? 6 : 3 });
          }
        }
        return pictures;
        // A layer changes the main figure alone.
      }, { glue: core, link, widths: WIDTHS, all: !LAYERS.includes(link) });
      for (const picture of pictures) {
        const { kind, id, width, least } = picture;
        const { boxes, height } = picture.boxes ? picture : await measured(sheet, picture.svg);
        assert.ok(boxes.length >= least, `${link}, ${id}: ${boxes.length} texts at ${width} px`);
        wrong.push(...faults(boxes, width, height).map((fault) => `${link}, ${id}, ${kind} ${width} px: ${fault}`));
      }
    }
    assert.deepEqual(wrong, []);
  }));
}

test("the figure as PNG, 1600 px wide, and as SVG with its words as text", visit("#phases?v=1&theme=dark&lr=0.5", async ({ page }) => {
  const download = async (/** @type {string} */ button) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
    return { name: file.suggestedFilename(), body: readFileSync(await file.path()) };
  };
  const png = await download("#export-png");
  assert.match(png.name, /^saddlescope-phases-diagram-[0-9a-f]{8}\.png$/);
  assert.deepEqual([...png.body.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assert.equal(png.body.readUInt32BE(16), 1600);
  // Decoded by the browser: light although the page is dark, and not blank.
  const picture = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: "image/png" }));
    const surface = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d"));
    surface.drawImage(bitmap, 0, 0);
    const { data } = surface.getImageData(0, 0, bitmap.width, bitmap.height);
    /** @type {Set<string>} */
    const seen = new Set();
    for (let at = 0; at < data.length; at += 400) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
    return { corner: [...data.subarray(0, 4)], width: bitmap.width, height: bitmap.height, colours: [...seen] };
  }, png.body.toString("base64"));
  assert.deepEqual(picture.corner, [255, 255, 255, 255]);
  assert.equal(picture.height, png.body.readUInt32BE(20));
  for (const colour of ["0,114,178", "86,180,233", "213,94,0", "110,110,110", "230,159,0"]) assert.ok(picture.colours.includes(colour), colour);

  const svg = await download("#export-svg");
  assert.match(svg.name, /^saddlescope-phases-diagram-[0-9a-f]{8}\.svg$/);
  const sheet = await page.context().newPage();
  const found = await sheet.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const all = (/** @type {string} */ selector) => [...parsed.querySelectorAll(selector)].map((one) => one.textContent ?? "");
    return { error: all("parsererror"), root: parsed.documentElement.localName, title: all("title"), desc: all("desc"), texts: all("text"),
      scripts: all("script, foreignObject").length, images: [...parsed.querySelectorAll("image")].map((one) => (one.getAttribute("href") ?? "").slice(0, 22)) };
  }, svg.body.toString("utf8"));
  assert.deepEqual([found.error, found.root, found.scripts, found.images], [[], "svg", 0, ["data:image/png;base64,"]]);
  assert.match(found.title[0], /^Phases of SGD at a saddle/);
  assert.match(found.desc[0], /Share of the map: Ia/);
  for (const word of ["learning rate λ", "second value a", "III collapse"]) assert.ok(found.texts.join(" ").includes(word), `${word} in ${found.texts}`);
}));

test("the data table says in words what the picture shows", visit("", async ({ page }) => {
  await page.locator("main > .data summary").click();
  await page.locator("main > .data td").first().waitFor();
  assert.equal(await page.locator("main > .data .scroll").getAttribute("tabindex"), "0");
}));
