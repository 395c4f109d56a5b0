// The whole lab by keyboard alone: a recorded walk. No pointer is used; each stop is reached with Tab.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, field, printed, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();

/** What has the focus, in a word or two. @param {Page} page */
const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  const labels = /** @type {HTMLInputElement} */ (at).labels;
  return (at.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? at.textContent ?? "").trim().replace(/\s+/g, " ");
});

/** Tabs on until something of that name has the focus. @param {Page} page @param {RegExp} name */
async function reach(page, name) {
  for (let press = 0; press < 150; press += 1) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  assert.fail(`${name} is not reached; the focus is at “${await focused(page)}”`);
}

test("a walk through the phase diagram without a pointer", visit("", async ({ page, result }) => {
  const press = (/** @type {string[]} */ ...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  /** @type {string[]} */
  const walk = [];
  const step = async (/** @type {RegExp} */ name, /** @type {() => Promise<unknown>} */ act) => {
    await reach(page, name);
    walk.push(await focused(page));
    await act();
    await drawn(page);
  };
  await step(/^Labs; this is phases/, async () => {
    await press("Enter");
    assert.equal(await page.locator(".menu.labs a").first().isVisible(), true);
    await press("Escape");
  });
  await step(/^Light or dark/, async () => {
    await press("Enter");
    assert.match(page.url(), /theme=dark/);
  });
  await step(/^The point/, async () => {
    await press("ArrowRight", "Shift+ArrowUp", "+");
    assert.deepEqual([await field(page, "lr"), await field(page, "a")].map(Number).map((value) => value > -0.9), [true, true]);
  });
  await step(/^Whole range/, async () => {
    await press("Enter");
    assert.ok(!page.url().includes("x0="));
  });
  await step(/^Full screen$/, async () => {
    await press("Enter");
    await page.waitForSelector(".full");
    await page.evaluate(() => document.exitFullscreen());
    await page.waitForFunction(() => !document.querySelector(".full"));
    assert.equal(await focused(page), "Full screen");
  });
  await step(/^Presets$/, async () => {
    await press("ArrowDown", "ArrowDown");
    assert.equal((await result()).params.a === "-0.9" && (await result()).params.lr === "0.8", false);
  });
  await step(/^Reset$/, async () => {
    await press("Enter");
    assert.deepEqual([await field(page, "lr"), await field(page, "a")], ["0.8", "-0.9"]);
  });
  await step(/^What is learning rate/, async () => {
    await press("Enter");
    assert.equal(await page.locator("#param-lr-help").isVisible(), true);
    await press("Space");
  });
  await step(/^learning rate, slider$/, async () => {
    await press("PageUp", "ArrowLeft");
    assert.ok(Number(await field(page, "lr")) > 0.8);
  });
  await step(/^batch size S$/, async () => {
    await page.keyboard.type("4");
    await press("Enter");
    assert.match(await field(page, "batch"), /4/);
  });
  await step(/^Pin$/, async () => {
    await press("Enter");
    assert.equal(await page.locator(".pinned").innerText(), "Pinned: the present setting");
    assert.equal(await page.locator("dd[data-pinned=exponent_plus]").textContent(), `pinned: ${await printed(page, "exponent_plus")}`);
  });
  await step(/^More: Distance/, async () => {
    await press("Enter");
    await reach(page, /^Data table$/);
    await press("Enter");
    await page.locator(".panel table").first().waitFor();
  });
  await step(/^Run$/, async () => {
    await press("Space");
    await page.waitForFunction(() => document.querySelector(".player.playing"));
    assert.equal(await focused(page), "Pause");
    await press("Space");
  });
  await step(/^Step$/, () => press("Enter"));
  await step(/^saddle$/, async () => {
    await press("Enter");
    assert.equal(await page.locator("#term-saddle").isVisible(), true);
    await press("Escape");
  });
  await step(/^Set λ to 1\.9/, async () => {
    await press("Enter");
    assert.equal(await field(page, "lr"), "1.9");
  });
  await step(/^Data table$/, async () => {
    await press("Enter");
    await page.locator("main > .data td").first().waitFor();
  });
  await step(/^arXiv:/, async () => {});
  await step(/^When does SGD get stuck at a saddle\?/, async () => {
    await press("Enter");
    assert.equal(await field(page, "lr"), "0.8");
  });
  assert.equal(walk.length, 19);
}, { reducedMotion: "reduce" }));
