// The one Trusted Types policy of the page: the worker's address, and HTML made from the labs' text at build time.

const WORKER = new URL('./worker.js', import.meta.url).href;

/** @type {{createHTML: (text: string) => string, createScriptURL: (url: string) => string}} */
const rules = {
  createHTML: (text) => text,
  createScriptURL: (url) => {
    if (url !== WORKER) throw new TypeError(`${url} is not the worker of this page.`);
    return url;
  },
};

const factory = /** @type {any} */ (globalThis).trustedTypes;
const policy = factory ? factory.createPolicy('saddlescope', rules) : rules;

/** @returns {string} */
export function trustedWorkerUrl() {
  return policy.createScriptURL(WORKER);
}

/** Fills an element with HTML that the build made from a lab's text. @param {Element} element @param {string} html */
export function fillWithBuiltHtml(element, html) {
  element.innerHTML = policy.createHTML(html);
}
