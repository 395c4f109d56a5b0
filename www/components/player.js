// Runs a simulated figure from its start to its end, by itself or step by step.

import { element, write } from './element.js';

/** @typedef {import('../state.js').State} State */

/** Time from the first step to the last. */
const WHOLE_MS = 4000;
const STEPS = 20;

export class Player {
  /** @param {State} state @param {string} figure @param {string} title @param {() => void} requestFrame */
  constructor(state, figure, title, requestFrame) {
    this.state = state;
    this.figure = figure;
    this.requestFrame = requestFrame;
    /** Part of the runs' time that is shown. */
    this.part = 1;
    this.playing = false;
    /** To begin as soon as there are runs to show. */
    this.waits = false;
    /** Begun by the reader or by itself: it does not begin by itself again. */
    this.touched = false;
    this.before = 0;
    const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ onclick) =>
      element('button', { type: 'button', text, title: label, onclick });
    this.run = button('Run', 'Show the runs from the start to the end', () => this.#toggle());
    this.time = element('span', { class: 'time' });
    this.root = element('div', { class: 'player', role: 'group', 'aria-label': `Playback: ${title}` }, [
      this.run,
      button('Step', 'Show a twentieth more', () => this.#step()),
      button('Again', 'Draw a new seed and run again', () => this.#again()),
      this.time,
    ]);
    this.#show();
  }

  /** Plays once, unless the reader prefers rest or has been here. @param {boolean} ready */
  appear(ready) {
    if (this.touched || !ready) return;
    this.touched = true;
    const rests = matchMedia('(prefers-reduced-motion: reduce)').matches || this.state.session.view().run === 'click';
    if (!rests) this.#begin(0);
  }

  /** Other parameters: the whole is shown. */
  rest() {
    this.playing = false;
    this.waits = false;
    this.#to(1);
  }

  /** One frame; whether another is wanted. @param {number} now @param {boolean} ready */
  advance(now, ready) {
    if (this.waits && ready) {
      this.waits = false;
      this.#begin(0);
    }
    if (!this.playing) return false;
    const passed = this.before ? now - this.before : 0;
    this.before = now;
    const part = this.part + passed / WHOLE_MS;
    if (part >= 1) this.playing = false;
    this.#to(Math.min(1, part));
    return this.playing;
  }

  /** Off the screen its time stands still. */
  hide() {
    this.before = 0;
  }

  /** @param {number} part */
  #begin(part) {
    this.playing = true;
    this.before = 0;
    this.#to(part);
    this.requestFrame();
  }

  #toggle() {
    this.touched = true;
    if (this.playing) {
      this.playing = false;
      this.#show();
    } else this.#begin(this.part < 1 ? this.part : 0);
  }

  #step() {
    this.touched = true;
    this.playing = false;
    const done = Math.round(this.part * STEPS);
    this.#to(done < STEPS ? (done + 1) / STEPS : 1 / STEPS);
    this.requestFrame();
  }

  #again() {
    this.touched = true;
    this.state.change((session) => session.new_seed());
    this.#to(0);
    this.waits = true;
    this.requestFrame();
  }

  /** @param {number} part */
  #to(part) {
    if (part !== this.part) this.state.session.play(this.figure, part);
    this.part = part;
    this.#show();
  }

  #show() {
    write(this.run, this.playing ? 'Pause' : 'Run');
    write(this.time, this.part < 1 ? `${Math.floor(100 * this.part)} % of the time` : '');
    this.root.classList.toggle('playing', this.playing);
  }
}
