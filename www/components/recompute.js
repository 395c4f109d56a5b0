// The Python script of a lab with the present state in it. The script itself is src/labs/<id>/recompute.py; a line
// `from NAME import *` in it stands for the module src/labs/recompute/NAME.py, which scripts share.

const BEGIN = '# ---- the state, filled in by the page ----\n';
const END = '# ---- the state ends ----\n';

/** A value as Python writes it. @param {unknown} value @returns {string} */
function python(value) {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') return `{${Object.entries(value).map(([key, inner]) => `${python(key)}: ${python(inner)}`).join(', ')}}`;
  // A string of JSON is one of Python's; every number here is finite.
  return JSON.stringify(value);
}

/** A module's code; its heading becomes a comment. @param {string} source */
function body(source) {
  const [, heading, code] = /^"""([^]*?)"""\n([^]*)$/.exec(source) ?? [];
  if (code === undefined) throw new Error('a shared module must begin with its heading in three quotes');
  return heading.trimEnd().split('\n').map((line) => `# ${line}`.trimEnd() + '\n').join('') + code;
}

/** A script with the modules that it shares copied in. `text` gives a file by its name without ending.
 * @param {string} name @param {(name: string) => Promise<string>} text */
export async function script(name, text) {
  /** @param {string} source @returns {Promise<string>} */
  const whole = async (source) => {
    const parts = source.split(/^from (\w+) import \*.*\n/m);
    const shared = parts.map(async (part, place) => (place % 2 === 1 ? whole(body(await text(part))) : part));
    return (await Promise.all(shared)).join('');
  };
  return whole(await text(name));
}

/** @param {string} script @param {{link: string, parameters: Record<string, string>, axes: object}} state */
export function filled(script, { link, parameters, axes }) {
  const from = script.indexOf(BEGIN);
  const to = script.indexOf(END);
  if (from < 0 || to < from) throw new Error('the script has no place for the state');
  const lines = { LINK: link, PARAMETERS: parameters, AXES: axes };
  const state = Object.entries(lines).map(([name, value]) => `${name} = ${python(value)}\n`).join('');
  return script.slice(0, from) + BEGIN + state + script.slice(to);
}
