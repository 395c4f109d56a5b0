// The figures of a lab by role: the main one, strips below it, and the others as cards. It draws what changed and is
// seen: the main figure first, then as many others as a frame has time for, the rest in the frames after it.

import { element } from '../components/element.js';
import { FigureView } from '../components/figure.js';
import { closeButton } from '../components/full-screen.js';
import { SideFigure } from '../components/side-figure.js';

/** @typedef {import('../types.js').FigureInfo} FigureInfo */
/** @typedef {import('../state.js').State} State */
/** @typedef {import('../components/side-figure.js').Page} Page */

/** How long an outdated picture may stay while nothing of its successor is there, and one of which some parts are there until others are added. */
const STALE_LIMIT_MS = 120;
/** How long it may stay while the rest of its successor is on the way: a picture that is had so soon is drawn once. */
const COARSE_LIMIT_MS = 50;
/** What all shards are estimated to take, an estimate well above what they do, if that may happen. */
const SOON_S = 0.5;
/** Time that drawing may take in a frame before the next figure waits for the next one. */
const FRAME_MS = 8;
/** A figure that has waited this long is drawn whatever the frame has cost already. */
const BEHIND_LIMIT_MS = 60;
/** A figure this near the screen is kept drawn. */
const NEAR = '100px';

export class Figures {
  /** @param {State} state @param {Page} page @param {() => number} secondsLeft until the shards on the way are there; 0: none is */
  constructor(state, page, secondsLeft) {
    this.state = state;
    this.page = page;
    this.secondsLeft = secondsLeft;
    const info = state.session.figures().find((one) => one.role === 'main');
    if (!info) throw new Error('This lab has no main figure.');
    this.main = new FigureView(state, info, page.dark);
    this.stage = element('div', { class: 'stage' }, [closeButton(), this.main.root]);
    this.strips = element('div', { class: 'strips' });
    this.sides = element('div', { class: 'sides' });
    /** @type {Map<string, SideFigure>} */
    this.others = new Map();
    /** Which others there are. */
    this.names = '';
    this.heading = '';
    this.widths = new ResizeObserver(() => page.requestFrame());
    this.widths.observe(this.main.root);
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const side = [...this.others.values()].find((one) => one.root === target);
        if (!side) continue;
        side.visible = isIntersecting;
        if (isIntersecting) page.requestFrame();
        else side.player?.hide();
      }
    }, { rootMargin: NEAR });
  }

  dispose() {
    this.widths.disconnect();
    this.seen.disconnect();
  }

  get hasSides() {
    return [...this.others.values()].some((side) => side.visible);
  }

  /** Another state: nothing of it is drawn or being played. */
  changed() {
    this.main.begun = false;
    for (const side of this.others.values()) side.player?.rest();
  }

  /** Says what the handles are set to. @param {string} heading */
  speak(heading) {
    this.heading = heading;
    this.main.speak(heading);
    for (const side of this.others.values()) side.view.speak(heading);
  }

  /** @param {number} now time of the frame */
  draw(now) {
    const began = performance.now();
    const { session } = this.state;
    const whole = session.whole(this.main.id);
    const waits = this.#waits(this.main, whole || session.ready(this.main.id), whole);
    // What was not looked at need not be made either.
    if (waits && !this.main.begun) {
      return { mainDrawn: false, fresh: false, whole: false, sidesFresh: false, isMap: false };
    }
    const played = [...this.others.values()].filter((side) => side.visible && side.player?.playing);
    for (const side of played) if (side.player?.advance(now, true)) this.page.requestFrame();
    const infos = session.figures();
    const info = infos.find((one) => one.role === 'main');
    const another = !!info && info.id !== this.main.id;
    if (another) this.main.become(info);

    const first = !this.main.drawn;
    const mainDrawn = (!waits || another) && !!info && this.main.outdated(info);
    if (mainDrawn) this.main.draw(info);
    const fresh = !!info?.ready;
    // Nothing is made for the others before the first picture is seen.
    if (first && this.main.drawn) {
      this.page.requestFrame();
      return { mainDrawn, fresh, whole, sidesFresh: false, isMap: !!info?.map };
    }

    this.#reconcile(infos);
    let sidesFresh = true;
    /** @type {[SideFigure, FigureInfo][]} */
    const due = [];
    for (const one of infos) {
      const side = this.others.get(one.id);
      // Once it is drawn unseen, so that it has its height and the page does not jump when it is reached.
      if (!side || (!side.visible && (side.view.drawn || !one.ready))) continue;
      if (side.visible) side.player?.appear(one.ready);
      if (side.player?.waits && one.ready) side.player.advance(now, true);
      if (!one.ready) sidesFresh = false;
      if (!side.view.outdated(one)) side.behindSince = 0;
      else if (this.#waits(side.view, one.ready, one.ready)) sidesFresh = false;
      else {
        side.behindSince ||= now;
        due.push([side, one]);
      }
    }
    due.sort(([a], [b]) => a.behindSince - b.behindSince);
    for (const [side, one] of due) {
      const spent = performance.now() - began;
      if (spent > FRAME_MS && now - side.behindSince < BEHIND_LIMIT_MS) {
        sidesFresh = false;
        this.page.requestFrame();
        continue;
      }
      side.draw(one);
    }
    return { mainDrawn, fresh, whole, sidesFresh, isMap: !!info?.map };
  }

  /** Whether a figure keeps its outdated picture for a moment rather than show a blank or a coarse one.
   * @param {FigureView} view @param {boolean} ready @param {boolean} whole */
  #waits(view, ready, whole) {
    const [now, left] = [performance.now(), this.secondsLeft()];
    const soon = left <= SOON_S;
    const limit = ready && soon ? COARSE_LIMIT_MS : STALE_LIMIT_MS;
    const over = left === 0 || (ready && !soon && !view.begun) || (view.staleSince > 0 && now - view.staleSince >= limit);
    if (whole || !view.drawn || over) {
      view.staleSince = 0;
      view.begun = ready;
      return false;
    }
    view.staleSince ||= now;
    setTimeout(this.page.requestFrame, view.staleSince + limit - now);
    return true;
  }

  /** Cards for the figures that there are now, in their order. @param {FigureInfo[]} infos */
  #reconcile(infos) {
    const wanted = infos.filter((info) => info.role !== 'main');
    const names = wanted.map(({ id, role, playable }) => `${id} ${role} ${playable}`).join();
    if (names === this.names) return;
    this.names = names;
    for (const [id, side] of this.others) {
      const info = wanted.find((one) => one.id === id);
      if (info && info.role === side.role && info.playable === !!side.player) continue;
      this.seen.unobserve(side.root);
      this.widths.unobserve(side.root);
      side.root.remove();
      this.others.delete(id);
    }
    for (const info of wanted) {
      let side = this.others.get(info.id);
      if (!side) {
        side = new SideFigure(this.state, info, this.page);
        side.view.speak(this.heading);
        this.others.set(info.id, side);
        this.seen.observe(side.root);
        this.widths.observe(side.root);
      }
      (info.role === 'strip' ? this.strips : this.sides).append(side.root);
    }
  }
}
