// The one state of the page: a session of the core, the address bar, and who wants to know when it changes.

import { framed } from './budget.js';
import { labOf } from './groups.js';

/** @typedef {import('./types.js').Session} Session */
/** @typedef {import('./types.js').Loaded} Loaded */
/** @typedef {import('./modules.js').Modules} Modules */

/** While dragging, the address is replaced at most this often: browsers refuse more. */
const REPLACE_EVERY_MS = 500;

/** Where others find this page: where it is now, or, for a file or a frame without an address, where it is published. */
function pageAddress() {
  if (/^https?:/.test(location.protocol)) return location.href.split('#')[0];
  return /** @type {HTMLLinkElement|null} */ (document.querySelector('link[rel=canonical]'))?.href ?? '';
}

export class State {
  /** @param {Modules} modules @param {Loaded} loaded the one of the link in the address
   * @param {(sentence: string) => void} say what the reader should know about a module on the way */
  constructor(modules, loaded, say) {
    this.modules = modules;
    this.loaded = loaded;
    this.say = say;
    /** @type {Session} */
    this.session = new loaded.core.Session(location.hash);
    /** One per module: a lab's finished shards stay while the reader is in a lab of another one. */
    this.sessions = new Map([[loaded.group, this.session]]);
    /** Settles when the module that the last link needs is there.
     * @type {Promise<void>|undefined} */
    this.arrival = undefined;
    /** @type {Set<(what: {link: boolean}) => void>} */
    this.listeners = new Set();
    /** What the address shows; during a drag not what the history entry is about. */
    this.written = location.hash.slice(1);
    /** The present history entry: its link as it was written, perhaps by hand, and the state that it opened. */
    this.entry = { link: this.written, state: this.session.fragment() };
    this.replacedAt = 0;
    this.replaceTimer = 0;
    window.addEventListener('hashchange', () => this.#followAddress());
    window.addEventListener('popstate', () => this.#followAddress());
  }

  get core() {
    return this.loaded.core;
  }

  /** Keeps a finished shard where it belongs.
   * @param {{group: string, key: string, shards: number, shard: number}} task @param {Float64Array} values */
  keep({ group, key, shards, shard }, values) {
    this.sessions.get(group)?.keep(key, shards, shard, values);
  }

  /** @param {(what: {link: boolean}) => void} listener @returns {() => void} that ends it */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Changes the session. `settled`: one history entry; otherwise (during a drag) the address is only replaced.
   * @param {(session: Session) => void} change @param {{settled?: boolean}} [how] */
  change(change, { settled = true } = {}) {
    change(this.session);
    if (settled) this.settle();
    else this.#replaceSoon();
    this.#tell(false);
  }

  /** Opens a link inside the page, as a link in the text does: one history entry if `settled`. `then` changes what was
   * opened. @param {string} fragment @param {{settled?: boolean, then?: (session: Session) => void}} [how] */
  open(fragment, { settled = true, then = () => {} } = {}) {
    this.#reach(fragment, () => this.change((session) => {
      session.open(fragment);
      then(session);
    }, { settled }));
  }

  /** Calls `act` when the module of a link is the present one: at once if it is, else when it has been loaded, unless
   * another link was followed meanwhile. If that fails the page stays as it is.
   * @param {string} fragment @param {() => void} act */
  #reach(fragment, act) {
    const lab = labOf(fragment);
    this.arrival = undefined;
    if (!lab || lab.group === this.loaded.group) {
      this.say('');
      act();
      return;
    }
    this.say(`The lab “${lab.id}” is being loaded.`);
    const arrival = this.modules.load(lab.group).then((loaded) => {
      if (this.arrival !== arrival) return;
      this.say('');
      this.loaded = loaded;
      const session = this.sessions.get(loaded.group) ?? new loaded.core.Session(fragment);
      this.sessions.set(loaded.group, session);
      this.session = session;
      act();
    }, (error) => {
      const sentence = `The lab “${lab.id}” could not be loaded (${error instanceof Error ? error.message : error}). Open it once more to try again.`;
      if (this.arrival === arrival) {
        this.arrival = undefined;
        this.say(sentence);
      }
      throw new Error(sentence);
    });
    this.arrival = arrival;
    // Whoever waits for it hears of a failure; the page has said it.
    arrival.catch(() => {});
  }

  /** Back to the defaults, in the address too where a faulty link gave them. */
  reset() {
    const faulty = this.session.problems().length > 0;
    this.change((session) => session.reset());
    if (!faulty || this.written === this.entry.state) return;
    this.entry.link = this.entry.state;
    this.#write('replaceState', this.entry.state);
  }

  /** Writes the present state into the history, once. */
  settle() {
    clearTimeout(this.replaceTimer);
    this.replaceTimer = 0;
    const { entry } = this;
    const state = this.session.fragment();
    const changed = state !== entry.state;
    // The address may already show a drag: the entry gets its own link back, below the new entry if there is one.
    if (this.written !== entry.link && !(framed && changed)) this.#write('replaceState', entry.link);
    if (!changed) return;
    this.entry = { link: state, state };
    this.#write(framed ? 'replaceState' : 'pushState', state);
  }

  /** The address of this page in this state; empty if it has none that others could open. */
  link() {
    return pageAddress() && `${pageAddress()}#${this.session.fragment()}`;
  }

  #replaceSoon() {
    if (this.replaceTimer) return;
    const wait = Math.max(0, this.replacedAt + REPLACE_EVERY_MS - performance.now());
    this.replaceTimer = window.setTimeout(() => {
      this.replaceTimer = 0;
      this.#write('replaceState', this.session.fragment());
    }, wait);
  }

  /** @param {'replaceState'|'pushState'} how @param {string} fragment */
  #write(how, fragment) {
    this.written = fragment;
    this.replacedAt = performance.now();
    try {
      history[how](null, '', `#${fragment}`);
    } catch {
      // A sandboxed frame or a throttled browser refuses: the page works without the address.
    }
  }

  #followAddress() {
    const fragment = location.hash.slice(1);
    if (fragment === this.written) return;
    this.written = fragment;
    clearTimeout(this.replaceTimer);
    this.replaceTimer = 0;
    this.#reach(fragment, () => {
      this.session.open(fragment);
      this.entry = { link: fragment, state: this.session.fragment() };
      // Something may have been dragged meanwhile.
      if (this.written !== fragment) this.#write('replaceState', fragment);
      this.#tell(true);
    });
  }

  /** @param {boolean} link */
  #tell(link) {
    for (const listener of this.listeners) listener({ link });
  }
}
