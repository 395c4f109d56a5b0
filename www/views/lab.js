// The page of one lab: its parts, and what keeps them true to the state.

import { Controls } from '../components/controls.js';
import { dataTable } from '../components/data-table.js';
import { element, write } from '../components/element.js';
import { exportButtons } from '../components/export.js';
import { toggleFullScreen } from '../components/full-screen.js';
import { showHead } from '../components/head.js';
import { Numbers } from '../components/numbers.js';
import { Pin } from '../components/pin.js';
import { Presets } from '../components/presets.js';
import { Words } from '../components/words.js';
import { showCards } from './catalogue.js';
import { Figures } from './figures.js';
import { Work } from './work.js';

/** @typedef {import('../types.js').LabInfo} LabInfo */
/** @typedef {import('../types.js').Job} Job */
/** @typedef {{state: import('../state.js').State, pool: import('../pool.js').Pool, switches: import('../switches.js').Switches}} Page */

/** The cards of all labs load when the foot of the page is this near. */
const CARDS_NEAR = '400px';

export class LabView {
  /** @param {Page} page @param {LabInfo} lab @param {HTMLElement} root */
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
    this.pin = new Pin(state, lab);
    this.numbers = new Numbers(this.pin);
    this.controls = new Controls(state, lab);
    this.presets = new Presets(state, lab);
    this.work = new Work(state, pool);
    this.figures = new Figures(state, { dark: () => switches.dark(), requestFrame, say }, () => pool.waiting > 0);
    const { main } = this.figures;
    this.table = dataTable(() => state.session.table(main.id));
    const large = element('button', { type: 'button', id: 'full-screen', text: 'Full screen', onclick: () => toggleFullScreen(this.figures.stage, requestFrame) });
    // Only a map has regions; whether the figure is one is known once it has been drawn.
    this.patterns = element('button', {
      type: 'button', id: 'patterns', text: 'Patterns', hidden: true, title: 'Patterns beside colours on maps',
      onclick: () => state.change((session) => session.set_patterns(!session.view().patterns)),
    });
    const tools = element('div', { class: 'tools' }, [
      exportButtons(state, main.id, say), ...(main.pinch ? [main.zoomButtons()] : []), large, this.patterns, this.work.root,
    ]);
    this.cards = element('div', { class: 'catalogue' });
    root.replaceChildren(
      element('h1', { text: lab.question, tabindex: -1 }),
      element('div', { role: 'alert' }, [this.problems]),
      element('div', { class: 'lab' }, [
        element('div', { class: 'picture' }, [this.figures.stage, this.figures.strips, tools, this.message]),
        element('aside', { class: 'side' }, [this.presets.root, this.controls.root]),
        this.numbers.root,
        this.figures.sides,
      ]),
      new Words(state, lab.id).root,
      this.table.root,
      source(lab),
      element('section', { class: 'more-labs', 'aria-label': 'All labs' }, [element('h2', { text: 'All labs' }), this.cards]),
    );

    this.numbers.root.append(this.work.demands.root);
    // The data control's own listeners come with its code; here a file may be dropped before that.
    for (const type of ['dragover', 'drop']) {
      this.figures.stage.addEventListener(type, (event) => {
        const { dataTransfer } = /** @type {DragEvent} */ (event);
        if (!this.controls.readDropped || !dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        if (type === 'drop' && dataTransfer.files[0]) this.controls.readDropped(dataTransfer.files[0]);
      });
    }
    this.pin.onToggle = () => this.#showNumbers();
    const nearFoot = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      nearFoot.disconnect();
      showCards(state, this.cards);
    }, { rootMargin: CARDS_NEAR });
    nearFoot.observe(this.cards);
    const forget = switches.onSystemChange(requestFrame);
    this.dispose = () => {
      cancelAnimationFrame(this.frame);
      nearFoot.disconnect();
      forget();
      this.figures.dispose();
      this.numbers.dispose();
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
    this.controls.show(session.values());
    this.presets.show();
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
    const summary = this.state.session.summary();
    this.numbers.show(summary);
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
    const jobs = this.shardsCame || this.unmeasured.length > 0 ? this.state.session.jobs() : undefined;
    if (this.shardsCame) this.#showNumbers();
    const shards = this.shardsCame;
    this.shardsCame = false;
    const { mainDrawn, fresh, sidesFresh, isMap } = this.figures.draw(now);
    if (mainDrawn || shards) this.table.refresh();
    if (mainDrawn) {
      this.patterns.hidden = !isMap;
      this.patterns.setAttribute('aria-pressed', String(this.state.session.view().patterns));
    }
    if (jobs) {
      this.#measure(jobs, fresh, sidesFresh);
      this.work.show(jobs);
    }
    this.work.settleWaiters();
  }

  /** How long after a change its pictures stand, for whoever looks at the browser's own timeline: the main one coarse
   * and in full, the others all. @param {Job[]} jobs @param {boolean} fresh @param {boolean} sidesFresh */
  #measure(jobs, fresh, sidesFresh) {
    if (!fresh) return;
    if (performance.getEntriesByName('first-figure').length === 0) performance.mark('first-figure');
    const map = jobs[0];
    const reached = ['coarse', ...(map && map.kept.length < map.shards ? [] : ['full']), ...(sidesFresh ? ['side'] : [])];
    for (const name of this.unmeasured.filter((one) => reached.includes(one))) {
      if (name !== 'side' || this.figures.hasSides) performance.measure(name, { start: this.changedAt });
    }
    this.unmeasured = this.unmeasured.filter((one) => !reached.includes(one));
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
