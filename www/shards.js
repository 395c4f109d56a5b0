// What a worker does: it receives each compiled module once, then one shard at a time.

/** @typedef {import('./types.js').Core} Core */

/** By group of labs. @type {Map<string, Promise<Core>>} */
const cores = new Map();

/** @param {Promise<Core>} glue @param {WebAssembly.Module} module */
async function initialised(glue, module) {
  const core = await glue;
  core.initSync({ module });
  return core;
}

/** Shards that were asked for and are not begun. @type {any[]} */
const waiting = [];
let busy = false;
/** A message to itself stands behind those that came meanwhile, such as that a waiting shard is no longer wanted. */
const turn = new MessageChannel();

function begin() {
  if (busy || waiting.length === 0) return;
  busy = true;
  turn.port2.postMessage(null);
}

/** Answers the pool's messages from now on. @param {(address: string) => Promise<Core>} loadGlue */
export function computeShards(loadGlue) {
  turn.port1.onmessage = async () => {
    const task = waiting.shift();
    if (task) await compute(task);
    busy = false;
    begin();
  };
  self.addEventListener('message', ({ data }) => {
    if (data.forget) {
      const kept = waiting.filter(({ id }) => !data.forget.includes(id));
      waiting.splice(0, waiting.length, ...kept);
    } else if (data.job) {
      waiting.push(data);
      begin();
    } else answer(data, loadGlue);
  });
}

/** @param {any} data @param {(address: string) => Promise<Core>} loadGlue */
async function answer(data, loadGlue) {
  if (data.glue) {
    const core = initialised(loadGlue(data.glue), data.module);
    cores.set(data.group, core);
    await core;
    self.postMessage({ ready: true });
    return;
  }
  if (data.read) {
    const { group, bytes, taken, meaning } = data.read;
    try {
      self.postMessage({ reading: (await cores.get(group))?.read_table(bytes, taken, meaning) });
    } catch (error) {
      self.postMessage({ error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** @param {any} task */
async function compute({ id, group, fragment, job, shard, previous, contents, given }) {
  try {
    const core = await cores.get(group);
    if (!core) throw new Error('The core is not loaded.');
    for (const content of given) {
      if (content instanceof Float64Array) core.keep_numbers(content);
      else core.keep_bytes(content);
    }
    const lacks = contents.filter((/** @type {string} */ hash) => !core.holds(hash));
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
}
