//! Lyapunov exponents of random matrix products that are known exactly.
//!
//! | law | exponents known |
//! |---|---|
//! | unit inputs on the sphere, `S = 1` or `d = 1` | all |
//! | Gaussian inputs, `S = 1` or `d = 1` | all |
//! | Gaussian inputs, any `S` | the first |
//! | fair signs, `d ≤ 2` | all |
//! | independent Gaussian entries, `S = 1`, `m = 0` | all (Newman 1986) |
//! | random Fibonacci | both (Viswanath 2000) |
//! | a neuron with one input and one output | both: section 3's Λ± |
//! | a neuron without noise and signal: `H = 0` | all: `log|m|` |
//! | a list whose parts ([`HessianLaw::split`]) are all of one dimension: matrices that commute | all, one-dimensional |
//! | a list without noise: one matrix, or a full batch without replacement | all: of the eigenvalues |

mod isotropic;

use crate::core::critical::{ATOMS_LISTED, Direction};
use crate::core::curvature::{BatchLaw, Law};
use crate::core::eigenvalues::eigenvalues;
use crate::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use crate::core::log_product::{self as product, LogProduct};
use crate::core::matrix_product::Split;
use crate::core::special::digamma;
use crate::core::stats;

/// `log 1.13198824879…`: Viswanath's constant, proved to the digits given.
const FIBONACCI: f64 = 0.123_975_598_8;

/// What is known of a law's exponents, whatever the learning rate.
pub struct ExactSpectrum(Form);

enum Form {
    Unknown,
    /// Unit inputs in so many dimensions.
    Sphere(usize),
    /// Normal ones, so many to a batch.
    Gaussian {
        dim: usize,
        batch: usize,
    },
    /// `log|c|` and these, for `m = 0`.
    Scaled(Vec<f64>),
    /// Directions that no step mixes, and so many that none touches.
    Apart(Vec<BatchLaw>, usize),
    /// Eigenvalues of an `H` that is the same in every step.
    Still(Vec<[f64; 2]>),
}

impl ExactSpectrum {
    /// Of a law, for steps with the batches of `factor` and, only if it has that, with `m = 0`. Cost: that of
    /// [`HessianLaw::split`] or of [`eigenvalues`] for a list.
    pub fn new(law: &HessianLaw, factor: &Factor) -> Self {
        let (dim, batch) = (law.dim(), factor.batch as usize);
        let plain = batch == 1 && factor.offset == 0.0;
        Self(match law {
            HessianLaw::Regression { inputs: Isotropic::Gaussian, .. } => Form::Gaussian { dim, batch },
            // x² = 1
            HessianLaw::Regression { dim: 1, .. } => Form::Still(vec![[1.0, 0.0]]),
            HessianLaw::Regression { inputs: Isotropic::Sphere, .. } if batch == 1 => Form::Sphere(dim),
            HessianLaw::Gaussian { .. } if plain => {
                let half = |i| 0.5 * (dim - i) as f64;
                Form::Scaled((0..dim).map(|i| 0.5 * (core::f64::consts::LN_2 + digamma(half(i)))).collect())
            }
            _ if plain && *law == HessianLaw::fibonacci() => Form::Scaled(vec![FIBONACCI, -FIBONACCI]),
            HessianLaw::Matrices { .. } | HessianLaw::Rows { .. }
                if factor.variance_factor(law.count()) == 0.0 =>
            {
                eigenvalues(&law.mean(), dim).map_or(Form::Unknown, Form::Still)
            }
            _ => apart(law, factor),
        })
    }

    /// How many exponents are known, from the top.
    pub fn count(&self) -> usize {
        match &self.0 {
            Form::Unknown => 0,
            Form::Gaussian { batch: 2.., .. } => 1,
            Form::Sphere(dim) | Form::Gaussian { dim, .. } => *dim,
            Form::Scaled(all) => all.len(),
            Form::Apart(laws, untouched) => laws.len() + untouched,
            Form::Still(all) => all.len(),
        }
    }

    /// All that are known, in descending order. `−∞` is a number here. To about 1e-10; Fibonacci to 1e-10. Cost: up to a few
    /// milliseconds per exponent.
    pub fn all(&self, factor: &Factor) -> Vec<f64> {
        self.leading(factor, self.count())
    }

    /// The first, if it is known, at the cost of one.
    pub fn first(&self, factor: &Factor) -> Option<f64> {
        self.leading(factor, 1).first().copied()
    }

    /// Whether the first exponent is the greatest of [`Self::products`]: batch laws of at most [`ATOMS_LISTED`] atoms in directions
    /// that no step mixes, or real eigenvalues of an `H` that is the same in every step.
    pub fn is_listed(&self) -> bool {
        match &self.0 {
            Form::Apart(laws, _) => {
                laws.iter().all(|law| law.atoms().is_some_and(|(values, _)| values.len() <= ATOMS_LISTED))
            }
            Form::Still(all) => all.iter().all(|h| h[1] == 0.0),
            _ => false,
        }
    }

    /// `E log|1 − λγ − λĥ|` of each direction as a function of the learning rate `λ`, for the weight decay `γ`; none unless
    /// [`Self::is_listed`]. [`crate::core::log_product::common_intervals`] of them are where the first exponent is negative.
    pub fn products(&self, decay: f64) -> Vec<LogProduct> {
        let still =
            |h: f64| LogProduct::new([product::Factor { weight: 1.0, constant: 1.0, slope: -h - decay }]);
        match &self.0 {
            Form::Apart(laws, untouched) => {
                let one = |law| Direction { law, decay, sign: -1.0 }.product();
                laws.iter().filter_map(one).chain((*untouched > 0).then(|| still(0.0))).collect()
            }
            Form::Still(all) => all.iter().map(|h| still(h[0])).collect(),
            _ => Vec::new(),
        }
    }

    /// The first `count` where each costs an integral, all that are known elsewhere.
    fn leading(&self, factor: &Factor, count: usize) -> Vec<f64> {
        let Factor { offset, scale, .. } = *factor;
        let mut spectrum: Vec<f64> = match &self.0 {
            Form::Unknown => Vec::new(),
            Form::Sphere(dim) => isotropic::sphere(count, *dim, offset, scale),
            Form::Gaussian { dim, batch } => isotropic::gaussian(count, *dim, *batch, offset, scale),
            Form::Scaled(all) => all.iter().map(|x| x + libm::log(scale.abs())).collect(),
            Form::Apart(laws, untouched) => {
                let one = |law: &BatchLaw| law.exponent(offset, scale).value;
                let beside = core::iter::repeat_n(libm::log(offset.abs()), *untouched);
                laws.iter().map(one).chain(beside).collect()
            }
            Form::Still(all) => all.iter().map(|h| still(*h, all.len(), offset, scale)).collect(),
        };
        stats::sort(&mut spectrum);
        spectrum.reverse();
        spectrum
    }
}

/// Zero when `|x|` is below 4ε of its terms.
fn landed(x: f64, terms: f64) -> bool {
    x.abs() <= 4.0 * f64::EPSILON * terms
}

/// `log|m + c h|` of an eigenvalue, which is good to some roundings of the largest.
fn still([real, imaginary]: [f64; 2], dim: usize, m: f64, c: f64) -> f64 {
    let size = libm::hypot(m + c * real, c * imaginary);
    let terms = m.abs().max(libm::hypot(c * real, c * imaginary));
    if landed(size, dim as f64 * terms) { f64::NEG_INFINITY } else { libm::log(size) }
}

/// The laws of the directions, if no step mixes any two.
fn apart(law: &HessianLaw, factor: &Factor) -> Form {
    let Split { law, parts, untouched } = law.clone().split();
    let (listed, dim) = (law.count().is_some(), parts.len());
    if parts.iter().any(|size| *size > 1) || listed && factor.batch > 1 && !factor.replacement {
        return Form::Unknown;
    }
    let sample = |i: usize| -> Option<Law> {
        let values = match &law {
            HessianLaw::Matrices { entries, .. } => {
                entries.iter().skip(i * (dim + 1)).step_by(dim * dim).copied().collect()
            }
            HessianLaw::Rows { entries, .. } => entries.iter().skip(i).step_by(dim).map(|x| x * x).collect(),
            _ => Vec::new(),
        };
        Law::empirical(values).ok()
    };
    let laws: Option<Vec<BatchLaw>> = match &law {
        HessianLaw::Neuron(neuron) => pair(neuron).map(Vec::from),
        _ => (0..dim).map(sample).collect::<Option<Vec<Law>>>(),
    }
    .map(|laws| laws.iter().map(|law| law.batch(factor.batch)).collect());
    laws.map_or(Form::Unknown, |laws| Form::Apart(laws, untouched))
}

/// `u ± w` decouple: `h = ∓r x`.
fn pair(neuron: &Neuron) -> Option<[Law; 2]> {
    let signal = neuron.signal.first().copied().unwrap_or(0.0);
    let noise = neuron.noise.abs();
    // in one dimension the unit sphere is a sign
    let fair = |law: Isotropic| law != Isotropic::Gaussian;
    let law = |signal: f64| match (fair(neuron.input_law), fair(neuron.noise_law)) {
        (false, false) => Law::teacher(signal, noise).ok(),
        (true, false) => Law::gaussian(signal, noise).ok(),
        (true, true) => Law::discrete(vec![signal + noise, signal - noise], vec![0.5, 0.5]).ok(),
        (false, true) => None,
    };
    // r x of noise alone has the law of its negative
    Some([law(signal)?, law(-signal)?])
}
