// Work that starts only when the reader asks for it: a button for each such job, its progress, and how long it took.

import { element, write } from './element.js';

/** @typedef {import('../types.js').Job} Job */
/** @typedef {{row: HTMLElement, button: HTMLButtonElement, stop: HTMLButtonElement, progress: HTMLProgressElement, line: HTMLElement}} Row */

export class Demands {
  /** @param {() => void} schedule gives the pool its work anew */
  constructor(schedule) {
    this.schedule = schedule;
    /** When each job was asked for, and how long it took, by key. @type {Map<string, {since: number, took?: number}>} */
    this.asked = new Map();
    /** By name of the job. @type {Map<string, Row>} */
    this.rows = new Map();
    this.root = element('div', { class: 'demands' });
  }

  /** The jobs as the pool may take them: those that were asked for start like any other. @param {Job[]} jobs */
  startable(jobs) {
    return jobs.map((job) => (this.asked.has(job.key) ? { ...job, onDemand: false } : job));
  }

  /** Whether something that was asked for is not finished. @param {Job[]} jobs */
  waits(jobs) {
    return jobs.some((job) => job.onDemand && this.asked.has(job.key) && job.kept.length < job.shards);
  }

  /** @param {Job[]} jobs of the present state */
  show(jobs) {
    const offered = jobs.filter((job) => job.onDemand);
    for (const [name, { row }] of this.rows) row.hidden = !offered.some((job) => job.name === name);
    for (const job of offered) {
      const { button, stop, progress, line } = this.#row(job);
      const asked = this.asked.get(job.key);
      const done = job.kept.length === job.shards;
      if (asked && done) asked.took ??= (performance.now() - asked.since) / 1000;
      button.hidden = done || asked !== undefined;
      stop.hidden = progress.hidden = done || !asked;
      progress.max = job.shards;
      progress.value = job.kept.length;
      button.onclick = () => this.#ask(job.key);
      stop.onclick = () => this.#forget(job.key);
      const took = asked?.took === undefined ? '' : ` in ${asked.took.toFixed(2)} s`;
      write(line, done ? `Done${took}.` : asked ? `${job.kept.length} of ${job.shards} parts` : '');
    }
  }

  /** @param {string} key */
  #ask(key) {
    this.asked.set(key, { since: performance.now() });
    this.schedule();
  }

  /** @param {string} key */
  #forget(key) {
    this.asked.delete(key);
    this.schedule();
  }

  /** @param {Job} job */
  #row(job) {
    const known = this.rows.get(job.name);
    if (known) return known;
    const button = element('button', { type: 'button', text: job.button, 'data-job': job.name });
    const stop = element('button', { type: 'button', text: 'Stop', 'aria-label': `Stop: ${job.button}` });
    const progress = element('progress', { max: 1, value: 0, 'aria-label': `Finished parts: ${job.button}` });
    const line = element('span', { class: 'count', role: 'status' });
    const row = element('div', { class: 'demand' }, [button, progress, line, stop]);
    this.root.append(row);
    const made = { row, button, stop, progress, line };
    this.rows.set(job.name, made);
    return made;
  }
}
