// Every sample file dropped into the labs that take it: what `result()` says against numbers worked out here by other means.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drop, growth, npy, read, row } from "./own-files.mjs";
import { number, visits } from "./visit.mjs";

const visit = visits();
const text = (/** @type {string} */ name) => readFileSync(new URL(`../../www/examples/${name}`, import.meta.url), "utf8");

/** @typedef {number[][]} Matrix */

/** x xᵀ. @param {number[]} x @returns {Matrix} */
const outer = (x) => x.map((a) => x.map((b) => a * b));

/** The Hessians of each file, read by this test alone. @type {Record<string, Matrix[]>} */
const HESSIANS = {
  "hessians.json": JSON.parse(text("hessians.json")),
  "inputs.csv": text("inputs.csv").trim().split("\n").slice(1).map((line) => outer(line.split(",").map(Number))),
  // The first axis fastest: 50 × 4 × 4.
  "hessians.npy": (() => {
    const all = npy("hessians.npy");
    return Array.from({ length: 50 }, (_, n) => Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => all[n + 50 * (i + 4 * j)])));
  })(),
};

/** 1 − λH. @param {Matrix} h @param {number} rate */
const step = (h, rate) => h.map((line, i) => line.map((x, j) => (i === j ? 1 : 0) - rate * x));
/** @param {Matrix} a @param {Matrix} b */
const times = (a, b) => a.map((line) => b[0].map((_, j) => line.reduce((sum, x, k) => sum + x * b[k][j], 0)));
/** @param {Matrix} a */
const transposed = (a) => a[0].map((_, j) => a.map((line) => line[j]));

/** Orthonormal columns in place of those of `a`; adds the logarithms of their lengths. @param {Matrix} a @param {number[]} logs */
function orthonormal(a, logs) {
  const columns = transposed(a);
  columns.forEach((column, i) => {
    for (const other of columns.slice(0, i)) {
      const dot = column.reduce((sum, x, k) => sum + x * other[k], 0);
      column.forEach((_, k) => { column[k] -= dot * other[k]; });
    }
    const length = Math.hypot(...column);
    logs[i] += Math.log(length);
    column.forEach((_, k) => { column[k] /= length; });
  });
  return transposed(columns);
}

/** Exponents with standard errors, from a product of 200 × 1,000 steps drawn by a generator of this test's own. @param {Matrix[]} steps */
function exponents(steps) {
  let seed = 12345;
  const draw = () => {
    seed = Math.imul(seed ^ (seed >>> 15), 2246822519) + 374761393 | 0;
    let x = Math.imul(seed ^ (seed >>> 13), 3266489917);
    x ^= x >>> 16;
    return (x >>> 0) / 4294967296;
  };
  const d = steps[0].length;
  // A frame that no axis of the matrices knows.
  let frame = orthonormal(Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => Math.sin(3 * i + 7 * j + 1 + i * j))), Array(d).fill(0));
  const batches = Array.from({ length: 201 }, () => {
    const logs = Array(d).fill(0);
    for (let t = 0; t < 1000; t += 1) frame = orthonormal(times(steps[Math.floor(draw() * steps.length)], frame), logs);
    return logs.map((log) => log / 1000);
  }).slice(1);
  return Array.from({ length: d }, (_, i) => {
    const mean = batches.reduce((sum, batch) => sum + batch[i], 0) / batches.length;
    const squares = batches.reduce((sum, batch) => sum + (batch[i] - mean) ** 2, 0);
    return { mean, error: Math.sqrt(squares / batches.length / (batches.length - 1)) };
  });
}

/** Growth of E[M P Mᵀ] from P = 1, per step. @param {Matrix[]} steps */
function squareRadius(steps) {
  let p = steps[0].map((line, i) => line.map((_, j) => (i === j ? 1 : 0)));
  let trace = 1;
  for (let t = 0; t < 800; t += 1) {
    const sum = p.map((line) => line.map(() => 0));
    for (const m of steps) times(times(m, p), transposed(m)).forEach((line, i) => line.forEach((x, j) => { sum[i][j] += x / steps.length; }));
    trace = sum.reduce((all, line, i) => all + line[i], 0);
    p = sum.map((line) => line.map((x) => x / trace));
  }
  return trace;
}

/** log|det|, by elimination. @param {Matrix} matrix */
function logDeterminant(matrix) {
  const a = matrix.map((line) => [...line]);
  let log = 0;
  for (let k = 0; k < a.length; k += 1) {
    const pivot = a.reduce((best, line, i) => (i >= k && Math.abs(line[k]) > Math.abs(a[best][k]) ? i : best), k);
    [a[k], a[pivot]] = [a[pivot], a[k]];
    log += Math.log(Math.abs(a[k][k]));
    for (let i = k + 1; i < a.length; i += 1) {
      const part = a[i][k] / a[k][k];
      a[i] = a[i].map((x, j) => x - part * a[k][j]);
    }
  }
  return log;
}

for (const [name, rate, meaning] of /** @type {[string, number, string][]} */ ([["hessians.json", 0.4, ""], ["inputs.csv", 0.3, "vectors"], ["hessians.npy", 0.25, ""]])) {
  test(`${name} in the lab spectrum`, visit(`#spectrum?v=1&law=data&lr=${rate}`, async ({ page, result }) => {
    await drop(page, name, readFileSync(new URL(`../../www/examples/${name}`, import.meta.url)));
    if (meaning) await page.locator(`[data-meaning="${meaning}"]`).click();
    await read(page, /read as/);
    const found = await result();
    const hessians = HESSIANS[name];
    const steps = hessians.map((h) => step(h, rate));
    exponents(steps).forEach(({ mean, error }, i) => {
      const { value, standardError, exact } = row(found, `spectrum_${i + 1}`);
      assert.ok(!exact && standardError > 0 && standardError < 0.02, `${standardError}`);
      const room = 4 * Math.hypot(error, standardError);
      assert.ok(Math.abs(value - mean) < room, `Λ_${i + 1}: ${value} ± ${standardError} here, ${mean} ± ${error} in this test`);
    });
    assert.equal(row(found, `spectrum_${hessians[0].length + 1}`), undefined);
    const determinant = steps.reduce((sum, m) => sum + logDeterminant(m), 0) / steps.length;
    assert.ok(Math.abs(number(found, "log_determinant") - determinant) < 1e-10 && row(found, "log_determinant").exact);
    assert.ok(Math.abs(number(found, "exponent_sum") - determinant) < 4 * /** @type {number} */ (row(found, "exponent_sum").standardError));
    const radius = squareRadius(steps);
    assert.ok(Math.abs(number(found, "mean_square_radius") - radius) < 1e-8 * radius, `radius ${radius}`);
    let [low, high] = [1e-3, 4];
    for (let halving = 0; halving < 30; halving += 1) {
      const middle = (low + high) / 2;
      if (squareRadius(hessians.map((h) => step(h, middle))) < 1) low = middle;
      else high = middle;
    }
    const limit = number(found, "mean_square_limit");
    assert.ok(Math.abs(limit - low) < 1e-6 * limit, `limit ${limit} here, ${low} in this test`);
  }));
}

const CURVATURES = JSON.parse(text("curvatures.json"));
for (const name of ["curvatures.csv", "curvatures.tsv", "curvatures.json", "curvatures.npy"]) {
  for (const lab of ["stability", "phases"]) {
    test(`${name} in the lab ${lab}`, visit(`#${lab}?v=1&law=data&lr=0.5`, async ({ page, result }) => {
      await drop(page, name, readFileSync(new URL(`../../www/examples/${name}`, import.meta.url)));
      if (name.endsWith("tsv")) await page.locator('[data-meaning="column-2"]').click();
      await read(page, /read as/);
      const h = name.endsWith("npy") ? npy(name) : CURVATURES;
      const plus = growth(h, 0.5);
      const minus = growth(h, -0.5);
      if (lab === "phases") {
        const found = await result();
        assert.ok(Math.abs(number(found, "exponent") - plus.mean) < 1e-9);
        // The mean is negative, so that the correct direction is u = −w.
        assert.ok(h.reduce((/** @type {number} */ sum, /** @type {number} */ x) => sum + x, 0) < 0);
        assert.ok(Math.abs(number(found, "exponent_plus") - plus.mean) < 1e-9, `${number(found, "exponent_plus")} ${plus.mean}`);
        assert.ok(Math.abs(number(found, "exponent_minus") - minus.mean) < 1e-9);
        return;
      }
      await result();
      await page.getByRole("button", { name: "Prove the sign of Λ" }).click();
      await page.locator(".demand .count", { hasText: /^Done in/ }).waitFor();
      const proved = row(await result(), "certificate");
      assert.equal(proved.value, Math.sign(plus.mean));
      assert.match(proved.method, /whole numbers compared/);
    }));
  }
}

test("pairs of own values are proved too", visit("#stability?v=1&law=data&lr=0.5&batch=2", async ({ page, result }) => {
  await drop(page, "curvatures.json", readFileSync(new URL("../../www/examples/curvatures.json", import.meta.url)));
  await read(page, /read as/);
  await result();
  await page.getByRole("button", { name: "Prove the sign of Λ" }).click();
  await page.locator(".demand .count", { hasText: /^Done in/ }).waitFor();
  let sum = 0;
  for (const a of CURVATURES) for (const b of CURVATURES) sum += Math.log(Math.abs(1 - 0.25 * (a + b)));
  const found = await result();
  assert.ok(Math.abs(number(found, "exponent") - sum / CURVATURES.length ** 2) < 1e-9);
  assert.equal(row(found, "certificate").value, Math.sign(sum));
}));

test("a million values: the band without a click", visit("#stability?v=1&law=data&lr=0.5&x1=1.5", async ({ page, result }) => {
  const count = 1_000_000;
  const h = Float64Array.from({ length: count }, (_, i) => {
    // A sequence of Weyl's through the normal law's approximate shape: sums of three.
    const part = (/** @type {number} */ slope) => (i * slope) % 1 - 0.5;
    return -0.2 + 2 * (part(Math.SQRT2) + part(Math.sqrt(3)) + part(Math.sqrt(5)));
  });
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${count},), }`;
  const padded = `${header.padEnd(128 - 10 - 1)}\n`;
  const start = Buffer.alloc(10);
  start.write("\x93NUMPY\x01\x00", "latin1");
  start.writeUInt16LE(padded.length, 8);
  await drop(page, "many.npy", Buffer.concat([start, Buffer.from(padded), Buffer.from(h.buffer)]));
  await read(page, /read as \.npy/);
  const found = await result();
  const { mean, error } = growth(Array.from(h), 0.5);
  assert.ok(Math.abs(number(found, "exponent") - mean) < 1e-9);
  const interval = row(found, "exponent_interval");
  const [low, high] = interval.value;
  assert.ok(Math.abs((low + high) / 2 - mean) < 1e-9);
  // From groups: the width itself is known to a percent.
  assert.ok(Math.abs((high - low) / 2 / error - 1.96) < 0.1, `${(high - low) / 2 / error}`);
  assert.match(interval.method, /1000000 values, in groups of 16/);
  const window = row(found, "certified_window").value;
  for (const [from, to] of [[0, 1]]) {
    const at = (/** @type {number} */ rate) => growth(Array.from(h), rate);
    for (const rate of [window[from], window[to]]) assert.ok(at(rate).mean + 1.8 * at(rate).error < 0, `${rate}`);
  }
}));
