// What the page looks like: the first figure, two themes, narrow screens, touch, and what axe-core finds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LABS } from "./lab-names.mjs";
import { centre, colours, drawn, field, PHASES, visits } from "./visit.mjs";

const visit = visits();
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const LIGHT = "255,255,255";
const DARK = "22,24,28";
const phone = (/** @type {number} */ width) => ({ viewport: { width, height: 800 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });

test("the first figure, its question and its numbers appear; no region is missing", visit("", async ({ page, result }) => {
  await drawn(page);
  const shares = await colours(page);
  for (const [phase, colour] of Object.entries(PHASES)) assert.ok(shares[colour] > 0.01, `phase ${phase} is on the map`);
  assert.equal(await page.locator("h1").innerText(), "When does SGD get stuck at a saddle?");
  assert.equal(await page.locator("h2.verdict").innerText(), "III collapse");
  const numbers = (await result()).values.map((value) => value.name);
  assert.deepEqual(await page.locator("dl.numbers dd[data-name]").evaluateAll((all) => all.map((one) => one.dataset.name)), numbers);
  assert.ok(numbers.length >= 8);
  assert.ok((await page.locator("dl.numbers dd .value").allInnerTexts()).every((text) => text && text !== "…"));
  await page.locator(".point [role=status]", { hasText: /^III collapse\. SGD collapses onto the saddle/ }).waitFor({ state: "attached" });
  const alt = await page.locator(".stage .alt").innerText();
  for (const phase of ["Ia", "Ib", "II", "III", "IV"]) assert.match(alt, new RegExp(`\\b${phase} [^%]* [\\d.]+ %`));
}));

test("the words of a preset differ from another's: alt text, verdict, numbers", visit("", async ({ page, go }) => {
  const words = async () => [await page.locator(".stage .alt").innerText(), await page.locator(".sentence").innerText(),
    ...await page.locator("dl.numbers dd .value").allInnerTexts()];
  const first = await words();
  await go("#phases?v=1&law=gaussian&lr=0.5");
  await drawn(page);
  const second = await words();
  first.forEach((text, at) => assert.notEqual(text, second[at]));
}));

test("dark as the system says, by the button and by the link", visit("", async ({ page, go }) => {
  await drawn(page);
  const dark = async () => [(await colours(page))[DARK] > 0.05, await page.evaluate(() => getComputedStyle(document.body).backgroundColor)];
  const [NIGHT, DAY] = [[true, `rgb(${DARK.replaceAll(",", ", ")})`], [false, `rgb(${LIGHT.replaceAll(",", ", ")})`]];
  assert.deepEqual(await dark(), NIGHT);
  await page.locator("#theme").click();
  await drawn(page);
  assert.deepEqual(await dark(), DAY);
  assert.equal(await page.evaluate(() => location.hash), "#phases?v=1&theme=light");
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator("#theme").click();
  await drawn(page);
  assert.deepEqual(await dark(), NIGHT);
  await go("#phases?v=1");
  await drawn(page);
  assert.deepEqual(await dark(), DAY);
  assert.ok((await colours(page))[LIGHT] > 0.05);
  await page.emulateMedia({ colorScheme: "dark" });
  await drawn(page);
  assert.deepEqual(await dark(), NIGHT, "it follows the system while it is open");
  await go("#phases?v=1&theme=dark&lr=0.5");
  await page.emulateMedia({ colorScheme: "light" });
  await drawn(page);
  assert.deepEqual(await dark(), NIGHT);
}, { colorScheme: "dark" }));

test("patterns on the map: the button writes them into the link and takes them out; a lab without a map has no button", visit("", async ({ page, go }) => {
  const button = page.locator("#patterns");
  const plain = await colours(page);
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  await button.click();
  await drawn(page);
  assert.equal(await page.evaluate(() => location.hash), "#phases?v=1&patterns=1");
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  const striped = await colours(page);
  for (const [phase, colour] of Object.entries(PHASES)) {
    // Ib stays plain; of the others a part has another shade.
    const part = (striped[colour] ?? 0) / plain[colour];
    assert.ok(phase === "Ib" ? part > 0.99 : part > 0.4 && part < 0.95, `${phase}: ${part}`);
  }
  await button.click();
  await drawn(page);
  assert.equal(await page.evaluate(() => location.hash), "#phases?v=1");
  assert.deepEqual(await colours(page), plain);
  await go("#stability");
  assert.equal(await button.isVisible(), false);
}));

for (const width of [390, 320]) {
  test(`${width} px wide: nothing scrolls sideways, a tap moves the point, a finger drags it`, visit("", async ({ page, result }) => {
    // Not innerWidth: a phone zooms out until all of a page that is too wide is seen.
    const sideways = () => page.evaluate((screen) => Math.max(innerWidth, /** @type {Element} */ (document.scrollingElement).scrollWidth) - screen, width);
    assert.equal(await sideways(), 0);
    // What belongs together stays together: the header's buttons, a heading and its Pin.
    for (const row of ["header.bar button:not(nav *)", "h2.verdict, .pin"]) {
      const tops = await page.locator(row).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
      assert.ok(tops.length > 1 && new Set(tops).size === 1, `${row}: ${tops}`);
    }
    // The longest texts: warnings, every law's controls, the simulated layer's notes and key.
    for (const link of ["#phases?v=1&law=discrete&lr=banana&colour=red", "#phases?v=1&law=teacher&n=64", "#phases?v=1&layer=disagreement&run=click"]) {
      await page.evaluate((to) => { location.hash = to; }, link);
      await drawn(page);
      assert.equal(await sideways(), 0, link);
    }
    await page.locator("#reset").tap();
    await drawn(page);
    const canvas = page.locator(".stage canvas");
    await canvas.scrollIntoViewIfNeeded();
    const box = /** @type {NonNullable<Awaited<ReturnType<typeof canvas.boundingBox>>>} */ (await canvas.boundingBox());
    assert.ok(box.width > width - 60, "the figure takes the width");
    await page.touchscreen.tap(box.x + box.width * 0.7, box.y + box.height * 0.5);
    await drawn(page);
    const lr = Number(await field(page, "lr"));
    assert.ok(lr > 1.5 && lr < 2.6, `λ ${lr}`);

    const handle = page.locator(".stage .handle");
    const size = /** @type {NonNullable<Awaited<ReturnType<typeof handle.boundingBox>>>} */ (await handle.boundingBox());
    assert.ok(size.width >= 44 && size.height >= 44);
    const at = await centre(handle);
    assert.equal(await page.evaluate(({ x, y }) => document.elementFromPoint(x, y)?.className, at), "handle");
    const touch = await page.context().newCDPSession(page);
    const send = (/** @type {"touchStart"|"touchMove"|"touchEnd"} */ type, /** @type {number[]} */ ...xy) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints: xy.length ? [{ x: xy[0], y: xy[1] }] : [] });
    const scrolled = await page.evaluate(() => scrollY);
    await send("touchStart", at.x, at.y);
    for (let step = 1; step <= 5; step += 1) await send("touchMove", at.x - 10 * step, at.y + 8 * step);
    await send("touchEnd");
    await drawn(page);
    assert.ok(Number(await field(page, "lr")) < lr - 0.1, "the finger took the point along");
    assert.equal(await page.evaluate(() => scrollY), scrolled, "the page stayed");
    assert.equal((await result()).params.lr, await field(page, "lr"));

    const small = await page.evaluate(() => [...document.querySelectorAll("button, select, input")]
      .filter((one) => !one.closest(".words") && one.checkVisibility({ visibilityProperty: true }))
      .filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(small, [], "touch targets");
  }, phone(width)));
}

for (const width of [390, 320]) {
  test(`${width} px wide: the menu of labs and pinned numbers fit`, visit("#stability?v=1", async ({ page }) => {
    const menu = page.locator(".menu.labs summary");
    await menu.tap();
    const box = await page.locator(".menu.labs .items").boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
    assert.equal(await page.evaluate(() => /** @type {Element} */ (document.scrollingElement).scrollWidth), width);
    await menu.tap();
    await page.locator("#pin").tap();
    await page.locator("#param-lr").fill("0.2");
    await page.locator("#param-lr").press("Enter");
    await drawn(page);
    const rows = await page.locator(".numbers dd[data-name]").evaluateAll((all) => all.map((one) => {
      const pinned = /** @type {Element} */ (one.nextElementSibling).getBoundingClientRect();
      const [own, term] = [one.getBoundingClientRect(), /** @type {Element} */ (one.previousElementSibling).getBoundingClientRect()];
      return { width: own.width, pinned: pinned.width, apart: own.left >= term.right && pinned.top >= own.bottom };
    }));
    assert.ok(rows.length > 5 && rows.every((row) => row.width > 100 && row.pinned > 100 && row.apart), JSON.stringify(rows));
  }, phone(width)));
}

for (const width of [390, 320]) {
  test(`${width} px wide: no lab scrolls sideways`, visit("", async ({ page }) => {
    for (const lab of LABS) {
      await page.evaluate((to) => { location.hash = to; }, `#${lab}?v=1&run=click`);
      await page.locator(".menu.labs summary", { hasText: lab }).waitFor();
      await page.locator(".words math").first().waitFor();
      await drawn(page);
      assert.equal(await page.evaluate(() => /** @type {Element} */ (document.scrollingElement).scrollWidth), width, lab);
    }
  }, { viewport: { width, height: 800 } }));
}

for (const [link, width] of [...LABS, "labs"].flatMap((one) => /** @type {const} */ ([[one, 390], [one, 1280]]))) {
  test(`axe-core finds nothing in ${link} at ${width} px, light and dark`, visit(`#${link}`, async ({ page }) => {
    for (const theme of ["light", "dark"]) {
      await page.evaluate((to) => { location.hash = to; }, `#${link}${link === "labs" ? "?" : "?v=1&lr=banana&"}theme=${theme}`);
      if (link !== "labs") {
        await page.locator("main > .data").evaluate((table) => { /** @type {HTMLDetailsElement} */ (table).open = true; });
        for (const one of await page.locator(".panel .menu summary").all()) {
          await one.click();
          await page.locator(".menu[open] button", { hasText: "Data table" }).click();
        }
        await page.locator(".menu.labs summary").click();
        await page.locator(".words .term").first().click();
        await page.locator("#pin").evaluate((button) => { /** @type {HTMLElement} */ (button).click(); });
      }
      // The foot of the page loads when it is near.
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.locator(".lab-card").first().waitFor();
      await drawn(page);
      // Through the protocol: the page's own policy would block a script element.
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { violations } = await /** @type {any} */ (window).axe.run(document);
        return violations.map((/** @type {any} */ one) => `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html.slice(0, 120)).join(" | ")}`);
      });
      assert.deepEqual(violations, [], theme);
    }
  }, { viewport: { width, height: 900 }, wait: link !== "labs" }));
}
