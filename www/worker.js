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
  const { id, fragment, job, shard, previous, contents, given } = data;
  try {
    if (!core) throw new Error('The core is not loaded.');
    for (const content of given) {
      if (content instanceof Float64Array) core.keep_numbers(content);
      else core.keep_bytes(content);
    }
    const lacks = contents.filter((/** @type {string} */ hash) => !core?.holds(hash));
    if (lacks.length > 0) {
      self.postMessage({ id, lacks });
      return;
    }
    const values = core.compute(fragment, job, shard, previous);
    self.postMessage({ id, values }, { transfer: [values.buffer] });
  } catch (error) {
    // A trap (RuntimeError) leaves the instance unusable; a sentence from the core does not.
    const fatal = error instanceof WebAssembly.RuntimeError;
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error), fatal });
  }
});
