// The page of one lab: figures, numbers, controls, words; and the loop that keeps them true to the state.

import { builtText } from '../bundle.js';
import { Controls } from '../components/controls.js';
import { dataTable } from '../components/data-table.js';
import { element, write } from '../components/element.js';
import { exportButtons } from '../components/export.js';
import { FigureView } from '../components/figure.js';
import { Numbers } from '../components/numbers.js';
import { Pool } from '../pool.js';
import { fillWithBuiltHtml } from '../trusted.js';

/** @typedef {import('../types.js').Loaded} Loaded */
/** @typedef {import('../types.js').LabInfo} LabInfo */
/** @typedef {import('../types.js').Job} Job */
/** @typedef {import('../state.js').State} State */

/** Work estimated to take longer than this waits for a click. */
const ASK_ABOVE_S = 20;
/** Work estimated to take longer than this shows its progress. */
const PROGRESS_ABOVE_S = 0.3;
/** Steps per second of one worker, for these estimates. */
const STEPS_PER_S = 5e8;
/** How long an outdated map may stay while its successor's first shard is on the way. */
const STALE_LIMIT_MS = 120;

export class LabView {
  /** @param {State} state @param {LabInfo} lab @param {Loaded} loaded @param {HTMLElement} root */
  constructor(state, lab, loaded, root) {
    this.state = state;
    this.lab = lab;
    this.darkQuery = matchMedia('(prefers-color-scheme: dark)');
    this.workers = Math.max(1, (navigator.hardwareConcurrency || 2) - 1);
    this.allowed = '';
    /** @type {{resolve: () => void, reject: (error: Error) => void, fragment: string}[]} */
    this.waiters = [];
    /** @type {Map<string, string>} */
    this.failures = new Map();
    this.frameRequested = false;
    this.staleSince = 0;
    this.changedAt = 0;
    /** @type {string[]} */
    this.unmeasured = [];
    this.progressShown = false;
    this.shardsCame = false;
    /** @type {{switches: string, ids: Map<string, string>}} */
    this.presetLinks = { switches: '', ids: new Map() };
    this.waitsForClick = false;
    this.stopped = false;

    this.question = element('h1', { text: lab.question });
    this.problems = element('ul', { class: 'problems' });
    this.numbers = new Numbers();
    this.controls = new Controls(state, lab);
    this.message = element('p', { class: 'message', role: 'status' });
    this.presets = this.#presets();
    this.progress = element('progress', { max: 1, value: 0, 'aria-label': 'Finished parts of the picture' });
    this.progressText = element('span', { class: 'count' });
    this.stopButton = element('button', { type: 'button', text: 'Stop', onclick: () => this.#stop() });
    this.runButton = element('button', { type: 'button', id: 'run', text: 'Run', onclick: () => this.#allow() });
    this.work = element('div', { class: 'work' }, [this.progress, this.progressText, this.stopButton, this.runButton]);
    this.words = element('section', { class: 'words', 'aria-label': 'What to notice' });
    this.words.addEventListener('click', (event) => this.#followWords(event));
    this.figureArea = element('div', { class: 'figures' });
    this.pinned = element('p', { class: 'pinned', hidden: true });

    const infos = state.session.figures();
    this.views = infos.map((info) => new FigureView(state, info, () => this.dark()));
    this.figureArea.append(...this.views.map((view) => view.root));
    const main = infos[0]?.id ?? '';
    this.table = dataTable(() => state.session.table(main));
    const tools = element('div', { class: 'tools' }, [
      exportButtons(state, main, (sentence) => write(this.message, sentence)),
      ...(infos[0]?.zoomable ? [this.views[0].zoomButtons()] : []),
      this.work,
    ]);
    const aside = element('aside', { class: 'side' }, [this.presets, this.controls.root]);
    const left = element('div', { class: 'picture' }, [this.figureArea, tools, this.message]);
    root.replaceChildren(
      this.question,
      element('div', { role: 'alert' }, [this.problems]),
      element('div', { class: 'lab' }, [left, aside, this.numbers.root]),
      this.words,
      this.table.root,
      this.#source(),
    );

    this.pool = new Pool(loaded, this.workers, {
      onShard: (task, values) => this.#keep(task.key, task.shards, task.shard, values),
      onError: (key, sentence) => this.#failed(key, sentence),
      previous: (key, shard) => state.session.shard(key, shard),
    });
    state.onChange(() => this.#changed());
    this.darkQuery.addEventListener('change', () => this.#requestFrame());
    new ResizeObserver(() => this.#requestFrame()).observe(this.figureArea);
    this.#loadWords();
    this.#changed();
  }

  /** Whether the page is dark now. */
  dark() {
    const theme = this.state.session.view().theme;
    return theme === 'dark' || (theme === 'auto' && this.darkQuery.matches);
  }

  /** Resolves when every number and picture of the present link is finished. */
  finished() {
    return new Promise((/** @type {(nothing: void) => void} */ resolve, reject) => {
      this.waiters.push({ resolve, reject, fragment: this.state.session.fragment() });
      this.#settleWaiters();
    });
  }

  #changed() {
    const { session } = this.state;
    const problems = session.problems();
    while (this.problems.children.length > problems.length) this.problems.lastElementChild?.remove();
    problems.forEach((problem, index) => {
      write(this.problems.children[index] ?? this.problems.appendChild(element('li')), problem.text);
    });
    this.problems.hidden = problems.length === 0;
    this.controls.show(session.values());
    this.#showSwitches();
    document.title = `${session.title()} · Saddlescope`;
    write(this.message, '');
    this.failures.clear();
    this.pool.failed.clear();
    if (this.allowed !== session.fragment()) this.stopped = false;
    this.changedAt = performance.now();
    this.unmeasured = ['coarse', 'full'];
    this.#schedule();
    this.#showNumbers();
    this.#requestFrame();
    this.#settleWaiters();
  }

  #schedule() {
    const jobs = this.state.session.jobs();
    const left = this.#secondsLeft(jobs);
    const asks = this.stopped || left > ASK_ABOVE_S || this.state.session.view().run === 'click';
    this.waitsForClick = asks && this.allowed !== this.state.session.fragment() && left > PROGRESS_ABOVE_S;
    const startable = this.waitsForClick ? jobs.filter((job) => this.#seconds(job) <= PROGRESS_ABOVE_S) : jobs;
    this.pool.want(startable, this.state.session.fragment());
    this.#showProgress(jobs);
  }

  /** @param {Job} job */
  #seconds(job) {
    const missing = job.shards === 0 ? 0 : 1 - job.kept.length / job.shards;
    return (job.cost * missing) / STEPS_PER_S / this.workers;
  }

  /** @param {Job[]} jobs */
  #secondsLeft(jobs) {
    return jobs.filter((job) => !job.onDemand).reduce((sum, job) => sum + this.#seconds(job), 0);
  }

  /** @param {Job[]} jobs */
  #showProgress(jobs) {
    const running = jobs.filter((job) => !job.onDemand && job.kept.length < job.shards);
    const left = this.#secondsLeft(jobs);
    const total = running.reduce((sum, job) => sum + job.shards, 0);
    const done = running.reduce((sum, job) => sum + job.kept.length, 0);
    const shows = total > 0 && (this.waitsForClick || left > PROGRESS_ABOVE_S || this.progressShown);
    this.progressShown = shows;
    this.work.classList.toggle('active', !!shows);
    this.work.toggleAttribute('inert', !shows);
    if (!shows) return;
    this.progress.max = total;
    this.progress.value = done;
    const waits = this.stopped ? 'Stopped' : `About ${Math.ceil(left)} s of work`;
    write(this.progressText, this.waitsForClick ? `${waits}; ${done} of ${total} parts are there.` : `${done} of ${total} parts`);
    this.stopButton.hidden = !!this.waitsForClick;
    this.runButton.hidden = !this.waitsForClick;
  }

  #stop() {
    this.stopped = true;
    this.allowed = '';
    this.#schedule();
  }

  #allow() {
    this.stopped = false;
    this.allowed = this.state.session.fragment();
    this.#schedule();
  }

  /** @param {string} key @param {number} shards @param {number} shard @param {Float64Array} values */
  #keep(key, shards, shard, values) {
    this.state.session.keep(key, shards, shard, values);
    this.shardsCame = true;
    this.#requestFrame();
  }

  /** @param {string} key @param {string} sentence */
  #failed(key, sentence) {
    this.failures.set(key, sentence);
    write(this.message, sentence);
    this.#requestFrame();
  }

  #showNumbers() {
    const summary = this.state.session.summary();
    this.numbers.show(summary);
    for (const view of this.views) view.speak(`${summary.verdict.heading}`);
  }

  /** All pictures in one frame, however many shards came. */
  #requestFrame() {
    if (this.frameRequested) return;
    this.frameRequested = true;
    requestAnimationFrame(() => {
      this.frameRequested = false;
      this.#draw();
    });
  }

  #draw() {
    const { session } = this.state;
    const infos = session.figures();
    const stale = infos.some((info) => !info.ready);
    // An outdated picture is kept for a moment rather than a blank one shown.
    if (stale && this.views[0]?.drawn && this.pool.waiting > 0) {
      this.staleSince ||= performance.now();
      if (performance.now() - this.staleSince < STALE_LIMIT_MS) {
        setTimeout(() => this.#requestFrame(), STALE_LIMIT_MS);
        return;
      }
    } else this.staleSince = 0;
    for (const view of this.views) {
      const info = infos.find((one) => one.id === view.id);
      if (info) view.draw(info);
    }
    if (this.shardsCame) this.#showNumbers();
    this.shardsCame = false;
    this.table.refresh();
    const jobs = session.jobs();
    if (!stale) this.#measure(jobs);
    this.#showProgress(jobs);
    this.#settleWaiters();
  }

  /** How long after a change its picture stands, coarse and in full, for whoever looks at the browser's own timeline.
   * @param {Job[]} jobs */
  #measure(jobs) {
    if (performance.getEntriesByName('first-figure').length === 0) performance.mark('first-figure');
    const map = jobs[0];
    const reached = map && map.kept.length < map.shards ? ['coarse'] : ['coarse', 'full'];
    for (const name of this.unmeasured.filter((one) => reached.includes(one))) performance.measure(name, { start: this.changedAt });
    this.unmeasured = this.unmeasured.filter((one) => !reached.includes(one));
  }

  #settleWaiters() {
    if (this.waiters.length === 0) return;
    const fragment = this.state.session.fragment();
    const complete = this.state.session.summary().complete;
    const failure = [...this.failures.values()][0];
    this.waiters = this.waiters.filter((waiter) => {
      if (waiter.fragment !== fragment) waiter.reject(new Error(`Superseded: the page now shows #${fragment}.`));
      else if (failure) waiter.reject(new Error(failure));
      else if (complete) waiter.resolve();
      else return true;
      return false;
    });
  }

  #presets() {
    const list = element('select', {
      id: 'preset', 'aria-label': 'Presets',
      onchange: () => {
        if (!list.value) return;
        this.state.change((session) => session.open(session.preset(list.value)));
      },
    }, [element('option', { value: '', text: 'Presets…' }), ...this.lab.presets.map((preset) => element('option', { value: preset.id, text: preset.title }))]);
    this.presetList = list;
    const reset = element('button', { type: 'button', id: 'reset', text: 'Reset', onclick: () => this.state.change((session) => session.reset()) });
    return element('div', { class: 'presets' }, [list, reset]);
  }

  #showSwitches() {
    const view = this.state.session.view();
    document.documentElement.dataset.theme = view.theme;
    for (const part of ['nav', 'controls', 'text', 'presets']) document.documentElement.classList.toggle(`hide-${part}`, view.hide.includes(part));
    const fragment = this.state.session.fragment();
    if (this.presetList) {
      // The links of the presets change with the page's switches only.
      const switches = JSON.stringify(view);
      if (this.presetLinks.switches !== switches) {
        this.presetLinks = { switches, ids: new Map(this.lab.presets.map(({ id }) => [this.state.session.preset(id), id])) };
      }
      this.presetList.value = this.presetLinks.ids.get(fragment) ?? '';
    }
  }

  async #loadWords() {
    try {
      fillWithBuiltHtml(this.words, await builtText(`text/${this.lab.id}.html`));
    } catch (error) {
      write(this.words, `The text of this page could not be loaded (${error instanceof Error ? error.message : error}); the figure does not need it.`);
    }
  }

  /** @param {Event} event */
  #followWords(event) {
    const button = event.target instanceof Element ? event.target.closest('[data-set]') : null;
    if (button instanceof HTMLElement && button.dataset.set) {
      const query = button.dataset.set;
      this.state.change((session) => session.merge(query));
    }
  }

  #source() {
    const { title, authors, arxiv } = this.lab.paper;
    return element('footer', { class: 'source' }, [
      element('p', {}, [`After ${authors}, `, element('cite', { text: title }), ', ', element('a', { href: `https://arxiv.org/abs/${arxiv}`, rel: 'noopener', text: `arXiv:${arxiv}` }), '.']),
      element('p', { text: 'Everything is computed in this browser; nothing is sent anywhere.' }),
    ]);
  }
}
