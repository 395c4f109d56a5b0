// How many workers this page may use now. A page of its own: all cores but one. A frame in somebody's page: one until
// the reader touches it, then half, unless that page shares out other numbers. None while nobody can see it.

const CORES = navigator.hardwareConcurrency || 2;
const ALONE = Math.max(1, CORES - 1);
const TOUCHED = Math.max(1, Math.floor(CORES / 2));
const TOUCHES = ['pointerdown', 'keydown'];

/** Whether this page is shown inside another one. */
export const framed = window.parent !== window;

class Budget {
  constructor() {
    /** The reader used this page. */
    this.touched = !framed;
    /** Some of it is on the screen; a frame learns it in its first moment. */
    this.onScreen = !framed;
    /** What the page around it said.
     * @type {number|undefined} */
    this.given = undefined;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    document.addEventListener('visibilitychange', () => this.#tell());
    if (framed) this.#watchReader();
  }

  #watchReader() {
    // Observed against the window of the outermost page, whatever its origin.
    new IntersectionObserver((entries) => {
      this.change({ onScreen: entries[entries.length - 1].isIntersecting });
    }).observe(document.documentElement);
    const touch = () => {
      for (const name of TOUCHES) window.removeEventListener(name, touch, true);
      this.change({ touched: true });
    };
    for (const name of TOUCHES) window.addEventListener(name, touch, true);
  }

  /** Whether anybody can see the page: the tab is in front and the frame is on the screen. */
  get seen() {
    return this.onScreen && !document.hidden;
  }

  /** Workers that may compute now; 0 is a pause. */
  get workers() {
    if (!this.seen) return 0;
    if (!framed) return ALONE;
    return this.given ?? (this.touched ? TOUCHED : 1);
  }

  /** @param {{touched?: boolean, onScreen?: boolean, given?: number}} news */
  change(news) {
    const before = `${this.workers} ${this.touched} ${this.onScreen}`;
    Object.assign(this, news);
    if (before !== `${this.workers} ${this.touched} ${this.onScreen}`) this.#tell();
  }

  /** Calls `listener` after every change, until the function that it returns is called. @param {() => void} listener */
  onChange(listener) {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  #tell() {
    for (const listener of [...this.listeners]) listener();
  }
}

/** The one budget of the page. */
export const budget = new Budget();
