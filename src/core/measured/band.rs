//! The interval of Λ at one learning rate, and what follows along the learning rate.

use super::{FEWEST, Measured, MeasuredError};
use crate::core::curvature::{BatchLaw, LIMIT, Law};
use crate::core::exponent::LANDING;
use crate::core::logarithms::{LANES, logarithms};
use crate::core::stats;
use crate::core::student;

/// Groups of the jackknife.
const GROUPS: usize = 20;

/// An interval of Λ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The estimate; `−∞` if a value lands exactly on the minimum or saddle, to rounding.
    pub value: f64,
    /// Lower end; `−∞` if a value lands.
    pub low: f64,
    /// Upper end; of the values that do not land, if some do: those can only lower Λ.
    pub high: f64,
    /// How many values (or batches) land.
    pub landed: usize,
}

/// What is certain about the sign of Λ, at the level of the band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The upper end is below 0.
    Stable,
    /// The lower end is above 0.
    Unstable,
    /// Zero lies inside.
    Undecided,
}

impl Band {
    /// The sign that the band certifies.
    pub fn sign(&self) -> Sign {
        if self.high < 0.0 {
            Sign::Stable
        } else if self.low > 0.0 {
            Sign::Unstable
        } else {
            Sign::Undecided
        }
    }

    fn around(value: f64, half: f64) -> Self {
        Self { value, low: value - half, high: value + half, landed: 0 }
    }
}

/// A stretch of learning rates with one answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The first rate of the grid in it.
    pub from: f64,
    /// The last.
    pub to: f64,
    /// The answer at every rate of the grid between them.
    pub sign: Sign,
}

/// The window by inversion: neighbouring rates of a grid with the same answer, joined. `rates` and `bands` go together.
pub fn windows(rates: &[f64], bands: &[Band]) -> Vec<Window> {
    let mut all: Vec<Window> = Vec::new();
    for (&rate, band) in rates.iter().zip(bands) {
        let sign = band.sign();
        match all.last_mut() {
            Some(last) if last.sign == sign => last.to = rate,
            _ => all.push(Window { from: rate, to: rate, sign }),
        }
    }
    all
}

/// What the jackknife needs for every learning rate: the batch laws of all values and without each group.
#[derive(Clone, Debug)]
pub struct Jackknife {
    whole: BatchLaw,
    without: Vec<BatchLaw>,
}

impl Measured {
    /// The interval of Λ with confidence `1 − level`.
    ///
    /// `S = 1`: a t interval from the N logarithms, 5 ns a value. `S > 1`, `N ≤ 4096`: [`Measured::jackknife`] and
    /// [`Jackknife::band`], made anew (keep the jackknife for a curve). `S > 1`, `N > 4096`: a t interval from `N/S` disjoint batches.
    ///
    /// # Errors
    /// Fewer than 50 disjoint batches where they are used.
    pub fn band(&self, batch: u32, rate: f64, decay: f64, level: f64) -> Result<Band, MeasuredError> {
        if batch <= 1 {
            return Ok(interval(&self.values, 1.0 - rate * decay, -rate, level));
        }
        match self.jackknife(batch) {
            Some(jackknife) => Ok(jackknife.band(rate, decay, level)),
            None => self.disjoint_band(batch, rate, decay, level),
        }
    }

    /// The t interval from disjoint batches: wider than the jackknife's, and valid as it stands.
    ///
    /// # Errors
    /// Fewer than 50 disjoint batches.
    pub fn disjoint_band(
        &self,
        batch: u32,
        rate: f64,
        decay: f64,
        level: f64,
    ) -> Result<Band, MeasuredError> {
        let means = self.batches(batch);
        if means.len() < FEWEST {
            return Err(MeasuredError::TooFew { count: means.len() });
        }
        Ok(interval(&means, 1.0 - rate * decay, -rate, level))
    }

    /// The delete-a-group jackknife with 20 groups; `None` if there are more than 4,096 values. Cost: 21 batch laws.
    pub fn jackknife(&self, batch: u32) -> Option<Jackknife> {
        if self.values.len() > LIMIT as usize {
            return None;
        }
        let law = |skip: usize| {
            let kept = self.values.iter().enumerate().filter(|(i, _)| i % GROUPS != skip);
            let sample: Vec<f64> = kept.map(|(_, &h)| h).collect();
            Some(Law::empirical(sample).ok()?.batch(batch))
        };
        let without = (0..GROUPS).map(law).collect::<Option<Vec<_>>>()?;
        Some(Jackknife { whole: law(GROUPS)?, without })
    }
}

impl Jackknife {
    /// The interval of Λ with confidence `1 − level`: `Λ̂ ± t₁₉ √(19/20 Σ(Λ_(j) − Λ̄)²)`, `Λ̂` and `Λ_(j)` exact for the empirical law of
    /// all values and of those outside group `j`.
    pub fn band(&self, rate: f64, decay: f64, level: f64) -> Band {
        let at = |law: &BatchLaw| law.exponent(1.0 - rate * decay, -rate).value;
        let value = at(&self.whole);
        let parts: Vec<f64> = self.without.iter().map(at).collect();
        if value == f64::NEG_INFINITY || parts.contains(&f64::NEG_INFINITY) {
            return Band { value, low: f64::NEG_INFINITY, high: f64::INFINITY, landed: 1 };
        }
        let groups = GROUPS as f64;
        // √((g−1)/g Σ(…)²) = (g − 1) times the standard error of the mean of the parts
        let error = (groups - 1.0) * stats::mean(&parts).standard_error;
        Band::around(value, student::critical(level, groups - 1.0) * error)
    }
}

/// The t interval of `E log|m + c h|`. Logarithms in lanes; sums about the first value, in a fixed order.
fn interval(values: &[f64], m: f64, c: f64, level: f64) -> Band {
    let mut landed = 0;
    let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
    let mut centre = None;
    let mut logs = |x: [f64; LANES], used: usize| {
        let log = logarithms(x);
        let first = *centre.get_or_insert(log[0]);
        for l in 0..used {
            let y = log[l] - first;
            sums[l] += y;
            squares[l] += y * y;
        }
    };
    let mut queue = [1.0; LANES];
    let mut waiting = 0;
    for &h in values {
        let term = c * h;
        let x = (m + term).abs();
        if x <= LANDING * m.abs().max(term.abs()).max(1.0) {
            landed += 1;
            continue;
        }
        queue[waiting] = x;
        waiting += 1;
        if waiting == LANES {
            logs(queue, LANES);
            waiting = 0;
        }
    }
    logs(queue, waiting);
    let count = (values.len() - landed) as f64;
    let (sum, square) = (sums.iter().sum::<f64>(), squares.iter().sum::<f64>());
    let shift = sum / count;
    let variance = ((square - sum * shift) / (count - 1.0)).max(0.0);
    let value = centre.unwrap_or(f64::NAN) + shift;
    let band = Band::around(value, student::critical(level, count - 1.0) * (variance / count).sqrt());
    if landed > 0 { Band { value: f64::NEG_INFINITY, low: f64::NEG_INFINITY, landed, ..band } } else { band }
}
