//! The parameters of the lab, and the rules across them.

use super::digits::{CLASSES, PIXELS, TRAINED};
use super::training::Run;
use crate::labs::activation;
use crate::models::activation::Activation;
use crate::models::loss::Loss;
use crate::models::mlp::Shape;
use crate::params::{Domain, ParamSpec, Problem, Scale};
use crate::{choice, params};

const NETWORK: &str = "Network";
const TRAINING: &str = "Training";
const SWEEP: &str = "Sweep";

/// Most values of a sweep.
pub const MOST_RATES: u32 = 24;
/// Most runs at each.
pub const MOST_RUNS: u32 = 16;
/// Most weights of a network: a shard then looks at all images within its time, and its state is small.
const MOST_WEIGHTS: usize = 40_000;
const ENDS: Domain = Domain::Linear { min: -1e6, max: 1e6 };

choice! {
    /// A parameter that the sweep may run over.
    pub enum AxisName {
        /// Learning rate.
        Lr = "lr",
        /// Label noise.
        Noise = "noise",
    }
}

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
        /// Learning rate, per step. In a sweep over it the point on the figures: runs and numbers below are those of the nearest rate.
        lr: f64 = 0.1, ParamSpec::new("learning rate", "λ", Domain::Log { min: 1e-5, max: 100.0 })
            .group(TRAINING).view(0.003, 3.0, Scale::Log);
        /// Images in a batch, drawn with replacement.
        batch: u32 = 8, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 256, log: true }).group(TRAINING);
        /// Weight decay, per unit of learning rate: the gradient of γ‖θ‖²/2 is added to every batch's.
        decay: f64 = 0.2, ParamSpec::new("weight decay", "γ", Domain::Linear { min: 0.0, max: 2.0 }).group(TRAINING);
        /// Part of the training labels that are drawn anew from all ten digits. In a sweep over it the point on the figures.
        noise: f64 = 0.5, ParamSpec::new("label noise", "ρ", Domain::Linear { min: 0.0, max: 1.0 })
            .group(TRAINING).view(0.0, 1.0, Scale::Linear);
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
        /// What the sweep runs over: the horizontal axis of the figures.
        x: AxisName = AxisName::Lr, ParamSpec::new("sweep over", "", Domain::Choice { names: AxisName::NAMES })
            .labels(&["learning rate λ", "label noise ρ"]).group(SWEEP);
        /// Values of the sweep.
        rates: u32 = 12, ParamSpec::new("values", "", Domain::Int { min: 2, max: MOST_RATES as u64, log: false }).group(SWEEP);
        /// Runs at each value, with initial weights and batches of their own.
        runs: u32 = 4, ParamSpec::new("runs at each", "", Domain::Int { min: 1, max: MOST_RUNS as u64, log: false }).group(SWEEP);
        /// Lowest value; absent: λ = 0.003, or ρ = 0.
        x0: Option<f64> = None, ParamSpec::new("from", "", ENDS).optional().group(SWEEP);
        /// Highest value; absent: λ = 3, or ρ = 1.
        x1: Option<f64> = None, ParamSpec::new("to", "", ENDS).optional().group(SWEEP);
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

    /// Steps of an epoch.
    pub fn epoch(&self) -> u32 {
        (TRAINED as u32).div_ceil(self.batch)
    }

    /// One run of the sweep.
    pub fn run(&self, index: u32, replica: u32) -> Run {
        Run {
            shape: self.shape(),
            rate: self.at(index).lr,
            batch: self.batch,
            decay: self.decay,
            init: self.init,
            seed: self.seed,
            replica,
            epoch: self.epoch(),
        }
    }
}

/// Ends of the sweep belong to its parameter: they go when that changes.
pub fn changed(p: &mut Params, key: &str) {
    if key == "x" {
        (p.x0, p.x1) = (None, None);
    }
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let (axis, mut problems) = p.axis_with_problems();
    p.x0 = p.x0.filter(|end| *end == axis.min);
    p.x1 = p.x1.filter(|end| *end == axis.max);
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
