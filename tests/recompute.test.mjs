// Every number of every preset by an independent route: the exported Python scripts, run with NumPy and SciPy.
// PYTHON is an interpreter that has both (./dev test makes one); matplotlib is needed for the last test only.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { filled } from "../www/components/recompute.js";

/** @typedef {number|string|null|(number|string)[]} Value */
/** @typedef {{name: string, value: Value, standardError: number|null, exact: boolean}} Quantity */
/** @typedef {{lab: string, link: string, parameters: Record<string, string>, axes: object, script: string|null, verdict: string, values: Quantity[]}} State */

const PYTHON = process.env.PYTHON ?? "python3";
const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "saddlescope-python-"));
after(() => rmSync(folder, { recursive: true }));

/** States of laws and directions that no preset has. */
const FURTHER = [
  "phases?v=1&law=uniform&batch=3&lr=0.7",
  "phases?v=1&law=uniform&batch=20&lr=2.5&sign=minus&decay=0.1",
  "phases?v=1&law=discrete&batch=3&lr=1.3&sign=minus",
  "phases?v=1&law=teacher&batch=20&slope=-0.3&lr=1.2",
  "phases?v=1&law=gaussian&n=5&batch=2&seed=7",
  "stability?v=1&law=uniform",
  "stability?v=1&law=teacher&batch=4&decay=0.05",
];

/** Exact numbers agree to this, relative to the larger of 1 and the number. */
const EXACT = 1e-9;
/** Simulated ones to this many standard errors of their difference. */
const ERRORS = 4;

const printed = execFileSync("cargo", ["run", "--quiet", "--locked", "--example", "presets", "--", "presets", ...FURTHER], { cwd: root, maxBuffer: 1e9 }).toString();
const states = /** @type {State[]} */ (printed.trim().split("\n").map((line) => JSON.parse(line)));

/** What Python's repr says, as JSON says it in a result. @param {string} text @returns {Value} */
function value(text) {
  if (text === "none") return null;
  if (text.startsWith("[")) return text.slice(1, -1).split(", ").filter(Boolean).map((one) => /** @type {number} */ (value(one)));
  return /^-?(inf|nan)$/.test(text) || !Number.isFinite(Number(text)) ? text : Number(text);
}

/** Runs a script; its lines `name value ± error`. @param {string} script @param {string[]} options */
function run(script, ...options) {
  const file = join(folder, "recompute.py");
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync(PYTHON, ["-B", file, ...options], { encoding: "utf8", cwd: folder });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  const lines = stdout.trim().split("\n").map((line) => /** @type {RegExpExecArray} */ (/^(\w+) +(.*?)(?: ± (.*))?$/.exec(line)));
  return new Map(lines.map(([, name, text, error]) => [name, { value: value(text), error: Number(error ?? 0) }]));
}

/** @param {Value} ours @param {Value} theirs @param {number} tolerance */
function same(ours, theirs, tolerance) {
  if (Array.isArray(ours)) return Array.isArray(theirs) && ours.length === theirs.length && ours.every((one, at) => same(one, theirs[at], tolerance));
  if (typeof ours !== "number" || typeof theirs !== "number") return ours === theirs;
  return Math.abs(ours - theirs) <= tolerance * Math.max(1, Math.abs(ours));
}

/** @param {Value} ours @param {Value} theirs @param {number} most @returns {boolean} */
function within(ours, theirs, most) {
  if (Array.isArray(ours)) return Array.isArray(theirs) && ours.length === theirs.length && ours.every((one, at) => within(one, theirs[at], most));
  return typeof ours === "number" && typeof theirs === "number" ? Math.abs(ours - theirs) <= most : ours === theirs;
}

/** e^D amplifies the relative error of D by D: the exponent is what is compared. @param {string} name @param {Value} one @returns {Value} */
const compared = (name, one) => (name === "runs_to_see_mean" && typeof one === "number" ? Math.log(one) : one);

/** Labs whose script is still to be written. A lab that has one must not stand here. */
const WITHOUT = new Set(["spectrum", "network"]);

for (const { lab, link, parameters, axes, script, verdict, values } of states) {
  test(`${link}: Python prints the same numbers`, () => {
    if (WITHOUT.has(lab)) {
      assert.equal(script, null, `${lab} has a script now`);
      return;
    }
    assert.ok(script, `src/labs/${lab}/recompute.py is missing`);
    const found = run(filled(script, { link, parameters, axes }), "-");
    assert.ok(values.length > 0);
    for (const { name, value: ours, standardError, exact } of values) {
      const theirs = found.get(name);
      assert.ok(theirs, `${name} has no counterpart`);
      const said = `${name}: ${JSON.stringify(ours)} here, ${JSON.stringify(theirs.value)} in Python`;
      // A simulation that did not end has no number on the page; Python's may have gone on for longer.
      if (!exact && ours === null) continue;
      const error = exact ? 0 : Math.hypot(standardError ?? 0, theirs.error);
      if (error === 0) assert.ok(same(compared(name, ours), compared(name, theirs.value), EXACT), said);
      else assert.ok(within(ours, theirs.value, ERRORS * error), `${said}, more than ${ERRORS} standard errors of ${error}`);
    }
    assert.equal(found.get("verdict")?.value, verdict);
  });
}

test("with matplotlib each lab's script draws its figure", () => {
  for (const lab of new Set(states.map((one) => one.lab).filter((one) => !WITHOUT.has(one)))) {
    const { script, link, parameters, axes } = /** @type {State} */ (states.find((one) => one.lab === lab));
    assert.ok(script);
    run(filled(script, { link, parameters, axes }));
    const picture = readFileSync(join(folder, "recompute.png"));
    assert.equal(picture.toString("latin1", 1, 4), "PNG");
    assert.ok(picture.readUInt32BE(16) > 500 && picture.length > 10_000, `${lab}: ${picture.length} bytes`);
    rmSync(join(folder, "recompute.png"));
  }
});

test("a state's text stays a text in the script", () => {
  const script = 'a\n# ---- the state, filled in by the page ----\nLINK = ""\n# ---- the state ends ----\nb\n';
  const text = filled(script, { link: '"); import os; ("\\\n', parameters: { a: "1" }, axes: { x: { log: true, min: 0, parameter: null } } });
  assert.equal(text, 'a\n# ---- the state, filled in by the page ----\nLINK = "\\"); import os; (\\"\\\\\\n"\nPARAMETERS = {"a": "1"}\n'
    + 'AXES = {"x": {"log": True, "min": 0, "parameter": None}}\n# ---- the state ends ----\nb\n');
  assert.throws(() => filled("nothing", { link: "", parameters: {}, axes: {} }), /no place/);
});
