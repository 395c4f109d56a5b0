// What stands around a lab's figures: parameters, numbers, words, the data table, the source, the list of all labs.

import { Controls } from '../components/controls.js';
import { dataTable } from '../components/data-table.js';
import { element } from '../components/element.js';
import { Numbers } from '../components/numbers.js';
import { Pin } from '../components/pin.js';
import { Presets } from '../components/presets.js';
import { Words } from '../components/words.js';
import { showCards } from './catalogue.js';

/** @typedef {import('../types.js').LabInfo} LabInfo */
/** @typedef {import('../types.js').Summary} Summary */
/** @typedef {import('../state.js').State} State */

/** The cards of all labs load when the foot of the page is this near. */
const CARDS_NEAR = '400px';

export class Around {
  /** @param {State} state @param {LabInfo} lab @param {{id: string}} main the main figure @param {HTMLElement} demands buttons of work on demand */
  constructor(state, lab, main, demands) {
    this.state = state;
    this.pin = new Pin(state, lab);
    this.numbers = new Numbers(this.pin);
    this.numbers.root.append(demands);
    this.controls = new Controls(state, lab);
    this.presets = new Presets(state, lab);
    this.words = new Words(state, lab.id);
    this.table = dataTable(() => state.session.table(main.id));
    this.source = source(lab);
    this.cards = element('div', { class: 'catalogue' });
    this.nearFoot = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.nearFoot.disconnect();
      showCards(state, this.cards);
    }, { rootMargin: CARDS_NEAR });
  }

  /** Takes its places: in the lab's grid, with the figures at the side, and below it. @param {HTMLElement} root @param {HTMLElement} grid @param {HTMLElement} sides */
  enter(root, grid, sides) {
    grid.append(element('aside', { class: 'side' }, [this.presets.root, this.controls.root]), this.numbers.root, sides);
    root.append(
      this.words.root,
      this.table.root,
      this.source,
      element('section', { class: 'more-labs', 'aria-label': 'All labs' }, [element('h2', { text: 'All labs' }), this.cards]),
    );
    this.nearFoot.observe(this.cards);
  }

  /** Follows the state after each change of it. */
  changed() {
    this.controls.show(this.state.session.values());
    this.presets.show();
  }

  dispose() {
    this.nearFoot.disconnect();
    this.numbers.dispose();
  }
}

/** Where a lab comes from. @param {LabInfo} lab */
function source(lab) {
  const { title, authors, arxiv } = lab.paper;
  return element('footer', { class: 'source' }, [
    element('p', {}, [`After ${authors}, `, element('cite', { text: title }), ', ', element('a', { href: `https://arxiv.org/abs/${arxiv}`, rel: 'noopener', text: `arXiv:${arxiv}` }), '.']),
    element('p', { text: 'Everything is computed in this browser; nothing is sent anywhere.' }),
  ]);
}
