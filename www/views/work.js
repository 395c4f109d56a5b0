// The work behind a lab: which jobs the pool gets, how far they are, and the reader's Run and Stop.

import { Demands } from '../components/demands.js';
import { element, write } from '../components/element.js';
import { STEPS_PER_S } from '../pool.js';

/** @typedef {import('../types.js').Job} Job */
/** @typedef {import('../state.js').State} State */
/** @typedef {import('../pool.js').Pool} Pool */

/** Work estimated to take longer than this waits for a click. */
const ASK_ABOVE_S = 20;
/** Work estimated to take longer than this shows its progress. */
const PROGRESS_ABOVE_S = 0.3;

export class Work {
  /** @param {State} state @param {Pool} pool */
  constructor(state, pool) {
    this.state = state;
    this.pool = pool;
    this.allowed = '';
    this.stopped = false;
    this.waitsForClick = false;
    this.progressShown = false;
    /** @type {Map<string, string>} */
    this.failures = new Map();
    /** @type {{resolve: () => void, reject: (error: Error) => void, fragment: string}[]} */
    this.waiters = [];
    this.demands = new Demands(() => this.schedule());
    this.progress = element('progress', { max: 1, value: 0, 'aria-label': 'Finished parts of the picture' });
    this.count = element('span', { class: 'count' });
    this.stopButton = element('button', { type: 'button', text: 'Stop', onclick: () => this.#stop() });
    this.runButton = element('button', { type: 'button', id: 'run', text: 'Run', onclick: () => this.#allow() });
    this.root = element('div', { class: 'work' }, [this.progress, this.count, this.stopButton, this.runButton]);
  }

  /** Another state: what failed before may be tried again. */
  changed() {
    this.failures.clear();
    this.pool.failed.clear();
    if (this.allowed !== this.state.session.fragment()) this.stopped = false;
    this.schedule();
  }

  /** Gives the pool what the present state lacks. */
  schedule() {
    const { session } = this.state;
    const jobs = session.jobs();
    const left = this.#secondsLeft(jobs);
    const asks = this.stopped || left > ASK_ABOVE_S || session.view().run === 'click';
    this.waitsForClick = asks && this.allowed !== session.fragment() && left > PROGRESS_ABOVE_S;
    const startable = this.waitsForClick ? jobs.filter((job) => this.#seconds(job) <= PROGRESS_ABOVE_S || job.onDemand) : jobs;
    this.pool.want(this.demands.startable(startable), session.fragment(), session.contents().map((one) => one.hash));
    this.show(jobs);
  }

  /** Resolves when every number and picture of the present link is finished. */
  finished() {
    return new Promise((/** @type {(nothing: void) => void} */ resolve, reject) => {
      this.waiters.push({ resolve, reject, fragment: this.state.session.fragment() });
      this.settleWaiters();
    });
  }

  settleWaiters() {
    if (this.waiters.length === 0) return;
    const fragment = this.state.session.fragment();
    const complete = this.state.session.summary().complete && !this.demands.waits(this.state.session.jobs());
    const asked = this.state.session.contents().find((one) => !one.held && one.key);
    const failure = asked?.sentence ?? [...this.failures.values()][0];
    this.waiters = this.waiters.filter((waiter) => {
      if (waiter.fragment !== fragment) waiter.reject(new Error(`Superseded: the page now shows #${fragment}.`));
      else if (failure) waiter.reject(new Error(failure));
      else if (complete) waiter.resolve();
      else return true;
      return false;
    });
  }

  /** Progress, where there is enough work to show it. @param {Job[]} jobs */
  show(jobs) {
    this.demands.show(jobs);
    // What is finished counts too: the total stays the same while the work goes on.
    const all = jobs.filter((job) => !job.onDemand);
    const left = this.#secondsLeft(jobs);
    const total = all.reduce((sum, job) => sum + job.shards, 0);
    const done = all.reduce((sum, job) => sum + job.kept.length, 0);
    const shows = done < total && (this.waitsForClick || left > PROGRESS_ABOVE_S || this.progressShown);
    this.progressShown = shows;
    this.root.classList.toggle('active', shows);
    this.root.toggleAttribute('inert', !shows);
    if (!shows) return;
    this.progress.max = total;
    this.progress.value = done;
    const waits = this.stopped ? 'Stopped' : `About ${Math.ceil(left)} s of work`;
    write(this.count, this.waitsForClick ? `${waits}; ${done} of ${total} parts are there.` : `${done} of ${total} parts`);
    this.stopButton.hidden = this.waitsForClick;
    this.runButton.hidden = !this.waitsForClick;
  }

  /** @param {Job} job */
  #seconds(job) {
    const missing = job.shards === 0 ? 0 : 1 - job.kept.length / job.shards;
    return (job.cost * missing) / STEPS_PER_S / this.pool.size;
  }

  /** @param {Job[]} jobs */
  #secondsLeft(jobs) {
    return jobs.filter((job) => !job.onDemand).reduce((sum, job) => sum + this.#seconds(job), 0);
  }

  #stop() {
    this.stopped = true;
    this.allowed = '';
    this.schedule();
  }

  #allow() {
    this.stopped = false;
    this.allowed = this.state.session.fragment();
    this.schedule();
  }
}
