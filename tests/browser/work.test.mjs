// Work behind the page: workers that die, workers that cannot start, long work that asks, and rest when all is done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { traced } from "./trace.mjs";
import { colours, drawn, number, PHASES, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
const PLUS = Math.log(1.8 * 0.28) / 2;

/** The default diagram is there, whole. @param {import("./visit.mjs").Visit} visit */
async function complete({ page, result }) {
  assert.ok(Math.abs(number(await result(), "exponent_plus") - PLUS) < 1e-12);
  await drawn(page);
  const shares = await colours(page);
  for (const [phase, colour] of Object.entries(PHASES)) assert.ok(shares[colour] > 0.01, `phase ${phase} is on the map`);
}

/** Serves the worker with these lines before its own. @param {string} lines */
const worker = (lines) => (/** @type {Page} */ page) => page.route("**/worker.js", async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: `${lines}\n${await answer.text()}` });
});

/** Counts workers made, in the page's `made`. @param {Page} page */
const count = (page) => page.addInitScript(() => {
  const all = /** @type {any} */ (window);
  all.made = 0;
  const Original = Worker;
  all.Worker = class extends Original {
    constructor(/** @type {string} */ url, /** @type {WorkerOptions} */ options) {
      super(url, options);
      all.made += 1;
    }
  };
});
const made = (/** @type {Page} */ page) => page.evaluate(() => /** @type {any} */ (window).made);

test("a worker that is killed at work is replaced and its shard computed again", visit("#phases?v=1&layer=exit", async (all) => {
  const { page } = all;
  // The page itself makes the coarse map: a worker has made something when there is more than that.
  await page.waitForFunction(() => Number(document.querySelector("progress")?.value) >= 5);
  const before = await made(page);
  assert.ok(page.workers().length > 0);
  for (const one of page.workers()) {
    await one.evaluate(() => { setTimeout(() => { throw new Error("killed by the test"); }); });
  }
  await page.waitForFunction((workers) => /** @type {any} */ (window).made > workers, before);
  await page.locator("#param-layer").selectOption("exact");
  await complete(all);
}, { wait: false, prepare: count }));

test("a worker that falls silent is replaced after half a minute", visit("", async (all) => {
  const { page } = all;
  await complete(all);
  const before = await made(page);
  for (const one of page.workers()) await one.evaluate(() => self.close());
  await page.locator("#param-batch").fill("2");
  await page.locator("#param-batch").press("Enter");
  await page.clock.fastForward(29_000);
  assert.equal(await made(page), before);
  await page.clock.fastForward(2_000);
  assert.equal((await all.result()).params.batch, "2");
  assert.ok(await made(page) > before);
}, { prepare: async (page) => {
  await page.clock.install();
  await count(page);
} }));

test("a trap in the first shard costs a worker, not the map", visit("", async (all) => {
  await complete(all);
  assert.ok(await made(all.page) >= 2);
}, { prepare: async (page) => {
  await count(page);
  // The first worker's first answer is that of an instance that trapped.
  let served = 0;
  await page.route("**/worker.js", async (route) => {
    const answer = await route.fetch();
    served += 1;
    const trap = "const post = self.postMessage.bind(self); self.postMessage = (m, o) => post(m.id ? { id: m.id, error: 'unreachable', fatal: true } : m, m.id ? undefined : o);";
    await route.fulfill({ response: answer, body: (served === 1 ? trap : "") + await answer.text() });
  });
} }));

test("work that fails twice is told in a sentence, and the result is refused with it", visit("", async ({ page }) => {
  await page.waitForFunction(() => "saddlescope" in window);
  const { answer, workers } = await page.evaluate(() => {
    const all = /** @type {any} */ (window);
    return all.saddlescope.result().catch((/** @type {Error} */ error) => ({ answer: error.message, workers: all.made }));
  });
  assert.equal(answer, "unreachable");
  const atOnce = await page.evaluate(() => Math.max(1, navigator.hardwareConcurrency - 1));
  assert.ok(workers <= 3 * atOnce + 2, `${workers} workers were made for it`);
  await page.locator(".message", { hasText: "unreachable" }).waitFor();
  assert.equal(await page.locator("h2.verdict").innerText(), "III collapse", "the numbers at the point are there all the same");
}, { wait: false, prepare: async (page) => {
  await count(page);
  await worker("const post = self.postMessage.bind(self); self.postMessage = (m) => post(m.id ? { id: m.id, error: 'unreachable', fatal: true } : m);")(page);
} }));

for (const [how, prepare] of /** @type {[string, (page: Page) => Promise<unknown>][]} */ ([
  ["are refused", (page) => page.addInitScript(() => {
    /** @type {any} */ (window).Worker = class { constructor() { throw new DOMException("no workers here", "SecurityError"); } };
  })],
  ["do not exist", (page) => page.addInitScript(() => { delete (/** @type {any} */ (window).Worker); })],
  ["fail at their first line", worker("throw new Error('no modules in this worker');")],
])) {
  test(`where workers ${how}, the page computes by itself`, visit("", complete, { prepare }));
}

test("long work asks, and runs at a click; Stop stops it; progress counts", visit("#phases?v=1&layer=exit&steps=40000&replicas=64", async ({ page }) => {
  await page.locator(".work .count", { hasText: /^About \d+ s of work; \d+ of \d+ parts are there\.$/ }).waitFor();
  assert.equal(await page.locator("h2.verdict").innerText(), "III collapse");
  await page.locator("#run").click();
  await page.locator(".work .count", { hasText: /^[1-9]\d* of \d+ parts$/ }).waitFor();
  await page.locator(".work button", { hasText: "Stop" }).click();
  await page.locator(".work .count", { hasText: /^Stopped; \d+ of \d+ parts are there\.$/ }).waitFor();
}, { wait: false }));

test("shards that were asked ahead and that nobody wants any more are not computed", visit("#phases?v=1&layer=exit", async ({ page, result }) => {
  await page.waitForFunction(() => Number(document.querySelector("progress")?.value) >= 3);
  for (let seed = 2; seed <= 6; seed += 1) {
    await page.waitForTimeout(500);
    await page.evaluate((next) => { location.hash = `#phases?v=1&layer=exit&seed=${next}`; }, seed);
  }
  await page.evaluate(() => { location.hash = "#phases?v=1"; });
  await result();
  const { forgotten, answered } = await page.evaluate(() => /** @type {any} */ (window).heard);
  const computed = forgotten.filter((/** @type {number} */ id) => answered.includes(id));
  assert.ok(forgotten.length >= 4, `${forgotten.length} were taken back`);
  // One whose turn came while the message was under way is computed all the same.
  assert.ok(computed.length <= 1, `${computed.length} of ${forgotten.length} were computed`);
}, { wait: false, prepare: async (page) => {
  // So slow that the page is not behind with its answers.
  await worker("const post = self.postMessage.bind(self); self.postMessage = (m, o) => { const end = performance.now() + (m.id ? 200 : 0); while (performance.now() < end); post(m, o); };")(page);
  await page.addInitScript(() => {
    /** @type {{forgotten: number[], answered: number[]}} */
    const heard = { forgotten: [], answered: [] };
    /** @type {any} */ (window).heard = heard;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any[]} */ ...message) {
      if (message[0].forget) heard.forgotten.push(...message[0].forget);
      else if (message[0].group && message[0].module) this.addEventListener("message", ({ data }) => { if (data.id) heard.answered.push(data.id); });
      return post.apply(this, /** @type {any} */ (message));
    };
  });
} }));

test("a page where nobody does anything does nothing for 5 s", visit("", async ({ page }) => {
  // Longer than the verdict rests before it is read aloud.
  await page.waitForTimeout(1500);
  const { scripts } = await traced(page, () => new Promise((done) => setTimeout(done, 5000)));
  assert.deepEqual(scripts, []);
}));
