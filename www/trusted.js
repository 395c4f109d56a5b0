// The one Trusted Types policy of the page: the addresses of its workers, and HTML made from the labs' text at build time.

import { bundle } from './bundle.js';

const WORKER = bundle?.worker ?? new URL('./worker.js', import.meta.url).href;
const OFFLINE = new URL('../offline-worker.js', import.meta.url).href;

/** @type {{createHTML: (text: string) => string, createScriptURL: (url: string) => string}} */
const rules = {
  createHTML: (text) => text,
  createScriptURL: (url) => {
    if (url !== WORKER && url !== OFFLINE) throw new TypeError(`${url} is no worker of this page.`);
    return url;
  },
};

const factory = /** @type {any} */ (globalThis).trustedTypes;
const policy = factory ? factory.createPolicy('saddlescope', rules) : rules;

/** A new worker of the pool. The one-file page has a classic one: a sandboxed frame starts no module from a blob. */
export function startWorker() {
  return new Worker(policy.createScriptURL(WORKER), bundle ? {} : { type: 'module' });
}

/** The address of the service worker. @returns {string} */
export function offlineWorkerUrl() {
  return policy.createScriptURL(OFFLINE);
}

/** Fills an element with HTML that the build made from a lab's text. @param {Element} element @param {string} html */
export function fillWithBuiltHtml(element, html) {
  element.innerHTML = policy.createHTML(html);
}
