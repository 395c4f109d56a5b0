// What a reader sees when the page cannot start.

/** @param {unknown} error @param {string} browsers those that can */
export function explain(error, browsers) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = `Saddlescope could not start: ${error instanceof Error ? error.message : error}. `
    + `It needs a browser with WebAssembly SIMD (${browsers} or newer).`;
  document.body.prepend(message);
}
