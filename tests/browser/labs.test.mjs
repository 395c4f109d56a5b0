// Several labs in one page: the menu, the list of all, the address and Back, and nothing left behind by a lab that was left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LABS } from "./lab-names.mjs";
import { drawn, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
const hash = (/** @type {Page} */ page) => page.evaluate(() => location.hash);
const menu = (/** @type {Page} */ page) => page.locator(".menu.labs");

/** Counts workers made and shards asked of them. @param {Page} page */
const counted = (page) => page.addInitScript(() => {
  const all = /** @type {any} */ (window);
  all.counts = { workers: 0, shards: 0 };
  const Original = Worker;
  all.Worker = class extends Original {
    constructor(/** @type {string} */ url, /** @type {WorkerOptions} */ options) {
      super(url, options);
      all.counts.workers += 1;
    }
    /** @param {any} message @param {any} [rest] */
    postMessage(message, rest) {
      if (message.job) all.counts.shards += 1;
      super.postMessage(message, rest);
    }
  };
});
const counts = (/** @type {Page} */ page) => page.evaluate(() => ({ .../** @type {any} */ (window).counts }));

test("the menu opens by keyboard, names every lab, and Escape closes it", visit("", async ({ page }) => {
  await menu(page).locator("summary").focus();
  await page.keyboard.press("Enter");
  const links = menu(page).locator("a");
  assert.deepEqual((await links.evaluateAll((all) => all.map((one) => one.dataset.lab ?? ""))).toSorted(), [...LABS, "labs"].toSorted());
  assert.equal(await menu(page).locator("[aria-current=page]").getAttribute("data-lab"), "phases");
  assert.ok(await links.first().isVisible());
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")), "#phases?v=1");
  await page.keyboard.press("Escape");
  assert.equal(await links.first().isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SUMMARY");
  await page.keyboard.press("Enter");
  await page.locator("h1").click();
  assert.equal(await links.first().isVisible(), false, "a press elsewhere closes it");
}));

for (const lab of [...LABS.filter((one) => one !== "phases"), "labs"]) {
  test(`from phases to ${lab} and back: one entry, the switches stay, finished shards too, no worker more`, visit("#phases?v=1&theme=dark&lr=0.5", async ({ page, result }) => {
    const before = { ...await counts(page), entries: await page.evaluate(() => history.length) };
    await menu(page).locator("summary").click();
    await menu(page).locator(`a[data-lab=${lab}]`).click();
    const link = lab === "labs" ? "#labs?theme=dark" : `#${lab}?v=1&theme=dark`;
    await page.waitForFunction((to) => location.hash === to, link);
    assert.equal(await page.evaluate(() => history.length), before.entries + 1);
    assert.notEqual(await page.locator("h1").innerText(), "When does SGD get stuck at a saddle?");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "a reader's place is the new page");
    assert.equal(await menu(page).locator("[aria-current=page]").getAttribute("data-lab"), lab);
    if (lab !== "labs") assert.equal((await result()).lab, lab);
    const there = await counts(page);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "When does SGD get stuck at a saddle?");
    assert.equal((await result()).params.lr, "0.5");
    assert.equal(await hash(page), "#phases?v=1&theme=dark&lr=0.5");
    await drawn(page);
    const after = await counts(page);
    assert.equal(await page.locator(".arrival").isVisible(), false);
    assert.equal(after.workers, before.workers);
    assert.equal(after.shards, there.shards, "nothing was computed again");
  }, { prepare: counted }));
}

test("twenty changes of lab leave no listener and no element behind", visit("#labs", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  const round = async () => {
    for (const lab of [...LABS, "labs"]) {
      await page.evaluate((to) => { location.hash = `#${to}`; }, lab);
      await page.waitForFunction((to) => document.querySelector(".menu.labs summary")?.textContent === to, lab);
      if (lab !== "labs") await page.evaluate(() => /** @type {any} */ (window).saddlescope.result());
      await drawn(page);
    }
    await page.waitForTimeout(1000);
    await session.send("HeapProfiler.collectGarbage");
    return session.send("Memory.getDOMCounters");
  };
  await round();
  const first = await round();
  let last = first;
  for (let more = 0; more < 8; more += 1) last = await round();
  assert.ok(last.jsEventListeners <= first.jsEventListeners + 5, `${first.jsEventListeners} listeners became ${last.jsEventListeners}`);
  assert.ok(last.nodes <= first.nodes * 1.1, `${first.nodes} nodes became ${last.nodes}`);
}, { wait: false }));

test("the list of labs: question, sentence and picture of each; a card opens its lab with the page's switches", visit("#labs?theme=dark", async ({ page }) => {
  const cards = page.locator(".lab-card");
  await cards.first().waitFor();
  assert.equal(await cards.count(), LABS.length);
  assert.equal(await page.title(), "Labs · Saddlescope");
  for (const theme of ["dark", "light"]) {
    for (const card of await cards.all()) {
      assert.match(await card.locator("strong").innerText(), /\?$/);
      assert.match(await card.locator("p").innerText(), /^[A-Z].{30,160}\.$/s);
      const picture = card.locator("img:visible");
      assert.equal(await picture.count(), 1);
      await page.waitForFunction((one) => /** @type {HTMLImageElement} */ (one).naturalWidth > 0, await picture.elementHandle());
      // Drawn for this theme: the lower left corner, where nothing is written, is the page's own colour.
      const corner = await picture.evaluate((one) => {
        const surface = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(200, 200).getContext("2d"));
        surface.drawImage(/** @type {HTMLImageElement} */ (one), 0, 0, 200, 200);
        return [...surface.getImageData(1, 198, 1, 1).data].slice(0, 3);
      });
      assert.deepEqual(corner, theme === "dark" ? [22, 24, 28] : [255, 255, 255]);
    }
    if (theme === "dark") await page.locator("#theme").click();
  }
  assert.equal(await hash(page), "#labs?theme=light");
  await page.locator(".lab-card[data-lab=phases]").click();
  assert.equal(await hash(page), "#phases?v=1&theme=light");
  assert.equal(await page.locator("h1").innerText(), "When does SGD get stuck at a saddle?");
}, { wait: false }));

test("a lab that does not exist opens the list, with its sentence and the link's theme", visit("#nonsense?lr=2&theme=dark", async ({ page }) => {
  await page.locator(".problems li").waitFor();
  assert.match((await page.locator(".problems li").allInnerTexts()).join("|"), /^There is no lab “nonsense”\. The labs are: phases\b.*\.$/);
  await page.locator(".lab-card").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.match(await page.evaluate(() => /** @type {any} */ (window).saddlescope.result().catch((/** @type {Error} */ error) => error.message)), /list of labs/);
}, { wait: false }));

test("the cards below a lab load when the reader comes near, not before", visit("", async ({ page }) => {
  const loaded = () => page.evaluate(() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/cards/")).length);
  assert.equal(await loaded(), 0);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.locator(".more-labs .lab-card").first().waitFor();
  assert.equal(await page.locator(".more-labs .lab-card").count(), LABS.length);
  await page.locator("header .name").click();
  await page.evaluate(() => { location.hash = "#phases?v=1&hide=nav"; });
  await drawn(page);
  assert.equal(await page.locator(".more-labs").isVisible(), false);
}));
