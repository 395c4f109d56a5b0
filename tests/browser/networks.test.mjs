// The labs `types`, `rank`, `landscape` and `network` on the page: every handle under the reader's hand, numbers to the last bit,
// runs that are stopped and go on, runs that diverge, and links that ask for too much.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gaussian } from "./theory.mjs";
import { centre, colours, drawn, field, number, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */
/** @typedef {import("./visit.mjs").Result} Result */

const visit = visits();
/** What a session in Rust finds, see `tests/simulated_numbers.rs`.
 * @type {Record<string, Record<string, {value: number|string|(number|string)[]|null, standardError: number|null}>>} */
const native = JSON.parse(readFileSync(new URL("../reference/simulated_numbers.json", import.meta.url), "utf8"));
const hash = (/** @type {Page} */ page) => page.evaluate(() => location.hash);
const handle = (/** @type {Page} */ page, /** @type {string} */ figure) => page.locator(`[data-figure=${figure}] .handle`);

/** @param {number} found @param {number} wanted @param {number} accuracy @param {string} what */
const near = (found, wanted, accuracy, what) =>
  assert.ok(Math.abs(found - wanted) <= accuracy * Math.max(1, Math.abs(wanted)), `${what}: ${found}, expected ${wanted}`);

/** Numbers of a result as they are kept for the native ones. @param {Result} result */
const kept = (result) => Object.fromEntries(result.values.map(({ name, value, standardError }) => [name, { value, standardError: standardError ?? null }]));

/** @typedef {{fields: Record<string, string>, numbers: Record<string, string>, verdict: string, away: number}} Frame */

/**
 * Drags a handle by so many pixels. Gives what the reader saw in the frame of each move: fields, numbers in full, the verdict, and
 * how far the handle was behind the pointer across; and how far it is at the end.
 * @param {Page} page @param {string} figure @param {number} across @param {number} up @returns {Promise<{frames: Frame[], away: number}>}
 */
async function drag(page, figure, across, up) {
  const at = handle(page, figure);
  // A figure is drawn, and its handle placed, when it comes near the screen.
  await at.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  const from = await centre(at);
  await at.evaluate((one) => {
    const all = /** @type {any} */ (window);
    all.frames = [];
    all.watch?.abort();
    all.watch = new AbortController();
    addEventListener("pointermove", (event) => requestAnimationFrame(() => {
      const fields = [...document.querySelectorAll("[id^=param-]")].map((field) => [field.id.slice(6), /** @type {HTMLInputElement} */ (field).value]);
      const numbers = [...document.querySelectorAll("dd[data-name]")].map((row) =>
        [/** @type {HTMLElement} */ (row).dataset.name, /** @type {HTMLElement|null} */ (row.querySelector(".value"))?.dataset.full ?? ""]);
      const place = one.getBoundingClientRect();
      all.frames.push({ fields: Object.fromEntries(fields), numbers: Object.fromEntries(numbers), verdict: document.querySelector("h2.verdict")?.textContent,
        away: Math.abs(place.x + place.width / 2 - event.clientX) });
    }), { signal: all.watch.signal });
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step += 1) await page.mouse.move(from.x + across * step / 8, from.y - up * step / 8);
  await page.mouse.up();
  await drawn(page);
  // Figures beside the main one are drawn in the time that frames have left.
  await page.waitForTimeout(300);
  const to = await at.evaluate((one) => one.getBoundingClientRect().x + one.getBoundingClientRect().width / 2);
  return { frames: await page.evaluate(() => /** @type {any} */ (window).frames), away: Math.abs(to - from.x - across) };
}

/** Shards asked of workers from now on, by job, in the page's `asked`. @param {Page} page */
const count = (page) => page.addInitScript(() => {
  const all = /** @type {any} */ (window);
  all.asked = [];
  const send = Worker.prototype.postMessage;
  Worker.prototype.postMessage = /** @param {any} message @param {any} [rest] */ function postMessage(message, rest) {
    if (message.job) all.asked.push(`${message.job}#${message.shard}`);
    return send.call(this, message, rest);
  };
});
/** Those since the last call. @param {Page} page @returns {Promise<string[]>} */
const asked = (page) => page.evaluate(() => /** @type {any} */ (window).asked.splice(0));

test("numbers on the page are those of native Rust to the last bit", visit("#types", async ({ go }) => {
  for (const [link, wanted] of Object.entries(native)) {
    const result = await go(`#${link}`);
    assert.equal(result.lab, link.split("?")[0]);
    assert.deepEqual(kept(result), wanted, link);
  }
}, { wait: false }));

/** Mean over x ~ N(0, 1) by the trapezoidal rule. @param {(x: number) => number} f */
function normalMean(f) {
  let sum = 0;
  for (let x = -12; x <= 12; x += 1 / 64) sum += Math.exp(-x * x / 2) * f(x);
  return sum / 64 / Math.sqrt(2 * Math.PI);
}

// Without label noise y = kx, and the factor of a step at the origin is 1 + λ k x².
const multiplied = (/** @type {number} */ lr) => normalMean((x) => Math.log(1 + lr * x * x));

/** Lowest eigenvalue of [[φ², −kφ′], [−kφ′, 0]] for tanh, k = 1, and the noise along its direction. @param {number} b @param {number} noise */
function biased(b, noise) {
  const [value, slope] = [Math.tanh(b), 1 / Math.cosh(b) ** 2];
  const curvature = value ** 2 / 2 - Math.sqrt(value ** 4 / 4 + slope ** 2);
  const u = curvature ** 2 / (curvature ** 2 + slope ** 2);
  return { curvature, noise: u * value ** 2 * (1 + noise ** 2) };
}

test("types: both handles set λ and b, numbers follow in the same frame, one entry of history each", visit("#types?v=1&noise=0&replicas=4&steps=500", async ({ page, result }) => {
  await result();
  await asked(page);
  const entries = await page.evaluate(() => history.length);
  const { frames: moved } = await drag(page, "escape", 90, 5);
  assert.ok(moved.length >= 3);
  for (const { fields, numbers, away } of moved) {
    near(Number(numbers.exponent), multiplied(Number(fields.lr)), 1e-9, `Λ at λ = ${fields.lr}`);
    assert.ok(away < 3, `the handle is ${away} px behind`);
  }
  const lr = Number(await field(page, "lr"));
  assert.ok(lr > 0.12, `λ = ${lr}`);
  assert.equal(await hash(page), `#types?v=1&lr=${lr}&noise=0&replicas=4&steps=500`);
  assert.equal(await page.evaluate(() => history.length), entries + 1);
  assert.deepEqual(await asked(page), [], "no run depends on the point");

  const { frames: turned } = await drag(page, "bias", 60, 0);
  for (const { fields, numbers } of turned) {
    const wanted = biased(Number(fields.bias), 0);
    near(Number(numbers.curvature), wanted.curvature, 1e-12, `h at b = ${fields.bias}`);
    near(Number(numbers.noise), wanted.noise, 1e-12, `v at b = ${fields.bias}`);
  }
  assert.ok(Number(await field(page, "bias")) > 0.4);
  assert.ok((await result(), await asked(page)).length > 0, "another bias is another saddle: its runs are new");
  await page.goBack();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("param-bias")).value === "0.2");
  near(number(await result(), "noise"), biased(0.2, 0).noise, 1e-12, "v after Back");
  await page.goBack();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === "0.1");

  await handle(page, "bias").focus();
  await page.keyboard.press("Shift+ArrowLeft");
  const bias = Number(await field(page, "bias"));
  assert.ok(bias < 0.2, `b = ${bias}`);
  near(number(await result(), "curvature"), biased(bias, 0).curvature, 1e-12, "h after a key");
}, { prepare: count }));

/** Λ₊ of a mode of one-hot inputs, S = 1. @param {number} strength @param {number} lr @param {number} noise */
const modeExponent = (strength, lr, noise) => /** @type {import("./theory.mjs").Mean} */ (gaussian(-strength, noise, lr).average)(Math.log);

test("rank: the crosshair sets λ and σ, exponents and predicted rank follow in the same frame, the map is kept", visit("#rank?v=1&pixels=16&steps=300&replicas=2", async ({ page, result }) => {
  await result();
  await asked(page);
  const { frames } = await drag(page, "map", -60, -70);
  assert.ok(frames.length >= 3);
  /** @param {string} text @param {number} lr @param {number} noise */
  const check = (text, lr, noise) => {
    const found = text.split(",").map(Number);
    const wanted = [1, 0.7, 0.5, 0.3].map((strength) => modeExponent(strength, lr, noise));
    assert.equal(found.length, 4, text);
    wanted.forEach((exponent, mode) => near(found[mode], exponent, 1e-9, `Λ₊ of mode ${mode} at ${lr}, ${noise}`));
    return wanted.filter((exponent) => exponent > 0).length;
  };
  for (const { fields, numbers } of [frames[0], frames[frames.length - 1]]) {
    const positive = check(numbers.mode_exponents, Number(fields.lr), Number(fields.noise));
    assert.equal(Number(numbers.predicted_rank), positive);
  }
  const [lr, noise] = [Number(await field(page, "lr")), Number(await field(page, "noise"))];
  assert.ok(lr < 0.13 && noise < 2.5, `${lr}, ${noise}`);
  assert.equal(await hash(page), `#rank?v=1&lr=${lr}&noise=${noise}&steps=300&replicas=2&pixels=16`);
  await result();
  const jobs = new Set((await asked(page)).map((one) => one.split("#")[0]));
  assert.deepEqual([...jobs], ["singular-values"], "only the runs at the point are new");

  const before = Number(await field(page, "lr"));
  await drag(page, "exponents", 40, 0);
  assert.ok(Number(await field(page, "lr")) > before, "the figure of exponents has the same λ");
  assert.equal(Number(await field(page, "noise")), noise);
  await page.goBack();
  await page.waitForFunction((text) => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === text, String(lr));

  await handle(page, "map").focus();
  await page.keyboard.press("Shift+ArrowUp");
  near(Number(await field(page, "noise")) - noise, 0.2, 0.02, "σ by a key");
  await page.keyboard.press("Shift+ArrowUp");
  await page.locator("#param-strengths").fill("0.9, 0.2");
  await page.locator("#param-strengths").press("Enter");
  const two = await result();
  assert.equal(number(two, "mode_exponents").length, 2, "the list of strengths is edited");
  near(number(two, "mode_exponents")[0], modeExponent(0.9, lr, Number(two.params.noise)), 1e-9, "Λ₊(0.9)");
}, { prepare: count }));

test("landscape: the handles of both curves set λ; the numbers are those of a page opened there", visit("#landscape?v=1&steps=300&starts=20", async ({ page, result, go }) => {
  await result();
  await asked(page);
  for (const [figure, across] of /** @type {const} */ ([["ends", 50], ["exponent", -25]])) {
    const before = Number(await field(page, "lr"));
    const { frames, away } = await drag(page, figure, across, 0);
    assert.ok(frames.length >= 3 && away < 3, `the handle is ${away} px behind`);
    const seen = new Set(frames.map(({ numbers }) => numbers.exponent_plus));
    assert.ok(seen.size >= 3, "Λ₊ follows");
    const lr = Number(await field(page, "lr"));
    assert.ok(across > 0 ? lr > 1.2 * before : lr < 0.9 * before, `from ${before} to ${lr}`);
    const here = kept(await result());
    const others = (await asked(page)).filter((one) => !one.startsWith("paths#"));
    assert.deepEqual(others, [], "only the runs at the point are new");
    const link = await hash(page);
    await page.reload();
    assert.deepEqual(kept(await go(link)), here, link);
    await asked(page);
  }
  await handle(page, "exponent").focus();
  const before = Number(await field(page, "lr"));
  await page.keyboard.press("Shift+ArrowRight");
  assert.ok(Number(await field(page, "lr")) > before);
}, { prepare: count }));

/** Takes a few seconds. */
const LONG = "#network?v=1&rates=3&runs=3&epochs=40&x0=0.05&x1=0.5&lr=0.2";
const SWEEP = "#network?v=1&width=12&rates=3&runs=3&epochs=2&x0=0.05&x1=0.5&lr=0.2";

test("network: the point goes from rate to rate without work; its numbers follow; Back", visit(SWEEP, async ({ page, result }) => {
  const first = await result();
  await asked(page);
  near(number(first, "rate"), Math.sqrt(0.05 * 0.5), 1e-12, "the middle rate");
  const { frames } = await drag(page, "outcome", 250, 0);
  const last = frames[frames.length - 1];
  near(Number(last.numbers.rate), 0.5, 1e-12, "the highest rate");
  assert.notEqual(Number(last.numbers.training_loss), number(first, "training_loss"));
  const there = await result();
  assert.equal(number(there, "training_loss"), Number(last.numbers.training_loss));
  assert.deepEqual(await asked(page), [], "every rate has been trained already");
  await drag(page, "exponent", -700, 0);
  near(number(await result(), "rate"), 0.05, 1e-12, "the lowest rate, by the strip below");
  await page.goBack();
  await page.goBack();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === "0.2");
  assert.deepEqual(kept(await result()), native[SWEEP.slice(1)]);
  await handle(page, "rank").focus();
  for (let press = 0; press < 8; press += 1) await page.keyboard.press("Shift+ArrowLeft");
  near(number(await result(), "rate"), 0.05, 1e-12, "by keys on the figure of ranks");
}, { prepare: count }));

test("network: a sweep that is stopped goes on where it was, and ends as if it never had been", visit(LONG, async ({ page, result, go }) => {
  const work = page.locator(".work .count");
  await page.waitForFunction(() => Number(document.querySelector(".work progress")?.value) >= 20);
  await page.locator(".work button", { hasText: "Stop" }).click();
  await work.filter({ hasText: /^Stopped; \d+ of \d+ parts are there\.$/ }).waitFor();
  // What is under way ends; then nothing more is asked for.
  await page.waitForTimeout(700);
  const before = await asked(page);
  await page.waitForTimeout(700);
  assert.deepEqual(await asked(page), []);
  await page.locator("#run").click();
  const resumed = await result();
  const after = await asked(page);
  const again = after.filter((one) => before.includes(one));
  assert.ok(before.length >= 6 && after.length > 0 && again.length <= 2, `${again.length} of ${after.length} shards were computed again: ${again}`);
  const link = await hash(page);
  await page.reload();
  assert.deepEqual(kept(await go(link)), kept(resumed));
}, { wait: false, prepare: count }));

test("another parameter cancels the sweep under way", visit(LONG, async ({ page, result }) => {
  await page.waitForFunction(() => Number(document.querySelector(".work progress")?.value) >= 20);
  await page.locator("#param-epochs").fill("1");
  await page.locator("#param-epochs").press("Enter");
  await page.waitForTimeout(500);
  await asked(page);
  const found = await result();
  assert.equal(found.params.epochs, "1");
  const late = (await asked(page)).filter((one) => Number(one.split("#")[1]) > 2 && one.startsWith("run-"));
  assert.deepEqual(late, [], "one epoch has no fourth shard");
}, { wait: false, prepare: count }));

test("the count of parts keeps its total while one job after the other is finished", visit("#network?v=1", async ({ page }) => {
  await page.waitForFunction(() => "saddlescope" in window);
  const said = await page.evaluate(async () => {
    const seen = new Set();
    let done = false;
    /** @type {any} */ (window).saddlescope.result().then(() => { done = true; });
    while (!done) {
      const text = document.querySelector(".work.active .count")?.textContent;
      if (text) seen.add(text);
      await new Promise(requestAnimationFrame);
    }
    return [...seen];
  });
  const totals = new Set(said.map((text) => /^\d+ of (\d+) parts$/.exec(text)?.[1]));
  assert.ok(said.length > 5 && totals.size === 1, said.join(", "));
}, { wait: false }));

test("work of more than 20 s is estimated and waits for a click", visit("#network?v=1&depth=8&epochs=100&width=75", async ({ page }) => {
  const work = page.locator(".work .count");
  await work.filter({ hasText: /^About \d+ s of work; \d+ of \d+ parts are there\.$/ }).waitFor();
  const seconds = Number((await work.innerText()).match(/\d+/)?.[0]);
  assert.ok(seconds > 20, `${seconds} s`);
  await page.waitForTimeout(500);
  assert.deepEqual((await asked(page)).filter((one) => one.startsWith("run-")), []);
  await page.locator("#run").click();
  await work.filter({ hasText: /^[1-9]\d* of \d+ parts$/ }).waitFor();
  await page.locator(".work button", { hasText: "Stop" }).click();
  await work.filter({ hasText: /^Stopped; / }).waitFor();
}, { wait: false, prepare: count }));

test("a bad link of each lab warns, says what is used instead, and works", visit("#types", async ({ page, go }) => {
  for (const [link, said, key, used] of /** @type {const} */ ([
    ["#types?v=1&bias=-1&replicas=2&steps=50", /^bias: “-1” is not a number from 0 to 3; 0\.2 is used instead\.$/, "bias", "0.2"],
    ["#rank?v=1&strengths=1,2,3,4,5,6,7,8,9&pixels=16&steps=50&replicas=1", /strengths: .*9 .*at most 8/, "strengths", "1,0.7,0.5,0.3"],
    ["#rank?v=1&width=0&pixels=16&steps=50&replicas=1", /width: “0” .*1 to 16/, "width", "4"],
    ["#landscape?v=1&x0=5&x1=0.1&steps=50&starts=10", /x0, x1: .*from 5 to 0\.1/, "x0", ""],
    ["#network?v=1&depth=9&width=4&rates=2&runs=1&epochs=1", /depth: “9” .*2 to 8/, "depth", "2"],
    ["#network?v=1&x0=3&x1=1&width=4&rates=2&runs=1&epochs=1", /x0, x1: .*from 3 to 1.*0\.003 to 3/, "x1", ""],
  ])) {
    const result = await go(link);
    const problems = page.locator(".problems li");
    assert.equal(await problems.count(), 1, link);
    assert.match(await problems.innerText(), said);
    assert.equal(result.params[key], used, link);
    assert.ok(result.verdict.text.length > 20 && result.values.some(({ value }) => value !== null), link);
  }
}, { wait: false }));

const DIVERGED = "43,43,43";

test("divergence is drawn and named, on the map and in the sweep", visit("#rank?v=1&pixels=16&steps=2000&replicas=2&lr=0.33&noise=3.8", async ({ page, result, go }) => {
  const map = await result();
  assert.equal(map.verdict.code, "diverged");
  assert.match(await page.locator("h2.verdict").innerText(), /^Diverges/);
  await drawn(page);
  const shares = await colours(page, "[data-figure=map] canvas");
  assert.ok(shares[DIVERGED] > 0.03, `${shares[DIVERGED]} of the picture`);
  assert.match(await page.locator("#alt-map").innerText(), /At \d+ of 256 pixels some run diverges/);

  const sweep = await go("#network?v=1&activation=linear&loss=squared&decay=0&width=8&rates=4&runs=2&epochs=1&x0=5&x1=50&lr=20");
  assert.deepEqual([sweep.verdict.code, number(sweep, "training_loss"), number(sweep, "diverged")], ["diverges", "inf", 2]);
  assert.equal(await page.locator("h2.verdict").innerText(), "Diverges");
  assert.equal(await page.locator("dd[data-name=training_loss] .value").innerText(), "diverged");
  assert.match(sweep.verdict.text, /most runs diverged; 2 of 2 runs diverged/);
  assert.doesNotMatch(await page.locator("body").innerText(), /NaN/);
}));

test("what has no exponent says why, and is trained all the same", visit("#network?v=1&depth=4&width=8&rates=2&runs=1&epochs=1&lr=0.1", async ({ page, result, go }) => {
  for (const [link, why, measured] of /** @type {const} */ ([
    ["", /Hessian at 0 vanishes/, "training_loss"],
    ["#network?v=1&activation=relu&width=8&rates=2&runs=1&epochs=1", /ReLU has a kink at 0/, "training_loss"],
    ["#rank?v=1&layers=3&init=0.3&pixels=16&steps=200&replicas=1&noise=0.2&lr=0.05", /Hessian at 0 vanishes/, "measured_rank"],
    ["#landscape?v=1&activation=relu&steps=200&starts=10", /slope jumps/, "x"],
  ])) {
    const found = link ? await go(link) : await result();
    assert.match(found.verdict.text, why);
    for (const name of ["exponent", "exponent_plus", "predicted_rank"]) assert.equal(number(found, name) ?? null, null, name);
    if (measured !== "x") assert.equal(typeof number(found, measured), "number", link);
  }
  await go("#network?v=1&depth=2");
  assert.equal(await page.locator(".row[data-key=residual]").isVisible(), false, "residual connections begin at depth 3");
}));
