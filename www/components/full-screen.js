// A figure over the whole screen: the browser's own full screen, or a dialog over the page where that is refused.

import { element } from './element.js';

/** The element that is shown large, and how it returns. @type {{target: HTMLElement, close: () => void}|undefined} */
let shown;

/** Whether this element is shown over the whole screen. @param {Element} target */
export const isFullScreen = (target) => shown?.target === target;

/**
 * Shows an element over the whole screen, or puts it back.
 * @param {HTMLElement} target @param {() => void} onChange
 */
export async function toggleFullScreen(target, onChange) {
  if (shown) {
    shown.close();
    return;
  }
  const back = document.activeElement;
  const begin = (/** @type {() => void} */ close) => {
    shown = { target, close };
    target.classList.add('full');
    onChange();
  };
  const end = () => {
    shown = undefined;
    target.classList.remove('full');
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    onChange();
  };
  try {
    if (!document.fullscreenEnabled) throw new Error('no full screen here');
    await target.requestFullscreen();
    const leave = () => {
      if (document.fullscreenElement === target) return;
      document.removeEventListener('fullscreenchange', leave);
      end();
    };
    document.addEventListener('fullscreenchange', leave);
    begin(() => document.exitFullscreen());
  } catch {
    // A frame without the permission, or a phone that has full screen for films only.
    const place = document.createComment('');
    target.before(place);
    const dialog = element('dialog', { class: 'full-dialog', 'aria-label': 'Figure, full screen' }, [target]);
    dialog.addEventListener('close', () => {
      place.replaceWith(target);
      dialog.remove();
      end();
    });
    document.body.append(dialog);
    dialog.showModal();
    begin(() => dialog.close());
  }
}

/** A button that is seen in full screen only and ends it. */
export function closeButton() {
  return element('button', { type: 'button', class: 'full-close', text: '✕', 'aria-label': 'Leave full screen', title: 'Leave full screen (Escape)', onclick: () => shown?.close() });
}
