// Files of a figure: PNG, SVG, CSV, and of its state: JSON and Python. Each carries the link of its state.

import { framed } from '../budget.js';
import { builtText } from '../bundle.js';
import { postFile } from '../embedded.js';
import { copyField, openDialog } from './dialog.js';
import { pngWithText } from './png-text.js';
import { element } from './element.js';
import { csvText, shortHash, svgWithMetadata } from './export-text.js';
import { filled, script } from './recompute.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {'png'|'svg'|'csv'|'json'|'py'} Kind */

const WIDTH = 800;
const PNG_RATIO = 2;

/** Name of a file: the lab, the figure, and the short hash of the parameters; the switches of the page do not count.
 * @param {State} state @param {string} figure @param {string} ending */
export function fileName(state, figure, ending) {
  const { session } = state;
  const parameters = session.values().map(({ key, text }) => `${key}=${text}`).join('&');
  // JSON and Python are about the state, not about one of its figures.
  const about = ['json', 'py'].includes(ending) ? '' : figure;
  return ['saddlescope', session.lab(), about, shortHash(parameters)].filter(Boolean).join('-') + `.${ending}`;
}

/** The state, as a link where the page has an address, else as its fragment. @param {State} state */
const linkOf = (state) => state.link() || `#${state.session.fragment()}`;

/** @param {State} state @param {string} figure @param {Kind} kind @returns {Promise<Blob>} */
async function make(state, figure, kind) {
  const { session } = state;
  const { version } = window.saddlescope;
  const link = linkOf(state);
  const maker = `Saddlescope ${version}`;
  const info = session.figures().find(({ id }) => id === figure);
  if (kind === 'svg') return new Blob([svgWithMetadata(session.svg(figure, WIDTH), link, maker)], { type: 'image/svg+xml' });
  if (kind === 'csv') {
    const title = info?.title ?? figure;
    return new Blob([csvText({ title, version, link, parameters: session.values(), table: session.csv(figure) })], { type: 'text/csv' });
  }
  if (kind === 'json') {
    const result = { ...await window.saddlescope.result(), link };
    return new Blob([`${JSON.stringify(result, null, 2)}\n`], { type: 'application/json' });
  }
  if (kind === 'py') {
    const source = await script(session.lab(), (name) => builtText(`recompute/${name}.py`));
    const parameters = Object.fromEntries(session.values().map(({ key, text }) => [key, text]));
    return new Blob([filled(source, { link, parameters, axes: session.axes(session.figures()[0].id) })], { type: 'text/x-python' });
  }
  const canvas = document.createElement('canvas');
  session.picture(canvas, figure, WIDTH, PNG_RATIO);
  const blob = await new Promise((/** @type {(blob: Blob|null) => void} */ done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('the browser makes no PNG of this figure; SVG works without it');
  const texts = { Source: link, Software: maker, Title: info?.title ?? figure };
  return new Blob([pngWithText(new Uint8Array(await blob.arrayBuffer()), texts)], { type: 'image/png' });
}

/** Saves a file, or, in a frame that may not, shows it and hands it to the page around.
 * @param {State} state @param {string} figure @param {Kind} kind */
export async function exportFile(state, figure, kind) {
  const name = fileName(state, figure, kind);
  const blob = await make(state, figure, kind);
  // A frame without an origin is sandboxed, and then mostly without leave to save files; the browser does not say.
  if (framed && window.origin === 'null') {
    postFile(name, blob);
    await show(name, blob);
    return;
  }
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The file itself, to be copied. @param {string} name @param {Blob} blob */
async function show(name, blob) {
  /** @type {(sentence: string) => void} */
  let say = () => {};
  /** @type {HTMLElement} */
  let body;
  if (blob.type.startsWith('image/')) {
    const address = URL.createObjectURL(blob);
    body = element('img', { src: address, alt: name, class: 'exported' });
  } else {
    const field = copyField('exported-text', name, () => say, 12);
    field.show(await blob.text());
    body = field.root;
  }
  const words = 'The page around this frame does not let it save files. Copy it from here; the file was also handed to that page.';
  const { dialog, say: saying } = openDialog('export-dialog', name, [element('p', { text: words }), body]);
  say = saying;
  dialog.addEventListener('close', () => { if (body instanceof HTMLImageElement) URL.revokeObjectURL(body.src); });
}
