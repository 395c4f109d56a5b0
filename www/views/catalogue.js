// All labs as cards, made at build time: a page of its own (`#labs`) and the foot of every lab.

import { builtPicture, builtText } from '../bundle.js';
import { element, write } from '../components/element.js';
import { showHead } from '../components/head.js';
import { fillWithBuiltHtml } from '../trusted.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../pool.js').Pool} Pool */

const LEAD = 'Each lab answers one question about stochastic gradient descent, live, in your browser.';

/** Loads the cards into an element; their pictures load when they come near the screen. @param {State} state @param {HTMLElement} place */
export async function showCards(state, place) {
  try {
    fillWithBuiltHtml(place, await builtText('cards/cards.html'));
  } catch (error) {
    write(place, `The list of labs could not be loaded (${error instanceof Error ? error.message : error}); the menu at the top has them too.`);
    return;
  }
  for (const picture of place.querySelectorAll('img')) picture.src = builtPicture(`cards/${picture.dataset.name}.svg`);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (place.querySelectorAll('a[data-lab]'))) {
    link.href = `#${state.session.lab_link(link.dataset.lab ?? '')}`;
  }
}

export class CatalogueView {
  /** @param {State} state @param {Pool} pool @param {HTMLElement} root */
  constructor(state, pool, root) {
    this.state = state;
    this.problems = element('ul', { class: 'problems' });
    const cards = element('div', { class: 'catalogue' });
    root.replaceChildren(
      element('h1', { text: 'All labs', tabindex: -1 }),
      element('div', { role: 'alert' }, [this.problems]),
      element('p', { class: 'lead', text: LEAD }),
      cards,
    );
    showCards(state, cards);
    // Nothing is to be computed here.
    pool.want([], '');
  }

  changed() {
    const { session } = this.state;
    showHead('Labs', LEAD);
    this.problems.replaceChildren(...session.problems().map(({ text }) => element('li', { text })));
    this.problems.hidden = this.problems.children.length === 0;
  }

  shardCame() {}

  failed() {}

  async finished() {
    throw new Error('This is the list of labs: it has no numbers. Open a lab first.');
  }

  dispose() {}
}
