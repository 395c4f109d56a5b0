// The words of a lab, made at build time: buttons that set parameters, and terms that explain themselves.

import { builtText } from '../bundle.js';
import { element, write } from './element.js';
import { fillWithBuiltHtml } from '../trusted.js';

/** @typedef {import('../state.js').State} State */

/** Distance of an explanation from its term and from the edge of the screen. */
const GAP = 8;

export class Words {
  /** The term whose explanation is opened. @type {HTMLElement|undefined} */
  term;

  /** @param {State} state @param {string} lab */
  constructor(state, lab) {
    this.root = element('section', { class: 'words', 'aria-label': 'What to notice' });
    this.#load(lab);
    this.root.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest('button') : null;
      const query = button?.dataset.set;
      if (query) state.change((session) => session.merge(query));
      else if (button?.popoverTargetElement) this.term = button;
    });
    // Where the style sheet cannot tie an explanation to its term. The events are not heard further up by themselves;
    // before it opens its size is not known, after that it is.
    if (CSS.supports('position-area', 'block-end')) return;
    for (const moment of ['beforetoggle', 'toggle']) this.root.addEventListener(moment, (event) => this.#place(event), true);
  }

  /** @param {string} lab */
  async #load(lab) {
    try {
      fillWithBuiltHtml(this.root, await builtText(`text/${lab}.html`));
    } catch (error) {
      write(this.root, `The text of this page could not be loaded (${error instanceof Error ? error.message : error}); the figure does not need it.`);
    }
  }

  /** Puts an explanation that opens below its term, or above it where there is no room. @param {Event} event */
  #place(event) {
    const note = event.target;
    if (!(note instanceof HTMLElement) || !note.matches('.term-note') || !this.term) return;
    const term = this.term.getBoundingClientRect();
    const left = Math.min(term.left, document.documentElement.clientWidth - note.offsetWidth - GAP);
    const below = term.bottom + GAP;
    const fits = below + note.offsetHeight + GAP <= window.innerHeight;
    const top = fits ? below : Math.max(GAP, term.top - GAP - note.offsetHeight);
    // In coordinates of the page: it scrolls with its term.
    note.style.left = `${Math.max(GAP, left) + scrollX}px`;
    note.style.top = `${top + scrollY}px`;
  }
}
