// The named parameter sets of a lab, and the way back to its defaults.

import { element } from './element.js';

/** @typedef {import('../types.js').LabInfo} LabInfo */
/** @typedef {import('../state.js').State} State */

export class Presets {
  /** @param {State} state @param {LabInfo} lab */
  constructor(state, lab) {
    this.state = state;
    this.lab = lab;
    /** The links of the presets; they change with the page's switches only. */
    this.switches = '';
    /** @type {Map<string, string>} */
    this.ids = new Map();
    this.list = element('select', {
      id: 'preset', 'aria-label': 'Presets',
      onchange: () => {
        if (this.list.value) state.open(state.session.preset(this.list.value));
      },
    }, [element('option', { value: '', text: 'Presets…' }), ...lab.presets.map(({ id, title }) => element('option', { value: id, text: title }))]);
    this.root = element('div', { class: 'presets' }, [
      this.list, element('button', { type: 'button', id: 'reset', text: 'Reset', onclick: () => state.reset() }),
    ]);
  }

  /** Names the preset that the present state is. */
  show() {
    const { session } = this.state;
    const switches = JSON.stringify(session.view());
    if (this.switches !== switches) {
      this.switches = switches;
      this.ids = new Map(this.lab.presets.map(({ id }) => [session.preset(id), id]));
    }
    this.list.value = this.ids.get(session.fragment()) ?? '';
  }
}
