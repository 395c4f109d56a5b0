//! The interval of Λ at one learning rate, and what follows along the learning rate.

use super::mean_log::MeanLog;
use super::{FEWEST, Measured, MeasuredError};
use crate::core::curvature::{BatchLaw, LIMIT, Law};
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

/// Intervals at one batch size, ready for many learning rates.
#[derive(Clone, Debug)]
pub enum Intervals<'a> {
    /// `S = 1`: a t interval from the N logarithms.
    Single(&'a [f64]),
    /// `S > 1`, `N ≤ 4096`.
    Jackknife(Box<Jackknife>),
    /// `S > 1`, `N > 4096`: a t interval from the means of `N/S` disjoint batches; wider than the jackknife's, and valid as it stands.
    Disjoint(Vec<f64>),
}

impl Intervals<'_> {
    /// The interval of Λ with confidence `1 − level`. Cost: 5 ns a value, 1 ns above [`super::MANY`] values; 21 exponents for a jackknife.
    pub fn band(&self, rate: f64, decay: f64, level: f64) -> Band {
        let t = |values: &[f64]| interval(values, 1.0 - rate * decay, -rate, level);
        match self {
            Self::Single(values) => t(values),
            Self::Jackknife(jackknife) => jackknife.band(rate, decay, level),
            Self::Disjoint(means) => t(means),
        }
    }
}

impl Measured {
    /// Intervals of Λ at this batch size. Cost for `S > 1`: the 21 batch laws of a jackknife, or the means.
    ///
    /// # Errors
    /// Fewer than 50 disjoint batches where they are used.
    pub fn intervals(&self, batch: u32) -> Result<Intervals<'_>, MeasuredError> {
        if batch <= 1 {
            return Ok(Intervals::Single(&self.values));
        }
        if let Some(jackknife) = self.jackknife(batch) {
            return Ok(Intervals::Jackknife(Box::new(jackknife)));
        }
        let means = self.batches(batch);
        if means.len() < FEWEST {
            return Err(MeasuredError::TooFew { count: means.len() });
        }
        Ok(Intervals::Disjoint(means))
    }

    /// The delete-a-group jackknife with 20 groups; `None` if there are more than 4,096 values.
    fn jackknife(&self, batch: u32) -> Option<Jackknife> {
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
            // One value only, and it lands.
            let always = self.whole.support().0 == self.whole.support().1;
            let high = if always { f64::NEG_INFINITY } else { f64::INFINITY };
            return Band { value, low: f64::NEG_INFINITY, high, landed: 1 };
        }
        let groups = GROUPS as f64;
        // √((g−1)/g Σ(…)²) = (g − 1) times the standard error of the mean of the parts
        let error = (groups - 1.0) * stats::mean(&parts).standard_error;
        Band::around(value, student::critical(level, groups - 1.0) * error)
    }
}

/// The t interval of `E log|m + c h|`.
fn interval(values: &[f64], m: f64, c: f64, level: f64) -> Band {
    let MeanLog { mean, variance, freedom, landed } = MeanLog::of(values, m, c);
    if landed == values.len() {
        return Band { value: f64::NEG_INFINITY, low: f64::NEG_INFINITY, high: f64::NEG_INFINITY, landed };
    }
    // One value alone says nothing of the others.
    let half =
        if freedom < 1.0 { f64::INFINITY } else { student::critical(level, freedom) * variance.sqrt() };
    let band = Band::around(mean, half);
    if landed > 0 { Band { value: f64::NEG_INFINITY, low: f64::NEG_INFINITY, landed, ..band } } else { band }
}
