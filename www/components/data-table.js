// The numbers of a figure as a table, for readers who do not see it.

import { element } from './element.js';

/** @typedef {import('../types.js').Table} Table */

/** A closed table that is filled when it is opened. @param {() => Table} read */
export function dataTable(read) {
  const body = element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Data table' });
  const fill = () => {
    if (!root.open) return;
    const { columns, rows } = read();
    const head = element('tr', {}, columns.map((text) => element('th', { scope: 'col', text })));
    const lines = rows.map((row) => element('tr', {}, row.map((text) => element('td', { text }))));
    body.replaceChildren(element('table', {}, [element('thead', {}, [head]), element('tbody', {}, lines)]));
  };
  const root = element('details', { class: 'data', ontoggle: fill }, [element('summary', { text: 'Data table' }), body]);
  /** Says whose numbers they are. @param {string} title */
  const name = (title) => body.setAttribute('aria-label', `Data table: ${title}`);
  return { root, refresh: fill, name };
}
