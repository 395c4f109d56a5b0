// Starts the page: opens the link in the address, shows its lab, and offers `window.saddlescope`.

import { State } from './state.js';
import { joinSurroundings } from './surroundings.js';
import { LabView } from './views/lab.js';

/** @param {import('./types.js').Loaded} loaded */
export function start(loaded) {
  const { core } = loaded;
  const labs = core.labs();
  const state = new State(loaded);
  const root = document.getElementById('lab');
  if (!root) throw new Error('The page has no place for a lab.');
  let shown = '';
  /** @type {LabView} */
  let view;
  const show = () => {
    const id = state.session.lab();
    if (id === shown) return;
    shown = id;
    const lab = labs.find((one) => one.id === id) ?? labs[0];
    view = new LabView(state, lab, loaded, root);
  };
  show();
  state.onChange(show);

  const theme = document.getElementById('theme');
  theme?.addEventListener('click', () => state.change((session) => session.set_theme(view.dark() ? 'light' : 'dark')));

  Object.defineProperty(window, 'saddlescope', {
    value: Object.freeze({
      version: core.version(),
      /** The finished numbers of the present link. */
      async result() {
        await view.finished();
        const { session } = state;
        const summary = session.summary();
        // What is absent leaves the core as undefined, which JSON would drop.
        const values = summary.values.map(({ name, symbol, value, standardError, exact, method }) =>
          ({ name, symbol, value: value ?? null, standardError: standardError ?? null, exact, method }));
        const params = Object.fromEntries(session.values().map(({ key, text }) => [key, text]));
        return { lab: session.lab(), version: core.version(), params, values, verdict: { code: summary.verdict.code, text: summary.verdict.text } };
      },
    }),
  });
  joinSurroundings(state, core);
}
