//! The parameters of the lab, and the rules across them.

use super::escape;
use crate::charts::figure::Axis;
use crate::labs::activation;
use crate::labs::direction::axis::axis;
use crate::labs::direction::cost::MOST;
use crate::models::activation::Activation;
use crate::models::biased_neuron::BiasedNeuron;
use crate::params;
use crate::params::{Domain, ParamSet, ParamSpec, Problem, Scale};

const SGD: &str = "SGD";
const DATA: &str = "Data";
const NETWORK: &str = "Network";
const SIMULATION: &str = "Simulation";
const ENDS: Domain = Domain::Linear { min: 0.0, max: 1e6 };
const VIEW: (f64, f64, Scale) = (0.01, 1.0, Scale::Log);

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        /// Learning rate of SGD, dimensionless.
        lr: f64 = 0.1, ParamSpec::new("learning rate", "λ", Domain::Log { min: 1e-3, max: 10.0 }).group(SGD);
        /// Fixed bias of the hidden neuron of u φ(w x + b). At 0 every sample's gradient vanishes at the origin; elsewhere it does not.
        bias: f64 = 0.2, ParamSpec::new("hidden bias", "b", Domain::Linear { min: 0.0, max: 3.0 }).group(NETWORK);
        /// Activation function.
        activation: Activation = Activation::Tanh, ParamSpec::new("activation", "φ", Domain::Choice { names: activation::NAMES })
            .group(NETWORK).labels(activation::LABELS);
        /// Slope k of the teacher y = kx + σε.
        slope: f64 = 1.0, ParamSpec::new("slope", "k", Domain::Linear { min: 0.0, max: 10.0 }).group(DATA);
        /// Standard deviation σ of the label noise.
        noise: f64 = 0.5, ParamSpec::new("label noise", "σ", Domain::Linear { min: 0.0, max: 100.0 }).group(DATA);
        /// Samples per step.
        batch: u32 = 1, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 64, log: true }).group(SGD);
        /// Distance from the saddle at which runs start, along its escape direction.
        init: f64 = 1e-6, ParamSpec::new("initial distance", "r₀", Domain::Log { min: 1e-12, max: 1e-2 }).group(SIMULATION);
        /// Distance along the escape direction at which a run has left.
        exit: f64 = 0.2, ParamSpec::new("exit distance", "R", Domain::Log { min: 0.02, max: 1.0 }).group(SIMULATION);
        /// Runs at each learning rate.
        replicas: u32 = 60, ParamSpec::new("runs per rate", "", Domain::Int { min: 1, max: 1000, log: true }).group(SIMULATION);
        /// Most steps of a run.
        steps: u32 = 20_000, ParamSpec::new("most steps", "T", Domain::Int { min: 10, max: 200_000, log: true }).group(SIMULATION);
        /// Seed of every random number; the same seed gives the same picture everywhere.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SIMULATION);
        /// Left end of the axis of learning rates; absent: 0.01.
        x0: Option<f64> = None, ParamSpec::new("left end", "", ENDS).optional();
        /// Right end of the axis of learning rates; absent: 1.
        x1: Option<f64> = None, ParamSpec::new("right end", "", ENDS).optional();
    }
}

impl Params {
    /// The neuron with this bias.
    pub fn neuron(&self, bias: f64) -> BiasedNeuron {
        BiasedNeuron { activation: self.activation, bias, slope: self.slope, noise: self.noise }
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
    let asked = (p.replicas, p.steps);
    while escape::cost(p) > 0.5 * MOST && p.replicas > 1 {
        p.replicas /= 2;
    }
    while escape::cost(p) > 0.5 * MOST && p.steps > 10 {
        p.steps = (p.steps / 2).max(10);
    }
    if asked != (p.replicas, p.steps) {
        problems.push(Problem::new(
            "steps",
            format!(
                "steps: {} steps of {} runs at each rate are too much work; {} steps of {} runs are used instead.",
                asked.1, asked.0, p.steps, p.replicas
            ),
        ));
    }
    problems
}
