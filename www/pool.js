// Workers that share the compiled modules and compute shards, as many as the budget allows; where none can start, idle
// slices of the main thread do.

import { budget } from './budget.js';
import { heldOf } from './content.js';
import { startWorker } from './trusted.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Loaded} Loaded */
/** @typedef {{id: number, group: string, fragment: string, key: string, job: string, shards: number, shard: number, chain: boolean, cost: number, tries: number, contents: string[]}} Task */
/** A worker, the groups whose modules it was given, and what it was asked, in this order.
 * @typedef {{worker: Worker, groups: Set<string>, tasks: Task[], ready: boolean, limit: number}} Slot */
/** @typedef {(task: Task, values: Float64Array) => void} OnShard */

/** Steps per second of one worker, for estimates. */
export const STEPS_PER_S = 5e8;
/** A job estimated to take less is done whole before a later one begins. */
const SHORT_S = 0.1;
/** A worker is asked for one shard more than it computes, and for more yet up to so much work: it need not wait while this
 * thread draws. */
const AHEAD_S = 0.01;
const AHEAD_TASKS = 8;
/** A worker that has not answered by then will not start at all (a sandbox without module workers). */
const START_LIMIT_MS = 8000;
/** A worker that has not answered by then was killed without a word; a shard takes a thousandth of it. */
const SHARD_LIMIT_MS = 30_000;

/** How long the main thread's shards wait for idle time. */
const IDLE_LIMIT_MS = 30;

export class Pool {
  /**
   * @param {Loaded} loaded the module of the lab that is opened first
   * @param {number} size
   * @param {{onShard: OnShard, onError: (key: string, sentence: string) => void, previous: (group: string, key: string, shard: number) => Float64Array|undefined}} hooks
   */
  constructor(loaded, size, hooks) {
    this.loaded = loaded;
    /** @type {Map<string, Loaded>} */
    this.modules = new Map([[loaded.group, loaded]]);
    this.hooks = hooks;
    this.size = size;
    /** @type {Slot[]} */
    this.slots = [];
    /** @type {Task[]} */
    this.queue = [];
    /** @type {Set<string>} */
    this.failed = new Set();
    this.lastId = 0;
    this.onMainThread = false;
    this.idle = false;
    this.forgetBudget = budget.onChange(() => this.#resize());
    // Workers begin after the first picture, which has the processor to itself.
    requestAnimationFrame(() => setTimeout(() => this.#resize()));
  }

  /** What is wanted from now on is computed by this module. @param {Loaded} loaded */
  use(loaded) {
    this.loaded = loaded;
    this.modules.set(loaded.group, loaded);
  }

  /** Ends every worker; nothing more is computed. */
  close() {
    this.forgetBudget();
    this.queue = [];
    for (const slot of this.slots) {
      clearTimeout(slot.limit);
      slot.worker.terminate();
    }
    this.slots = [];
  }

  /** Workers that may compute now; 0 while nobody sees the page. */
  get #allowed() {
    return Math.min(this.size, budget.workers);
  }

  /** As many workers as the budget allows. During a pause they stay: they cost nothing and the reader comes back. */
  #resize() {
    const allowed = this.#allowed;
    if (!this.onMainThread) while (this.slots.length < allowed) if (!this.#start()) break;
    this.#dismiss();
    this.#feed();
  }

  /** Ends workers without work beyond the budget. */
  #dismiss() {
    const allowed = this.#allowed;
    if (allowed === 0) return;
    for (const slot of [...this.slots].reverse()) {
      if (this.slots.length <= allowed) return;
      if (slot.tasks.length > 0) continue;
      clearTimeout(slot.limit);
      slot.worker.terminate();
      this.slots = this.slots.filter((other) => other !== slot);
    }
  }

  /** Replaces the queue by what the present jobs still lack; shards that have been begun are left to finish.
   * @param {Job[]} jobs @param {string} fragment @param {string[]} [contents] hashes of what the state names without holding it */
  want(jobs, fragment, contents = []) {
    this.#forgetAllBut(new Set(jobs.map(({ key }) => key)));
    const underWay = new Set(this.slots.flatMap(({ tasks }) => tasks.map(({ key, shard }) => `${key}#${shard}`)));
    /** @type {Task[]} */
    const first = [];
    /** @type {Task[]} */
    const later = [];
    for (const job of jobs) {
      if (job.onDemand) continue;
      const short = job.cost / STEPS_PER_S / this.size < SHORT_S;
      const kept = new Set(job.kept);
      for (let shard = 0; shard < job.shards; shard += 1) {
        const name = `${job.key}#${shard}`;
        if (kept.has(shard) || underWay.has(name) || this.failed.has(name)) continue;
        // The jobs come most urgent first. The first shard of a long one is its whole picture, coarse; the rest waits
        // until every job has as much.
        (short || shard === 0 ? first : later).push({ id: 0, group: this.loaded.group, fragment, key: job.key, job: job.name, shards: job.shards, shard, chain: job.chain, cost: job.cost / job.shards, tries: 0, contents });
      }
    }
    this.queue = [...first, ...later];
    this.#feed();
  }

  /** Takes back what workers were asked ahead, of all but these jobs. @param {Set<string>} keys */
  #forgetAllBut(keys) {
    for (const slot of this.slots) {
      const forget = slot.tasks.slice(1).filter(({ key }) => !keys.has(key)).map(({ id }) => id);
      if (forget.length === 0) continue;
      slot.tasks = slot.tasks.filter(({ id }) => !forget.includes(id));
      slot.worker.postMessage({ forget });
    }
  }

  /** Estimated time, in seconds, until the shards waiting and under way are there. */
  get secondsLeft() {
    const cost = (/** @type {Task[]} */ tasks) => tasks.reduce((sum, task) => sum + task.cost, 0);
    return (cost(this.queue) + this.slots.reduce((sum, { tasks }) => sum + cost(tasks), 0)) / STEPS_PER_S / this.size;
  }

  /** Starts one more worker; whether that was possible. */
  #start() {
    /** @type {Worker} */
    let worker;
    try {
      worker = startWorker();
    } catch {
      this.#useMainThread();
      return false;
    }
    /** @type {Slot} */
    const slot = { worker, groups: new Set(), tasks: [], ready: false, limit: 0 };
    this.slots.push(slot);
    slot.limit = window.setTimeout(() => this.#lost(slot), START_LIMIT_MS);
    worker.addEventListener('message', ({ data }) => {
      if (!data.ready) this.#answer(slot, data);
      else if (!slot.ready) {
        clearTimeout(slot.limit);
        slot.ready = true;
        this.#feed();
      }
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#lost(slot, event.message);
    });
    this.#equip(slot, this.loaded.group);
    return true;
  }

  /** Gives a worker the module of a group, once. @param {Slot} slot @param {string} group */
  #equip(slot, group) {
    const loaded = this.modules.get(group);
    if (!loaded || slot.groups.has(group)) return;
    slot.groups.add(group);
    slot.worker.postMessage({ group, glue: loaded.glue, module: loaded.module });
  }

  /** @param {Slot} slot @param {{id: number, values?: Float64Array, lacks?: string[], error?: string, fatal?: boolean}} data */
  #answer(slot, data) {
    const task = slot.tasks.find(({ id }) => id === data.id);
    if (!task) return;
    if (data.lacks) {
      // A new worker, or one that has let go of it.
      const given = heldOf(data.lacks);
      if (given.length === data.lacks.length) {
        this.#send(slot, task, given);
        return;
      }
      data.error = 'A file that this needs is no longer held: open it again.';
    }
    if (data.fatal) {
      this.#lost(slot, data.error);
      return;
    }
    slot.tasks = slot.tasks.filter((other) => other !== task);
    this.#watch(slot);
    if (data.values) this.hooks.onShard(task, data.values);
    else this.#fail(task, data.error ?? 'The computation failed.');
    this.#dismiss();
    this.#feed();
  }

  /** A worker died: another takes its place, and its shard is tried once more. @param {Slot} slot @param {string} [why] */
  #lost(slot, why = 'A worker stopped answering.') {
    clearTimeout(slot.limit);
    slot.worker.terminate();
    this.slots = this.slots.filter((other) => other !== slot);
    // It died of the first one; the others waited behind it.
    const [first, ...others] = slot.tasks;
    this.queue.unshift(...others);
    if (first) {
      const task = { ...first, tries: first.tries + 1 };
      if (task.tries < 2) this.queue.unshift(task);
      else this.#fail(task, why);
    }
    if (slot.ready) this.#start();
    else if (this.slots.length === 0) this.#useMainThread();
    this.#feed();
  }

  /** @param {Task} task @param {string} why */
  #fail(task, why) {
    this.failed.add(`${task.key}#${task.shard}`);
    this.hooks.onError(task.key, why);
  }

  /** Whether a chain's shard has the one before it. @param {Task} task */
  #startable(task) {
    return !task.chain || task.shard === 0 || this.#previous(task) !== undefined;
  }

  /** What a chain's shard continues from. @param {Task} task */
  #previous({ group, key, shard, chain }) {
    return chain && shard > 0 ? this.hooks.previous(group, key, shard - 1) : undefined;
  }

  #next() {
    const index = this.queue.findIndex((task) => this.#startable(task));
    return index < 0 ? undefined : this.queue.splice(index, 1)[0];
  }

  #feed() {
    // A worker beyond what is allowed finishes what it has, and is asked for nothing more.
    const ready = this.slots.filter((slot) => slot.ready);
    const fed = [...ready.filter(({ tasks }) => tasks.length > 0), ...ready.filter(({ tasks }) => tasks.length === 0)].slice(0, this.#allowed);
    // One for each worker first, then what each may have ahead.
    for (const most of [1, AHEAD_TASKS]) {
      for (const slot of fed) {
        while (slot.tasks.length < most && this.#hasTime(slot)) {
          const task = this.#next();
          if (!task) return;
          this.#give(slot, task);
        }
      }
    }
    if (this.onMainThread) this.#slice();
  }

  /** Whether what a worker has been asked leaves room for more. @param {Slot} slot */
  #hasTime({ tasks }) {
    return tasks.length < 2 || tasks.reduce((sum, { cost }) => sum + cost, 0) / STEPS_PER_S < AHEAD_S;
  }

  /** @param {Slot} slot @param {Task} task */
  #give(slot, task) {
    this.lastId += 1;
    const given = { ...task, id: this.lastId };
    slot.tasks.push(given);
    if (slot.tasks.length === 1) this.#watch(slot);
    this.#equip(slot, task.group);
    this.#send(slot, given);
  }

  /** Waits for a worker's next answer, if it owes one. @param {Slot} slot */
  #watch(slot) {
    clearTimeout(slot.limit);
    if (slot.tasks.length > 0) slot.limit = window.setTimeout(() => this.#lost(slot), SHARD_LIMIT_MS);
  }

  /** @param {Slot} slot @param {Task} task @param {import('./content.js').Content[]} [given] content that the worker said it lacks */
  #send(slot, task, given = []) {
    const { id, group, fragment, job, shard, contents } = task;
    slot.worker.postMessage({ id, group, fragment, job, shard, previous: this.#previous(task), contents, given });
  }

  #useMainThread() {
    this.onMainThread = true;
    this.#slice();
  }

  /** One shard in the next idle time, then the next. */
  #slice() {
    if (this.idle || this.queue.length === 0 || this.#allowed === 0) return;
    this.idle = true;
    const whenIdle = window.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 1));
    // A frame that draws nothing has no idle time in Chromium: without a limit the work would rest for ever.
    whenIdle(() => {
      this.idle = false;
      if (this.#allowed === 0) return;
      const task = this.#next();
      if (!task) return;
      try {
        const { core } = this.modules.get(task.group) ?? this.loaded;
        this.hooks.onShard(task, core.compute(task.fragment, task.job, task.shard, this.#previous(task)));
      } catch (error) {
        this.#fail(task, error instanceof Error ? error.message : String(error));
      }
      this.#slice();
    }, { timeout: IDLE_LIMIT_MS });
  }
}
