// The start of the one-file page: unpacks what is written in it (examples/pages/bundle.rs). Its one module has every lab.

import * as core from 'glue';
import { explain } from './explain.js';
import { Modules } from './modules.js';

/** The bytes that digits to the base 85 stand for, five digits for four bytes. @param {string} digits */
function bytes(digits) {
  const found = new Uint8Array(Math.floor((digits.length * 4) / 5));
  for (let from = 0, to = 0; from < digits.length; from += 5) {
    let word = 0;
    for (let at = from; at < from + 5; at += 1) {
      const code = at < digits.length ? digits.charCodeAt(at) : 124;
      word = word * 85 + (code === 125 ? 60 : code) - 40;
    }
    for (let place = 24; place >= 0 && to < found.length; place -= 8) {
      found[to] = (word / 2 ** place) & 255;
      to += 1;
    }
  }
  return found;
}

/** What an element of the page holds. @param {string} id */
function unpacked(id) {
  const packed = new Blob([bytes(document.getElementById(id)?.textContent ?? '')]);
  return new Response(packed.stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer();
}

try {
  const files = JSON.parse(new TextDecoder().decode(await unpacked('bundle-files')));
  const worker = URL.createObjectURL(new Blob([files['worker.js']], { type: 'text/javascript' }));
  /** @type {any} */ (globalThis).saddlescopeBundle = { worker, files };
  const module = await WebAssembly.compile(await unpacked('bundle-wasm'));
  core.initSync({ module });
  const loaded = { group: LABS[0].group, glue: 'inside', module, core };
  const { start } = await import('./main.js');
  start(new Modules(async () => loaded), loaded);
} catch (error) {
  explain(error, 'Chrome 91, Firefox 113, Safari 16.4');
  throw error;
}
