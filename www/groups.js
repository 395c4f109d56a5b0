// Which lab a link is of, and which module has it.

import { split } from './fragment.js';

/** The lab that a link names, the first one if none; `undefined` for the list of labs, and for a name that no lab has.
 * @param {string} fragment */
export function labOf(fragment) {
  const { lab } = split(fragment);
  return lab === '' ? LABS[0] : LABS.find(({ id }) => id === lab);
}

/** The group of labs whose module a link needs. @param {string} fragment */
export const groupOf = (fragment) => (labOf(fragment) ?? LABS[0]).group;
