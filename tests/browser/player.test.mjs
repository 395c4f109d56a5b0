// Simulated figures that run: by themselves once, at a click, step by step, with a new seed; and what is not drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, field, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
const PANEL = "[data-figure=fan-plus]";
const player = (/** @type {Page} */ page) => page.locator(".panel", { has: page.locator(PANEL) }).locator(".player");
const button = (/** @type {Page} */ page, /** @type {string} */ name) => player(page).locator("button", { hasText: name });
const time = (/** @type {Page} */ page) => player(page).locator(".time").innerText();
const playing = (/** @type {Page} */ page) => player(page).evaluate((one) => one.classList.contains("playing"));
const canvas = (/** @type {Page} */ page) => page.locator(`${PANEL} canvas`).evaluate((one) => /** @type {HTMLCanvasElement} */ (one).toDataURL());
const show = async (/** @type {Page} */ page) => {
  await page.locator(PANEL).evaluate((one) => one.scrollIntoView({ block: "center" }));
  await drawn(page);
  await drawn(page);
};

/** Names of the figures that were drawn since, in `drawings`. @param {Page} page */
const watched = (page) => page.evaluate(async () => {
  const script = /** @type {HTMLScriptElement} */ (document.querySelector("script[type=module]"));
  const { Session } = await import(new URL("saddle.js", script.src).href);
  const all = /** @type {any} */ (window);
  all.drawings = [];
  const draw = Session.prototype.draw;
  Session.prototype.draw = function (/** @type {HTMLCanvasElement} */ to, /** @type {string} */ id, /** @type {any[]} */ ...rest) {
    all.drawings.push(id);
    return draw.call(this, to, id, ...rest);
  };
});
const drawings = (/** @type {Page} */ page) => page.evaluate(() => [...new Set(/** @type {any} */ (window).drawings.splice(0))]);

test("it plays once by itself when it is first seen, in about four seconds, and draws nothing else meanwhile", visit("", async ({ page }) => {
  assert.equal(await playing(page), false, "not while it is below the screen");
  await watched(page);
  const begin = Date.now();
  await show(page);
  await page.waitForFunction(() => document.querySelector(".player.playing"));
  await page.waitForTimeout(500);
  const early = await canvas(page);
  await drawings(page);
  await page.waitForTimeout(500);
  assert.ok(!(await drawings(page)).includes("diagram"), "the map is not drawn again");
  await page.waitForFunction(() => !document.querySelector(".player.playing"));
  const passed = Date.now() - begin;
  assert.ok(passed > 3500 && passed < 7000, `${passed} ms`);
  assert.notEqual(await canvas(page), early);
  assert.equal(await time(page), "");
  await drawings(page);
  await page.evaluate(() => scrollTo(0, 0));
  await drawn(page);
  await show(page);
  await page.waitForTimeout(300);
  assert.equal(await playing(page), false, "once");
  assert.deepEqual(await drawings(page), []);
}));

test("with reduced motion it shows the whole; Step, Run, Pause and a change of parameters", visit("", async ({ page }) => {
  await show(page);
  await page.waitForTimeout(500);
  assert.deepEqual([await playing(page), await time(page)], [false, ""]);
  const whole = await canvas(page);
  await button(page, "Step").click();
  await drawn(page);
  assert.equal(await time(page), "5 % of the time");
  const first = await canvas(page);
  await button(page, "Step").click();
  await drawn(page);
  assert.equal(await time(page), "10 % of the time");
  assert.equal(new Set([whole, first, await canvas(page)]).size, 3);

  await button(page, "Run").click();
  await page.waitForTimeout(600);
  await button(page, "Pause").click();
  const at = Number((await time(page)).split(" ")[0]);
  assert.ok(at > 15 && at < 60, `from 10 % on: ${at} %`);
  const paused = await canvas(page);
  await page.waitForTimeout(300);
  assert.equal(await canvas(page), paused);

  await page.locator("#param-lr").evaluate((one) => {
    /** @type {HTMLInputElement} */ (one).value = "0.7";
    one.dispatchEvent(new Event("change"));
  });
  await drawn(page);
  assert.deepEqual([await playing(page), await time(page)], [false, ""], "other parameters: the whole");
}, { reducedMotion: "reduce" }));

test("Again draws another seed and runs; off the screen its time stands still and nothing of it is drawn", visit("", async ({ page, result }) => {
  await show(page);
  await button(page, "Again").click();
  assert.notEqual(await field(page, "seed"), "1");
  await page.waitForFunction(() => document.querySelector(".player.playing"));
  await page.waitForTimeout(500);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(200);
  await watched(page);
  const left = await time(page);
  await page.waitForTimeout(600);
  assert.equal(await time(page), left);
  assert.deepEqual(await drawings(page), []);
  // A change of the map draws what is seen and leaves the rest for later.
  await page.locator("#param-lr").fill("0.6");
  await page.locator("#param-lr").press("Enter");
  await result();
  await drawn(page);
  await drawn(page);
  const now = await drawings(page);
  assert.ok(now.includes("diagram") && !now.includes("surface"), now.join());
  await page.locator("[data-figure=surface]").evaluate((one) => one.scrollIntoView({ block: "center" }));
  await drawn(page);
  await drawn(page);
  assert.ok((await drawings(page)).includes("surface"), "drawn when it is seen");
}, { reducedMotion: "reduce" }));

test("run=click: nothing runs by itself", visit("#phases?v=1&run=click", async ({ page }) => {
  await show(page);
  await page.waitForTimeout(400);
  assert.equal(await playing(page), false);
}, { wait: false }));

test("a side figure is exported, and its table opens and follows", visit("", async ({ page }) => {
  const panel = page.locator(".panel", { has: page.locator(PANEL) });
  await show(page);
  const [file] = await Promise.all([page.waitForEvent("download"), (async () => {
    await panel.locator(".menu summary").click();
    await panel.locator(".menu button", { hasText: "SVG" }).click();
  })()]);
  assert.match(file.suggestedFilename(), /^saddlescope-phases-fan-plus-[0-9a-f]{8}\.svg$/);
  assert.equal(await panel.locator(".menu").getAttribute("open"), null, "the menu closes at a choice");
  await panel.locator(".menu summary").click();
  await panel.locator(".menu button", { hasText: "Data table" }).click();
  const before = await panel.locator("tbody").textContent();
  assert.ok(before);
  await page.locator("#param-lr").evaluate((one) => {
    /** @type {HTMLInputElement} */ (one).value = "0.3";
    one.dispatchEvent(new Event("change"));
  });
  await page.waitForFunction((text) => document.querySelector(".panel tbody")?.textContent !== text, before);
}, { reducedMotion: "reduce" }));
