// What the link says about the page itself: light or dark, and which parts are hidden. Made once for all labs.

/** @typedef {import('./state.js').State} State */

const PARTS = ['nav', 'controls', 'text', 'presets', 'sides'];

export class Switches {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.darkQuery = matchMedia('(prefers-color-scheme: dark)');
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.darkQuery.addEventListener('change', () => {
      for (const listener of this.listeners) listener();
    });
    document.getElementById('theme')?.addEventListener('click', () => {
      state.change((session) => session.set_theme(this.dark() ? 'light' : 'dark'));
    });
    this.show();
  }

  /** Whether the page is dark now. */
  dark() {
    const theme = document.documentElement.dataset.theme;
    return theme === 'dark' || (theme !== 'light' && this.darkQuery.matches);
  }

  /** Calls when the system turns light or dark. @param {() => void} listener @returns {() => void} that ends it */
  onSystemChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Follows the present link. */
  show() {
    const { theme, hide } = this.state.session.view();
    const root = document.documentElement;
    root.dataset.theme = theme;
    for (const part of PARTS) root.classList.toggle(`hide-${part}`, hide.includes(part));
  }
}
