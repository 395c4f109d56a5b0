// A million values of one's own: the interval of Λ at one learning rate and at the 512 of the figure, beside native Rust, NumPy and plain
// JavaScript, one core each.
import { spawnSync } from "node:child_process";
import { atMost, moduleOf } from "./built-module.mjs";

const COUNT = 1_000_000;
const RATE = 0.5;
const PYTHON = `
import time, numpy as np
h = np.random.default_rng(1).normal(-0.2, 1.0, ${COUNT})
best = 1e9
for _ in range(5):
    start = time.perf_counter()
    logs = np.log(np.abs(1 - ${RATE} * h))
    logs.mean(), logs.std(ddof=1)
    best = min(best, time.perf_counter() - start)
print(1e3 * best)
`;

const values = new Float64Array(COUNT);
let state = 1n;
for (let i = 0; i < COUNT; i += 1) {
  // Sums of three even numbers: nearly normal, standard deviation 1.
  let sum = -0.2;
  for (let k = 0; k < 3; k += 1) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    sum += Number(state >> 40n) / 8388608 - 1;
  }
  values[i] = sum;
}

const core = await moduleOf("stability");
const link = `stability?v=1&law=data&x1=2&lr=${RATE}&data=${core.keep_data(Uint32Array.of(COUNT), values)}`;
const job = (/** @type {string} */ name) => new core.Session(link).jobs().find((/** @type {{name: string}} */ one) => one.name === name);

/** Milliseconds of all shards of a job. @param {string} name */
function time(name) {
  const { shards } = job(name);
  const start = performance.now();
  for (let shard = 0; shard < shards; shard += 1) core.compute(link, name, shard);
  return performance.now() - start;
}

const first = time("band");
const band = Math.min(time("band"), time("band"));
const curve = Math.min(time("curve"), time("curve"));
const one = Math.min(time("interval"), time("interval"), time("interval"));

let script = Infinity;
let mean = 0;
for (let round = 0; round < 5; round += 1) {
  const start = performance.now();
  let [sum, squares] = [0, 0];
  for (const h of values) {
    const log = Math.log(Math.abs(1 - RATE * h));
    sum += log;
    squares += log * log;
  }
  mean = sum / COUNT;
  script = Math.min(script, performance.now() - start);
}
const value = core.compute(link, "interval", 0)[0];
const python = Number(spawnSync(process.env.PYTHON ?? "python3", ["-c", PYTHON], { encoding: "utf8" }).stdout.trim());
const bench = spawnSync("cargo", ["bench", "--quiet", "--locked", "--bench", "own_data", "--", "interval at one rate", "--quick"], { encoding: "utf8" });
const [, middle, unit] = bench.stdout.match(/time:\s+\[\S+ \S+ (\S+) (\S+)/) ?? [];
const native = Number(middle) * ({ ns: 1e-6, µs: 1e-3, us: 1e-3, ms: 1, s: 1e3 }[unit] ?? NaN);

console.log(`Λ with its interval at one rate, N = 10⁶, ms: wasm ${one.toFixed(1)}, native ${native.toFixed(1)}, NumPy ${python.toFixed(1)}, JavaScript ${script.toFixed(1)}`);
console.log(`the same at 512 rates, ms of one core: wasm ${band.toFixed(0)} (the first time ${first.toFixed(0)}), the exact curve ${curve.toFixed(0)}`);
console.log(`Λ here ${value.toFixed(12)}, in plain JavaScript ${mean.toFixed(12)}`);
const held = [
  atMost("Λ at one rate, native", native, 30),
  atMost("band of 512 rates, first time, half of one core's time", first / 2, 2000),
  Math.abs(value - mean) < 1e-9,
];
process.exitCode = held.every(Boolean) ? 0 : 1;
