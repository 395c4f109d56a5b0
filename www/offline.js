// Asks the browser to keep this page for times without a network (offline-worker.js), and says when it was renewed.

import { bundle } from './bundle.js';
import { offlineWorkerUrl } from './trusted.js';

/** @param {(sentence: string) => void} say */
export async function keepForOffline(say) {
  // The one-file page is its own copy.
  if (bundle || !('serviceWorker' in navigator) || !location.protocol.startsWith('http')) return;
  const before = navigator.serviceWorker.controller;
  // A worker takes over a page that another one served only after a new build.
  if (before) navigator.serviceWorker.addEventListener('controllerchange', () => say('Updated to the newest version.'), { once: true });
  try {
    await navigator.serviceWorker.register(offlineWorkerUrl());
  } catch {
    // Storage may be forbidden: the page works without.
  }
}
