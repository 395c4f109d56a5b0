// theory.md section 2 written once more, for the numbers of the lab `stability`: laws of X = 1 − λγ − λĥ as densities or atoms,
// and means over them by plain sums. Shares nothing with the core.

/** A mean over the law of X: `f` gets |X|. @typedef {(f: (size: number) => number) => number} Mean */
/** @typedef {{mean: number, variance: number, average?: Mean}} Theory */

/** Probabilities of a discrete law's batch mean, by adding one draw at a time. @param {number[]} values @param {number[]} probs @param {number} batch */
function batchMean(values, probs, batch) {
  let sums = new Map([[0, 1]]);
  for (let draw = 0; draw < batch; draw += 1) {
    const next = new Map();
    for (const [sum, p] of sums) values.forEach((value, at) => {
      const to = Math.round((sum + value) * 1e9) / 1e9;
      next.set(to, (next.get(to) ?? 0) + p * probs[at]);
    });
    sums = next;
  }
  return [...sums].map(([sum, p]) => ({ h: sum / batch, p }));
}

/** @param {number[]} values @param {number[]} probs @param {number} lr @param {number} batch @param {number} decay @returns {Theory} */
export function discrete(values, probs, lr, batch = 1, decay = 0) {
  const atoms = batchMean(values, probs, batch);
  const mean = values.reduce((sum, value, at) => sum + value * probs[at], 0);
  const variance = values.reduce((sum, value, at) => sum + (value - mean) ** 2 * probs[at], 0);
  return { mean, variance: variance / batch, average: (f) => atoms.reduce((sum, { h, p }) => sum + p * f(Math.abs(1 - lr * decay - lr * h)), 0) };
}

/** A mean over a density of X, by the trapezoidal rule in y = ln|x|: what is singular at 0 lies at infinity there.
 * @param {(x: number) => number} density @param {number} largest @returns {Mean} */
const over = (density, largest) => (f) => {
  const step = 5e-4;
  const end = Math.ceil(Math.log(largest) / step);
  let sum = 0;
  for (let at = Math.ceil(-36 / step); at <= end; at += 1) {
    const size = Math.exp(at * step);
    const mass = density(size) + density(-size);
    if (mass > 0) sum += step * size * mass * f(size);
  }
  return sum;
};

/** @param {number} mean @param {number} std @param {number} lr @param {number} batch @param {number} decay @returns {Theory} */
export function gaussian(mean, std, lr, batch = 1, decay = 0) {
  const [middle, width] = [1 - lr * decay - lr * mean, lr * std / Math.sqrt(batch)];
  const density = (/** @type {number} */ x) => Math.exp(-0.5 * ((x - middle) / width) ** 2) / (width * Math.sqrt(2 * Math.PI));
  return { mean, variance: std ** 2 / batch, average: over(density, Math.abs(middle) + 40 * width) };
}

/** One draw: powers and logarithms have antiderivatives. @param {number} low @param {number} high @param {number} lr @param {number} decay */
export function uniform(low, high, lr, decay = 0) {
  const ends = [1 - lr * decay - lr * high, 1 - lr * decay - lr * low];
  const mean = (/** @type {(x: number) => number} */ integral) => (integral(ends[1]) - integral(ends[0])) / (ends[1] - ends[0]);
  return {
    mean: (low + high) / 2,
    variance: (high - low) ** 2 / 12,
    exponent: mean((x) => (x === 0 ? 0 : x * Math.log(Math.abs(x)) - x)),
    moment: (/** @type {number} */ p) => mean((x) => x * Math.abs(x) ** p / (p + 1)),
  };
}
