// Every number of every preset by an independent route: the exported Python scripts, run with NumPy and SciPy.
// PYTHON is an interpreter that has both (./dev test makes one); matplotlib is needed for the last test only.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { filled, script as wholeScript } from "../www/components/recompute.js";

/** @typedef {number|string|null|(number|string)[]} Value */
/** @typedef {{name: string, value: Value, standardError: number|null, exact: boolean}} Quantity */
/** @typedef {{lab: string, link: string, parameters: Record<string, string>, axes: object, verdict: string, values: Quantity[]}} State */

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
  "phases?v=1&law=data&lr=0.6&data=i.60.5dAi2_l-2j_NzMzMzMz8P5MYBFYOLeq_QmDl0CLb9z-6SQwCK4eGv3npJjEIrIy_pHA9CtejBECyne-nxkvfP1g5tMh2vs8_zczMzMzM8j8730-Nl276P6JFtvP91NA_f2q8dJMY8D8tsp3vp8brv-xRuB6F68G_IbByaJHtzL9iEFg5tMj0vylcj8L1KPi_O99PjZdu-r956SYxCKyMPwIrhxbZzrc_Gy_dJAaBtb9QjZduEoPYPwwCK4cW2fS_PQrXo3A9yj-Nl24Sg8DiP57vp8ZLN_M_4XoUrkfh5r8K16NwPQrHv4ts5_up8QDA2_l-arx007_jpZvEILACwKabxCCwcva_wcqhRbbz-T8j2_l-arwCwFTjpZvEIPQ_kxgEVg4t5j8zMzMzMzOzvwisHFpkO-s_QmDl0CLb7T_hehSuR-H4P_p-arx0k5g_5_up8dJN2r_dJAaBlUPbv30_NV66Sey_sHJoke18zz_6fmq8dJPkvx1aZDvfT_k_SgwCK4cW_7_-1HjpJjHwvzVeukkMAuu_46WbxCCwAcBEi2zn-6kEQLgehetRuATAexSuR-F6pL8fhetRuB7Vv7Kd76fGSwJADi2yne-nAMDHSzeJQWD5P-XQItv5fuK_",
  "stability?v=1&law=data&lr=0.6&data=i.60.5dAi2_l-2j_NzMzMzMz8P5MYBFYOLeq_QmDl0CLb9z-6SQwCK4eGv3npJjEIrIy_pHA9CtejBECyne-nxkvfP1g5tMh2vs8_zczMzMzM8j8730-Nl276P6JFtvP91NA_f2q8dJMY8D8tsp3vp8brv-xRuB6F68G_IbByaJHtzL9iEFg5tMj0vylcj8L1KPi_O99PjZdu-r956SYxCKyMPwIrhxbZzrc_Gy_dJAaBtb9QjZduEoPYPwwCK4cW2fS_PQrXo3A9yj-Nl24Sg8DiP57vp8ZLN_M_4XoUrkfh5r8K16NwPQrHv4ts5_up8QDA2_l-arx007_jpZvEILACwKabxCCwcva_wcqhRbbz-T8j2_l-arwCwFTjpZvEIPQ_kxgEVg4t5j8zMzMzMzOzvwisHFpkO-s_QmDl0CLb7T_hehSuR-H4P_p-arx0k5g_5_up8dJN2r_dJAaBlUPbv30_NV66Sey_sHJoke18zz_6fmq8dJPkvx1aZDvfT_k_SgwCK4cW_7_-1HjpJjHwvzVeukkMAuu_46WbxCCwAcBEi2zn-6kEQLgehetRuATAexSuR-F6pL8fhetRuB7Vv7Kd76fGSwJADi2yne-nAMDHSzeJQWD5P-XQItv5fuK_",
  "phases?v=1&law=data&lr=1.7&batch=2&decay=0.05&data=i.7.mpmZmZmZ8T-amZmZmZnZvzMzMzMzM9M_zczMzMzM7D8zMzMzMzPzv2ZmZmZmZuY_mpmZmZmZyT8",
  "spectrum?v=1&law=data&lr=0.5&data=i.4x3x3.MzMzMzMz8z8zMzMzMzPTP5qZmZmZmbk_MzMzMzMz0z-amZmZmZnZv5qZmZmZmck_mpmZmZmZuT-amZmZmZnJPwAAAAAAAOA_mpmZmZmZ6T8zMzMzMzPjvwAAAAAAAAAAMzMzMzMz47-amZmZmZnxP5qZmZmZmdk_AAAAAAAAAACamZmZmZnZP83MzMzMzOw_AAAAAAAA4D-amZmZmZnJP5qZmZmZmbk_mpmZmZmZyT_NzMzMzMzsPzMzMzMzM9O_mpmZmZmZuT8zMzMzMzPTv2ZmZmZmZvY_AAAAAAAA8D-amZmZmZm5P5qZmZmZmck_mpmZmZmZuT8zMzMzMzPjPwAAAAAAAAAAmpmZmZmZyT8AAAAAAAAAAGZmZmZmZuY_",
  "spectrum?v=1&law=data&lr=0.5&batch=2&draws=without&data=i.5x2.AAAAAAAA8D-amZmZmZnJPzMzMzMzM9M_zczMzMzM7L-amZmZmZnpP5qZmZmZmek_mpmZmZmZ8b-amZmZmZnZP5qZmZmZmck_zczMzMzM9D8",
  "spectrum?v=1&law=data&lr=0.5&decay=0.1&data=i.6.MzMzMzMz8z8zMzMzMzPTP5qZmZmZmdm_mpmZmZmZ6T_NzMzMzMwAQM3MzMzMzOw_",
  "spectrum?v=1&law=data&lr=0.5&batch=2&draws=without",
  "spectrum?v=1&lr=0.7&decay=0.1&law=neuron&outputs=2&inputs=3&noise_law=sphere&signal=0.5,0.2&noise=0.5&exponents=top&steps=100000&seed=7",
  "spectrum?v=1&input_law=signs&dim=3&batch=2&lr=0.4",
  "spectrum?v=1&lr=0.6&law=neuron&outputs=1&inputs=1&input_law=sphere&signal=0.5&batch=2",
];

/** Exact numbers agree to this, relative to the larger of 1 and the number. */
const EXACT = 1e-9;
/** Simulated ones to this many standard errors of their difference. */
const ERRORS = 4;

/** The file that a lab's script reads. @type {Record<string, string[]>} */
const FILES = { network: [join(root, "www/assets/digits.bin")] };

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

/** A script as the page exports it. @param {State} state */
async function exported({ lab, link, parameters, axes }) {
  const text = async (/** @type {string} */ name) => {
    const shared = join(root, `src/labs/recompute/${name}.py`);
    return readFileSync(existsSync(shared) ? shared : join(root, `src/labs/${name}/recompute.py`), "utf8");
  };
  return filled(await wholeScript(lab, text), { link, parameters, axes });
}

/** Numbers without a counterpart, each with the reason. @type {Record<string, string>} */
const WITHOUT = {
  finished: "how much of the page's own sweep is done, no number of the network",
};

for (const state of states) {
  test(`${state.link}: Python prints the same numbers`, async () => {
    const { verdict, values } = state;
    const found = run(await exported(state), "-", ...FILES[state.lab] ?? []);
    assert.ok(values.length > 0);
    for (const { name, value: ours, standardError, exact } of values) {
      const theirs = found.get(name);
      if (name in WITHOUT) {
        assert.equal(theirs, undefined, `${name} has a counterpart now`);
        continue;
      }
      assert.ok(theirs, `${name} has no counterpart`);
      const said = `${name}: ${JSON.stringify(ours)} here, ${JSON.stringify(theirs.value)} in Python`;
      // A simulation that did not end has no number on the page; Python's may have gone on for longer.
      if (!exact && ours === null) continue;
      const error = exact ? 0 : Math.hypot(standardError ?? 0, theirs.error);
      // Where every step has the same determinant the errors of sums are below their rounding.
      if (same(compared(name, ours), compared(name, theirs.value), EXACT)) continue;
      assert.ok(error > 0, said);
      assert.ok(within(ours, theirs.value, ERRORS * error), `${said}, more than ${ERRORS} standard errors of ${error}`);
    }
    assert.equal(found.get("verdict")?.value, verdict);
  });
}

test("with matplotlib each lab's script draws its figure", async () => {
  for (const lab of new Set(states.map((one) => one.lab))) {
    run(await exported(/** @type {State} */ (states.find((one) => one.lab === lab))), "recompute.png", ...FILES[lab] ?? []);
    const picture = readFileSync(join(folder, "recompute.png"));
    assert.equal(picture.toString("latin1", 1, 4), "PNG");
    assert.ok(picture.readUInt32BE(16) > 500 && picture.length > 10_000, `${lab}: ${picture.length} bytes`);
    rmSync(join(folder, "recompute.png"));
  }
});

test("own data in a file are read in every format, and another file is refused by its SHA-256", async () => {
  const state = /** @type {State} */ (states.find((one) => one.lab === "spectrum" && one.parameters.data.startsWith("i.6.")));
  const bytes = Buffer.from(state.parameters.data.slice("i.6.".length), "base64url");
  const numbers = Array.from({ length: 6 }, (_, place) => bytes.readDoubleLE(8 * place));
  const data = `h.6.${createHash("sha256").update(bytes).digest("hex")}`;
  const named = await exported({ ...state, parameters: { ...state.parameters, data } });
  const wanted = run(await exported(state), "-");
  for (const [name, text] of /** @type {const} */ ([
    ["own.json", JSON.stringify(numbers)],
    ["own.csv", `name,curvature\n${numbers.map((number, place) => `${place},${number}`).join("\n")}\n`],
  ])) {
    writeFileSync(join(folder, name), text);
    assert.deepEqual(run(named, "-", join(folder, name)), wanted, name);
  }
  writeFileSync(join(folder, "own.csv"), numbers.map((number) => number + 1).join("\n"));
  const { status, stderr } = spawnSync(PYTHON, ["-B", join(folder, "recompute.py"), "-", join(folder, "own.csv")], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /does not hold the numbers of this state/);
});

test("a state's text stays a text in the script", () => {
  const script = 'a\n# ---- the state, filled in by the page ----\nLINK = ""\n# ---- the state ends ----\nb\n';
  const text = filled(script, { link: '"); import os; ("\\\n', parameters: { a: "1" }, axes: { x: { log: true, min: 0, parameter: null } } });
  assert.equal(text, 'a\n# ---- the state, filled in by the page ----\nLINK = "\\"); import os; (\\"\\\\\\n"\nPARAMETERS = {"a": "1"}\n'
    + 'AXES = {"x": {"log": True, "min": 0, "parameter": None}}\n# ---- the state ends ----\nb\n');
  assert.throws(() => filled("nothing", { link: "", parameters: {}, axes: {} }), /no place/);
});
