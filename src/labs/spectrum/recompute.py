"""Recomputes the numbers of Saddlescope's lab on random matrix products by another route than the page's.

Needs NumPy and SciPy; with matplotlib it also draws the exponents. Usage: python recompute.py [picture.png or "-" for none] [file],
the file of numbers only where the state is about own data that the link does not carry.
A step multiplies by M = (1 - λγ) I - λĤ, Ĥ the mean of a batch of S Hessians, or by a matrix of one of two classic products. The
exponents are Λ_1 ≥ … ≥ Λ_d, after Ziyin, Li, Galanti and Ueda, arXiv:2303.13093; they are simulated anew with other random numbers.
"""

import importlib.util
import sys

from scipy import integrate
from scipy.sparse import linalg as sparse

from laws import *  # the page copies it to this place

# ---- the state, filled in by the page ----
LINK = "#spectrum?v=1"
PARAMETERS = {"lr": "0.7", "batch": "1", "decay": "0", "law": "regression", "data": "", "draws": "with", "dim": "2", "outputs": "4", "inputs": "8", "input_law": "sphere", "noise_law": "gaussian", "signal": "0", "noise": "1", "exponents": "all", "steps": "65536", "seed": "1"}
AXES = {"x": {"parameter": "lr", "min": 0, "max": 2.5, "log": False}, "y": {"parameter": None, "min": -1.8, "max": 0.4, "log": False}}
# ---- the state ends ----

CHAINS = 64  # independent products; their spread gives the errors
VISWANATH = 1.13198824879  # growth of random Fibonacci numbers (Viswanath, Math. Comp. 69, 1131, 2000)
SAMPLE = [[[1.2, 0.3], [0.3, -0.4]], [[0.8, -0.6], [-0.6, 1.1]], [[-0.5, 0.2], [0.2, 0.9]], [[1.4, -0.3], [-0.3, -1.3]]]
SCANNED = np.logspace(-3, 2, 97)  # learning rates between which a change of sign is seen


# ---- laws of vectors, and of the matrix H ----


def vectors(law, rng, shape):
    if law == "signs":
        return rng.choice([-1.0, 1.0], size=shape)
    x = rng.normal(size=shape)
    return x / np.linalg.norm(x, axis=-1, keepdims=True) if law == "sphere" else x


def second_moment(law, d):
    """E x_i² of a vector of d numbers."""
    return 1 / d if law == "sphere" else 1.0


def fourth_moments(law, d):
    """E x_i x_j x_k x_l: all pairings, and for signs the correction to x_i⁴ = 1."""
    one = np.eye(d)
    pairs = np.einsum("ij,kl->ijkl", one, one)
    every = pairs + pairs.transpose(0, 2, 1, 3) + pairs.transpose(0, 3, 2, 1)
    if law == "signs":
        every[(np.arange(d),) * 4] = 1.0
    return every / (d * (d + 2)) if law == "sphere" else every


class Regression:
    """H = x xᵀ."""

    def __init__(self, p):
        self.dim, self.law = int(p["dim"]), p["input_law"]
        self.mean = np.eye(self.dim) * second_moment(self.law, self.dim)

    def draw(self, rng, count, batch):
        x = vectors(self.law, rng, (count, batch, self.dim))
        return x.transpose(0, 2, 1) @ x / batch

    def squares(self):
        """E H_ij H_kl."""
        return fourth_moments(self.law, self.dim)


class Neuron:
    """H = -[[0, r xᵀ], [x rᵀ, 0]] with the residual r = Kx + σε at output 0."""

    def __init__(self, p):
        self.c, self.d = int(p["outputs"]), int(p["inputs"])
        self.dim, self.noise, self.laws = self.c + self.d, number(p, "noise"), (p["input_law"], p["noise_law"])
        strengths = numbers(p, "signal")[: min(self.c, self.d)]
        self.signal = np.zeros((self.c, self.d))
        np.fill_diagonal(self.signal, np.pad(strengths, (0, min(self.c, self.d) - len(strengths))))
        self.mean = self.matrix(self.signal * second_moment(self.laws[0], self.d))

    def matrix(self, g):
        h = np.zeros((*g.shape[:-2], self.dim, self.dim))
        h[..., : self.c, self.c :], h[..., self.c :, : self.c] = -g, -np.swapaxes(g, -1, -2)
        return h

    def draw(self, rng, count, batch):
        x = vectors(self.laws[0], rng, (count, batch, self.d))
        r = x @ self.signal.T + self.noise * vectors(self.laws[1], rng, (count, batch, self.c))
        return self.matrix(r.transpose(0, 2, 1) @ x / batch)

    def squares(self):
        g = np.einsum("ap,bq,piqj->aibj", self.signal, self.signal, fourth_moments(self.laws[0], self.d))
        of_noise = self.noise**2 * second_moment(self.laws[1], self.c) * second_moment(self.laws[0], self.d)
        g += of_noise * np.einsum("ab,ij->aibj", np.eye(self.c), np.eye(self.d))
        h, left, right = np.zeros((self.dim,) * 4), slice(0, self.c), slice(self.c, None)
        h[left, right, left, right], h[right, left, left, right] = g, g.transpose(1, 0, 2, 3)
        h[left, right, right, left], h[right, left, right, left] = g.transpose(0, 1, 3, 2), g.transpose(1, 0, 3, 2)
        return h


class Listed:
    """One of N matrices. `replace`: whether one may come twice in a batch."""

    def __init__(self, matrices, replace=True):
        self.matrices, self.replace = np.asarray(matrices, float), replace
        self.dim, self.mean = self.matrices.shape[1], self.matrices.mean(axis=0)

    def draw(self, rng, count, batch):
        n = len(self.matrices)
        if self.replace or batch == 1:
            drawn = rng.integers(n, size=(count, batch))
        else:
            drawn = np.argpartition(rng.random((count, n)), min(batch, n - 1), axis=1)[:, :batch]
        return self.matrices[drawn].mean(axis=1)

    def squares(self):
        return np.einsum("nij,nkl->ijkl", self.matrices, self.matrices) / len(self.matrices)


class Gaussian:
    """Independent N(0, 1) entries."""

    def __init__(self, p):
        self.dim = int(p["dim"])
        self.mean = np.zeros((self.dim, self.dim))

    def draw(self, rng, count, batch):
        return rng.normal(size=(count, self.dim, self.dim))

    def squares(self):
        return np.einsum("ik,jl->ijkl", np.eye(self.dim), np.eye(self.dim))


def law_of(p):
    if p["law"] == "data":
        own = own_numbers(p["data"]) if p["data"] else np.array(SAMPLE)
        if own.ndim < 3:
            rows = own.reshape(len(own), -1)
            own = own.reshape(-1, 1, 1) if own.ndim == 1 else np.einsum("ni,nj->nij", rows, rows)
        return Listed(own, p["draws"] == "with")
    if p["law"] == "fibonacci":
        return Listed([[[0, 1], [1, 1]], [[0, 1], [1, -1]]])
    return {"regression": Regression, "neuron": Neuron, "gaussian": Gaussian}[p["law"]](p)


def is_sgd(p):
    return p["law"] in ("regression", "neuron", "data")


# ---- the mean square ----


class MeanSquare:
    """The map P ↦ E[M P Mᵀ] as the matrix E[M ⊗ M]."""

    def __init__(self, p, law):
        self.sgd, self.decay, batch = is_sgd(p), number(p, "decay"), int(p["batch"]) if is_sgd(p) else 1
        d, one = law.dim, np.eye(law.dim)
        kron = lambda a, b: np.einsum("ij,kl->ikjl", a, b).reshape(d * d, d * d)
        self.dim, self.mean, self.one = d, law.mean, np.eye(d * d)
        self.linear = kron(law.mean, one) + kron(one, law.mean)
        share = 1 / batch
        if isinstance(law, Listed) and not law.replace:
            n = len(law.matrices)
            share = (n - batch) / (batch * (n - 1)) if n > 1 else 0.0
        squares = law.squares().transpose(0, 2, 1, 3).reshape(d * d, d * d)
        self.square = share * squares + (1 - share) * kron(law.mean, law.mean)

    def radius(self, rate, basis=None):
        keep = 1 - rate * self.decay
        step = keep**2 * self.one - rate * keep * self.linear + rate**2 * self.square if self.sgd else self.square
        if basis is not None:
            step = basis.T @ step @ basis
        symmetric = np.allclose(step, step.T, rtol=0, atol=1e-14 * np.abs(step).max())
        if len(step) > 400:
            solve = sparse.eigsh if symmetric else sparse.eigs
            return float(np.abs(solve(step, k=1, v0=np.eye(self.dim).ravel() if basis is None else None, return_eigenvectors=False)).max())
        return float(np.abs(np.linalg.eigvalsh(step) if symmetric else np.linalg.eigvals(step)).max())

    def limit(self):
        """The rate below which the radius is under 1, directions that no sample touches left aside; None if there is none."""
        h, directions = np.linalg.eigh(self.mean + self.decay * np.eye(self.dim))
        flat = h <= 1e-10 * np.abs(h).max()
        square = lambda v: np.outer(v, v).ravel()
        # E|Ĥ_γ v|² of directions without curvature
        kick = [np.trace(((self.square + self.decay * self.linear + self.decay**2 * self.one) @ square(v)).reshape(self.dim, -1)) for v in directions[:, flat].T]
        if (h < -1e-10 * np.abs(h).max()).any() or any(size > 1e-12 for size in kick) or flat.all():
            return None
        basis = np.kron(directions[:, ~flat], directions[:, ~flat])
        most = 2 / h.max()  # gradient descent's: noise can but lower it
        excess = lambda rate: self.radius(rate, basis) - 1
        if excess(most) <= 1e-12:
            return float(most)
        return float(optimize.brentq(excess, 1e-6 * most, most, xtol=1e-16, rtol=1e-14))

    def descent_limit(self):
        h = np.linalg.eigvalsh(self.mean) + self.decay
        return None if h.min() < -1e-10 * np.abs(h).max() or h.max() <= 0 else float(2 / h.max())


# ---- exact exponents: integrals over the length of M v, which by symmetry is the same for every unit vector v ----


def chi_nodes(n, focus, fine):
    """√χ²_n: Gauss's rule, panels halving towards 0 and the focus."""
    points, halvings = (GAUSS, 42) if fine else (np.polynomial.legendre.leggauss(6), 22)
    mode = math.sqrt(n - 1)
    low, high = max(0.0, mode - 9), mode + 9
    edges = [np.arange(low, high, 0.75), [high]]
    for centre in (0.0, focus):
        if low <= centre <= high:
            steps = 0.5 ** np.arange(halvings)
            edges += [[centre], centre + steps, centre - steps]
    edges = np.unique(np.clip(np.concatenate(edges), low, high))
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    nodes = (middle[:, None] + half[:, None] * points[0]).ravel()
    weights = (half[:, None] * points[1]).ravel() * np.exp((n - 1) * np.log(nodes / max(mode, 1e-300)) * (n > 1) - (nodes**2 - mode**2) / 2)
    return nodes, weights / weights.sum()


def gaussian_length(a, b, m, c, fine=True):
    """½ E log[(m + cA)² + c²AB], A ~ χ²_a, B ~ χ²_b."""
    star = math.sqrt(-m / c) if m * c < 0 else 0.0
    u, chance = chi_nodes(a, star, fine)
    if b == 0:
        # (u - u*)(u + u*) keeps its digits near the zero
        return float(chance @ np.log(np.abs(c * (u - star) * (u + star) if star else m + c * u * u)))
    w, other = chi_nodes(b, 0.0, fine)
    first = c * (u - star) * (u + star) if star else m + c * u * u
    total = 0.0
    for at in range(0, len(u), 256):
        part = slice(at, at + 256)
        total += chance[part] @ (np.log(first[part, None] ** 2 + (c * u[part, None] * w) ** 2) @ other) / 2
    return float(total)


def sphere_length(j, d, m, c):
    """½ E log[m² + (2mc + c²) A], A = |the first j of d components of a unit vector|² ~ Beta(j/2, (d-j)/2)."""
    weight = (j / 2 - 1, (d - j) / 2 - 1)
    value = lambda a: 0.5 * math.log(max(m * m + (2 * m * c + c * c) * a, 1e-300))
    return integrate.quad(value, 0, 1, weight="alg", wvar=weight, epsabs=1e-13, epsrel=1e-13, limit=400)[0] / special.beta(j / 2, (d - j) / 2)


def exact_exponents(p, rate, count, fine=True):
    """The exponents that have a closed form or an integral, at most `count` of them from the top; [] if none has."""
    m, c, batch, law = 1 - rate * number(p, "decay"), -rate, int(p["batch"]), p["law"]
    log = lambda x: math.log(abs(x)) if abs(x) > LANDING else -math.inf
    if law == "fibonacci":
        return [math.log(VISWANATH), -math.log(VISWANATH)][:count]
    if law == "gaussian":  # Newman, Comm. Math. Phys. 103, 121 (1986)
        d = int(p["dim"])
        return [0.5 * (math.log(2) + float(special.digamma((d - i) / 2))) for i in range(min(count, d))]
    if law == "data":
        own = law_of(p)
        n, d = len(own.matrices), own.dim
        if n * d * d > 10_000:
            return []
        if n == 1 or (not own.replace and batch == n):  # no noise
            return sorted((log(m + c * h) for h in np.linalg.eigvals(own.mean)), reverse=True)[:count]
        # matrices that commute: diagonal in the eigenvectors of a random combination
        basis = np.linalg.eigh(np.tensordot(np.random.default_rng(0).random(n), own.matrices, 1))[1]
        turned = basis.T @ own.matrices @ basis
        if batch > 1 or np.abs(turned * (1 - np.eye(d))).max() > 1e-12 * np.abs(turned).max():
            return []
        one = lambda i: exponent(Atoms(turned[:, i, i], np.full(n, 1 / n)), m, c)
        return sorted((one(i) for i in range(d)), reverse=True)[:count]
    if law == "neuron":
        if number(p, "noise") == 0 and not any(numbers(p, "signal")):
            return [log(m)] * min(count, int(p["outputs"]) + int(p["inputs"]))
        if int(p["outputs"]) + int(p["inputs"]) > 2 or (p["noise_law"] != "gaussian" and p["input_law"] == "gaussian"):
            return []
        signal, noise = numbers(p, "signal")[0], number(p, "noise")
        if p["input_law"] == "gaussian":
            one = teacher_mean(signal, noise, batch)
        elif p["noise_law"] == "gaussian":
            one = normal_law(signal, noise / math.sqrt(batch))
        else:
            one = mean_of_atoms(np.array([signal + noise, signal - noise]), np.array([0.5, 0.5]), batch)
        return sorted((exponent(one, m, sign * rate) for sign in (1, -1)), reverse=True)[:count]
    d, inputs = int(p["dim"]), p["input_law"]
    if d == 1 and inputs != "gaussian":
        return [log(m + c)]
    if inputs == "signs" or (inputs == "sphere" and batch > 1):
        return []
    if batch > 1:
        return [gaussian_length(batch, d - 1, m, c / batch, fine)]
    # of the first j directions together: det(VᵀMᵀMV) = m^(2j-2) [(m + cA)² + c²AB], A = |Vᵀx|², A + B = |x|²
    sums, rest = [0.0], math.log(abs(m)) if m else -math.inf
    for j in range(1, min(count, d) + 1):
        own = log(m + c) if inputs == "sphere" and j == d else sphere_length(j, d, m, c) if inputs == "sphere" else gaussian_length(j, d - j, m, c, fine)
        sums.append(own + (j - 1) * rest if j > 1 else own)
    return sorted(np.diff(sums).tolist(), reverse=True)


def critical_rates(p):
    top = lambda rate, fine=True: (exact_exponents(p, rate, 1, fine) or [math.nan])[0]
    values = [top(rate, False) for rate in SCANNED]
    found = []
    for low, high, a, b in zip(SCANNED, SCANNED[1:], values, values[1:]):
        if a * b < 0 and math.isfinite(a) and math.isfinite(b):
            found.append(float(optimize.brentq(top, low, high, xtol=1e-15, rtol=1e-13)))
    return found


# ---- the simulated product ----


def steps_of(p, law, rate, rng, count):
    """So many matrices M."""
    if not is_sgd(p):
        return law.draw(rng, count, 1)
    return (1 - rate * number(p, "decay")) * np.eye(law.dim) - rate * law.draw(rng, count, int(p["batch"]))


def simulated(p, law, rate, rng, steps=None):
    """Exponents by QR from a random basis, their errors, and the sum with its error: over half the length and the whole, as where
    two exponents are near each other a short product keeps them too far apart."""
    d = law.dim
    columns = d if p["exponents"] == "all" else 1
    steps = steps or int(min(4000, max(400, 1.5e7 / (CHAINS * d**3)))) // 16 * 16
    basis = np.linalg.qr(rng.normal(size=(CHAINS, d, columns)))[0]
    logs, settle, halves = np.zeros((CHAINS, columns)), steps // 4, []
    with np.errstate(divide="ignore"):
        for step in range(1, settle + steps + 1):
            basis = steps_of(p, law, rate, rng, CHAINS) @ basis
            if step % 2 == 0:
                basis, r = np.linalg.qr(basis)
                if step > settle:
                    logs += np.log(np.abs(np.diagonal(r, axis1=1, axis2=2)))
            if step == settle + steps // 2:
                halves.append(logs.mean(axis=0) / (steps // 2))
    logs /= steps
    values = logs.mean(axis=0)
    errors = np.hypot(logs.std(axis=0, ddof=1) / math.sqrt(CHAINS), np.abs(values - halves[0]))
    order = np.argsort(-values)
    sums = logs.sum(axis=1)
    return values[order], errors[order], (float(sums.mean()), float(sums.std(ddof=1) / math.sqrt(CHAINS)))


def log_determinant(p, law, rng):
    if isinstance(law, Listed) and (not is_sgd(p) or int(p["batch"]) == 1):  # exact: each matrix once
        lr, keep = number(p, "lr"), 1 - number(p, "lr") * number(p, "decay")
        steps = keep * np.eye(law.dim) - lr * law.matrices if is_sgd(p) else law.matrices
        return (float(np.linalg.slogdet(steps)[1].mean()),)
    drawn = np.linalg.slogdet(steps_of(p, law, number(p, "lr"), rng, 20_000 if law.dim <= 16 else 1000))[1]
    return float(drawn.mean()), float(drawn.std(ddof=1) / math.sqrt(len(drawn)))


def steps_done(p):
    """The page's run is looked at after 4, 5, 6 or 7 times a power of two of 256 steps, and ends at such a look."""
    looks = (256 * part << doubling for doubling in range(40) for part in (4, 5, 6, 7))
    return next(look for look in looks if look >= int(p["steps"]))


def numbers_at(p):
    rng, law, lr = np.random.default_rng(int(p["seed"])), law_of(p), number(p, "lr")
    values, errors, total = simulated(p, law, lr, rng)
    every = p["exponents"] == "all"
    exact = exact_exponents(p, lr, len(values))
    rows = [(f"spectrum_{i + 1}", float(value), float(error)) for i, (value, error) in enumerate(zip(values, errors))]
    rows.append(("exact_spectrum", exact))
    if every:
        rows += [("exponent_sum", *total), ("log_determinant", *log_determinant(p, law, rng))]
    square = MeanSquare(p, law)
    rows += [("steps_done", steps_done(p)), ("mean_square_radius", square.radius(lr))]
    if is_sgd(p):
        symmetric = not isinstance(law, Listed) or np.allclose(law.matrices, law.matrices.transpose(0, 2, 1), rtol=0, atol=1e-9 * np.abs(law.matrices).max())
        rows += [("mean_square_limit", square.limit() if symmetric else None), ("gd_limit", square.descent_limit() if symmetric else None)]
        rows.append(("critical_rates", critical_rates(p) if exact else None))
    top, certain = (exact[0], 1e-9) if exact else (values[0], 2.6 * errors[0])
    rows.append(("verdict", "attractive" if top < -certain else "repulsive" if top > certain else "zero" if exact else "undecided"))
    return rows


def draw(p, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rng, law = np.random.default_rng(int(p["seed"])), law_of(p)
    count = law.dim if p["exponents"] == "all" else 1
    figure, plot = pyplot.subplots(figsize=(7, 5), constrained_layout=True)
    plot.axhline(0, color="grey", linewidth=0.8)
    if is_sgd(p):
        axis = AXES["x"]
        part = np.linspace(0.02, 1, 60)
        rates = axis["min"] * (axis["max"] / axis["min"]) ** part if axis["log"] else axis["min"] + (axis["max"] - axis["min"]) * part
        exact = [exact_exponents(p, rate, count, False) for rate in rates]
        if exact[0]:
            plot.plot(rates, exact, color="k", linewidth=1)
        for rate in rates[4::8]:
            values, errors, _ = simulated(p, law, rate, rng, 320)
            plot.errorbar(np.full(len(values), rate), values, 2 * errors, fmt="o", color="#D55E00", markersize=3)
        plot.axvline(number(p, "lr"), color="r", linewidth=0.8)
        plot.set(xlabel="learning rate λ", xscale="log" if axis["log"] else "linear")
    else:
        values, errors, _ = simulated(p, law, 0.0, rng)
        plot.errorbar(np.arange(1, len(values) + 1), values, 2 * errors, fmt="o", color="#D55E00")
        exact = exact_exponents(p, 0.0, count)
        plot.plot(np.arange(1, len(exact) + 1), exact, "k_", markersize=20)
        plot.set(xlabel="number i of the exponent")
    plot.set(ylabel="exponents Λᵢ, nats per step", title=LINK[-90:])
    figure.savefig(path, dpi=150)
    print("picture", path)


if __name__ == "__main__":
    report(numbers_at(PARAMETERS))
    picture = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0].removesuffix(".py") + ".png"
    if picture != "-" and importlib.util.find_spec("matplotlib"):
        draw(PARAMETERS, picture)
