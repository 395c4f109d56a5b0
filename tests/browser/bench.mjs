// Speed and size of the shipped page, each figure beside its bound. The page tells when a picture is ready: a mark
// "first-figure", and measures "coarse", "full" and "side" from an input event to the picture that answers it.
//
// The first figure is bound on a processor that the browser's own protocol slows down fourfold, as on a telephone.
// Every other bound is for this machine as it is; figures at a quarter of its speed stand beside them without one.
// GRAPHICS=emulated shows what the main thread has to do in a frame where something else draws.
// DRAG_SECONDS sets how long each drag lasts: 600 shows whether memory grows.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { launch, openPage } from "./browser.mjs";
import { DIST, serve } from "./server.mjs";
import { quantile, traced } from "./trace.mjs";

const SLOWDOWN = 4;
const DRAG_SECONDS = Number(process.env.DRAG_SECONDS ?? 3);
const LAWS = ["two-point", "gaussian"];
const OTHER_LAWS = ["uniform", "teacher"];

const server = await serve();
const browser = await launch();
let missed = 0;

/**
 * Prints one figure beside its bound.
 * @param {string} what @param {number} value @param {string} unit @param {number} [bound]
 */
function report(what, value, unit, bound) {
  const measured = Number.isFinite(value);
  const late = bound !== undefined && !(value <= bound);
  if (late) missed += 1;
  const figure = measured ? `${value.toFixed(value < 100 ? 1 : 0)} ${unit}` : "not measured";
  const verdict = bound === undefined ? "" : `bound ${bound} ${unit}${late ? "   MISSED" : ""}`;
  console.log(`${what.padEnd(66)} ${figure.padStart(14)}   ${verdict}`);
}

/** @param {import("playwright-core").Page} page @param {number} rate */
async function slow(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

const brotli = (/** @type {Uint8Array} */ body) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** Sizes of every module, and of what the first view loads. */
async function sizes() {
  const { page, close, settled } = await openPage(browser);
  /** @type {Promise<{url: string, size: number}>[]} */
  const loaded = [];
  page.on("response", (response) => loaded.push((async () => {
    return { url: response.url(), size: brotli(await response.body()) };
  })()));
  await page.goto(server.url);
  await settled();
  await page.waitForLoadState("networkidle");
  const files = new Map((await Promise.all(loaded)).map(({ url, size }) => [url, size]));
  const kilobytes = (/** @type {number[]} */ all) => all.reduce((a, b) => a + b, 0) / 1000;
  report("first view, brotli -q 11", kilobytes([...files.values()]), "kB", 250);
  await close();
  const app = new URL(`${readdirSync(DIST).find((name) => name.startsWith("app-"))}/`, `file://${DIST}`);
  for (const name of readdirSync(app).filter((one) => one.endsWith(".wasm"))) {
    report(`  ${name}`, brotli(readFileSync(new URL(name, app))) / 1000, "kB", 200);
  }
}

/** From navigation to the first figure, cold cache, slow processor; the median of five. */
async function firstFigure() {
  const times = [];
  for (let run = 0; run < 5; run += 1) {
    const { page, close } = await openPage(browser);
    await slow(page, SLOWDOWN);
    await page.goto(server.url);
    times.push(await page.waitForFunction(
      () => performance.getEntriesByName("first-figure")[0]?.startTime, undefined, { timeout: 20_000 })
      .then((handle) => handle.jsonValue(), () => NaN));
    await close();
  }
  report(`first figure, ${SLOWDOWN}× slower processor`, quantile(/** @type {number[]} */ (times), 0.5), "ms", 1000);
}

/** How far a handle is dragged to either side, in pixels. */
const REACH = 100;

/**
 * A mouse that drags an element to and fro, one move per frame: a slider over its middle, a handle around its place. After
 * each second of that it rests, the button down, so that a picture which takes longer than a frame can be had.
 * @param {import("playwright-core").Page} page @param {import("playwright-core").Locator} element
 * @param {number} seconds @param {number} rest milliseconds
 */
async function drag(page, element, seconds, rest) {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (!box) throw new Error("nothing to drag");
  const handle = await element.evaluate((one) => one.classList.contains("handle"));
  const [reachX, reachY] = handle ? [REACH, REACH / 2] : [0.3 * box.width, 0];
  const at = (/** @type {number} */ phase) => ({
    x: box.x + box.width / 2 + reachX * Math.sin(phase),
    y: box.y + box.height / 2 + reachY * Math.sin(1.7 * phase),
  });
  await page.mouse.move(at(0).x, at(0).y);
  await page.mouse.down();
  let step = 0;
  for (let second = 0; second < seconds; second += 1) {
    const end = performance.now() + 1000;
    for (; performance.now() < end; step += 1) {
      const { x, y } = at(step / 20);
      await page.mouse.move(x, y);
      await new Promise((done) => setTimeout(done, 1000 / 60));
    }
    await new Promise((done) => setTimeout(done, rest));
  }
  await page.mouse.up();
}

/** @param {import("playwright-core").Page} page @param {string} name */
const measures = (page, name) =>
  page.evaluate((n) => performance.getEntriesByName(n, "measure").map((entry) => entry.duration), name);

/**
 * Drags one element of a link and reports frames and pictures.
 * @param {string} what @param {string} link @param {string} selector
 * @param {{frame?: number, coarse?: number, full?: number, side?: number}} bounds
 * @param {{height?: number, rest?: number}} [how]
 */
async function dragging(what, link, selector, bounds, { height = 900, rest = 0 } = {}) {
  const { page, faults, close, settled } = await openPage(browser, { viewport: { width: 1280, height }, reducedMotion: "reduce" });
  await page.goto(server.url + link);
  await settled();
  const element = page.locator(selector).first();
  if (await element.count() === 0) {
    console.log(`${what}: the page has no ${selector}`);
    missed += 1;
  } else {
    for (const rate of [1, SLOWDOWN]) {
      await slow(page, rate);
      await page.evaluate(() => performance.clearMeasures());
      const { frames } = await traced(page, () => drag(page, element, DRAG_SECONDS, rest));
      const label = rate === 1 ? what : `${what}, ${rate}× slower processor`;
      const bound = rate === 1 ? bounds : {};
      report(`${label}: work per frame, 95 %`, quantile(frames, 0.95), "ms", bound.frame);
      for (const picture of /** @type {const} */ (["coarse", "full", "side"])) {
        const lags = await measures(page, picture);
        if (bound[picture] === undefined && lags.length === 0) continue;
        report(`  ${picture} picture behind, median of ${lags.length}`, quantile(lags, 0.5), "ms");
        report(`  ${picture} picture behind, 95 %`, quantile(lags, 0.95), "ms", bound[picture]);
      }
    }
    report("  memory of the renderer afterwards", await memory(page), "MB", 200);
  }
  for (const fault of faults) console.log(`  fault: ${fault}`);
  missed += faults.length;
  await close();
}

/** Private memory of the largest renderer, in MB. @param {import("playwright-core").Page} page */
async function memory(page) {
  const session = await /** @type {import("playwright-core").Browser} */ (page.context().browser()).newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const anonymous = processInfo.filter((process) => process.type === "renderer").map(({ id }) =>
    Number(readFileSync(`/proc/${id}/status`, "utf8").match(/RssAnon:\s+(\d+)/)?.[1]) / 1024);
  return Math.max(...anonymous);
}

/** From another seed to the first picture of the simulated map; the median of seven. */
async function simulatedMap() {
  const { page, close, settled } = await openPage(browser);
  await page.goto(server.url);
  await settled();
  const times = [];
  for (let seed = 1; seed <= 7; seed += 1) {
    await page.evaluate((next) => {
      performance.clearMeasures();
      location.hash = `#phases?v=1&layer=exit&seed=${next}`;
    }, seed);
    await page.waitForFunction(() => performance.getEntriesByName("coarse", "measure").length > 0, undefined, { timeout: 20_000 }).catch(() => {});
    times.push((await measures(page, "coarse"))[0] ?? NaN);
  }
  report("simulated map: first picture, coarse", quantile(times, 0.5), "ms", 100);
  await close();
}

/** What the finished page says at its default link: the same on every machine. */
async function resultHash() {
  const { page, close, settled } = await openPage(browser);
  await page.goto(server.url);
  console.log(`SHA-256 of the default link's result: ${createHash("sha256").update(JSON.stringify(await settled())).digest("hex")}`);
  await close();
}

/** Five seconds in which nobody does anything. */
async function idle() {
  const { page, close, settled } = await openPage(browser);
  await page.goto(server.url);
  await settled();
  await page.waitForTimeout(2000);
  const { scripts } = await traced(page, () => new Promise((done) => setTimeout(done, 5000)));
  report("idle page: tasks, timers and messages in 5 s", scripts.length, "", 0);
  if (scripts.length > 0) console.log(`  ${[...new Set(scripts)].join(", ")}`);
  await close();
}

const HANDLE = "main .handle";
// Not an axis of the map: every step makes a new one.
const SLIDER = "[data-key=decay] input[type=range]";

console.log(`build: ${readdirSync(DIST).find((name) => name.startsWith("app-"))}`);
await resultHash();
await sizes();
await firstFigure();
// So high that the side figures are seen, and so drawn.
// Numbers stand in the frame of the move itself; a frame that also draws several figures has no bound of its own.
await dragging("crosshair", "", HANDLE, { side: 100 }, { height: 2400, rest: 300 });
await dragging("λ in the lab stability", "#stability?v=1", HANDLE, { side: 100 }, { height: 2400, rest: 300 });
for (const law of LAWS) await dragging(`slider, ${law}`, `#phases?v=1&law=${law}`, SLIDER, { frame: 16, full: 50 });
for (const law of OTHER_LAWS) {
  await dragging(`slider, ${law}`, `#phases?v=1&law=${law}`, SLIDER, { coarse: 100, full: 500 }, { rest: 1000 });
}
await dragging("slider, finite data, N = 4096", "#phases?v=1&law=teacher&n=4096", SLIDER, { coarse: 200, full: 5000 }, { rest: 6000 });
await simulatedMap();
await idle();

await browser.close();
await server.close();
console.log(missed === 0 ? "every bound holds" : `${missed} bounds missed, or not measured`);
process.exitCode = missed === 0 ? 0 : 1;
