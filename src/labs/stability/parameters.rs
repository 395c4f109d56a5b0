//! The parameters of the lab, and the rules across them.

use super::histogram;
use crate::charts::figure::Axis;
use crate::labs::direction::axis::axis;
use crate::labs::direction::cost::MOST;
use crate::labs::direction::sgd::Sgd;
use crate::params;
use crate::params::{Domain, ParamSet, ParamSpec, Problem, Scale};

const SIMULATION: &str = "Simulation";
const ENDS: Domain = Domain::Linear { min: 0.0, max: 1e6 };
/// The range of the learning rate that figures have by themselves.
const VIEW: (f64, f64, Scale) = (0.0, 2.0, Scale::Linear);

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        ..
        /// SGD near the stationary point, and the law of the data.
        sgd: Sgd = standard();
        /// Steps of the simulated runs and of the fan chart.
        horizon: u32 = 200, ParamSpec::new("steps", "T", Domain::Int { min: 10, max: 2000, log: true }).group(SIMULATION);
        /// Simulated runs.
        replicas: u32 = 1000, ParamSpec::new("runs", "", Domain::Int { min: 1, max: 100_000, log: true }).group(SIMULATION);
        /// Left end of the axis of learning rates; absent: 0.
        x0: Option<f64> = None, ParamSpec::new("left end", "", ENDS).optional();
        /// Right end of the axis of learning rates; absent: 2.
        x1: Option<f64> = None, ParamSpec::new("right end", "", ENDS).optional();
        /// Logarithmic axis of learning rates.
        xlog: Option<bool> = None, ParamSpec::new("logarithmic axis", "", Domain::Toggle).optional();
    }
}

/// A saddle under every law: a direction that the mean loss descends (E h < 0).
fn standard() -> Sgd {
    Sgd {
        lr: 0.5,
        a: -1.2,
        values: vec![1.0, 0.2, -1.2],
        mean: -0.2,
        std: 1.0,
        low: -1.4,
        high: 1.0,
        slope: -0.3,
        ..Sgd::default()
    }
}

/// The axis of learning rates.
pub fn rates(p: &Params) -> Axis {
    rates_with_problems(p).0
}

fn rates_with_problems(p: &Params) -> (Axis, Vec<Problem>) {
    let spec = &Sgd::specs()[Sgd::index("lr").unwrap_or_default()];
    let mut problems = Vec::new();
    let axis = axis(spec, VIEW, ["x0", "x1"], (p.x0, p.x1, p.xlog), &mut problems);
    (axis, problems)
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = p.sgd.check(&standard());
    let ends = rates_with_problems(p).1;
    if !ends.is_empty() {
        (p.x0, p.x1) = (None, None);
        problems.extend(ends);
    }
    check_work(p, &mut problems);
    problems
}

/// Ends of the axis belong to its scale and its law: they go when those change.
pub fn changed(p: &mut Params, key: &str) {
    if key == "law" || key == "xlog" {
        (p.x0, p.x1) = (None, None);
    }
    if key == "law" {
        p.xlog = None;
    }
}

/// Keeps the work of the simulated runs within its bound: fewer runs, then fewer steps.
fn check_work(p: &mut Params, problems: &mut Vec<Problem>) {
    let asked = (p.horizon, p.replicas);
    p.horizon = p.horizon.min(histogram::most_steps(p));
    if histogram::cost(p) > MOST {
        // Sixteen runs advance together.
        let blocks = f64::from(p.replicas) / 16.0 * MOST / histogram::cost(p);
        p.replicas = 16 * (blocks as u32).max(1);
    }
    if asked != (p.horizon, p.replicas) {
        problems.push(Problem::new(
            "horizon",
            format!(
                "horizon: {} steps of {} runs, {} draws each, are too much work; {} steps of {} runs are used instead.",
                asked.0, asked.1, p.sgd.batch, p.horizon, p.replicas
            ),
        ));
    }
}
