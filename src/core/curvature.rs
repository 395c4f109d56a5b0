//! Laws of the curvature `h` along one direction, and the laws of its batch means `ĥ`.
//!
//! | law | `h` | batch mean |
//! |---|---|---|
//! | [`Law::Discrete`] | finitely many values, or a data set | [`DiscreteBatch`]: atoms; [`GridBatch`] beyond a million of them |
//! | [`Law::Gaussian`] | `N(mean, std²)` | [`GaussianBatch`] |
//! | [`Law::Uniform`] | uniform on `[low, high]` | [`UniformBatch`] |
//! | [`Law::Teacher`] | `x y`, `y = k x + σ ε` | [`TeacherBatch`] |

mod condensed;
mod discrete;
mod error;
mod gaussian;
mod grid;
mod irwin_hall;
mod product_rule;
mod smoothed_log;
mod teacher;
mod uniform;

use crate::core::convolution::ATOM_LIMIT;
pub use discrete::DiscreteBatch;
pub use error::LawError;
pub use gaussian::GaussianBatch;
pub use grid::GridBatch;
pub use teacher::TeacherBatch;
pub use uniform::UniformBatch;

/// Largest batch size, and largest number of values of a discrete law.
pub const LIMIT: u32 = 4096;

/// Largest number of values of a data set.
pub const SAMPLE_LIMIT: usize = 1_000_000;

/// Largest size of a value or parameter: squares of it still fit in a double.
const LARGEST: f64 = 1e100;

/// A law of the per-sample curvature.
///
/// The constructors check every rule and are the way to build one. The fields are public so that laws can
/// be shown and compared; a law assembled by hand must obey the same rules.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Finitely many values with probabilities that sum to 1.
    Discrete {
        /// The values of `h`.
        values: Vec<f64>,
        /// Their probabilities.
        probs: Vec<f64>,
    },
    /// `N(mean, std²)`.
    Gaussian {
        /// Mean.
        mean: f64,
        /// Standard deviation, ≥ 0.
        std: f64,
    },
    /// Uniform on `[low, high]`.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end, ≥ `low`.
        high: f64,
    },
    /// `h = x y` with `y = k x + σ ε`, `x, ε ~ N(0, 1)`: one-dimensional regression on a linear teacher.
    Teacher {
        /// Slope `k` of the teacher.
        slope: f64,
        /// Standard deviation `σ` of the label noise, ≥ 0.
        noise: f64,
    },
}

impl Law {
    /// The two-point law `{1, a}` with probabilities `{1 − q, q}`.
    ///
    /// # Errors
    /// `a` not finite or too large; `q` outside `[0, 1]`.
    pub fn two_point(a: f64, q: f64) -> Result<Self, LawError> {
        finite("noise value a", a)?;
        if !(0.0..=1.0).contains(&q) {
            return Err(LawError::Probability { place: 2, value: q });
        }
        Ok(Self::Discrete { values: vec![1.0, a], probs: vec![1.0 - q, q] })
    }

    /// Finitely many values with probabilities; these are divided by their sum when it differs from 1 by
    /// more than rounding.
    ///
    /// # Errors
    /// No value, more than 4,096, unequal lengths, a value that is not finite, a probability outside
    /// `[0, 1]`, or a sum that differs from 1 by more than 1e-9.
    pub fn discrete(values: Vec<f64>, mut probs: Vec<f64>) -> Result<Self, LawError> {
        check_values(&values, LIMIT as usize)?;
        if values.len() != probs.len() {
            return Err(LawError::LengthsDiffer { values: values.len(), probs: probs.len() });
        }
        for (i, &value) in probs.iter().enumerate() {
            if !(0.0..=1.0).contains(&value) {
                return Err(LawError::Probability { place: i + 1, value });
            }
        }
        let sum: f64 = probs.iter().sum();
        if sum.is_nan() || (sum - 1.0).abs() > 1e-9 {
            return Err(LawError::ProbabilitySum { sum });
        }
        if (sum - 1.0).abs() > f64::EPSILON * values.len() as f64 {
            for p in &mut probs {
                *p /= sum;
            }
        }
        Ok(Self::Discrete { values, probs })
    }

    /// The law of one draw from a data set: every value has probability `1/N`.
    ///
    /// # Errors
    /// No value, more than [`SAMPLE_LIMIT`], or a value that is not finite.
    pub fn empirical(sample: Vec<f64>) -> Result<Self, LawError> {
        Self::check_sample(&sample)?;
        let probs = vec![1.0 / sample.len() as f64; sample.len()];
        Ok(Self::Discrete { values: sample, probs })
    }

    /// Whether [`Law::empirical`] takes these values.
    ///
    /// # Errors
    /// Those of [`Law::empirical`].
    pub fn check_sample(sample: &[f64]) -> Result<(), LawError> {
        check_values(sample, SAMPLE_LIMIT)
    }

    /// `N(mean, std²)`; `std = 0` is a constant.
    ///
    /// # Errors
    /// A parameter that is not finite; `std < 0`.
    pub fn gaussian(mean: f64, std: f64) -> Result<Self, LawError> {
        finite("mean", mean)?;
        not_negative("standard deviation", std)?;
        Ok(Self::Gaussian { mean, std })
    }

    /// Uniform on `[low, high]`; `low = high` is a constant.
    ///
    /// # Errors
    /// An end that is not finite; `low > high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, LawError> {
        finite("lower end", low)?;
        finite("upper end", high)?;
        if low > high {
            return Err(LawError::Reversed { low, high });
        }
        Ok(Self::Uniform { low, high })
    }

    /// `h = x y`, `y = slope·x + noise·ε`, `x, ε ~ N(0, 1)`.
    ///
    /// # Errors
    /// A parameter that is not finite; `noise < 0`.
    pub fn teacher(slope: f64, noise: f64) -> Result<Self, LawError> {
        finite("slope", slope)?;
        not_negative("label noise", noise)?;
        Ok(Self::Teacher { slope, noise })
    }

    /// `E h`.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Discrete { values, probs } => values.iter().zip(probs).map(|(h, p)| h * p).sum(),
            Self::Gaussian { mean, .. } => *mean,
            Self::Uniform { low, high } => 0.5 * low + 0.5 * high,
            Self::Teacher { slope, .. } => *slope,
        }
    }

    /// `Var h`. For the teacher `Var xy = 2k² + σ²`.
    pub fn variance(&self) -> f64 {
        match self {
            Self::Discrete { values, probs } => {
                let mean = self.mean();
                values.iter().zip(probs).map(|(h, p)| p * (h - mean) * (h - mean)).sum()
            }
            Self::Gaussian { std, .. } => std * std,
            Self::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Self::Teacher { slope, noise } => 2.0 * slope * slope + noise * noise,
        }
    }

    /// The law of the mean of `batch` independent draws; `batch` is clamped to `1…4096`.
    ///
    /// Prepared once and then asked at many `(offset, scale)`.
    pub fn batch(&self, batch: u32) -> BatchLaw {
        self.batch_within(batch, ATOM_LIMIT)
    }

    /// The same, on a grid already where a discrete law's batch mean would have more than `most_atoms`: a million atoms
    /// take a quarter of a second, a grid milliseconds, and its error is stated all the same.
    pub fn batch_within(&self, batch: u32, most_atoms: usize) -> BatchLaw {
        let batch = batch.clamp(1, LIMIT);
        match self {
            Self::Discrete { values, probs } => {
                let one = DiscreteBatch::single(values, probs);
                if batch == 1 { BatchLaw::Discrete(one) } else { BatchLaw::of_draws(&one, batch, most_atoms) }
            }
            Self::Gaussian { mean, std } => BatchLaw::Gaussian(GaussianBatch::new(*mean, *std, batch)),
            Self::Uniform { low, high } => BatchLaw::Uniform(UniformBatch::new(*low, *high, batch)),
            Self::Teacher { slope, noise } => BatchLaw::Teacher(TeacherBatch::new(*slope, *noise, batch)),
        }
    }
}

/// The law of the mean `ĥ` of a batch. The questions it answers are spread over the modules that
/// explain them: [`crate::core::exponent`] and [`crate::core::moment`].
#[derive(Clone, Debug)]
pub enum BatchLaw {
    /// Finitely many atoms.
    Discrete(DiscreteBatch),
    /// The same on a grid, where the atoms are too many.
    Grid(GridBatch),
    /// Normal.
    Gaussian(GaussianBatch),
    /// Mean of uniform draws.
    Uniform(UniformBatch),
    /// Linear teacher.
    Teacher(TeacherBatch),
}

/// Runs `$body` with `$law` bound to whichever batch law it is.
macro_rules! with_law {
    ($batch:expr, $law:ident => $body:expr) => {
        match $batch {
            $crate::core::curvature::BatchLaw::Discrete($law) => $body,
            $crate::core::curvature::BatchLaw::Grid($law) => $body,
            $crate::core::curvature::BatchLaw::Gaussian($law) => $body,
            $crate::core::curvature::BatchLaw::Uniform($law) => $body,
            $crate::core::curvature::BatchLaw::Teacher($law) => $body,
        }
    };
}
pub(crate) use with_law;

impl BatchLaw {
    /// The law of the mean of `batch` draws, `one` being that of a single draw: as [`Law::batch_within`] makes it.
    pub fn of_draws(one: &DiscreteBatch, batch: u32, most_atoms: usize) -> Self {
        match one.mean_of(batch, most_atoms.min(ATOM_LIMIT)) {
            Some(law) => Self::Discrete(law),
            None => Self::Grid(GridBatch::new(one, batch)),
        }
    }

    /// `E ĥ`.
    pub fn mean(&self) -> f64 {
        with_law!(self, law => law.mean())
    }

    /// `Var ĥ = Var h / S`.
    pub fn variance(&self) -> f64 {
        with_law!(self, law => law.variance())
    }

    /// `S`, of how many draws `ĥ` is the mean.
    pub fn draws(&self) -> f64 {
        with_law!(self, law => law.draws())
    }

    /// The least and the greatest value `ĥ` can take; `±∞` where there is none.
    pub fn support(&self) -> (f64, f64) {
        with_law!(self, law => law.support())
    }

    /// Atoms in ascending order and their probabilities, if the law is held as atoms (equal ones merged).
    pub fn atoms(&self) -> Option<(&[f64], &[f64])> {
        match self {
            Self::Discrete(law) => Some(law.atoms()),
            Self::Grid(_) | Self::Gaussian(_) | Self::Uniform(_) | Self::Teacher(_) => None,
        }
    }
}

fn finite(field: &'static str, value: f64) -> Result<(), LawError> {
    if value.abs() <= LARGEST { Ok(()) } else { Err(LawError::Parameter { field, value }) }
}

fn not_negative(field: &'static str, value: f64) -> Result<(), LawError> {
    finite(field, value)?;
    if value >= 0.0 { Ok(()) } else { Err(LawError::Negative { field, value }) }
}

fn check_values(values: &[f64], most: usize) -> Result<(), LawError> {
    if values.is_empty() {
        return Err(LawError::NoValues);
    }
    if values.len() > most {
        return Err(LawError::TooManyValues { count: values.len(), most });
    }
    match values.iter().position(|v| v.is_nan() || v.abs() > LARGEST) {
        Some(i) => Err(LawError::Value { place: i + 1, value: values[i] }),
        None => Ok(()),
    }
}
