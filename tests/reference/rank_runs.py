"""How often two-layer linear networks diverge on one-hot modes: NumPy alone, 24² pixels, 8,000 steps, five runs each.

    python tests/reference/rank_runs.py [seed]

Prints the part of all runs that diverge, and the part of the pixels at which one of five does.
"""
import sys

import numpy

STRENGTHS = numpy.array([1.0, 0.7, 0.5, 0.3])
SIDE, RUNS, STEPS, WIDTH, START, FAR = 24, 5, 8000, 4, 1e-3, 1e6

rng = numpy.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
centres = (numpy.arange(SIDE) + 0.5) / SIDE
rate, noise = (numpy.repeat(grid.ravel(), RUNS) for grid in numpy.meshgrid(0.35 * centres, 4.0 * centres))
every, modes = numpy.arange(rate.size), STRENGTHS.size
output = START * rng.standard_normal((rate.size, modes, WIDTH))
hidden = START * rng.standard_normal((rate.size, WIDTH, modes))
lost = numpy.zeros(rate.size, bool)
with numpy.errstate(all="ignore"):
    for step in range(STEPS):
        mode = rng.integers(0, modes, rate.size)
        seen = hidden[every, :, mode].copy()
        residual = -numpy.einsum("nkm,nm->nk", output, seen)
        residual[every, mode] += STRENGTHS[mode] + noise * rng.standard_normal(rate.size)
        back = numpy.einsum("nkm,nk->nm", output, residual)
        output += rate[:, None, None] * residual[:, :, None] * seen[:, None, :]
        hidden[every, :, mode] += rate[:, None] * back
        if step % 20 == 19:
            lost |= ~((output**2).sum((1, 2)) + (hidden**2).sum((1, 2)) <= FAR**2)
            output[lost] = hidden[lost] = 0.0
print(lost.mean(), lost.reshape(-1, RUNS).any(1).mean())
