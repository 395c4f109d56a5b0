// The page of one lab: its parts, and what keeps them true to the state.

import { framed } from '../budget.js';
import { element, write } from '../components/element.js';
import { exportButtons } from '../components/export.js';
import { toggleFullScreen } from '../components/full-screen.js';
import { showHead } from '../components/head.js';
import { Around } from './around.js';
import { Figures } from './figures.js';
import { Work } from './work.js';

/** @typedef {import('../types.js').LabEntry} LabEntry */
/** @typedef {{state: import('../state.js').State, pool: import('../pool.js').Pool, switches: import('../switches.js').Switches}} Page */

/** Measures on the browser's timeline are for whoever looks at it, not to fill its memory: so many are kept. */
const KEPT_MEASURES = 1000;
let measured = 0;
let marked = false;

export class LabView {
  /** @param {Page} page @param {LabEntry} lab @param {HTMLElement} root */
  constructor({ state, pool, switches }, lab, root) {
    this.state = state;
    this.question = lab.question;
    this.shardsCame = false;
    this.frame = 0;
    this.changedAt = 0;
    /** @type {string[]} */
    this.unmeasured = [];

    const say = (/** @type {string} */ sentence) => write(this.message, sentence);
    const requestFrame = () => this.#requestFrame();
    this.problems = element('ul', { class: 'problems' });
    this.message = element('p', { class: 'message', role: 'status' });
    this.work = new Work(state, pool);
    this.figures = new Figures(state, { dark: () => switches.dark(), requestFrame, say }, () => pool.secondsLeft);
    const { main } = this.figures;
    const large = element('button', { type: 'button', id: 'full-screen', text: 'Full screen', onclick: () => toggleFullScreen(this.figures.stage, requestFrame) });
    // Only a map has regions; whether the figure is one is known once it has been drawn.
    this.patterns = element('button', {
      type: 'button', id: 'patterns', text: 'Patterns', hidden: true, title: 'Patterns beside colours on maps',
      onclick: () => state.change((session) => session.set_patterns(!session.view().patterns)),
    });
    this.zoom = main.zoomButtons();
    this.zoom.hidden = !main.zoomable;
    const tools = element('div', { class: 'tools' }, [
      exportButtons(state, main, say), this.zoom, large, this.patterns, this.work.root,
    ]);
    const picture = element('div', { class: 'picture' }, [this.figures.stage, this.figures.strips, tools, this.message]);
    const body = element('div', { class: 'lab' }, [picture]);
    root.replaceChildren(
      element('h1', { text: lab.question, tabindex: -1 }),
      element('div', { role: 'alert' }, [this.problems]),
      body,
    );
    root.classList.add('arriving');
    /** @type {Around|undefined} */
    this.around = undefined;
    /** Puts the rest of the page around the figure, once: the browser need not lay it all out before that is seen. */
    this.complete = () => {
      this.complete = () => {};
      const about = state.core.labs().find((one) => one.id === lab.id);
      if (!about) throw new Error(`The module has no lab “${lab.id}”.`);
      this.around = new Around(state, about, main, this.work.demands.root);
      this.around.enter(root, body, this.figures.sides);
      root.classList.remove('arriving');
      this.around.pin.onToggle = () => this.#showNumbers();
      this.around.changed();
      this.#showNumbers();
    };
    // A frame's height follows its page: it should not do so twice.
    if (framed) this.complete();

    // The data control's own listeners come with its code; here a file may be dropped before that.
    for (const type of ['dragover', 'drop']) {
      this.figures.stage.addEventListener(type, (event) => {
        const { dataTransfer } = /** @type {DragEvent} */ (event);
        const read = this.around?.controls.readDropped;
        if (!read || !dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        if (type === 'drop' && dataTransfer.files[0]) read(dataTransfer.files[0]);
      });
    }
    const forget = switches.onSystemChange(requestFrame);
    this.dispose = () => {
      this.complete = () => {};
      root.classList.remove('arriving');
      cancelAnimationFrame(this.frame);
      forget();
      this.figures.dispose();
      this.around?.dispose();
      this.work.settleWaiters();
    };
  }

  /** Follows the state after each change of it. */
  changed() {
    const { session } = this.state;
    const problems = session.problems();
    while (this.problems.children.length > problems.length) this.problems.lastElementChild?.remove();
    problems.forEach((problem, index) => {
      write(this.problems.children[index] ?? this.problems.appendChild(element('li')), problem.text);
    });
    this.problems.hidden = problems.length === 0;
    this.around?.changed();
    write(this.message, '');
    this.changedAt = performance.now();
    this.unmeasured = ['coarse', 'full', 'side'];
    this.figures.changed();
    this.work.changed();
    this.#showNumbers();
    this.#requestFrame();
    this.work.settleWaiters();
  }

  /** A finished shard was kept. */
  shardCame() {
    this.shardsCame = true;
    this.#requestFrame();
  }

  /** @param {string} key @param {string} sentence */
  failed(key, sentence) {
    this.work.failures.set(key, sentence);
    write(this.message, sentence);
    this.#requestFrame();
  }

  /** Resolves when every number and picture of the present link is finished. */
  finished() {
    return this.work.finished();
  }

  #showNumbers() {
    if (!this.around) return;
    const summary = this.state.session.summary();
    this.around.numbers.show(summary);
    showHead(summary.verdict.heading, `${this.question} ${summary.verdict.text}`);
    this.figures.speak(summary.verdict.heading);
  }

  /** One frame for whatever asked for it, however many shards came. */
  #requestFrame() {
    this.frame ||= requestAnimationFrame((now) => {
      this.frame = 0;
      this.#draw(now);
    });
  }

  /** Numbers and the main figure first, the others after them or in the next frames. @param {number} now */
  #draw(now) {
    const shards = this.shardsCame;
    if (shards) this.#showNumbers();
    this.shardsCame = false;
    const { mainDrawn, fresh, whole, sidesFresh, isMap } = this.figures.draw(now);
    if (mainDrawn || shards) this.around?.table.refresh();
    if (mainDrawn) {
      this.patterns.hidden = !isMap;
      this.zoom.hidden = !this.figures.main.zoomable;
      this.patterns.setAttribute('aria-pressed', String(this.state.session.view().patterns));
    }
    this.#measure(fresh, whole, sidesFresh);
    if (shards) this.work.show(this.state.session.jobs());
    this.work.settleWaiters();
    // After the paint of this frame.
    setTimeout(() => this.complete());
  }

  /** How long after a change its pictures stand, for whoever looks at the browser's own timeline: the main one coarse
   * and in full, the others all. @param {boolean} fresh @param {boolean} whole @param {boolean} sidesFresh */
  #measure(fresh, whole, sidesFresh) {
    if (!fresh || this.unmeasured.length === 0) return;
    if (!marked) performance.mark('first-figure');
    marked = true;
    const reached = ['coarse', ...(whole ? ['full'] : []), ...(sidesFresh ? ['side'] : [])];
    for (const name of this.unmeasured.filter((one) => reached.includes(one))) {
      if (name === 'side' && !this.figures.hasSides) continue;
      if (measured % KEPT_MEASURES === 0) performance.clearMeasures();
      measured += 1;
      performance.measure(name, { start: this.changedAt });
    }
    this.unmeasured = this.unmeasured.filter((one) => !reached.includes(one));
  }
}
