// Figures over the whole screen, and two fingers on a map.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
const size = (/** @type {Page} */ page, /** @type {string} */ selector) => page.locator(selector).first().evaluate((one) => {
  const { left, top, right, bottom, width } = one.getBoundingClientRect();
  return { left, top, right, bottom, width, screen: [innerWidth, innerHeight] };
});

/** The canvas fills the screen in one direction, leaves it in none, and returns to its old size.
 * @param {Page} page @param {string} canvas @param {() => Promise<unknown>} enter @param {() => Promise<unknown>} leave */
async function large(page, canvas, enter, leave) {
  const before = await size(page, canvas);
  await enter();
  await page.waitForSelector(".full");
  await drawn(page);
  await drawn(page);
  const full = await size(page, canvas);
  const [width, height] = full.screen;
  assert.ok(full.left >= 0 && full.right <= width && full.top >= 0 && full.bottom <= height, JSON.stringify(full));
  assert.ok(full.right - full.left > 0.85 * width || full.bottom - full.top > 0.7 * height, JSON.stringify(full));
  assert.notEqual(full.width, before.width);
  await leave();
  await page.waitForFunction(() => !document.querySelector(".full"));
  await drawn(page);
  await drawn(page);
  assert.equal((await size(page, canvas)).width, before.width);
}

for (const refused of [false, true]) {
  test(`every figure goes over the whole screen and back${refused ? ", also where the browser refuses full screen" : ""}`, visit("", async ({ page, result }) => {
    await large(page, ".stage canvas", () => page.locator("#full-screen").click(), () => page.locator(".stage .full-close").click());
    assert.equal(await page.evaluate(() => document.activeElement?.id), "full-screen", "the focus returns");
    await large(page, ".stage canvas", () => page.locator("#full-screen").click(), async () => {
      // The figure works there.
      await page.locator(".stage .handle").focus();
      await page.keyboard.press("ArrowRight");
      if (refused) await page.keyboard.press("Escape");
      else await page.evaluate(() => document.exitFullscreen());
    });
    assert.notEqual((await result()).params.lr, "0.8");
    for (const panel of await page.locator(".panel").all()) {
      const id = await panel.locator("figure").getAttribute("data-figure");
      await panel.scrollIntoViewIfNeeded();
      await drawn(page);
      await large(page, `[data-figure=${id}] canvas`, async () => {
        await panel.locator(".menu summary").click();
        await panel.locator(".menu button", { hasText: "Full screen" }).click();
      }, () => page.locator(".full .full-close").click());
    }
  }, { reducedMotion: "reduce", prepare: async (page) => {
    if (refused) await page.addInitScript(() => { Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("not allowed")); });
  } }));
}

test("two fingers zoom the map about what is between them, and move it; one entry; one finger scrolls the page", visit("", async ({ page, result }) => {
  const entries = await page.evaluate(() => history.length);
  const session = await page.context().newCDPSession(page);
  const send = (/** @type {"touchStart"|"touchMove"|"touchEnd"} */ type, /** @type {number[][]} */ ...points) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const box = await size(page, ".stage canvas");
  // The axes lie at the left and below: this is the plot's own middle, near enough.
  const x = box.left + box.width * 0.55;
  const y = box.top + (box.bottom - box.top) * 0.45;
  await send("touchStart", [x - 40, y], [x + 40, y]);
  for (let step = 1; step <= 8; step += 1) {
    await send("touchMove", [x - 40 - 5 * step, y], [x + 40 + 5 * step, y]);
    await drawn(page);
  }
  await send("touchEnd");
  const zoomed = (await result()).params;
  const width = Number(zoomed.x1) - Number(zoomed.x0);
  assert.ok(Math.abs(width - 1.5) < 0.1, `twice as near: ${zoomed.x0} to ${zoomed.x1}`);
  assert.ok(Math.abs(Number(zoomed.y1) - Number(zoomed.y0) - 2) < 0.15, `${zoomed.y0} to ${zoomed.y1}`);
  assert.equal(await page.evaluate(() => history.length), entries + 1);
  assert.equal(zoomed.lr, "0.8", "the point stays");
  assert.equal(await page.evaluate(() => visualViewport?.scale), 1, "the page itself is not zoomed");

  await send("touchStart", [x - 60, y], [x + 60, y]);
  for (let step = 1; step <= 5; step += 1) await send("touchMove", [x - 60 - 10 * step, y + 8 * step], [x + 60 - 10 * step, y + 8 * step]);
  await send("touchEnd");
  const moved = (await result()).params;
  assert.ok(Math.abs(Number(moved.x1) - Number(moved.x0) - width) < 0.05, "moved together, they move the map");
  assert.ok(Number(moved.x0) > Number(zoomed.x0) + 0.1);
  const height = Number(zoomed.y1) - Number(zoomed.y0);
  assert.ok(Math.abs(Number(moved.y1) - Number(moved.y0) - height) < 0.05, `as high as before: ${moved.y0} to ${moved.y1}`);
  assert.ok(Number(moved.y0) > Number(zoomed.y0) + 0.1, "down with the fingers, so that it shows larger values");

  await send("touchStart", [x - 100, y], [x + 100, y]);
  for (let step = 1; step <= 5; step += 1) await send("touchMove", [x - 100 + 14 * step, y], [x + 100 - 14 * step, y]);
  await send("touchEnd");
  const out = (await result()).params;
  assert.ok(Number(out.x1) - Number(out.x0) > 2 * width, `apart again it shows more: ${out.x0} to ${out.x1}`);

  const scrolled = await page.evaluate(() => scrollY);
  await send("touchStart", [x, y]);
  for (let step = 1; step <= 10; step += 1) await send("touchMove", [x, y - 15 * step]);
  await send("touchEnd");
  await page.waitForFunction((from) => scrollY > from + 40, scrolled);
  assert.equal((await result()).params.lr, "0.8");
}, { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true }));
