//! Gauss–Legendre quadrature on panels that shrink geometrically towards given points.
//!
//! A logarithm, or anything that varies with the *logarithm* of the distance to a point, is analytic on a
//! panel `[t + d, t + 2d]` with the nearest singularity three half-widths from its centre: `n` nodes then
//! err by about `5.8^{−2n}` (L. N. Trefethen, *Approximation Theory and Approximation Practice*, ch. 19).

use crate::core::stats;
use std::sync::OnceLock;

/// Nodes per panel.
pub const NODES: usize = 10;

/// A point towards which panels shrink, and the width of the innermost ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Focus {
    /// Position.
    pub at: f64,
    /// Width of the panels that touch it, > 0.
    pub width: f64,
}

/// Nodes in `(−1, 1)` and weights of the Gauss–Legendre rule with [`NODES`] points, by Newton's method on
/// the Legendre polynomial; computed once.
pub fn gauss_legendre() -> &'static [(f64, f64); NODES] {
    static RULE: OnceLock<[(f64, f64); NODES]> = OnceLock::new();
    RULE.get_or_init(|| {
        core::array::from_fn(|i| {
            let n = NODES as f64;
            let mut x = -libm::cos(core::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5));
            let mut slope = 1.0;
            for _ in 0..20 {
                let (mut before, mut value) = (1.0, x);
                for k in 2..=NODES {
                    let k = k as f64;
                    (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
                }
                slope = n * (x * value - before) / (x * x - 1.0);
                x -= value / slope;
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
    })
}

/// Cuts `[low, high]` into panels no wider than `widest`, shrinking towards each focus by factors of two.
///
/// Returns the ends of the panels, ascending, `low` first and `high` last. At most some 60 cuts a side and
/// focus.
pub fn cuts(low: f64, high: f64, widest: f64, foci: &[Focus]) -> Vec<f64> {
    let mut coarse = vec![low, high];
    for focus in foci {
        if focus.at > low && focus.at < high {
            coarse.push(focus.at);
        }
        let mut distance = focus.width;
        while distance < widest {
            coarse
                .extend([focus.at - distance, focus.at + distance].iter().filter(|&&u| u > low && u < high));
            distance *= 2.0;
        }
    }
    stats::sort(&mut coarse);
    let mut fine = vec![low];
    for pair in coarse.windows(2) {
        let (left, width) = (pair[0], pair[1] - pair[0]);
        let parts = (width / widest).ceil().max(1.0);
        if width > 0.0 {
            fine.extend((1..parts as usize).map(|i| left + width * i as f64 / parts));
            fine.push(pair[1]);
        }
    }
    fine
}

/// Calls `f(u, weight)` at every node of every panel, in ascending order.
pub fn for_each_node(cuts: &[f64], mut f: impl FnMut(f64, f64)) {
    let rule = gauss_legendre();
    for pair in cuts.windows(2) {
        let (centre, half) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
        for &(x, w) in rule {
            f(centre + half * x, half * w);
        }
    }
}
