// Links of every kind: broken ones warn and work, switches hide and darken, the link that is copied comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { colours, field, number, PHASES, visits } from "./visit.mjs";

const visit = visits();
const warnings = (/** @type {import("./visit.mjs").Page} */ page) => page.locator(".problems li").allInnerTexts();

/** Link, its warnings, and parameters that it ends with. */
const BROKEN = /** @type {const} */ ([
  ["#phases?v=99&lr=0.5", ["v: “99” is not a version this page knows (it knows 1); the defaults are used instead."], { lr: "0.8" }],
  ["#phases?v=1&lr=banana&a=-0.5", ["lr: “banana” is not a number from 0.001 to 100; 0.8 is used instead."], { lr: "0.8", a: "-0.5" }],
  ["#phases?v=1&lr=NaN", ["lr: “NaN” is not a number from 0.001 to 100; 0.8 is used instead."], {}],
  ["#phases?v=1&colour=red&batch=2.5", ["colour: there is no such parameter; it was ignored.",
    "batch: “2.5” is not a whole number from 1 to 4096; 1 is used instead."], {}],
  ["#phases?v=1&q=0.1&q=0.2", ["q: given more than once; the last one counts."], { q: "0.2" }],
  ["#phases?v=1&x0=2&x1=1", ["x0, x1: the axis cannot run from 2 to 1; 0 to 3 is used instead."], { x0: "" }],
  ["#phases?v=1&law=discrete&values=1,x&probs=1", /entry 2, “x” is not a number/, { law: "discrete" }],
  ["#phases?v=1&law=discrete&values=1,2&probs=0.5,0.4", /0\.9/, { values: "1,0.2,-0.9" }],
  ["#phases?v=1&law=gaussian&y=noise", /^y: /, { y: "" }],
  [`#phases?v=1&a=${"9".repeat(20000)}`, /at most 16384 are read/, { a: "-0.9" }],
  ["#phases?%%%&&&=&", /.*/, { lr: "0.8" }],
]);

test("a bad link says what was wrong and what was used, and the page works", visit("", async ({ page, go }) => {
  for (const [link, wanted, params] of BROKEN) {
    const result = await go(link);
    const found = await warnings(page);
    if (wanted instanceof RegExp) assert.match(found.join("\n"), wanted, link);
    else assert.deepEqual(found, wanted, link);
    assert.ok(found.length > 0 && await page.locator(".problems").isVisible(), link);
    for (const [key, value] of Object.entries(params)) assert.equal(result.params[key], value, `${link}: ${key}`);
    assert.equal(await page.locator("h2.verdict").isVisible(), true);
  }
  assert.ok((await colours(page))[PHASES.Ib] > 0.01);
}));

test("Reset on a bad link whose state is the default's puts the default's link into the address, without an entry", visit("#phases?v=1&lr=banana", async ({ page, go }) => {
  const entries = await page.evaluate(() => history.length);
  await page.locator("#reset").click();
  assert.equal(await page.evaluate(() => location.hash), "#phases?v=1");
  assert.deepEqual(await warnings(page), []);
  assert.equal(await page.evaluate(() => history.length), entries);
  // An address without a fault is left as it is.
  await go("");
  await page.locator("#reset").click();
  assert.equal(await page.evaluate(() => location.hash), "");
}));

test("a link of a megabyte gets a sentence, whatever it is about", visit("", async ({ page, result }) => {
  for (const start of ["#phases?v=1&lr=0.5&a=", "#phases?", "#", "#nowhere", "#phases?v=1&law=discrete&values="]) {
    await page.evaluate((text) => { location.hash = text + "1,".repeat(500_000); }, start);
    const sentence = page.locator(".problems li").first();
    await sentence.waitFor();
    assert.match(await sentence.innerText(), /at most 16384 are read|There is no lab “/, start);
    assert.ok((await page.locator("main").innerText()).length < 20_000, "the page does not repeat it");
    await page.evaluate(() => { location.hash = "#phases?v=1&lr=0.25"; });
    assert.equal((await result()).params.lr, "0.25");
  }
}));

test("HTML in a link stays text", visit("#phases?v=1&lr=<img src=x onerror=alert(1)>&<script>alert(2)</script>=1&theme=\"><b>x", async ({ page }) => {
  const text = (await warnings(page)).join("\n");
  assert.match(text, /“<img src=x onerror=alert\(1\)>” is not a number/);
  assert.match(text, /<script>alert\(2\)<\/scr/);
  const injected = await page.evaluate(() => document.querySelectorAll("main img, main script, .problems b, .problems *:not(li)").length);
  assert.equal(injected, 0);
}));

test("a link typed over the present one, and the name of the page, open that state", visit("#phases?v=1&lr=2", async ({ page, result }) => {
  await page.evaluate(() => { location.hash = "#phases?v=1&lr=0.25&batch=banana"; });
  await page.locator(".problems li").waitFor();
  assert.deepEqual([(await result()).params.lr, await field(page, "lr")], ["0.25", "0.25"]);
  await page.locator("header .name").click();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("param-lr")).value === "0.8");
  assert.deepEqual(await warnings(page), []);
}));

test("a state with every kind of value survives its own link", visit("#phases?v=1&law=discrete&values=1e-7,-2.5,3&probs=0.25,0.25,0.5&batch=3&seed=9007199254740991&xlog=1&x0=0.01&theme=dark", async ({ page, result, go }) => {
  const first = await result();
  assert.deepEqual(await warnings(page), []);
  await page.locator("#copy-link").click();
  const said = await page.locator(".message").innerText();
  const link = said.slice(said.indexOf("http"));
  assert.match(said, /^The browser does not let this page use the clipboard\. The link: http:/, "without permission the link is shown");
  await page.goto("about:blank");
  assert.deepEqual(await go(link.slice(link.indexOf("#"))), first);
}, { prepare: (page) => page.addInitScript(() => {
  // about:blank has none.
  if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied", "NotAllowedError"));
}) }));

test("the link is copied where that is allowed", visit("#phases?v=1&lr=0.5&a=-1.4", async ({ page, url, result }) => {
  await page.locator("#copy-link").click();
  await page.locator(".message", { hasText: "on the clipboard" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${url}#phases?v=1&lr=0.5&a=-1.4`);
  await page.locator("#param-lr").press("ArrowUp");
  assert.equal(await page.locator(".message").innerText(), "", "what was said of the state before is taken back");

  await page.locator("dd[data-name=exponent_plus] .value").selectText();
  await page.keyboard.press("Control+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, String(number(await result(), "exponent_plus")), "a number is copied in full, with an ASCII minus");
}, { permissions: ["clipboard-read", "clipboard-write"] }));

test("hide=… hides each part and nothing else", visit("", async ({ page, go }) => {
  const parts = { nav: "header.bar", controls: "form.controls", text: ".words", presets: ".presets", sides: ".sides" };
  for (const hidden of [["nav"], ["controls"], ["text"], ["presets"], ["sides"], Object.keys(parts)]) {
    await go(`#phases?v=1&hide=${hidden.join(",")}`);
    for (const [part, selector] of Object.entries(parts)) {
      assert.equal(await page.locator(selector).isVisible(), !hidden.includes(part), `${part} with hide=${hidden}`);
    }
    assert.equal(await page.locator(".stage canvas").isVisible(), true);
    assert.equal(await page.locator("h1").isVisible(), !hidden.includes("text"));
  }
}));
