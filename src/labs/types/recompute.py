"""Recomputes the numbers of Saddlescope's lab on Type-I and Type-II saddles by another route than the page's.

Needs NumPy and SciPy; with matplotlib it also draws the times to escape. Usage: python recompute.py [picture.png], or "-" for no
picture. The network is f(x) = u φ(wx + b) with one hidden neuron of fixed bias b, the teacher y = kx + σε with standard normal x
and ε, the loss (f - y)²/2; the saddle is u = w = 0, after Ziyin, Li, Galanti and Ueda, arXiv:2303.13093. Runs of SGD are simulated
anew with other random numbers.
"""

import importlib.util
import sys

from laws import *  # the page copies these to this place
from activation import *

# ---- the state, filled in by the page ----
LINK = "#types?v=1"
PARAMETERS = {"lr": "0.1", "bias": "0.2", "activation": "tanh", "slope": "1", "noise": "0.5", "batch": "1", "init": "1e-6", "exit": "0.2", "replicas": "60", "steps": "20000", "seed": "1"}
AXES = {"x": {"parameter": "lr", "min": 0.01, "max": 1, "log": True}, "y": {"parameter": None, "min": 1, "max": 60000, "log": True}}
# ---- the state ends ----

RATES = 16  # learning rates of the figure; the simulated times are those at the nearest of them
RUNS = 400


def mean_over_samples(p, function):
    """E function(x, y) by Gauss's rule for both normal numbers: exact for polynomials."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(12)
    x, noise = np.meshgrid(nodes, nodes)
    weight = np.outer(weights, weights) / weights.sum() ** 2
    return float((weight * function(x, number(p, "slope") * x + number(p, "noise") * noise)).sum())


def at_the_saddle(p, bias):
    """Lowest eigenvalue of E ∇²ℓ at u = w = 0, its direction, and the noise E[(n·∇ℓ)²] along it."""
    phi, slope, _ = (float(f(np.array([bias]))[0]) for f in ACTIVATIONS[p["activation"]])
    # ∇ℓ = (f - y)(φ, u x φ′) and f = 0 there
    mixed = mean_over_samples(p, lambda x, y: -y * x * slope) if number(p, "slope") else 0.0  # not its rounding
    curvatures, directions = np.linalg.eigh([[phi**2, mixed], [mixed, 0.0]])
    n = directions[:, 0] if phi or mixed else np.array([1.0, 1.0]) / math.sqrt(2)  # where nothing curves, along u = w
    return float(curvatures[0]), n, mean_over_samples(p, lambda x, y: (n[0] * -y * phi) ** 2)


def escape_times(p, bias, rates, rng):
    """Steps after which runs, one for each rate, have |n·(u, w)| > R for the first time, n the escape direction; ∞ if not within T.

    Where there is no such direction and φ(b) ≠ 0, it is ‖(u, w)‖ that counts."""
    phi, slope, _ = ACTIVATIONS[p["activation"]]
    batch, direction = int(p["batch"]), at_the_saddle(p, bias)[1]
    every = number(p, "slope") == 0 and phi(np.array([bias]))[0] != 0
    times, left = np.full(len(rates), math.inf), np.arange(len(rates))
    u, w = (np.full(len(rates), number(p, "init") * along) for along in direction)
    for step in range(1, int(p["steps"]) + 1):
        x = rng.normal(size=(batch, len(left)))
        y = number(p, "slope") * x + number(p, "noise") * rng.normal(size=x.shape)
        hidden = w * x + bias
        residual = y - u * phi(hidden)
        rate = rates[left]
        u, w = u + rate * (residual * phi(hidden)).mean(axis=0), w + rate * (residual * u * x * slope(hidden)).mean(axis=0)
        distance = np.hypot(u, w) if every else np.abs(direction[0] * u + direction[1] * w)
        far = ~(distance <= number(p, "exit"))
        times[left[far]] = step
        left, u, w = left[~far], u[~far], w[~far]
        if len(left) == 0:
            break
    return times


def mean_time(times):
    """Mean and its standard error; None if a run did not leave: the mean would be too small."""
    if not np.isfinite(times).all():
        return (None,)
    return float(times.mean()), float(times.std(ddof=1) / math.sqrt(len(times)))


def rates_of(axis):
    part = (np.arange(RATES) + 0.5) / RATES
    return axis["min"] * (axis["max"] / axis["min"]) ** part


def growth(p, rate):
    """Λ and Wald's bounds on the mean time to escape at b = 0 ([∞] if Λ ≤ 0), where a step multiplies the distance by 1 + λ z, z the mean of φ′(0) x y."""
    at_zero = slope_at_zero(p["activation"])
    if at_zero is None:
        return None, None
    law = teacher_mean(at_zero * number(p, "slope"), at_zero * number(p, "noise"), int(p["batch"]))
    value = exponent(law, 1.0, rate)
    return value, passage_bounds(law, 1.0, rate, math.log(number(p, "exit") / number(p, "init"))) if value > 0 else [math.inf]


def curvature_noise(p, rate):
    """E(m·∇ℓ)² spreads runs along the other eigenvector m, whose curvature is H, by s² = λ E(m·∇ℓ)²/(S H (2 - λH)): there n·∇ℓ has the
    further variance s² Var(n·∇²ℓ m). As a part of E(n·∇ℓ)²; ∞ if SGD is unstable along m."""
    phi, slope, _ = (float(f(np.array([number(p, "bias")]))[0]) for f in ACTIVATIONS[p["activation"]])
    curvature, n, noise = at_the_saddle(p, number(p, "bias"))
    m, across = np.array([-n[1], n[0]]), phi**2 - curvature
    if not across * (2 - rate * across) > 0:
        return math.inf
    spread = rate * mean_over_samples(p, lambda x, y: (m[0] * -y * phi) ** 2) / int(p["batch"]) / across / (2 - rate * across)
    second = lambda x, y: n[0] * m[0] * phi**2 - (n[0] * m[1] + n[1] * m[0]) * y * x * slope
    mean = mean_over_samples(p, second)
    return spread * mean_over_samples(p, lambda x, y: (second(x, y) - mean) ** 2) / noise


def kicked_time(p, curvature, noise, rate):
    """Steps δ ← (1 + λh) δ + λ√v Z along a direction of curvature -h with noise v: ln(1 + λh) is added to E log|δ + sZ| in each, where
    s² = λ²v/((1 + λh)² - 1). So many take it from that at r₀ to that at R, and on by the mean overshoot -ζ(½)/√(2π) of a normal walk."""
    h, v = -curvature, noise / int(p["batch"])
    if not (h > 0 and v > 0):
        return None
    correction = curvature_noise(p, rate)
    if correction > 0.5:
        return None
    step = rate * math.sqrt(v * (1 + correction))
    spread = normal_law(0.0, step / math.sqrt(rate * h * (2 + rate * h)))
    far = exponent(spread, number(p, "exit") + 0.5825971579390107 * step, 1.0)
    time = (far - exponent(spread, number(p, "init"), 1.0)) / math.log1p(rate * h)
    return time if time >= 1 else None


def numbers_at(p):
    rng, lr, bias = np.random.default_rng(int(p["seed"])), number(p, "lr"), number(p, "bias")
    curvature, _, noise = at_the_saddle(p, bias)
    value, bounds = growth(p, lr)
    rates = rates_of(AXES["x"])
    nearest = rates[np.argmin(np.round(np.abs(np.log(rates / lr)), 9))]  # the lower of two as near
    code = "no-exponent" if value is None else "flat" if number(p, "slope") == 0 else {(True, True): "type-1", (True, False): "attracts", (False, True): "type-2", (False, False): "holds"}[noise > 0, value > 0]
    return [
        ("exponent", value),
        ("escape_bounds", bounds),
        ("curvature", curvature),
        ("noise", noise),
        ("kicked_time", kicked_time(p, curvature, noise, lr)),
        ("origin_time", *mean_time(escape_times(p, 0.0, np.full(RUNS, nearest), rng))),
        ("biased_time", *mean_time(escape_times(p, bias, np.full(RUNS, nearest), rng))),
        ("verdict", code),
    ]


def draw(p, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rng, rates, runs = np.random.default_rng(int(p["seed"])), rates_of(AXES["x"]), int(p["replicas"])
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    bounds = [growth(p, rate)[1] or [math.nan] for rate in rates]
    plot.fill_between(rates, *np.transpose([[one[0], one[-1]] for one in bounds]), color="#0072B2", alpha=0.3, label="Wald’s bounds, b = 0")
    curvature, _, noise = at_the_saddle(p, number(p, "bias"))
    kicked = [kicked_time(p, curvature, noise, rate) or math.nan for rate in rates]
    plot.plot(rates, kicked, "--", color="#D55E00", label="~ log(1/λ)/λ")
    for bias, colour in ((0.0, "#0072B2"), (number(p, "bias"), "#D55E00")):
        times = escape_times(p, bias, np.repeat(rates, runs), rng).reshape(RATES, runs)
        plot.plot(rates, np.where(np.isfinite(times).all(axis=1), times.mean(axis=1), math.nan), "o", color=colour, label=f"b = {bias}")
    plot.set(xscale="log", yscale="log", xlabel="learning rate λ", ylabel="mean steps to escape", title=LINK[-90:])
    plot.legend()
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
