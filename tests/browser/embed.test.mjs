// Figures in somebody else's page: another origin, an element or a plain frame, with and without a sandbox.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, launchWithTabs, openPage, watched } from "./browser.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */

/** @type {Awaited<ReturnType<typeof serve>>} */
let app;
/** @type {Awaited<ReturnType<typeof serve>>} */
let open;
/** @type {Awaited<ReturnType<typeof serve>>} */
let host;
/** @type {string} */
let posts;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  app = await serve({ mount: "/some/where/" });
  // As most static hosts do: a frame without an origin may then load modules.
  open = await serve({ mount: "/open/", headers: { "Access-Control-Allow-Origin": "*" } });
  posts = mkdtempSync(join(tmpdir(), "saddlescope-posts-"));
  host = await serve({ folder: posts });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const server of [app, open, host]) await server?.close();
  if (posts) rmSync(posts, { recursive: true });
});

let number = 0;

/** The frames that show Saddlescope. @param {Page} page */
const figures = (page) => page.frames().filter((one) => one.url().startsWith(app.url) || one.url().startsWith(open.url));

/**
 * A page of another origin with this body, and `log`: every message that reached it.
 * @param {string} body @param {(all: {page: Page, faults: string[], frame: (index?: number) => Promise<Frame>}) => Promise<unknown>} run
 * @param {{prepare?: (page: Page) => Promise<unknown>, context?: import("playwright-core").BrowserContext, allowed?: RegExp}} [options]
 */
async function inPost(body, run, { prepare, context, allowed } = {}) {
  number += 1;
  writeFileSync(join(posts, `post-${number}.html`), `<!doctype html><meta charset="utf-8"><title>A post</title><link rel="icon" href="data:,">
    <script>window.log = []; addEventListener("message", (event) => window.log.push(event.data));</script>${body}`);
  const { page, faults, close } = await (context ? watched(context) : openPage(browser, { viewport: { width: 1000, height: 900 } }));
  page.setDefaultTimeout(20_000);
  try {
    await prepare?.(page);
    await page.goto(`${host.url}post-${number}.html`);
    /** The frame that said “ready”. */
    const frame = async (index = 0) => {
      await page.waitForFunction((at) => /** @type {any} */ (window).log.filter((/** @type {any} */ one) => one.event === "ready").length > at, index);
      return figures(page)[index];
    };
    await run({ page, faults, frame });
    assert.deepEqual(allowed ? faults.filter((fault) => !allowed.test(fault)) : faults, []);
  } finally {
    await close();
  }
}

const element = (attributes = "", url = app.url) => `<script async src="${url}embed.js"></script><saddle-scope ${attributes}></saddle-scope>`;
const plain = (link = "#phases?v=1", attributes = "", url = app.url) => `<iframe width="900" height="700" ${attributes} src="${url}${link}"></iframe>`;

/** Messages with this event that reached the post. @param {Page} page @param {string} event */
const messages = (page, event) => page.evaluate((name) => /** @type {any} */ (window).log.filter((/** @type {any} */ one) => one.event === name)
  .map((/** @type {any} */ { blob, ...rest }) => (blob ? { ...rest, type: blob.type, size: blob.size } : rest)), event);

/** Sends a message to the first frame. @param {Page} page @param {any} message */
const send = (page, message) => page.evaluate((data) => document.querySelector("iframe")?.contentWindow?.postMessage(data, "*"), message);

/** Waits until the field of a parameter shows this. @param {Frame} frame @param {string} key @param {string} text */
const shows = (frame, key, text) => frame.waitForFunction(
  ([id, wanted]) => /** @type {HTMLInputElement|null} */ (document.getElementById(id))?.value === wanted, [`param-${key}`, text]);

/** @param {Page} page @param {string} key */
const attribute = (page, key) => page.evaluate((name) => document.querySelector("saddle-scope")?.getAttribute(name) ?? null, key);

test("attributes are parameters: what the post sets the frame shows, what the reader changes becomes an attribute", () => inPost(element('lab="phases" lr="0.5" hide="nav,text"'), async ({ page, frame }) => {
  const inside = await frame();
  await shows(inside, "lr", "0.5");
  assert.equal(await inside.locator("header.bar").isVisible(), false);
  assert.equal(await inside.locator(".words").isVisible(), false);
  assert.equal(await inside.locator("form.controls").isVisible(), true);
  const [ready] = await messages(page, "ready");
  assert.deepEqual([ready.type, ready.v, ready.lab, ready.params.lr, ready.view.hide], ["saddlescope", 1, "phases", "0.5", "nav,text"]);
  assert.equal(ready.link, `${app.url}#${ready.fragment}`);

  await page.evaluate(() => document.querySelector("saddle-scope")?.setAttribute("lr", "0.25"));
  await shows(inside, "lr", "0.25");
  await page.evaluate(() => document.querySelector("saddle-scope")?.setAttribute("batch", "4"));
  await shows(inside, "batch", "4");

  await inside.locator("#param-lr").fill("1.5");
  await inside.locator("#param-lr").press("Enter");
  await page.waitForFunction(() => document.querySelector("saddle-scope")?.getAttribute("lr") === "1.5");
  await inside.locator("#param-decay").fill("0.1");
  await inside.locator("#param-decay").press("Enter");
  await page.waitForFunction(() => document.querySelector("saddle-scope")?.getAttribute("decay") === "0.1");
  assert.equal(await attribute(page, "batch"), "4", "the other attributes stay");
  await inside.locator("#param-decay").fill("0");
  await inside.locator("#param-decay").press("Enter");
  await page.waitForFunction(() => !document.querySelector("saddle-scope")?.hasAttribute("decay"));
  await page.evaluate(() => document.querySelector("saddle-scope")?.removeAttribute("batch"));
  await shows(inside, "batch", "1");
  assert.equal(await inside.locator("#param-lr").inputValue(), "1.5");
}));

test("set merges parameters, null is the default, a fragment replaces all; each answers with the state", () => inPost(plain("#phases?v=1&lr=0.5&batch=2"), async ({ page, frame }) => {
  const inside = await frame();
  await send(page, { type: "saddlescope", v: 1, event: "set", params: { lr: 1.25, a: "-1.5" } });
  await shows(inside, "lr", "1.25");
  assert.deepEqual([await inside.locator("#param-a").inputValue(), await inside.locator("#param-batch").inputValue()], ["-1.5", "2"]);
  await page.waitForFunction(() => /** @type {any} */ (window).log.some((/** @type {any} */ one) => one.event === "state" && one.params.lr === "1.25"));
  await send(page, { type: "saddlescope", v: 1, event: "set", params: { batch: null, theme: "dark" } });
  await shows(inside, "batch", "1");
  assert.equal(await inside.evaluate(() => document.documentElement.dataset.theme), "dark");
  await send(page, { type: "saddlescope", v: 1, event: "set", fragment: "phases?v=1&law=gaussian" });
  await shows(inside, "law", "gaussian");
  await shows(inside, "lr", "0.8");
  assert.equal(await inside.evaluate(() => document.documentElement.dataset.theme), "auto");
  await page.waitForFunction(() => /** @type {any} */ (window).log.findLast((/** @type {any} */ one) => one.event === "state")?.fragment === "phases?v=1&law=gaussian");
}));

test("the frame is as high as its content, at every width, and the telling ends", () => inPost(element('lab="phases" hide="nav,text"'), async ({ page, frame }) => {
  const inside = await frame();
  const fits = () => page.waitForFunction(() => {
    const one = /** @type {any} */ (document.querySelector("saddle-scope"))?.frame;
    const told = /** @type {any} */ (window).log.filter((/** @type {any} */ message) => message.event === "resize").at(-1)?.height;
    return told > 300 && Math.abs(one.getBoundingClientRect().height - told) < 1;
  });
  await fits();
  await inside.waitForFunction(() => document.querySelector("h2.verdict")?.textContent);
  for (const width of [1000, 340, 700]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(600);
    await fits();
    const { content, height, scrolls } = await inside.evaluate(() => ({
      content: document.body.getBoundingClientRect().height, height: window.innerHeight, scrolls: document.documentElement.scrollHeight - window.innerHeight,
    }));
    assert.ok(Math.abs(content - height) <= 2 && scrolls <= 1, `${width} px: content ${content}, frame ${height}`);
  }
  const before = (await messages(page, "resize")).length;
  assert.ok(before < 25, `${before} resize messages`);
  await page.waitForTimeout(1000);
  assert.equal((await messages(page, "resize")).length, before, "at rest nothing is told");
}));

test("a content that answers every height with another one ends in silence, not in a loop", () => inPost(element('lab="phases"'), async ({ page, frame }) => {
  const inside = await frame();
  await inside.evaluate(() => {
    const spacer = document.body.appendChild(document.createElement("div"));
    let more = 10;
    addEventListener("resize", () => { more += 10; spacer.style.height = `${more}px`; });
    spacer.style.height = "10px";
  });
  await page.waitForTimeout(2500);
  const before = (await messages(page, "resize")).length;
  await page.waitForTimeout(1500);
  const grown = (await messages(page, "resize")).length - before;
  assert.ok(grown <= 2, `${grown} more messages after the end of patience`);
}));

/** Counts, in every frame, messages to its workers. @param {Page} page */
const countWork = (page) => page.addInitScript(() => {
  const all = /** @type {any} */ (window);
  all.sent = 0;
  all.madeWorkers = 0;
  Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 8 });
  const Original = Worker;
  all.Worker = class extends Original {
    constructor(/** @type {string} */ url, /** @type {WorkerOptions} */ options) {
      super(url, options);
      all.madeWorkers += 1;
    }
    /** @param {any} message @param {any} [rest] */
    postMessage(message, rest) {
      all.sent += 1;
      super.postMessage(message, rest);
    }
  };
});
const sent = (/** @type {Frame} */ frame) => frame.evaluate(() => /** @type {any} */ (window).sent);
const workers = (/** @type {Frame} */ frame) => frame.evaluate(() => /** @type {any} */ (window).madeWorkers);

test("off the screen nothing is computed; on it everything is", () => inPost(`<div style="height: 3000px"></div>${plain("#phases?v=1", 'loading="eager"')}`, async ({ page, frame }) => {
  const inside = await frame();
  await page.waitForTimeout(1500);
  assert.equal(await sent(inside), 0, "no message to any worker");
  assert.equal(await workers(inside), 0, "not even a worker");
  await page.evaluate(() => document.querySelector("iframe")?.scrollIntoView());
  await inside.evaluate(() => window.saddlescope.result());
  assert.ok(await sent(inside) > 1);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => /** @type {any} */ (window).log.findLast((/** @type {any} */ one) => one.event === "workers").seen === false);
  const before = await sent(inside);
  await send(page, { type: "saddlescope", v: 1, event: "set", params: { batch: 3 } });
  await page.waitForTimeout(1000);
  assert.equal(await sent(inside), before, "a change off the screen waits");

  // What is under way stops. (The browser itself draws nothing there, so that only work of many shards can tell.)
  await page.evaluate(() => document.querySelector("iframe")?.scrollIntoView());
  await send(page, { type: "saddlescope", v: 1, event: "set", params: { layer: "exit", steps: 6000 } });
  await inside.waitForFunction((earlier) => /** @type {any} */ (window).sent > earlier + 10, before);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => /** @type {any} */ (window).log.findLast((/** @type {any} */ one) => one.event === "workers").seen === false);
  await page.waitForTimeout(500);
  const stopped = await sent(inside);
  await page.waitForTimeout(1000);
  assert.equal(await sent(inside), stopped, "no more shards");
  await page.evaluate(() => document.querySelector("iframe")?.scrollIntoView());
  await inside.waitForFunction((earlier) => /** @type {any} */ (window).sent > earlier, stopped);
}, { prepare: countWork }));

test("in a hidden tab nothing is computed", async () => {
  const tabs = await launchWithTabs();
  try {
    await inPost(plain(), async ({ page, frame }) => {
      const inside = await frame();
      await inside.evaluate(() => window.saddlescope.result());
      const other = await tabs.context.newPage();
      await inside.waitForFunction(() => document.hidden, undefined, { polling: 50 });
      const before = await sent(inside);
      await send(page, { type: "saddlescope", v: 1, event: "set", params: { batch: 3 } });
      // The frame has heard; in a hidden tab nothing waits for a frame of the screen.
      await page.waitForFunction(() => /** @type {any} */ (window).log.findLast((/** @type {any} */ one) => one.event === "state")?.params.batch === "3", undefined, { polling: 50 });
      await page.waitForTimeout(1000);
      assert.equal(await sent(inside), before);
      await other.close();
      await page.bringToFront();
      await inside.waitForFunction((earlier) => /** @type {any} */ (window).sent > earlier, before);
      assert.equal((await inside.evaluate(() => window.saddlescope.result())).params.batch, "3");
    }, { prepare: countWork, context: tabs.context });
  } finally {
    await tabs.close();
  }
});

test("a frame takes one worker until it is touched, then half of eight; a post shares out other numbers", () => inPost(plain("#phases?v=1&hide=nav"), async ({ page, frame }) => {
  const inside = await frame();
  await inside.evaluate(() => window.saddlescope.result());
  assert.equal(await workers(inside), 1);
  await inside.locator("#param-batch").press("ArrowUp");
  await inside.evaluate(() => window.saddlescope.result());
  assert.equal(await workers(inside), 4);
  await send(page, { type: "saddlescope", v: 1, event: "workers", count: 6 });
  await inside.waitForFunction(() => /** @type {any} */ (window).madeWorkers === 6);
  await send(page, { type: "saddlescope", v: 1, event: "workers", count: 0 });
  await page.waitForTimeout(200);
  const before = await sent(inside);
  await inside.locator("#param-batch").press("ArrowUp");
  await page.waitForTimeout(800);
  assert.equal(await sent(inside), before, "0 is a pause");
}, { prepare: countWork }));

test("embed.js gives the touched frame what the others leave", () => inPost(`${element('lab="phases" hide="nav,controls,text,presets" height="300"')}<saddle-scope lab="phases" height="300"></saddle-scope>`, async ({ page, frame }) => {
  await frame(1);
  const given = () => page.evaluate(() => [...document.querySelectorAll("saddle-scope")].map((one) => /** @type {any} */ (one).given));
  await page.waitForFunction(() => [...document.querySelectorAll("saddle-scope")].every((one) => /** @type {any} */ (one).given === 1));
  const inside = figures(page)[1];
  await inside.locator("h1").click();
  await page.waitForFunction(() => /** @type {any} */ (document.querySelectorAll("saddle-scope")[1]).given === 4);
  assert.deepEqual(await given(), [1, 4]);
}, { prepare: countWork }));

test("a message from another window changes nothing, to the frame or to the element", () => inPost(`${element('lab="phases" lr="0.5"')}<saddle-scope lab="phases" lr="0.7"></saddle-scope>
  <iframe id="stranger" src="about:blank"></iframe>`, async ({ page, frame }) => {
  await frame(1);
  const [inside, neighbour] = figures(page);
  await page.evaluate(() => {
    const stranger = /** @type {HTMLIFrameElement} */ (document.getElementById("stranger"));
    const figure = /** @type {any} */ (document.querySelector("saddle-scope")).frame.contentWindow;
    const inner = /** @type {any} */ (stranger.contentWindow);
    // Code of the stranger: the source of its messages is the stranger's own window.
    inner.figure = figure;
    inner.eval('figure.postMessage({ type: "saddlescope", v: 1, event: "set", params: { lr: 9 } }, "*");'
      + 'parent.postMessage({ type: "saddlescope", v: 1, event: "resize", height: 12345 }, "*");'
      + 'parent.postMessage({ type: "saddlescope", v: 1, event: "state", lab: "phases", fragment: "phases?v=1&lr=9", params: { lr: "9" }, view: {} }, "*");');
  });
  // Another figure of the same address is a stranger too.
  await neighbour.locator("#param-lr").fill("1.5");
  await neighbour.locator("#param-lr").press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("saddle-scope")[1].getAttribute("lr") === "1.5");
  await page.waitForTimeout(700);
  assert.equal(await inside.locator("#param-lr").inputValue(), "0.5");
  assert.equal(await attribute(page, "lr"), "0.5");
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector("saddle-scope")).frame.style.height) === "12345px", false);
}));

test("a page of another origin that has taken the frame's place is not heard", () => inPost(element('lab="phases" lr="0.5"'), async ({ page, frame }) => {
  await frame();
  writeFileSync(join(posts, "forger.html"), `<!doctype html><title>A forger</title><link rel="icon" href="data:,"><script>
    parent.postMessage({ type: "saddlescope", v: 1, event: "resize", height: 12345 }, "*");
    parent.postMessage({ type: "saddlescope", v: 1, event: "state", lab: "phases", fragment: "phases?v=1&lr=9", params: { lr: "9" }, view: {} }, "*");
  </script>`);
  await page.evaluate((address) => { /** @type {any} */ (document.querySelector("saddle-scope")).frame.src = address; }, `${host.url}forger.html`);
  await page.waitForFunction(() => /** @type {any} */ (window).log.some((/** @type {any} */ one) => one.params?.lr === "9"));
  assert.equal(await attribute(page, "lr"), "0.5");
  assert.notEqual(await page.evaluate(() => /** @type {any} */ (document.querySelector("saddle-scope")).frame.style.height), "12345px");
}));

test("malformed messages are ignored with one warning in all", () => inPost(plain("#phases?v=1&lr=0.5"), async ({ page, faults, frame }) => {
  const inside = await frame();
  const ours = { type: "saddlescope", v: 1, event: "set" };
  for (const bad of [
    { ...ours, v: 2, params: { lr: 9 } }, { ...ours, event: "eval", params: { lr: 9 } }, ours, { ...ours, params: [9] }, { ...ours, params: { lr: { toString: 9 } } },
    { ...ours, params: { lr: NaN } }, { ...ours, params: { "lr&a": 1 } }, { ...ours, params: { lr: "1&a=2" } }, { ...ours, fragment: 7 },
    { ...ours, fragment: "x".repeat(1_000_000) }, { ...ours, event: "workers", count: -1 }, { ...ours, event: "workers", count: "3" },
  ]) await send(page, bad);
  // Not meant for us: no word about them.
  for (const other of ["text", 7, null, { type: "other" }, [1]]) await send(page, other);
  await page.waitForTimeout(400);
  assert.equal(await inside.locator("#param-lr").inputValue(), "0.5");
  assert.equal(faults.length, 1, faults.join("\n"));
  assert.match(faults[0], /^console warning: Saddlescope ignored a message that it does not understand/);
}, { allowed: /^console warning: Saddlescope ignored/ }));

test("ten thousand messages a second do not freeze the frame", () => inPost(plain(), async ({ page, frame }) => {
  const inside = await frame();
  await inside.evaluate(() => window.saddlescope.result());
  const flood = page.evaluate(async () => {
    const target = document.querySelector("iframe")?.contentWindow;
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < 2000) {
      for (let i = 0; i < 100; i += 1) {
        count += 1;
        target?.postMessage({ type: "saddlescope", v: 1, event: "set", params: { lr: 0.5 + (count % 100) / 100 } }, "*");
      }
      await new Promise((done) => setTimeout(done, 10));
    }
    target?.postMessage({ type: "saddlescope", v: 1, event: "set", params: { lr: 0.75 } }, "*");
    return count;
  });
  const waits = await inside.evaluate(async () => {
    let longest = 0;
    for (let last = performance.now(), start = last; last - start < 2000;) {
      await new Promise((done) => setTimeout(done, 0));
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  });
  assert.ok(await flood > 5000, "the flood was one");
  assert.ok(waits < 1000, `the frame did nothing else for ${waits.toFixed(0)} ms`);
  await shows(inside, "lr", "0.75");
  const told = (await messages(page, "state")).length;
  assert.ok(told <= 40, `${told} states told`);
}));

test("the reader's Back button is not taken: a frame leaves no history", () => inPost(plain("#phases?v=1&hide=nav"), async ({ page, frame }) => {
  const inside = await frame();
  const before = await page.evaluate(() => history.length);
  for (const lr of ["0.3", "0.4", "1.2"]) {
    await inside.locator("#param-lr").fill(lr);
    await inside.locator("#param-lr").press("Enter");
  }
  assert.equal(await page.evaluate(() => history.length), before);
}));

test("a frame without leave for the clipboard says the link instead", () => inPost(plain("#phases?v=1&lr=0.5"), async ({ frame }) => {
  const inside = await frame();
  await inside.locator("#copy-link").click();
  await inside.locator("[role=status]", { hasText: `does not let this page use the clipboard. The link: ${app.url}#phases?v=1&lr=0.5` }).waitFor();
}, { allowed: /permissions policy/ }));

test("run=click: long work in a frame waits for the reader", () => inPost(plain("#phases?v=1&layer=exit&run=click&hide=nav,text"), async ({ page, frame }) => {
  const inside = await frame();
  await inside.locator("#run").waitFor();
  // Short work (the numbers at the point) does not wait.
  await page.waitForTimeout(1500);
  const before = await sent(inside);
  await page.waitForTimeout(500);
  assert.equal(await sent(inside), before);
  await inside.locator("#run").click();
  await inside.waitForFunction((earlier) => /** @type {any} */ (window).sent > earlier + 2, before);
}, { prepare: countWork }));

for (const [name, server, bundled] of /** @type {const} */ ([["whose server allows it", () => open, false], ["whose server does not: the one-file page", () => app, true]])) {
  test(`sandbox="allow-scripts", ${name}`, () => inPost(element('lab="phases" lr="0.5" sandbox="allow-scripts"', server().url), async ({ page, frame }) => {
    const inside = await frame();
    assert.equal(inside.url().includes("saddlescope.html"), bundled);
    assert.equal(await inside.evaluate(() => window.origin), "null");
    const result = await inside.evaluate(() => window.saddlescope.result());
    const exponent = result.values.find((/** @type {any} */ { name: found }) => found === "exponent_plus");
    assert.ok(Math.abs(/** @type {any} */ (exponent).value - Math.log(1.5 * 0.55) / 2) < 1e-12);
    await page.evaluate(() => /** @type {any} */ (document.querySelector("saddle-scope")).set({ lr: 1.5 }));
    await shows(inside, "lr", "1.5");
    await page.waitForFunction(() => document.querySelector("saddle-scope")?.getAttribute("lr") === "1.5");

    // It may not save files: the picture is shown, and the post gets it and saves it.
    const [download] = await Promise.all([page.waitForEvent("download"), inside.locator("#export-png").click()]);
    assert.match(download.suggestedFilename(), /^saddlescope-phases-diagram-[0-9a-f]{8}\.png$/);
    await inside.locator("#export-dialog img").waitFor();
    const [file] = await messages(page, "file");
    assert.equal(file.type, "image/png");
    await page.keyboard.press("Escape");
  }, { allowed: bundled ? /has been blocked by CORS|ERR_FAILED/ : undefined }));
}

/** Labs of the other modules in a frame without an origin, with a number known in closed form.
 * @type {[string, string, number][]} */
const ELSEWHERE = [
  // X = 1 - 0.5·1 and 1 + 0.5·1.2
  ["stability", "exponent", Math.log(0.5 * 1.6) / 2],
  // lowest eigenvalue of [[φ², -φ′], [-φ′, 0]] at b = 0.2, φ = tanh
  ["types", "curvature", (Math.tanh(0.2) ** 2 - Math.hypot(Math.tanh(0.2) ** 2, 2 * (1 - Math.tanh(0.2) ** 2))) / 2],
];
for (const [lab, name, expected] of ELSEWHERE) {
  test(`sandbox="allow-scripts": ${lab}, whose module is another one`, () => inPost(element(`lab="${lab}" sandbox="allow-scripts"`, open.url), async ({ frame }) => {
    const inside = await frame();
    assert.equal(await inside.evaluate(() => window.origin), "null");
    const result = await inside.evaluate(() => window.saddlescope.result());
    assert.equal(result.lab, lab);
    const found = /** @type {any} */ (result.values.find((/** @type {any} */ one) => one.name === name));
    assert.ok(Math.abs(found.value - expected) < 1e-12, `${found.value}, not ${expected}`);
    await inside.locator("figure canvas, figure svg").first().waitFor();
  }));
}

test("a srcdoc frame holds the one-file page; its links are its state", () => inPost("", async ({ page }) => {
  const file = await (await fetch(`${app.url}saddlescope.html`)).text();
  await page.evaluate((html) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.width = "900";
    frame.height = "800";
    frame.srcdoc = html;
    document.body.append(frame);
  }, file);
  await page.waitForFunction(() => /** @type {any} */ (window).log.some((/** @type {any} */ one) => one.event === "ready"));
  const inside = page.frames()[1];
  const result = await inside.evaluate(() => window.saddlescope.result());
  assert.equal(result.verdict.code, "III");
  const [ready] = await messages(page, "ready");
  assert.deepEqual([ready.fragment, ready.link], ["phases?v=1", ""], "there is no published address to link to");
}));

test("the example post: three figures, and buttons that set the first", async () => {
  const { page, faults, close } = await openPage(browser, { viewport: { width: 1000, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(`${app.url}examples/post.html`);
  await page.waitForFunction(() => document.getElementById("verdict")?.textContent?.startsWith("At λ = 0.8"));
  // Each button does what the sentence around it says.
  for (const [button, start, does] of /** @type {const} */ ([
    ["learning rate of 0.05", "At λ = 0.05: SGD escapes along the correct direction", { batch: null }],
    ["0.8", "At λ = 0.8: SGD collapses", { batch: null }],
    ["sixteen samples", "At λ = 0.8: SGD escapes along the correct direction", { batch: "16" }],
  ])) {
    await page.locator("button", { hasText: button }).first().click();
    await page.waitForFunction((text) => document.getElementById("verdict")?.textContent?.startsWith(text), start);
    assert.equal(await attribute(page, "batch"), does.batch);
  }
  await page.locator("button", { hasText: "Back to the beginning" }).click();
  await page.waitForFunction(() => !document.querySelector("saddle-scope")?.hasAttribute("batch"));
  for (const one of await page.locator("saddle-scope, iframe").all()) await one.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelectorAll("saddle-scope").length === 2 && [...document.querySelectorAll("saddle-scope")].every((one) => /** @type {any} */ (one).ready));
  await page.frameLocator("iframe").last().locator("canvas").first().waitFor();
  assert.deepEqual(faults, []);
  await close();
});
