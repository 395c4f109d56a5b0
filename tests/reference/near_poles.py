"""Writes near_poles.json: laws so narrow around the zero of X = m + c h that the rounding of X counts, and wide ones.

Uniform batch means by the divided differences of theory.md at some hundred digits, Gaussian ones by 2F2 and 1F1, atoms
by their sum over all counts. Every number that a law is made of is the double itself. Needs mpmath.
"""

import json
from itertools import product

from mpmath import binomial, euler, factorial, gamma, harmonic, hyp1f1, hyp2f2, log, mp, mpf, pi, rf, sqrt

mp.dps = 150
ORDERS = [-0.5, 0.01, 1.0, 3.7]


def uniform(low, high, batch, m, c):
    low, high, m, c = map(mpf, (low, high, m, c))
    step = abs(c) * (high - low) / batch
    top = max(m + c * low, m + c * high)
    sums, powers = [mpf(0)] * 3, [mpf(0)] * len(ORDERS)
    first = harmonic(batch)
    second, third = (sum(mpf(1) / j**n for j in range(1, batch + 1)) for n in (2, 3))
    for k in range(batch + 1):
        x = top - k * step
        if x == 0:
            continue
        term = (-1) ** k * binomial(batch, k) * x**batch
        y = log(abs(x)) - first
        for i, value in enumerate([y, y * y + second, y**3 + 3 * y * second - 2 * third]):
            sums[i] += term * value
        for i, p in enumerate(ORDERS):
            powers[i] += term * abs(x) ** mpf(p)
    one, two, three = (s / factorial(batch) / step**batch for s in sums)
    moments = [log(s / rf(mpf(p) + 1, batch) / step**batch) for s, p in zip(powers, ORDERS)]
    return one, two - one**2, three - 3 * one * two + 2 * one**3, moments


def gaussian(mean, std, batch, m, c):
    mean, std, m, c = map(mpf, (mean, std, m, c))
    s = abs(c) * std / sqrt(batch)
    kappa = ((m + c * mean) / s) ** 2
    one = log(s) - (euler + log(2)) / 2 + kappa / 2 * hyp2f2(1, 1, mpf(3) / 2, 2, -kappa / 2)
    moment = lambda p: s**p * 2 ** (p / 2) * gamma((p + 1) / 2) / sqrt(pi) * hyp1f1(-p / 2, mpf(1) / 2, -kappa / 2)
    # cumulants of log|X|: derivatives of log E|X|^p at 0
    cumulant = lambda n: mp.diff(lambda p: log(moment(p)), 0, n, h=mpf(10) ** -20)
    return one, cumulant(2), cumulant(3), [log(moment(mpf(p))) for p in ORDERS]


def discrete(values, probs, batch, m, c):
    atoms = {}
    for draw in product(range(len(values)), repeat=batch):
        x = abs(mpf(m) + mpf(c) * sum(mpf(values[i]) for i in draw) / batch)
        weight = mpf(1)
        for i in draw:
            weight *= mpf(probs[i])
        atoms[x] = atoms.get(x, 0) + weight
    mass = sum(atoms.values())
    mean = lambda f: sum(p * f(x) for x, p in atoms.items()) / mass
    one = mean(log)
    centred = [mean(lambda x: (log(x) - one) ** n) for n in (2, 3)]
    return one, *centred, [log(mean(lambda x: x ** mpf(p))) for p in ORDERS]


cases = []


def add(kind, law, batch, m, c):
    one, two, three, moments = {"uniform": uniform, "gaussian": gaussian, "discrete": discrete}[kind](*law, batch, m, c)
    cases.append(
        {
            "law": kind,
            "parameters": law,
            "batch": batch,
            "offset": m,
            "scale": c,
            "exponent": float(one),
            "variance": float(two),
            "third_cumulant": float(three),
            "log_moment": [[p, float(g)] for p, g in zip(ORDERS, moments)],
        }
    )


for rate in (0.003, 0.37, 41.0):
    pole = 1 / rate
    for width in (1e-9, 1e-6, 1e-3, 1.0):
        for batch in (1, 2, 5):
            for place in (0.0, 0.31, 0.5, 1.4):
                low = pole - place * width
                add("uniform", (low, low + width), batch, 1.0, -rate)
        for place in (0.0, 0.7, 5.0):
            add("gaussian", (pole + place * width, width), 3, 1.0, -rate)
for gap in (1e-14, 1e-10, 1e-5, 0.1):
    add("discrete", ([1.7, -0.4], [0.3, 0.7]), 1, 1.0, -(1 + gap) / 1.7)
    add("discrete", ([1.7, -0.4, 0.1], [0.3, 0.2, 0.5]), 3, 1.0, -(1 + gap) / 1.7)
    add("discrete", ([2.3], [1.0]), 1, 1.0, -(1 + gap) / 2.3)
    add("discrete", ([0.1, 2.0], [2e-9, 1 - 2e-9]), 2, 1.0, -gap)

with open("near_poles.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
