//! The exact numbers at the crosshair: of the saddle, and of one of its directions.
//!
//! What takes less than 2 ms is computed in the frame that moves the point; the rest are jobs of one shard,
//! whose numbers are written and read here.

use super::map;
use super::parameters::{Direction, Params};
use super::work;
use crate::core::critical::{self, Coverage};
use crate::core::exponent::{CriticalRate, Estimate, Method, TailExponent};
use crate::core::saddle::{Phase, Saddle};
use crate::labs::Done;
use crate::params::{Domain, ParamSet};

/// Atoms of the batch law up to which both exponents take less than 2 ms, the law's preparation included.
const QUICK_SADDLE_ATOMS: f64 = 5000.0;
/// Atoms up to which the numbers of one direction (a root among log-moments) do.
const QUICK_DIRECTION_ATOMS: f64 = 200.0;

/// Both exponents, named by the sign of E z, and what follows from them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SaddleNumbers {
    /// Λ of the correct direction.
    pub plus: Estimate,
    /// Λ of the wrong one.
    pub minus: Estimate,
    /// E X² of the wrong one.
    pub second_moment: f64,
    /// What SGD does.
    pub phase: Phase,
}

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

/// What is known at the point; `None` is on the way.
pub struct Known {
    /// Of the saddle.
    pub saddle: Option<SaddleNumbers>,
    /// Of the direction.
    pub direction: Option<DirectionNumbers>,
    /// Critical rates.
    pub rates: Option<Rates>,
}

/// Whether the numbers of the saddle are had at once.
pub fn saddle_is_quick(p: &Params) -> bool {
    work::atoms(p) <= QUICK_SADDLE_ATOMS
}

/// Whether those of the direction are.
pub fn direction_is_quick(p: &Params) -> bool {
    work::atoms(p) <= QUICK_DIRECTION_ATOMS
}

/// Everything known at the point: computed if quick, else from finished jobs.
pub fn known(p: &Params, done: &Done) -> Known {
    let shard = |job: &str| done.shards(job).first().cloned().flatten();
    let or_now = |quick: bool, job: &str, compute: fn(&Params) -> Vec<f64>| {
        if quick { Some(compute(p)) } else { shard(job) }
    };
    Known {
        saddle: or_now(saddle_is_quick(p), "saddle", saddle).and_then(|numbers| read_saddle(&numbers)),
        direction: or_now(direction_is_quick(p), "direction", direction)
            .and_then(|numbers| read_direction(&numbers)),
        rates: shard("rates").map(|numbers| read_rates(&numbers)),
    }
}

/// The shard of the job `saddle`.
pub fn saddle(p: &Params) -> Vec<f64> {
    let Some(law) = map::law_at(p) else { return Vec::new() };
    let saddle = Saddle::new(&law, p.batch, p.lr, p.decay);
    let mut numbers = Vec::new();
    write_estimate(&mut numbers, &saddle.exponent_plus());
    write_estimate(&mut numbers, &saddle.exponent_minus());
    numbers.extend([saddle.wrong_second_moment(), f64::from(saddle.phase() as u8)]);
    numbers
}

/// Both exponents and the phase, computed now; `None` where the parameters describe no law.
pub fn saddle_numbers(p: &Params) -> Option<SaddleNumbers> {
    read_saddle(&saddle(p))
}

fn read_saddle(numbers: &[f64]) -> Option<SaddleNumbers> {
    let [plus, minus] = [numbers.first_chunk()?, numbers.get(4..)?.first_chunk()?].map(read_estimate);
    let phase = Phase::ALL.into_iter().find(|phase| f64::from(*phase as u8) == numbers[9])?;
    Some(SaddleNumbers { plus, minus, second_moment: numbers[8], phase })
}

/// `−1` for curvature +xy, `1` for −xy: the sign of λz in the factor X.
fn sign(p: &Params) -> f64 {
    if p.sign == Direction::Plus { -1.0 } else { 1.0 }
}

/// The shard of the job `direction`.
pub fn direction(p: &Params) -> Vec<f64> {
    let Some(law) = map::law_at(p).map(|law| law.batch(p.batch)) else { return Vec::new() };
    let (offset, scale) = (1.0 - p.lr * p.decay, sign(p) * p.lr);
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

fn read_direction(numbers: &[f64]) -> Option<DirectionNumbers> {
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
pub fn rates(p: &Params) -> Vec<f64> {
    let (Some(law), Some(index)) = (map::law_at(p), Params::index("lr")) else { return Vec::new() };
    let Domain::Log { min, max } = Params::specs()[index].domain else { return Vec::new() };
    let found = critical::critical_rates(&law.batch(p.batch), p.decay, sign(p), min, max);
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

fn write_estimate(numbers: &mut Vec<f64>, estimate: &Estimate) {
    let (method, detail) = match estimate.method {
        Method::ClosedForm => (0.0, 0.0),
        Method::Quadrature => (1.0, 0.0),
        Method::Grid { cell_probability } => (2.0, cell_probability),
        Method::MonteCarlo { samples } => (3.0, samples as f64),
    };
    numbers.extend([estimate.value, estimate.error, method, detail]);
}

fn read_estimate([value, error, method, detail]: &[f64; 4]) -> Estimate {
    let method = match method {
        1.0 => Method::Quadrature,
        2.0 => Method::Grid { cell_probability: *detail },
        3.0 => Method::MonteCarlo { samples: *detail as u64 },
        _ => Method::ClosedForm,
    };
    Estimate { value: *value, error: *error, method }
}
