// The lab `stability` on the page: the curve under the reader's hand, presets, and `result()` for ten links of each law.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { discrete, gaussian, uniform } from "./theory.mjs";
import { centre, drawn, field, number, printed, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Result} Result */

const visit = visits();
const reference = JSON.parse(readFileSync(new URL("../reference/exponents.json", import.meta.url), "utf8"));
const saddle = (/** @type {number} */ lr) => Math.log(Math.abs((1 - lr) * (1 + 1.2 * lr))) / 2;

/** @param {number} found @param {number} wanted @param {number} accuracy @param {string} what */
const near = (found, wanted, accuracy, what) =>
  assert.ok(Math.abs(found - wanted) <= accuracy * Math.max(1, Math.abs(wanted)), `${what}: ${found}, expected ${wanted}`);

test("dragging on Λ(λ) sets λ: the numbers in the same frame, the point on the curve, one entry of history", visit("#stability", async ({ page, result }) => {
  const handle = page.locator(".stage .handle");
  const from = await centre(handle);
  const before = await page.evaluate(() => history.length);
  await page.evaluate(() => {
    const all = /** @type {any} */ (window);
    all.frames = [];
    addEventListener("pointermove", (event) => requestAnimationFrame(() => {
      const place = /** @type {HTMLElement} */ (document.querySelector(".stage .handle")).getBoundingClientRect();
      const full = (/** @type {string} */ name) => Number(/** @type {HTMLElement} */ (document.querySelector(`dd[data-name=${name}] .value`)).dataset.full);
      all.frames.push({
        lr: Number(/** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value), exponent: full("exponent"), growth: full("log_moment_1"),
        verdict: document.querySelector("h2.verdict")?.textContent, away: Math.abs(place.x + place.width / 2 - event.clientX),
      });
    }));
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= 12; step += 1) await page.mouse.move(from.x - 13 * step, from.y - 3 * step);
  await page.mouse.up();
  await drawn(page);
  const frames = await page.evaluate(() => /** @type {any} */ (window).frames);
  assert.ok(frames.length >= 3);
  for (const { lr, exponent, growth, verdict, away } of frames) {
    near(exponent, saddle(lr), 1e-12, `Λ at ${lr}`);
    near(growth, Math.log((Math.abs(1 - lr) + 1 + 1.2 * lr) / 2), 1e-12, `g(1) at ${lr}`);
    assert.equal(verdict, saddle(lr) < 0 ? "The saddle attracts" : "The saddle repels");
    assert.ok(away < 3, `the handle is ${away} px behind the pointer`);
  }
  const lr = Number(await field(page, "lr"));
  assert.ok(lr < 0.2, `λ ${lr}`);
  assert.equal(await page.evaluate(() => location.hash), `#stability?v=1&lr=${lr}`, "nothing but λ was set");
  assert.equal(await page.evaluate(() => history.length), before + 1);
  const { values } = await result();
  near(values.find((one) => one.name === "exponent")?.value, saddle(lr), 1e-12, "Λ");
  await page.goBack();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === "0.5");
}));

test("dragging in the strip and over batch sizes sets λ and S", visit("#stability", async ({ page }) => {
  const pull = async (/** @type {string} */ panel, /** @type {number} */ across) => {
    const at = await centre(page.locator(`${panel} .handle`).first());
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + across, at.y, { steps: 4 });
    await page.mouse.up();
    await drawn(page);
  };
  await pull(".panel.strip", 80);
  assert.ok(Number(await field(page, "lr")) > 0.6);
  await pull('.panel[aria-label^="Λ at λ"]', 60);
  assert.ok(Number(await field(page, "batch")) > 2);
}));

test("every preset has the numbers that theory gives it", visit("#stability", async ({ page, result }) => {
  // Closed forms; the Gaussian means and the root of 0.9 ln|1 − 0.1 λ| + 0.1 ln|1 − 3 λ| by SciPy.
  const wanted = {
    "attractive-saddle": { verdict: "The saddle attracts", exponent: Math.log(0.8) / 2, rates: [1 / 6, (0.2 + Math.sqrt(9.64)) / 2.4] },
    "gaussian-saddle": { verdict: "The saddle attracts", exponent: -0.050459165919, rates: [0.349157183711, 1.205751913383] },
    "batch-closes": { verdict: "The saddle repels", rates: [] },
    minimum: { verdict: "The minimum attracts", exponent: 0.9 * Math.log(0.88) + 0.1 * Math.log(2.6), rates: [16.496877576154], l2_limit: 0.78 / 0.909, gd_limit: 2 / 0.39 },
    lands: { verdict: "The minimum attracts", exponent: "-inf", rates: [1.5] },
  };
  const choice = page.locator(".presets select");
  const offered = await choice.locator("option").evaluateAll((all) => all.map((one) => /** @type {HTMLOptionElement} */ (one).value).filter(Boolean));
  assert.deepEqual(offered.toSorted(), Object.keys(wanted).toSorted());
  /** @type {Set<string>} */
  const sentences = new Set();
  for (const [id, { verdict, exponent, rates, ...limits }] of Object.entries(wanted)) {
    await choice.selectOption(id);
    const found = await result();
    await drawn(page);
    assert.equal(await page.locator("h2.verdict").innerText(), verdict, id);
    if (typeof exponent === "number") near(number(found, "exponent"), exponent, 1e-9, id);
    else if (exponent) assert.equal(number(found, "exponent"), exponent);
    assert.equal(number(found, "critical_rates").length, rates.length, id);
    rates.forEach((rate, at) => near(number(found, "critical_rates")[at], rate, 1e-9, `${id}, λ_c`));
    for (const [name, value] of Object.entries(limits)) near(number(found, name), value, 1e-12, `${id}, ${name}`);
    sentences.add(await page.locator(".sentence").innerText());
  }
  assert.equal(sentences.size, offered.length);
  assert.equal(await printed(page, "critical_rates"), "1.5000");
}));

/** What holds for every law, from E h and Var ĥ alone. @param {Result} result @param {{mean: number, variance: number}} law @param {number} lr @param {number} decay */
function moments(result, { mean, variance }, lr, decay, accuracy = 1e-11) {
  const [rate, square] = [decay + mean, (decay + mean) ** 2 + variance];
  near(number(result, "curvature_mean"), mean, accuracy, "E h");
  near(number(result, "curvature_square"), mean ** 2 + variance, accuracy, "E ĥ²");
  near(number(result, "log_moment_2"), Math.log((1 - lr * rate) ** 2 + lr ** 2 * variance), 10 * accuracy, "g(2)");
  const limit = (/** @type {string} */ name, /** @type {number|null} */ wanted) => {
    if (wanted === null) assert.equal(number(result, name), null, name);
    else near(number(result, name), wanted, accuracy, name);
  };
  limit("small_rate", rate < 0 ? -2 * rate / square : null);
  limit("l2_limit", rate > 0 ? 2 * rate / square : null);
  limit("gd_limit", rate > 0 ? 2 / rate : null);
}

/** Λ, g(1), the roots and p* against sums over the law. @param {Result} result @param {(lr: number) => import("./theory.mjs").Theory} at @param {number} lr @param {number} accuracy */
function averages(result, at, lr, accuracy) {
  const mean = /** @type {import("./theory.mjs").Mean} */ (at(lr).average);
  const exponent = mean(Math.log);
  if (exponent === -Infinity) assert.equal(number(result, "exponent"), "-inf");
  else near(number(result, "exponent"), exponent, accuracy, "Λ");
  near(number(result, "log_moment_1"), Math.log(mean((size) => size)), accuracy, "g(1)");
  assert.equal(result.verdict.code, exponent < 0 ? "attractive" : "repulsive");
  const tail = number(result, "tail_exponent");
  if (typeof tail === "number") near(mean((size) => size ** tail), 1, 1e-7, `E|X|^p* for p* = ${tail}`);
  const rates = number(result, "critical_rates") ?? [];
  // A window too narrow for doubles is listed as its pole, where Λ = −∞.
  const values = rates.map((/** @type {number} */ rate) => /** @type {import("./theory.mjs").Mean} */ (at(rate).average)(Math.log));
  const roots = values.filter((/** @type {number} */ value) => value !== -Infinity);
  roots.forEach((/** @type {number} */ value, /** @type {number} */ index) => near(value, 0, 1e-7, `Λ(${rates[index]})`));
  return roots.length;
}

test("result() for ten links of a two-point law", visit("#stability", async ({ go }) => {
  let roots = 0;
  for (const [a, q, lr, batch, decay] of [[-1.2, 0.5, 0.3, 1, 0], [-1.2, 0.5, 1.3, 1, 0], [-2, 0.4, 0.6, 2, 0], [0.5, 0.7, 2.5, 1, 0], [-0.4, 0.9, 0.2, 1, 0.3],
    [3, 0.1, 0.9, 4, 0], [-1.5, 0.5, 0.8, 8, 0], [-5, 0.2, 0.45, 1, 0.05], [-1.1, 0.6, 7, 3, 0], [12, 0.02, 0.3, 16, 0]]) {
    const at = (/** @type {number} */ rate) => discrete([1, a], [1 - q, q], rate, batch, decay);
    const result = await go(`#stability?v=1&a=${a}&q=${q}&lr=${lr}&batch=${batch}&decay=${decay}`);
    moments(result, at(lr), lr, decay);
    roots += averages(result, at, lr, 1e-11);
  }
  assert.ok(roots >= 15, `${roots} roots`);
}));

test("result() for ten links of any list of values", visit("#stability", async ({ go }) => {
  let roots = 0;
  for (const [values, probs, lr, batch, decay] of /** @type {[number[], number[], number, number, number][]} */ ([
    [[1, 0.2, -1.2], [0.4, 0.2, 0.4], 0.7, 1, 0], [[0.1, 3], [0.9, 0.1], 1.2, 1, 0], [[2, -1, 0.3], [0.3, 0.4, 0.3], 0.5, 2, 0],
    [[-0.5, -0.25, 1.5], [0.5, 0.3, 0.2], 0.9, 1, 0.1], [[1, 2, 3, 4], [0.25, 0.25, 0.25, 0.25], 0.6, 1, 0], [[-3, 1], [0.25, 0.75], 0.4, 5, 0],
    [[0.7, -0.7, 0.1, -0.2], [0.3, 0.3, 0.2, 0.2], 2.3, 1, 0], [[5, -1], [0.1, 0.9], 0.3, 1, 0], [[1, 0.5, 0.25, -2], [0.4, 0.2, 0.2, 0.2], 0.35, 3, 0], [[-1.3, 0.9], [0.5, 0.5], 11, 2, 0.02]])) {
    const at = (/** @type {number} */ rate) => discrete(values, probs, rate, batch, decay);
    const result = await go(`#stability?v=1&law=discrete&values=${values}&probs=${probs}&lr=${lr}&batch=${batch}&decay=${decay}`);
    moments(result, at(lr), lr, decay);
    roots += averages(result, at, lr, 1e-11);
  }
  assert.ok(roots >= 15, `${roots} roots`);
}));

test("result() for ten links of a Gaussian law", visit("#stability", async ({ go }) => {
  let roots = 0;
  for (const [mean, std, lr, batch, decay] of [[-0.2, 1, 0.5, 1, 0], [-0.2, 1, 0.5, 2, 0], [-0.2, 1, 1, 3, 0], [0.3, 2, 0.5, 1, 0], [0.5, 0.7, 3, 1, 0],
    [-0.1, 0.6, 1.1, 1, 0], [1, 0.4, 0.8, 4, 0], [-0.4, 1.5, 0.6, 1, 0.1], [0.05, 3, 0.2, 2, 0.2], [0.2, 1, 9, 7, 0]]) {
    const at = (/** @type {number} */ rate) => gaussian(mean, std, rate, batch, decay);
    const result = await go(`#stability?v=1&law=gaussian&mean=${mean}&std=${std}&lr=${lr}&batch=${batch}&decay=${decay}`);
    moments(result, at(lr), lr, decay);
    roots += averages(result, at, lr, 1e-9);
  }
  assert.ok(roots >= 8, `${roots} roots`);
}));

test("result() for ten links of a uniform law", visit("#stability", async ({ go }) => {
  let roots = 0;
  for (const [low, high, lr, decay] of [[-1.4, 1, 0.5, 0], [-1.4, 1, 1.2, 0], [-1, 2, 0.6, 0], [0.2, 0.9, 1.7, 0], [-3, 2.5, 0.4, 0],
    [-0.3, 0.1, 5, 0], [-2, 1.9, 0.9, 0.1], [0, 4, 0.7, 0], [-6, 5, 0.2, 0.3], [-0.5, 0.4, 3, 0]]) {
    const law = uniform(low, high, lr, decay);
    const result = await go(`#stability?v=1&law=uniform&low=${low}&high=${high}&lr=${lr}&decay=${decay}`);
    moments(result, law, lr, decay);
    near(number(result, "exponent"), law.exponent, 1e-11, "Λ");
    near(number(result, "log_moment_1"), Math.log(law.moment(1)), 1e-9, "g(1)");
    const tail = number(result, "tail_exponent");
    if (typeof tail === "number") near(law.moment(tail), 1, 1e-7, "E|X|^p*");
    for (const rate of number(result, "critical_rates")) {
      near(uniform(low, high, rate, decay).exponent, 0, 1e-9, `Λ(${rate})`);
      roots += 1;
    }
  }
  assert.ok(roots >= 8, `${roots} roots`);
}));

test("result() for ten links of a linear teacher: the references, and the same with other units of z", visit("#stability", async ({ go }) => {
  const cases = reference.linear_teacher.slice(0, 7).flatMap((/** @type {any} */ one) => [{ ...one, unit: 1 }, { ...one, unit: 2.5 }]).slice(0, 12);
  assert.ok(cases.length >= 10);
  for (const { slope, noise, batch, lr, lyapunov_plus, lyapunov_minus, unit } of cases) {
    // λz is what counts: z in other units, λ in their inverse.
    for (const [sign, wanted] of [["minus", lyapunov_plus], ["plus", lyapunov_minus]]) {
      const result = await go(`#stability?v=1&law=teacher&slope=${slope * unit}&noise=${noise * unit}&lr=${lr / unit}&batch=${batch}&sign=${sign}`);
      near(number(result, "exponent"), wanted, 1e-9, `${slope}, ${noise}, ${batch}, ${sign}`);
      const mean = (sign === "plus" ? 1 : -1) * slope * unit;
      moments(result, { mean, variance: unit ** 2 * (2 * slope ** 2 + noise ** 2) / batch }, lr / unit, 0, 1e-9);
    }
  }
}));
