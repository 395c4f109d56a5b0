// The page's WebAssembly modules: a reader loads the one that the link's lab is in, and another when a lab of it is opened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
/** No service worker: it would answer for the network. @type {import("./visit.mjs").Options} */
const NETWORK = { prepare: (page) => page.addInitScript(() => { delete (/** @type {any} */ (Navigator.prototype)).serviceWorker; }) };
const FIRST = "When does SGD get stuck at a saddle?";
const heading = (/** @type {Page} */ page) => page.locator("h1").innerText();
const arrival = (/** @type {Page} */ page) => page.locator(".arrival");

/** The modules that a page has asked for. @param {Page} page */
const loaded = (page) => page.evaluate(() => performance.getEntriesByType("resource")
  .map(({ name }) => /([^/]*)_bg\.wasm$/.exec(name)?.[1] ?? "").filter(Boolean));

/** Lets through what asks for a module when `open` is called. @param {Page} page @param {string} group */
async function gate(page, group) {
  let open = () => {};
  const opened = new Promise((/** @type {(nothing: void) => void} */ done) => { open = done; });
  await page.route(new RegExp(`/${group}_bg\\.wasm$`), async (route) => {
    await opened;
    await route.continue();
  });
  return open;
}

test("the bare address loads the first module, and only that", visit("", async ({ page }) => {
  assert.deepEqual(await loaded(page), ["saddle"]);
}, NETWORK));

test("a link loads the module of its lab alone; the lab of the bare address comes when it is opened", visit("#stability?v=1&theme=dark", async ({ page, result }) => {
  assert.deepEqual(await loaded(page), ["stability"]);
  assert.equal((await result()).lab, "stability");
  await page.locator(".menu.labs summary").click();
  await page.locator(".menu.labs a[data-lab=phases]").click();
  await page.waitForFunction(() => location.hash === "#phases?v=1&theme=dark");
  assert.equal(await heading(page), FIRST);
  assert.equal((await result()).lab, "phases");
  assert.deepEqual(await loaded(page), ["stability", "saddle"]);
  await page.goBack();
  await page.waitForFunction((first) => document.querySelector("h1")?.textContent !== first, FIRST);
  assert.equal((await result()).lab, "stability");
  assert.deepEqual(await loaded(page), ["stability", "saddle"], "what is there is not loaded again");
}, NETWORK));

test("an address without a lab's name is the first lab's", visit("#stability", async ({ page, result }) => {
  await page.evaluate(() => { location.hash = "#lr=0.5"; });
  await page.waitForFunction((first) => document.querySelector("h1")?.textContent === first, FIRST);
  const { lab, params } = await result();
  assert.deepEqual([lab, params.lr, ...await loaded(page)], ["phases", "0.5", "stability", "saddle"]);
}, NETWORK));

test("the lab stays, usable, while another one's module is on the way; the page says so", visit("#phases?v=1&lr=0.5", async ({ page, result }) => {
  const open = await gate(page, "stability");
  await page.evaluate(() => { location.hash = "#stability"; });
  await arrival(page).waitFor();
  assert.match(await arrival(page).innerText(), /“stability” is being loaded/);
  assert.equal(await heading(page), FIRST);
  await page.locator("#param-lr").fill("0.7");
  await page.locator("#param-lr").press("Enter");
  assert.match(await page.locator("#param-lr").inputValue(), /0\.7/);
  open();
  await page.waitForFunction((first) => document.querySelector("h1")?.textContent !== first, FIRST);
  assert.equal(await arrival(page).isVisible(), false);
  assert.equal((await result()).lab, "stability");
  assert.match(await page.evaluate(() => location.hash), /^#stability/);
}, NETWORK));

test("a link followed meanwhile wins", visit("#phases?v=1&lr=0.5", async ({ page, result }) => {
  const open = await gate(page, "stability");
  await page.evaluate(() => { location.hash = "#stability"; });
  await arrival(page).waitFor();
  await page.evaluate(() => { location.hash = "#phases?v=1&lr=0.25"; });
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.querySelector("#param-lr")).value === "0.25");
  assert.equal(await arrival(page).isVisible(), false);
  open();
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("stability_bg.wasm")));
  await page.waitForTimeout(300);
  assert.equal(await heading(page), FIRST);
  const { lab, params } = await result();
  assert.deepEqual([lab, params.lr], ["phases", "0.25"]);
}, NETWORK));

test("a module that does not come leaves the lab as it is, with a sentence; asked for again, it comes", visit("#phases?v=1&lr=0.5", async ({ page, result, faults }) => {
  await page.route(/\/stability_bg\.wasm$/, (route) => route.fulfill({ status: 503, body: "" }), { times: 1 });
  const opening = async () => {
    await page.locator(".menu.labs summary").click();
    await page.locator(".menu.labs a[data-lab=stability]").click();
  };
  await opening();
  await page.waitForFunction(() => /could not be loaded/.test(document.querySelector(".arrival")?.textContent ?? ""));
  assert.match(await arrival(page).innerText(), /“stability” could not be loaded \(the server answered 503 for stability_bg\.wasm\)\./);
  assert.equal(await heading(page), FIRST);
  assert.equal(await page.evaluate(() => location.hash), "#phases?v=1&lr=0.5");
  assert.equal((await result()).params.lr, "0.5");
  // The browser itself complains of the answer, twice: that is what this test is about.
  assert.ok(faults.length > 0 && faults.every((fault) => /503/.test(fault)), faults.join("\n"));
  faults.length = 0;
  await opening();
  await page.waitForFunction(() => location.hash === "#stability?v=1");
  assert.equal((await result()).lab, "stability");
  assert.equal(await arrival(page).isVisible(), false);
}, NETWORK));
