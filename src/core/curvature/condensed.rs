//! Averages over very many atoms from few: each run of neighbours gives way to eight points with the same moments.
//!
//! A function `f` that is smooth over a run is a polynomial there but for a tiny rest, and the average of the polynomial through eight
//! Chebyshev points is a weighted sum of its values at them. Where `X = m + c h` may vanish near a run, its atoms are taken one by one.

use std::ops::Range;

/// Atoms above which a law is condensed.
pub(super) const MANY: usize = 1 << 15;
/// Atoms of a run.
const RUN: usize = 256;
/// Points that stand for a run.
const POINTS: usize = 8;
/// Most half-width of a run in units of `|X|`: `log|X|` is then off by `0.02⁸/(8·128)`, far below its rounding.
const REACH: f64 = 0.02;
/// The same times the order `p` of `|X|^p`, which is then off by `0.1⁸/(8!·128)` of itself.
const ORDER_REACH: f64 = 0.1;

/// A run of neighbouring atoms.
#[derive(Clone, Debug)]
pub(super) struct Run {
    atoms: Range<usize>,
    centre: f64,
    half: f64,
    /// The points and their weights; some may be negative.
    points: [(f64, f64); POINTS],
}

impl Run {
    /// All runs of a law, atoms ascending.
    pub(super) fn all(values: &[f64], probs: &[f64]) -> Vec<Self> {
        // T_k at point j, k < 8
        let nodes: [[f64; POINTS]; POINTS] = core::array::from_fn(|j| {
            let angle = core::f64::consts::PI * (j as f64 + 0.5) / POINTS as f64;
            core::array::from_fn(|k| libm::cos(k as f64 * angle))
        });
        (0..values.len())
            .step_by(RUN)
            .map(|from| Self::of(values, probs, from..(from + RUN).min(values.len()), &nodes))
            .collect()
    }

    fn of(values: &[f64], probs: &[f64], atoms: Range<usize>, nodes: &[[f64; POINTS]; POINTS]) -> Self {
        let (low, high) = (values[atoms.start], values[atoms.end - 1]);
        let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
        // E T_k over the run
        let mut sums = [0.0; POINTS];
        for (h, p) in values[atoms.clone()].iter().zip(&probs[atoms.clone()]) {
            // one atom alone is its own centre
            let t = if half > 0.0 { (h - centre) / half } else { 0.0 };
            let (mut before, mut here) = (1.0, t);
            sums[0] += p;
            for sum in &mut sums[1..] {
                *sum += p * here;
                (before, here) = (here, 2.0 * t * here - before);
            }
        }
        let points = nodes.map(|node| {
            let series: f64 = node[1..].iter().zip(&sums[1..]).map(|(t, sum)| t * sum).sum();
            (centre + half * node[1], (sums[0] + 2.0 * series) / POINTS as f64)
        });
        Self { atoms, centre, half, points }
    }

    /// The points, where they can stand for the run in averages of `|offset + scale·h|^order` and of its logarithm; else its atoms.
    fn stand_in(&self, (offset, scale): (f64, f64), order: f64) -> Option<&[(f64, f64)]> {
        let reach = REACH.min(ORDER_REACH / order.abs());
        let near = scale.abs() * self.half <= reach * (offset + scale * self.centre).abs();
        (near && self.half > 0.0).then_some(&self.points[..])
    }
}

/// Calls `f` with pairs `(h, weight)` over which averages of `|offset + scale·h|^order` and of powers of its logarithm are those of
/// the law.
pub(super) fn each(
    runs: &[Run],
    (values, probs): (&[f64], &[f64]),
    factor: (f64, f64),
    order: f64,
    f: &mut dyn FnMut(f64, f64),
) {
    let one_by_one = |atoms: Range<usize>, f: &mut dyn FnMut(f64, f64)| {
        for (h, p) in values[atoms.clone()].iter().zip(&probs[atoms]) {
            f(*h, *p);
        }
    };
    if runs.is_empty() {
        one_by_one(0..values.len(), f);
    }
    for run in runs {
        match run.stand_in(factor, order) {
            Some(points) => {
                for (h, p) in points {
                    f(*h, *p);
                }
            }
            None => one_by_one(run.atoms.clone(), f),
        }
    }
}
