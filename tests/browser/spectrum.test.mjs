// The lab `spectrum` on the page: numbers of closed forms for presets, a drag, and a run made longer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { centre, drawn, field, number, printed, visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Result} Result */

const visit = visits();
const error = (/** @type {Result} */ result, /** @type {string} */ name) =>
  /** @type {number} */ (result.values.find((value) => value.name === name)?.standardError);

/** A simulated number within four standard errors of the exact one. @param {Result} result @param {string} name @param {number} exact */
function agrees(result, name, exact) {
  const [value, room] = [number(result, name), 4 * error(result, name)];
  assert.ok(room > 0 && Math.abs(value - exact) <= room, `${name}: ${value} ± ${room / 4}, exact ${exact}`);
}

test("closed forms: the circle, Fibonacci, Newman; limits of Gaussian inputs", visit("#spectrum", async ({ page, result, go }) => {
  const circle = await result();
  assert.equal(circle.lab, "spectrum");
  agrees(circle, "spectrum_1", Math.log(0.65));
  agrees(circle, "spectrum_2", Math.log(0.3) - Math.log(0.65));
  assert.ok(Math.abs(number(circle, "exponent_sum") - Math.log(0.3)) < 1e-12);
  assert.equal(circle.verdict.code, "attractive");
  assert.match(await printed(page, "spectrum_1"), /^−0\.4\d+ ± 0\.00/);

  const fibonacci = await go("#spectrum?v=1&law=fibonacci");
  agrees(fibonacci, "spectrum_1", Math.log(1.13198824879));
  assert.deepEqual([fibonacci.verdict.code, number(fibonacci, "gd_limit")], ["repulsive", undefined]);

  // digamma at 4 and ½
  const newman = await go("#spectrum?v=1&law=gaussian&dim=8");
  agrees(newman, "spectrum_1", (Math.log(2) + 1.2561176684318005) / 2);
  agrees(newman, "spectrum_8", (Math.log(2) - 1.9635100260214235) / 2);

  const gaussian = await go("#spectrum?v=1&input_law=gaussian&dim=2&lr=0.7");
  assert.ok(Math.abs(number(gaussian, "mean_square_limit") - 0.5) < 1e-9);
  assert.ok(Math.abs(number(gaussian, "gd_limit") - 2) < 1e-9);
  assert.ok(number(gaussian, "mean_square_radius") > 1);
  assert.equal(gaussian.verdict.code, "attractive");

  const neuron = await go("#spectrum?v=1&law=neuron&input_law=gaussian&lr=0.4");
  assert.deepEqual([neuron.verdict.code, number(neuron, "mean_square_limit")], ["repulsive", null]);
  assert.ok(number(neuron, "spectrum_12") < 0 && error(neuron, "spectrum_12") > 0);
}));

test("dragging on the figure sets λ, and the finished numbers are those of the new rate", visit("#spectrum?v=1&steps=4000", async ({ page, result }) => {
  await result();
  const from = await centre(page.locator(".stage .handle").first());
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y - 20, { steps: 5 });
  await page.mouse.up();
  const lr = Number(await field(page, "lr"));
  assert.ok(lr > 0.8 && lr < 1.2, `λ = ${lr}`);
  const moved = await result();
  assert.equal(moved.params.lr, String(lr));
  agrees(moved, "spectrum_1", Math.log((1 + Math.abs(1 - lr)) / 2));
}));

test("another source of matrices may have another main figure: picture, handle, zoom, table and files follow", visit("#spectrum?v=1&steps=4000", async ({ page, result }) => {
  await result();
  const stage = page.locator(".stage");
  const shown = async () => ({
    figure: await stage.locator(".figure").getAttribute("data-figure"),
    title: await stage.locator("canvas").getAttribute("aria-label"),
    handle: await stage.locator(".handle").first().isVisible(),
    zoom: await page.locator(".tools .zoom").isVisible(),
    column: await page.locator(".data th").first().textContent(),
    twice: await page.evaluate(() => {
      const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
      return ids.filter((id, at) => ids.indexOf(id) !== at);
    }),
  });
  const picture = () => stage.locator("canvas").evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  await page.locator("main > details.data summary").click();
  const sgd = { figure: "spectrum", title: "", handle: true, zoom: true, column: "", twice: [] };
  const first = await shown();
  assert.deepEqual({ ...first, title: "", column: "" }, sgd);
  const before = await picture();

  await page.locator("#param-law").focus();
  await page.locator("#param-law").selectOption("fibonacci");
  await result();
  await drawn(page);
  assert.deepEqual(await shown(), { figure: "ladder", title: "All exponents of the product", handle: false, zoom: false, column: "i", twice: [] });
  assert.notEqual(await picture(), before);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "param-law");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#export-svg").click()]);
  const svg = readFileSync(await file.path(), "utf8");
  assert.match(svg, /number i of the exponent/);

  await page.locator("#param-law").selectOption("regression");
  await result();
  await drawn(page);
  assert.deepEqual(await shown(), first);
  assert.equal(await picture(), before);
  const lr = Number(await field(page, "lr"));
  await stage.locator(".handle").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(Number(await field(page, "lr")) > lr);
  // A title that says the rate follows it once its figure is seen.
  await page.locator(".sides").scrollIntoViewIfNeeded();
  await page.locator(".sides h2", { hasText: /All exponents at λ = (?!0\.7000)/ }).waitFor();
  const names = await page.locator(".panel").evaluateAll((panels) => panels.map((panel) =>
    [panel.querySelector("h2")?.textContent, panel.getAttribute("aria-label"), panel.querySelector("summary")?.getAttribute("aria-label")]));
  for (const [title, name, more] of names) assert.deepEqual([name, more], [title, `More: ${title}`]);
}));

test("more steps continue the run: only what is new is computed, and the error shrinks", visit("#spectrum?v=1&dim=4&steps=8000", async ({ page, result }) => {
  const short = await result();
  await page.evaluate(() => {
    const all = /** @type {any} */ (window);
    all.asked = [];
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = /** @param {any} message @param {any} [rest] */ function postMessage(message, rest) {
      if (message.job === "run") all.asked.push(message.shard);
      return send.call(this, message, rest);
    };
  });
  await page.locator("#param-steps").fill("100000");
  await page.locator("#param-steps").press("Enter");
  const long = await result();
  const asked = await page.evaluate(() => /** @type {any} */ (window).asked);
  assert.ok(asked.length > 0 && Math.min(...asked) > 5, `asked for ${asked}`);
  assert.ok(number(long, "steps_done") >= 100_000 && number(short, "steps_done") < 11_000);
  assert.ok(error(long, "spectrum_1") < 0.5 * error(short, "spectrum_1"));
}));
