//! Isotropic inputs: sums of exponents as the mean growth of a volume, by quadrature.
//!
//! For `S = 1` the sum of the first `j` exponents is the mean growth of a fixed `j`-dimensional volume. With `A = |x_{1…j}|²`,
//! `B = |x_{j+1…d}|²` and `M = m I + c x xᵀ` it is `(j − 1) log|m| + ½ E log[(m + cA)² + c² A B]`.

use super::landed;
use crate::core::quadrature::{Focus, cuts, for_each_node};

/// Weight of the innermost panel towards a singularity, where the integrand is a logarithm.
const LIGHTEST: f64 = 1e-12;

/// Narrowest panel where nothing but the logarithm vanishes.
const NARROWEST: f64 = LIGHTEST;

/// Widest panel.
const WIDEST: f64 = 1.0;

/// The first `count` exponents in `dim` dimensions, for `x` uniform on the sphere and `S = 1`.
pub(super) fn sphere(count: usize, dim: usize, m: f64, c: f64) -> Vec<f64> {
    differences((1..=count).map(|j| sphere_sum(j, dim, m, c)))
}

/// The same for normal `x`; for `S > 1` the first alone.
pub(super) fn gaussian(count: usize, dim: usize, batch: usize, m: f64, c: f64) -> Vec<f64> {
    let share = c / batch as f64;
    differences((1..=count).map(|j| gaussian_sum(j, j.max(batch), dim - j, m, share)))
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
