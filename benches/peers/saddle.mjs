// The simulated map in plain JavaScript, written as one would without this project: the same dynamics, the same counts,
// one run after the other, a small generator of its own.

/** @param {number} seed */
function generator(seed) {
  // sfc32: small, fast, and good enough for a comparison of speed.
  let a = 0x9e3779b9, b = 0x243f6a88, c = seed | 0, d = 1;
  return () => {
    const t = (a + b | 0) + d | 0;
    d = d + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + t | 0;
    return (t >>> 0) / 4294967296;
  };
}

/**
 * First exits of SGD on ½(uwx − y)² with x = 1, y ∈ {1, a} at one pixel.
 * @param {{lr: number, a: number, steps: number, replicas: number, seed: number}} pixel
 */
export function outcomes({ lr, a, steps, replicas, seed }) {
  const random = generator(seed);
  const start = 1e-12;
  const exit = 1e8 * start;
  let plus = 0, minus = 0, none = 0;
  for (let replica = 0; replica < replicas; replica += 1) {
    const angle = 2 * Math.PI * random();
    let u = start * Math.cos(angle);
    let w = start * Math.sin(angle);
    let left = 0;
    for (let step = 0; step < steps; step += 1) {
      const y = random() < 0.5 ? 1 : a;
      const residual = u * w - y;
      const next = u - lr * residual * w;
      w -= lr * residual * u;
      u = next;
      const size = u * u + w * w;
      if (left === 0 && size > exit * exit) left = u * w > 0 ? 1 : -1;
      if (!(size < 1e12)) break;
    }
    if (left > 0) plus += 1;
    else if (left < 0) minus += 1;
    else none += 1;
  }
  return [plus, minus, none];
}
