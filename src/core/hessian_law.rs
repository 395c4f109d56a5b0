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

/// Why a law of matrices was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HessianLawError {
    /// The dimension is 0 or above [`LARGEST_DIM`].
    Dimension(usize),
    /// The dimension of a list of pairs is 0 or above [`LARGEST_PAIR_DIM`].
    PairDimension(usize),
    /// The numbers do not fill whole matrices or vectors, or there are none.
    Shape {
        /// How many numbers there are.
        numbers: usize,
        /// How many fill one matrix or vector.
        each: usize,
    },
    /// A number that is not finite, or larger than 1e100 in size.
    Value {
        /// Its place in the list, from 1.
        place: usize,
        /// What was given.
        value: f64,
    },
}

impl std::fmt::Display for HessianLawError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dimension(dim) => write!(out, "The dimension is {dim}; 1 to {LARGEST_DIM} are allowed."),
            Self::PairDimension(dim) => {
                write!(out, "The dimension of the pairs is {dim}; 1 to {LARGEST_PAIR_DIM} are allowed.")
            }
            Self::Shape { numbers, each } => {
                write!(out, "There are {numbers} numbers; a multiple of {each} is needed, and not none.")
            }
            Self::Value { place, value } => {
                write!(out, "Number {place} is {value}; finite numbers up to 1e100 in size are allowed.")
            }
        }
    }
}

impl std::error::Error for HessianLawError {}

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

    /// `E H`, row by row.
    pub fn mean(&self) -> Vec<f64> {
        let dim = self.dim();
        let mut mean = vec![0.0; dim * dim];
        match self {
            Self::Gaussian { .. } | Self::Pairs { .. } => {}
            Self::Regression { inputs, .. } => {
                mean.iter_mut().step_by(dim + 1).for_each(|x| *x = inputs.second(dim));
            }
            Self::Neuron(neuron) => {
                let second = neuron.input_law.second(neuron.inputs);
                for (i, s) in neuron.signal.iter().enumerate() {
                    let j = neuron.outputs + i;
                    mean[i * dim + j] = -second * s;
                    mean[j * dim + i] = -second * s;
                }
            }
            Self::Matrices { entries, .. } => {
                for matrix in entries.chunks_exact(dim * dim) {
                    mean.iter_mut().zip(matrix).for_each(|(sum, x)| *sum += x);
                }
            }
            Self::Rows { entries, .. } => {
                for x in entries.chunks_exact(dim) {
                    for (row, a) in mean.chunks_exact_mut(dim).zip(x) {
                        row.iter_mut().zip(x).for_each(|(sum, b)| *sum += a * b);
                    }
                }
            }
        }
        if let Self::Pairs { entries, .. } = self {
            for pair in entries.chunks_exact(2 * dim) {
                let (left, right) = pair.split_at(dim);
                for ((row, l), r) in mean.chunks_exact_mut(dim).zip(left).zip(right) {
                    for ((sum, y), x) in row.iter_mut().zip(left).zip(right) {
                        *sum -= l * x + r * y;
                    }
                }
            }
        }
        if let Some(count) = self.count() {
            for x in &mut mean {
                *x /= count as f64;
            }
        }
        mean
    }

    /// `E ‖H‖²` (Frobenius).
    pub fn square_norm(&self) -> f64 {
        let dim = self.dim();
        let d = dim as f64;
        match self {
            Self::Gaussian { .. } => d * d,
            Self::Regression { inputs, .. } => fourth_norm(*inputs, dim),
            Self::Neuron(neuron) => {
                let inputs = neuron.inputs;
                let signal: f64 = neuron.signal.iter().map(|s| s * s).sum();
                let noise = neuron.noise * neuron.noise;
                let noise = noise * neuron.noise_law.second(neuron.outputs) * neuron.outputs as f64;
                let second = neuron.input_law.second(inputs) * inputs as f64;
                2.0 * (signal * fourth_norm(neuron.input_law, inputs) / inputs as f64 + noise * second)
            }
            Self::Matrices { entries, .. } => {
                entries.iter().map(|x| x * x).sum::<f64>() / (entries.len() / (dim * dim)) as f64
            }
            Self::Rows { entries, .. } => {
                let fourth = entries.chunks_exact(dim).map(|x| {
                    let square: f64 = x.iter().map(|x| x * x).sum();
                    square * square
                });
                fourth.sum::<f64>() / (entries.len() / dim) as f64
            }
            Self::Pairs { entries, .. } => {
                let square = entries.chunks_exact(2 * dim).map(|pair| {
                    let (left, right) = pair.split_at(dim);
                    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
                    let along = dot(left, right);
                    2.0 * (dot(left, left) * dot(right, right) + along * along)
                });
                square.sum::<f64>() / (entries.len() / (2 * dim)) as f64
            }
        }
    }
}

/// `E |x|⁴`.
fn fourth_norm(law: Isotropic, dim: usize) -> f64 {
    let d = dim as f64;
    match law {
        Isotropic::Sphere => 1.0,
        Isotropic::Gaussian => d * (d + 2.0),
        Isotropic::Signs => d * d,
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

/// One step `M = offset·I + scale·Ĥ`, `Ĥ` the mean of `batch` draws of `H`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// `m`: `1 − λγ` for SGD.
    pub offset: f64,
    /// `c`: `−λ` for SGD.
    pub scale: f64,
    /// `S ≥ 1`.
    pub batch: u32,
    /// Whether a batch from a list is drawn with replacement. If not, `S ≤ N`. Other laws do not know it.
    pub replacement: bool,
}

impl Factor {
    /// `M = H`.
    pub const PLAIN: Self = Self { offset: 0.0, scale: 1.0, batch: 1, replacement: true };

    /// A step of SGD with learning rate `λ` and weight decay `γ`: `M = (1 − λγ) I − λĤ`.
    pub fn sgd(rate: f64, decay: f64, batch: u32) -> Self {
        Self { offset: 1.0 - rate * decay, scale: -rate, batch: batch.max(1), replacement: true }
    }

    /// `p` of `Var Ĥ = p Var H`: `1/S`, or `(N − S)/(S(N − 1))` without replacement (Mulayoff and Michaeli,
    /// arXiv:2306.07850); 0 for a full batch and for N = 1.
    pub fn variance_factor(&self, count: Option<usize>) -> f64 {
        let s = f64::from(self.batch);
        match count {
            Some(1) => 0.0,
            Some(count) if !self.replacement => {
                let n = count as f64;
                ((n - s) / (s * (n - 1.0))).max(0.0)
            }
            _ => 1.0 / s,
        }
    }
}
