// The switch between labs in the header: a menu of links, so that it works by keyboard, and opens tabs where asked to.

import { element, write } from './element.js';
import { menu } from './menu.js';

/** @typedef {import('../types.js').LabEntry} LabEntry */
/** @typedef {import('../state.js').State} State */

export class LabMenu {
  /** @param {State} state @param {LabEntry[]} labs */
  constructor(state, labs) {
    this.state = state;
    const link = (/** @type {string} */ id, /** @type {string} */ question) =>
      element('a', { href: `#${id}`, 'data-lab': id }, [element('b', { text: id }), ' ', question]);
    this.links = [...labs.map(({ id, question }) => link(id, question)), link('labs', 'All labs as cards')];
    const { root, summary } = menu('Labs', '', this.links);
    root.classList.add('labs');
    this.summary = summary;
    document.getElementById('labs-menu')?.replaceChildren(root);
  }

  /** @param {string} id of the lab that is shown */
  show(id) {
    write(this.summary, id);
    this.summary.setAttribute('aria-label', `Labs; this is ${id}`);
    for (const link of this.links) {
      const own = link.dataset.lab ?? '';
      link.setAttribute('href', `#${this.state.session.lab_link(own)}`);
      if (own === id) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
}
