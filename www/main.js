// Starts the page: opens the link in the address, shows its lab or the list of labs, and offers `window.saddlescope`.

import { LabMenu } from './components/lab-menu.js';
import { supply } from './content.js';
import { Pool } from './pool.js';
import { State } from './state.js';
import { joinSurroundings } from './surroundings.js';
import { Switches } from './switches.js';
import { CatalogueView } from './views/catalogue.js';
import { LabView } from './views/lab.js';

/** A job whose whole work is below this has a coarse first shard of a few milliseconds. */
const CHEAP_STEPS = 2e8;

/** The first picture does not wait until a worker has started: its coarse shard is computed here.
 * @param {import('./types.js').Loaded} loaded @param {import('./types.js').Session} session */
function computeFirstPicture({ core }, session) {
  const [job] = session.jobs();
  if (!job || job.cost > CHEAP_STEPS) return;
  try {
    session.keep(job.key, job.shards, 0, core.compute(session.fragment(), job.name, 0));
  } catch {
    // A worker will try again and say what is wrong.
  }
}

/** @param {import('./types.js').Loaded} loaded */
export function start(loaded) {
  const { core } = loaded;
  const labs = core.labs();
  const state = new State(loaded);
  const { session } = state;
  const root = document.getElementById('lab');
  if (!root) throw new Error('The page has no place for a lab.');
  /** @type {LabView|CatalogueView|undefined} */
  let view;
  // One pool for all labs: what is under way when the reader leaves a lab is still kept.
  const pool = new Pool(loaded, Math.max(1, (navigator.hardwareConcurrency || 2) - 1), {
    onShard: (task, values) => {
      session.keep(task.key, task.shards, task.shard, values);
      view?.shardCame();
    },
    onError: (key, sentence) => view?.failed(key, sentence),
    previous: (key, shard) => session.shard(key, shard),
  });
  computeFirstPicture(loaded, session);
  const switches = new Switches(state);
  const menu = new LabMenu(state, labs);
  let shown = '';
  const show = () => {
    switches.show();
    const id = session.lab();
    menu.show(id);
    if (id !== shown) {
      view?.dispose();
      const lab = labs.find((one) => one.id === id);
      view = lab ? new LabView({ state, pool, switches }, lab, root) : new CatalogueView(state, pool, root);
      if (shown) {
        scrollTo(0, 0);
        root.querySelector('h1')?.focus({ preventScroll: true });
      }
      shown = id;
    }
    view?.changed();
    supply(core, session, () => view?.changed(), (sentence) => view?.failed('', sentence));
  };
  show();
  state.onChange(show);

  // Links inside the page keep its switches and make one history entry; with a modifier key they are the browser's.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-lab]') : null;
    if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    state.open(session.lab_link(link.dataset.lab ?? ''));
  });

  Object.defineProperty(window, 'saddlescope', {
    value: Object.freeze({
      version: core.version(),
      /** The finished numbers of the present link. */
      async result() {
        await view?.finished();
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
