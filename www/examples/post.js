// What the post adds to its figures: buttons that set parameters, and a sentence that follows the reader.

const map = /** @type {HTMLElement & {set: (params: Record<string, unknown>) => void}} */ (document.getElementById('map'));

for (const button of document.querySelectorAll('button[data-set]')) {
  button.addEventListener('click', () => map.set(JSON.parse(/** @type {HTMLElement} */ (button).dataset.set ?? '{}')));
}

const tell = (/** @type {Event} */ event) => {
  const { params, verdict } = /** @type {CustomEvent} */ (event).detail;
  const line = document.getElementById('verdict');
  if (line) line.textContent = `At λ = ${params.lr}: ${verdict.text}`;
};
map.addEventListener('saddlescope-ready', tell);
map.addEventListener('saddlescope-state', tell);
