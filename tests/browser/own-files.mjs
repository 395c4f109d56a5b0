// Files brought to the page by dropping, and what tests of a reader's own numbers know of them.
import { readFileSync } from "node:fs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./visit.mjs").Result} Result */

/** The values in a .npy file of doubles among the samples. @param {string} name */
export function npy(name) {
  const bytes = readFileSync(new URL(`../../www/examples/${name}`, import.meta.url));
  const start = 10 + bytes.readUInt16LE(8);
  return Array.from({ length: (bytes.length - start) / 8 }, (_, i) => bytes.readDoubleLE(start + 8 * i));
}

/** What Student's interval is made of. @param {number[]} h @param {number} lr */
export function growth(h, lr) {
  const logs = h.map((value) => Math.log(Math.abs(1 - lr * value)));
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (logs.length - 1);
  return { mean, error: Math.sqrt(variance / logs.length) };
}

/** @param {Page} page @param {string} name @param {Buffer} buffer @param {string} [target] where it is dropped */
export async function drop(page, name, buffer, target = ".own-data") {
  const transfer = await page.evaluateHandle(([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return data;
  }, [name, buffer.toString("base64")]);
  await page.dispatchEvent(target, "dragover", { dataTransfer: transfer });
  await page.dispatchEvent(target, "drop", { dataTransfer: transfer });
}

/** Waits for what the page says of a file. @param {Page} page @param {RegExp} sentence */
export const read = (page, sentence) => page.locator(".data-message", { hasText: sentence }).waitFor();

/** A number of a result with its error and method. @param {Result} result @param {string} name */
export const row = (result, name) => /** @type {import("./visit.mjs").Quantity} */ (result.values.find((one) => one.name === name));
