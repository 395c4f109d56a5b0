// How to cite: the paper, the software, and exactly this state. The build converts CITATION.cff, the one source.

import { builtText } from '../bundle.js';
import { element } from './element.js';
import { titleOf } from './head.js';
import { copyField, openDialog } from './dialog.js';
import { shortHash } from './export-text.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {{bibtex: string, text: string}} Citation */

/** A text inside braces, with the signs that TeX reads as its own. @param {string} text */
export const tex = (text) => text.replace(/[\\{}]/g, '').replace(/[&%$#_]/g, (sign) => `\\${sign}`)
  .replace(/\^/g, '\\^{}').replace(/~/g, '\\~{}').replace(/−/g, '--');

/** This state as an entry of its own. @param {{title: string, link: string, version: string, key: string, date: Date}} what @returns {Citation} */
export function stateCitation({ title, link, version, key, date }) {
  const day = `${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, '0')}-${String(date.getUTCDate()).padStart(2, '0')}`;
  return {
    bibtex: `@misc{${key},\n  title        = {Saddlescope: ${tex(title)}},\n  author       = {{The Saddlescope contributors}},\n`
      + `  year         = {${day.slice(0, 4)}},\n  howpublished = {\\url{${link}}},\n  note         = {Saddlescope ${version}, state seen on ${day}}\n}\n`,
    text: `The Saddlescope contributors. Saddlescope ${version}: ${title}. ${link} (seen on ${day}).`,
  };
}

/** @param {State} state @param {string} version */
export async function openCitation(state, version) {
  /** @type {{papers: Record<string, Citation>, paper: Citation, software: Citation}} */
  const built = JSON.parse(await builtText('citation.json'));
  const { session } = state;
  const fragment = session.fragment();
  const title = titleOf(session);
  const here = stateCitation({ title, link: state.link() || `#${fragment}`, version, key: `saddlescope-${session.lab()}-${shortHash(fragment)}`, date: new Date() });
  const lab = state.core.labs().find(({ id }) => id === session.lab());
  const paper = built.papers[lab?.paper.arxiv ?? ''] ?? built.paper;
  /** @type {(sentence: string) => void} */
  let say = () => {};
  const sections = /** @type {[string, string, Citation][]} */ ([
    ['paper', 'The paper', paper], ['software', 'This software', built.software], ['state', 'Exactly this state', here],
  ]).flatMap(([id, heading, { bibtex, text }]) => {
    const plain = copyField(`cite-${id}-text`, 'Text', () => say, 3);
    const entry = copyField(`cite-${id}-bibtex`, 'BibTeX', () => say, 7);
    plain.show(text);
    entry.show(bibtex);
    return [element('h3', { text: heading }), plain.root, entry.root];
  });
  say = openDialog('cite-dialog', 'Cite', sections).say;
}
