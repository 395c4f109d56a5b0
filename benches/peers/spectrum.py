"""The spectrum of linear regression on unit inputs in NumPy, written as one would without this project: one QR a step.

Prints steps per second, then the exponents.
"""

import sys
import time

import numpy as np


def spectrum(dim, rate, steps, seed):
    rng = np.random.default_rng(seed)
    frame = np.eye(dim)
    growth = np.zeros(dim)
    for _ in range(steps):
        x = rng.standard_normal(dim)
        x /= np.linalg.norm(x)
        frame, upper = np.linalg.qr(frame - rate * np.outer(x, x @ frame))
        growth += np.log(np.abs(np.diag(upper)))
    return np.sort(growth / steps)[::-1]


if __name__ == "__main__":
    dim, rate, steps = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    start = time.perf_counter()
    exponents = spectrum(dim, rate, steps, 1)
    print(f"{steps / (time.perf_counter() - start):.0f}")
    print(" ".join(f"{x:.6f}" for x in exponents))
