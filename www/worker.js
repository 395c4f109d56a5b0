// A worker: receives the compiled module once, then one shard at a time.

/** @typedef {import('./types.js').Core} Core */

/** @type {Core|undefined} */
let core;

self.addEventListener('message', async ({ data }) => {
  if (data.glue) {
    core = await import(data.glue);
    core?.initSync({ module: data.module });
    self.postMessage({ ready: true });
    return;
  }
  const { id, fragment, job, shard, previous } = data;
  try {
    if (!core) throw new Error('The core is not loaded.');
    const values = core.compute(fragment, job, shard, previous);
    self.postMessage({ id, values }, { transfer: [values.buffer] });
  } catch (error) {
    // A trap (RuntimeError) leaves the instance unusable; a sentence from the core does not.
    const fatal = error instanceof WebAssembly.RuntimeError;
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error), fatal });
  }
});
