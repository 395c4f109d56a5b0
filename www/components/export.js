// Copying the link, and the buttons that make files of a figure; the code behind those is loaded when first wanted.

import { element } from './element.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('./export-files.js').Kind} Kind */

/** @typedef {{text: string, id: string, title: string, run: () => void}} Action */

/** @type {{kind: Kind, text: string, title: string}[]} */
const FILES = [
  { kind: 'png', text: 'PNG', title: 'The figure as a picture, 1600 px wide' },
  { kind: 'svg', text: 'SVG', title: 'The figure as vector graphics, text as text' },
  { kind: 'csv', text: 'CSV', title: 'The numbers that are drawn, as a table' },
  { kind: 'json', text: 'JSON', title: 'Every parameter and every number at the point' },
  { kind: 'py', text: 'Python', title: 'A script that computes the same numbers by another route, with NumPy and SciPy' },
];

/** What makes files of the figure that is shown. @param {State} state @param {{id: string}} shown @param {(sentence: string) => void} say @returns {Action[]} */
export function exportActions(state, shown, say) {
  const save = async (/** @type {Kind} */ kind) => {
    try {
      const { exportFile } = await import('../later.js');
      await exportFile(state, shown.id, kind);
    } catch (error) {
      say(`The file could not be made: ${error instanceof Error ? error.message : error}.`);
    }
  };
  return FILES.map(({ kind, text, title }) => ({ id: `export-${kind}`, text, title, run: () => save(kind) }));
}

/** The buttons of the main figure. @param {State} state @param {{id: string}} shown @param {(sentence: string) => void} say */
export function exportButtons(state, shown, say) {
  const copyLink = async () => {
    const link = state.link() || `#${state.session.fragment()}`;
    try {
      await navigator.clipboard.writeText(link);
      say('The link to exactly this state is on the clipboard.');
    } catch {
      say(`The browser does not let this page use the clipboard. The link: ${link}`);
    }
  };
  return element('div', { class: 'export', role: 'group', 'aria-label': 'Share' }, [
    element('button', { type: 'button', id: 'copy-link', text: 'Copy link', onclick: copyLink }),
    ...exportActions(state, shown, say).map(({ id, text, title, run }) => element('button', { type: 'button', id, text, title, onclick: run })),
  ]);
}
