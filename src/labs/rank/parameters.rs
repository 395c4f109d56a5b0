//! The parameters of the lab, and the rules across them.

use super::measured;
use crate::charts::figure::Axis;
use crate::labs::activation;
use crate::labs::direction::axis::axis;
use crate::labs::direction::cost;
use crate::models::activation::Activation;
use crate::models::modes::{Inputs, MOST_LAYERS, MOST_MODES, MOST_WIDTH, Teacher, Training};
use crate::params::{Domain, ParamSet, ParamSpec, Problem, Scale};
use crate::{choice, params};

choice! {
    /// What the map shows.
    pub enum MapLayer {
        /// The rank of trained networks.
        Measured = "measured",
        /// The number of positive exponents.
        Predicted = "predicted",
        /// The one less the other.
        Difference = "difference",
    }
}

choice! {
    /// The law of the inputs.
    pub enum InputsName {
        /// One mode at a time.
        OneHot = "one-hot",
        /// All modes, Gaussian.
        Dense = "dense",
    }
}

choice! {
    /// Pixels along each side of the map.
    pub enum Pixels {
        /// 16².
        Sixteen = "16",
        /// 24².
        TwentyFour = "24",
        /// 32².
        ThirtyTwo = "32",
        /// 48².
        FortyEight = "48",
        /// 64².
        SixtyFour = "64",
        /// 96².
        NinetySix = "96",
    }
}

impl Pixels {
    /// The number, a multiple of 8.
    pub fn side(self) -> usize {
        [16, 24, 32, 48, 64, 96][self as usize]
    }
}

const SGD: &str = "SGD";
const DATA: &str = "Data";
const NETWORK: &str = "Network";
const SIMULATION: &str = "Simulation";
const PICTURE: &str = "Picture";
/// Most work of the map: the other jobs together are less than as much again.
const MOST: f64 = 0.5 * cost::MOST;
const ENDS: Domain = Domain::Linear { min: 0.0, max: 1e6 };

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        /// What the map shows: the rank of trained networks, the predicted one, or where the two differ.
        layer: MapLayer = MapLayer::Measured, ParamSpec::new("map shows", "", Domain::Choice { names: MapLayer::NAMES })
            .group(PICTURE).labels(&["measured rank", "predicted rank", "measured less predicted"]);
        /// Learning rate of SGD, dimensionless.
        lr: f64 = 0.14, ParamSpec::new("learning rate", "λ", Domain::Log { min: 1e-3, max: 10.0 })
            .group(SGD).view(0.0, 0.35, Scale::Linear);
        /// Standard deviation of the label noise.
        noise: f64 = 2.7, ParamSpec::new("label noise", "σ", Domain::Linear { min: 0.0, max: 100.0 })
            .group(DATA).view(0.0, 4.0, Scale::Linear);
        /// One-hot: each sample shows one mode, with noise on its output only; the modes decouple. Dense: Gaussian inputs show all modes at once.
        inputs: InputsName = InputsName::OneHot, ParamSpec::new("inputs", "x", Domain::Choice { names: InputsName::NAMES })
            .group(DATA).labels(&["one-hot", "dense (Gaussian)"]);
        /// Strengths of the modes of the teacher y = s x, separated by commas, at most 8.
        strengths: Vec<f64> = vec![1.0, 0.7, 0.5, 0.3],
            ParamSpec::new("mode strengths", "s", Domain::List { min: -10.0, max: 10.0, max_len: MOST_MODES }).group(DATA);
        /// Hidden neurons of each layer; the rank cannot be higher.
        width: u32 = 4, ParamSpec::new("width", "m", Domain::Int { min: 1, max: MOST_WIDTH as u64, log: false }).group(NETWORK);
        /// Layers of weights. From three on the Hessian at the origin vanishes: there is no exponent to predict from.
        layers: u32 = 2, ParamSpec::new("layers of weights", "L", Domain::Int { min: 2, max: MOST_LAYERS as u64, log: false }).group(NETWORK);
        /// Activation function of the hidden neurons.
        activation: Activation = Activation::Linear, ParamSpec::new("activation", "φ", Domain::Choice { names: activation::NAMES })
            .group(NETWORK).labels(activation::LABELS);
        /// Samples per step, drawn with replacement.
        batch: u32 = 1, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 64, log: true }).group(SGD);
        /// Weight decay: each step also multiplies the weights by 1 − λγ.
        decay: f64 = 0.0, ParamSpec::new("weight decay", "γ", Domain::Linear { min: 0.0, max: 10.0 }).group(SGD);
        /// Standard deviation of the initial weights.
        init: f64 = 1e-3, ParamSpec::new("initial weights", "", Domain::Log { min: 1e-12, max: 1.0 }).group(SIMULATION);
        /// Steps of each training run.
        steps: u32 = 8000, ParamSpec::new("steps", "T", Domain::Int { min: 10, max: 100_000, log: true }).group(SIMULATION);
        /// Training runs per pixel.
        replicas: u32 = 5, ParamSpec::new("runs per pixel", "", Domain::Int { min: 1, max: 15, log: false }).group(SIMULATION);
        /// Pixels along each side of the map.
        pixels: Pixels = Pixels::ThirtyTwo, ParamSpec::new("pixels along a side", "", Domain::Choice { names: Pixels::NAMES }).group(SIMULATION);
        /// Seed of every random number; the same seed gives the same picture everywhere.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SIMULATION);
        /// Left end of the axis of learning rates; absent: 0.
        x0: Option<f64> = None, ParamSpec::new("left end", "", ENDS).optional();
        /// Right end of the axis of learning rates; absent: 0.35.
        x1: Option<f64> = None, ParamSpec::new("right end", "", ENDS).optional();
        /// Lower end of the axis of label noise; absent: 0.
        y0: Option<f64> = None, ParamSpec::new("lower end of the axis", "", ENDS).optional();
        /// Upper end of the axis of label noise; absent: 4.
        y1: Option<f64> = None, ParamSpec::new("upper end of the axis", "", ENDS).optional();
    }
}

/// Why there is no prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoExponent {
    /// `ReLU` has no Hessian at 0.
    Kink,
    /// With three layers or more the Hessian at 0 vanishes.
    Flat,
}

impl Params {
    /// What is to be learned at this noise.
    pub fn teacher(&self, noise: f64) -> Teacher {
        let inputs = match self.inputs {
            InputsName::OneHot => Inputs::OneHot,
            InputsName::Dense => Inputs::Dense,
        };
        Teacher { strengths: self.strengths.clone(), noise, inputs }
    }

    /// The network, and its training at this rate.
    pub fn training(&self, rate: f64) -> Training {
        Training {
            width: self.width,
            layers: self.layers,
            activation: self.activation,
            rate,
            decay: self.decay,
            batch: self.batch,
            init: self.init,
        }
    }

    /// Modes of the teacher.
    pub fn modes(&self) -> usize {
        self.strengths.len()
    }

    /// How many modes are stronger than this one, or as strong and before it in the list.
    pub fn place(&self, mode: usize) -> usize {
        let own = self.strengths[mode].abs();
        let is_before = |&(other, strength): &(usize, &f64)| {
            strength.abs() > own || (strength.abs() == own && other < mode)
        };
        self.strengths.iter().enumerate().filter(is_before).count()
    }

    /// The highest rank that the network can have.
    pub fn most_rank(&self) -> usize {
        self.modes().min(self.width as usize)
    }

    /// The slope of the activation at 0, with which the origin is the saddle of the linear network.
    ///
    /// # Errors
    /// If the origin has no such linearisation.
    pub fn slope(&self) -> Result<f64, NoExponent> {
        if self.layers > 2 {
            return Err(NoExponent::Flat);
        }
        self.activation.slope_at_origin().ok_or(NoExponent::Kink)
    }
}

/// The two axes of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Learning rates.
    pub x: Axis,
    /// Label noise.
    pub y: Axis,
}

impl Plane {
    /// The plane of a state.
    pub fn of(p: &Params) -> Self {
        Self::with_problems(p).0
    }

    fn with_problems(p: &Params) -> (Self, Vec<Problem>) {
        let spec = |key: &str| &Params::specs()[Params::index(key).unwrap_or_default()];
        let view = |spec: &ParamSpec| spec.view.unwrap_or((0.0, 1.0, Scale::Linear));
        let mut problems = Vec::new();
        let (lr, noise) = (spec("lr"), spec("noise"));
        let x = axis(lr, view(lr), ["x0", "x1"], (p.x0, p.x1, None), &mut problems);
        let y = axis(noise, view(noise), ["y0", "y1"], (p.y0, p.y1, None), &mut problems);
        (Self { x, y }, problems)
    }
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = Plane::with_problems(p).1;
    for problem in &problems {
        if problem.key.starts_with('x') {
            (p.x0, p.x1) = (None, None);
        } else {
            (p.y0, p.y1) = (None, None);
        }
    }
    check_work(p, &mut problems);
    problems
}

/// Keeps the work of the map within its bound: fewer pixels, then fewer steps.
fn check_work(p: &mut Params, problems: &mut Vec<Problem>) {
    let asked = (p.pixels, p.steps);
    while measured::cost(p) > MOST && p.pixels != Pixels::Sixteen {
        p.pixels = Pixels::ALL[p.pixels as usize - 1];
    }
    while measured::cost(p) > MOST && p.steps > 10 {
        let affordable = f64::from(p.steps) * MOST / measured::cost(p);
        p.steps = (affordable as u32 - 1).max(10);
    }
    if asked != (p.pixels, p.steps) {
        let (from, to) = (asked.0.side(), p.pixels.side());
        problems.push(Problem::new(
            "steps",
            format!(
                "steps: {} steps of {} runs at {from}² pixels are too much work; {} steps at {to}² pixels are used instead.",
                asked.1, p.replicas, p.steps
            ),
        ));
    }
}
