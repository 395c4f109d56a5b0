//! Laws of a random matrix `H`, the Hessian of one sample, and the factor `M = m I + c Ĥ` of one step.
//!
//! | law | `H` |
//! |---|---|
//! | [`HessianLaw::Regression`] | `x xᵀ`: linear regression at an interpolating minimum |
//! | [`HessianLaw::Neuron`] | `−[[0, r xᵀ], [x rᵀ, 0]]`: one hidden neuron of a two-layer network at the origin |
//! | [`HessianLaw::Matrices`] | one of N given matrices |
//! | [`HessianLaw::Rows`] | `x xᵀ` with `x` one of N given vectors |
//! | [`HessianLaw::Pairs`] | `−(l rᵀ + r lᵀ)` with `(l, r)` one of N given pairs: the neuron above on given data |
//! | [`HessianLaw::Gaussian`] | `d²` independent `N(0, 1)` numbers |

mod error;
mod factor;
mod moments;

pub use error::HessianLawError;
pub use factor::Factor;
use std::rc::Rc;

/// Largest dimension of a matrix product.
pub const LARGEST_DIM: usize = 64;

/// Largest dimension of a list of pairs, whose matrices are never written out for the top exponent.
pub const LARGEST_PAIR_DIM: usize = 256;

/// A law of vectors with `E x = 0` and `E x xᵀ` a multiple of `I`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isotropic {
    /// Uniform on the unit sphere: `E x xᵀ = I/d`.
    Sphere,
    /// `N(0, I)`.
    Gaussian,
    /// Independent fair signs: `E x xᵀ = I`.
    Signs,
}

impl Isotropic {
    /// `E x₁²` in `dim` dimensions.
    pub fn second(self, dim: usize) -> f64 {
        if self == Self::Sphere { 1.0 / dim as f64 } else { 1.0 }
    }

    /// `(a, b)` of `E[x xᵀ A x xᵀ] = a (A + Aᵀ + tr A · I) + b diag A`.
    pub fn fourth(self, dim: usize) -> (f64, f64) {
        let d = dim as f64;
        match self {
            Self::Sphere => (1.0 / (d * (d + 2.0)), 0.0),
            Self::Gaussian => (1.0, 0.0),
            Self::Signs => (1.0, -2.0),
        }
    }
}

/// One hidden neuron, its output weights `v ∈ R^c` and input weights `w ∈ R^d`: `r = K x + σ ε` is the residual at output 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron {
    /// `c`, outputs.
    pub outputs: usize,
    /// `d`, inputs.
    pub inputs: usize,
    /// The diagonal of `K`: strengths of the signal's modes, at most `min(c, d)` of them, 0 beyond.
    pub signal: Vec<f64>,
    /// `σ`.
    pub noise: f64,
    /// The law of `x`.
    pub input_law: Isotropic,
    /// The law of `ε`.
    pub noise_law: Isotropic,
}

/// A law of `H`. The constructors check the rules; a law assembled by hand must obey them.
#[derive(Clone, Debug, PartialEq)]
pub enum HessianLaw {
    /// `x xᵀ`.
    Regression {
        /// `d`.
        dim: usize,
        /// The law of `x`.
        inputs: Isotropic,
    },
    /// See [`Neuron`]; of dimension `c + d`, the outputs first.
    Neuron(Neuron),
    /// One of N matrices, each with probability 1/N.
    Matrices {
        /// `d`.
        dim: usize,
        /// `N d²` numbers, one matrix after the other, each row by row.
        entries: Rc<[f64]>,
    },
    /// `x xᵀ` with `x` one of N vectors, each with probability 1/N.
    Rows {
        /// `d`.
        dim: usize,
        /// `N d` numbers, one vector after the other.
        entries: Rc<[f64]>,
    },
    /// `−(l rᵀ + r lᵀ)` with `(l, r)` one of N pairs, each with probability 1/N.
    Pairs {
        /// `d`.
        dim: usize,
        /// `2 N d` numbers, one pair after the other, `l` before `r`.
        entries: Rc<[f64]>,
    },
    /// Independent `N(0, 1)` entries.
    Gaussian {
        /// `d`.
        dim: usize,
    },
}

impl HessianLaw {
    /// Linear regression in `dim` dimensions.
    ///
    /// # Errors
    /// `dim` outside `1..=64`.
    pub fn regression(dim: usize, inputs: Isotropic) -> Result<Self, HessianLawError> {
        dimension(dim).map(|()| Self::Regression { dim, inputs })
    }

    /// One hidden neuron; its signal is cut to `min(c, d)` modes.
    ///
    /// # Errors
    /// `c` or `d` 0, or `c + d > 64`; a signal or noise that is not finite.
    pub fn neuron(mut neuron: Neuron) -> Result<Self, HessianLawError> {
        dimension(neuron.outputs)?;
        dimension(neuron.inputs)?;
        dimension(neuron.outputs + neuron.inputs)?;
        values(&neuron.signal)?;
        values(&[neuron.noise])?;
        neuron.signal.truncate(neuron.outputs.min(neuron.inputs));
        Ok(Self::Neuron(neuron))
    }

    /// N given matrices, symmetric or not.
    ///
    /// # Errors
    /// `dim` outside `1..=64`, numbers that do not fill whole matrices, numbers that are not finite.
    pub fn matrices(dim: usize, entries: impl Into<Rc<[f64]>>) -> Result<Self, HessianLawError> {
        let entries = entries.into();
        list(dim, dim * dim, &entries).map(|()| Self::Matrices { dim, entries })
    }

    /// N given vectors `x` with `H = x xᵀ`.
    ///
    /// # Errors
    /// As [`HessianLaw::matrices`].
    pub fn rows(dim: usize, entries: impl Into<Rc<[f64]>>) -> Result<Self, HessianLawError> {
        let entries = entries.into();
        list(dim, dim, &entries).map(|()| Self::Rows { dim, entries })
    }

    /// One hidden neuron on N given samples: residuals `r ∈ R^c` at output 0 and inputs `x ∈ R^d`, `c + d` numbers each, the
    /// residual first. `H = −[[0, r xᵀ], [x rᵀ, 0]]`.
    ///
    /// # Errors
    /// `c` or `d` 0, or `c + d` above [`LARGEST_PAIR_DIM`]; numbers that do not fill whole samples or are not finite.
    pub fn neuron_on(outputs: usize, inputs: usize, samples: &[f64]) -> Result<Self, HessianLawError> {
        let dim = outputs + inputs;
        if outputs == 0 || inputs == 0 || dim > LARGEST_PAIR_DIM {
            return Err(HessianLawError::PairDimension(dim));
        }
        whole(dim, samples)?;
        let mut entries = vec![0.0; 2 * samples.len()];
        for (pair, sample) in entries.chunks_exact_mut(2 * dim).zip(samples.chunks_exact(dim)) {
            let (residual, input) = sample.split_at(outputs);
            pair[..outputs].copy_from_slice(residual);
            pair[dim + outputs..].copy_from_slice(input);
        }
        Ok(Self::Pairs { dim, entries: entries.into() })
    }

    /// A matrix of independent standard normal numbers.
    ///
    /// # Errors
    /// `dim` outside `1..=64`.
    pub fn gaussian(dim: usize) -> Result<Self, HessianLawError> {
        dimension(dim).map(|()| Self::Gaussian { dim })
    }

    /// `[[0, 1], [1, ±1]]`, the random Fibonacci sequence (with [`Factor::PLAIN`]).
    pub fn fibonacci() -> Self {
        Self::Matrices { dim: 2, entries: Rc::new([0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, -1.0]) }
    }

    /// Rows of `H`.
    pub fn dim(&self) -> usize {
        match self {
            Self::Regression { dim, .. }
            | Self::Matrices { dim, .. }
            | Self::Rows { dim, .. }
            | Self::Pairs { dim, .. }
            | Self::Gaussian { dim } => *dim,
            Self::Neuron(neuron) => neuron.outputs + neuron.inputs,
        }
    }

    /// N, if the law is a list.
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::Matrices { dim, entries } => Some(entries.len() / (dim * dim)),
            Self::Rows { dim, entries } => Some(entries.len() / dim),
            Self::Pairs { dim, entries } => Some(entries.len() / (2 * dim)),
            _ => None,
        }
    }
}

fn dimension(dim: usize) -> Result<(), HessianLawError> {
    if (1..=LARGEST_DIM).contains(&dim) { Ok(()) } else { Err(HessianLawError::Dimension(dim)) }
}

fn values(list: &[f64]) -> Result<(), HessianLawError> {
    match list.iter().position(|x| !(x.abs() <= 1e100)) {
        Some(at) => Err(HessianLawError::Value { place: at + 1, value: list[at] }),
        None => Ok(()),
    }
}

fn list(dim: usize, each: usize, entries: &[f64]) -> Result<(), HessianLawError> {
    dimension(dim)?;
    whole(each, entries)
}

/// Whether numbers fill whole pieces and are finite.
fn whole(each: usize, entries: &[f64]) -> Result<(), HessianLawError> {
    if entries.is_empty() || !entries.len().is_multiple_of(each) {
        return Err(HessianLawError::Shape { numbers: entries.len(), each });
    }
    values(entries)
}
