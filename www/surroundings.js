// What ties the page to what is around it: the dialogs of its header, the page it is a frame of, the browser that
// keeps it for times without a network. All of it is loaded when it is first wanted.

import { framed } from './budget.js';
import { write } from './components/element.js';

/** @typedef {import('./state.js').State} State */

/** @param {State} state @param {string} version */
export function joinSurroundings(state, version) {
  const line = document.getElementById('said');
  const say = (/** @type {string} */ sentence) => { if (line) write(line, sentence); };
  const offer = (/** @type {string} */ id, /** @type {() => Promise<void>} */ open) => {
    document.getElementById(id)?.addEventListener('click', () => {
      open().catch((error) => say(`This dialog could not be loaded (${error instanceof Error ? error.message : error}).`));
    });
  };
  offer('share', async () => (await import('./later.js')).openShare(state));
  offer('embed', async () => (await import('./later.js')).openEmbed(state));
  offer('cite', async () => (await import('./later.js')).openCitation(state, version));

  // A frame leaves no trace in the reader's browser.
  if (framed) import('./later.js').then(({ joinParent }) => joinParent(state, version));
  else {
    const keep = () => import('./later.js').then(({ keepForOffline }) => keepForOffline(say));
    if ('requestIdleCallback' in window) requestIdleCallback(keep, { timeout: 10_000 });
    else setTimeout(keep, 2000);
  }
}
