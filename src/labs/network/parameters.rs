//! The parameters of the lab, and the rules across them.

use super::digits::{CLASSES, PIXELS, TRAINED};
use super::training::Run;
use crate::charts::figure::{Axis, Scale};
use crate::labs::activation;
use crate::models::activation::Activation;
use crate::models::loss::Loss;
use crate::models::mlp::Shape;
use crate::params::{Domain, ParamSpec, Problem};
use crate::{choice, params};

const NETWORK: &str = "Network";
const TRAINING: &str = "Training";
const SWEEP: &str = "Sweep";

/// Most learning rates of a sweep.
pub const MOST_RATES: u32 = 24;
/// Most runs at each.
pub const MOST_RUNS: u32 = 16;
/// Most weights of a network: a shard then looks at all images within its time, and its state is small.
const MOST_WEIGHTS: usize = 40_000;
/// Range of the learning rates of a sweep.
const VIEW: (f64, f64) = (0.003, 3.0);
const RATES: Domain = Domain::Log { min: 1e-5, max: 100.0 };

choice! {
    /// The loss.
    pub enum LossName {
        /// ½‖f − y‖².
        Squared = "squared",
        /// Softmax cross-entropy.
        CrossEntropy = "cross-entropy",
    }
}

impl LossName {
    /// As the models know it.
    pub fn loss(self) -> Loss {
        match self {
            Self::Squared => Loss::Squared,
            Self::CrossEntropy => Loss::CrossEntropy,
        }
    }
}

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        /// Learning rate, per step: the point on the figures. Runs and numbers below are those of the nearest rate of the sweep.
        lr: f64 = 0.1, ParamSpec::new("learning rate", "λ", RATES).group(TRAINING);
        /// Images in a batch, drawn with replacement.
        batch: u32 = 8, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 256, log: true }).group(TRAINING);
        /// Weight decay, per unit of learning rate: the gradient of γ‖θ‖²/2 is added to every batch's.
        decay: f64 = 0.2, ParamSpec::new("weight decay", "γ", Domain::Linear { min: 0.0, max: 2.0 }).group(TRAINING);
        /// Part of the training labels that are drawn anew from all ten digits.
        noise: f64 = 0.5, ParamSpec::new("label noise", "ρ", Domain::Linear { min: 0.0, max: 1.0 }).group(TRAINING);
        /// Passes over as many images as there are to train on.
        epochs: u32 = 20, ParamSpec::new("epochs", "", Domain::Int { min: 1, max: 100, log: true }).group(TRAINING);
        /// Matrices of weights: one more than hidden layers.
        depth: u32 = 2, ParamSpec::new("depth", "L", Domain::Int { min: 2, max: 8, log: false }).group(NETWORK);
        /// Neurons of each hidden layer.
        width: u32 = 64, ParamSpec::new("width", "m", Domain::Int { min: 1, max: 96, log: true }).group(NETWORK);
        /// Activation function of the hidden layers.
        activation: Activation = Activation::Tanh,
            ParamSpec::new("activation", "φ", Domain::Choice { names: activation::NAMES }).labels(activation::LABELS).group(NETWORK);
        /// Loss of a sample.
        loss: LossName = LossName::CrossEntropy,
            ParamSpec::new("loss", "ℓ", Domain::Choice { names: LossName::NAMES }).group(NETWORK);
        /// Adds to every hidden layer but the first what it reads.
        residual: bool = false, ParamSpec::new("residual connections", "", Domain::Toggle)
            .group(NETWORK).when(&[("depth", &["3", "4", "5", "6", "7", "8"])]);
        /// Size of the initial weights: their standard deviation times the root of how many a neuron reads.
        init: f64 = 1.0, ParamSpec::new("initial scale", "", Domain::Log { min: 1e-6, max: 4.0 }).group(NETWORK);
        /// Learning rates of the sweep.
        rates: u32 = 12, ParamSpec::new("rates", "", Domain::Int { min: 2, max: MOST_RATES as u64, log: false }).group(SWEEP);
        /// Runs at each rate, with initial weights and batches of their own.
        runs: u32 = 4, ParamSpec::new("runs at each", "", Domain::Int { min: 1, max: MOST_RUNS as u64, log: false }).group(SWEEP);
        /// Lowest learning rate; absent: 0.003.
        x0: Option<f64> = None, ParamSpec::new("from", "", RATES).optional().group(SWEEP);
        /// Highest learning rate; absent: 3.
        x1: Option<f64> = None, ParamSpec::new("to", "", RATES).optional().group(SWEEP);
        /// Names the random numbers of everything here.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SWEEP);
    }
}

impl Params {
    /// The network.
    pub fn shape(&self) -> Shape {
        Shape {
            inputs: PIXELS,
            width: self.width as usize,
            outputs: CLASSES,
            depth: self.depth as usize,
            activation: self.activation,
            residual: self.is_residual(),
            loss: self.loss.loss(),
        }
    }

    /// Whether there are residual connections: from depth 3.
    pub fn is_residual(&self) -> bool {
        self.residual && self.depth >= 3
    }

    /// The axis of learning rates.
    pub fn axis(&self) -> Axis {
        let (ends, runs_upwards) = self.ends();
        let (min, max) = if runs_upwards { ends } else { VIEW };
        Axis { label: "learning rate λ".to_owned(), min, max, scale: Scale::Log }
    }

    /// The ends of the sweep as asked for; whether it runs upwards, by one per cent at least.
    fn ends(&self) -> ((f64, f64), bool) {
        let (low, high) = (self.x0.unwrap_or(VIEW.0), self.x1.unwrap_or(VIEW.1));
        ((low, high), high >= 1.01 * low)
    }

    /// Learning rate `index` of the sweep.
    pub fn rate(&self, index: u32) -> f64 {
        self.axis().at(f64::from(index) / f64::from(self.rates - 1))
    }

    /// The rate of the sweep next to the point, by ratio.
    pub fn nearest(&self) -> u32 {
        let place = self.axis().fraction(self.lr) * f64::from(self.rates - 1);
        place.round().clamp(0.0, f64::from(self.rates - 1)) as u32
    }

    /// Steps of an epoch.
    pub fn epoch(&self) -> u32 {
        (TRAINED as u32).div_ceil(self.batch)
    }

    /// One run of the sweep.
    pub fn run(&self, rate: u32, replica: u32) -> Run {
        Run {
            shape: self.shape(),
            rate: self.rate(rate),
            batch: self.batch,
            decay: self.decay,
            init: self.init,
            seed: self.seed,
            replica,
            epoch: self.epoch(),
        }
    }
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = Vec::new();
    let ((low, high), runs_upwards) = p.ends();
    if !runs_upwards {
        (p.x0, p.x1) = (None, None);
        problems.push(Problem::new(
            "x0",
            format!(
                "x0, x1: the sweep cannot run from {low} to {high}; {} to {} is used instead.",
                VIEW.0, VIEW.1
            ),
        ));
    }
    if p.shape().count() > MOST_WEIGHTS {
        let asked = p.width;
        while p.shape().count() > MOST_WEIGHTS {
            p.width -= 1;
        }
        problems.push(Problem::new(
            "width",
            format!(
                "width: {asked} neurons in {} hidden layers are more than {MOST_WEIGHTS} weights; {} neurons are used instead.",
                p.depth - 1,
                p.width
            ),
        ));
    }
    super::sweep::bound_work(p, &mut problems);
    problems
}
