// Two fingers on a map zoom it; one finger still scrolls the page.
//
// Touch events, not pointer events: a browser takes a gesture that may scroll away from pointers (pointercancel), and
// only a refused touchstart keeps two fingers here.

/** @typedef {import('../types.js').Box} Box */
/** @typedef {{x: number, y: number, apart: number}} Grip the middle of two fingers and their distance, pixels of the canvas */

/** Fingers nearer than this give no steady scale. */
const NEAREST_PIXELS = 24;

export class Pinch {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => Box|undefined} plot where the picture that is on the screen has its plot
   * @param {(x0: number, y0: number, x1: number, y1: number) => void} zoom to a box of that picture's pixels
   * @param {() => void} settle
   */
  constructor(canvas, plot, zoom, settle) {
    this.canvas = canvas;
    /** The fingers when the picture on the screen was drawn. @type {Grip|undefined} */
    this.from = undefined;
    /** The fingers at the last zoom. @type {Grip|undefined} */
    this.now = undefined;
    canvas.addEventListener('touchstart', (event) => {
      if (event.touches.length !== 2 || !plot()) return;
      if (event.cancelable) event.preventDefault();
      this.from = this.now = this.#grip(event);
    }, { passive: false });
    canvas.addEventListener('touchmove', (event) => {
      const [box, from] = [plot(), this.from];
      if (!from || !box || event.touches.length !== 2) return;
      if (event.cancelable) event.preventDefault();
      const now = this.#grip(event);
      this.now = now;
      // What was at a finger stays at it: the picture's pixel that comes to lie at `x` is this one.
      const scale = now.apart / from.apart;
      const x = (/** @type {number} */ at) => from.x + (at - now.x) / scale;
      const y = (/** @type {number} */ at) => from.y + (at - now.y) / scale;
      zoom(x(box.left), y(box.top), x(box.left + box.width), y(box.top + box.height));
    }, { passive: false });
    const end = () => {
      if (!this.from) return;
      this.from = this.now = undefined;
      settle();
    };
    canvas.addEventListener('touchend', end);
    canvas.addEventListener('touchcancel', end);
  }

  get active() {
    return this.from !== undefined;
  }

  /** The picture on the screen is that of the last zoom now. */
  drawn() {
    if (this.from) this.from = this.now;
  }

  /** @param {TouchEvent} event @returns {Grip} */
  #grip(event) {
    const box = this.canvas.getBoundingClientRect();
    const [a, b] = event.touches;
    return {
      x: (a.clientX + b.clientX) / 2 - box.left,
      y: (a.clientY + b.clientY) / 2 - box.top,
      apart: Math.max(NEAREST_PIXELS, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)),
    };
  }
}
