//! The parameters of the lab, and the rules across them.

use crate::charts::figure::Axis;
use crate::core::hessian_law::{Factor, HessianLaw, HessianLawError, Isotropic, Neuron};
use crate::labs::direction::axis::axis;
use crate::labs::summary::number;
use crate::params::{Data, Domain, ParamSet, ParamSpec, Problem, Scale, When};
use crate::{choice, params};
use std::rc::Rc;

choice! {
    /// Where the matrices come from.
    pub enum LawName {
        /// Linear regression at an interpolating minimum: H = x xᵀ.
        Regression = "regression",
        /// One hidden neuron at the origin.
        Neuron = "neuron",
        /// [[0, 1], [1, ±1]].
        Fibonacci = "fibonacci",
        /// Independent normal entries.
        Gaussian = "gaussian",
        /// The reader's own numbers.
        Data = "data",
    }
}

choice! {
    /// How a batch is drawn from a list.
    pub enum Draws {
        /// Each sample anew.
        With = "with",
        /// No sample twice in a batch.
        Without = "without",
    }
}

choice! {
    /// A law of vectors without a preferred direction.
    pub enum VectorLaw {
        /// Uniform on the unit sphere.
        Sphere = "sphere",
        /// N(0, I).
        Gaussian = "gaussian",
        /// Independent fair signs.
        Signs = "signs",
    }
}

choice! {
    /// Which exponents are measured.
    pub enum Exponents {
        /// All, by QR.
        All = "all",
        /// The first, along one vector in sixteen runs.
        Top = "top",
    }
}

impl VectorLaw {
    /// As the core knows it.
    pub fn law(self) -> Isotropic {
        match self {
            Self::Sphere => Isotropic::Sphere,
            Self::Gaussian => Isotropic::Gaussian,
            Self::Signs => Isotropic::Signs,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Sphere => "on the unit sphere",
            Self::Gaussian => "normal",
            Self::Signs => "of fair signs",
        }
    }
}

const SGD: &str = "SGD";
const MATRICES: &str = "Matrices";
const SIMULATION: &str = "Simulation";
const RATE: &[When] = &[("law", &["regression", "neuron", "data"])];
const DRAWN: &[When] = &[("law", &["regression", "neuron"])];
const DATA: &[When] = &[("law", &["data"])];
const DIMENSION: &[When] = &[("law", &["regression", "gaussian"])];
const NEURON: &[When] = &[("law", &["neuron"])];
const VECTORS: Domain = Domain::Choice { names: VectorLaw::NAMES };
const VECTOR_LABELS: &[&str] = &["unit sphere", "Gaussian", "fair signs"];
const ENDS: Domain = Domain::Linear { min: 0.0, max: 1e6 };
/// A saddle that no direction leaves alone: what `law=data` shows before there are data. Four symmetric matrices.
const SAMPLE: [f64; 16] =
    [1.2, 0.3, 0.3, -0.4, 0.8, -0.6, -0.6, 1.1, -0.5, 0.2, 0.2, 0.9, 1.4, -0.3, -0.3, -1.3];

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        /// Learning rate of SGD, dimensionless.
        lr: f64 = 0.7, ParamSpec::new("learning rate", "λ", Domain::Log { min: 1e-3, max: 100.0 })
            .group(SGD).view(0.0, 2.5, Scale::Linear).when(RATE);
        /// Samples per step. Larger batches have less noise.
        batch: u32 = 1, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 4096, log: true })
            .group(SGD).when(RATE);
        /// Weight decay: each step also multiplies the weights by 1 − λγ.
        decay: f64 = 0.0, ParamSpec::new("weight decay", "γ", Domain::Linear { min: 0.0, max: 10.0 }).group(SGD).when(RATE);
        /// Where the random matrices come from: SGD on linear regression or on one hidden neuron, or two classics without a
        /// learning rate.
        law: LawName = LawName::Regression, ParamSpec::new("source", "", Domain::Choice { names: LawName::NAMES })
            .group(MATRICES).labels(&["linear regression", "one hidden neuron", "random Fibonacci", "i.i.d. Gaussian entries", "own data"]);
        /// The Hessians of N samples: N matrices d × d, N vectors x that mean x xᵀ, or N numbers. Absent: four sample matrices.
        data: Option<Data> = None, ParamSpec::new("own Hessians", "", Domain::Data { axes: &[1, 2, 3] })
            .group(MATRICES).optional().when(DATA);
        /// Whether a sample may come twice in a batch. Without replacement a full batch has no noise.
        draws: Draws = Draws::With, ParamSpec::new("batches drawn", "", Domain::Choice { names: Draws::NAMES })
            .group(MATRICES).labels(&["with replacement", "without replacement"]).when(DATA);
        /// Rows of the matrices: as many exponents.
        dim: u32 = 2, ParamSpec::new("dimension", "d", Domain::Int { min: 1, max: 64, log: true }).group(MATRICES).when(DIMENSION);
        /// Outputs of the network: weights that leave the hidden neuron.
        outputs: u32 = 4, ParamSpec::new("outputs", "c", Domain::Int { min: 1, max: 32, log: true }).group(MATRICES).when(NEURON);
        /// Inputs of the network: weights that enter the hidden neuron.
        inputs: u32 = 8, ParamSpec::new("inputs", "d", Domain::Int { min: 1, max: 32, log: true }).group(MATRICES).when(NEURON);
        /// How the inputs x vary from sample to sample.
        input_law: VectorLaw = VectorLaw::Sphere, ParamSpec::new("inputs x", "", VECTORS)
            .group(MATRICES).labels(VECTOR_LABELS).when(DRAWN);
        /// How the noise ε of the residual r = Kx + σε varies from sample to sample.
        noise_law: VectorLaw = VectorLaw::Gaussian, ParamSpec::new("noise ε", "", VECTORS)
            .group(MATRICES).labels(VECTOR_LABELS).when(NEURON);
        /// The diagonal of K in the residual r = Kx + σε: how strongly each output follows its input. Zeros beyond the list.
        signal: Vec<f64> = vec![0.0], ParamSpec::new("signal", "K", Domain::List { min: -100.0, max: 100.0, max_len: 32 })
            .group(MATRICES).when(NEURON);
        /// Size σ of the noise in the residual r = Kx + σε.
        noise: f64 = 1.0, ParamSpec::new("label noise", "σ", Domain::Linear { min: 0.0, max: 100.0 }).group(MATRICES).when(NEURON);
        /// All exponents by QR, or the first alone along one vector in sixteen runs: cheaper in many dimensions.
        exponents: Exponents = Exponents::All, ParamSpec::new("exponents", "", Domain::Choice { names: Exponents::NAMES })
            .group(SIMULATION).labels(&["all (QR)", "the first alone"]);
        /// Steps of the run at the point; more continue the same run. Rounded up to where the run is looked at.
        steps: u32 = 65_536, ParamSpec::new("steps", "T", Domain::Int { min: 10, max: 100_000_000, log: true }).group(SIMULATION);
        /// Seed of every random number; the same seed gives the same picture everywhere.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SIMULATION);
        /// Left end of the axis of learning rates; absent: 0.
        x0: Option<f64> = None, ParamSpec::new("left end", "", ENDS).optional();
        /// Right end of the axis of learning rates; absent: beyond where the source turns unstable.
        x1: Option<f64> = None, ParamSpec::new("right end", "", ENDS).optional();
        /// Logarithmic axis of learning rates.
        xlog: Option<bool> = None, ParamSpec::new("logarithmic axis", "", Domain::Toggle).optional();
    }
}

impl Params {
    /// The root mean square of the Frobenius norms of the first matrices of a list.
    fn size(&self) -> f64 {
        let square = match self.listed() {
            Ok(HessianLaw::Matrices { dim, entries }) => {
                let few = &entries[..entries.len().min(256 * dim * dim)];
                few.iter().map(|x| x * x).sum::<f64>() / (few.len() / (dim * dim)) as f64
            }
            Ok(HessianLaw::Rows { dim, entries }) => {
                let few = &entries[..entries.len().min(256 * dim)];
                let mean = few.iter().map(|x| x * x).sum::<f64>() / (few.len() / dim) as f64;
                mean * mean
            }
            _ => 1.0,
        };
        square.sqrt()
    }

    /// The law of the Hessians.
    ///
    /// # Errors
    /// Only while the reader's numbers are not at hand.
    pub fn hessians(&self) -> Result<HessianLaw, HessianLawError> {
        match self.law {
            LawName::Regression => HessianLaw::regression(self.dim as usize, self.input_law.law()),
            LawName::Neuron => HessianLaw::neuron(Neuron {
                outputs: self.outputs as usize,
                inputs: self.inputs as usize,
                signal: self.signal.clone(),
                noise: self.noise,
                input_law: self.input_law.law(),
                noise_law: self.noise_law.law(),
            }),
            LawName::Fibonacci => Ok(HessianLaw::fibonacci()),
            LawName::Gaussian => HessianLaw::gaussian(self.dim as usize),
            LawName::Data => self.listed(),
        }
    }

    /// The reader's list, its numbers checked by [`check`], or the sample; an error while the numbers are not at hand.
    fn listed(&self) -> Result<HessianLaw, HessianLawError> {
        let Some(data) = &self.data else {
            return Ok(HessianLaw::Matrices { dim: 2, entries: Rc::new(SAMPLE) });
        };
        let dim = self.dimension();
        let entries = data.numbers().ok_or(HessianLawError::Shape { numbers: 0, each: dim })?;
        Ok(match data.shape().axes().len() {
            2 => HessianLaw::Rows { dim, entries },
            _ => HessianLaw::Matrices { dim, entries },
        })
    }

    /// N, of a list.
    pub fn samples(&self) -> usize {
        self.data.as_ref().map_or(SAMPLE.len() / 4, |data| data.shape().samples())
    }

    /// Whether the matrices are steps of SGD, `(1 − λγ) I − λĤ`, and not the given ones themselves.
    pub fn is_sgd(&self) -> bool {
        matches!(self.law, LawName::Regression | LawName::Neuron | LawName::Data)
    }

    /// The step at a learning rate.
    pub fn factor(&self, rate: f64) -> Factor {
        let replacement = self.law != LawName::Data || self.draws == Draws::With;
        let sgd = Factor { replacement, ..Factor::sgd(rate, self.decay, self.batch) };
        if self.is_sgd() { sgd } else { Factor::PLAIN }
    }

    /// Rows of the matrices.
    pub fn dimension(&self) -> usize {
        match self.law {
            LawName::Regression | LawName::Gaussian => self.dim as usize,
            LawName::Neuron => (self.outputs + self.inputs) as usize,
            LawName::Fibonacci => 2,
            LawName::Data => self.data.as_ref().map_or(2, |data| data.shape().dimension()),
        }
    }

    /// How many exponents are measured.
    pub fn measured(&self) -> usize {
        if self.exponents == Exponents::All { self.dimension() } else { 1 }
    }

    /// Keys of what the matrices depend on, but for the learning rate.
    pub fn keys(&self) -> Vec<&'static str> {
        let own: &[&'static str] = match self.law {
            LawName::Regression => &["dim", "input_law", "batch", "decay"],
            LawName::Neuron => {
                &["outputs", "inputs", "input_law", "noise_law", "signal", "noise", "batch", "decay"]
            }
            LawName::Fibonacci => &[],
            LawName::Gaussian => &["dim"],
            LawName::Data => &["data", "draws", "batch", "decay"],
        };
        [&["law"], own].concat()
    }

    /// The same with the learning rate, if there is one.
    pub fn point_keys(&self) -> Vec<&'static str> {
        let mut keys = self.keys();
        if self.is_sgd() {
            keys.push("lr");
        }
        keys
    }

    /// The source in words with its numbers.
    pub fn in_words(&self) -> String {
        let batch = if self.batch > 1 { format!(", batches of {}", self.batch) } else { String::new() };
        let decay = if self.decay > 0.0 {
            format!(", weight decay {}", number(self.decay, 4))
        } else {
            String::new()
        };
        match self.law {
            LawName::Regression => {
                format!("linear regression, {} inputs {}{batch}{decay}", self.dim, self.input_law.words())
            }
            LawName::Neuron => format!(
                "one hidden neuron with {} and {} {}, noise σ = {} {}{batch}{decay}",
                counted(self.outputs, "output"),
                counted(self.inputs, "input"),
                self.input_law.words(),
                number(self.noise, 4),
                self.noise_law.words()
            ),
            LawName::Fibonacci => "random Fibonacci matrices".to_owned(),
            LawName::Gaussian => format!("{0} × {0} matrices of independent N(0, 1) entries", self.dim),
            LawName::Data => {
                let (n, d) = (self.samples(), self.dimension());
                let what = match self.data.as_ref().map(|data| data.shape().axes().len()) {
                    None => format!("{n} sample matrices {d} × {d}"),
                    Some(1) => format!("{n} own numbers"),
                    Some(2) => format!("{n} own vectors of length {d}"),
                    Some(_) => format!("{n} own matrices {d} × {d}"),
                };
                let drawn = if self.draws == Draws::Without { " without replacement" } else { "" };
                format!("{what}{batch}{drawn}{decay}")
            }
        }
    }
}

/// So many of a thing.
fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("one {what}") } else { format!("{count} {what}s") }
}

/// The axis of learning rates.
pub fn rates(p: &Params) -> Axis {
    rates_with_problems(p).0
}

pub(super) fn rates_with_problems(p: &Params) -> (Axis, Vec<Problem>) {
    let spec = &Params::specs()[Params::index("lr").unwrap_or_default()];
    let mut problems = Vec::new();
    let view = (0.0, own_end(p), Scale::Linear);
    let axis = axis(spec, view, ["x0", "x1"], (p.x0, p.x1, p.xlog), &mut problems);
    (axis, problems)
}

/// Where the axis ends by itself: beyond where SGD turns unstable without decay, rounded to two digits.
fn own_end(p: &Params) -> f64 {
    let (d, s) = (p.dimension() as f64, f64::from(p.batch));
    let end = match (p.law, p.input_law) {
        (LawName::Data, _) => 3.0 / p.size().clamp(0.04, 1e4),
        (LawName::Neuron, _) => 1.0 / p.noise.clamp(0.1, 10.0),
        (_, VectorLaw::Sphere) => 2.5 * s * d / (d + s - 1.0),
        // in few dimensions the limit is far beyond the mean square's 2S/(d + S + 1)
        _ => (2.0 * s / (d + s + 1.0) * (1.2 + 3.3 / d)).min(3.0),
    };
    let unit = libm::pow(10.0, libm::log10(end).floor() - 1.0);
    (end / unit).round() * unit
}
