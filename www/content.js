// Content that links and labs name by its hash: files that the page fetches, numbers that the reader brought. It is held here
// for every instance of the core, the page's own and the workers', which each ask for what they lack.

import { builtBytes } from './bundle.js';

/** @typedef {import('./types.js').Core} Core */
/** @typedef {import('./types.js').Session} Session */
/** @typedef {Float64Array<ArrayBuffer>|Uint8Array<ArrayBuffer>} Content */

/** Most bytes held: what was held longest ago goes, and is fetched or asked for again. */
const MOST_BYTES = 256 * 2 ** 20;

/** @type {Map<string, Content>} */
const held = new Map();

/** Holds a content under the hash that the core gave it. @param {string} hash @param {Content} content */
export function hold(hash, content) {
  held.delete(hash);
  held.set(hash, content);
  let size = [...held.values()].reduce((sum, one) => sum + one.byteLength, 0);
  for (const [oldest, one] of held) {
    if (size <= MOST_BYTES || oldest === hash) break;
    held.delete(oldest);
    size -= one.byteLength;
  }
}

/** What is held of these. @param {string[]} hashes @returns {Content[]} */
export function heldOf(hashes) {
  return hashes.flatMap((hash) => held.get(hash) ?? []);
}

/** @type {Map<string, Promise<void>>} */
const underWay = new Map();

/** Brings what the present state lacks, as far as the page can: what is held or can be fetched. `came` is called when that
 * changed the state, `failed` with a sentence when a file cannot be had.
 * @param {Core} core @param {Session} session @param {() => void} came @param {(sentence: string) => void} failed */
export function supply(core, session, came, failed) {
  const lacking = session.contents().filter((one) => !one.held);
  const here = heldOf(lacking.map((one) => one.hash));
  if (here.length > 0) {
    for (const content of here) {
      if (content instanceof Float64Array) core.keep_numbers(content);
      else core.keep_bytes(content);
    }
    session.content_came();
    came();
  }
  for (const { hash, file } of lacking) {
    if (!file || held.has(hash) || underWay.has(hash)) continue;
    const fetching = fetchAsset(core, hash, file).then(() => {
      session.content_came();
      came();
    }, (error) => failed(`The file ${file} could not be loaded: ${error instanceof Error ? error.message : error}.`));
    underWay.set(hash, fetching.finally(() => underWay.delete(hash)));
  }
}

/** @param {Core} core @param {string} hash @param {string} file */
async function fetchAsset(core, hash, file) {
  const bytes = await builtBytes(`assets/${file}`);
  const found = core.keep_bytes(bytes);
  if (found !== hash) throw new Error(`its SHA-256 is ${found}, not ${hash}`);
  hold(hash, bytes);
}
