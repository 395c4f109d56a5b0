//! Integrals of a polynomial times a function that is singular at the end of the interval.
//!
//! `∫₀¹ v^p P*_n(v) dv = Π_{k<n}(p−k) / Π_{k≤n+1}(p+k)` for the shifted Legendre polynomials; the derivatives in `p` at 0
//! give the moments of `log v`, `log² v` and `log³ v`. Weights on the nodes of the Gauss rule that reproduce the first 16 moments
//! integrate the function times any polynomial of degree ≤ 15 exactly.

use std::sync::OnceLock;

/// Number of nodes.
pub(crate) const NODES: usize = 16;

/// Function of the distance `v = |t − U|` whose expectation is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kernel {
    /// `log(v/unit)`.
    Log {
        /// The unit of length.
        unit: f64,
    },
    /// `(log v − centre)²`.
    SquaredLog {
        /// The number subtracted.
        centre: f64,
    },
    /// `(log v − centre)³`.
    CubedLog {
        /// The number subtracted.
        centre: f64,
    },
    /// `(v/unit)^order`, `order > −1`.
    Power {
        /// The exponent.
        order: f64,
        /// Scale that keeps the power in range.
        unit: f64,
    },
    /// `(v/unit)^order − 1`, to full relative precision for small orders.
    Excess {
        /// The exponent.
        order: f64,
        /// Scale that keeps the power in range.
        unit: f64,
    },
}

impl Kernel {
    /// The function at `v > 0`.
    pub(crate) fn at(self, v: f64) -> f64 {
        match self {
            Self::Log { unit } => libm::log(v / unit),
            Self::SquaredLog { centre } => {
                let d = libm::log(v) - centre;
                d * d
            }
            Self::CubedLog { centre } => {
                let d = libm::log(v) - centre;
                d * d * d
            }
            Self::Power { order, unit } => libm::pow(v / unit, order),
            Self::Excess { order, unit } => libm::expm1(order * libm::log(v / unit)),
        }
    }

    /// Product weights of `v^order`, or of `v^order − 1`.
    pub(crate) fn weights(self) -> [f64; NODES] {
        let (order, first) = match self {
            Self::Power { order, .. } => (order, 1.0 / (order + 1.0)),
            Self::Excess { order, .. } => (order, -order / (order + 1.0)),
            _ => return [0.0; NODES],
        };
        let mut moments = [0.0; NODES];
        let mut moment = 1.0 / (order + 1.0);
        for (n, place) in moments.iter_mut().enumerate().skip(1) {
            moment *= (order - (n - 1) as f64) / (order + (n + 1) as f64);
            *place = moment;
        }
        moments[0] = first;
        product_weights(&rule().nodes, &rule().weights, &moments)
    }
}

/// Nodes and weights on `[0, 1]`, with the product weights of powers of `log v`.
pub(crate) struct Rule {
    pub(crate) nodes: [f64; NODES],
    pub(crate) weights: [f64; NODES],
    pub(crate) log: [f64; NODES],
    pub(crate) log_squared: [f64; NODES],
    pub(crate) log_cubed: [f64; NODES],
}

/// Legendre polynomials `P_0 … P_15` at `z`.
pub(crate) fn legendre(z: f64) -> [f64; NODES] {
    let mut p = [1.0; NODES];
    p[1] = z;
    for n in 2..NODES {
        let m = n as f64;
        p[n] = ((2.0 * m - 1.0) * z * p[n - 1] - (m - 1.0) * p[n - 2]) / m;
    }
    p
}

/// The Gauss rule, by Newton's method; computed once.
pub(crate) fn rule() -> &'static Rule {
    static RULE: OnceLock<Rule> = OnceLock::new();
    RULE.get_or_init(|| {
        let count = NODES as f64;
        let (mut nodes, mut weights) = ([0.0; NODES], [0.0; NODES]);
        for i in 0..NODES {
            let mut z = -libm::cos(core::f64::consts::PI * (i as f64 + 0.75) / (count + 0.5));
            let mut slope = 1.0;
            for _ in 0..12 {
                let p = legendre(z);
                let last = ((2.0 * count - 1.0) * z * p[NODES - 1] - (count - 1.0) * p[NODES - 2]) / count;
                slope = count * (z * last - p[NODES - 1]) / (z * z - 1.0);
                z -= last / slope;
            }
            nodes[i] = 0.5 * (1.0 + z);
            weights[i] = 1.0 / ((1.0 - z * z) * slope * slope);
        }
        let (mut first, mut second, mut third) = ([-1.0; NODES], [2.0; NODES], [-6.0; NODES]);
        // the moment is p R(p); R′/R at 0 is −(H_{n−1} + H_{n+1}), its derivative 1/n² + 1/(n+1)²
        let mut harmonics = 1.0;
        for n in 1..NODES {
            let m = n as f64;
            let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
            harmonics += 1.0 / (m + 1.0) + if n > 1 { 1.0 / (m - 1.0) } else { 0.0 };
            first[n] = sign / (m * (m + 1.0));
            second[n] = -2.0 * first[n] * harmonics;
            let change = 1.0 / (m * m) + 1.0 / ((m + 1.0) * (m + 1.0));
            third[n] = 3.0 * first[n] * (harmonics * harmonics + change);
        }
        let product = |moments| product_weights(&nodes, &weights, moments);
        let (log, log_squared, log_cubed) = (product(&first), product(&second), product(&third));
        Rule { nodes, weights, log, log_squared, log_cubed }
    })
}

/// Weights that integrate `f` times any polynomial of degree ≤ 15, from the moments `∫₀¹ f P*_n`.
fn product_weights(nodes: &[f64; NODES], weights: &[f64; NODES], moments: &[f64; NODES]) -> [f64; NODES] {
    core::array::from_fn(|i| {
        let p = legendre(2.0 * nodes[i] - 1.0);
        weights[i] * (0..NODES).map(|n| (2 * n + 1) as f64 * p[n] * moments[n]).sum::<f64>()
    })
}
