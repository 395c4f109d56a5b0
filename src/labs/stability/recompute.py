"""Recomputes the numbers of Saddlescope's lab on one direction's stability by another route than the page's.

Needs NumPy and SciPy; with matplotlib it also draws Λ over the learning rate. Usage: python recompute.py [picture.png],
or "-" for no picture.
Near a stationary point where every sample's gradient vanishes, each step of SGD multiplies the distance along one
direction by X = 1 - λγ - λh, h the batch mean of the curvature. It converges in probability iff Λ = E log|X| < 0
(Ziyin, Li, Galanti and Ueda, arXiv:2303.13093, Theorem 1).
"""

import importlib.util
import sys
from fractions import Fraction

from laws import *  # the page copies it to this place

# ---- the state, filled in by the page ----
LINK = "#stability?v=1"
PARAMETERS = {"lr": "0.5", "batch": "1", "decay": "0", "law": "two-point", "a": "-1.2", "q": "0.5", "n": "0", "sign": "plus", "seed": "1", "horizon": "200", "replicas": "1000"}
AXES = {"x": {"parameter": "lr", "min": 0, "max": 2, "log": False}}
# ---- the state ends ----

RATES = (1e-3, 100.0)  # where critical rates are looked for
RATIO = math.log(1e8)  # escape and collapse: the distance changes by this factor
RUNS = 1024


def curvature(p, law):
    """E h, Var of the batch mean of h, and the sign with which xy enters: X = 1 - λγ + sign·λ·xy."""
    mean, variance = law.moments()
    sign = -1.0 if p["sign"] == "plus" else 1.0
    return -sign * mean, variance, sign


def limits(mean, variance, decay):
    """Where the other criteria change their verdict: roots of what each of them looks at, as a polynomial in λ > 0."""
    rate, smallest = decay + mean, lambda roots: min((float(r.real) for r in roots if abs(r.imag) < 1e-12 and r.real > 0), default=None)
    square = np.array([rate**2 + variance, -2 * rate, 0.0])  # E X² - 1
    descent = smallest(np.roots([rate**2, -2 * rate, 0.0])) if rate > 0 else None  # (1 - λr)² - 1
    second = smallest(np.roots(square)) if rate > 0 else None
    diffusion = smallest(np.roots([variance / 2, rate])) if variance > 0 and rate < 0 else None  # r + λ Var/2
    return descent, second, diffusion


def certified_window(own, batch, decay, sign):
    """First and last learning rate of each stretch of the figure's grid where the whole interval of Λ is below 0."""
    axis, cells = AXES["x"], 128 if batch > 1 and len(own) <= 4096 else 512
    part = np.arange(cells + 1) / cells
    rates = axis["min"] * (axis["max"] / axis["min"]) ** part if axis["log"] else axis["min"] + part * (axis["max"] - axis["min"])
    intervals = [exponent_interval(own, batch, 1 - rate * decay, sign * rate) for rate in rates] if len(own) >= FEWEST else []
    if None in intervals or not intervals:
        return None
    stable = np.array([high < 0 for _, high in intervals])
    starts, ends = stable & ~np.r_[False, stable[:-1]], stable & ~np.r_[stable[1:], False]
    return [float(rate) for pair in zip(rates[starts], rates[ends]) for rate in pair]


def proved_sign(p):
    """The sign of Λ in exact fractions: the product of |1 − λγ ± λz|^n against 1, n/N the probability of the batch mean z."""
    if p["law"] not in ("two-point", "discrete", "data") or int(p["n"]) > 0 or (p["law"] == "data" and int(p["batch"]) > 1):
        return None
    if p["law"] == "data":
        own = own_numbers(p["data"]).ravel()
        values, probs = own.tolist(), [Fraction(1, len(own))] * len(own)
    elif p["law"] == "two-point":
        values, probs = ["1", p["a"]], [1 - Fraction(p["q"]), Fraction(p["q"])]
    else:
        values, probs = p["values"].split(","), [Fraction(text) for text in p["probs"].split(",")]
    batch, step = int(p["batch"]), Fraction(p["lr"]) * (-1 if p["sign"] == "plus" else 1)
    sums = {Fraction(0): Fraction(1)}
    for _ in range(batch):
        longer = {}
        for total, weight in sums.items():
            for value, prob in zip(values, probs):
                longer[total + Fraction(value)] = longer.get(total + Fraction(value), 0) + weight * prob
        sums = longer
    factors = [(abs(1 - Fraction(p["lr"]) * Fraction(p["decay"]) + step * total / batch), weight) for total, weight in sums.items() if weight]
    if any(factor == 0 for factor, _ in factors):
        return -math.inf
    whole = math.lcm(*(weight.denominator for _, weight in factors))
    product = math.prod(factor ** int(weight * whole) for factor, weight in factors)
    return float((product > 1) - (product < 1))


def numbers_at(p):
    law = batch_law(p)
    lr, decay, steps, seed = number(p, "lr"), number(p, "decay"), int(p["horizon"]), int(p["seed"])
    mean, variance, sign = curvature(p, law)
    offset, scale = 1 - lr * decay, sign * lr
    growth = exponent(law, offset, scale)
    descent, second, diffusion = limits(mean, variance, decay)
    square = mean**2 + variance
    small = float(-2 * (decay + mean) / ((decay + mean) ** 2 + variance)) if decay + mean < 0 else None
    way = math.copysign(RATIO, growth)
    passed = first_passage(law, offset, scale, way, RUNS, seed)
    own = shuffled(p) if p["law"] == "data" else np.zeros(0)
    batch = int(p["batch"])
    return [
        ("exponent", growth),
        ("attractive", float(growth < 0)),
        ("log_moment_1", log_moment(law, offset, scale, 1)),
        ("log_moment_2", log_moment(law, offset, scale, 2)),
        ("tail_exponent", tail_exponent(law, offset, scale)),
        ("critical_rates", critical_rates(law, decay, sign, *RATES)),
        ("log_variance", log_variance(law, offset, scale)),
        ("curvature_mean", float(mean)),
        ("curvature_square", float(square)),
        ("small_rate", small),
        ("gd_limit", descent),
        ("l2_limit", second),
        ("sde_limit", diffusion),
        ("simulated_exponent", *growth_of_runs(law, offset, scale, steps, int(p["replicas"]), seed)),
        ("runs_to_see_mean", runs_to_see_mean(law, offset, scale, steps)),
        ("escape_time", *(passed or (None,))),
        ("escape_time_bounds", passage_bounds(law, offset, scale, way)),
        ("exponent_interval", exponent_interval(own, batch, offset, scale)),
        ("tail_exponent_interval", tail_interval(own, batch, offset, scale)),
        ("certified_window", certified_window(own, batch, decay, sign)),
        ("certificate", proved_sign(p)),
        ("verdict", "attractive" if growth < 0 else "repulsive"),
    ]


def draw(p, path):
    """Λ over the learning rate, with the present one and the rates where it changes sign."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    law, decay, axis = batch_law(p), number(p, "decay"), AXES["x"]
    sign = curvature(p, law)[2]
    low, high = float(axis["min"]), float(axis["max"])
    rates = np.geomspace(low, high, 400) if axis["log"] else np.linspace(low, high, 401)[1:]
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    values = np.array([exponent(law, 1 - lr * decay, sign * lr) for lr in rates])
    plot.plot(rates, np.where(np.isfinite(values), values, np.nan), color="#0072B2")
    plot.axhline(0, color="grey", linewidth=0.8)
    plot.axvline(number(p, "lr"), color="black", linewidth=0.8)
    roots = [root for root in critical_rates(law, decay, sign, *RATES) or [] if low <= root <= high]
    plot.plot(roots, np.zeros(len(roots)), "o", color="#D55E00")
    plot.set(xscale="log" if axis["log"] else "linear", xlabel="learning rate λ", ylabel="Λ, nats per step", title=LINK[-90:])
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
