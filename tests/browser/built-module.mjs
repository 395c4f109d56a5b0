// A module of the built page in Node, for measurements without a browser.
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL(process.env.DIST ?? "../../dist/", import.meta.url);
const app = new URL(`${readdirSync(folder).find((name) => name.startsWith("app-"))}/`, folder);

/** The module of the group that has a lab; one module holds all labs where there are no groups. @param {string} lab */
export async function moduleOf(lab) {
  for (const name of readdirSync(app).filter((one) => one.endsWith("_bg.wasm"))) {
    const core = await import(new URL(name.replace("_bg.wasm", ".js"), app).href);
    // The module of readers has no labs.
    if (!core.Session) continue;
    core.initSync({ module: readFileSync(new URL(name, app)) });
    if (new core.Session(`${lab}?v=1`).lab() === lab) return core;
  }
  throw new Error(`no module of the build has the lab ${lab}`);
}

/** Milliseconds of the fastest of many rounds: the engine compiles its best code while the first ones run.
 * @param {() => void} body @param {number} [ms] how long the rounds go on */
export function fastest(body, ms = 2000) {
  const end = performance.now() + ms;
  let least = Infinity;
  while (performance.now() < end) {
    const start = performance.now();
    body();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** Prints a ratio beside its bound, and whether it holds. @param {string} what @param {number} ratio @param {number} bound */
export function atLeast(what, ratio, bound) {
  const held = ratio >= bound;
  console.log(`${what.padEnd(66)} ${ratio.toFixed(2).padStart(11)} ×   bound ${bound} ×${held ? "" : "   MISSED"}`);
  return held;
}

/** Prints a time beside its bound, and whether it holds. @param {string} what @param {number} ms @param {number} bound */
export function atMost(what, ms, bound) {
  const held = ms <= bound;
  console.log(`${what.padEnd(66)} ${ms.toFixed(1).padStart(11)} ms  bound ${bound} ms${held ? "" : "   MISSED"}`);
  return held;
}
