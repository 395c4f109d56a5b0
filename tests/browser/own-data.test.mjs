// The reader's own numbers: each sample file, refusals that leave the page as it is, links by hash, the proof of a sign.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drop, growth, npy, read } from "./own-files.mjs";
import { number, visits } from "./visit.mjs";

const visit = visits();
const START = "#stability?v=1&law=data&x1=1.5&lr=0.5";
const file = (/** @type {string} */ name) => new URL(`../../www/examples/${name}`, import.meta.url);
const CURVATURES = JSON.parse(readFileSync(file("curvatures.json"), "utf8"));

/** @param {any} result @param {string} name @returns {number[]} */
const interval = (result, name) => result.values.find((/** @type {any} */ one) => one.name === name).value;

for (const name of ["curvatures.csv", "curvatures.json", "curvatures.npy", "curvatures.tsv"]) {
  test(`the sample ${name} is read, and its interval is Student's`, visit(START, async ({ page, result }) => {
    await page.locator(`[data-sample="${name}"]`).click();
    if (name.endsWith("tsv")) {
      await read(page, /what are these numbers/);
      await page.locator('[data-meaning="column-2"]').click();
    }
    await read(page, /read as/);
    const found = await result();
    const h = name.endsWith("npy") ? npy(name) : CURVATURES;
    const { mean, error } = growth(h, 0.5);
    assert.ok(Math.abs(number(found, "exponent") - mean) < 1e-9, name);
    const [low, high] = interval(found, "exponent_interval");
    assert.ok(Math.abs((low + high) / 2 - mean) < 1e-9);
    // 1.96 of infinitely many values, 1.98 of 120.
    const factor = (high - low) / 2 / error;
    assert.ok(factor > 1.96 && factor < 1.9802, `${name}: ${factor}`);
    assert.ok(interval(found, "certified_window").length % 2 === 0);
    assert.match(found.params.data, name.endsWith("npy") ? /^h\.2000\.[0-9a-f]{64}$/ : /^i\.120\./);
  }));
}

test("a refused file is named with its place, and what was on the page stays", visit(START, async ({ page, result }) => {
  await drop(page, "good.csv", readFileSync(file("curvatures.csv")));
  await read(page, /good\.csv: read as text with blanks/);
  const before = await result();
  await drop(page, "bad.csv", Buffer.from(`${"1,2,3\n".repeat(16)}4,5,abc\n`));
  await read(page, /^bad\.csv: Row 17, column 3: ‘abc’ is not a number\.$/);
  await drop(page, "bad.npy", Buffer.from("\x80\x04x", "latin1"));
  await read(page, /a pickle/);
  await drop(page, "nan.json", Buffer.from("[[1, 2], [3, \"<b>\"]]"));
  await read(page, /Row 2, column 2: ‘<b>’ is not a number/);
  assert.deepEqual(await result(), before);
}));

test("a file on the figure of another law, and pasted numbers", visit("#phases?v=1", async ({ page, result }) => {
  await drop(page, "h.csv", readFileSync(file("curvatures.csv")), ".stage");
  await read(page, /h\.csv: read as/);
  const dropped = await result();
  assert.equal(dropped.params.law, "data");
  assert.ok(Math.abs(number(dropped, "exponent") - growth(CURVATURES, 0.8).mean) < 1e-9);
  await page.getByRole("button", { name: "Paste" }).click();
  await page.getByLabel("Numbers", { exact: true }).fill("1 −1.2\n0.5 2");
  await page.getByRole("button", { name: "Read these" }).click();
  await page.locator('[data-meaning="values"]').click();
  await read(page, /the pasted text: read as/);
  const pasted = await result();
  assert.ok(Math.abs(number(pasted, "exponent") - growth([1, -1.2, 0.5, 2], 0.8).mean) < 1e-12);
  await page.goBack();
  assert.ok(Math.abs(number(await result(), "exponent") - growth(CURVATURES, 0.8).mean) < 1e-9, "back is undo");
}));

test("a link by hash asks for its file and takes no other", visit(START, async ({ page, result }) => {
  await drop(page, "h.npy", readFileSync(file("curvatures.npy")));
  await read(page, /h\.npy: read as \.npy/);
  const there = await result();
  const link = new URL(page.url()).hash;
  // Another visit: nothing is kept from this one.
  await page.reload();
  await page.locator(".present.wanted", { hasText: "2000 numbers whose SHA-256 begins with" }).waitFor();
  await assert.rejects(result(), /2000 numbers/);
  await drop(page, "other.csv", readFileSync(file("curvatures.csv")));
  await read(page, /other\.csv holds other numbers than this link is about/);
  await drop(page, "mine.npy", readFileSync(file("curvatures.npy")));
  await read(page, /mine\.npy: read as/);
  assert.deepEqual(await result(), there);
  assert.equal(new URL(page.url()).hash, link);
}));

test("the sign is proved when asked, and the page says how long it took", visit(START, async ({ page, result }) => {
  await page.locator('[data-sample="curvatures.csv"]').click();
  await read(page, /read as/);
  assert.equal(interval(await result(), "certificate"), null);
  await page.getByRole("button", { name: "Prove the sign of Λ" }).click();
  await page.locator(".demand .count", { hasText: /^Done in \d+\.\d\d s\.$/ }).waitFor();
  const found = await result();
  const row = found.values.find((/** @type {any} */ one) => one.name === "certificate");
  assert.equal(row.value, Math.sign(growth(CURVATURES, 0.5).mean));
  assert.match(row.method, /whole numbers compared, \d+ bits/);
}));
