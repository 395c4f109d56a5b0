// A figure beside the main one: caption, picture, playback if it is simulated, and a menu with what else can be done.

import { dataTable } from './data-table.js';
import { element, write } from './element.js';
import { exportActions } from './export.js';
import { FigureView } from './figure.js';
import { closeButton, toggleFullScreen } from './full-screen.js';
import { menu } from './menu.js';
import { Player } from './player.js';

/** @typedef {import('../types.js').FigureInfo} FigureInfo */
/** @typedef {import('../state.js').State} State */
/** @typedef {{dark: () => boolean, requestFrame: () => void, say: (sentence: string) => void}} Page */

export class SideFigure {
  /** @param {State} state @param {FigureInfo} info @param {Page} page */
  constructor(state, info, page) {
    this.id = info.id;
    this.role = info.role;
    this.view = new FigureView(state, info, page.dark);
    this.player = info.playable ? new Player(state, info.id, info.title, page.requestFrame) : undefined;
    this.table = dataTable(() => state.session.table(info.id));
    this.table.root.hidden = true;
    this.title = element('h2');
    const item = (/** @type {string} */ text, /** @type {() => void} */ onclick, title = '') => element('button', { type: 'button', text, title, onclick });
    const large = () => toggleFullScreen(this.root, page.requestFrame);
    this.more = menu('', '⋯', [
      item('Full screen', large),
      item('Data table', () => this.#toggleTable()),
      ...exportActions(state, this.view, page.say).map(({ text, title, run }) => item(text, run, title)),
      ...(info.zoomable ? this.view.zoomActions().map(({ text, run }) => item(text, run)) : []),
    ]);
    this.root = element('section', { class: `panel ${info.role}` }, [
      element('div', { class: 'caption' }, [this.title, this.more.root, closeButton()]),
      this.view.root,
      ...(this.player ? [this.player.root] : []),
      this.table.root,
    ]);
    /** Seen, or nearly: only then it is drawn. */
    this.visible = false;
    /** Since when its picture is behind; 0: it is not. */
    this.behindSince = 0;
    this.#name(info.title);
  }

  /** A title may say what the state is. @param {string} title */
  #name(title) {
    if (this.title.textContent === title) return;
    write(this.title, title);
    this.root.setAttribute('aria-label', title);
    this.more.name(`More: ${title}`);
    this.table.name(title);
  }

  /** Draws, and keeps title and table true. @param {FigureInfo} info */
  draw(info) {
    this.#name(info.title);
    this.view.draw(info);
    this.table.refresh();
    this.behindSince = 0;
  }

  #toggleTable() {
    const { root } = this.table;
    root.hidden = !root.hidden;
    root.open = !root.hidden;
    if (root.open) root.querySelector('summary')?.focus();
  }
}
