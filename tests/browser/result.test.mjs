// `window.saddlescope.result()`: the documented shape, and the numbers of theory for one link of each kind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { number, printed, visits } from "./visit.mjs";

const visit = visits();
const reference = JSON.parse(readFileSync(new URL("../reference/exponents.json", import.meta.url), "utf8"));

/** Atoms of the mean of `batch` draws of {1, a} with probabilities {1 − q, q}. */
function batchMean(/** @type {number} */ a, /** @type {number} */ q, /** @type {number} */ batch) {
  const atoms = [];
  let ways = 1;
  for (let k = 0; k <= batch; k += 1) {
    atoms.push({ z: (batch - k + k * a) / batch, p: ways * q ** k * (1 - q) ** (batch - k) });
    ways *= (batch - k) / (k + 1);
  }
  return atoms;
}

/** What theory.md says of a discrete law, direction of curvature +z. */
function expected(/** @type {{z: number, p: number}[]} */ atoms, /** @type {number} */ lr, decay = 0) {
  const mean = (/** @type {(z: number) => number} */ f) => atoms.reduce((sum, { z, p }) => sum + p * f(z), 0);
  const offset = 1 - lr * decay;
  const swap = mean((z) => z) < 0 ? -1 : 1;
  const plus = mean((z) => Math.log(Math.abs(offset + swap * lr * z)));
  const minus = mean((z) => Math.log(Math.abs(offset - swap * lr * z)));
  const second = mean((z) => (offset - swap * lr * z) ** 2);
  const escapes = mean((z) => z) === 0 && plus > 0 !== minus > 0;
  const code = escapes ? "escapes" : plus > 0 ? (minus > 0 ? "IV" : second >= 1 ? "Ia" : "Ib") : minus > 0 ? "II" : "III";
  return {
    code,
    exponent_plus: plus,
    exponent_minus: minus,
    second_moment: second,
    exponent: mean((z) => Math.log(Math.abs(offset - lr * z))),
    log_moment_1: Math.log(mean((z) => Math.abs(offset - lr * z))),
    log_moment_2: Math.log(mean((z) => (offset - lr * z) ** 2)),
  };
}

/** @param {import("./visit.mjs").Result} result @param {Record<string, any>} wanted @param {number} accuracy */
function holds(result, { code, ...wanted }, accuracy) {
  for (const [name, value] of Object.entries(wanted)) {
    const found = number(result, name);
    assert.ok(Math.abs(found - value) <= accuracy * Math.max(1, Math.abs(value)), `${name}: ${found}, expected ${value}`);
  }
  if (code) assert.equal(result.verdict.code, code);
}

const DISCRETE = /** @type {const} */ ([
  ["", batchMean(-0.9, 0.5, 1), 0.8, 0],
  ["#phases?v=1&lr=1.9&a=-0.5", batchMean(-0.5, 0.5, 1), 1.9, 0],
  ["#phases?v=1&batch=4&a=-0.8", batchMean(-0.8, 0.5, 4), 0.8, 0],
  ["#phases?v=1&a=-1&q=0.4&y=q", batchMean(-1, 0.4, 1), 0.8, 0],
  ["#phases?v=1&a=-3&q=0.25&lr=0.9", batchMean(-3, 0.25, 1), 0.9, 0],
  ["#phases?v=1&x=decay&y=a&decay=0.2&a=-1.2", batchMean(-1.2, 0.5, 1), 0.8, 0.2],
  ["#phases?v=1&law=discrete&values=2,-1,0.25&probs=0.2,0.5,0.3&lr=0.9",
    [{ z: 2, p: 0.2 }, { z: -1, p: 0.5 }, { z: 0.25, p: 0.3 }], 0.9, 0],
]);

test("closed forms of discrete laws, of batches of them, with weight decay, with flipped labels", visit("", async ({ go }) => {
  for (const [link, atoms, lr, decay] of DISCRETE) holds(await go(link), expected([...atoms], lr, decay), 1e-12);
}));

test("the Gaussian reference: N(−0.2, 1), the other sign as well", visit("#phases?v=1&law=gaussian&mean=-0.2&std=1&lr=0.5", async ({ result, go }) => {
  const { lyapunov } = reference.gaussian.find((/** @type {any} */ one) => one.mean === -0.2 && one.batch === 1 && one.lr === 0.5);
  const plus = await result();
  // E z < 0: the names swap, so that +z is the correct direction.
  holds(plus, { exponent: lyapunov, exponent_plus: lyapunov }, 1e-11);
  const roots = reference.critical_lr.find((/** @type {any} */ one) => one.mean === -0.2).roots;
  number(plus, "critical_rates").forEach((/** @type {number} */ rate, /** @type {number} */ at) => assert.ok(Math.abs(rate - roots[at]) < 1e-9, `${rate}`));
  assert.equal(number(plus, "critical_rates").length, roots.length);
  const minus = await go("#phases?v=1&law=gaussian&mean=0.2&std=1&lr=0.5&sign=minus");
  holds(minus, { exponent: lyapunov, exponent_plus: lyapunov }, 1e-11);
}));

test("the references of the linear teacher", visit("", async ({ go }) => {
  // Without noise, with it, and a batch of 8; the other four are tested in Rust.
  for (const { slope, noise, batch, lr, lyapunov_plus, lyapunov_minus } of [0, 2, 4].map((at) => reference.linear_teacher[at])) {
    const result = await go(`#phases?v=1&law=teacher&slope=${slope}&noise=${noise}&batch=${batch}&lr=${lr}`);
    holds(result, { exponent_plus: lyapunov_plus, exponent_minus: lyapunov_minus }, 1e-9);
  }
}));

test("the uniform law has its antiderivative", visit("#phases?v=1&law=uniform&low=-1&high=1.4&lr=0.7", async ({ result }) => {
  const integral = (/** @type {number} */ x) => x * Math.log(Math.abs(x)) - x;
  const mean = (/** @type {number} */ slope) => (integral(1 + slope * 1.4) - integral(1 - slope)) / (slope * 2.4);
  holds(await result(), { exponent_plus: mean(0.7), exponent_minus: mean(-0.7) }, 1e-11);
}));

test("every number has the documented fields; infinite ones are words, missing ones null", visit("", async ({ result, go, page }) => {
  const first = await result();
  assert.deepEqual(Object.keys(first), ["lab", "version", "params", "values", "verdict"]);
  assert.deepEqual([first.lab, first.params.lr, first.params.law], ["phases", "0.8", "two-point"]);
  assert.match(first.version, /^\d+\.\d+\.\d+$/);
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).saddlescope.version), first.version);
  assert.deepEqual(first.values.map(({ name }) => name), ["exponent_plus", "exponent_minus", "second_moment", "exponent",
    "log_moment_1", "log_moment_2", "tail_exponent", "critical_rates", "runs_to_see_mean", "escape_time", "escape_time_bounds"]);
  for (const value of first.values) {
    assert.deepEqual(Object.keys(value), ["name", "symbol", "value", "standardError", "exact", "method"]);
    assert.ok(value.symbol && value.method, value.name);
    const simulated = value.name === "escape_time";
    assert.equal(value.standardError === null, !simulated, `${value.name}: an error where it is simulated, and only there`);
    assert.equal(value.exact, !simulated, value.name);
  }
  assert.equal(await printed(page, "exponent_plus"), "−0.3426");

  const exactly = await go("#phases?v=1&law=discrete&values=1,2&probs=0.5,0.5&lr=1&sign=plus");
  assert.equal(number(exactly, "exponent"), "-inf");
  assert.equal(number(exactly, "tail_exponent"), "inf");
  assert.deepEqual(number(exactly, "critical_rates"), [1.5]);
  assert.match(await printed(page, "exponent"), /−∞/);

  const growing = await go("#phases?v=1&a=1&sign=minus");
  assert.deepEqual(number(growing, "critical_rates"), []);
  assert.equal(number(growing, "tail_exponent"), null);
  assert.equal(await printed(page, "critical_rates"), "none from 0.001 to 100");
}));

test("a result that is not finished is refused, in a sentence, when the state changes", visit("#phases?v=1&layer=exit&steps=6000", async ({ page, result }) => {
  await page.waitForFunction(() => "saddlescope" in window);
  await page.evaluate(() => {
    const all = /** @type {any} */ (window);
    all.answer = all.saddlescope.result().then(() => "finished", (/** @type {Error} */ error) => error.message);
  });
  assert.equal(await page.evaluate(() => Promise.race([/** @type {any} */ (window).answer, Promise.resolve("pending")])), "pending");
  await page.locator("#param-lr").fill("0.5");
  await page.locator("#param-lr").press("Enter");
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).answer), "Superseded: the page now shows #phases?v=1&layer=exit&lr=0.5&steps=6000.");
  await page.locator("#param-layer").selectOption("exact");
  assert.equal((await result()).params.lr, "0.5");
}, { wait: false }));
