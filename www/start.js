// The first script of the page: loads the module that the link needs, and everything else beside it.

import { Modules, loadBuilt } from './modules.js';

/** All labs with their groups, from the build. @type {import('./types.js').LabEntry[]} */
const LABS = [];

/** @type {any} */ (globalThis).saddlescopeStarts = true;

/** @param {unknown} error */
function explain(error) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = `Saddlescope could not start: ${error instanceof Error ? error.message : error}. `
    + 'It needs a browser with WebAssembly SIMD (Chrome 91, Firefox 89, Safari 16.4 or newer).';
  document.body.prepend(message);
}

try {
  const modules = new Modules(LABS, loadBuilt);
  const { group } = modules.labOf(location.hash) ?? LABS[0];
  const [loaded, main] = await Promise.all([modules.load(group), import('./main.js')]);
  main.start(modules, loaded);
} catch (error) {
  explain(error);
  throw error;
}
