// A page inside a frame: what it tells the page around it, and what that page may ask. docs/embedding.md describes
// every message. Nothing here is secret (a link holds the whole state), so any page may be told.

import { budget } from './budget.js';
import { changed } from './fragment.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./messages.js').ToFrame} ToFrame */
/** @typedef {import('./messages.js').Value} Value */

/** Version of the messages. */
const VERSION = 1;
/** While something moves, states are told this often. */
const TELL_EVERY_MS = 100;
/** A page whose height answers its own frame's height would grow for ever: this many changes a second end the telling. */
const MOST_RESIZES = 12;
const MOST_KEYS = 64;
const LONGEST = 20_000;
const SWITCHES = new Set(['hide', 'theme', 'run', 'patterns']);

/** @param {Record<string, unknown>} message */
function post(message) {
  window.parent.postMessage({ type: 'saddlescope', v: VERSION, ...message }, '*');
}

/** Hands a file to the page around this one. @param {string} name @param {Blob} blob */
export function postFile(name, blob) {
  post({ event: 'file', name, blob });
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {unknown} value @returns {value is Value} */
function isValue(value) {
  if (typeof value === 'string') return value.length <= LONGEST && !/[&\0]/.test(value);
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

/** The message, if it is one that docs/embedding.md allows. @param {Record<string, unknown>} data @returns {ToFrame|undefined} */
function understood(data) {
  if (data.v !== VERSION) return undefined;
  if (data.event === 'workers') {
    const { count } = data;
    return Number.isInteger(count) && Number(count) >= 0 ? { event: 'workers', count: Math.min(Number(count), 64) } : undefined;
  }
  if (data.event !== 'set') return undefined;
  const { fragment, params } = data;
  if (fragment !== undefined && (typeof fragment !== 'string' || fragment.length > LONGEST)) return undefined;
  if (params !== undefined && !isObject(params)) return undefined;
  if (fragment === undefined && params === undefined) return undefined;
  const pairs = Object.entries(params ?? {});
  if (pairs.length > MOST_KEYS || !pairs.every(([key, value]) => /^\w{1,32}$/.test(key) && isValue(value))) return undefined;
  return { event: 'set', fragment, params: /** @type {Record<string, Value>} */ (Object.fromEntries(pairs)) };
}

/** @param {Value} value */
const written = (value) => (typeof value === 'boolean' ? String(Number(value)) : String(value));

/** Changes the page as a `set` asks. @param {State} state @param {{fragment?: string, params: Map<string, Value>}} wish */
function apply(state, { fragment, params }) {
  const set = (/** @type {import('./types.js').Session} */ session) => {
    /** @type {Record<string, string>} */
    const switches = {};
    /** @type {string[]} */
    const settings = [];
    const specs = state.core.labs().find((lab) => lab.id === session.lab())?.params ?? [];
    for (const [key, value] of params) {
      if (SWITCHES.has(key)) switches[key] = value === null ? '' : written(value);
      else settings.push(`${key}=${value === null ? specs.find((spec) => spec.key === key)?.default ?? '' : written(value)}`);
    }
    // Merged like a button in the text: what belonged to an old value is put away.
    if (settings.length > 0) session.merge(settings.join('&'));
    if (Object.keys(switches).length > 0) session.open(changed(session.fragment(), switches));
  };
  if (fragment === undefined) state.change(set, { settled: false });
  else state.open(fragment, { settled: false, then: set });
}

/** Listens to the page around this one, and tells it what happens. @param {State} state @param {string} version */
export function joinParent(state, version) {
  document.documentElement.classList.add('framed');
  let warned = false;
  /** @type {{fragment?: string, params: Map<string, Value>}|undefined} */
  let wish;
  const follow = () => {
    const now = wish;
    wish = undefined;
    if (now) apply(state, now);
  };
  window.addEventListener('message', (event) => {
    // Only the page around this one, and only messages meant for us.
    if (event.source !== window.parent || !isObject(event.data) || event.data.type !== 'saddlescope') return;
    const message = understood(event.data);
    if (!message) {
      if (!warned) console.warn('Saddlescope ignored a message that it does not understand; docs/embedding.md describes them.');
      warned = true;
      return;
    }
    if (message.event === 'workers') {
      budget.change({ given: message.count });
      return;
    }
    // However many come, the page changes once per frame.
    if (!wish) {
      wish = { params: new Map() };
      if (document.hidden) setTimeout(follow, TELL_EVERY_MS);
      else requestAnimationFrame(follow);
    }
    if (message.fragment !== undefined) wish = { fragment: message.fragment, params: new Map() };
    for (const [key, value] of Object.entries(message.params ?? {})) {
      if (wish.params.size < MOST_KEYS || wish.params.has(key)) wish.params.set(key, value);
    }
  });

  const describe = () => {
    const { session } = state;
    const { verdict } = session.summary();
    const { hide, theme, run, patterns } = session.view();
    return {
      lab: session.lab(),
      fragment: session.fragment(),
      link: state.link(),
      params: Object.fromEntries(session.values().map(({ key, text }) => [key, text])),
      view: { hide: hide.join(','), theme, run, patterns: patterns ? '1' : '0' },
      verdict: { code: verdict.code, text: verdict.text },
    };
  };
  let told = '';
  let timer = 0;
  state.onChange(() => {
    timer ||= window.setTimeout(() => {
      timer = 0;
      const fragment = state.session.fragment();
      if (fragment === told) return;
      told = fragment;
      post({ event: 'state', ...describe() });
    }, TELL_EVERY_MS);
  });
  told = state.session.fragment();
  post({ event: 'ready', version, ...describe() });

  followHeight();
  const tellNeed = () => post({ event: 'workers', seen: budget.seen, touched: budget.touched });
  budget.onChange(tellNeed);
  tellNeed();
}

/** Tells the height of the content whenever it changes. */
function followHeight() {
  let last = 0;
  let width = 0;
  /** @type {number[]} */
  let times = [];
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (window.innerWidth !== width) times = [];
    width = window.innerWidth;
    if (Math.abs(height - last) <= 1) return;
    const now = performance.now();
    times = [...times.filter((time) => now - time < 1000), now];
    if (times.length > MOST_RESIZES) return;
    last = height;
    post({ event: 'resize', height });
  }).observe(document.body);
}
