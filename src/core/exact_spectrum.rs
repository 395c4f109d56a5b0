//! Lyapunov exponents of random matrix products that are known exactly.
//!
//! | law | exponents known |
//! |---|---|
//! | unit inputs on the sphere, `S = 1` | all |
//! | Gaussian inputs, `S = 1` or `d = 1` | all |
//! | Gaussian inputs, any `S` | the first |
//! | independent Gaussian entries, `S = 1`, `m = 0` | all (Newman 1986) |
//! | random Fibonacci | both (Viswanath 2000) |
//! | a neuron with one input and one output | both: section 3's Λ± |
//! | a list of diagonal matrices, or of symmetric ones that commute | all, one-dimensional |
//! | a list without noise (one matrix, or a full batch without replacement), symmetric | all: the eigenvalues' |
//!
//! For isotropic inputs and `S = 1` the sum of the first `j` exponents is the mean growth of a fixed `j`-dimensional
//! volume. With `A = |x_{1…j}|²`, `B = |x_{j+1…d}|²` and `M = m I + c x xᵀ` it is
//! `(j − 1) log|m| + ½ E log[(m + cA)² + c² A B]`.

use crate::core::curvature::Law;
use crate::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use crate::core::quadrature::{Focus, cuts, for_each_node};
use crate::core::special::digamma;
use crate::core::symmetric;

/// `log 1.13198824879…`: Viswanath's constant, proved to the digits given.
const FIBONACCI: f64 = 0.123_975_598_8;

/// Weight of the innermost panel towards a singularity, where the integrand is a logarithm.
const LIGHTEST: f64 = 1e-12;

/// Narrowest panel where nothing but the logarithm vanishes.
const NARROWEST: f64 = LIGHTEST;

/// Widest panel.
const WIDEST: f64 = 1.0;

/// The exponents known, in descending order: all `d`, or fewer from the top; empty if there is no closed form. `−∞` is
/// a number here. To about 1e-10; Fibonacci to 1e-10. Cost: up to a few milliseconds per exponent.
pub fn exact_spectrum(law: &HessianLaw, factor: &Factor) -> Vec<f64> {
    leading(law, factor, law.dim())
}

/// How many exponents [`exact_spectrum`] gives, at the cost of a look at the law.
pub fn known_exponents(law: &HessianLaw, factor: &Factor) -> usize {
    let (single, dim) = (factor.batch == 1, law.dim());
    match law {
        HessianLaw::Regression { inputs: Isotropic::Gaussian, .. } if !single => 1,
        HessianLaw::Regression { inputs: Isotropic::Sphere, .. } if single => dim,
        HessianLaw::Regression { inputs: Isotropic::Gaussian, .. } => dim,
        HessianLaw::Regression { inputs: Isotropic::Signs, .. } if dim <= 2 => dim,
        HessianLaw::Gaussian { .. } if single && factor.offset == 0.0 => dim,
        HessianLaw::Neuron(neuron) if dim == 2 => {
            let bounded_noise = neuron.noise_law != Isotropic::Gaussian;
            if bounded_noise && neuron.input_law == Isotropic::Gaussian { 0 } else { 2 }
        }
        HessianLaw::Matrices { .. } | HessianLaw::Rows { .. } => exact_spectrum(law, factor).len(),
        _ => 0,
    }
}

/// The first exponent, if it is known: [`exact_spectrum`]'s at the cost of one.
pub fn exact_top(law: &HessianLaw, factor: &Factor) -> Option<f64> {
    leading(law, factor, 1).first().copied()
}

/// The first `count` exponents where each costs an integral, all that are known elsewhere.
fn leading(law: &HessianLaw, factor: &Factor, count: usize) -> Vec<f64> {
    let Factor { offset, scale, batch, .. } = *factor;
    let single = batch == 1;
    let dim = law.dim();
    let mut spectrum = match law {
        HessianLaw::Regression { inputs: Isotropic::Sphere, .. } if single => {
            differences((1..=count).map(|j| sphere_sum(j, dim, offset, scale)))
        }
        HessianLaw::Regression { inputs: Isotropic::Gaussian, .. } if single => {
            differences((1..=count).map(|j| gaussian_sum(j, j, dim - j, offset, scale)))
        }
        HessianLaw::Regression { inputs: Isotropic::Gaussian, .. } => {
            let s = f64::from(batch);
            vec![gaussian_sum(1, batch as usize, dim - 1, offset, scale / s)]
        }
        // signs: x² = 1
        HessianLaw::Regression { .. } if dim == 1 => vec![libm::log((offset + scale).abs())],
        // x xᵀ is one of two matrices that commute
        HessianLaw::Regression { inputs: Isotropic::Signs, .. } if dim == 2 => {
            diagonal(&[2.0, 0.0, 0.0, 2.0], 2, &Factor { replacement: true, ..*factor })
        }
        HessianLaw::Gaussian { .. } if single && offset == 0.0 => (0..dim)
            .map(|i| {
                let half = 0.5 * (dim - i) as f64;
                libm::log(scale.abs()) + 0.5 * (core::f64::consts::LN_2 + digamma(half))
            })
            .collect(),
        HessianLaw::Neuron(neuron) if dim == 2 => pair(neuron, factor),
        HessianLaw::Matrices { entries, .. }
            if single && *law == HessianLaw::fibonacci() && offset == 0.0 =>
        {
            let _ = entries;
            vec![FIBONACCI + libm::log(scale.abs()), libm::log(scale.abs()) - FIBONACCI]
        }
        HessianLaw::Matrices { .. } | HessianLaw::Rows { .. }
            if factor.variance_factor(law.count()) == 0.0 =>
        {
            still(&law.mean(), dim, factor)
        }
        HessianLaw::Matrices { entries, .. } => commuting(entries, dim, factor),
        HessianLaw::Rows { entries, .. } if entries.len() * dim <= WRITTEN => {
            let outer: Vec<f64> = entries.chunks_exact(dim).flat_map(symmetric::outer).collect();
            commuting(&outer, dim, factor)
        }
        _ => Vec::new(),
    };
    spectrum.sort_unstable_by(|a, b| b.total_cmp(a));
    spectrum
}

/// From sums of the first 1, 2, … exponents to the exponents.
fn differences(sums: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut before = 0.0;
    sums.map(|sum| {
        let exponent = if sum == f64::NEG_INFINITY { sum } else { sum - before };
        before = sum;
        exponent
    })
    .collect()
}

/// Zero when `|x|` is below 4ε of its terms.
fn landed(x: f64, terms: f64) -> bool {
    x.abs() <= 4.0 * f64::EPSILON * terms
}

/// The sum of the first `j` exponents for `x` uniform on the sphere: `A = sin²θ`, `B = cos²θ`, the density of `θ` is
/// proportional to `sin^{j−1}θ cos^{d−j−1}θ`.
fn sphere_sum(j: usize, dim: usize, m: f64, c: f64) -> f64 {
    let ends = (m + c, m.abs().max(c.abs()));
    let rest = (j - 1) as f64 * if j > 1 { libm::log(m.abs()) } else { 0.0 };
    if j == dim {
        return if landed(ends.0, ends.1) { f64::NEG_INFINITY } else { rest + libm::log(ends.0.abs()) };
    }
    // (m + cA)² + c²AB = m² cos²θ + (m + c)² sin²θ: small near one end or the other
    let right = core::f64::consts::FRAC_PI_2;
    let foci = [Focus { at: 0.0, width: NARROWEST }, Focus { at: right, width: NARROWEST }];
    let (mut sum, mut mass) = (0.0, 0.0);
    let whole = ends.0;
    // the angle from the nearer end, so that cos θ keeps its digits
    for from_right in [false, true] {
        for_each_node(&cuts(0.0, 0.5 * right, WIDEST, &foci[..1]), |u, weight| {
            let (small, large) = libm::sincos(u);
            let (sin, cos) = if from_right { (large, small) } else { (small, large) };
            let density = weight * power(sin, j - 1) * power(cos, dim - j - 1);
            let (a, b) = (m * cos, whole * sin);
            sum += density * 0.5 * libm::log(a * a + b * b);
            mass += density;
        });
    }
    rest + sum / mass
}

fn power(x: f64, n: usize) -> f64 {
    (0..n).fold(1.0, |product, _| product * x)
}

/// `(j − 1) log|m| + ½ E log[(m + cA)² + c² A B]`, `A ~ χ²_a`, `B ~ χ²_b`.
fn gaussian_sum(j: usize, a: usize, b: usize, m: f64, c: f64) -> f64 {
    let rest = (j - 1) as f64 * if j > 1 { libm::log(m.abs()) } else { 0.0 };
    if c == 0.0 {
        return rest + libm::log(m.abs());
    }
    let inner = chi_nodes(b, None);
    // with A = u² the first term vanishes at u*; the mean over B of the logarithm then varies as |u − u*|^b
    let pole = -m / c;
    let star = (pole > 0.0).then(|| pole.sqrt());
    let narrowest = libm::pow(LIGHTEST, 1.0 / (b + 1) as f64);
    let (mut sum, mut mass) = (0.0, 0.0);
    for (u, weight) in chi_nodes(a, star.map(|at| Focus { at, width: narrowest * at.max(1.0) })) {
        let square = u * u;
        // (m + cu²)² = c² (u − u*)² (u + u*)² keeps its digits near u*
        let first = match star {
            Some(star) => c * (u - star) * (u + star),
            None => m + c * square,
        };
        let value = if b == 0 {
            libm::log(first.abs())
        } else {
            let (mut log, mut all) = (0.0, 0.0);
            for (w, weight) in &inner {
                let cross = c * u * w;
                log += weight * libm::log(first * first + cross * cross);
                all += weight;
            }
            0.5 * log / all
        };
        sum += weight * value;
        mass += weight;
    }
    rest + sum / mass
}

/// Nodes `u` and weights of the law of `√χ²_n`, density proportional to `u^{n−1} e^{−u²/2}`; panels shrink towards 0 and the
/// place given. Empty for `n = 0`.
fn chi_nodes(n: usize, towards: Option<Focus>) -> Vec<(f64, f64)> {
    if n == 0 {
        return Vec::new();
    }
    let mode = ((n - 1) as f64).sqrt();
    let (low, high) = ((mode - 9.0).max(0.0), mode + 9.0);
    // a stretch up to w weighs wⁿ
    let mut foci = vec![Focus { at: 0.0, width: libm::pow(LIGHTEST, 1.0 / n as f64) }];
    foci.extend(towards);
    let mut nodes = Vec::new();
    for_each_node(&cuts(low, high, WIDEST, &foci), |u, weight| {
        let log = if n == 1 { 0.0 } else { (n - 1) as f64 * libm::log(u / mode) };
        nodes.push((u, weight * libm::exp(log + 0.5 * (mode * mode - u * u))));
    });
    nodes
}

/// `u ± w` decouple: `E log|m ± c z|`, `z` the batch mean of `r x`.
fn pair(neuron: &Neuron, factor: &Factor) -> Vec<f64> {
    let signal = neuron.signal.first().copied().unwrap_or(0.0);
    let noise = neuron.noise.abs();
    // in one dimension the unit sphere is a sign
    let fair = |law: Isotropic| law != Isotropic::Gaussian;
    let law = match (fair(neuron.input_law), fair(neuron.noise_law)) {
        (false, false) => Law::teacher(signal, noise),
        (true, false) => Law::gaussian(signal, noise),
        (true, true) => Law::discrete(vec![signal + noise, signal - noise], vec![0.5, 0.5]),
        (false, true) => return Vec::new(),
    };
    let Ok(law) = law else { return Vec::new() };
    let law = law.batch(factor.batch);
    [1.0, -1.0].map(|sign| law.exponent(factor.offset, sign * factor.scale).value).to_vec()
}

/// Most numbers of the matrices of a list of vectors that are written out.
const WRITTEN: usize = 1_000_000;

/// `log|m + c h|` over the eigenvalues of a symmetric matrix; nothing for another.
fn still(matrix: &[f64], dim: usize, factor: &Factor) -> Vec<f64> {
    let Some(diagonal) = diagonalised(matrix, dim) else { return Vec::new() };
    let one = |h: f64| {
        let (m, term) = (factor.offset, factor.scale * h);
        // eigenvalues are good to some roundings of the largest
        let zero = landed(m + term, dim as f64 * m.abs().max(term.abs()));
        if zero { f64::NEG_INFINITY } else { libm::log((m + term).abs()) }
    };
    diagonal.into_iter().map(one).collect()
}

/// The exponents of matrices that are diagonal in one basis; nothing for others.
fn commuting(entries: &[f64], dim: usize, factor: &Factor) -> Vec<f64> {
    diagonalised(entries, dim).map_or_else(Vec::new, |diagonals| diagonal(&diagonals, dim, factor))
}

/// Most matrices of a list that are tried: the batch law of one direction has as many atoms.
const TRIED: usize = 4096;

/// The diagonals of a list of diagonal matrices, or of symmetric ones in their common eigenvectors, one list after the other;
/// `None` if a matrix is not symmetric or two do not commute, to 1e-12 of the largest entry.
///
/// A combination with weights that have nothing to do with the matrices has the common eigenvectors as its own, unless
/// eigenvalues of it coincide by chance.
fn diagonalised(entries: &[f64], dim: usize) -> Option<Vec<f64>> {
    let size = dim * dim;
    let of_diagonal = |matrix: &[f64]| -> Vec<f64> { matrix.iter().step_by(dim + 1).copied().collect() };
    let off = |i: usize| !(i % size).is_multiple_of(dim + 1);
    if entries.len() > TRIED * size {
        return None;
    }
    if !entries.iter().enumerate().any(|(i, x)| off(i) && *x != 0.0) {
        return Some(entries.chunks_exact(size).flat_map(of_diagonal).collect());
    }
    let mut combination = vec![0.0; size];
    for (k, matrix) in entries.chunks_exact(size).enumerate() {
        // the fractional parts of multiples of the golden ratio
        let weight = 0.5 + (k + 1) as f64 * 0.618_033_988_749_894_9 % 1.0;
        combination.iter_mut().zip(matrix).for_each(|(sum, x)| *sum += weight * x);
    }
    let zero = 1e-12 * entries.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let (_, vectors) = symmetric::eigen(&combination, dim);
    let mut diagonals = Vec::with_capacity(entries.len() / dim);
    for matrix in entries.chunks_exact(size) {
        let symmetric = (0..size).all(|i| (matrix[i] - matrix[i % dim * dim + i / dim]).abs() <= zero);
        let turned = symmetric::to_basis(matrix, &vectors, dim);
        if !symmetric || turned.iter().enumerate().any(|(i, x)| off(i) && x.abs() > zero) {
            return None;
        }
        diagonals.extend(of_diagonal(&turned));
    }
    Some(diagonals)
}

/// The one-dimensional exponents of diagonal matrices given by their diagonals.
fn diagonal(diagonals: &[f64], dim: usize, factor: &Factor) -> Vec<f64> {
    if !factor.replacement && factor.batch > 1 {
        return Vec::new();
    }
    let one = |i: usize| {
        let sample = diagonals.iter().skip(i).step_by(dim).copied().collect();
        let law = Law::empirical(sample).ok()?.batch(factor.batch);
        Some(law.exponent(factor.offset, factor.scale).value)
    };
    (0..dim).map(one).collect::<Option<Vec<f64>>>().unwrap_or_default()
}
