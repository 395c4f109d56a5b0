//! Batch means of a discrete law, held as atoms.

use super::condensed::{self, MANY, Run};
use crate::core::convolution::Atoms;
use crate::core::exponent::{Estimate, LANDING, Method};
use crate::core::logarithms::{LANES, Lanes, mean_log_product, mean_log_weighted};
use crate::core::stats;
use std::cell::OnceCell;
use std::ops::Range;

/// The law of a batch mean that takes finitely many values.
///
/// `X = m + c ĥ` counts as 0 ("to rounding") when `|X| ≤ 4ε·max(1, |m|)`, for batches `S > 1` of
/// `max(1, |m|, |c| max|h|)`: `m = 1 − λγ` carries the rounding of 1 and a sum that of its largest term.
/// (`|c ĥ|` itself needs no mention: where `X ≈ 0` it equals `|m|`.) If that has positive probability,
/// `Λ = −∞` and `|X|^p` is 0 there.
#[derive(Clone, Debug)]
pub struct DiscreteBatch {
    atoms: Atoms,
    mean: f64,
    variance: f64,
    draws: f64,
    /// Largest `|h|` that was added up, 0 if nothing was.
    summed: f64,
    /// One draw, all values equally likely: the values, ascending, duplicates kept. Else empty.
    equal: Vec<f64>,
    /// Atoms outside this range weigh less than [`FAINT`] each.
    bulk: Range<usize>,
    /// The atoms in runs, if they are very many; made when first asked for.
    runs: OnceCell<Vec<Run>>,
}

/// Atoms this improbable, before the first and after the last that is not, are left out by
/// [`DiscreteBatch::exponents`] (but looked at for `X = 0`): together below 1e-15 of any exponent.
const FAINT: f64 = 1e-24;
/// So few atoms are looked at one by one sooner than by bisection.
const FEW: usize = 12;

impl DiscreteBatch {
    /// The law of one draw. Equal values are merged.
    pub fn single(values: &[f64], probs: &[f64]) -> Self {
        let atoms = Atoms::merged(values, probs, 0.0);
        let moments = (atoms.mean(), atoms.variance());
        let mut equal = Vec::new();
        if probs.iter().all(|&p| p == probs[0]) {
            equal = values.to_vec();
            stats::sort(&mut equal);
        }
        Self { equal, ..Self::of(atoms, moments, 1.0, 0.0) }
    }

    /// This being the law of one draw, that of the mean of `batch` draws, or `None` if it has more than `most` atoms, at most
    /// [`crate::core::convolution::ATOM_LIMIT`].
    pub fn mean_of(&self, batch: u32, most: usize) -> Option<Self> {
        if batch <= 1 {
            return Some(self.clone());
        }
        let (low, high) = self.support();
        let atoms = self.atoms.mean_of(batch, most)?;
        Some(Self::of(atoms, (self.mean, self.variance), f64::from(batch), low.abs().max(high.abs())))
    }

    fn of(atoms: Atoms, (mean, variance): (f64, f64), draws: f64, summed: f64) -> Self {
        let likely = |p: &f64| *p >= FAINT;
        let bulk = atoms.probs.iter().position(likely).unwrap_or(0)
            ..atoms.probs.iter().rposition(likely).map_or(atoms.probs.len(), |i| i + 1);
        let (equal, runs) = (Vec::new(), OnceCell::new());
        Self { equal, bulk, runs, atoms, mean, variance: variance / draws, draws, summed }
    }

    /// `S`.
    pub fn draws(&self) -> f64 {
        self.draws
    }

    /// `E ĥ`.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// `Var ĥ`.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// Least and greatest atom.
    pub fn support(&self) -> (f64, f64) {
        match (self.atoms.values.first(), self.atoms.values.last()) {
            (Some(&low), Some(&high)) => (low, high),
            _ => (self.mean, self.mean),
        }
    }

    /// Atoms, ascending, and their probabilities.
    pub fn atoms(&self) -> (&[f64], &[f64]) {
        (&self.atoms.values, &self.atoms.probs)
    }

    /// Whether the atoms are so many (above 32,768) that averages are made from fewer points.
    pub(crate) fn is_condensed(&self) -> bool {
        self.atoms.values.len() > MANY
    }

    /// Below this, `|m + c ĥ|` counts as 0.
    fn landing(&self, offset: f64, scale: f64) -> f64 {
        LANDING * offset.abs().max(1.0).max(self.summed * scale.abs())
    }

    /// `E log|m + c ĥ|`. The error is the rounding of each factor, carried through its logarithm: large
    /// where an atom lies close to the zero of `X`. Cost: one logarithm per atom, a twentieth of that for a million.
    pub fn exponent(&self, offset: f64, scale: f64) -> Estimate {
        let landing = self.landing(offset, scale);
        let (mut value, mut error, mut lands) = (0.0, 0.0, false);
        let per_term = 4.0 + self.atoms.rounding / f64::EPSILON;
        self.each(offset, scale, 1.0, &mut |h, p| {
            let x = (offset + scale * h).abs();
            lands |= x <= landing;
            let log = libm::log(x);
            value += p * log;
            error += p.abs() * (per_term * log.abs() + landing / LANDING / x);
        });
        if lands {
            return Estimate { value: f64::NEG_INFINITY, error: 0.0, method: Method::ClosedForm };
        }
        Estimate { value, error: error * f64::EPSILON, method: Method::ClosedForm }
    }

    /// Calls `f` with pairs `(h, weight)` over which averages of `|m + c h|^order` and of powers of its logarithm are those of the law:
    /// the atoms, or fewer. Weights may be negative.
    fn each(&self, offset: f64, scale: f64, order: f64, f: &mut dyn FnMut(f64, f64)) {
        let make = || Run::all(&self.atoms.values, &self.atoms.probs);
        let runs: &[Run] = if self.is_condensed() { self.runs.get_or_init(make) } else { &[] };
        condensed::each(runs, self.atoms(), (offset, scale), order, f);
    }

    /// `E log|m + c ĥ|` at many `(m, c)`, eight at a time. For data sets (one draw, equal weights) the factors are
    /// multiplied: three operations each.
    pub(crate) fn exponents(&self, factors: &[(f64, f64)], out: &mut [f64]) {
        for (factors, out) in factors.chunks(LANES).zip(out.chunks_mut(LANES)) {
            let lanes = Lanes::of(factors);
            let least = self.nearest_in_lanes(factors, &lanes);
            let regular = lanes.regular(least, LANDING, self.summed, self.support());
            let means = if self.equal.is_empty() {
                let bulk = self.bulk.clone();
                mean_log_weighted(&self.atoms.values[bulk.clone()], &self.atoms.probs[bulk], &lanes)
            } else {
                mean_log_product(&self.equal, &lanes)
            };
            for (l, (out, &(offset, scale))) in out.iter_mut().zip(factors).enumerate() {
                *out = if regular >> l & 1 == 1 {
                    means[l]
                } else if least[l] <= self.landing(offset, scale) {
                    f64::NEG_INFINITY
                } else {
                    self.exponent(offset, scale).value
                };
            }
        }
    }

    /// The least `|m + c h|` over the atoms, for each `(m, c)`.
    fn nearest_in_lanes(&self, factors: &[(f64, f64)], lanes: &Lanes) -> [f64; LANES] {
        if self.atoms.values.len() <= FEW {
            return lanes.least(&self.atoms.values);
        }
        let nearest = |&(offset, scale): &(f64, f64)| self.nearest(offset, scale);
        core::array::from_fn(|l| factors.get(l).map_or(f64::INFINITY, nearest))
    }

    /// The least `|m + c h|` over the atoms, by bisection.
    fn nearest(&self, offset: f64, scale: f64) -> f64 {
        let values = &self.atoms.values;
        let factor = |h: f64| offset + scale * h;
        let above = values.partition_point(|&h| (factor(h) < 0.0) == (scale > 0.0));
        let around = &values[above.saturating_sub(1)..(above + 1).min(values.len())];
        around.iter().fold(f64::INFINITY, |least, &h| least.min(factor(h).abs()))
    }

    /// `log|m + c h|` of every atom, `−∞` where `X = 0`, and its probability.
    pub(crate) fn logs(&self, offset: f64, scale: f64) -> Vec<(f64, f64)> {
        // no run is smooth for this order
        self.logs_for(offset, scale, f64::INFINITY)
    }

    /// The same for averages of `|m + c h|^p` up to this order, from fewer points where atoms are very many; weights may be negative.
    pub(crate) fn logs_for(&self, offset: f64, scale: f64, order: f64) -> Vec<(f64, f64)> {
        let (landing, mut logs) = (self.landing(offset, scale), Vec::new());
        self.each(offset, scale, order, &mut |h, q| {
            let x = (offset + scale * h).abs();
            logs.push((if x <= landing { f64::NEG_INFINITY } else { libm::log(x) }, q));
        });
        logs
    }

    /// `log E|m + c ĥ|^p`; atoms on which `X = 0` contribute 0 for `p > 0` (and make it `+∞` for `p < 0`).
    pub fn log_moment(&self, offset: f64, scale: f64, p: f64) -> Estimate {
        let logs = self.logs_for(offset, scale, p);
        let mut moment = log_moment_of(&logs, p, self.atoms.rounding);
        // each |X|^p is off by p ε unit/|X| of itself: worth a second sum where an atom is near the zero of X
        let (unit, nearest) = (self.landing(offset, scale) / LANDING, self.nearest(offset, scale));
        let weight = |&(log, q): &(f64, f64)| q.abs() * libm::exp((p - 1.0) * log - moment.value);
        let inverse = if nearest >= 1e-2 * unit || !moment.value.is_finite() {
            1.0 / nearest.max(1e-2 * unit)
        } else {
            logs.iter().filter(|(log, _)| log.is_finite()).map(weight).sum()
        };
        moment.error += p.abs() * f64::EPSILON * unit * inverse;
        moment
    }

    /// `Var log|m + c ĥ|`; `+∞` if `Λ = −∞`.
    pub fn log_variance(&self, offset: f64, scale: f64) -> Estimate {
        self.central(offset, scale, f64::INFINITY, |d| (d * d, 2.0 * d))
    }

    /// Third cumulant of `log|m + c ĥ|`; NaN if `Λ = −∞`.
    pub fn log_third_cumulant(&self, offset: f64, scale: f64) -> Estimate {
        self.central(offset, scale, f64::NAN, |d| (d * d * d, 3.0 * d * d))
    }

    /// `E f(log|X| − Λ)`, `degenerate` if `Λ = −∞`; `f` gives its value and slope. The error is the rounding of each weight,
    /// and of each logarithm and `Λ` carried through the slope.
    fn central(&self, offset: f64, scale: f64, degenerate: f64, f: impl Fn(f64) -> (f64, f64)) -> Estimate {
        let mean = self.exponent(offset, scale);
        if mean.value == f64::NEG_INFINITY {
            return Estimate { value: degenerate, error: 0.0, method: Method::ClosedForm };
        }
        let unit = self.landing(offset, scale) / LANDING;
        let weight = 4.0 * f64::EPSILON + self.atoms.rounding;
        let (mut sum, mut error) = (0.0, 0.0);
        self.each(offset, scale, 1.0, &mut |h, p| {
            let x = (offset + scale * h).abs();
            let log = libm::log(x);
            let (value, slope) = f(log - mean.value);
            sum += p * value;
            let shift = f64::EPSILON * (log.abs() + unit / x) + mean.error;
            error += p.abs() * (weight * value.abs() + shift * slope.abs());
        });
        Estimate { value: sum, error, method: Method::ClosedForm }
    }
}

/// `log Σ q e^{p L}` over pairs `(L, q)`, `L` possibly `−∞`; relative to `p` exact for small `p`.
fn log_moment_of(logs: &[(f64, f64)], p: f64, rounding: f64) -> Estimate {
    let top = logs.iter().fold(f64::NEG_INFINITY, |a, &(l, _)| a.max(p * l));
    let value = if top.is_infinite() {
        top
    } else {
        // log1p of Σ q (e^{pL} − 1) keeps full relative precision as p → 0.
        let excess: f64 =
            if top < 1.0 { logs.iter().map(|&(l, q)| q * libm::expm1(p * l)).sum() } else { 1.0 };
        if excess.abs() < 0.5 {
            libm::log1p(excess)
        } else {
            top + libm::log(logs.iter().map(|&(l, q)| q * libm::exp(p * l - top)).sum())
        }
    };
    let size: f64 = logs.iter().filter(|(l, _)| l.is_finite()).map(|&(l, q)| (q * p * l).abs()).sum();
    Estimate {
        value,
        error: (4.0 * f64::EPSILON + rounding) * (size + value.abs().min(1e300)),
        method: Method::ClosedForm,
    }
}
