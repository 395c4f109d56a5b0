// The first script of the page: loads the module that the link needs, and everything else beside it. It does not wait for
// the page to be parsed, so that the module is on its way at once.

import { explain } from './explain.js';
import { groupOf } from './groups.js';
import { Modules, loadBuilt } from './modules.js';

/** @type {any} */ (globalThis).saddlescopeStarts = true;

const parsed = new Promise((/** @type {(nothing: void) => void} */ done) => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => done());
  else done();
});

try {
  const modules = new Modules(loadBuilt);
  const [loaded, main] = await Promise.all([modules.load(groupOf(location.hash)), import('./main.js'), parsed]);
  main.start(modules, loaded);
} catch (error) {
  await parsed;
  explain(error, 'Chrome 91, Firefox 89, Safari 16.4');
  throw error;
}
