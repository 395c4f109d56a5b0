// The verdict and the numbers at the point. Copying a number copies full precision and an ASCII minus.

import { element, write } from './element.js';

/** @typedef {import('./pin.js').Pin} Pin */
/** @typedef {import('../types.js').Summary} Summary */
/** @typedef {import('../types.js').Quantity} Quantity */

/** How long the verdict must rest before it is read aloud. */
const SPEAK_AFTER_MS = 700;

/** A symbol; what follows an underscore is its index. @param {string} text */
function symbol(text) {
  const [base, index] = text.split('_');
  return element('i', { class: 'symbol' }, index ? [base, element('sub', { text: index })] : [base]);
}

export class Numbers {
  /** @param {Pin} pin */
  constructor(pin) {
    this.pin = pin;
    this.heading = element('h2', { class: 'verdict' });
    this.sentence = element('p', { class: 'sentence' });
    this.list = element('dl', { class: 'numbers' });
    this.notes = element('ul', { class: 'notes' });
    this.spoken = element('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
    this.root = element('section', { class: 'card point', 'aria-label': 'At this point' }, [
      element('div', { class: 'card-head' }, [this.heading, pin.root]), this.sentence, this.list, this.notes, this.spoken,
    ]);
    /** @type {Map<string, {term: HTMLElement, what: string, all: HTMLElement[], value: HTMLElement, how: HTMLElement, pinned: HTMLElement}>} */
    this.rows = new Map();
    /** Names of the rows as they stand. */
    this.order = '';
    this.timer = 0;
    this.root.addEventListener('copy', (event) => this.#copy(event));
  }

  dispose() {
    clearTimeout(this.timer);
  }

  /** @param {Summary} summary */
  show(summary) {
    write(this.heading, summary.verdict.heading);
    this.root.dataset.verdict = summary.verdict.code;
    write(this.sentence, summary.verdict.text);
    const names = new Set(summary.values.map((value) => value.name));
    for (const [name, row] of this.rows) {
      if (names.has(name)) continue;
      for (const part of row.all) part.remove();
      this.rows.delete(name);
    }
    const pinned = this.pin.values(summary);
    this.list.classList.toggle('two', pinned !== undefined);
    for (const value of summary.values) this.#row(value, pinned);
    const order = [...names].join();
    if (order !== this.order) this.list.append(...[...names].flatMap((name) => this.rows.get(name)?.all ?? []));
    this.order = order;
    const notes = summary.notes;
    while (this.notes.children.length > notes.length) this.notes.lastElementChild?.remove();
    notes.forEach((note, index) => {
      const item = this.notes.children[index] ?? this.notes.appendChild(element('li'));
      write(item, note);
    });
    clearTimeout(this.timer);
    const text = `${summary.verdict.heading}. ${summary.verdict.text}`;
    if (this.spoken.textContent !== text) this.timer = window.setTimeout(() => write(this.spoken, text), SPEAK_AFTER_MS);
  }

  /** @param {Quantity} quantity @param {Map<string, string>|undefined} pinned */
  #row(quantity, pinned) {
    let row = this.rows.get(quantity.name);
    if (!row) {
      const term = element('dt');
      const value = element('span', { class: 'value' });
      const how = element('small', { class: 'how' });
      const kept = element('dd', { class: 'kept', 'data-pinned': quantity.name });
      const all = [term, element('dd', { 'data-name': quantity.name }, [value, ' ', how]), kept];
      row = { term, what: '', all, value, how, pinned: kept };
      this.rows.set(quantity.name, row);
    }
    // What a row is may change with the state.
    const what = `${quantity.label} ${quantity.symbol}`;
    if (row.what !== what) row.term.replaceChildren(element('span', { text: quantity.label }), ' ', symbol(quantity.symbol));
    row.what = what;
    write(row.value, quantity.text);
    row.value.dataset.full = quantity.value === null ? '' : [quantity.value].flat().join(', ');
    write(row.how, quantity.method);
    row.pinned.hidden = pinned === undefined;
    // Read aloud it says what it is; seen, its column does.
    if (pinned) row.pinned.replaceChildren(element('span', { class: 'unseen', text: 'pinned: ' }), pinned.get(quantity.name) ?? '–');
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed) return;
    const touched = [...this.list.querySelectorAll('.value')].filter((value) => selection.containsNode(value, true));
    if (touched.length !== 1 || !event.clipboardData) return;
    const only = /** @type {HTMLElement} */ (touched[0]);
    if (!only.dataset.full || selection.toString().trim().length > (only.textContent ?? '').length) return;
    event.clipboardData.setData('text/plain', only.dataset.full);
    event.preventDefault();
  }
}
