// The reader's own numbers as a control: drop, choose, paste or try a sample. They stay in this browser.

import { builtBytes, builtText, bundle } from '../bundle.js';
import { hold } from '../content.js';
import { read } from '../reading.js';
import { fillWithBuiltHtml } from '../trusted.js';
import { element, write } from './element.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../types.js').ParamSpec} ParamSpec */
/** @typedef {import('../types.js').ParamState} ParamState */
/** @typedef {import('../types.js').Reading} Reading */

const MOST_BYTES = 64_000_000;

/** Sample files in `examples/`, by the number of axes that a lab takes.
 * @type {Record<string, [string, string][]>} */
const SAMPLES = {
  1: [['CSV', 'curvatures.csv'], ['TSV', 'curvatures.tsv'], ['JSON', 'curvatures.json'], ['.npy', 'curvatures.npy']],
  2: [['vectors, CSV', 'inputs.csv']],
  3: [['matrices, .npy', 'hessians.npy'], ['matrices, JSON', 'hessians.json']],
};

/** Where a sample is, seen from the page's folder. @param {string} name */
const sample = (name) => `../examples/${name}`;

export class OwnData {
  /** @param {State} state @param {ParamSpec} spec */
  constructor(state, spec) {
    this.state = state;
    this.spec = spec;
    /** Counts readings: the answer to an older one is not used. */
    this.reading = 0;
    const id = `param-${spec.key}`;
    this.present = element('p', { class: 'present', role: 'status' });
    this.message = element('p', { class: 'data-message', role: 'alert', hidden: true });
    this.choices = element('div', { class: 'choices', role: 'group', 'aria-label': 'What the numbers are' });
    const file = element('input', {
      type: 'file', id, class: 'unseen', tabindex: -1,
      onchange: () => {
        if (file.files?.[0]) this.readFile(file.files[0]);
        file.value = '';
      },
    });
    const choose = element('button', { type: 'button', text: 'Choose a file', onclick: () => file.click() });
    const field = element('textarea', {
      rows: 4, spellcheck: 'false', 'aria-label': 'Numbers', placeholder: '0.8, −1.2, 1.1 …',
      onpaste: (/** @type {ClipboardEvent} */ event) => {
        const pasted = event.clipboardData?.files[0];
        if (!pasted) return;
        event.preventDefault();
        this.readFile(pasted);
      },
    });
    const take = element('button', { type: 'button', text: 'Read these', onclick: () => this.#read(new TextEncoder().encode(field.value), 'the pasted text') });
    const paste = element('div', { class: 'paste', hidden: true }, [field, take]);
    const toggle = element('button', {
      type: 'button', text: 'Paste', 'aria-expanded': 'false',
      onclick: () => {
        paste.hidden = !paste.hidden;
        toggle.setAttribute('aria-expanded', String(!paste.hidden));
        if (!paste.hidden) field.focus();
      },
    });
    const samples = (spec.domain.axes ?? []).flatMap((axes) => SAMPLES[axes] ?? []).filter(([, name]) => !bundle || sample(name) in bundle.files);
    const tries = samples.map(([label, name]) => element('button', {
      type: 'button', class: 'try', text: label, 'data-sample': name, title: `Try examples/${name}`, onclick: () => this.#try(name),
    }));
    this.root = element('div', { class: 'own-data' }, [
      this.present,
      element('div', { class: 'bring' }, [choose, file, toggle]),
      element('p', { class: 'promise', text: 'Read in the browser, never uploaded. Or drop a file here or on the figure: CSV, TSV, JSON or .npy.' }),
      paste,
      ...(tries.length > 0 ? [element('p', { class: 'tries' }, ['Try this: ', ...tries])] : []),
      this.message,
      this.choices,
      recipes(),
    ]);
    acceptDrops(this.root, (dropped) => this.readFile(dropped));
  }

  /** Shows what there is. @param {ParamState} value */
  show(value) {
    const wanted = this.#wanted();
    const [, shape] = value.text.split('.');
    const said = wanted ? wanted.sentence : value.text ? `There are ${shape.replaceAll('x', ' × ')} numbers.` : 'There are no numbers yet.';
    write(this.present, said);
    this.present.classList.toggle('wanted', wanted !== undefined);
  }

  /** @param {File} file */
  async readFile(file) {
    if (file.size > MOST_BYTES) {
      this.#say(`${file.name}: The file has ${Math.ceil(file.size / 1e6)} MB; at most ${MOST_BYTES / 1e6} MB are read.`);
      return;
    }
    try {
      await this.#read(new Uint8Array(await file.arrayBuffer()), file.name);
    } catch (error) {
      this.#say(`${file.name} could not be opened: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @param {string} name */
  async #try(name) {
    try {
      await this.#read(await builtBytes(sample(name)), name);
    } catch (error) {
      this.#say(`${name} could not be loaded: ${error instanceof Error ? error.message : error}.`);
    }
  }

  /** What the present link names and is not here. */
  #wanted() {
    return this.state.session.contents().find((one) => one.key === this.spec.key && !one.held);
  }

  /** Reads; where the numbers may be several things, asks which. What is on the page stays until they are read.
   * @param {Uint8Array<ArrayBuffer>} bytes @param {string} name @param {string} [meaning] */
  async #read(bytes, name, meaning = '') {
    this.reading += 1;
    const mine = this.reading;
    this.#say(bytes.length > 1e6 ? `Reading ${name} …` : '', false);
    this.choices.replaceChildren();
    try {
      const loaded = await this.state.modules.load('readers');
      const found = await read(loaded, bytes, this.spec.domain.axes ?? [], meaning);
      if (mine !== this.reading) return;
      if (found.numbers) this.#take(found, name);
      else this.#ask(found, bytes, name);
    } catch (error) {
      if (mine === this.reading) this.#say(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @param {Reading} found @param {Uint8Array<ArrayBuffer>} bytes @param {string} name */
  #ask(found, bytes, name) {
    this.#say(`${name}: what are these numbers?`, false);
    this.choices.replaceChildren(...found.meanings.map(({ name: meaning, label }) => element('button', {
      type: 'button', text: label, 'data-meaning': meaning, onclick: () => this.#read(bytes, name, meaning),
    })));
    this.choices.querySelector('button')?.focus();
  }

  /** @param {Reading} found @param {string} name */
  #take({ axes, numbers, notes, format }, name) {
    if (!axes || !numbers) return;
    const text = this.state.core.keep_data(Uint32Array.from(axes), numbers);
    const [kind, , hash] = text.split('.');
    if (kind === 'h') hold(hash, numbers);
    const wanted = this.#wanted();
    const said = [`${name}: read as ${format}.`, ...(notes ?? [])].join(' ');
    if (!wanted || hash === wanted.hash) {
      this.#use(text, said);
      return;
    }
    this.#say(`${name} holds other numbers than this link is about: their SHA-256 does not begin with ${wanted.hash.slice(0, 8)}.`);
    this.choices.replaceChildren(element('button', { type: 'button', text: 'Use these instead', onclick: () => this.#use(text, said) }));
  }

  /** @param {string} text @param {string} said */
  #use(text, said) {
    this.choices.replaceChildren();
    this.state.change((session) => {
      // The choices under which these numbers matter.
      for (const [key, allowed] of this.spec.when) session.set(key, allowed[0]);
      session.set(this.spec.key, text);
      session.content_came();
    });
    this.#say(said, false);
  }

  /** @param {string} sentence @param {boolean} [refused] whether it says why something was not done */
  #say(sentence, refused = true) {
    write(this.message, sentence);
    this.message.hidden = sentence === '';
    this.message.classList.toggle('refused', refused);
  }
}

/** How to get such numbers out of other programs; loaded when it is opened. */
function recipes() {
  const text = element('div', { class: 'recipes' });
  const details = element('details', {
    async ontoggle() {
      if (!details.open || text.childElementCount > 0) return;
      try {
        fillWithBuiltHtml(text, await builtText('text/own-data.html'));
      } catch (error) {
        write(text, `The section could not be loaded: ${error instanceof Error ? error.message : error}.`);
      }
    },
  }, [element('summary', { text: 'From PyTorch, JAX or NumPy' }), text]);
  return details;
}

/** Takes files that are dropped on an element. @param {HTMLElement} target @param {(file: File) => void} take */
export function acceptDrops(target, take) {
  const carriesFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  target.addEventListener('dragover', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    target.classList.add('dropping');
  });
  target.addEventListener('dragleave', () => target.classList.remove('dropping'));
  target.addEventListener('drop', (event) => {
    target.classList.remove('dropping');
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });
}
