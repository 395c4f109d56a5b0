//! The exact numbers at the crosshair: of the saddle, and of one of its directions.
//!
//! What takes less than 2 ms is computed in the frame that moves the point; the rest are jobs of one shard,
//! whose numbers are written and read here.

use super::parameters::Params;
use crate::core::exponent::Estimate;
use crate::core::saddle::{Phase, Saddle};
use crate::labs::Done;
use crate::labs::direction::cost;
use crate::labs::direction::point::{self, DirectionNumbers, Rates, read_estimate, write_estimate};

/// Atoms of the batch law up to which both exponents take less than 2 ms, the law's preparation included.
const QUICK_SADDLE_ATOMS: f64 = 5000.0;

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
    cost::atoms(&p.sgd) <= QUICK_SADDLE_ATOMS
}

/// Everything known at the point: computed if quick, else from finished jobs.
pub fn known(p: &Params, done: &Done) -> Known {
    let shard = |job: &str| done.shards(job).first().cloned().flatten();
    let or_now = |quick: bool, job: &str, compute: fn(&Params) -> Vec<f64>| {
        if quick { Some(compute(p)) } else { shard(job) }
    };
    Known {
        saddle: or_now(saddle_is_quick(p), "saddle", saddle).and_then(|numbers| read_saddle(&numbers)),
        direction: point::known(&p.sgd, done),
        rates: point::known_rates(done),
    }
}

/// The shard of the job `saddle`.
pub fn saddle(p: &Params) -> Vec<f64> {
    let Some(law) = p.sgd.law_at() else { return Vec::new() };
    let saddle = Saddle::new(&law, p.sgd.batch, p.sgd.lr, p.sgd.decay);
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
