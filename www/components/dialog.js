// A dialog with a heading, a close button and a line that says what happened; and copying from it.

import { element, write } from './element.js';

/** Opens a modal dialog; it leaves the page when it closes. Escape and a press beside it close it too.
 * @param {string} id @param {string} heading @param {(Node|string)[]} content */
export function openDialog(id, heading, content) {
  const title = element('h2', { id: `${id}-heading`, text: heading });
  const close = element('button', { type: 'button', class: 'close', text: '✕', 'aria-label': 'Close', onclick: () => dialog.close() });
  const line = element('p', { class: 'message', role: 'status' });
  const dialog = element('dialog', {
    id, 'aria-labelledby': title.id,
    onclose: () => dialog.remove(),
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      const beside = event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
      if (event.target === dialog && beside) dialog.close();
    },
  }, [element('div', { class: 'dialog-head' }, [title, close]), ...content, line]);
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, say: (/** @type {string} */ sentence) => write(line, sentence) };
}

/** A text to be copied, with its button. `say` is asked for late: the dialog is made from this.
 * @param {string} id @param {string} label @param {() => (sentence: string) => void} say @param {number} [rows] */
export function copyField(id, label, say, rows = 2) {
  const field = element('textarea', { id, rows, readonly: true, spellcheck: 'false' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      say()('Copied.');
    } catch {
      field.focus();
      field.select();
      say()('The browser does not let this page use the clipboard; the text is selected, copy it by hand.');
    }
  };
  const button = element('button', { type: 'button', text: 'Copy', 'aria-label': `Copy: ${label}`, onclick: copy });
  const root = element('div', { class: 'copy' }, [element('label', { for: id, text: label }), field, button]);
  return { root, field, show: (/** @type {string} */ text) => { field.value = text; } };
}
