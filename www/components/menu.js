// A small menu: a button that opens a list below it, closed by Escape, by a choice, and by leaving it.

import { element } from './element.js';

/** @param {string} label of the button, for readers who do not see it @param {string} text on the button @param {HTMLElement[]} items */
export function menu(label, text, items) {
  const summary = element('summary', { text });
  const name = (/** @type {string} */ said) => {
    summary.setAttribute('aria-label', said);
    summary.title = said;
  };
  name(label);
  const list = element('ul', { class: 'items' }, items.map((item) => element('li', {}, [item])));
  const root = element('details', { class: 'menu' }, [summary, list]);
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !root.open) return;
    event.stopPropagation();
    root.open = false;
    summary.focus();
  });
  root.addEventListener('focusout', (event) => {
    const to = event.relatedTarget;
    // A press on something that takes no focus leaves the menu too, unless it is in the menu.
    if (to instanceof Node ? !root.contains(to) : !root.matches(':active')) root.open = false;
  });
  list.addEventListener('click', () => {
    root.open = false;
  });
  return { root, summary, name };
}
