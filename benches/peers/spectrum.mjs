// The spectrum of linear regression on unit inputs in plain JavaScript, written as one would without this project: Gram–Schmidt every step,
// Math.random, arrays of columns.

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** @param {number[]} a @param {number[]} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/** `a + factor·b`, in place of `a`. @param {number[]} a @param {number} factor @param {number[]} b */
function add(a, factor, b) {
  for (let i = 0; i < a.length; i += 1) a[i] += factor * b[i];
}

/** Exponents, largest first. @param {number} dim @param {number} rate @param {number} steps */
export function spectrum(dim, rate, steps) {
  const columns = Array.from({ length: dim }, () => Array.from({ length: dim }, normal));
  const growth = Array(dim).fill(0);
  for (let step = -1; step < steps; step += 1) {
    const x = Array.from({ length: dim }, normal);
    const square = dot(x, x);
    for (let j = 0; j < dim; j += 1) {
      const column = columns[j];
      add(column, -rate * dot(x, column) / square, x);
      for (let k = 0; k < j; k += 1) add(column, -dot(columns[k], column), columns[k]);
      const length = Math.sqrt(dot(column, column));
      for (let i = 0; i < dim; i += 1) column[i] /= length;
      // the first step only makes the columns orthonormal
      if (step >= 0) growth[j] += Math.log(length) / steps;
    }
  }
  return growth.sort((a, b) => b - a);
}
