// The built files themselves.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { LABS } from "./lab-names.mjs";
import { DIST } from "./server.mjs";

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const wasm = files.filter((file) => file.endsWith(".wasm"));

/** The labs as the build lists them in the first script. */
function builtLabs() {
  const first = readFileSync(/** @type {string} */ (files.find((file) => file.endsWith("/first.js"))), "utf8");
  return [...first.matchAll(/\{group:"([^"]*)",id:"([^"]*)",question:"([^"]*)"\}/g)].map(([, group, id, question]) => ({ group, id, question }));
}

test("there is one wasm file per group of labs and one that reads files, each with its glue beside it", () => {
  const labs = builtLabs();
  assert.deepEqual(labs.map(({ id }) => id).toSorted(), LABS.toSorted());
  assert.ok(labs.every(({ question }) => question.endsWith("?")));
  const groups = [...new Set(labs.map(({ group }) => group)), "readers"];
  assert.deepEqual(wasm.map((file) => basename(file)).toSorted(), groups.map((group) => `${group}_bg.wasm`).toSorted());
  for (const group of groups) assert.ok(files.some((file) => basename(file) === `${group}.js`), group);
});

/** A table of docs/publishing.md whose first heading is this, without its head. @param {string} heading */
function published(heading) {
  const text = readFileSync(new URL("../../docs/publishing.md", import.meta.url), "utf8");
  const [, rows] = /** @type {RegExpExecArray} */ (new RegExp(`^\\| ${heading} .*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, "m").exec(text));
  return rows.trim().split("\n").map((row) => row.slice(2, -2).split(" | "));
}

test("docs/publishing.md names every module with its labs, and none is larger than it says", () => {
  const labs = builtLabs();
  const rows = published("module");
  assert.deepEqual(rows.map(([name]) => `${name.slice(1, -1)}_bg.wasm`).toSorted(), wasm.map((file) => basename(file)).toSorted());
  for (const [name, whose, most] of rows) {
    const group = name.slice(1, -1);
    const own = labs.filter((lab) => lab.group === group).map(({ id }) => id);
    if (own.length > 0) assert.equal(whose, own.join(", "), group);
    const file = /** @type {string} */ (wasm.find((one) => basename(one) === `${group}_bg.wasm`));
    const size = brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    assert.ok(size < 1000 * parseFloat(most), `${group}: ${size} bytes after brotli, ${most} in the text`);
  }
});

test("docs/publishing.md names the type or the harmlessness of every kind of file, and every file at the root", () => {
  const text = readFileSync(new URL("../../docs/publishing.md", import.meta.url), "utf8");
  const [, headers] = /** @type {RegExpExecArray} */ (/## Headers\n\n([^]*?)\n\n/.exec(text));
  for (const ending of new Set(files.map((file) => extname(file)).filter(Boolean))) assert.ok(headers.includes(`\`${ending}\``), ending);
  const named = published("file").map(([name]) => name.slice(1, -1).replace(/\/$/, ""));
  const there = readdirSync(DIST).map((name) => name.replace(/^app-[0-9a-f]+$/, "app-<hash>"));
  assert.deepEqual(named.toSorted(), there.toSorted());
});

test("no built file tells where it was built", () => {
  const project = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
  const folders = [`${homedir()}/`, project, "/.cargo/", "/.rustup/", "registry/src"];
  for (const file of files) {
    const content = readFileSync(file, "latin1");
    for (const folder of folders) assert.ok(!content.includes(folder), `${file} contains ${folder}`);
  }
});

for (const file of wasm.filter((one) => basename(one) !== "readers_bg.wasm")) test(`${basename(file)} computes in SIMD lanes`, () => {
  const bytes = readFileSync(file);
  // f64x2.add, f64x2.sub, f64x2.mul. Chance alone gives such three bytes once in 5 MB.
  const opcodes = [[0xfd, 0xf0, 0x01], [0xfd, 0xf1, 0x01], [0xfd, 0xf2, 0x01]].map((code) => Buffer.from(code));
  let lanes = 0;
  for (const opcode of opcodes) {
    for (let at = bytes.indexOf(opcode); at >= 0; at = bytes.indexOf(opcode, at + 1)) lanes += 1;
  }
  assert.ok(lanes >= 20, `${lanes} f64x2 instructions: were the flags of .cargo/config.toml replaced?`);
});

test("index.html is as Trunk and the hook leave it: no template tags, no inline script, one content folder", () => {
  const page = readFileSync(join(DIST, "index.html"), "utf8");
  assert.ok(!page.includes("data-trunk"));
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(page), "an inline script would break the policy");
  const names = readdirSync(DIST).map((name) => name.replace(/^app-[0-9a-f]{16}$/, "app-<hash>")).sort();
  assert.deepEqual(names, ["SHA256SUMS", "app-<hash>", "embed.js", "examples", "index.html", "offline-worker.js", "preview.png", "saddlescope.html"]);
});
