"""Recomputes the numbers of Saddlescope's lab on the rank of trained networks by another route than the page's.

Needs NumPy and SciPy; with matplotlib it also draws the measured ranks. Usage: python recompute.py [picture.png],
or "-" for no picture. It takes a minute or two.
A network f(x) = U φ(W x) without biases learns a diagonal teacher by SGD from small weights. A mode is learned iff its
exponent at the origin is positive (after Ziyin, Li, Galanti and Ueda, arXiv:2303.13093). Trainings and products of random
matrices are simulated anew with other random numbers, on a coarser map than the page's.
"""

import importlib.util
import sys

from laws import *  # the page copies these to this place
from activation import *

# ---- the state, filled in by the page ----
LINK = "#rank?v=1"
PARAMETERS = {"lr": "0.14", "noise": "2.7", "inputs": "one-hot", "strengths": "1,0.7,0.5,0.3", "width": "4", "layers": "2", "activation": "linear", "batch": "1", "decay": "0", "init": "0.001", "steps": "8000", "replicas": "5", "pixels": "32", "seed": "1"}
AXES = {"x": {"parameter": "lr", "min": 0, "max": 0.35, "log": False}, "y": {"parameter": "noise", "min": 0, "max": 4, "log": False}}
# ---- the state ends ----

SIDE = 16  # pixels along each side of the map here
STRETCHES, LOOKS = 60, 15  # the rank is looked at after each of the last 15 of 60 stretches
OF_LARGEST, LEAST = 1e-3, 1e-6  # a singular value counts if above this part of the largest and above this
SPREAD = 40  # runs from which the spread of the measured rank is estimated
FAR = 1e6  # weights together longer than this have diverged
CLEAR = 0.05  # |Λ| of a pixel that is clear of the boundaries


def slope_at_origin(p):
    """φ′(0); None where the origin has no linearisation: a kink, or more than two layers."""
    return slope_at_zero(p["activation"]) if int(p["layers"]) == 2 else None


def samples(p, noise, rng, count):
    """Inputs and outputs of `count` networks, each with its own noise."""
    strengths = numbers(p, "strengths")
    modes = len(strengths)
    if p["inputs"] == "dense":
        x = rng.normal(size=(count, modes))
        return x, strengths * x + noise[:, None] * rng.normal(size=x.shape)
    mode, rows = rng.integers(modes, size=count), np.arange(count)
    x, y = np.zeros((count, modes)), np.zeros((count, modes))
    x[rows, mode] = 1.0
    y[rows, mode] = strengths[mode] + noise * rng.normal(size=count)
    return x, y


def trained_ranks(p, rates, noise, rng):
    """Trains one network for each rate and noise; the ranks of the product of its matrices at the looks, -1 if it diverged."""
    modes, width, layers = len(numbers(p, "strengths")), int(p["width"]), int(p["layers"])
    phi, slope, _ = ACTIVATIONS[p["activation"]]
    sizes = [modes] + [width] * (layers - 1) + [modes]
    weights = [number(p, "init") * rng.normal(size=(len(rates), after, before)) for before, after in zip(sizes, sizes[1:])]
    steps, batch, decay = int(p["steps"]), int(p["batch"]), number(p, "decay")
    looks = [steps * stretch // STRETCHES for stretch in range(STRETCHES - LOOKS + 1, STRETCHES + 1)]
    rate, alive, ranks = rates[:, None, None], np.ones(len(rates), bool), []
    for step in range(1, steps + 1):
        steepest = [np.zeros_like(matrix) for matrix in weights]
        for _ in range(batch):
            x, y = samples(p, noise, rng, len(rates))
            inputs, before = [x], []
            for matrix in weights[:-1]:
                before.append((matrix @ inputs[-1][:, :, None])[:, :, 0])
                inputs.append(phi(before[-1]))
            back = y - (weights[-1] @ inputs[-1][:, :, None])[:, :, 0]
            for layer in range(layers - 1, -1, -1):
                steepest[layer] += back[:, :, None] * inputs[layer][:, None, :] / batch
                if layer > 0:
                    back = (back[:, None, :] @ weights[layer])[:, 0, :] * slope(before[layer - 1])
        for matrix, down in zip(weights, steepest):
            matrix += rate * (down - decay * matrix)
        if step % 16 == 0 or step in looks:
            alive &= sum((matrix**2).sum(axis=(1, 2)) for matrix in weights) <= FAR**2
            for matrix in weights:
                matrix[~alive] = 0.0
        for _ in range(looks.count(step)):
            product = weights[0]
            for matrix in weights[1:]:
                product = matrix @ product
            values = np.linalg.svd(product, compute_uv=False)
            ranks.append(((values > OF_LARGEST * values[:, :1]) & (values > LEAST)).sum(axis=1))
    return np.where(alive, np.array(ranks), -1)


def median_rank(ranks):
    """The lower median over all looks of all runs; None if a run diverged."""
    flat = np.sort(ranks.ravel())
    return None if flat[0] < 0 else int(flat[(len(flat) - 1) // 2])


def mode_exponents(p, rate, noise, slope):
    """One-hot: K ~ Binomial(S, 1/n) visits, the batch mean normal given K; per visit. Dense: the mode alone, a linear teacher."""
    strengths, batch = np.abs(numbers(p, "strengths")), int(p["batch"])
    offset, chance = 1 - rate * number(p, "decay"), 1 / len(strengths)
    scale = math.copysign(rate * slope, offset)  # beyond λγ = 1 the wrong sign grows faster
    if p["inputs"] == "dense":
        return [exponent(teacher_mean(strength, noise, batch), offset, scale) for strength in strengths]
    found = []
    for strength in strengths:
        total = 0.0
        for visits in range(batch + 1):
            probability = math.comb(batch, visits) * chance**visits * (1 - chance) ** (batch - visits)
            law = normal_law(visits * strength / batch, math.sqrt(visits) * noise / batch)
            total += probability * exponent(law, offset, scale) if probability > 0 else 0.0
        found.append(total / (batch * chance))
    return found


def product_exponents(p, rates, noise, slope, steps, rng):
    """The largest exponents of the product of I(1 - λγ) + λφ′(0) [[0, G], [Gᵀ, 0]], G the batch mean of y xᵀ, by QR."""
    modes, batch = len(numbers(p, "strengths")), int(p["batch"])
    count, size = len(rates), 2 * modes
    basis = np.linalg.qr(rng.normal(size=(count, size, size)))[0]
    sums = np.zeros((count, size))
    for step in range(1, 5 * steps // 4 + 1):
        g = np.zeros((count, modes, modes))
        for _ in range(batch):
            x, y = samples(p, noise, rng, count)
            g += y[:, :, None] * x[:, None, :] / batch
        g *= (rates * slope)[:, None, None]
        up, down = basis[:, :modes], basis[:, modes:]
        keep = (1 - rates * number(p, "decay"))[:, None, None]
        basis = np.concatenate([keep * up + g @ down, keep * down + g.transpose(0, 2, 1) @ up], axis=1)
        if step % 4 == 0:
            basis, r = np.linalg.qr(basis)
            if step > steps // 4:  # the first fifth settles
                sums += np.log(np.abs(np.diagonal(r, axis1=1, axis2=2)))
    return np.sort(sums / steps, axis=1)[:, ::-1][:, :modes]


def grid_of(axis):
    return axis["min"] + (axis["max"] - axis["min"]) * (np.arange(SIDE) + 0.5) / SIDE


def share(mask, of):
    """Part of the pixels `of` that are in `mask`, and the standard error of its difference from the page's finer map."""
    count = int(of.sum())
    if count == 0:
        return None, None
    part = float((mask & of).sum() / count)
    smoothed = (part * count + 1) / (count + 2)
    finer = (int(PARAMETERS["pixels"]) / SIDE) ** 2
    return part, math.sqrt(smoothed * (1 - smoothed) / count * (1 + 1 / finer))


def rank_map(p, rng):
    """Median ranks of the map, row by row from the bottom, -1 where a run diverged; and which runs did."""
    replicas = int(p["replicas"])
    rates, noise = (grid.ravel() for grid in np.meshgrid(grid_of(AXES["x"]), grid_of(AXES["y"])))
    ranks = trained_ranks(p, np.repeat(rates, replicas), np.repeat(noise, replicas), rng)
    by_pixel = ranks.reshape(LOOKS, len(rates), replicas)
    medians = [median_rank(by_pixel[:, pixel]) for pixel in range(len(rates))]
    return rates, noise, np.array([-1 if rank is None else rank for rank in medians]), ranks[0] < 0


def numbers_at(p):
    rng, lr, noise = np.random.default_rng(int(p["seed"])), number(p, "lr"), number(p, "noise")
    most, slope, replicas = min(len(numbers(p, "strengths")), int(p["width"])), slope_at_origin(p), int(p["replicas"])
    dense = p["inputs"] == "dense"
    positive = lambda values: int(min(sum(value > 0 for value in values), most))
    with np.errstate(over="ignore", invalid="ignore"):
        point = trained_ranks(p, np.full(max(replicas, SPREAD), lr), np.full(max(replicas, SPREAD), noise), rng)
        rank = median_rank(point[:, :replicas])
        # of the difference of two such medians: √(π/2) of a mean's
        error = math.sqrt(math.pi / replicas) * float(np.median(point, axis=0).std())
        rates, sigma, ranks, lost = rank_map(p, rng)
    survives = ranks >= 0
    alone = None if slope is None else mode_exponents(p, lr, noise, slope)
    rows = [("measured_rank", rank, error), ("mode_exponents", alone), ("surviving", *share(survives, np.ones_like(survives)))]
    rows.append(("diverged_runs", *share(lost, np.ones_like(lost))))
    if slope is not None:
        modes = np.array([mode_exponents(p, *place, slope) for place in zip(rates, sigma)])
        by_modes = np.array([positive(values) for values in modes])
        if dense:
            runs = product_exponents(p, np.full(64, lr), np.full(64, noise), slope, 2048, rng)
            values, error = runs.mean(axis=0), runs.std(axis=0, ddof=1).max() / 8
            rows.append(("product_exponents", [float(value) for value in values], float(error)))
            rows.append(("predicted_rank", positive(values)))
            field = product_exponents(p, rates, sigma, slope, 4096, rng)
            expected = np.array([positive(values) for values in field])
            rows.append(("alone_agreement", *share(ranks == by_modes, survives)))
        else:
            expected = by_modes
            rows.append(("predicted_rank", positive(alone)))
            rows.append(("clear_agreement", *share(ranks == expected, survives & (np.abs(modes) > CLEAR).all(axis=1))))
        rows.append(("agreement", *share(ranks == expected, survives)))
    else:
        rows += [(name, None) for name in ("predicted_rank", "product_exponents", "alone_agreement", "clear_agreement", "agreement")]
    rows.append(("verdict", "diverged" if rank is None else "collapse" if rank == 0 else "full" if rank == most else "low-rank"))
    return rows


def draw(p, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with np.errstate(over="ignore", invalid="ignore"):
        _, _, ranks, _ = rank_map(p, np.random.default_rng(int(p["seed"])))
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    x, y = AXES["x"], AXES["y"]
    shown = np.where(ranks < 0, np.nan, ranks).reshape(SIDE, SIDE)
    colours = plot.imshow(shown, origin="lower", aspect="auto", extent=(x["min"], x["max"], y["min"], y["max"]), cmap="viridis")
    plot.plot(number(p, "lr"), number(p, "noise"), "r+", markersize=12)
    plot.set(xlabel="learning rate λ", ylabel="label noise σ", title=LINK[-90:])
    figure.colorbar(colours, label="measured rank; white: diverged")
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
