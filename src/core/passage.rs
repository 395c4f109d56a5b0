//! First passages of the random walk `log|z_t/z_0|`: when a run has grown, or shrunk, by a given factor for the first time.

use crate::core::curvature::{BatchLaw, DiscreteBatch};
use crate::core::noncentral::mean_log;
use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS, VECTORS};
use crate::core::sample::Sampler;
use wide::f64x2;

/// A walk that comes this near to the threshold (nats) has reached it: otherwise rounding would decide where
/// sums of steps can equal it.
const REACHED: f64 = 1e-12;

/// The number of steps after which `log|z_t/z_0|` first reaches `threshold`, for `replicas` runs with `X = offset + scale·ĥ`:
/// `≥ threshold` if that is positive (escape, `ln R/r₀`), `≤ threshold` if it is negative (collapse), at once if it is 0.
/// `+∞` for a run that has not reached it within `max_steps`.
///
/// A factor 0 (to rounding) takes the run below every threshold. As in [`crate::core::product`], 16 factors must multiply
/// to something within 10^±300. Cost: that of the draws and two logarithms per 16 steps; 16 runs go on until the last of
/// them has passed.
pub fn first_passages(
    sampler: &Sampler,
    (offset, scale): (f64, f64),
    threshold: f64,
    max_steps: u32,
    (seed, item): (u64, u64),
    replicas: u32,
) -> Vec<f64> {
    let (max_steps, replicas) = (max_steps as usize, replicas as usize);
    if threshold == 0.0 {
        return vec![0.0; replicas];
    }
    let up = threshold > 0.0;
    let goal = if up { threshold - REACHED } else { threshold + REACHED };
    let mut times = vec![f64::INFINITY; replicas];
    let draws = sampler.at(scale, offset);
    let (mut product, mut square) = (Block::constant(0.0), Block::constant(1.0));
    let shift = f64x2::splat(offset);
    for (group, times) in times.chunks_mut(LANES).enumerate() {
        let mut lanes = Lanes::new(Purpose::Passage, seed, item, (group * LANES) as u32);
        let mut past = [0.0; LANES];
        let mut left = times.len();
        for first in (0..max_steps).step_by(STEPS) {
            draws.fill(&mut lanes, &mut product, &mut square);
            let bounds = past.map(|past: f64| libm::exp(goal - past));
            let bound: [f64x2; VECTORS] =
                std::array::from_fn(|v| f64x2::new([bounds[2 * v], bounds[2 * v + 1]]));
            let mut since = [f64x2::splat(1.0); VECTORS];
            for step in 0..STEPS.min(max_steps - first) {
                let mut passed = 0_u32;
                for v in 0..VECTORS {
                    since[v] *= (shift + product.0[step][v]).abs();
                    let mask = if up { since[v].simd_ge(bound[v]) } else { since[v].simd_le(bound[v]) };
                    passed |= (mask.to_bitmask() as u32) << (2 * v);
                }
                if passed == 0 {
                    continue;
                }
                for (lane, time) in times.iter_mut().enumerate() {
                    if passed >> lane & 1 == 1 && *time == f64::INFINITY {
                        *time = (first + step + 1) as f64;
                        left -= 1;
                    }
                }
            }
            if left == 0 {
                break;
            }
            for (lane, past) in past.iter_mut().enumerate() {
                *past += libm::log(since[lane / 2].as_array()[lane % 2]);
            }
        }
    }
    times
}

/// What is known of the mean first-passage time `E τ`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MeanPassage {
    /// The walk drifts away from the threshold, or not at all: `E τ = ∞`.
    Infinite,
    /// `E τ` lies between these, in steps.
    Between {
        /// `|threshold|/|Λ|`, at least 1.
        lower: f64,
        /// `(|threshold| + overshoot)/|Λ|`.
        upper: f64,
    },
    /// `Λ = −∞`: a step lands exactly on the saddle with this probability, and `1 ≤ E τ ≤ 1/probability` for every
    /// threshold below.
    Lands {
        /// `P(X = 0)`.
        probability: f64,
    },
}

/// Wald's bounds for the mean time of the first passage of `threshold` (nats, not 0) with `X = offset + scale·ĥ`.
///
/// Wald's identity is `Λ E τ = E log|z_τ|`, and `|log|z_τ||` exceeds `|threshold|` by an overshoot between 0 and either the
/// largest step or `E[(Y⁺)²]/E Y`, `Y` the step in the direction of the drift (G. Lorden, *Ann. Math. Statist.* 41, 520,
/// 1970). Exact sums for atoms (up to 32,768); for other laws `E Y² = Var log|X| + Λ²` stands for `E[(Y⁺)²]`.
pub fn mean_passage(law: &BatchLaw, (offset, scale): (f64, f64), threshold: f64) -> MeanPassage {
    let exponent = law.exponent(offset, scale);
    if exponent.value == f64::NEG_INFINITY {
        if threshold > 0.0 {
            return MeanPassage::Infinite;
        }
        // added up, not the rest subtracted from 1: it may be far below the rounding of 1
        let landed = |law: &DiscreteBatch| {
            let logs = law.logs(offset, scale);
            logs.iter().filter(|(log, _)| *log == f64::NEG_INFINITY).map(|(_, p)| p).sum()
        };
        let probability = if let BatchLaw::Discrete(law) = law { landed(law) } else { 1.0 };
        return MeanPassage::Lands { probability };
    }
    let drift = exponent.value * threshold.signum();
    if drift <= exponent.error {
        return MeanPassage::Infinite;
    }
    let (square, largest) = forward(law, (offset, scale), threshold.signum());
    let overshoot = (square / drift).min(largest);
    let distance = threshold.abs();
    MeanPassage::Between {
        lower: (distance / drift).max(1.0),
        upper: ((distance + overshoot) / drift).max(1.0),
    }
}

/// `E[(Y⁺)²]`, or a bound, and the largest `Y = sign·log|X|`.
fn forward(law: &BatchLaw, (offset, scale): (f64, f64), sign: f64) -> (f64, f64) {
    if let BatchLaw::Discrete(law) = law
        && !law.is_condensed()
    {
        let steps = law.logs(offset, scale).into_iter().map(|(log, p)| ((sign * log).max(0.0), p));
        return steps.fold((0.0, 0.0), |(sum, top): (f64, f64), (y, p)| (sum + p * y * y, top.max(y)));
    }
    let mean = law.exponent(offset, scale).value;
    let square = law.log_variance(offset, scale).value + mean * mean;
    let largest = if sign > 0.0 {
        libm::log(law.largest_factor(offset, scale))
    } else {
        -libm::log(least_factor(law, offset, scale))
    };
    (square, largest)
}

/// The least value of `|X|` for a law whose values fill its support.
fn least_factor(law: &BatchLaw, offset: f64, scale: f64) -> f64 {
    let (low, high) = if scale == 0.0 { (0.0, 0.0) } else { law.support() };
    let (a, b) = (offset + scale * low, offset + scale * high);
    if a * b <= 0.0 { 0.0 } else { a.abs().min(b.abs()) }
}

/// `−ζ(½)/√(2π)`: a normal walk passes a distant threshold by this many standard deviations of a step on average.
const OVERSHOOT: f64 = 0.582_597_157_939_010_7;

/// The mean of the first `t ≥ 1` with `|δ_t| > exit`, for `δ ← (1 + growth) δ + noise Z` from `δ_0 = start`, `Z ~ N(0, 1)`; steps.
///
/// With `s² = noise²/((1 + growth)² − 1)` a step adds `ln(1 + growth)` to the mean of `f(δ) = E ln|δ + sZ|`. So Wald's identity holds as
/// for a product of factors, `ln(1 + growth) E τ = E f(δ_τ) − f(start)`, and `f(exit)` is less than `E f(δ_τ)` by an overshoot only. The
/// mean overshoot of a normal walk is added to `exit` (D. Siegmund, *Sequential Analysis*, 1985, ch. X): an approximation, within some 5 %
/// while a step is small beside `exit`. `[ln(exit/s) + 0.635]/growth` for small noise, `ln(exit/start)/ln(1 + growth)` without.
/// `growth` and `noise` positive, `0 < start < exit`; cost: two of [`mean_log`].
pub fn kicked_passage(growth: f64, noise: f64, (start, exit): (f64, f64)) -> f64 {
    let spread = noise / (growth * (2.0 + growth)).sqrt();
    let far = mean_log(exit + OVERSHOOT * noise, spread);
    (far - mean_log(start, spread)) / libm::log1p(growth)
}
