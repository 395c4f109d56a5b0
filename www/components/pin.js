// Keeps one setting's numbers beside the live ones.

import { element, write } from './element.js';

/** @typedef {import('../types.js').LabInfo} LabInfo */
/** @typedef {import('../types.js').ParamSpec} ParamSpec */
/** @typedef {import('../types.js').Summary} Summary */
/** @typedef {import('../state.js').State} State */

/** A value as a reader writes it. @param {ParamSpec} spec @param {string} text */
function spoken(spec, text) {
  const { names, labels, kind } = spec.domain;
  const at = names?.indexOf(text) ?? -1;
  if (kind === 'choice' && at >= 0) return labels?.[at] ?? text;
  if (kind === 'toggle') return text === '1' ? 'on' : 'off';
  return text === '' ? 'automatic' : text.replaceAll('-', '\u2212');
}

export class Pin {
  /** @param {State} state @param {LabInfo} lab */
  constructor(state, lab) {
    this.state = state;
    // The range of the axes is no setting of what is computed here.
    this.specs = lab.params.filter((spec) => spec.group);
    /** @type {{params: Map<string, string>, values: Map<string, string>}|undefined} */
    this.kept = undefined;
    this.button = element('button', { type: 'button', id: 'pin', onclick: () => this.#toggle() });
    this.line = element('p', { class: 'pinned', role: 'status' });
    this.root = element('div', { class: 'pin' }, [this.button, this.line]);
    /** @type {Summary|undefined} */
    this.summary = undefined;
    /** @type {() => void} */
    this.onToggle = () => {};
  }

  #params() {
    return new Map(this.state.session.values().map(({ key, text }) => [key, text]));
  }

  #toggle() {
    this.kept = this.kept ? undefined : { params: this.#params(), values: new Map() };
    this.onToggle();
  }

  /** The pinned numbers by name, `undefined` if none are. @param {Summary} summary what is live now */
  values(summary) {
    const { kept } = this;
    write(this.button, kept ? 'Unpin' : 'Pin');
    this.button.title = kept ? 'Forget the pinned numbers' : 'Keep these numbers beside the live ones';
    if (!kept) {
      write(this.line, '');
      return undefined;
    }
    const now = this.#params();
    const others = this.specs.filter(({ key }) => kept.params.get(key) !== now.get(key));
    // Still the pinned setting: numbers that were under way are kept when they come.
    if (others.length === 0) kept.values = new Map(summary.values.map(({ name, text }) => [name, text]));
    const told = others.map((spec) => `${spec.symbol || spec.name} ${spoken(spec, kept.params.get(spec.key) ?? '')}`);
    write(this.line, told.length > 0 ? `Pinned: ${told.join(', ')}` : 'Pinned: the present setting');
    return kept.values;
  }
}
