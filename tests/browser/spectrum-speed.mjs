// Speed of the spectrum by QR beside native Rust, a NumPy loop and plain JavaScript, one core each, as ratios: unit inputs in eight
// dimensions, and 500 matrices 20 × 20 until the first exponent is known to 10⁻³. Here and in Rust the same shards; the others take steps
// of the same law.
import { spawnSync } from "node:child_process";
import { spectrum } from "../../benches/peers/spectrum.mjs";
import { atLeast, fastest, moduleOf } from "./built-module.mjs";

const LINK = "spectrum?v=1&dim=8&steps=100000";
const DIM = 8;
const RATE = 0.7;
const NUMPY_STEPS = 20_000;
const SCRIPT_STEPS = 50_000;
const MATRICES = 500;
const SIDE = 20;

const core = await moduleOf("spectrum");

/** The matrices of `benches/spectrum.rs`, bit for bit: x xᵀ of x even in ±1. */
function matrices() {
  let state = 1n;
  const number = () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 40n) / 8388608 - 1;
  };
  const numbers = new Float64Array(MATRICES * SIDE * SIDE);
  for (let n = 0; n < MATRICES; n += 1) {
    const x = Array.from({ length: SIDE }, number);
    for (let i = 0; i < SIDE * SIDE; i += 1) numbers[n * SIDE * SIDE + i] = x[Math.floor(i / SIDE)] * x[i % SIDE];
  }
  return core.keep_data(Uint32Array.of(MATRICES, SIDE, SIDE), numbers);
}

/** A run in shards, each from the one before, until `enough` says so of the numbers so far. @param {string} link */
function run(link) {
  const session = new core.Session(link);
  const job = session.jobs().find((/** @type {{name: string}} */ one) => one.name === "run");
  const value = (/** @type {string} */ name) => session.summary().values.find((/** @type {{name: string}} */ one) => one.name === name);
  /** @param {number} shards */
  const pass = (shards) => {
    let state;
    for (let shard = 0; shard < shards; shard += 1) state = core.compute(link, "run", shard, state);
  };
  /** @param {(value: (name: string) => any) => boolean} enough */
  const fill = (enough) => {
    let state;
    for (let shard = 0; shard < job.shards; shard += 1) {
      state = core.compute(link, "run", shard, state);
      session.keep(job.key, job.shards, shard, state);
      if (enough(value)) return shard + 1;
    }
    return job.shards;
  };
  return { value, pass, fill };
}

const circle = run(LINK);
const all = circle.fill(() => false);
const wasm = circle.value("steps_done").value / fastest(() => circle.pass(all)) * 1000;

const own = run(`spectrum?v=1&law=data&lr=0.1&steps=4000000&data=${matrices()}`);
const needed = own.fill((value) => value("spectrum_1").standardError > 0 && value("spectrum_1").standardError <= 1e-3);
const ownError = own.value("spectrum_1").standardError;
const ownTime = fastest(() => own.pass(needed));

const bench = spawnSync("cargo", ["bench", "--quiet", "--locked", "--bench", "spectrum"], { encoding: "utf8" });
const [native, nativeTime, nativeShards] = bench.stdout.trim().split(/\s+/).map(Number);
const python = spawnSync(process.env.PYTHON ?? "python3", ["benches/peers/spectrum.py", `${DIM}`, `${RATE}`, `${NUMPY_STEPS}`],
  { encoding: "utf8", env: { ...process.env, OPENBLAS_NUM_THREADS: "1" } });
const [rate, exponents] = python.stdout.trim().split("\n");
const numpy = Number(rate);

/** @type {number[]} */
let scripted = [];
const script = SCRIPT_STEPS / fastest(() => { scripted = spectrum(DIM, RATE, SCRIPT_STEPS); }) * 1000;

const rates = { wasm, native, NumPy: numpy, JavaScript: script };
console.log(`spectrum by QR, d = 8, thousand steps/s: ${Object.entries(rates).map(([name, each]) => `${name} ${(each / 1e3).toFixed(1)}`).join(", ")}`);
// The same law: the first exponents agree, or the comparison is of different things.
const first = Number(exponents?.split(" ")[0]);
const top = circle.value("spectrum_1");
console.log(`Λ₁ here ${top.value.toFixed(5)} ± ${top.standardError.toFixed(5)}, NumPy ${first}, JavaScript ${scripted[0].toFixed(5)}`);
console.log(`500 matrices 20 × 20 to ± ${ownError?.toFixed(5)}: wasm ${ownTime.toFixed(0)} ms, native ${nativeTime?.toFixed(0)} ms, shards ${needed} and ${nativeShards}`);
const held = [
  atLeast("spectrum by QR, against native Rust on one core", wasm / native, 0.7),
  atLeast("spectrum by QR, against a NumPy loop", wasm / numpy, 30),
  atLeast("500 matrices 20 × 20 to 10⁻³, native Rust's time to ours", nativeTime / ownTime, 1 / 3),
  Math.abs(first - top.value) < 0.01 && Math.abs(scripted[0] - top.value) < 0.01,
  ownError <= 1e-3 && needed === nativeShards,
];
process.exitCode = held.every(Boolean) ? 0 : 1;
