// The link to exactly this state.

import { element } from './element.js';
import { copyField, openDialog } from './dialog.js';

/** @typedef {import('../state.js').State} State */

/** @param {State} state */
export async function openShare(state) {
  const address = state.link();
  /** @type {(sentence: string) => void} */
  let say = () => {};
  const link = copyField('share-link', 'Link', () => say, 3);
  link.show(address);
  const send = async () => {
    try {
      await navigator.share({ title: document.title, url: address });
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) say('The system would not share the link.');
    }
  };
  const content = address ? [
    element('p', { text: 'Whoever opens this link sees exactly this state: it holds every parameter that is not at its default. Nothing is stored anywhere.' }),
    link.root,
    element('div', { class: 'tools' }, [
      element('a', { href: address, target: '_blank', rel: 'noopener', text: 'Open in a new tab' }),
      ...('share' in navigator ? [element('button', { type: 'button', text: 'Share…', onclick: send })] : []),
    ]),
  ] : [
    element('p', { text: 'This copy of the page has no address of its own. The state is this text; it goes behind the # of an address where Saddlescope is published:' }),
    link.root,
  ];
  if (!address) link.show(`#${state.session.fragment()}`);
  say = openDialog('share-dialog', 'Share', content).say;
  link.field.focus();
  link.field.select();
}
