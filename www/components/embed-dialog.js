// The lines that put this state into somebody's page: what of it to show, how large, and how that looks.

import { changed, split } from '../fragment.js';
import { element } from './element.js';
import { titleOf } from './head.js';
import { copyField, openDialog } from './dialog.js';

/** @typedef {import('../state.js').State} State */

/** What of the page is shown: name, words, and the parts that are hidden. */
const CHOICES = [
  { id: 'figure', label: 'Figure only', hide: 'nav,controls,text,presets,sides' },
  { id: 'controls', label: 'With controls', hide: 'nav,text' },
  { id: 'everything', label: 'Everything', hide: '' },
];
const WIDTH = '100%';
const HEIGHT = 640;
const NARROWEST = 200;
const HIGHEST = 5000;

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** A width as HTML takes it, pixels or per cent; `undefined` if it is neither. @param {string} text */
function widthOf(text) {
  const [, size, unit] = /^\s*(\d{1,4})\s*(px|%)?\s*$/.exec(text) ?? [];
  const most = unit === '%' ? 100 : 9999;
  if (!size || Number(size) < (unit === '%' ? 1 : NARROWEST) || Number(size) > most) return undefined;
  return unit === '%' ? `${Number(size)}%` : size;
}

/** A height in pixels; `undefined` if it is none. @param {string} text */
function heightOf(text) {
  const size = Number(/^\s*(\d{1,4})\s*(px)?\s*$/.exec(text)?.[1]);
  return size >= NARROWEST && size <= HIGHEST ? size : undefined;
}

/** @param {State} state */
export async function openEmbed(state) {
  /** @type {(sentence: string) => void} */
  let say = () => {};
  const link = state.link();
  const page = link.split('#')[0];
  const title = `Saddlescope: ${titleOf(state.session)}`;
  const radios = CHOICES.map(({ id }, index) => element('input', { type: 'radio', name: 'embed-parts', id: `embed-${id}`, value: id, checked: index === 1, onchange: () => show() }));
  const width = element('input', { type: 'text', id: 'embed-width', value: WIDTH, autocomplete: 'off', onchange: () => show() });
  const height = element('input', { type: 'text', inputmode: 'numeric', id: 'embed-height', value: HEIGHT, autocomplete: 'off', onchange: () => show() });
  const click = element('input', { type: 'checkbox', id: 'embed-click', onchange: () => show() });
  const frameText = copyField('embed-iframe', 'Plain HTML, a fixed height', () => say, 5);
  const elementText = copyField('embed-element', 'With embed.js: follows its height, attributes follow the reader', () => say, 5);
  const preview = element('iframe', { title: 'Preview', class: 'preview' });

  const show = () => {
    const choice = CHOICES[Math.max(0, radios.findIndex((radio) => radio.checked))];
    const fragment = changed(state.session.fragment(), { hide: choice.hide, run: click.checked ? 'click' : '' });
    const [wide, high] = [widthOf(width.value) ?? WIDTH, heightOf(height.value) ?? HEIGHT];
    const refused = [
      widthOf(width.value) ? '' : `Width: “${width.value}” is neither ${NARROWEST} to 9999 pixels nor 1% to 100%; ${WIDTH} is used.`,
      heightOf(height.value) ? '' : `Height: “${height.value}” is not ${NARROWEST} to ${HIGHEST} pixels; ${HEIGHT} is used.`,
    ];
    [width, height].forEach((field, index) => field.setAttribute('aria-invalid', String(refused[index] !== '')));
    say(refused.filter(Boolean).join(' '));
    const address = `${page}#${fragment}`;
    frameText.show(`<iframe src="${escaped(address)}" title="${escaped(title)}" width="${wide}" height="${high}" `
      + 'loading="lazy" allow="fullscreen; clipboard-write" style="border: 0"></iframe>');
    const { lab, pairs } = split(fragment);
    const attributes = [...pairs].map(([key, value]) => ` ${key}="${escaped(decodeURIComponent(value))}"`).join('');
    const style = wide === WIDTH ? '' : ` style="width: ${wide.endsWith('%') ? wide : `${wide}px`}"`;
    elementText.show(`<script async src="${escaped(new URL('embed.js', page).href)}"></script>\n`
      + `<saddle-scope lab="${escaped(lab)}"${attributes}${style}></saddle-scope>`);
    preview.style.width = wide.endsWith('%') ? wide : `${wide}px`;
    preview.style.height = `${high}px`;
    // Only the part behind # differs: the page in the frame follows without loading again.
    if (preview.getAttribute('src') !== address) preview.setAttribute('src', address);
  };

  if (!/^https?:/.test(page)) {
    openDialog('embed-dialog', 'Embed', [element('p', { text: 'This copy of the page has no address on the web, so there is nothing to embed. Put the file on any web server and open it there: this dialog then writes the frame, which needs that file alone. The element needs the whole site, as docs/publishing.md of the sources says.' })]);
    return;
  }
  show();
  say = openDialog('embed-dialog', 'Embed', [
    element('fieldset', { class: 'choices' }, [
      element('legend', { text: 'Show' }),
      ...CHOICES.map(({ id, label }, index) => element('label', { for: `embed-${id}` }, [radios[index], ` ${label}`])),
    ]),
    element('div', { class: 'choices' }, [
      element('label', { for: 'embed-width' }, ['Width ', width]),
      element('label', { for: 'embed-height' }, ['Height ', height]),
      element('label', { for: 'embed-click' }, [click, ' Long work starts at a click']),
    ]),
    elementText.root,
    frameText.root,
    element('div', { class: 'preview-box' }, location.protocol.startsWith('http') ? [preview] : []),
  ]).say;
}
