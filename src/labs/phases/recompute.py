"""Recomputes the numbers of a Saddlescope phase diagram by another route than the page's.

Needs NumPy and SciPy; with matplotlib it also draws the diagram. Usage: python recompute.py [picture.png or "-" for none] [file of
numbers], the latter where the state is about own data that the link does not carry.
The model is the two-layer network f(x) = uwx with loss (uwx - y)²/2 at its saddle u = w = 0, after Ziyin, Li, Galanti
and Ueda, arXiv:2303.13093: along u = ±w each step of SGD multiplies the weight by X = 1 - λγ ± λz, z the batch mean of xy.
"""

import importlib.util
import sys

from laws import *  # the page copies it to this place

# ---- the state, filled in by the page ----
LINK = "#phases?v=1"
PARAMETERS = {"lr": "0.8", "batch": "1", "decay": "0", "law": "two-point", "a": "-0.9", "q": "0.5", "n": "0", "sign": "plus", "seed": "1", "horizon": "200"}
AXES = {"x": {"parameter": "lr", "min": 0, "max": 3, "log": False}, "y": {"parameter": "a", "min": -3, "max": 1, "log": False}}
# ---- the state ends ----

RATES = (1e-3, 100.0)  # where critical rates are looked for
RATIO = math.log(1e8)  # escape and collapse: the distance changes by this factor
RUNS = 1024


def saddle(p, law):
    """Λ₊, Λ₋ and E X² of the wrong direction; "correct" is the direction of the sign of E z."""
    lr, decay = number(p, "lr"), number(p, "decay")
    mean, variance = law.moments()
    swap = -1.0 if mean < -8 * np.finfo(float).eps * math.hypot(mean, math.sqrt(variance)) else 1.0
    offset = 1 - lr * decay
    plus, minus = exponent(law, offset, swap * lr), exponent(law, offset, -swap * lr)
    wrong = math.exp(log_moment(law, offset, -swap * lr, 2))
    return plus, minus, wrong, swap


def phase(p, law):
    plus, minus, wrong, _ = saddle(p, law)
    mean, variance = law.moments()
    if plus < 0 and minus < 0:
        return "III"
    if plus >= 0 and minus >= 0:
        return "IV"
    if abs(mean) <= 8 * np.finfo(float).eps * math.hypot(mean, math.sqrt(variance)):
        return "escapes"
    return "II" if plus < 0 else "Ib" if wrong < 1 else "Ia"


def numbers_at(p):
    law = batch_law(p)
    lr, decay, steps = number(p, "lr"), number(p, "decay"), int(p["horizon"])
    plus, minus, wrong, _ = saddle(p, law)
    # the direction that the single numbers are about: curvature +xy (u = -w) or -xy (u = w)
    sign = -1.0 if p["sign"] == "plus" else 1.0
    offset, scale = 1 - lr * decay, sign * lr
    # of the two directions the one with the larger exponent decides when SGD has left or collapsed
    slower = max((exponent(law, offset, s * lr), s) for s in (1.0, -1.0))
    way = math.copysign(RATIO, slower[0])
    passed = first_passage(law, offset, slower[1] * lr, way, RUNS, int(p["seed"]))
    own = shuffled(p) if p["law"] == "data" else np.zeros(0)
    batch = int(p["batch"])
    return [
        ("exponent_plus", plus),
        ("exponent_minus", minus),
        ("second_moment", wrong),
        ("exponent", exponent(law, offset, scale)),
        ("log_moment_1", log_moment(law, offset, scale, 1)),
        ("log_moment_2", log_moment(law, offset, scale, 2)),
        ("tail_exponent", tail_exponent(law, offset, scale)),
        ("critical_rates", critical_rates(law, decay, sign, *RATES)),
        ("runs_to_see_mean", runs_to_see_mean(law, offset, scale, steps)),
        ("escape_time", *(passed or (None,))),
        ("escape_time_bounds", passage_bounds(law, offset, slower[1] * lr, way)),
        ("exponent_interval", exponent_interval(own, batch, offset, scale)),
        ("tail_exponent_interval", tail_interval(own, batch, offset, scale)),
        ("verdict", phase(p, law)),
    ]


def draw(p, path):
    """The diagram on a coarse grid of exact points."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import colors, pyplot

    names = {"Ia": "#56B4E9", "Ib": "#0072B2", "II": "#D55E00", "III": "#6E6E6E", "IV": "#E69F00", "escapes": "#FFFFFF"}
    side = 120 if isinstance(batch_law(p), Atoms) else 48

    def places(axis):
        part = (np.arange(side) + 0.5) / side
        low, high = float(axis["min"]), float(axis["max"])
        return low * (high / low) ** part if axis["log"] else low + (high - low) * part

    x, y = AXES["x"], AXES["y"]
    picture = np.zeros((side, side))
    for row, up in enumerate(places(y)):
        for column, across in enumerate(places(x)):
            there = {**p, x["parameter"]: repr(float(across)), y["parameter"]: repr(float(up))}
            if "batch" in (x["parameter"], y["parameter"]):
                there["batch"] = str(max(1, round(float(there["batch"]))))
            if not float(there.get("low", 0)) <= float(there.get("high", 0)):
                continue
            picture[row, column] = list(names).index(phase(there, batch_law(there)))
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    edges = lambda axis: np.geomspace(axis["min"], axis["max"], side + 1) if axis["log"] else np.linspace(axis["min"], axis["max"], side + 1)
    plot.pcolormesh(edges(x), edges(y), picture, cmap=colors.ListedColormap(list(names.values())), vmin=-0.5, vmax=len(names) - 0.5)
    plot.plot(float(p[x["parameter"]]), float(p[y["parameter"]]), "k+", markersize=12)
    plot.set(xscale="log" if x["log"] else "linear", yscale="log" if y["log"] else "linear", xlabel=x["parameter"], ylabel=y["parameter"], title=LINK[-90:])
    for name in sorted({list(names)[int(code)] for code in picture.ravel()}):
        plot.plot([], [], "s", color=names[name], label=name)
    plot.legend(loc="upper right")
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
