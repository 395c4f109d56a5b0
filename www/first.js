// A short classic script that nothing waits for: asks for the module of the link's lab while the page is still being read.

import { groupOf } from './groups.js';

if (!('saddlescopeStarts' in globalThis)) {
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const address = new URL(`${groupOf(location.hash)}_bg.wasm`, src).href;
  const answer = fetch(address);
  // Whoever takes the answer hears of a failure.
  answer.catch(() => {});
  /** @type {any} */ (globalThis).saddlescopeAhead = { address, answer };
  const glue = document.createElement('link');
  glue.rel = 'modulepreload';
  glue.href = address.replace('_bg.wasm', '.js');
  document.head.append(glue);
}
