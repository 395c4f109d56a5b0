// Copying the link, and the buttons that make files of a figure; the code behind those is loaded when first wanted.

import { element } from './element.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('./export-files.js').Kind} Kind */

/** @type {{kind: Kind, text: string, title: string}[]} */
const FILES = [
  { kind: 'png', text: 'PNG', title: 'The figure as a picture, 1600 px wide' },
  { kind: 'svg', text: 'SVG', title: 'The figure as vector graphics, text as text' },
  { kind: 'csv', text: 'CSV', title: 'The numbers that are drawn, as a table' },
  { kind: 'json', text: 'JSON', title: 'Every parameter and every number at the point' },
];

/** @param {State} state @param {string} figure @param {(sentence: string) => void} say */
export function exportButtons(state, figure, say) {
  const copyLink = async () => {
    const link = state.link() || `#${state.session.fragment()}`;
    try {
      await navigator.clipboard.writeText(link);
      say('The link to exactly this state is on the clipboard.');
    } catch {
      say(`The browser does not let this page use the clipboard. The link: ${link}`);
    }
  };
  const save = async (/** @type {Kind} */ kind) => {
    try {
      const { exportFile } = await import('./export-files.js');
      await exportFile(state, figure, kind);
    } catch (error) {
      say(`The file could not be made: ${error instanceof Error ? error.message : error}.`);
    }
  };
  return element('div', { class: 'export', role: 'group', 'aria-label': 'Share' }, [
    element('button', { type: 'button', id: 'copy-link', text: 'Copy link', onclick: copyLink }),
    ...FILES.map(({ kind, text, title }) => element('button', { type: 'button', id: `export-${kind}`, text, title, onclick: () => save(kind) })),
  ]);
}
