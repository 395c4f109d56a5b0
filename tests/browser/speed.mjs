// Speed of the simulated map beside native Rust and plain JavaScript, one core each, as ratios.
// The same pixels in all three: a diagonal of the default map, 2,000 steps, 16 runs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { outcomes } from "../../benches/peers/saddle.mjs";

const STEPS = 2000;
const REPLICAS = 16;
const PIXELS = 256;

const folder = new URL(process.env.DIST ?? "../../dist/", import.meta.url);
const app = new URL(`${readdirSync(folder).find((name) => name.startsWith("app-"))}/`, folder);
const core = await import(new URL("saddle.js", app).href);
core.initSync({ module: readFileSync(new URL("saddle_bg.wasm", app)) });

/** Steps per second of `run` over all pixels, the best of `rounds`. @param {() => void} run @param {number} rounds */
function speed(run, rounds) {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return PIXELS * STEPS * REPLICAS / best / 1000;
}

// A shard of the whole map holds a range of pixels; the shard in the middle stands for all of them.
const link = "phases?v=1&layer=exit";
const session = new core.Session(link);
const job = session.jobs().find((/** @type {{name: string}} */ one) => one.name === "outcomes");
const shards = Array.from({ length: 12 }, (_, i) => 1 + Math.floor((i + 0.5) / 12 * (job.shards - 1)));
const pixels = shards.reduce((sum, shard) => sum + core.compute(link, "outcomes", shard).length / 7, 0);
const wasm = speed(() => shards.forEach((shard) => core.compute(link, "outcomes", shard)), 8) * pixels / PIXELS;

const digest = createHash("sha256");
for (const shard of shards) digest.update(core.compute(link, "outcomes", shard));
console.log(`SHA-256 of the simulated pixels: ${digest.digest("hex")}`);

const script = speed(() => {
  for (let i = 0; i < PIXELS; i += 1) {
    const at = (i + 0.5) / PIXELS;
    outcomes({ lr: 3 * at, a: -3 + 4 * at, steps: STEPS, replicas: REPLICAS, seed: i + 1 });
  }
}, 3);

const bench = spawnSync("cargo", ["bench", "--quiet", "--locked", "--bench", "map"], { encoding: "utf8" });
const native = Number(bench.stdout.trim());
const line = (/** @type {string} */ what, /** @type {number} */ ratio, /** @type {number} */ bound) => {
  const verdict = ratio >= bound ? "" : "   MISSED";
  console.log(`${what.padEnd(66)} ${ratio.toFixed(2).padStart(11)} ×   bound ${bound} ×${verdict}`);
  return ratio >= bound;
};
console.log(`simulated map, million steps/s: wasm ${wasm.toFixed(0)}, native ${native.toFixed(0)}, JavaScript ${script.toFixed(0)}`);
const held = [line("simulated map, against native Rust on one core", wasm / native, 0.8), line("simulated map, against plain JavaScript", wasm / script, 4)];
process.exitCode = held.every(Boolean) ? 0 : 1;
