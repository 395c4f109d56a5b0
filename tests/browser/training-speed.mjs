// Speed of training on the digits beside native Rust, NumPy and, if Debian's python3-torch is installed, PyTorch: one core
// each, as ratios. Here and in Rust the same shards; the others train the same network on the same images, with batches of their own.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fastest, moduleOf } from "./built-module.mjs";

const JOB = "run-0-rate-1";
const TRAINED = 1500;
const EPOCHS = 4;
const BATCHES = [1, 8];
const ROUNDS = 4;
const FILE = "www/assets/digits.bin";

/** @param {number} batch */
const link = (batch) => `network?v=1&batch=${batch}&epochs=${EPOCHS}&rates=3&runs=1&noise=0&decay=0`;

const core = await moduleOf("network");
core.keep_bytes(new Uint8Array(readFileSync(FILE)));

/** Samples per second: the training shards of one run. @param {number} batch */
function speed(batch) {
  const job = new core.Session(link(batch)).jobs().find((/** @type {{name: string}} */ one) => one.name === JOB);
  const best = fastest(() => {
    let state;
    for (let shard = 0; shard < job.shards - 1; shard += 1) state = core.compute(link(batch), JOB, shard, state);
  });
  return EPOCHS * TRAINED / best * 1000;
}

/** Samples per second in Rust, by batch size. */
function nativeSpeeds() {
  const { stdout } = spawnSync("cargo", ["bench", "--quiet", "--locked", "--bench", "training"], { encoding: "utf8" });
  return stdout.trim().split("\n").map(Number);
}

// In turns, the best of each: a machine that others use is slow for seconds at a time.
const rounds = Array.from({ length: ROUNDS }, () => ({ native: nativeSpeeds(), wasm: BATCHES.map(speed) }));
const best = (/** @type {"native"|"wasm"} */ side, /** @type {number} */ index) => Math.max(...rounds.map((round) => round[side][index] ?? NaN));

/** Samples per second of another tool; NaN if it is not installed. Debian's PyTorch is its own Python's.
 * @param {string} tool @param {number} batch */
function peer(tool, batch) {
  const python = tool === "numpy" ? process.env.PYTHON ?? "python3" : "/usr/bin/python3";
  const { stdout } = spawnSync(python, ["benches/peers/training.py", FILE, `${batch}`, `${EPOCHS}`, tool],
    { encoding: "utf8", env: { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" } });
  return Number((stdout ?? "").split(" ")[0] || NaN);
}

/** @param {string} what @param {number} ratio @param {number} [bound] */
function line(what, ratio, bound) {
  const verdict = bound === undefined ? "" : `bound ${bound} ×${ratio >= bound ? "" : "   MISSED"}`;
  console.log(`${what.padEnd(66)} ${ratio.toFixed(2).padStart(11)} ×   ${verdict}`);
  return bound === undefined || ratio >= bound;
}

const held = [];
for (const [index, batch] of BATCHES.entries()) {
  const [wasm, native] = [best("wasm", index), best("native", index)];
  const [numpy, torch] = [peer("numpy", batch), peer("torch", batch)];
  const thousand = (/** @type {number} */ rate) => (Number.isFinite(rate) ? (rate / 1000).toFixed(1) : "not installed");
  console.log(`training on digits, batch ${batch}, thousand samples/s: wasm ${thousand(wasm)}, native ${thousand(native)}, NumPy ${thousand(numpy)}, PyTorch ${thousand(torch)}`);
  held.push(line(`  against native Rust on one core`, wasm / (native), 0.7));
  held.push(line(`  against NumPy`, wasm / numpy));
  if (Number.isFinite(torch)) held.push(line(`  against PyTorch`, wasm / torch, 2));
}
process.exitCode = held.every(Boolean) ? 0 : 1;
