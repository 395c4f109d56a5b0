// Speed of the spectrum by QR, eight dimensions, beside native Rust and a NumPy loop, one core each, as ratios. Here and in
// Rust the same shards; the NumPy loop takes as many steps of the same law.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

const LINK = "spectrum?v=1&dim=8&steps=100000";
const DIM = 8;
const RATE = 0.7;
const NUMPY_STEPS = 20_000;

const folder = new URL(process.env.DIST ?? "../../dist/", import.meta.url);
const app = new URL(`${readdirSync(folder).find((name) => name.startsWith("app-"))}/`, folder);

/** The glue and the module of the group that has the lab; one module holds all labs where there are no groups. */
async function open() {
  const names = readdirSync(app);
  for (const name of names.filter((one) => one.endsWith("_bg.wasm"))) {
    const core = await import(new URL(name.replace("_bg.wasm", ".js"), app).href);
    core.initSync({ module: readFileSync(new URL(name, app)) });
    const session = new core.Session(LINK);
    if (session.lab() === "spectrum") return { core, session };
  }
  throw new Error("no module of the build has the lab spectrum");
}

const { core, session } = await open();
const job = session.jobs().find((/** @type {{name: string}} */ one) => one.name === "run");

/** All shards, each from the one before. @param {boolean} keep */
function pass(keep) {
  let state;
  for (let shard = 0; shard < job.shards; shard += 1) {
    state = core.compute(LINK, "run", shard, state);
    if (keep) session.keep(job.key, job.shards, shard, state);
  }
}

pass(true);
const values = session.summary().values;
const value = (/** @type {string} */ name) => values.find((/** @type {{name: string}} */ one) => one.name === name);
const steps = value("steps_done").value;
let best = Infinity;
for (let round = 0; round < 8; round += 1) {
  const start = performance.now();
  pass(false);
  best = Math.min(best, performance.now() - start);
}
const wasm = steps / best * 1000;

const bench = spawnSync("cargo", ["bench", "--quiet", "--locked", "--bench", "spectrum"], { encoding: "utf8" });
const native = Number(bench.stdout.trim());
const python = spawnSync(process.env.PYTHON ?? "python3", ["benches/peers/spectrum.py", `${DIM}`, `${RATE}`, `${NUMPY_STEPS}`],
  { encoding: "utf8", env: { ...process.env, OPENBLAS_NUM_THREADS: "1" } });
const [rate, exponents] = python.stdout.trim().split("\n");
const numpy = Number(rate);

const line = (/** @type {string} */ what, /** @type {number} */ ratio, /** @type {number} */ bound) => {
  const verdict = ratio >= bound ? "" : "   MISSED";
  console.log(`${what.padEnd(66)} ${ratio.toFixed(2).padStart(11)} ×   bound ${bound} ×${verdict}`);
  return ratio >= bound;
};
console.log(`spectrum by QR, d = 8, thousand steps/s: wasm ${(wasm / 1e3).toFixed(0)}, native ${(native / 1e3).toFixed(0)}, NumPy ${(numpy / 1e3).toFixed(1)}`);
// The same law: the first exponents agree, or the comparison is of two different things.
const first = Number(exponents?.split(" ")[0]);
const apart = Math.abs(first - value("spectrum_1").value);
console.log(`Λ₁ here ${value("spectrum_1").value.toFixed(5)} ± ${value("spectrum_1").standardError.toFixed(5)}, NumPy ${first}`);
const held = [
  line("spectrum by QR, against native Rust on one core", wasm / native, 0.7),
  line("spectrum by QR, against a NumPy loop", wasm / numpy, 30),
  apart < 0.01,
];
process.exitCode = held.every(Boolean) ? 0 : 1;
