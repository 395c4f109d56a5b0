// Share, embed, cite, and the files of a figure: they open, they parse, and they say the same as the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { test } from "node:test";
import { LABS } from "./lab-names.mjs";
import { svgWithMetadata } from "../../www/components/export-text.js";
import { visits } from "./visit.mjs";

/** @typedef {import("./visit.mjs").Page} Page */

const visit = visits();
const LINK = "#phases?v=1&lr=0.5&a=-1.4&theme=dark";

/** @param {Page} page @param {string} kind */
async function download(page, kind) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(`#export-${kind}`).click()]);
  return { name: file.suggestedFilename(), body: readFileSync(await file.path()) };
}

/** Chunks of a PNG by the specification; a wrong checksum throws. @param {Buffer} png */
function chunks(png) {
  const table = Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  const found = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    const crc = body.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), -1) ^ -1;
    assert.equal(crc >>> 0, png.readUInt32BE(at + 8 + length), "checksum of a chunk");
    found.push({ name: body.toString("latin1", 0, 4), data: body.subarray(4) });
    at += 12 + length;
  }
  return found;
}

/** Lines of comment and rows of a CSV file (RFC 4180). @param {string} text */
function readCsv(text) {
  const lines = text.split("\r\n");
  assert.equal(lines.pop(), "", "the last line ends");
  const comments = lines.filter((line) => line.startsWith("# ")).map((line) => line.slice(2));
  const rows = lines.filter((line) => !line.startsWith("# ")).map((line) => {
    const cells = [];
    for (let rest = line; ;) {
      const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
      const plain = /^([^",]*)(,|$)/.exec(rest);
      const match = quoted ?? plain;
      assert.ok(match, line);
      cells.push(quoted ? { text: quoted[1].replaceAll('""', '"'), quoted: true } : { text: match[1], quoted: false });
      rest = rest.slice(match[0].length);
      if (match[2] === "") return cells;
    }
  });
  return { comments, rows };
}

test("PNG and SVG carry their link; a file's name is the lab and the parameters' short hash", visit(LINK, async ({ page, url }) => {
  const png = await download(page, "png");
  assert.match(png.name, /^saddlescope-phases-diagram-[0-9a-f]{8}\.png$/);
  const parts = chunks(png.body);
  assert.deepEqual([parts[0].name, parts.at(-1)?.name], ["IHDR", "IEND"]);
  const texts = Object.fromEntries(parts.filter(({ name }) => name === "tEXt").map(({ data }) => data.toString("latin1").split("\0")));
  assert.equal(texts.Source, url + LINK);
  assert.match(texts.Software, /^Saddlescope \d/);
  assert.deepEqual([parts[0].data.readUInt32BE(0), png.body.readUInt32BE(16)], [1600, 1600], "800 px twice as fine");
  const rows = inflateSync(Buffer.concat(parts.filter(({ name }) => name === "IDAT").map(({ data }) => data)));
  assert.equal(rows.length % png.body.readUInt32BE(20), 0, "whole rows");
  // The page is dark; the picture is not: its first pixel (after the byte that names the row's filter) is white.
  assert.deepEqual([...rows.subarray(1, 4)], [255, 255, 255]);

  const svg = await download(page, "svg");
  assert.equal(svg.name, png.name.replace("png", "svg"));
  // In a blank page: the policy of this one keeps text from being parsed.
  const sheet = await page.context().newPage();
  const found = await sheet.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const texts = [...parsed.querySelectorAll("text")].map((one) => one.textContent);
    return {
      error: parsed.querySelector("parsererror")?.textContent, source: parsed.querySelector("metadata")?.getElementsByTagName("dc:source")[0]?.textContent,
      title: parsed.querySelector("svg > title")?.textContent, description: (parsed.querySelector("svg > desc")?.textContent ?? "").length,
      font: parsed.documentElement.getAttribute("font-family")?.split(",")[0], words: texts.some((text) => text?.includes("learning rate")),
      fetches: parsed.querySelectorAll("script, style, foreignObject, image:not([href^='data:image/png'])").length,
    };
  }, svg.body.toString());
  assert.ok(found.description > 50);
  assert.deepEqual({ ...found, description: 0 }, {
    error: undefined, source: url + LINK, title: "Phases of SGD at a saddle: second value a against learning rate λ", description: 0,
    font: "system-ui", words: true, fetches: 0,
  });

  await sheet.close();
  await page.locator("#theme").click();
  assert.equal((await download(page, "svg")).name, svg.name, "a switch of the page is no parameter");
  await page.locator("#param-lr").fill("0.6");
  await page.locator("#param-lr").press("Enter");
  assert.notEqual((await download(page, "svg")).name, svg.name);
}));

test("CSV is what is drawn, with parameters and link; JSON is result() and the link", visit(LINK, async ({ page, url, result }) => {
  const { name, body } = await download(page, "csv");
  assert.match(name, /^saddlescope-phases-diagram-[0-9a-f]{8}\.csv$/);
  const { comments, rows } = readCsv(body.toString("utf8"));
  assert.ok(comments.includes(`link: ${url}${LINK}`));
  const { params, values, verdict } = await result();
  for (const [key, text] of Object.entries(params)) assert.ok(comments.includes(`${key} = ${text}`), key);
  const [heading, ...cells] = rows.map((row) => row.map(({ text }) => text));
  assert.deepEqual(heading, ["layer", "learning rate λ", "second value a", "Λ₊, nats per step", "Λ₋, nats per step", "phase"]);
  assert.ok(cells.every((row) => row.length === heading.length));
  // The reader's point is the last thing drawn; the pixel that it lies in has its phase, and nearly its exponents.
  const mark = cells.filter(([layer]) => layer.startsWith("mark")).at(-1);
  assert.deepEqual(mark?.slice(1, 3), [params.lr, params.a]);
  const pixels = cells.filter(([layer]) => layer === "pixel");
  assert.equal(pixels.length, 256 ** 2);
  const distance = (/** @type {string[]} */ row) => Math.hypot((Number(row[1]) - 0.5) / 3, (Number(row[2]) + 1.4) / 4);
  const here = pixels.reduce((best, row) => (distance(row) < distance(best) ? row : best));
  assert.equal(here[5], verdict.code);
  const value = (/** @type {string} */ wanted) => values.find((one) => one.name === wanted)?.value;
  assert.ok(Math.abs(Number(here[3]) - value("exponent_plus")) < 0.05 && Math.abs(Number(here[4]) - value("exponent_minus")) < 0.05, here.join());

  const json = await download(page, "json");
  assert.match(json.name, /^saddlescope-phases-[0-9a-f]{8}\.json$/);
  assert.deepEqual(JSON.parse(json.body.toString("utf8")), { ...(await result()), link: url + LINK });
  assert.ok(values.length > 0 && verdict.code);
}));

test("Python is the lab's script with the state in it", visit(LINK, async ({ page, url, result }) => {
  const { name, body } = await download(page, "py");
  assert.match(name, /^saddlescope-phases-[0-9a-f]{8}\.py$/);
  const script = body.toString("utf8");
  const { params } = await result();
  assert.ok(script.includes(`\nLINK = ${JSON.stringify(url + LINK)}\n`), script.slice(0, 2000));
  const [, state] = /** @type {RegExpExecArray} */ (/\nPARAMETERS = (.*)\n/.exec(script));
  assert.deepEqual(JSON.parse(state), params);
  assert.ok(script.includes('\nAXES = {"x": {"parameter": "lr", "min": 0, "max": 3, "log": False}, "y": {"parameter": "a", "min": -3, "max": 1, "log": False}}\n'));
  assert.ok(!script.includes("from laws import") && script.includes("def exponent("), "it is one file");
}));

for (const lab of LABS) test(`${lab}: each figure beside the main one is saved as PNG, SVG and CSV, named and with the link`, visit(`#${lab}`, async ({ page, url }) => {
  // The page is loaded before it has begun.
  await page.locator(".panel").first().waitFor();
  const panels = await page.locator(".panel").all();
  const names = new Set();
  for (const panel of panels) {
    const title = await panel.getAttribute("aria-label");
    const save = async (/** @type {string} */ kind) => {
      // Twelve files within two seconds: on a fast machine Chromium drops one that is asked for in the frame of the one before it.
      await page.waitForTimeout(300);
      await panel.locator(".menu summary").click();
      const [file] = await Promise.all([page.waitForEvent("download"), panel.locator(".menu button", { hasText: kind }).click()]);
      names.add(file.suggestedFilename());
      return readFileSync(await file.path());
    };
    const png = chunks(await save("PNG"));
    assert.equal(png[0].data.readUInt32BE(0), 1600);
    const source = png.find(({ name, data }) => name === "tEXt" && data.toString("latin1").startsWith("Source\0"));
    const link = source?.data.toString("latin1").split("\0")[1];
    assert.ok(link?.startsWith(`${url}#${lab}?v=`), link);
    const svg = (await save("SVG")).toString("utf8");
    assert.ok(svg.includes(`<dc:source>${link.replaceAll("&", "&amp;")}</dc:source>`) && svg.includes("<desc>"), svg.slice(0, 500));
    const { comments, rows } = readCsv((await save("CSV")).toString("utf8"));
    assert.ok(comments.includes(`link: ${link}`));
    assert.ok(rows[0].length >= 2 && rows.every((row) => row.length === rows[0].length), `${title}: ${rows[0].length} columns`);
  }
  assert.equal(names.size, 3 * panels.length, "no two files have one name");
}, { wait: false }));

test("a state's link stays inside the SVG's metadata", () => {
  const svg = svgWithMetadata('<svg a="1"><title>x</title></svg>', 'a&b"<', "m");
  assert.match(svg, /^<svg a="1">\n<metadata>.*<dc:source>a&amp;b&quot;&lt;<\/dc:source>/);
});

test("title and description follow the state", visit("#phases?v=1", async ({ page }) => {
  const head = () => page.evaluate(() => {
    const meta = (/** @type {string} */ which) => document.querySelector(`meta[${which}]`)?.getAttribute("content") ?? "";
    return { title: document.title, og: meta('property="og:title"'), description: meta('name="description"'), ogDescription: meta('property="og:description"'), image: meta('property="og:image"') };
  });
  const first = await head();
  assert.equal(first.title, "III collapse · Saddlescope");
  assert.match(first.description, /^When does SGD get stuck at a saddle\? SGD collapses/);
  await page.locator("#param-lr").fill("0.05");
  await page.locator("#param-lr").press("Enter");
  const second = await head();
  assert.notEqual(second.title, first.title);
  assert.notEqual(second.description, first.description);
  assert.deepEqual([second.og, second.ogDescription], [second.title, second.description]);
  await page.evaluate(() => { location.hash = "#labs"; });
  await page.waitForFunction(() => document.title === "Labs · Saddlescope");
  assert.match((await head()).description, /^Each lab answers one question/);
  // Big laws are computed by workers: the title follows when the number is there.
  await page.evaluate(() => { location.hash = "#phases?v=1&law=discrete&batch=200"; });
  await page.waitForFunction(() => /^(Ia|Ib|II|III|IV) .* · Saddlescope$/.test(document.title));
  const { status, type } = await page.evaluate(async (image) => {
    const answer = await fetch(image);
    return { status: answer.status, type: answer.headers.get("Content-Type") };
  }, first.image);
  assert.deepEqual([status, type], [200, "image/png"]);
}));

test("Share: the link to copy, by keyboard alone, and Escape gives the focus back", visit(LINK, async ({ page, url }) => {
  await page.locator("#share").focus();
  await page.keyboard.press("Enter");
  await page.locator("#share-dialog").waitFor();
  assert.equal(await page.locator("#share-link").inputValue(), url + LINK);
  await page.locator("#share-dialog .copy button").click();
  await page.locator("#share-dialog .message", { hasText: "Copied." }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url + LINK);
  await page.keyboard.press("Escape");
  await page.locator("#share-dialog").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.id), "share");
}, { permissions: ["clipboard-read", "clipboard-write"] }));

test("where the clipboard is denied the text is selected, to be copied by hand", visit(LINK, async ({ page, url }) => {
  await page.locator("#share").click();
  await page.locator("#share-dialog .copy button").click();
  await page.locator("#share-dialog .message", { hasText: "copy it by hand" }).waitFor();
  assert.equal(await page.evaluate(() => getSelection()?.toString()), url + LINK);
}, { prepare: (page) => page.addInitScript(() => {
  if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied", "NotAllowedError"));
}) }));

test("Embed: three switches, sizes, both snippets, and a preview that shows what they show", visit("#phases?v=1&lr=0.5", async ({ page, url }) => {
  await page.locator("#embed").click();
  const frame = page.locator("#embed-iframe");
  const element = page.locator("#embed-element");
  assert.equal(await element.inputValue(), `<script async src="${url}embed.js"></script>\n<saddle-scope lab="phases" v="1" lr="0.5" hide="nav,text"></saddle-scope>`);
  const preview = page.frameLocator("iframe.preview");
  await preview.locator("canvas").first().waitFor();
  assert.equal(await preview.locator("form.controls").isVisible(), true);
  assert.equal(await preview.locator("header.bar").isVisible(), false);
  await page.locator("#embed-figure").check();
  await preview.locator("form.controls").waitFor({ state: "hidden" });
  assert.equal(await preview.locator(".sides").isVisible(), false, "the figure alone, without those beside it");
  assert.equal(await preview.locator(".stage canvas").isVisible(), true);
  await page.locator("#embed-width").fill("480");
  await page.locator("#embed-height").fill("500");
  await page.locator("#embed-click").check();
  const made = await frame.inputValue();
  assert.ok(made.startsWith(`<iframe src="${url}#phases?v=1&amp;lr=0.5&amp;hide=nav,controls,text,presets,sides&amp;run=click" title="Saddlescope: `), made);
  assert.ok(made.includes('width="480" height="500" loading="lazy" allow="fullscreen; clipboard-write"'), made);
  assert.ok((await element.inputValue()).includes('hide="nav,controls,text,presets,sides" run="click" style="width: 480px"'));
  await page.locator("#embed-width").fill("50em");
  await page.locator("#embed-height").fill("99999");
  await page.locator("#embed-height").press("Enter");
  assert.equal(await page.locator("#embed-dialog .message").innerText(),
    "Width: “50em” is neither 200 to 9999 pixels nor 1% to 100%; 100% is used. Height: “99999” is not 200 to 5000 pixels; 640 is used.");
  assert.ok((await frame.inputValue()).includes('width="100%" height="640"'));
  assert.equal(await page.locator("#embed-width").getAttribute("aria-invalid"), "true");
  await page.locator("#embed-everything").check();
  assert.ok(!(await frame.inputValue()).includes("hide="));
  await preview.locator("header.bar").waitFor();
}));

test("a state that is not finished is cited by its question, not as being computed", visit("#network?v=1&run=click", async ({ page }) => {
  const question = await page.locator("h1").innerText();
  await page.locator("#cite").click();
  assert.ok((await page.locator("#cite-state-text").inputValue()).includes(`: ${question}. `));
  await page.keyboard.press("Escape");
  await page.locator("#embed").click();
  assert.ok((await page.locator("#embed-iframe").inputValue()).includes(`title="Saddlescope: ${question}"`));
}, { wait: false }));

test("a state whose text holds quotes stays inside the snippet", visit("#phases?v=1&law=discrete&values=1,-1&probs=0.5,0.5", async ({ page }) => {
  await page.locator("#embed").click();
  const text = await page.locator("#embed-element").inputValue();
  assert.ok(text.includes('values="1,-1" probs="0.5,0.5"'), text);
}));

test("Cite: the paper and the software from CITATION.cff, and this state", visit(LINK, async ({ page, url }) => {
  await page.locator("#cite").click();
  const value = (/** @type {string} */ id) => page.locator(`#cite-${id}`).inputValue();
  assert.match(await value("paper-bibtex"), /^@misc\{ziyin2024,\n  title +=.*Type-II Saddles.*\n  author +=.*Ziyin, Liu and Li, Botao and Galanti, Tomer and Ueda, Masahito/);
  const cff = readFileSync(new URL("../../CITATION.cff", import.meta.url), "utf8");
  const version = /** @type {RegExpExecArray} */ (/^version: (.*)$/m.exec(cff))[1];
  assert.ok((await value("software-bibtex")).includes(`{${version}}`));
  assert.ok((await value("state-bibtex")).includes(`\\url{${url}${LINK}}`));
  assert.ok((await value("state-text")).includes(url + LINK));
}));

test("dialogs fit a narrow screen, and a press beside one closes it", visit("", async ({ page }) => {
  for (const id of ["share", "embed", "cite"]) {
    await page.locator(`#${id}`).click();
    const box = await page.locator("dialog").boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 320, `${id} is ${JSON.stringify(box)}`);
    const wide = await page.locator("dialog").evaluate((one) => one.scrollWidth - one.clientWidth);
    assert.ok(wide <= 0, `${id} scrolls sideways by ${wide} px`);
    await page.mouse.click(2, 2);
    await page.locator("dialog").waitFor({ state: "detached" });
  }
}, { viewport: { width: 320, height: 700 } }));

test("with storage blocked the page works", visit("", async ({ page, result }) => {
  assert.equal((await result()).verdict.code, "III");
  await page.waitForTimeout(500);
}, { prepare: (page) => page.addInitScript(() => {
  const refuse = () => { throw new DOMException("denied", "SecurityError"); };
  for (const name of ["localStorage", "sessionStorage", "caches", "indexedDB"]) Object.defineProperty(window, name, { get: refuse });
  Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => ({ controller: null, register: () => Promise.reject(new DOMException("denied", "SecurityError")), addEventListener: () => {} }) });
}) }));
