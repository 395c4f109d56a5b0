// Starts the page: opens the link in the address, shows its lab or the list of labs, and offers `window.saddlescope`.

import { element, write } from './components/element.js';
import { LabMenu } from './components/lab-menu.js';
import { supply } from './content.js';
import { Pool } from './pool.js';
import { State } from './state.js';
import { joinSurroundings } from './surroundings.js';
import { Switches } from './switches.js';
import { CatalogueView } from './views/catalogue.js';
import { LabView } from './views/lab.js';

/** A job whose whole work is below this has a coarse first shard of a millisecond or two. */
const CHEAP_STEPS = 2e8;

/** The coarse picture does not wait for a worker where it costs no more than the message to one. @param {State} state */
function computeCoarsePicture({ core, session }) {
  const [job] = session.jobs();
  if (!job || job.onDemand || job.cost > CHEAP_STEPS || job.kept.includes(0)) return;
  try {
    session.keep(job.key, job.shards, 0, core.compute(session.fragment(), job.name, 0));
  } catch {
    // A worker will try again and say what is wrong.
  }
}

/** What the reader should know while a module is on the way, above the lab that stays meanwhile. @param {HTMLElement} root */
function arrivalLine(root) {
  const line = element('p', { class: 'arrival', role: 'status', hidden: true });
  root.before(line);
  return (/** @type {string} */ sentence) => {
    write(line, sentence);
    line.hidden = sentence === '';
  };
}

/** @param {import('./modules.js').Modules} modules @param {import('./types.js').Loaded} loaded */
export function start(modules, loaded) {
  const version = loaded.core.version();
  const root = document.getElementById('lab');
  if (!root) throw new Error('The page has no place for a lab.');
  const state = new State(modules, loaded, arrivalLine(root));
  /** @type {LabView|CatalogueView|undefined} */
  let view;
  // One pool for all labs: what is under way when the reader leaves a lab is still kept.
  const pool = new Pool(loaded, Math.max(1, (navigator.hardwareConcurrency || 2) - 1), {
    onShard: (task, values) => {
      state.keep(task, values);
      view?.shardCame();
    },
    onError: (key, sentence) => view?.failed(key, sentence),
    previous: (group, key, shard) => state.sessions.get(group)?.shard(key, shard),
  });
  const switches = new Switches(state);
  /** @type {LabMenu|undefined} */
  let menu;
  const showMenu = () => (menu ??= new LabMenu(state, LABS)).show(state.session.lab());
  let shown = '';
  const show = () => {
    if (pool.loaded !== state.loaded) {
      pool.use(state.loaded);
    }
    computeCoarsePicture(state);
    switches.show();
    const id = state.session.lab();
    if (shown) showMenu();
    if (id !== shown) {
      view?.dispose();
      const lab = LABS.find((one) => one.id === id);
      view = lab ? new LabView({ state, pool, switches }, lab, root) : new CatalogueView(state, pool, root);
      if (shown) {
        scrollTo(0, 0);
        root.querySelector('h1')?.focus({ preventScroll: true });
      }
      shown = id;
    }
    view?.changed();
    supply(state.core, state.session, () => view?.changed(), (sentence) => view?.failed('', sentence));
  };
  show();
  // After the frame in which the first picture is drawn.
  requestAnimationFrame(() => setTimeout(showMenu));
  state.onChange(show);

  // Links inside the page keep its switches and make one history entry; with a modifier key they are the browser's.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-lab]') : null;
    if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    state.open(state.session.lab_link(link.dataset.lab ?? ''));
  });

  Object.defineProperty(window, 'saddlescope', {
    value: Object.freeze({
      version,
      /** The finished numbers of the present link. */
      async result() {
        await state.arrival;
        await view?.finished();
        const { session } = state;
        const summary = session.summary();
        // What is absent leaves the core as undefined, which JSON would drop.
        const values = summary.values.map(({ name, symbol, value, standardError, exact, method }) =>
          ({ name, symbol, value: value ?? null, standardError: standardError ?? null, exact, method }));
        const params = Object.fromEntries(session.values().map(({ key, text }) => [key, text]));
        return { lab: session.lab(), version, params, values, verdict: { code: summary.verdict.code, text: summary.verdict.text } };
      },
    }),
  });
  joinSurroundings(state, version);
}
