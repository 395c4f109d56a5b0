// The built files themselves.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { DIST } from "./server.mjs";

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const wasm = files.filter((file) => file.endsWith(".wasm"));

test("there is one wasm file", () => assert.equal(wasm.length, 1));

test("no built file tells where it was built", () => {
  const project = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
  const folders = [`${homedir()}/`, project, "/.cargo/", "/.rustup/", "registry/src"];
  for (const file of files) {
    const content = readFileSync(file, "latin1");
    for (const folder of folders) assert.ok(!content.includes(folder), `${file} contains ${folder}`);
  }
});

test("the wasm computes in SIMD lanes", () => {
  const disassembler = fileURLToPath(new URL("../../node_modules/.bin/wasm-dis", import.meta.url));
  const text = execFileSync(disassembler, ["--enable-simd", wasm[0]], { encoding: "utf8", maxBuffer: 1 << 30 });
  const lanes = text.match(/\(f64x2\.\w+/g)?.length ?? 0;
  assert.ok(lanes >= 10, `${lanes} f64x2 instructions: were the flags of .cargo/config.toml replaced?`);
});

test("index.html is as Trunk and the hook leave it: no template tags, no inline script, one content folder", () => {
  const page = readFileSync(join(DIST, "index.html"), "utf8");
  assert.ok(!page.includes("data-trunk"));
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(page), "an inline script would break the policy");
  assert.equal(readdirSync(DIST).filter((name) => name !== "index.html").length, 1);
});
