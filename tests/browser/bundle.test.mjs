// The page in one file: from a folder, without a request, with the same numbers as the served page.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { DIST, serve } from "./server.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** A folder with nothing else in it. @type {string} */
let folder;
/** @type {string} */
let file;

before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "saddlescope-alone-"));
  copyFileSync(join(DIST, "saddlescope.html"), join(folder, "supplement.html"));
  file = pathToFileURL(join(folder, "supplement.html")).href;
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Faults, without the request for the file itself. @param {string[]} faults */
const others = (faults) => faults.filter((fault) => !fault.startsWith(`request to ${file}`));

test("one file of at most a megabyte, which names no other", () => {
  assert.ok(statSync(join(DIST, "saddlescope.html")).size <= 1_000_000);
  const html = readFileSync(join(DIST, "saddlescope.html"), "utf8");
  assert.ok(!/<(script|img|iframe|source)[^>]* src=/.test(html.replace(/<script type="module">[\s\S]*/, "")));
  assert.ok(!/<link rel="(?!icon" href="data:|canonical)/.test(html.slice(0, html.indexOf("<body"))));
});

test("opened as a file it starts workers and has the numbers of the served page", async () => {
  const link = "#phases?v=1&lr=0.5&law=gaussian&batch=2";
  const server = await serve();
  const served = await openPage(browser);
  await served.page.goto(server.url + link);
  const wanted = await served.settled();
  await served.close();
  await server.close();
  const { page, faults, settled, close } = await openPage(browser);
  page.setDefaultTimeout(20_000);
  await page.goto(file + link);
  assert.deepEqual(await settled(), wanted);
  assert.ok(page.workers().length > 0, "workers from a blob");
  assert.ok(await page.locator(".words").innerText() !== "");
  await page.locator("#param-lr").fill("0.8");
  await page.locator("#param-lr").press("Enter");
  assert.equal((await settled()).params.lr, "0.8");
  assert.deepEqual(others(faults), []);
  await close();
});

test("its dialogs and its files work, and what needs an address says so", async () => {
  const { page, faults, settled, close } = await openPage(browser);
  page.setDefaultTimeout(20_000);
  await page.goto(file);
  await settled();
  await page.locator("#cite").click();
  assert.match(await page.locator("#cite-paper-bibtex").inputValue(), /ziyin2024/);
  await page.keyboard.press("Escape");
  await page.locator("#share").click();
  assert.equal(await page.locator("#share-link").inputValue(), "#phases?v=1");
  await page.keyboard.press("Escape");
  await page.locator("#embed").click();
  await page.locator("#embed-dialog", { hasText: "Put the file on any web server" }).waitFor();
  await page.keyboard.press("Escape");
  for (const kind of ["png", "svg", "csv", "json"]) {
    const [saved] = await Promise.all([page.waitForEvent("download"), page.locator(`#export-${kind}`).click()]);
    assert.ok(statSync(await saved.path()).size > 100, kind);
  }
  assert.deepEqual(others(faults), []);
  await close();
});

test("it offers samples of own data that it carries", async () => {
  const { page, faults, close } = await openPage(browser);
  await page.goto(`${file}#spectrum?v=1&law=data`);
  const samples = page.locator(".own-data .try");
  await samples.first().waitFor();
  assert.deepEqual(await samples.evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).dataset.sample)), ["curvatures.csv", "inputs.csv", "hessians.json"]);
  await page.locator('[data-sample="hessians.json"]').click();
  await page.waitForFunction(() => location.hash.includes("data="));
  const result = await page.evaluate(() => window.saddlescope.result());
  assert.match(result.params.data, /^[ih]\.\d+x(\d+)x\1\./);
  assert.deepEqual(others(faults), []);
  await close();
});

test("its own policy is in force", async () => {
  const { page, faults, settled, close } = await openPage(browser);
  await page.goto(file);
  await settled();
  const injected = await page.evaluate(() => {
    const script = document.createElement("script");
    try {
      script.textContent = "window.injected = true";
      document.body.append(script);
    } catch { /* blocked, as it should be */ }
    return "injected" in window;
  });
  assert.equal(injected, false);
  // The event comes after the answer.
  await page.waitForTimeout(300);
  assert.ok(faults.some((fault) => fault.startsWith("policy violation")));
  await close();
});

test("index.html opened as a file goes to the one-file page with its state", async () => {
  const { page, settled, close } = await openPage(browser);
  await page.goto(`${pathToFileURL(join(DIST, "index.html")).href}#phases?v=1&lr=0.5`);
  await page.waitForURL(/saddlescope\.html#phases\?v=1&lr=0\.5$/);
  assert.equal((await settled()).params.lr, "0.5");
  await close();
});

test("on a web server it writes a frame of itself", async () => {
  const server = await serve();
  const { page, close } = await openPage(browser);
  page.setDefaultTimeout(20_000);
  await page.goto(`${server.url}saddlescope.html#phases?v=1&lr=0.5`);
  await page.locator("#embed").click();
  const lines = await page.locator("#embed-iframe").inputValue();
  const address = `${server.url}saddlescope.html#phases?v=1&amp;lr=0.5`;
  assert.ok(lines.includes(`src="${address}`), lines);
  await page.frameLocator("iframe.preview").locator("canvas").first().waitFor();
  await close();
  await server.close();
});
