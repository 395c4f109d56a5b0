//! The logarithm of a normal variable `X ~ N(m, s²)` that is not centred at 0.
//!
//! `(X/s)²` is noncentral χ² with one degree of freedom and noncentrality `κ = m²/s²`; given
//! `J ~ Poisson(κ/2)` it is χ² with `1 + 2J` degrees. Hence, with `ψ` at half-integers,
//! `E log|X| = log s + F(κ)`, `F(κ) = ½ [log 2 + E ψ(½ + J)]`. From `κ = 100` on, the moments of
//! `log|1 + Z/√κ|` follow from its power series (asymptotic; what is lost is of order `e^{−κ/2}` = 2e-22).

use crate::core::logarithms::{LANES, logarithms};
use crate::core::special::{digamma, tetragamma, trigamma};
use std::sync::OnceLock;

/// The Poisson sums are used below, the asymptotic series from here on.
pub const SEAM: f64 = 100.0;

/// Terms of the Poisson sums: `J ~ Poisson(50)` exceeds 180 with probability 1e-44.
pub(super) const TERMS: usize = 180;

/// Terms of the asymptotic series; at `κ = 100` the first one left out is 4e-17.
const ORDERS: usize = 16;

/// Degree of the piecewise polynomials of `F`, one per unit of `κ`.
const DEGREE: usize = 12;

const LOG_2: f64 = core::f64::consts::LN_2;

/// `ψ`, `ψ₁`, `ψ₂` at `½ + j`.
struct HalfIntegers([[f64; TERMS]; 3]);

fn half_integers() -> &'static HalfIntegers {
    static TABLE: OnceLock<HalfIntegers> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |f: fn(f64) -> f64| core::array::from_fn(|j| f(j as f64 + 0.5));
        HalfIntegers([row(digamma), row(trigamma), row(tetragamma)])
    })
}

/// Poisson probabilities with mean `κ/2 < 50`, divided by their sum.
fn poisson(kappa: f64) -> [f64; TERMS] {
    let mut weights = [0.0; TERMS];
    let mut weight = libm::exp(-0.5 * kappa);
    let mut sum = 0.0;
    for (j, w) in weights.iter_mut().enumerate() {
        *w = weight;
        sum += weight;
        weight *= 0.5 * kappa / (j + 1) as f64;
    }
    for w in &mut weights {
        *w /= sum;
    }
    weights
}

fn average(weights: &[f64; TERMS], f: impl Fn(usize) -> f64) -> f64 {
    weights.iter().enumerate().map(|(j, w)| w * f(j)).sum()
}

/// `F(κ)` for `0 ≤ κ < 100` from its Poisson sum.
pub fn mean_log_sum(kappa: f64) -> f64 {
    let digammas = &half_integers().0[0];
    0.5 * (LOG_2 + average(&poisson(kappa), |j| digammas[j]))
}

/// `(2n−1)!!/(2n)` for `n = 1, 2, …`.
const TAIL: [f64; ORDERS] = {
    let mut terms = [0.5; ORDERS];
    let mut n = 2;
    while n <= ORDERS {
        terms[n - 1] = terms[n - 2] * ((2 * n - 1) * (n - 1)) as f64 / n as f64;
        n += 1;
    }
    terms
};

/// `E log|1 + Z/√κ|`, `κ ≥ 100`: `−Σ (2n−1)!!/(2n) κ^{−n}`.
pub fn mean_log_tail(kappa: f64) -> f64 {
    let inverse = 1.0 / kappa;
    -inverse * TAIL.iter().rev().fold(0.0, |sum, term| sum * inverse + term)
}

/// Polynomials of `F` on `[i, i+1]` in `2(κ − i) − 1`, lowest power first; built once.
fn pieces() -> &'static Vec<[f64; DEGREE + 1]> {
    static TABLE: OnceLock<Vec<[f64; DEGREE + 1]>> = OnceLock::new();
    TABLE.get_or_init(|| (0..SEAM as usize).map(|i| piece(i as f64)).collect())
}

/// Interpolation at Chebyshev points, then the change to powers (safe: the coefficients fall off fast).
fn piece(left: f64) -> [f64; DEGREE + 1] {
    let points = (DEGREE + 1) as f64;
    let angle = |k: usize| core::f64::consts::PI * (k as f64 + 0.5) / points;
    let values: [f64; DEGREE + 1] =
        core::array::from_fn(|k| mean_log_sum(left + 0.5 + 0.5 * libm::cos(angle(k))));
    let mut powers = [0.0; DEGREE + 1];
    let (mut before, mut now) = ([0.0; DEGREE + 1], [0.0; DEGREE + 1]);
    now[0] = 1.0; // T_0; `before` and `now` hold T_{n−1} and T_n as powers
    for n in 0..=DEGREE {
        let sum: f64 = (0..=DEGREE).map(|k| values[k] * libm::cos(n as f64 * angle(k))).sum();
        let coefficient = sum / points * if n == 0 { 1.0 } else { 2.0 };
        let mut next = [0.0; DEGREE + 1];
        for i in 0..=DEGREE {
            powers[i] += coefficient * now[i];
            if i < DEGREE {
                next[i + 1] = if n == 0 { now[i] } else { 2.0 * now[i] };
            }
        }
        for i in 0..=DEGREE {
            next[i] -= before[i];
        }
        (before, now) = (now, next);
    }
    powers
}

/// The table of `F`, borrowed once and then used many times.
#[derive(Clone, Copy)]
pub struct MeanLog(&'static [[f64; DEGREE + 1]]);

impl MeanLog {
    /// Borrows the table; the first call in a program builds it (about 1 ms).
    pub fn new() -> Self {
        Self(pieces())
    }

    /// `E log|X|`, `X ~ N(mean, std²)`, to 1e-14 of `max(1, |log std|)`; `−∞` if both are 0.
    ///
    /// Cost: one logarithm and a polynomial of degree 12.
    #[inline]
    pub fn at(&self, mean: f64, std: f64) -> f64 {
        let (size, rest) = self.parts(mean, std);
        libm::log(size) + rest
    }

    /// [`MeanLog::at`] for up to [`LANES`] pairs, the logarithms together; what is missing becomes 0.
    pub fn at_lanes(&self, pairs: &[(f64, f64)]) -> [f64; LANES] {
        let (mut sizes, mut rests) = ([1.0; LANES], [0.0; LANES]);
        for ((size, rest), &(mean, std)) in sizes.iter_mut().zip(&mut rests).zip(pairs) {
            (*size, *rest) = self.parts(mean, std);
        }
        let mut logs = logarithms(sizes);
        for (log, rest) in logs.iter_mut().zip(rests) {
            *log += rest;
        }
        for (l, size) in sizes.into_iter().enumerate() {
            if size < f64::MIN_POSITIVE {
                logs[l] = libm::log(size) + rests[l];
            }
        }
        logs
    }

    /// A size and what is added to its logarithm.
    #[inline]
    fn parts(&self, mean: f64, std: f64) -> (f64, f64) {
        let ratio = mean / std;
        let kappa = ratio * ratio;
        if kappa < SEAM {
            let i = kappa as usize;
            let v = 2.0 * (kappa - i as f64) - 1.0;
            let c = &self.0[i];
            let v2 = v * v;
            // even and odd powers apart: two short chains
            let even =
                (((((c[12] * v2 + c[10]) * v2 + c[8]) * v2 + c[6]) * v2 + c[4]) * v2 + c[2]) * v2 + c[0];
            let odd = ((((c[11] * v2 + c[9]) * v2 + c[7]) * v2 + c[5]) * v2 + c[3]) * v2 + c[1];
            (std, even + v * odd)
        } else if mean == 0.0 {
            (1.0, f64::NEG_INFINITY)
        } else {
            (mean.abs(), mean_log_tail(kappa))
        }
    }
}

impl Default for MeanLog {
    fn default() -> Self {
        Self::new()
    }
}

/// `E log|X|`; see [`MeanLog::at`].
pub fn mean_log(mean: f64, std: f64) -> f64 {
    MeanLog::new().at(mean, std)
}

/// `Var log|X| = ¼ [E ψ₁(½+J) + Var ψ(½+J)]`; `+∞` if `mean = std = 0`, 0 if `std = 0`.
pub fn log_variance(mean: f64, std: f64) -> f64 {
    if std == 0.0 {
        return if mean == 0.0 { f64::INFINITY } else { 0.0 };
    }
    let kappa = (mean / std) * (mean / std);
    if kappa >= SEAM {
        return tail_cumulants(kappa).0;
    }
    let [first, second, _] = &half_integers().0;
    let weights = poisson(kappa);
    let centre = average(&weights, |j| first[j]);
    0.25 * average(&weights, |j| second[j] + (first[j] - centre) * (first[j] - centre))
}

/// Third cumulant of `log|X|`: `⅛ [E ψ₂ + 3 Cov(ψ, ψ₁) + E(ψ − Eψ)³]`, all at `½ + J`.
pub fn log_third_cumulant(mean: f64, std: f64) -> f64 {
    if std == 0.0 {
        return if mean == 0.0 { f64::NAN } else { 0.0 };
    }
    let kappa = (mean / std) * (mean / std);
    if kappa >= SEAM {
        return tail_cumulants(kappa).1;
    }
    let [first, second, third] = &half_integers().0;
    let weights = poisson(kappa);
    let centre = average(&weights, |j| first[j]);
    0.125
        * average(&weights, |j| {
            let d = first[j] - centre;
            third[j] + 3.0 * d * second[j] + d * d * d
        })
}

/// Variance and third cumulant of `log|1 + Z/√κ|` for `κ ≥ 100`: the series of `log(1+u)`, its square and
/// its cube, with `E Z^{2n} = (2n−1)!!`.
fn tail_cumulants(kappa: f64) -> (f64, f64) {
    const LENGTH: usize = 2 * ORDERS + 1;
    static SERIES: OnceLock<[[f64; LENGTH]; 3]> = OnceLock::new();
    let [one, two, three] = SERIES.get_or_init(|| {
        let multiply = |a: &[f64; LENGTH], b: &[f64; LENGTH]| -> [f64; LENGTH] {
            core::array::from_fn(|n| (0..=n).map(|i| a[i] * b[n - i]).sum())
        };
        let log: [f64; LENGTH] = core::array::from_fn(|n| match n {
            0 => 0.0,
            n if n % 2 == 1 => 1.0 / n as f64,
            n => -1.0 / n as f64,
        });
        let square = multiply(&log, &log);
        [log, square, multiply(&square, &log)]
    });
    let mut moments = [0.0; 3];
    let mut gauss = 1.0;
    for n in 1..=ORDERS {
        gauss *= (2 * n - 1) as f64 / kappa;
        for (moment, series) in moments.iter_mut().zip([one, two, three]) {
            *moment += gauss * series[2 * n];
        }
    }
    let [a, b, c] = moments;
    (b - a * a, c - 3.0 * b * a + 2.0 * a * a * a)
}
