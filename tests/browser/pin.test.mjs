// A pinned setting's numbers beside the live ones, and terms that explain themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, field, printed, visits } from "./visit.mjs";

const visit = visits();

test("pinned numbers stay beside the live ones, what differs is told in words, and Unpin forgets them", visit("", async ({ page, result }) => {
  const pinned = (/** @type {string} */ name) => page.locator(`dd[data-pinned=${name}]`);
  const line = page.locator(".pinned");
  assert.equal(await pinned("exponent_plus").isVisible(), false);
  const before = await printed(page, "exponent_plus");
  await page.locator("#pin").click();
  assert.equal(await line.innerText(), "Pinned: the present setting");
  await page.locator("#param-lr").fill("1.9");
  await page.locator("#param-lr").press("Enter");
  await page.locator("#param-a").fill("-0.5");
  await page.locator("#param-a").press("Enter");
  assert.equal(await line.innerText(), "Pinned: λ 0.8, a −0.9");
  assert.equal(await pinned("exponent_plus").textContent(), `pinned: ${before}`);
  assert.notEqual(await printed(page, "exponent_plus"), before);
  await page.locator("#param-law").selectOption("gaussian");
  await result();
  assert.match(await line.innerText(), /^Pinned: .*law of z = xy two-point/);
  // Every number has its pinned neighbour.
  assert.equal(await page.locator("dd[data-pinned]:visible").count(), await page.locator("dd[data-name]").count());
  // Zooming is no other setting.
  await page.locator("#preset").selectOption("two-point");
  await page.locator(".zoom button").first().click();
  assert.equal(await line.innerText(), "Pinned: the present setting");
  await page.locator("#pin").click();
  assert.equal(await pinned("exponent_plus").isVisible(), false);
  assert.equal(await line.innerText(), "");
}));

test("a number that was under way when it was pinned is pinned when it comes", visit("#phases?v=1&law=teacher&n=101&batch=2", async ({ page, result }) => {
  // Pinned in the same task in which a number is seen to be under way.
  await page.waitForFunction(() => {
    const [pin, numbers] = [document.querySelector("#pin"), [...document.querySelectorAll("dd[data-name]")]];
    if (!(pin instanceof HTMLElement) || !numbers.some((one) => one.textContent?.includes("…"))) return false;
    pin.click();
    return true;
  });
  await result();
  await page.waitForFunction(() => [...document.querySelectorAll("dd[data-pinned]")].every((one) => !one.textContent?.includes("…")));
}, { wait: false }));

for (const touch of [false, true]) {
  test(`a term explains itself ${touch ? "at a touch" : "by keyboard"}, near it and on the screen`, visit("", async ({ page }) => {
    const term = page.locator(".words .term", { hasText: "saddle" });
    const note = page.locator("#term-saddle");
    // The numbers and figures above have their heights when they are drawn.
    await drawn(page);
    await page.waitForFunction(() => [...document.querySelectorAll(".figure .alt")].every((one) => one.textContent));
    await term.scrollIntoViewIfNeeded();
    assert.equal(await note.isVisible(), false);
    if (touch) await term.tap();
    else {
      await term.focus();
      await page.keyboard.press("Enter");
    }
    await note.waitFor();
    assert.match(await note.innerText(), /^saddle: .*gradient vanishes/);
    const [box, at] = [await note.boundingBox(), await term.boundingBox()];
    assert.ok(box && at);
    const width = await page.evaluate(() => document.documentElement.clientWidth);
    assert.ok(box.x >= 0 && box.x + box.width <= width, `${box.x} + ${box.width} of ${width}`);
    const gap = box.y > at.y ? box.y - at.y - at.height : at.y - box.y - box.height;
    assert.ok(gap >= 0 && gap < 20, `${gap} px from its term`);
    await page.keyboard.press("Escape");
    assert.equal(await note.isVisible(), false);
    assert.equal(await field(page, "lr"), "0.8");
  }, touch ? { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true } : {}));
}
