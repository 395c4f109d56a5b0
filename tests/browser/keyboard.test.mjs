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

/** A walk that records where it stops: each stop is reached with Tab, and something is done there. @param {Page} page */
function walker(page) {
  /** @type {string[]} */
  const walk = [];
  const press = (/** @type {string[]} */ ...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const step = async (/** @type {RegExp} */ name, /** @type {() => Promise<unknown>} */ act) => {
    await reach(page, name);
    walk.push(await focused(page));
    await act();
    await drawn(page);
  };
  return { walk, press, step };
}

test("a walk through the phase diagram without a pointer", visit("", async ({ page, result }) => {
  const { walk, press, step } = walker(page);
  await step(/^Labs; this is phases/, async () => {
    await press("Enter");
    assert.equal(await page.locator(".menu.labs a").first().isVisible(), true);
    await press("Escape");
    assert.equal(await page.locator(".menu.labs a").first().isVisible(), false);
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

test("a walk through the lab of one direction without a pointer", visit("#stability", async ({ page, result }) => {
  const { walk, press, step } = walker(page);
  const lr = async () => Number(await field(page, "lr"));
  const batch = async () => Number(await field(page, "batch"));
  await step(/^Labs; this is stability/, async () => {
    await press("Enter");
    assert.equal(await page.locator(".menu.labs a").first().isVisible(), true);
    await press("Escape");
    assert.equal(await page.locator(".menu.labs a").first().isVisible(), false);
  });
  await step(/^The point/, async () => {
    // The point of the curve Λ(λ); its figure zooms by keys too.
    await press("ArrowRight", "Shift+ArrowRight", "+");
    assert.ok(await lr() > 0.55 && page.url().includes("x0="), page.url());
    assert.equal(await printed(page, "attractive"), "yes");
  });
  await step(/^More: Learning rates at which/, () => press("Enter", "Escape"));
  await step(/^The point/, async () => {
    const before = await lr();
    await press("Shift+ArrowLeft");
    assert.ok(await lr() < before, "the strip's point is the same rate");
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
  });
  await step(/^Presets$/, async () => {
    // From a state of the reader's own: the first preset, then the second.
    await press("ArrowDown", "ArrowDown");
    assert.equal((await result()).params.law, "gaussian");
    assert.equal(await printed(page, "critical_rates"), "0.34916, 1.2058");
  });
  await step(/^Reset$/, async () => {
    await press("Enter");
    assert.deepEqual([await lr(), await field(page, "law")], [0.5, "two-point"]);
  });
  await step(/^What is learning rate/, async () => {
    await press("Enter");
    assert.equal(await page.locator("#param-lr-help").isVisible(), true);
    await press("Space");
  });
  await step(/^learning rate, slider$/, async () => {
    await press("PageUp", "ArrowLeft");
    assert.ok(await lr() > 0.5);
  });
  await step(/^law of z = xy/, async () => {
    await press("ArrowDown", "ArrowUp");
    assert.equal(await field(page, "law"), "two-point");
  });
  await step(/^Pin$/, async () => {
    await press("Enter");
    assert.equal(await page.locator("dd[data-pinned=exponent]").textContent(), `pinned: ${await printed(page, "exponent")}`);
  });
  await step(/^Run$/, async () => {
    await press("Space");
    await page.waitForFunction(() => document.querySelector(".player.playing"));
    await press("Space");
  });
  await step(/^Step$/, () => press("Enter"));
  await step(/^More: Which moments die/, async () => {
    await press("Enter");
    await reach(page, /^Data table$/);
    await press("Enter");
    assert.match(await page.locator(".panel table").first().innerText(), /order p/);
  });
  await step(/^The point/, async () => {
    await press("Shift+ArrowRight", "Shift+ArrowRight");
    assert.ok(await batch() > 1, "Λ against the batch size");
  });
  await step(/^The point/, async () => {
    const before = await lr();
    await press("Shift+ArrowUp");
    assert.ok(await lr() > before, "the rates that attract");
  });
  await step(/^in probability$/, async () => {
    await press("Enter");
    assert.equal(await page.locator("#term-in-probability").isVisible(), true);
    await press("Escape");
  });
  await step(/^Set the batch size to 4/, async () => {
    await press("Enter");
    assert.deepEqual([await lr(), await batch()], [0.5, 4]);
    assert.equal(await page.locator("h2.verdict").innerText(), "The saddle repels");
  });
  await step(/^Data table$/, async () => {
    await press("Enter");
    await page.locator("main > .data td").first().waitFor();
  });
  await step(/^arXiv:/, async () => {});
  await step(/^When does noise make a saddle attractive\?/, async () => {
    await press("Enter");
    assert.equal(await batch(), 1);
  });
  assert.equal(walk.length, 22);
}, { reducedMotion: "reduce" }));
