//! The exact numbers of one direction at the present rate: its exponent, its log-moments, its critical rates.
//!
//! What takes less than 2 ms is computed in the frame that moves the point; the rest are jobs of one shard,
//! whose numbers are written and read here.

use super::cost;
use super::sgd::{RATES, Sgd};
use crate::core::critical::{self, Coverage};
use crate::core::exponent::{CriticalRate, Estimate, Method, TailExponent};
use crate::labs::Done;

/// Atoms up to which the numbers of one direction (a root among log-moments) take less than 2 ms.
const QUICK_ATOMS: f64 = 200.0;

/// Numbers of the chosen direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DirectionNumbers {
    /// Λ.
    pub exponent: Estimate,
    /// g(1) = log E|X|.
    pub log_moment_1: Estimate,
    /// g(2) = log E X².
    pub log_moment_2: Estimate,
    /// p*.
    pub tail: TailExponent,
}

/// Where Λ of the chosen direction changes sign along λ, within its domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Roots, and poles whose tongue is too narrow to split.
    pub rates: Vec<CriticalRate>,
    /// What the list covers.
    pub coverage: Coverage,
}

/// Whether the numbers of the direction are had at once.
pub fn is_quick(p: &Sgd) -> bool {
    cost::atoms(p) <= QUICK_ATOMS
}

/// The numbers of the direction: computed if quick, else from the finished job `direction`.
pub fn known(p: &Sgd, done: &Done) -> Option<DirectionNumbers> {
    if is_quick(p) { read(&direction(p)) } else { read(done.shards("direction").first()?.as_deref()?) }
}

/// The critical rates, once the job `rates` is finished.
pub fn known_rates(done: &Done) -> Option<Rates> {
    done.shards("rates").first()?.as_deref().map(read_rates)
}

/// The shard of the job `direction`.
pub fn direction(p: &Sgd) -> Vec<f64> {
    let Some(law) = p.batch_law() else { return Vec::new() };
    let (offset, scale) = (1.0 - p.lr * p.decay, p.sign() * p.lr);
    let mut numbers = Vec::new();
    write_estimate(&mut numbers, &law.exponent(offset, scale));
    write_estimate(&mut numbers, &law.log_moment(offset, scale, 1.0));
    write_estimate(&mut numbers, &law.log_moment(offset, scale, 2.0));
    numbers.extend(match law.tail_exponent(offset, scale) {
        TailExponent::None => [0.0, 0.0],
        TailExponent::Finite(root) => [1.0, root],
        TailExponent::Above(order) => [2.0, order],
        TailExponent::Infinite => [3.0, 0.0],
    });
    numbers
}

fn read(numbers: &[f64]) -> Option<DirectionNumbers> {
    let estimate = |at: usize| numbers.get(at..)?.first_chunk().map(read_estimate);
    let tail = match numbers.get(12..14)? {
        [1.0, root] => TailExponent::Finite(*root),
        [2.0, order] => TailExponent::Above(*order),
        [3.0, _] => TailExponent::Infinite,
        _ => TailExponent::None,
    };
    Some(DirectionNumbers {
        exponent: estimate(0)?,
        log_moment_1: estimate(4)?,
        log_moment_2: estimate(8)?,
        tail,
    })
}

/// The shard of the job `rates`.
pub fn rates(p: &Sgd) -> Vec<f64> {
    let Some(law) = p.batch_law() else { return Vec::new() };
    let found = critical::critical_rates(&law, p.decay, p.sign(), RATES.0, RATES.1);
    let coverage = match found.coverage {
        Coverage::Complete => -1.0,
        Coverage::Resolution { points } => points as f64,
        Coverage::NotListed => 0.0,
    };
    let pairs = found.rates.iter().flat_map(|rate| match rate {
        CriticalRate::Root(at) => [*at, f64::NAN],
        CriticalRate::Pole { at, log_half_width } => [*at, *log_half_width],
    });
    std::iter::once(coverage).chain(pairs).collect()
}

fn read_rates(numbers: &[f64]) -> Rates {
    let coverage = match numbers.first() {
        Some(-1.0) => Coverage::Complete,
        Some(points) if *points > 0.0 => Coverage::Resolution { points: *points as usize },
        _ => Coverage::NotListed,
    };
    let pairs = numbers.get(1..).unwrap_or(&[]).as_chunks().0;
    let rate = |[at, log_half_width]: &[f64; 2]| match log_half_width {
        root if root.is_nan() => CriticalRate::Root(*at),
        width => CriticalRate::Pole { at: *at, log_half_width: *width },
    };
    Rates { rates: pairs.iter().map(rate).collect(), coverage }
}

/// Appends an estimate as four numbers.
pub fn write_estimate(numbers: &mut Vec<f64>, estimate: &Estimate) {
    let (method, detail) = match estimate.method {
        Method::ClosedForm => (0.0, 0.0),
        Method::Quadrature => (1.0, 0.0),
        Method::Grid { cell_probability } => (2.0, cell_probability),
        Method::MonteCarlo { samples } => (3.0, samples as f64),
    };
    numbers.extend([estimate.value, estimate.error, method, detail]);
}

/// An estimate from four numbers.
pub fn read_estimate([value, error, method, detail]: &[f64; 4]) -> Estimate {
    let method = match method {
        1.0 => Method::Quadrature,
        2.0 => Method::Grid { cell_probability: *detail },
        3.0 => Method::MonteCarlo { samples: *detail as u64 },
        _ => Method::ClosedForm,
    };
    Estimate { value: *value, error: *error, method }
}
