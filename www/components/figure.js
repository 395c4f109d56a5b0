// One figure: a canvas drawn by the core, a handle that can be dragged, a line that says what is under the pointer.

import { element, write } from './element.js';
import { isFullScreen } from './full-screen.js';
import { Pinch } from './pinch.js';

/** @typedef {import('../types.js').FigureInfo} FigureInfo */
/** @typedef {import('../types.js').Drawn} Drawn */
/** @typedef {import('../state.js').State} State */

const ARROWS = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, 1]],
  ['ArrowDown', [0, -1]],
]);
const LARGE_STEP = 10;
const ZOOM_STEP = 1.5;
/** A pressed pointer that moved less is a tap. */
const TAP_PIXELS = 8;
/** Narrower there is nothing to see. */
const NARROWEST = 120;
/** Room left below a figure that fills the screen. */
const MARGIN = 16;

export class FigureView {
  /** @param {State} state @param {FigureInfo} info @param {() => boolean} dark */
  constructor(state, info, dark) {
    this.state = state;
    this.id = '';
    this.zoomable = false;
    this.dark = dark;
    /** @type {Drawn|undefined} */
    this.drawn = undefined;
    /** How it was drawn. */
    this.look = '';
    /** Width of the figure as last laid out; 0: not yet. */
    this.knownWidth = 0;
    /** Since when its picture is outdated and its successor not ready; 0: it is not. */
    this.staleSince = 0;
    /** Whether a part of the present state's picture is drawn. */
    this.begun = false;
    this.canvas = element('canvas', { role: 'img', 'aria-label': info.title });
    this.hoverLine = element('p', { class: 'hover' });
    this.box = element('div', { class: 'zoom-box', hidden: true });
    this.frame = element('div', { class: 'frame' }, [this.canvas, this.box]);
    /** @type {HTMLElement[]} */
    this.handles = [];
    this.alt = element('p', { class: 'alt unseen' });
    this.root = element('figure', { class: `figure ${info.role}` }, [this.frame, this.hoverLine, this.alt]);
    this.pinch = new Pinch(this.canvas, () => (this.zoomable ? this.drawn?.plot : undefined),
      (x0, y0, x1, y1) => this.state.change((session) => session.zoom(this.id, x0, y0, x1, y1), { settled: false }),
      () => this.state.settle());
    this.become(info);
    this.#listen();
    // Asked in a frame that has written something, the browser would have to lay out the page at once.
    new ResizeObserver(() => { this.knownWidth = this.root.clientWidth; }).observe(this.root);
  }

  /** Shows this figure from now on: a lab's main one may be another in another state. @param {FigureInfo} info */
  become({ id, zoomable, handles }) {
    this.id = id;
    this.zoomable = zoomable;
    this.drawn = undefined;
    this.root.dataset.figure = id;
    this.alt.id = `alt-${id}`;
    this.canvas.setAttribute('aria-describedby', this.alt.id);
    this.canvas.classList.toggle('zoomable', zoomable);
    while (this.handles.length < handles) this.#addHandle(this.handles.length);
    this.handles.forEach((handle, index) => { handle.hidden = index >= handles; });
  }

  get #width() {
    return Math.floor(this.knownWidth ||= this.root.clientWidth);
  }

  #look() {
    return [this.#width, window.devicePixelRatio, this.dark(), this.#room()].join(' ');
  }

  /** Whether the picture is not what it should be. @param {FigureInfo} info */
  outdated(info) {
    return !this.drawn || info.changed || this.look !== this.#look();
  }

  /** Height that the picture may have in full screen. */
  #room() {
    const large = this.root.closest('.full');
    if (!large || !isFullScreen(large)) return Infinity;
    const others = [...large.children].filter((child) => !child.contains(this.root)).reduce((sum, child) => sum + child.clientHeight, 0);
    return window.innerHeight - others - (this.root.clientHeight - this.frame.clientHeight) - MARGIN;
  }

  /** Draws at the present width; in full screen as wide as the height allows. @param {FigureInfo} info */
  draw(info) {
    let width = this.#width;
    if (width < NARROWEST) return;
    const room = this.#room();
    for (let tries = 0; tries < 4; tries += 1) {
      this.drawn = this.state.session.draw(this.canvas, this.id, width, window.devicePixelRatio || 1, this.dark());
      if (this.drawn.height <= room) break;
      width = Math.max(NARROWEST, Math.floor((width * room) / this.drawn.height));
    }
    if (!this.drawn) return;
    this.frame.style.width = room < Infinity ? `${this.drawn.width}px` : '';
    this.look = this.#look();
    this.pinch.drawn();
    write(this.alt, info.alt);
    this.canvas.setAttribute('aria-label', info.title);
    this.drawn.handles.forEach((place, index) => {
      const handle = this.handles[index];
      if (!handle) return;
      handle.style.left = `${place.x}px`;
      handle.style.top = `${place.y}px`;
    });
  }

  /** @param {number} index */
  #addHandle(index) {
    const handle = element('div', {
      class: 'handle', tabindex: 0, role: 'slider', 'aria-label': 'The point; arrow keys move it, with Shift in larger steps',
      'aria-valuemin': 0, 'aria-valuemax': 1, 'aria-valuenow': 0.5,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const arrow = ARROWS.get(event.key);
        if (!arrow) return;
        event.preventDefault();
        const size = event.shiftKey ? LARGE_STEP : 1;
        this.state.change((session) => session.nudge(this.id, index, arrow[0] * size, arrow[1] * size));
      },
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        if (event.button !== 0) return;
        handle.setPointerCapture(event.pointerId);
        handle.focus({ preventScroll: true });
        event.preventDefault();
      },
      onpointermove: (/** @type {PointerEvent} */ event) => {
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const at = this.#at(event);
        this.state.change((session) => session.drag(this.id, index, at.x, at.y), { settled: false });
      },
      onpointerup: () => this.state.settle(),
      onpointercancel: () => this.state.settle(),
    });
    this.handles.push(handle);
    this.frame.append(handle);
  }

  /** Says what a handle is set to. @param {string} text */
  speak(text) {
    for (const handle of this.handles) handle.setAttribute('aria-valuetext', text);
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {{x: number, y: number}} at */
  #inside(at) {
    const plot = this.drawn?.plot;
    return !!plot && at.x >= plot.left && at.x <= plot.left + plot.width && at.y >= plot.top && at.y <= plot.top + plot.height;
  }

  /** The pixel of the plot nearest to this one. @param {{x: number, y: number}} at */
  #nearest(at) {
    const { left, top, width, height } = this.drawn?.plot ?? { left: 0, top: 0, width: 0, height: 0 };
    return { x: Math.min(Math.max(at.x, left), left + width), y: Math.min(Math.max(at.y, top), top + height) };
  }

  #listen() {
    /** @type {{x: number, y: number}|undefined} */
    let pressed;
    let boxing = false;
    this.canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      pressed = this.#at(event);
      boxing = event.shiftKey && this.zoomable && this.#inside(pressed);
      if (boxing) {
        this.canvas.setPointerCapture(event.pointerId);
        event.preventDefault();
      }
    });
    this.canvas.addEventListener('pointermove', (event) => {
      const at = this.#at(event);
      if (boxing && pressed) this.#showBox(pressed, this.#nearest(at));
      else write(this.hoverLine, this.#inside(at) ? this.state.session.hover(this.id, at.x, at.y) : '');
    });
    this.canvas.addEventListener('pointerleave', () => write(this.hoverLine, ''));
    this.canvas.addEventListener('pointerup', (event) => {
      const from = pressed;
      pressed = undefined;
      this.box.hidden = true;
      if (!from) return;
      const at = this.#at(event);
      const moved = Math.hypot(at.x - from.x, at.y - from.y) > TAP_PIXELS;
      if (boxing && moved) {
        const to = this.#nearest(at);
        this.state.change((session) => session.zoom(this.id, from.x, from.y, to.x, to.y));
      } else if (!moved && !this.pinch.active && this.#inside(at) && this.handles[0]?.hidden === false) this.state.change((session) => session.drag(this.id, 0, at.x, at.y));
      boxing = false;
    });
    this.root.addEventListener('keydown', (event) => {
      if (!this.zoomable || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '+' || event.key === '=') this.#zoomBy(1 / ZOOM_STEP);
      else if (event.key === '-') this.#zoomBy(ZOOM_STEP);
      else if (event.key === '0') this.state.change((session) => session.zoom_reset(this.id));
      else return;
      event.preventDefault();
    });
  }

  /** @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
  #showBox(from, to) {
    this.box.hidden = false;
    this.box.style.left = `${Math.min(from.x, to.x)}px`;
    this.box.style.top = `${Math.min(from.y, to.y)}px`;
    this.box.style.width = `${Math.abs(from.x - to.x)}px`;
    this.box.style.height = `${Math.abs(from.y - to.y)}px`;
  }

  /** @param {number} factor */
  #zoomBy(factor) {
    this.state.change((session) => session.zoom_by(this.id, factor));
  }

  /** What zooms, for buttons. */
  zoomActions() {
    return [
      { sign: '+', text: 'Zoom in', key: '+', run: () => this.#zoomBy(1 / ZOOM_STEP) },
      { sign: '−', text: 'Zoom out', key: '−', run: () => this.#zoomBy(ZOOM_STEP) },
      { sign: '0', text: 'Whole range', key: '0', run: () => this.state.change((session) => session.zoom_reset(this.id)) },
    ];
  }

  /** Buttons for zooming. */
  zoomButtons() {
    return element('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' }, this.zoomActions().map(({ sign, text, key, run }) =>
      element('button', { type: 'button', text: sign, 'aria-label': `${text}, key ${key}`, title: `${text}, key ${key}`, onclick: run })));
  }
}
