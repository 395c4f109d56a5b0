"""One direction of SGD: each step multiplies the distance z from the stationary point by X = m + c h.

m = 1 - λγ, c = ±λ, and h is the mean of S draws of the curvature xy. Every number below is a mean over the law of h:
a sum over its atoms, or an integral of its density. Written from these definitions with NumPy and SciPy alone.
"""

import math

import numpy as np
from scipy import interpolate, optimize, special

from own_data import *  # the page copies it to this place

LANDING = 4 * np.finfo(float).eps  # |X| below this (relative to its terms) is 0 to rounding
MOST_ATOMS = 200_000
LISTED = 64  # atoms up to which the critical rates are listed
GAUSS = np.polynomial.legendre.leggauss(16)


# ---- random numbers: only what is needed to draw the same data set as the page ----


def uniforms(seed, count, item=0):
    """The page's stream for data sets: xoshiro256+ (Blackman and Vigna 2021), seeded through SplitMix64."""
    mask, golden, data_set = 2**64 - 1, 0x9E3779B97F4A7C15, 2

    def mix(z):
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        return z ^ z >> 31

    word = data_set
    for part in (seed, item, 0):
        word = mix((word + golden & mask) ^ part)
    s = []
    for _ in range(4):
        word = word + golden & mask
        s.append(mix(word))
    drawn = []
    for _ in range(count):
        drawn.append(((s[0] + s[3] & mask) >> 11) / 2.0**53)
        shifted = s[1] << 17 & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = (s[3] << 45 | s[3] >> 19) & mask
    return np.array(drawn)


def data_set(p):
    """N pairs (x, y) drawn once from the law: two uniform numbers each, normal ones by the inverse distribution."""
    first, second = uniforms(int(p["seed"]), 2 * int(p["n"])).reshape(-1, 2).T
    normal = lambda u: special.ndtri(u + 2.0**-54)
    x = np.ones_like(first)
    if p["law"] == "gaussian":
        y = number(p, "mean") + number(p, "std") * normal(first)
    elif p["law"] == "uniform":
        y = number(p, "low") + (number(p, "high") - number(p, "low")) * first
    elif p["law"] == "teacher":
        x = normal(first)
        y = number(p, "slope") * x + number(p, "noise") * normal(second)
    else:
        values, probs = atoms_of(p)
        y = values[np.minimum(np.searchsorted(np.cumsum(probs), first, side="right"), len(values) - 1)]
    return x, y


# ---- the law of h, the mean of S draws ----


class Atoms:
    """Finitely many values with their probabilities. `sampled`: they are a sample of a law with too many."""

    def __init__(self, values, probs, sampled=False):
        keep = np.asarray(probs) > 0
        self.values, self.probs, self.sampled = np.asarray(values, float)[keep], np.asarray(probs, float)[keep], sampled

    def points(self, offset, scale, order=0.0):
        """log|X| and the probability of each."""
        x = np.abs(offset + scale * self.values)
        size = np.maximum(1.0, np.maximum(abs(offset), np.abs(scale) * np.abs(self.values).max()))
        with np.errstate(divide="ignore"):
            return np.log(np.where(x <= LANDING * size, 0.0, x)), self.probs

    def support(self):
        return self.values.min(), self.values.max()

    def moments(self):
        mean = self.values @ self.probs
        return mean, (self.values - mean) ** 2 @ self.probs

    def draw(self, rng, shape):
        return rng.choice(self.values, size=shape, p=self.probs / self.probs.sum())


class Density:
    """A density on [low, high]. `corners`: where it is not smooth. `reach(p)`: the ends of what weighs in E|X|^p."""

    def __init__(self, density, mean, variance, support, reach, corners, draw):
        self.density, self.mean, self.variance, self.ends = density, mean, variance, support
        self.reach, self.corners, self.draw = reach, corners, draw

    def points(self, offset, scale, order=0.0):
        """log|X| at the nodes of Gauss's rule and their weights; panels halve towards X = 0 and every corner."""
        low, high = self.reach(order)
        pole = -offset / scale if scale else math.inf
        edges = [np.linspace(low, high, 2 + math.ceil(2 * (high - low) / math.sqrt(self.variance)))]
        for centre in [pole, *self.corners]:
            if low <= centre <= high:
                steps = (high - low) * 0.5 ** np.arange(60)
                edges += [centre - steps, centre + steps, [centre]]
        edges = np.unique(np.clip(np.concatenate(edges), low, high))
        middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
        nodes = (middle[:, None] + half[:, None] * GAUSS[0]).ravel()
        weights = (half[:, None] * GAUSS[1]).ravel() * self.density(nodes)
        x = np.abs(offset + scale * nodes)
        keep = (weights > 0) & (x > 0)
        return np.log(x[keep]), weights[keep] / weights[keep].sum()

    def support(self):
        return self.ends

    def moments(self):
        return self.mean, self.variance


def number(p, key):
    return float(p[key])


def numbers(p, key):
    return np.array([float(text) for text in p[key].split(",")])


def atoms_of(p):
    if p["law"] == "two-point":
        q = number(p, "q")
        return np.array([1.0, number(p, "a")]), np.array([1 - q, q])
    return numbers(p, "values"), numbers(p, "probs")


def batch_law(p):
    """The law of the mean of S draws."""
    batch = int(p["batch"])
    if p["law"] == "data":
        own = own_numbers(p["data"]).ravel()
        return mean_of_atoms(own, np.full(len(own), 1 / len(own)), batch)
    if int(p["n"]) > 0:
        x, y = data_set(p)
        return mean_of_atoms(x * y, np.full(len(x), 1 / len(x)), batch)
    if p["law"] == "gaussian":
        return normal_law(number(p, "mean"), number(p, "std") / math.sqrt(batch))
    if p["law"] == "uniform":
        return uniform_mean(number(p, "low"), number(p, "high"), batch)
    if p["law"] == "teacher":
        return teacher_mean(number(p, "slope"), number(p, "noise"), batch)
    return mean_of_atoms(*atoms_of(p), batch)


def mean_of_atoms(values, probs, batch):
    """Sums of S draws, added one draw at a time; equal sums are one atom."""
    scale = max(np.abs(values).max(), 1e-300)
    sums, weights = np.zeros(1), np.ones(1)
    for _ in range(batch):
        if len(sums) * len(values) > MOST_ATOMS:
            drawn = np.random.default_rng(1).choice(values, size=(10**6 // batch + 1000, batch), p=probs / probs.sum())
            means = drawn.mean(axis=1)
            return Atoms(means, np.full(len(means), 1 / len(means)), sampled=True)
        together, chance = (sums[:, None] + values).ravel(), (weights[:, None] * probs).ravel()
        _, first, group = np.unique(np.round(together / scale, 10), return_index=True, return_inverse=True)
        sums, weights = together[first], np.bincount(group.ravel(), chance)
    return Atoms(sums / batch, weights)


def normal_law(mean, std):
    if std == 0:
        return Atoms([mean], [1.0])
    density = lambda h: np.exp(-0.5 * ((h - mean) / std) ** 2)
    reach = lambda p: (mean - (13 + math.sqrt(p)) * std, mean + (13 + math.sqrt(p)) * std)
    draw = lambda rng, shape: rng.normal(mean, std, shape)
    return Density(density, mean, std**2, (-math.inf, math.inf), reach, [], draw)


def uniform_mean(low, high, batch):
    """The mean of S uniform numbers: a B-spline, or beyond 16 draws its Fourier series."""
    if low == high:
        return Atoms([low], [1.0])
    width, mean, variance = high - low, (low + high) / 2, (high - low) ** 2 / 12 / batch
    if batch <= 16:
        spline = interpolate.BSpline.basis_element(np.arange(batch + 1), extrapolate=False)
        density = lambda h: np.nan_to_num(spline((h - low) / width * batch))
    else:
        density = fourier(lambda t: np.sinc(t * width / (2 * math.pi * batch)) ** batch, mean, 0.5 * width, variance)

    def reach(p):
        far = (13 + math.sqrt(p)) * math.sqrt(variance)
        return max(low, mean - far), min(high, mean + far)

    corners = [low + width * k / batch for k in range(batch + 1)] if batch <= 16 else [low, high]
    draw = lambda rng, shape: rng.uniform(low, high, (batch, *shape)).mean(axis=0)
    return Density(density, mean, variance, (low, high), reach, corners, draw)


def teacher_mean(slope, noise, batch):
    """The mean of S products x(kx + σε): characteristic function (1 - 2ikt/S + σ²t²/S²)^(-S/2), whose density is

    |h|^ν K_ν(α|h|) e^(βh) up to a constant, ν = (S-1)/2, β = kS/σ², α = S√(k²+σ²)/σ² (variance-gamma law)."""
    if slope == 0 and noise == 0:
        return Atoms([0.0], [1.0])
    variance = (2 * slope**2 + noise**2) / batch
    nu = (batch - 1) / 2
    if noise == 0:  # k χ²_S/S
        rate = batch / (2 * abs(slope))
        density = lambda h: np.exp((nu - 0.5) * np.log(np.abs(h) + 1e-300) - rate * (np.abs(h) - abs(slope)))
        ends = (0.0, math.inf) if slope > 0 else (-math.inf, 0.0)
        far = lambda p: (50 + 4 * p + 2 * batch) / rate
        reach = lambda p: (0.0, far(p)) if slope > 0 else (-far(p), 0.0)
    else:
        beta, alpha = slope * batch / noise**2, batch * math.hypot(slope, noise) / noise**2
        far = lambda p: (50 + 4 * p + 2 * batch)
        reach = lambda p: (-far(p) / (alpha + beta), far(p) / (alpha - beta))
        ends = (-math.inf, math.inf)
        if batch <= 16:

            def density(h):
                x = alpha * np.abs(h)
                with np.errstate(divide="ignore"):
                    log = nu * np.log(x) + np.log(special.kve(nu, x)) - x + beta * h
                return np.exp(log - nu * math.log(max(nu, 1.0)))

        else:
            phi = lambda t: (1 - 2j * slope * t / batch + (noise * t / batch) ** 2) ** (-batch / 2) * np.exp(-1j * slope * t)
            density = fourier(phi, slope, max(map(abs, reach(0))) + abs(slope), variance)
            around = lambda p: (13 + 2 * math.sqrt(p)) * 2 * math.sqrt(variance)
            reach = lambda p: (slope - around(p), slope + around(p))

    def draw(rng, shape):
        x = rng.normal(size=(batch, *shape))
        return (x * (slope * x + noise * rng.normal(size=x.shape))).mean(axis=0)

    return Density(density, slope, variance, ends, reach, [0.0] if batch <= 16 else [], draw)


def fourier(phi, mean, half, variance):
    """The density with characteristic function phi about its mean, zero beyond ± half, as its Fourier series."""
    half = max(half, 20 * math.sqrt(variance))
    count = 64
    while abs(phi(math.pi * count / half)) > 1e-17 and count < 20_000:
        count *= 2
    k = np.arange(1, count)
    coefficients = phi(math.pi * k / half)
    k, coefficients = k[np.abs(coefficients) > 1e-18], coefficients[np.abs(coefficients) > 1e-18]

    def density(h):
        total = np.ones_like(h)
        for at in range(0, len(h), 4096):
            angle = math.pi / half * np.outer(h[at : at + 4096] - mean, k)
            total[at : at + 4096] += 2 * (np.exp(-1j * angle) @ coefficients).real
        return np.maximum(total, 0.0) / (2 * half)

    return density


# ---- numbers of one direction ----


def exponent(law, offset, scale):
    """Λ = E log|X|, nats per step."""
    logs, probs = law.points(offset, scale)
    return float(logs @ probs)


def log_variance(law, offset, scale):
    """Var log|X|; ∞ where Λ = -∞."""
    logs, probs = law.points(offset, scale)
    return math.inf if np.isneginf(logs).any() else float((logs - logs @ probs) ** 2 @ probs)


def log_moment(law, offset, scale, order):
    """g(p) = log E|X|^p, p > 0."""
    logs, probs = law.points(offset, scale, order)
    top = logs.max()
    return float(order * top + np.log(np.exp(order * (logs - top)) @ probs)) if top > -math.inf else -math.inf


def tail_exponent(law, offset, scale):
    """p* > 0 with g(p*) = 0: moments below it die, those above grow. None if Λ ≥ 0, ∞ if |X| ≤ 1 always."""
    if exponent(law, offset, scale) >= 0:
        return None
    ends = [abs(offset + scale * end) if scale else abs(offset) for end in law.support()]
    if max(ends) <= 1 + LANDING:
        return math.inf
    g = lambda p: log_moment(law, offset, scale, p)
    low, high = 1e-9, 1.0
    while g(high) <= 0:
        low, high = high, 2 * high
        if high > 4096:
            return None
    while low > 1e-300 and g(low) >= 0:
        low /= 1000
    return float(optimize.brentq(g, low, high, xtol=1e-14, rtol=1e-14))


def runs_to_see_mean(law, offset, scale, steps):
    """e^D, D = t (g'(1) - g(1)): relative entropy of the law weighted by |X|, over all steps."""
    logs, probs = law.points(offset, scale, 1.0)
    if not np.isfinite(logs).any():
        return 1.0
    keep = np.isfinite(logs)
    logs, probs = logs[keep], probs[keep]
    tilted = probs * np.exp(logs - logs.max())
    mass = tilted.sum()
    # Σ w log(w/q) with w the weighted law and q the law itself
    entropy = tilted / mass @ (logs - logs.max() - math.log(mass))
    nats = max(0.0, steps * float(entropy))
    return math.exp(nats) if nats < 709.78 else None


def critical_rates(law, decay, sign, low, high):
    """Learning rates in [low, high] where Λ changes sign, for X = 1 - λγ + sign·λ·h. None: not listed."""
    if isinstance(law, Atoms):
        return None if len(law.values) > LISTED or law.sampled else roots_between_poles(law, decay - sign * law.values, low, high)
    value = lambda y: exponent(law, 1 - math.exp(y) * decay, sign * math.exp(y))
    grid = np.linspace(math.log(low), math.log(high), 128)
    values = [value(y) for y in grid]
    if min(values) >= 0:  # perhaps a short dip between two points
        at = int(np.argmin(values))
        if 0 < at < len(grid) - 1:
            dip = optimize.minimize_scalar(value, bounds=(grid[at - 1], grid[at + 1]), method="bounded", options={"xatol": 1e-10})
            grid, values = np.insert(grid, at, dip.x), [*values[:at], dip.fun, *values[at:]]
            order = np.argsort(grid)
            grid, values = grid[order], [values[i] for i in order]
    pairs = zip(grid[:-1], grid[1:], values[:-1], values[1:])
    return [math.exp(optimize.brentq(value, a, b, xtol=1e-14, rtol=1e-14)) for a, b, va, vb in pairs if (va < 0) != (vb < 0)]


def roots_between_poles(law, rates, low, high):
    """Λ = Σ p log|1 - λr| is -∞ at each pole 1/r and concave between: at most two roots there, found from the poles."""
    poles = np.unique(1 / rates[rates > 0])

    def value(pole, y, side):
        """Λ at pole + side·e^y, exact however near the pole."""
        lr, here = pole + side * math.exp(y), np.zeros(len(rates)) if pole == 0 else np.abs(rates * pole - 1) < 1e-15
        with np.errstate(divide="ignore"):
            logs = np.where(here, np.log(np.abs(rates) + (rates == 0)) + y, np.log(np.abs(1 - lr * rates)))
        return float(logs @ law.probs)

    def beside(pole, side, distance):
        f = lambda y: value(pole, y, side)
        return pole + side * math.exp(optimize.brentq(f, -740.0, math.log(distance), xtol=1e-13, rtol=1e-15))

    plain = lambda lr: float(np.log(np.abs(1 - lr * rates)) @ law.probs)
    roots = []
    for left, right in zip([0.0, *poles], [*poles, math.inf]):
        if right == math.inf:
            if left > 0:
                far = left
                while plain(left + far) <= 0:
                    far *= 2
                roots.append(beside(left, 1, far))
        elif left > 0 or rates @ law.probs < 0:
            gap = right - left
            top = optimize.minimize_scalar(lambda x: -plain(x), bounds=(left + 1e-9 * gap, right - 1e-9 * gap), method="bounded", options={"xatol": 1e-12 * gap})
            if top.fun < 0:
                if left > 0:
                    roots.append(beside(left, 1, top.x - left))
                roots.append(beside(right, -1, right - top.x))
    roots = sorted(root for root in roots if low <= root <= high)
    # two roots around a pole that doubles do not tell apart are one entry
    return [float(b) for a, b in zip([-1.0, *roots], roots) if b - a > LANDING * b]


# ---- simulated runs of the product ----


def growth_of_runs(law, offset, scale, steps, runs, seed):
    """log|z_t/z_0|/t of independent runs: their mean and its standard error."""
    rng, logs = np.random.default_rng(seed), np.zeros(runs)
    with np.errstate(divide="ignore"):
        for _ in range(steps):
            x = np.abs(offset + scale * law.draw(rng, (runs,)))
            logs += np.log(np.where(x <= LANDING, 0.0, x))
    rates = logs / steps
    return float(rates.mean()), float(rates.std(ddof=1) / math.sqrt(runs)) if np.isfinite(rates).all() else None


def first_passage(law, offset, scale, log_ratio, runs, seed, most=200_000):
    """Mean number of steps until log|z_t/z_0| first passes log_ratio, and its standard error; None if some run did not."""
    rng, logs, times = np.random.default_rng(seed), np.zeros(runs), []
    with np.errstate(divide="ignore"):
        for step in range(1, most + 1):
            x = np.abs(offset + scale * law.draw(rng, logs.shape))
            logs += np.log(np.where(x <= LANDING, 0.0, x))
            passed = logs >= log_ratio - 1e-12 if log_ratio > 0 else logs <= log_ratio + 1e-12
            times += [step] * int(passed.sum())
            logs = logs[~passed]
            if len(logs) == 0:
                return float(np.mean(times)), float(np.std(times, ddof=1) / math.sqrt(runs))
    return None


def passage_bounds(law, offset, scale, log_ratio):
    """Wald's identity Λ E τ = E log|z_τ| with Lorden's bound E[(Y⁺)²]/E Y on the overshoot, or the largest step."""
    growth, way = exponent(law, offset, scale), math.copysign(1.0, log_ratio)
    if growth == -math.inf:
        logs, probs = law.points(offset, scale)
        return [1.0, 1 / float(probs[np.isneginf(logs)].sum())]
    drift = way * growth
    ends = [abs(offset + scale * end) for end in law.support()]
    if isinstance(law, Atoms):
        logs, probs = law.points(offset, scale)
        forward = np.maximum(way * logs, 0)
        square, largest = float(forward**2 @ probs), float(forward.max())
    else:
        square = log_variance(law, offset, scale) + growth**2
        inside = min(offset + scale * end for end in law.support()) <= 0 <= max(offset + scale * end for end in law.support())
        extreme = max(ends) if way > 0 else 0.0 if inside else min(ends)
        largest = math.inf if extreme in (0.0, math.inf) else way * math.log(extreme)
    overshoot = min(square / drift, largest)
    return [max(1.0, abs(log_ratio) / drift), max(1.0, (abs(log_ratio) + overshoot) / drift)]


# ---- what N values of one's own say of the law behind them, with 95 % confidence ----

FEWEST = 50  # values, or batches of them, of an interval
GROUPS = 20  # of the jackknife
CONFIDENCE = 0.975
SHARE = 0.2  # of one value in E|X|^p beyond which the mean says nothing


def shuffled(p):
    """The values in the page's order, which knows nothing of their order in the file."""
    own = own_numbers(p["data"]).ravel().copy()
    drawn = uniforms(0, len(own) - 1, len(own))
    for last, u in zip(range(len(own) - 1, 0, -1), drawn):
        other = int(u * (last + 1))
        own[[last, other]] = own[[other, last]]
    return own


def disjoint(own, batch):
    return own[: len(own) // batch * batch].reshape(-1, batch).mean(axis=1)


def exponent_interval(own, batch, offset, scale):
    """t interval of E log|X| from single values or disjoint batches; a delete-a-group jackknife for batches of up to 4,096 values."""
    if len(own) < FEWEST:
        return None
    if batch > 1 and len(own) <= 4096:
        law = lambda sample: mean_of_atoms(sample, np.full(len(sample), 1 / len(sample)), batch)
        value = exponent(law(own), offset, scale)
        parts = np.array([exponent(law(np.delete(own, slice(group, None, GROUPS))), offset, scale) for group in range(GROUPS)])
        if not np.isfinite([value, *parts]).all():
            return [-math.inf, math.inf]
        half = special.stdtrit(GROUPS - 1, CONFIDENCE) * math.sqrt((GROUPS - 1) / GROUPS * ((parts - parts.mean()) ** 2).sum())
        return [float(value - half), float(value + half)]
    means = disjoint(own, batch)
    if len(means) < FEWEST:
        return None
    x = np.abs(offset + scale * means)
    logs = np.log(x[x > LANDING * np.maximum(1.0, np.maximum(abs(offset), np.abs(scale * means)))])
    half = special.stdtrit(len(logs) - 1, CONFIDENCE) * logs.std(ddof=1) / math.sqrt(len(logs))
    # a value that lands makes Λ = -∞: nothing bounds it from below
    return [float(logs.mean() - half) if len(logs) == len(means) else -math.inf, float(logs.mean() + half)]


def tail_interval(own, batch, offset, scale):
    """The p at which a t test of E|X|^p = 1 does not refuse. None: no positive root, or one value outweighs the others before it."""
    means = disjoint(own, batch)
    if len(own) < FEWEST or len(means) < FEWEST:
        return None
    logs = np.log(np.abs(offset + scale * means))
    small = 1e-6

    def score(p):
        powers = np.expm1(p * logs)
        return powers.mean() / (powers.std(ddof=1) / math.sqrt(len(powers)))

    if score(small) >= 0:
        return None
    if logs.max() <= 0:
        return [math.inf, math.inf]
    largest = min(1000.0, 300 / logs.max())
    share = lambda p: 1 / np.exp(p * (logs - logs.max())).sum() - SHARE
    limit = small if share(small) > 0 else largest if share(largest) < 0 else optimize.brentq(share, small, largest, xtol=1e-15, rtol=1e-14)
    if score(limit) < 0:
        return None
    root = lambda level, low, high: float(optimize.brentq(lambda p: score(p) - level, low, high, xtol=1e-15, rtol=1e-14))
    critical, value = special.stdtrit(len(logs) - 1, CONFIDENCE), root(0.0, small, limit)
    return [root(-critical, small, value) if score(small) < -critical else 0.0, root(critical, value, limit) if score(limit) > critical else math.inf]


# ---- printing ----


def report(rows):
    """One line for each number: its name, its value in full, ± one standard error where it is simulated."""
    for name, value, *error in rows:
        shown = "none" if value is None else value if isinstance(value, str) else repr(value)
        print(f"{name:20} {shown}" + (f" ± {error[0]!r}" if error and error[0] is not None else ""))
