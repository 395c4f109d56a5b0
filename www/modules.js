// The WebAssembly modules of the page. Each holds a group of labs and is loaded when one of them is first opened.

/** @typedef {import('./types.js').Loaded} Loaded */

export class Modules {
  /** @param {(group: string, attempt: number) => Promise<Loaded>} load */
  constructor(load) {
    this.loader = load;
    /** @type {Map<string, Promise<Loaded>>} */
    this.loads = new Map();
    /** How often each group has been tried. @type {Map<string, number>} */
    this.attempts = new Map();
  }

  /** The module of a group; one that failed is tried again. @param {string} group @returns {Promise<Loaded>} */
  load(group) {
    const known = this.loads.get(group);
    if (known) return known;
    const attempt = this.attempts.get(group) ?? 0;
    this.attempts.set(group, attempt + 1);
    const load = this.loader(group, attempt);
    this.loads.set(group, load);
    load.catch(() => this.loads.delete(group));
    return load;
  }
}

/** Compiles a module of this build and initialises the main thread with it. Workers get its glue and the compiled
 * module: they cost no second download and no second compilation.
 * @param {string} group @param {number} attempt a browser remembers an address that failed as a script
 * @returns {Promise<Loaded>} */
export async function loadBuilt(group, attempt) {
  const glue = new URL(`./${group}.js${attempt ? `?attempt=${attempt}` : ''}`, import.meta.url).href;
  const [module, core] = await Promise.all([compile(new URL(`./${group}_bg.wasm`, import.meta.url)), import(glue)]);
  core.initSync({ module });
  return { group, glue, module, core };
}

/** @param {URL} address */
async function compile(address) {
  const response = await (askedAhead(address) ?? fetch(address));
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${address.pathname.split('/').pop()}`);
  // A server that does not know the type application/wasm gets the slower way.
  const typed = response.headers.get('Content-Type')?.startsWith('application/wasm');
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The answer to what first.js asked for, once. @param {URL} address @returns {Promise<Response>|undefined} */
function askedAhead(address) {
  const page = /** @type {any} */ (globalThis);
  const ahead = page.saddlescopeAhead;
  page.saddlescopeAhead = undefined;
  return ahead?.address === address.href ? ahead.answer : undefined;
}
