// Reads files of numbers with a module of the core of its own, loaded when a first file comes.

import { startWorker } from './trusted.js';

/** @typedef {import('./types.js').Loaded} Loaded */
/** @typedef {import('./types.js').Reading} Reading */

/** Larger files are read in a worker: the page must not stand still. */
const LARGE_BYTES = 500_000;

/** What a file's numbers are, or the sentence that says why not as an error.
 * @param {Loaded} loaded @param {Uint8Array<ArrayBuffer>} bytes @param {number[]} axes the numbers of axes that are taken
 * @param {string} meaning one of the meanings that an earlier reading of it offered; empty: the only one
 * @returns {Promise<Reading>} */
export function read(loaded, bytes, axes, meaning) {
  const taken = Uint32Array.from(axes);
  if (bytes.length < LARGE_BYTES) return Promise.resolve().then(() => loaded.core.read_table(bytes, taken, meaning));
  /** @type {Worker} */
  let worker;
  try {
    worker = startWorker();
  } catch {
    return Promise.resolve().then(() => loaded.core.read_table(bytes, taken, meaning));
  }
  return new Promise((/** @type {(reading: Reading) => void} */ resolve, reject) => {
    worker.addEventListener('message', ({ data }) => {
      if (data.ready) worker.postMessage({ read: { group: loaded.group, bytes, taken, meaning } });
      else if (data.reading) resolve(data.reading);
      else reject(new Error(data.error));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'The file could not be read.'));
    });
    worker.postMessage({ group: loaded.group, glue: loaded.glue, module: loaded.module });
  }).finally(() => worker.terminate());
}
