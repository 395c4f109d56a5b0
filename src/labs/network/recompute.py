"""Recomputes the numbers of Saddlescope's lab on trained networks by another route than the page's.

Needs NumPy and SciPy, and the images: `digits.bin` of the page's folder `assets` beside this script or as its second argument, or
scikit-learn, which has the same ones (E. Alpaydin and C. Kaynak, doi:10.24432/C50P49, CC BY 4.0). With matplotlib it also draws the
training loss over the sweep. Usage: python recompute.py [picture.png or "-" for none] [digits.bin].
A network without biases is trained by SGD from random weights; near the origin every hidden neuron (v, w) obeys
v ← (1 - λγ) v + λφ′(0) G w, w ← (1 - λγ) w + λφ′(0) Gᵀ v, G the batch mean of r xᵀ and r the residual at output 0, after Ziyin, Li,
Galanti and Ueda, arXiv:2303.13093. Trainings and products are simulated anew with other random numbers.
"""

import importlib.util
import os

from laws import *  # the page copies these to this place
from activation import *

# ---- the state, filled in by the page ----
LINK = "#network?v=1"
PARAMETERS = {"lr": "0.1", "batch": "8", "decay": "0.2", "noise": "0.5", "epochs": "20", "depth": "2", "width": "64", "activation": "tanh", "loss": "cross-entropy", "residual": "0", "init": "1", "x": "lr", "rates": "12", "runs": "4", "x0": "", "x1": "", "seed": "1"}
AXES = {"x": {"parameter": "lr", "min": 0.003, "max": 3, "log": True}, "y": {"parameter": None, "min": 0.1, "max": 10, "log": True}}
# ---- the state ends ----

DIGITS = "ac9fdfe258aefd68bbcff8fd47e4f51466aa6edad18827c191d2c41d9d188f6e"  # SHA-256 of digits.bin
IMAGES, PIXELS, CLASSES, TRAINED = 1797, 64, 10, 1500
FAR = 1e6  # loss of a batch beyond which a run has diverged
DEAD = 1e-3  # part of its first size at which a network has collapsed; of the largest neuron, at which one is dead
RUNS = 6
CHAINS, STEPS = 64, 4096  # of the product at the origin


def images():
    """Pixels (0 to 16) of every image, and the labels."""
    beside = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "digits.bin")
    path = sys.argv[2] if len(sys.argv) > 2 else beside
    if os.path.exists(path):
        with open(path, "rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != DIGITS:
            sys.exit(f"{path} is another file than the page's digits.bin.")
        planes = np.frombuffer(data, np.uint8)
        return planes[: IMAGES * PIXELS].reshape(PIXELS, IMAGES).T, planes[IMAGES * PIXELS :]
    if not importlib.util.find_spec("sklearn"):
        sys.exit("The images are missing: put digits.bin beside this script, or install scikit-learn.")
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.data, digits.target


def data(p):
    """Training inputs and labels, a part ρ of them drawn anew by the page's stream for data sets; test inputs and labels."""
    pixels, labels = images()
    x, labels = pixels / 16.0, np.array(labels, int)
    chance, drawn = uniforms(int(p["seed"]), 2 * TRAINED).reshape(-1, 2).T
    noisy = np.where(chance < number(p, "noise"), (CLASSES * drawn).astype(int), labels[:TRAINED])
    return x[:TRAINED], noisy, x[TRAINED:], labels[TRAINED:]


def forward(p, weights, x):
    """Layer by layer what a matrix reads, and what the hidden neurons get; the last is the output. Leading axes are runs."""
    phi = ACTIVATIONS[p["activation"]][0]
    read, before = [x], []
    for layer, matrix in enumerate(weights[:-1]):
        before.append(read[-1] @ matrix.swapaxes(-1, -2))
        after = phi(before[-1])
        read.append(after + read[-1] if p["residual"] == "1" and layer > 0 else after)
    return read, before, read[-1] @ weights[-1].swapaxes(-1, -2)


def loss_and_slope(p, outputs, labels):
    """Mean loss of the samples, and ∂ℓ/∂f of each."""
    target = np.eye(CLASSES)[labels]
    if p["loss"] == "squared":
        return ((outputs - target) ** 2).sum(axis=-1).mean(axis=-1) / 2, outputs - target
    logs = outputs - special.logsumexp(outputs, axis=-1, keepdims=True)
    return -(logs * target).sum(axis=-1).mean(axis=-1), np.exp(logs) - target


def neuron_norms(weights):
    """For each run the norms of all hidden neurons, weights in and out, layer by layer."""
    return [np.sqrt((into**2).sum(axis=-1) + (out**2).sum(axis=-2)) for into, out in zip(weights, weights[1:])]


def train(p, rate, runs, x, labels, rng):
    """The weights of `runs` networks after SGD; their sizes at first; which diverged."""
    depth, width, batch = int(p["depth"]), int(p["width"]), int(p["batch"])
    sizes = [PIXELS] + [width] * (depth - 1) + [CLASSES]
    weights = [number(p, "init") / math.sqrt(before) * rng.normal(size=(runs, after, before)) for before, after in zip(sizes, sizes[1:])]
    first = np.max([norms.max(axis=-1) for norms in neuron_norms(weights)], axis=0)
    slope, keep = ACTIVATIONS[p["activation"]][1], 1 - rate * number(p, "decay")
    diverged = np.zeros(runs, bool)
    for _ in range(int(p["epochs"]) * math.ceil(TRAINED / batch)):
        drawn = rng.integers(TRAINED, size=(runs, batch))
        read, before, outputs = forward(p, weights, x[drawn])
        loss, back = loss_and_slope(p, outputs, labels[drawn])
        diverged |= ~(loss <= FAR)
        back /= batch
        for layer in range(depth - 1, -1, -1):
            step = back.swapaxes(-1, -2) @ read[layer]
            if layer > 0:
                passed = back @ weights[layer]
                if layer < depth - 1 and p["residual"] == "1":
                    passed += skipped
                skipped, back = passed, passed * slope(before[layer - 1])
            weights[layer] = keep * weights[layer] - rate * step
        for matrix in weights:
            matrix[diverged] = 0.0
    return weights, first, diverged


def effective_rank(features):
    """e to the entropy of the singular values divided by their sum (Roy and Vetterli, EUSIPCO 2007)."""
    values = np.linalg.svd(features, compute_uv=False)
    part = values / values.sum()
    part = part[part > 0]
    return float(np.exp(-(part * np.log(part)).sum()))


def outcomes(p, rate, runs, digits, rng):
    """Of each run that did not diverge: loss, accuracy, rank, dead neurons and size; and how many diverged."""
    x, labels, tested, truth = digits
    with np.errstate(over="ignore", invalid="ignore"):
        weights, first, diverged = train(p, rate, runs, x, labels, rng)
    found = []
    for run in np.flatnonzero(~diverged):
        own = [matrix[run] for matrix in weights]
        read, _, outputs = forward(p, own, x)
        norms = neuron_norms(own)
        size = max(layer.max() for layer in norms) / first[run]
        collapsed = size <= DEAD
        dead = np.mean([layer < DEAD * layer.max() for layer in norms])
        accuracy = np.mean(forward(p, own, tested)[2].argmax(axis=1) == truth)
        found.append((float(loss_and_slope(p, outputs, labels)[0]), float(accuracy), 0.0 if collapsed else effective_rank(read[-1]), 1.0 if collapsed else float(dead), float(size)))
    return np.array(found).reshape(-1, 5), int(diverged.sum())


def residuals(p, labels):
    """-∂ℓ/∂f at output 0."""
    return np.eye(CLASSES)[labels] - (0.0 if p["loss"] == "squared" else 1 / CLASSES)


def top_exponent(p, rate, r, x, rng):
    """Λ₁ of the origin and its error: many products from the top direction of the mean, over half the length and the whole."""
    slope, keep, batch = slope_at_zero(p["activation"]), 1 - rate * number(p, "decay"), int(p["batch"])
    left, _, right = np.linalg.svd(r.T @ x / len(x), full_matrices=False)
    v, w = (np.tile(one, (CHAINS, 1)) + 0.1 * rng.normal(size=(CHAINS, len(one))) for one in (left[:, 0], right[0]))
    logs, steps = np.zeros(CHAINS), max(STEPS // batch, 1024)
    for step in range(1, steps + steps // 4 + 1):
        drawn = rng.integers(TRAINED, size=(CHAINS, batch))
        samples, residual = x[drawn], r[drawn]
        along_w, along_v = (samples @ w[:, :, None])[:, :, 0], (residual @ v[:, :, None])[:, :, 0]
        v, w = (
            keep * v + rate * slope / batch * (along_w[:, None, :] @ residual)[:, 0, :],
            keep * w + rate * slope / batch * (along_v[:, None, :] @ samples)[:, 0, :],
        )
        length = np.sqrt((v**2).sum(axis=1) + (w**2).sum(axis=1))
        v, w = v / length[:, None], w / length[:, None]
        if step > steps // 4:
            logs += np.log(length)
        if step == steps // 4 + steps // 2:
            half = logs.mean() / (steps // 2)
    logs /= steps
    return float(logs.mean()), math.hypot(logs.std(ddof=1) / math.sqrt(CHAINS), logs.mean() - half)


def sweep(p):
    """The values of the sweep, equal steps along its axis."""
    axis = AXES["x"]
    return (np.geomspace if axis["log"] else np.linspace)(axis["min"], axis["max"], int(p["rates"]))


def nearest(p):
    """The value of the sweep next to the point, along the axis."""
    values, point, along = sweep(p), number(p, p["x"]), np.log if AXES["x"]["log"] else np.asarray
    return float(values[np.argmin(np.abs(along(values) - along(max(point, AXES["x"]["min"]))))])


def numbers_at(p):
    value = nearest(p)
    p = {**p, p["x"]: repr(value)}
    rng, rate, runs = np.random.default_rng(int(p["seed"])), number(p, "lr"), int(p["runs"])
    digits = data(p)
    x, labels = digits[:2]
    found, diverged = outcomes(p, rate, RUNS, digits, rng)
    rows = [("noise" if p["x"] == "noise" else "rate", value)]
    for column, name in enumerate(("training_loss", "accuracy", "effective_rank", "dead")):
        if 2 * diverged > RUNS:
            rows.append((name, math.inf))
            continue
        # of the difference of two medians: √(π/2) of a mean's
        error = float(found[:, column].std(ddof=1)) * math.sqrt(math.pi / 2 * (1 / runs + 1 / RUNS))
        rows.append((name, float(np.median(found[:, column])), error))

    def count(happened):
        chance = (happened + 1) / (RUNS + 2)
        return runs * happened / RUNS, runs * math.sqrt(chance * (1 - chance) * (1 / runs + 1 / RUNS))

    collapsed = int((found[:, 4] <= DEAD).sum())
    rows += [("collapsed", *count(collapsed)), ("diverged", *count(diverged))]
    slope, r = slope_at_zero(p["activation"]), residuals(p, labels)
    strengths = np.linalg.svd(r.T @ x / len(x), compute_uv=False)
    exponents = slope is not None and (int(p["depth"]) == 2 or p["residual"] == "1")
    rows.append(("exponent", *top_exponent(p, rate, r, x, rng)) if exponents else ("exponent", None))
    rows.append(("signal", float(strengths[0])))
    rows.append(("gradient_descent", math.log(abs(1 - rate * number(p, "decay")) + rate * slope * strengths[0]) if exponents else None))
    rows.append(("modes", float((slope * strengths > number(p, "decay")).sum()) if exponents else None))
    rows.append(("verdict", "diverges" if 2 * diverged > RUNS else "collapses" if 2 * collapsed > RUNS else "trains"))
    return rows


def draw(p, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rng, swept = np.random.default_rng(int(p["seed"])), p["x"]
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    for value in sweep(p):
        there = {**p, swept: repr(float(value))}
        found, _ = outcomes(there, number(there, "lr"), int(p["runs"]), data(there), rng)
        plot.plot(np.full(len(found), value), found[:, 0], "o", color="#0072B2", markersize=4)
    plot.axhline(0.5 if p["loss"] == "squared" else math.log(CLASSES), color="grey", linestyle="--", label="outputs 0")
    plot.axvline(number(p, swept), color="r", linewidth=0.8)
    label = {"lr": "learning rate λ", "noise": "label noise ρ"}[swept]
    plot.set(xscale="log" if AXES["x"]["log"] else "linear", yscale="log", xlabel=label, ylabel="training loss", title=LINK[-90:])
    plot.legend()
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
