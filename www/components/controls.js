// The controls of a lab, made from its parameter table: slider and number field, choice, toggle, list.

import { element, write } from './element.js';

/** @typedef {import('../types.js').ParamSpec} ParamSpec */
/** @typedef {import('../types.js').ParamState} ParamState */
/** @typedef {import('../types.js').LabInfo} LabInfo */
/** @typedef {import('../state.js').State} State */

const SLIDER_STEPS = 1000;
const SLIDERS = new Set(['linear', 'log', 'int']);

export class Controls {
  /** @param {State} state @param {LabInfo} lab */
  constructor(state, lab) {
    this.state = state;
    /** Reads a file that was dropped elsewhere on the page, where the lab takes numbers. @type {((file: File) => void)|undefined} */
    this.readDropped = undefined;
    /** @type {Map<string, {row: HTMLElement, show: (value: ParamState) => void}>} */
    this.rows = new Map();
    /** @type {Map<string, HTMLElement>} */
    const groups = new Map();
    for (const spec of lab.params) {
      if (!spec.group) continue;
      let group = groups.get(spec.group);
      if (!group) {
        group = element('fieldset', {}, [element('legend', { text: spec.group })]);
        groups.set(spec.group, group);
      }
      group.append(this.#row(spec));
    }
    const seed = this.rows.get('seed');
    seed?.row.append(
      element('button', {
        type: 'button',
        id: 'new-seed',
        text: 'New seed',
        title: 'Draw a seed from the system’s random numbers',
        onclick: () => state.change((session) => session.new_seed()),
      }),
    );
    this.groups = [...groups.values()];
    this.root = element('form', { class: 'controls', 'aria-label': 'Parameters', onsubmit: (/** @type {Event} */ e) => e.preventDefault() }, this.groups);
  }

  /** Shows the present values. @param {ParamState[]} values */
  show(values) {
    const problems = this.state.session.problems();
    for (const value of values) {
      const row = this.rows.get(value.key);
      if (!row) continue;
      row.row.hidden = !value.shown;
      row.show(value);
      this.#refuse(row.row, problems.find(({ key }) => key === value.key)?.text ?? '');
    }
    for (const group of this.groups) group.hidden = [...group.querySelectorAll('.row')].every((row) => /** @type {HTMLElement} */ (row).hidden);
  }

  /** Says below a field what was wrong with it: the list of all problems may be far above. @param {HTMLElement} row @param {string} sentence */
  #refuse(row, sentence) {
    let line = row.querySelector('.problem');
    if (!line && !sentence) return;
    line ??= row.appendChild(element('p', { class: 'problem' }));
    if (sentence) write(line, sentence);
    else line.remove();
  }

  /** @param {ParamSpec} spec */
  #row(spec) {
    const id = `param-${spec.key}`;
    const name = element('label', { for: id }, [spec.name]);
    if (spec.symbol) name.append(' ', element('i', { class: 'symbol', text: spec.symbol }));
    const help = element('p', { id: `${id}-help`, class: 'help', hidden: true, text: `${spec.help} Allowed: ${spec.allowed}.` });
    const more = element('button', {
      type: 'button',
      class: 'more',
      text: '?',
      'aria-label': `What is ${spec.name}?`,
      'aria-expanded': 'false',
      'aria-controls': `${id}-help`,
      title: spec.help,
      onclick: () => {
        help.hidden = !help.hidden;
        more.setAttribute('aria-expanded', String(!help.hidden));
      },
    });
    const row = element('div', { class: 'row', 'data-key': spec.key }, [name, more]);
    const show = SLIDERS.has(spec.domain.kind) ? this.#slider(spec, id, row)
      : spec.domain.kind === 'choice' ? this.#choice(spec, id, row)
      : spec.domain.kind === 'toggle' ? this.#toggle(spec, id, row)
      : spec.domain.kind === 'data' ? this.#data(spec, row)
      : this.#text(spec, id, row);
    row.append(help);
    this.rows.set(spec.key, { row, show });
    return row;
  }

  /** @param {ParamSpec} spec @param {string} id @param {HTMLElement} row */
  #slider(spec, id, row) {
    const slider = element('input', {
      type: 'range', min: 0, max: SLIDER_STEPS, step: 1, class: 'slider', 'aria-label': `${spec.name}, slider`,
      oninput: () => this.state.change((session) => session.set_slider(spec.key, Number(slider.value) / SLIDER_STEPS), { settled: false }),
      // A drag that ends where it began is no change to the browser.
      onchange: () => this.state.settle(),
      onpointerup: () => this.state.settle(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const notches = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
        if (notches === undefined) return;
        event.preventDefault();
        this.state.change((session) => session.step(spec.key, event.shiftKey ? 10 * notches : notches));
      },
    });
    const showField = this.#text(spec, id, row);
    // A seed has no order: a slider would mean nothing.
    if (spec.key !== 'seed') row.append(slider);
    return (/** @type {ParamState} */ value) => {
      showField(value);
      const place = String(Math.round((value.slider ?? 0) * SLIDER_STEPS));
      if (slider.value !== place) slider.value = place;
      slider.setAttribute('aria-valuetext', value.spoken);
    };
  }

  /** @param {ParamSpec} spec @param {string} id @param {HTMLElement} row */
  #text(spec, id, row) {
    const list = spec.domain.kind === 'list';
    const commit = () => {
      if (field.value === shown) return;
      this.state.change((session) => session.set(spec.key, field.value));
    };
    let shown = '';
    const field = element('input', {
      type: 'text', id, class: list ? 'list' : 'number', inputmode: list ? 'text' : 'decimal', autocomplete: 'off', spellcheck: 'false',
      'aria-describedby': `${id}-help`,
      onchange: commit,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Enter') commit();
        const notches = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (notches === undefined || list) return;
        event.preventDefault();
        this.state.change((session) => session.step(spec.key, event.shiftKey ? 10 * notches : notches));
      },
    });
    row.append(field);
    return (/** @type {ParamState} */ value) => {
      // A refused text stays in the field, so that it can be mended; its warning stands above.
      const refused = this.state.session.problems().some((problem) => problem.key === spec.key);
      field.setAttribute('aria-invalid', String(refused && document.activeElement === field));
      if (refused && document.activeElement === field) return;
      shown = value.text;
      if (field.value !== shown) field.value = shown;
    };
  }

  /** @param {ParamSpec} spec @param {string} id @param {HTMLElement} row */
  #choice(spec, id, row) {
    const names = spec.domain.names ?? [];
    const labels = spec.domain.labels ?? names;
    const select = element('select', {
      id, 'aria-describedby': `${id}-help`,
      onchange: () => this.state.change((session) => session.set(spec.key, select.value)),
    }, names.map((name, index) => element('option', { value: name, text: labels[index] ?? name })));
    if (spec.optional) select.prepend(element('option', { value: '', text: 'automatic' }));
    row.append(select);
    return (/** @type {ParamState} */ value) => {
      for (const option of select.options) {
        const offered = option.value === '' || value.offered.includes(option.value);
        option.hidden = !offered;
        option.disabled = !offered;
      }
      if (select.value !== value.text) select.value = value.text;
    };
  }

  /** The reader's own numbers; its code is loaded when it is first seen. @param {ParamSpec} spec @param {HTMLElement} row */
  #data(spec, row) {
    /** @type {ParamState|undefined} */
    let latest;
    /** @type {Promise<import('../later.js').OwnData>|undefined} */
    let loading;
    const load = () => (loading ??= import('../later.js').then(({ OwnData }) => {
      const control = new OwnData(this.state, spec);
      row.append(control.root);
      if (latest) control.show(latest);
      return control;
    }));
    this.readDropped = (file) => load().then((control) => control.readFile(file));
    return (/** @type {ParamState} */ value) => {
      latest = value;
      if (value.shown) load().then((control) => latest && control.show(latest), () => { loading = undefined; });
    };
  }

  /** @param {ParamSpec} spec @param {string} id @param {HTMLElement} row */
  #toggle(spec, id, row) {
    const box = element('input', {
      type: 'checkbox', id, 'aria-describedby': `${id}-help`,
      onchange: () => this.state.change((session) => session.set(spec.key, box.checked ? '1' : '0')),
    });
    row.append(box);
    return (/** @type {ParamState} */ value) => {
      box.checked = value.text === '1';
    };
  }
}

