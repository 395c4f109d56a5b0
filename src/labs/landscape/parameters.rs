//! The parameters of the lab, and the rules across them.

use super::ends;
use crate::charts::figure::Axis;
use crate::core::rng::{Purpose, Stream};
use crate::labs::activation;
use crate::labs::direction::axis::axis;
use crate::labs::direction::cost::MOST;
use crate::models::activation::Activation;
use crate::models::hidden_neuron::{Samples, Training};
use crate::params;
use crate::params::{Domain, ParamSet, ParamSpec, Problem, Scale};

const SGD: &str = "SGD";
const DATA: &str = "Data";
const SIMULATION: &str = "Simulation";
const ENDS: Domain = Domain::Linear { min: 0.0, max: 1e6 };
/// The range of the learning rate that figures have by themselves.
const VIEW: (f64, f64, Scale) = (0.01, 3.0, Scale::Log);

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        /// Learning rate of SGD, dimensionless.
        lr: f64 = 0.1, ParamSpec::new("learning rate", "λ", Domain::Log { min: 1e-3, max: 10.0 }).group(SGD);
        /// Samples per step, drawn with replacement.
        batch: u32 = 1, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 64, log: true }).group(SGD);
        /// Weight decay: each step also multiplies the weights by 1 − λγ.
        decay: f64 = 0.0, ParamSpec::new("weight decay", "γ", Domain::Linear { min: 0.0, max: 10.0 }).group(SGD);
        /// Activation function of the hidden neuron.
        activation: Activation = Activation::Gelu, ParamSpec::new("activation", "φ", Domain::Choice { names: activation::NAMES })
            .group("Network").labels(activation::LABELS);
        /// The teacher is φ(x) + q φ(−x): at q > 0 a second minimum, with the wrong sign of w, fits its smaller half.
        mirror: f64 = 0.7, ParamSpec::new("mirrored half", "q", Domain::Linear { min: -1.0, max: 1.0 }).group(DATA);
        /// Standard deviation of the label noise.
        noise: f64 = 0.2, ParamSpec::new("label noise", "σ", Domain::Linear { min: 0.0, max: 100.0 }).group(DATA);
        /// Samples, drawn once; inputs are standard normal.
        samples: u32 = 512, ParamSpec::new("data-set size", "N", Domain::Int { min: 4, max: 1024, log: true }).group(DATA);
        /// Runs start uniformly in the square of this half side around the origin.
        spread: f64 = 1.5, ParamSpec::new("starts within", "", Domain::Log { min: 1e-6, max: 10.0 }).group(SIMULATION);
        /// Steps of each run.
        steps: u32 = 3000, ParamSpec::new("steps", "T", Domain::Int { min: 10, max: 100_000, log: true }).group(SIMULATION);
        /// Runs at each learning rate.
        starts: u32 = 200, ParamSpec::new("runs per rate", "", Domain::Int { min: 10, max: 2000, log: true }).group(SIMULATION);
        /// Seed of every random number; the same seed gives the same picture everywhere.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SIMULATION);
        /// Left end of the axis of learning rates; absent: 0.01.
        x0: Option<f64> = None, ParamSpec::new("left end", "", ENDS).optional();
        /// Right end of the axis of learning rates; absent: 3.
        x1: Option<f64> = None, ParamSpec::new("right end", "", ENDS).optional();
    }
}

impl Params {
    /// The data set: `y = φ(x) + q φ(−x) + σ ε`.
    pub fn data(&self) -> Samples {
        let mut stream = Stream::new(Purpose::DataSet, self.seed, 0, 0);
        let phi = |x: f64| self.activation.value(x);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..self.samples {
            let input = stream.normal();
            x.push(input);
            y.push(phi(input) + self.mirror * phi(-input) + self.noise * stream.normal());
        }
        Samples { x, y }
    }

    /// Training at a rate.
    pub fn training(&self, rate: f64) -> Training {
        Training {
            activation: self.activation,
            rate,
            decay: self.decay,
            batch: self.batch,
            spread: self.spread,
        }
    }
}

/// The axis of learning rates.
pub fn rates(p: &Params) -> Axis {
    rates_with_problems(p).0
}

fn rates_with_problems(p: &Params) -> (Axis, Vec<Problem>) {
    let spec = &Params::specs()[Params::index("lr").unwrap_or_default()];
    let mut problems = Vec::new();
    let axis = axis(spec, VIEW, ["x0", "x1"], (p.x0, p.x1, Some(true)), &mut problems);
    (axis, problems)
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = rates_with_problems(p).1;
    if !problems.is_empty() {
        (p.x0, p.x1) = (None, None);
    }
    let asked = (p.starts, p.steps);
    while ends::cost(p) > 0.5 * MOST && p.starts > 10 {
        p.starts = (p.starts / 2).max(10);
    }
    while ends::cost(p) > 0.5 * MOST && p.steps > 10 {
        p.steps = (p.steps / 2).max(10);
    }
    if asked != (p.starts, p.steps) {
        problems.push(Problem::new(
            "steps",
            format!(
                "steps: {} steps of {} runs at each rate are too much work; {} steps of {} runs are used instead.",
                asked.1, asked.0, p.steps, p.starts
            ),
        ));
    }
    problems
}
