// Links as text: keys and values, without knowing what they mean. The core parses and checks them.

/** @typedef {{lab: string, pairs: Map<string, string>}} Parts */

/** The lab and the pairs of a fragment, with or without its `#`; pairs alone are those of the first lab, whose name may
 * be left out. @param {string} fragment @returns {Parts} */
export function split(fragment) {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  const mark = text.includes('?') ? text.indexOf('?') : text.includes('=') ? -1 : text.length;
  /** @type {Map<string, string>} */
  const pairs = new Map();
  for (const pair of text.slice(mark + 1).split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) pairs.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return { lab: text.slice(0, Math.max(0, mark)), pairs };
}

/** The fragment of these parts, without its `#`. @param {Parts} parts */
export function join({ lab, pairs }) {
  return `${lab}?${[...pairs].map(([key, value]) => `${key}=${value}`).join('&')}`;
}

/** The same link with some keys set, or left out where the value is empty.
 * @param {string} fragment @param {Record<string, string>} changes */
export function changed(fragment, changes) {
  const parts = split(fragment);
  for (const [key, value] of Object.entries(changes)) {
    if (value) parts.pairs.set(key, value);
    else parts.pairs.delete(key);
  }
  return join(parts);
}
