// The point under the reader's hand: mouse, keyboard, taps, controls, and the address that follows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { centre, drawn, field, printed, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
const hash = (/** @type {Page} */ page) => page.evaluate(() => location.hash);
const entries = (/** @type {Page} */ page) => page.evaluate(() => history.length);
const point = async (/** @type {Page} */ page) => [Number(await field(page, "lr")), Number(await field(page, "a"))];
const near = (/** @type {number} */ found, /** @type {number} */ wanted, /** @type {number} */ accuracy) =>
  assert.ok(Math.abs(found - wanted) <= accuracy, `${found}, expected ${wanted} ± ${accuracy}`);
const plus = (/** @type {number} */ lr, /** @type {number} */ a) => Math.log(Math.abs((1 + lr) * (1 + lr * a))) / 2;

test("dragging the handle moves λ and a; numbers and picture follow in the same frame; one history entry", visit("", async ({ page, result }) => {
  const from = await centre(page.locator(".stage .handle"));
  const before = await entries(page);
  // What the reader sees in the very frame of each move: read after the page's own work of that frame.
  await page.evaluate(() => {
    const all = /** @type {any} */ (window);
    all.frames = [];
    addEventListener("pointermove", (event) => requestAnimationFrame(() => {
      const text = (/** @type {string} */ key) => /** @type {HTMLInputElement} */ (document.getElementById(`param-${key}`)).value;
      const handle = /** @type {HTMLElement} */ (document.querySelector(".stage .handle")).getBoundingClientRect();
      const exponent = /** @type {HTMLElement} */ (document.querySelector("dd[data-name=exponent_plus] .value")).dataset.full;
      all.frames.push({ lr: Number(text("lr")), a: Number(text("a")), exponent: Number(exponent),
        away: Math.hypot(handle.x + handle.width / 2 - event.clientX, handle.y + handle.height / 2 - event.clientY) });
    }));
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  /** @type {Set<string>} */
  const addresses = new Set();
  const start = performance.now();
  for (let step = 1; step <= 12; step += 1) {
    await page.mouse.move(from.x + 10 * step, from.y - 5 * step);
    await page.waitForTimeout(100);
    addresses.add(await hash(page));
  }
  // At most twice a second, and what it was at both ends.
  const seconds = (performance.now() - start) / 1000;
  assert.ok(addresses.size >= 2 && addresses.size <= 2 * seconds + 2, `the address was replaced ${addresses.size} times in ${seconds} s`);
  await page.mouse.up();
  const frames = await page.evaluate(() => /** @type {any} */ (window).frames);
  assert.ok(frames.length >= 12);
  for (const { lr, a, exponent, away } of frames) {
    near(exponent, plus(lr, a), 1e-12);
    assert.ok(away < 3, `the handle is ${away} px behind the pointer`);
  }
  const [lr, a] = await point(page);
  assert.ok(lr > 1.2 && a > -0.6, `λ ${lr}, a ${a}`);
  assert.equal(await hash(page), `#phases?v=1&lr=${lr}&a=${a}`);
  assert.equal(await entries(page), before + 1, "one entry per drag");
  assert.equal((await result()).params.lr, String(lr));

  await page.goBack();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === "0.8");
  assert.deepEqual(await point(page), [0.8, -0.9]);
  near(Number((await printed(page, "exponent_plus")).replace("−", "-")), -0.3426, 1e-4);
  await page.goForward();
  await page.waitForFunction((text) => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === text, String(lr));
}));

test("a press that moves nothing, and a drag that comes back, leave history and address alone", visit("", async ({ page }) => {
  const at = await centre(page.locator(".stage .handle"));
  const before = await entries(page);
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.up();
  assert.deepEqual([await entries(page), await hash(page)], [before, ""]);
  // The left end: λ stays at its smallest value while the pointer goes further.
  await page.locator("#param-lr").fill("0.001");
  await page.locator("#param-lr").press("Enter");
  const link = await hash(page);
  const slider = page.locator(".row[data-key=lr] .slider");
  const box = /** @type {NonNullable<Awaited<ReturnType<typeof slider.boundingBox>>>} */ (await slider.boundingBox());
  await page.mouse.move(box.x + 8, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + box.height / 2, { steps: 4 });
  await page.waitForTimeout(600);
  assert.notEqual(await hash(page), link, "the address follows a long drag");
  await page.mouse.move(box.x - 20, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  assert.deepEqual([await entries(page), await hash(page)], [before + 1, link]);
}));

test("a click moves the point there, hovering only tells; arrow keys step, with Shift ten times as far", visit("", async ({ page }) => {
  const canvas = page.locator(".stage canvas");
  const box = /** @type {NonNullable<Awaited<ReturnType<typeof canvas.boundingBox>>>} */ (await canvas.boundingBox());
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.3);
  await assert.doesNotReject(page.locator(".stage .hover", { hasText: /λ .*: (Ia|Ib|II|III|IV) .*Λ₊/ }).waitFor());
  assert.deepEqual(await point(page), [0.8, -0.9]);
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height * 0.3);
  const [lr, a] = await point(page);
  near(lr, 2.05, 0.15);
  near(a, -0.7, 0.9);
  await drawn(page);
  const at = await centre(page.locator(".stage .handle"));
  near(at.x, box.x + box.width * 0.7, 2);
  near(at.y, box.y + box.height * 0.3, 2);

  await page.locator("#reset").click();
  await page.locator(".stage .handle").focus();
  const steps = /** @type {const} */ ([["ArrowRight", 0.015, 0], ["Shift+ArrowRight", 0.15, 0], ["ArrowUp", 0, 0.02], ["Shift+ArrowDown", 0, -0.2],
    ["ArrowLeft", -0.015, 0]]);
  for (const [key, right, up] of steps) {
    const before = await point(page);
    await page.keyboard.press(key);
    const after = await point(page);
    near(after[0] - before[0], right, 0.006);
    near(after[1] - before[1], up, 0.006);
  }
  assert.equal(await page.evaluate(() => document.activeElement?.className), "handle", "the handle keeps the focus");
}));

test("every control is reached with Tab, in the order of the page, and is named", visit("", async ({ page }) => {
  /** @type {string[]} */
  const reached = [];
  await page.evaluate(() => document.body.focus());
  for (let press = 0; press < 200; press += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "";
      const labels = /** @type {HTMLInputElement} */ (at).labels;
      const called = at.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? at.textContent;
      if (!called?.trim()) return `nameless ${at.outerHTML}`;
      return at.id || at.getAttribute("aria-label") || at.textContent || at.tagName;
    });
    if (!name) break;
    reached.push(name);
  }
  assert.deepEqual(reached.filter((name) => name.startsWith("nameless")), []);
  const order = ["Labs; this is phases", "theme", "copy-link", "export-png", "export-svg", "preset", "reset", "param-layer", "param-lr", "learning rate, slider",
    "param-batch", "param-law", "param-a", "param-q", "param-seed", "new-seed"];
  assert.deepEqual(reached.filter((name) => order.includes(name)), order);
  const handle = reached.findIndex((name) => name.startsWith("The point"));
  assert.ok(handle > 0 && handle < reached.indexOf("copy-link"), "the handle comes first in the figure");
  assert.ok(reached.includes("Zoom in, key +") && reached.some((name) => name.startsWith("Set λ to")));
  assert.ok(!reached.includes("param-mean"), "what does not matter is not reached");
}));

test("fields and sliders set values; a text that is none is refused in a sentence, the value stays", visit("", async ({ page, result }) => {
  const lr = page.locator("#param-lr");
  await lr.fill("−1e0");
  await lr.press("Enter");
  assert.equal(await page.locator(".problems li").innerText(), "learning rate: “−1e0” is not a number from 0.001 to 100; it stays 0.8.");
  assert.equal(await page.locator(".row[data-key=lr] .problem").innerText(), await page.locator(".problems li").innerText(), "beside the field too");
  assert.equal((await result()).params.lr, "0.8");
  assert.equal(await hash(page), "");
  await lr.fill("1.25e-1");
  await lr.press("Enter");
  assert.equal(await page.locator(".problems").isVisible(), false);
  assert.equal(await page.locator(".row .problem").count(), 0);
  assert.equal(await hash(page), "#phases?v=1&lr=0.125");
  await lr.press("ArrowUp");
  assert.ok(Number(await field(page, "lr")) > 0.125);

  const slider = page.locator(".row[data-key=batch] .slider");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await field(page, "batch"), "2");
  const box = /** @type {NonNullable<Awaited<ReturnType<typeof slider.boundingBox>>>} */ (await slider.boundingBox());
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  near(Number(await field(page, "batch")), 64, 4);

  await page.locator("#param-law").selectOption("discrete");
  await page.locator("#param-probs").fill("0.5,0.25,0.2");
  await page.locator("#param-probs").press("Enter");
  assert.match(await page.locator(".problems li").innerText(), /^values, probs: .*0\.95/);
  assert.equal(await page.locator(".row[data-key=a]").isVisible(), false);
}));

test("reset, presets, a new seed, the words' buttons, zooming", visit("#phases?v=1&lr=2", async ({ page, result }) => {
  await page.locator("#reset").click();
  assert.equal(await hash(page), "#phases?v=1");
  assert.equal(await page.locator("#preset").inputValue(), "two-point");
  await page.locator("#preset").selectOption("batch-4");
  assert.equal(await hash(page), "#phases?v=1&batch=4&a=-0.8");
  assert.equal(await page.locator("h2.verdict").innerText(), "Ib correct, norm-stable");
  assert.equal(await page.title(), "Ib correct, norm-stable · Saddlescope");

  await page.locator("#new-seed").click();
  const seed = await field(page, "seed");
  assert.match(seed, /^\d+$/);
  assert.notEqual(seed, "1");
  await page.locator("#new-seed").click();
  assert.notEqual(await field(page, "seed"), seed);

  await page.locator(".words button", { hasText: "Set λ to 1.9" }).click();
  assert.deepEqual(await point(page), [1.9, -0.5]);
  assert.equal(await field(page, "batch"), "1");
  assert.equal((await result()).verdict.code, "II");

  await page.locator(".stage .handle").focus();
  await page.keyboard.press("+");
  const params = (await result()).params;
  near(Number(params.x1) - Number(params.x0), 2, 0.02);
  await page.locator(".zoom button", { hasText: "0" }).click();
  assert.equal((await result()).params.x0, "");
  const canvas = page.locator(".stage canvas");
  const box = /** @type {NonNullable<Awaited<ReturnType<typeof canvas.boundingBox>>>} */ (await canvas.boundingBox());
  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.7, { steps: 5 });
  assert.equal(await page.locator(".stage .zoom-box").isVisible(), true);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const zoomed = (await result()).params;
  near(Number(zoomed.x1) - Number(zoomed.x0), 0.93, 0.1);
  assert.deepEqual(await point(page), [1.9, -0.5], "a dragged box does not move the point");
}));
