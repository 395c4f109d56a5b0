// One visit of the built page per test: served below a sub-path, opened at a link, closed without a fault.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, symbol: string, value: any, standardError: number|null, exact: boolean, method: string}} Quantity */
/** @typedef {{lab: string, version: string, params: Record<string, string>, values: Quantity[], verdict: {code: string, text: string}}} Result */
/** @typedef {{page: Page, url: string, faults: string[], result: () => Promise<Result>, go: (link: string) => Promise<Result>}} Visit */
/** @typedef {import("playwright-core").BrowserContextOptions & {prepare?: (page: Page) => Promise<unknown>, wait?: boolean}} Options */

/**
 * Serves the page and starts Chromium for the tests of one file. The function it returns makes the body of one test:
 * opens `link`, waits for the finished result (unless `wait` is false), runs `body`, and accepts no fault.
 */
export function visits() {
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server;
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    server = await serve({ mount: "/some/where/" });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  return (/** @type {string} */ link, /** @type {(visit: Visit) => Promise<unknown>} */ body, /** @type {Options} */ options = {}) => async () => {
    const { prepare, wait = true, ...context } = options;
    const { page, faults, settled, close } = await openPage(browser, { viewport: { width: 1280, height: 900 }, ...context });
    page.setDefaultTimeout(20_000);
    const go = async (/** @type {string} */ to) => {
      await page.goto(server.url + to);
      return settled();
    };
    try {
      await prepare?.(page);
      await page.goto(server.url + link);
      if (wait) await settled();
      await body({ page, url: server.url, faults, result: settled, go });
      assert.deepEqual(faults, []);
    } finally {
      // A worker may have been asked for that the closed page no longer wants.
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await close();
    }
  };
}

/** Two frames later: everything asked for is drawn. @param {Page} page */
export const drawn = (page) => page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));

/** The text of a number field or choice. @param {Page} page @param {string} key */
export const field = (page, key) => page.locator(`#param-${key}`).inputValue();

/** What the page prints for a number. @param {Page} page @param {string} name */
export const printed = (page, name) => page.locator(`dd[data-name=${name}] .value`).innerText();

/** A number of a result by its name. @param {Result} result @param {string} name */
export const number = (result, name) => result.values.find((value) => value.name === name)?.value;

/** Centre of an element. @param {import("playwright-core").Locator} element */
export async function centre(element) {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (!box) throw new Error("the element is not shown");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Shares of the canvas' pixels, by colour "r,g,b". @param {Page} page @param {string} [selector] */
export const colours = (page, selector = "canvas") => page.locator(selector).first().evaluate((element) => {
  const canvas = /** @type {HTMLCanvasElement} */ (element);
  // A copy: reading from the page's own canvas would change how it is kept.
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const surface = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext("2d", { willReadFrequently: true }));
  surface.drawImage(canvas, 0, 0);
  const { data } = surface.getImageData(0, 0, canvas.width, canvas.height);
  /** @type {Record<string, number>} */
  const shares = {};
  for (let at = 0; at < data.length; at += 4) {
    const name = `${data[at]},${data[at + 1]},${data[at + 2]}`;
    shares[name] = (shares[name] ?? 0) + 4 / data.length;
  }
  return shares;
});

/** Colours of the phases on the map. */
export const PHASES = { Ib: "0,114,178", Ia: "86,180,233", II: "213,94,0", III: "110,110,110", IV: "230,159,0" };
