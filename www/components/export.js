// Copying the link, and the figure as PNG or SVG.

import { element } from './element.js';

/** @typedef {import('../state.js').State} State */

const EXPORT_WIDTH = 800;
const PNG_RATIO = 2;

/** @typedef {{text: string, id: string, title: string, run: () => void}} Action */

/** @param {string} name @param {Blob} blob */
function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** What makes files of a figure. @param {State} state @param {string} figure @param {(sentence: string) => void} say @returns {Action[]} */
export function exportActions(state, figure, say) {
  const name = (/** @type {string} */ ending) => `saddlescope-${state.session.lab()}-${figure}.${ending}`;
  const png = () => {
    const canvas = document.createElement('canvas');
    state.session.picture(canvas, figure, EXPORT_WIDTH, PNG_RATIO);
    canvas.toBlob((blob) => {
      if (blob) download(name('png'), blob);
      else say('The browser could not make a PNG of this figure; SVG works without it.');
    }, 'image/png');
  };
  const svg = () => download(name('svg'), new Blob([state.session.svg(figure, EXPORT_WIDTH)], { type: 'image/svg+xml' }));
  return [
    { id: 'export-png', text: 'PNG', title: 'The figure as a picture, 1600 px wide', run: png },
    { id: 'export-svg', text: 'SVG', title: 'The figure as vector graphics, text as text', run: svg },
  ];
}

/** The buttons of the main figure. @param {State} state @param {string} figure @param {(sentence: string) => void} say */
export function exportButtons(state, figure, say) {
  const copyLink = async () => {
    const link = state.link();
    try {
      await navigator.clipboard.writeText(link);
      say('The link to exactly this state is on the clipboard.');
    } catch {
      say(`The browser does not let this page use the clipboard. The link: ${link}`);
    }
  };
  return element('div', { class: 'export', role: 'group', 'aria-label': 'Share' }, [
    element('button', { type: 'button', id: 'copy-link', text: 'Copy link', onclick: copyLink }),
    ...exportActions(state, figure, say).map(({ id, text, title, run }) => element('button', { type: 'button', id, text, title, onclick: run })),
  ]);
}
