"""Recomputes the numbers of Saddlescope's lab on where SGD ends by another route than the page's.

Needs NumPy and SciPy; with matplotlib it also draws the loss with runs of SGD. Usage: python recompute.py [picture.png], or "-" for
no picture. The network is f(x) = u φ(wx), the loss the mean of (f - y)²/2 over N samples y = φ(x) + q φ(-x) + σε, drawn once. At the
origin every sample's gradient vanishes, after Ziyin, Li, Galanti and Ueda, arXiv:2303.13093. Batches of several samples are drawn
anew with other random numbers.
"""

import importlib.util
import sys

from scipy import signal

from laws import *  # the page copies these to this place
from activation import *

# ---- the state, filled in by the page ----
LINK = "#landscape?v=1"
PARAMETERS = {"lr": "0.1", "batch": "1", "decay": "0", "activation": "gelu", "mirror": "0.7", "noise": "0.2", "samples": "512", "spread": "1.5", "steps": "3000", "starts": "200", "seed": "1"}
AXES = {"x": {"parameter": None, "min": -2, "max": 2, "log": False}, "y": {"parameter": None, "min": -6.7, "max": 6.7, "log": False}}
# ---- the state ends ----

WEIGHTS = (0.02, 40.0)  # sizes of w among which minima are looked for
SHALLOW = 1e-9  # part of the loss at the origin that a minimum must be deep
NODES = 200  # directions of the coarsest of three grids
LISTS, BATCHES = 8, 512  # lists of drawn batches


def samples(p):
    """The page's data set: two normal numbers for each sample, by the inverse distribution."""
    x, noise = special.ndtri(uniforms(int(p["seed"]), 2 * int(p["samples"])) + 2.0**-54).reshape(-1, 2).T
    phi = ACTIVATIONS[p["activation"]][0]
    return x, phi(x) + number(p, "mirror") * phi(-x) + number(p, "noise") * noise


def hessians(p, data, u, w):
    """∇²ℓ of each sample, ℓ = (u φ(wx) - y)²/2."""
    x, y = data
    phi, slope, bend = (f(w * x) for f in ACTIVATIONS[p["activation"]])
    first, residual = np.array([phi, u * x * slope]), u * phi - y
    second = np.array([[np.zeros_like(x), x * slope], [x * slope, u * x * x * bend]])
    return (first[:, None] * first + residual * second).transpose(2, 0, 1)


def minima(p, data):
    """Local minima (loss, u, w), the lowest first. In u the loss is a parabola; at its bottom the slope along w must vanish."""
    x, y = data
    phi, slope, _ = ACTIVATIONS[p["activation"]]

    def bottom(w):
        value = phi(np.multiply.outer(w, x))
        return (value @ y) / (value**2).sum(axis=-1)

    def loss(w):
        return np.mean((bottom(w)[..., None] * phi(np.multiply.outer(w, x)) - y) ** 2, axis=-1) / 2

    def along(w):
        u = bottom(w)
        return np.mean((u * phi(w * x) - y) * u * x * slope(w * x))

    found = []
    for sign in (1.0, -1.0):
        grid = sign * np.geomspace(*WEIGHTS, 600)
        depth = SHALLOW * np.mean(y * y) / 2
        basins, _ = signal.find_peaks(-loss(grid), prominence=max(depth, 1e-300))
        for at in basins:
            w = optimize.brentq(along, grid[at - 1], grid[at + 1], xtol=1e-15, rtol=1e-14)
            found.append((float(loss(np.array(w))), float(bottom(w)), float(w)))
    return sorted(found, key=lambda one: one[0])


def mean_square_limit(p, each):
    """The rate at which P ↦ E[M P Mᵀ], M = 1 - λγ - λĤ, gets an eigenvalue 1: that map is the matrix E[M ⊗ M]. None if at once."""
    decay, batch, one = number(p, "decay"), int(p["batch"]), np.eye(2)
    mean = each.mean(axis=0)
    squares = np.einsum("nij,nkl->ikjl", each, each).reshape(4, 4) / len(each)
    of_batch = np.kron(mean, mean) + (squares - np.kron(mean, mean)) / batch

    def excess(rate):
        rate = np.asarray(rate)[..., None, None]
        keep = 1 - rate * decay
        step = keep**2 * np.eye(4) - rate * keep * (np.kron(mean, one) + np.kron(one, mean)) + rate**2 * of_batch
        return np.abs(np.linalg.eigvalsh(step)).max(axis=-1) - 1

    rates = np.geomspace(1e-6, 1e6, 2000)
    above = int(np.argmax(excess(rates) > 0))
    return float(optimize.brentq(excess, rates[above - 1], rates[above], xtol=1e-16, rtol=1e-14)) if above else None


class Directions:
    """The circle of directions cut into `count` nodes, dense around the flat and the sharp axis down to the width ε of the law there."""

    def __init__(self, each, count):
        self.each, self.count = each, count
        self.width = min(1.0, 2 * math.sqrt(np.mean(each[:, 0, 1] ** 2) / np.mean(each[:, 1, 1] ** 2)) + 1e-6)
        quarter = np.sinh(np.linspace(-1, 1, count // 2, endpoint=False) * np.arcsinh(1 / self.width)) * self.width
        self.vectors = np.concatenate([[np.ones_like(quarter), quarter], [-quarter, np.ones_like(quarter)]], axis=1)
        self.vectors /= np.hypot(*self.vectors)

    def place(self, x, y):
        """Where a direction lies among the nodes, as a fraction: the inverse of `vectors`."""
        flat = np.abs(y) <= np.abs(x)
        tangent = np.where(flat, y, -x) / (self.width * np.where(flat, x, y))
        far = np.log(np.abs(tangent) + np.sqrt(tangent * tangent + 1))  # arsinh, four times as fast as NumPy's
        return (np.where(flat, 1, 3) + np.copysign(far, tangent) / np.arcsinh(1 / self.width)) * self.count / 4

    def exponent(self, keep, rate):
        """Λ₁ = Σ ν E log‖M e‖, ν the stationary law of the chain that moves an image to one of the two nodes beside it."""
        images = keep * self.vectors - rate * (self.each @ self.vectors)
        x, y = images[:, 0], images[:, 1]
        growth = np.log(x * x + y * y).mean(axis=0) / 2
        place = self.place(x, y)
        node, start = np.floor(place), np.broadcast_to(np.arange(self.count), x.shape)
        flow = -np.eye(self.count)
        for to, weight in ((node, node + 1 - place), (node + 1, place - node)):
            cell = to.astype(int) % self.count * self.count + start
            flow += np.bincount(cell.ravel(), weight.ravel() / len(x), self.count**2).reshape(flow.shape)
        flow[-1] = 1  # the rows add up to 0
        return growth @ np.linalg.solve(flow, np.eye(self.count)[-1])


def crossing(p, each, start, count):
    """The rate above `start` at which Λ₁ changes sign, and its error; NaN without one. A grid's error falls as 1/nodes²."""
    grids = [Directions(each, count << doublings) for doublings in range(3)]

    def tops(rate, use):
        return [grid.exponent(1 - rate * number(p, "decay"), rate) for grid in use]

    def top(rate):
        coarse, fine = tops(rate, grids[1:])
        return (4 * fine - coarse) / 3

    low, high = start, 2 * start
    while tops(high, grids[:1])[0] < 0 and high < 256 * start:
        low, high = high, 2 * high
    if not tops(low, grids[:1])[0] < 0 < tops(high, grids[:1])[0]:
        return math.nan, math.nan
    rough = optimize.brentq(lambda rate: tops(rate, grids[:1])[0], low, high, rtol=1e-3)
    rate = float(optimize.newton(top, rough, x1=0.99 * rough, tol=1e-6 * rough))
    first, second, third = tops(rate, grids)
    slope = (tops(1.002 * rate, grids[1:2])[0] - second) / (0.002 * rate)
    return rate, abs((4 * third - second) - (4 * second - first)) / 3 / slope


def exact_limit(p, each, start):
    """The rate above the mean-square limit at which Λ₁ changes sign, and its standard error: that of grids, and of drawn batches."""
    each = (frame := np.linalg.eigh(each.mean(axis=0))[1]).T @ each @ frame  # the flat axis first
    rng, batch = np.random.default_rng(int(p["seed"])), int(p["batch"])
    evenly = np.arange(BATCHES * batch) % len(each)  # every sample as often: the mean of a flat axis is much below its fluctuations
    lists = [each] if batch == 1 else [each[rng.permutation(evenly).reshape(BATCHES, batch)].mean(axis=1) for _ in range(LISTS)]
    count = NODES if batch == 1 else NODES // 2  # the batches' scatter is above the grids' error
    rates, errors = np.transpose([crossing(p, one, start, count) for one in lists])
    return float(rates.mean()), float(errors.max() if batch == 1 else math.hypot(errors.max(), rates.std(ddof=1) / math.sqrt(LISTS)))


def origin(p, data):
    """Λ₊, Λ₋ at the origin: along u = ±w a step multiplies the weight by 1 - λγ ± λz, z the batch mean of φ′(0) x y."""
    at_zero = slope_at_zero(p["activation"])
    if at_zero is None:
        return None
    x, y = data
    law = mean_of_atoms(at_zero * x * y, np.full(len(x), 1 / len(x)), int(p["batch"]))
    lr, sign = number(p, "lr"), -1.0 if law.moments()[0] < 0 else 1.0
    return law, [exponent(law, 1 - lr * number(p, "decay"), way * sign * lr) for way in (1.0, -1.0)]


def numbers_at(p):
    data = samples(p)
    found = minima(p, data)
    each = [hessians(p, data, u, w) for _, u, w in found]
    squares = [mean_square_limit(p, one) for one in each]
    limits = [exact_limit(p, one, square) for one, square in zip(each, squares) if square is not None]
    at_origin = origin(p, data)
    values, errors = ([None, None], [None, None]) if at_origin is None else (at_origin[1], [None, None])
    if at_origin is not None and at_origin[0].sampled:  # too many sums for all of them
        errors = [math.sqrt(log_variance(at_origin[0], 1 - number(p, "lr") * number(p, "decay"), s * number(p, "lr")) / 1e6) for s in (1, -1)]
    code = "no-exponent" if values[0] is None else {(True, True): "attracts", (False, True): "correct", (True, False): "wrong", (False, False): "repels"}[values[0] < 0, values[1] < 0]
    return [
        ("exponent_plus", values[0], errors[0]),
        ("exponent_minus", values[1], errors[1]),
        ("losses", [loss for loss, _, _ in found]),
        ("sharpness", [float(np.trace(one.mean(axis=0))) for one in each]),
        ("l2_limits", [square for square in squares if square is not None]),
        ("exact_limits", [rate for rate, _ in limits if not math.isnan(rate)], max((error for rate, error in limits if not math.isnan(rate)), default=None)),
        ("verdict", code),
    ]


def runs(p, data, count, rng):
    """Places of runs of SGD that begin uniformly in the square of the starts, after every tenth step."""
    phi, slope, _ = ACTIVATIONS[p["activation"]]
    lr, keep, batch = number(p, "lr"), 1 - number(p, "lr") * number(p, "decay"), int(p["batch"])
    u, w = rng.uniform(-number(p, "spread"), number(p, "spread"), size=(2, count))
    places = [(u, w)]
    for step in range(1, int(p["steps"]) + 1):
        drawn = rng.integers(len(data[0]), size=(batch, count))
        x, y = data[0][drawn], data[1][drawn]
        residual = y - u * phi(w * x)
        u, w = keep * u + lr * (residual * phi(w * x)).mean(axis=0), keep * w + lr * (residual * u * x * slope(w * x)).mean(axis=0)
        if step % 10 == 0:
            places.append((u, w))
    return np.array(places)


def draw(p, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    data, phi = samples(p), ACTIVATIONS[p["activation"]][0]
    x, y = AXES["x"], AXES["y"]
    across, up = np.linspace(x["min"], x["max"], 100), np.linspace(y["min"], y["max"], 100)
    loss = np.array([np.mean((across[:, None] * phi(w * data[0]) - data[1]) ** 2, axis=1) / 2 for w in up])
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    plot.contour(across, up, np.log10(loss), 24, cmap="Greys_r", linewidths=0.8)
    with np.errstate(over="ignore", invalid="ignore"):
        for run in runs(p, data, 12, np.random.default_rng(int(p["seed"]))).transpose(2, 0, 1):
            plot.plot(*run.T, linewidth=0.6)
    for at, (_, u, w) in enumerate(minima(p, data)):
        plot.plot(u, w, "k*" if at == 0 else "k^", markersize=10)
    plot.plot(0, 0, "ko")
    plot.set(xlim=(x["min"], x["max"]), ylim=(y["min"], y["max"]), xlabel="u", ylabel="w", title=LINK[-90:])
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
