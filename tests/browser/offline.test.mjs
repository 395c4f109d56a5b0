// Without a network: the page comes back from what the browser kept, and a new build replaces the old one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { DIST, serve as serveFolder } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let site;

/** Servers of tests, closed in any case: an open one keeps a failed run from ending. @type {Awaited<ReturnType<typeof serveFolder>>[]} */
const servers = [];
/** @param {Parameters<typeof serveFolder>[0]} options */
async function serve(options) {
  const server = await serveFolder(options);
  servers.push(server);
  return server;
}

before(async () => {
  browser = await launch();
  site = mkdtempSync(join(tmpdir(), "saddlescope-site-"));
  cpSync(DIST, site, { recursive: true });
});
after(async () => {
  await browser?.close();
  await Promise.all(servers.map((server) => server.close()));
  rmSync(site, { recursive: true });
});

const digest = (/** @type {string} */ file, /** @type {"hex"|"base64"} */ how = "base64") => createHash("sha256").update(readFileSync(join(site, file))).digest(how);
const app = () => /** @type {string} */ (readdirSync(site).find((name) => name.startsWith("app-")));

/** What the build does when a file changes: another folder, and lists that name it. */
function rebuild() {
  const old = app();
  const renewed = old.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  writeFileSync(join(site, old, "style.css"), `${readFileSync(join(site, old, "style.css"), "utf8")}\n:root { --build: second; }\n`);
  renameSync(join(site, old), join(site, renewed));
  const index = join(site, "index.html");
  writeFileSync(index, readFileSync(index, "utf8").replaceAll(old, renewed));
  const worker = join(site, "offline-worker.js");
  const text = readFileSync(worker, "utf8").replaceAll(old, renewed)
    .replace(/("\.\/": "sha256-)[^"]*/, `$1${digest("index.html")}`)
    .replace(/(style\.css": "sha256-)[^"]*/, `$1${digest(`${renewed}/style.css`)}`);
  writeFileSync(worker, text);
}

/** The service worker has kept everything and serves the page. @param {Page} page */
const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", undefined, { timeout: 60_000 });
const build = (/** @type {Page} */ page) => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--build").trim());

test("the list of the service worker and the checksums are those of the files", () => {
  const worker = readFileSync(join(site, "offline-worker.js"), "utf8");
  const [, list] = /** @type {RegExpExecArray} */ (/const FILES = (\{[^}]*\});/.exec(worker));
  const files = JSON.parse(list.replace(/,\s*\}$/, "}"));
  const all = readdirSync(join(site, app()), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.equal(Object.keys(files).length, all.length + 1);
  for (const [name, sum] of Object.entries(files)) assert.equal(sum, `sha256-${digest(name === "./" ? "index.html" : name)}`, name);

  const sums = readFileSync(join(site, "SHA256SUMS"), "utf8").trim().split("\n").map((line) => line.split("  "));
  const published = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.equal(sums.length, published.length - 1, "every file but the list itself");
  for (const [sum, name] of sums) assert.equal(sum, digest(name, "hex"), name);
});

test("after one visit the page works without its server, and a new build replaces it with a quiet word", async () => {
  let server = await serve({ folder: site, mount: "/a/b/" });
  const { port } = new URL(server.url);
  const { page, faults, settled, close } = await openPage(browser);
  page.setDefaultTimeout(20_000);
  await page.goto(server.url);
  await settled();
  await kept(page);
  assert.equal(await page.locator("#said").innerText(), "", "a first visit updates nothing");

  await server.close();
  await page.goto(`${server.url}#phases?v=1&lr=0.5&batch=2`);
  await page.reload();
  const offline = await settled();
  assert.deepEqual([offline.params.lr, offline.params.batch], ["0.5", "2"]);
  await page.locator("#cite").click();
  await page.locator("#cite-paper-text").waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(faults.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_FAILED|fetching the script/.test(fault)), []);

  rebuild();
  server = await serve({ folder: site, mount: "/a/b/", port: Number(port) });
  await page.reload();
  await settled();
  assert.equal(await build(page), "second", "the new build at once");
  await page.locator("#said", { hasText: "Updated to the newest version." }).waitFor();
  const caches = await page.evaluate(async () => (await window.caches.keys()).length);
  assert.equal(caches, 2, "this build and the one before it");

  await server.close();
  await page.reload();
  await settled();
  assert.equal(await build(page), "second", "and it is the one that is kept");
  await close();
});

test("a file that is not what the build made is not kept", async () => {
  const other = mkdtempSync(join(tmpdir(), "saddlescope-broken-"));
  cpSync(site, other, { recursive: true });
  const folder = /** @type {string} */ (readdirSync(other).find((name) => name.startsWith("app-")));
  writeFileSync(join(other, folder, "citation.json"), "{}\n");
  const server = await serve({ folder: other });
  const { page, settled, close } = await openPage(browser);
  await page.goto(server.url);
  await settled();
  await page.waitForTimeout(1500);
  const active = await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active ?? null);
  await close();
  await server.close();
  rmSync(other, { recursive: true });
  assert.equal(active, null);
});

test("the browser reads the manifest without an error, and its icons have the sizes that it says", async () => {
  const server = await serve({ folder: site, mount: "/a/b/" });
  const { page, faults, close } = await openPage(browser);
  await page.goto(server.url);
  const { errors, url, data } = await (await page.context().newCDPSession(page)).send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data ?? "");
  for (const key of ["id", "start_url", "scope"]) assert.equal(new URL(manifest[key], url).href, server.url, key);
  for (const { src, sizes, type } of manifest.icons) {
    const found = await page.evaluate(async (address) => {
      const answer = await fetch(address);
      const image = new Image();
      image.src = address;
      await image.decode();
      return { type: answer.headers.get("Content-Type"), sizes: `${image.naturalWidth}x${image.naturalHeight}` };
    }, new URL(src, url).href);
    assert.equal(found.type, type, src);
    if (sizes !== "any") assert.equal(found.sizes, sizes, src);
  }
  assert.deepEqual(faults, []);
  await close();
  await server.close();
});

test("a frame registers nothing", async () => {
  const server = await serve({ folder: site });
  const { page, close } = await openPage(browser);
  await page.goto(`${server.url}examples/post.html`);
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector("saddle-scope"))?.ready);
  await page.waitForTimeout(1000);
  const registrations = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  await close();
  await server.close();
  assert.equal(registrations, 0);
});
