//! The runs of a sweep as jobs, and what is known of them: one chain of shards per run, the last of which looks at the network.

use super::digits::{self, TRAINED};
use super::parameters::{AxisName, MOST_RATES, MOST_RUNS, Params};
use super::training::{Head, Outcome};
use crate::core::stats;
use crate::labs::direction::cost::SHARD;
use crate::labs::{Done, Job, LabError};
use crate::models::activation::Activation;
use crate::params::Problem;
use std::sync::LazyLock;

/// Most work of a sweep, in elementary steps. More than other labs allow: at depth 8 the default sweep needs it, and the page
/// asks before it starts.
pub const MOST: f64 = 3.5e10;
/// Work of one multiplication and addition, in elementary steps.
const PRODUCT: f64 = 0.15;
/// What the training depends on, but for [`held`] and the number of runs.
const KEYS: &[&str] = &[
    "batch",
    "decay",
    "epochs",
    "depth",
    "width",
    "activation",
    "loss",
    "residual",
    "init",
    "rates",
    "x",
    "x0",
    "x1",
    "seed",
];

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    (0..MOST_RUNS).flat_map(|run| (0..MOST_RATES).map(move |rate| format!("run-{run}-rate-{rate}"))).collect()
});

/// Of the learning rate and the label noise the key of the one that is the same at all values of the sweep.
pub fn held(p: &Params) -> &'static str {
    match p.x {
        AxisName::Lr => AxisName::Noise.name(),
        AxisName::Noise => AxisName::Lr.name(),
    }
}

/// The name of the job of one run.
pub fn name(rate: u32, run: u32) -> &'static str {
    &NAMES[(run * MOST_RATES + rate) as usize]
}

/// Rate and run of a job.
pub fn place(job: &str) -> Option<(u32, u32)> {
    let (run, rate) = job.strip_prefix("run-")?.split_once("-rate-")?;
    Some((rate.parse().ok()?, run.parse().ok()?))
}

/// Estimated work of one value of an activation with its slope.
fn activation_cost(activation: Activation) -> f64 {
    match activation {
        Activation::Linear | Activation::Relu => 1.0,
        Activation::Tanh | Activation::Swish => 6.0,
        Activation::Gelu => 15.0,
    }
}

/// Work of one pass forward for a sample.
fn forward(p: &Params) -> f64 {
    let shape = p.shape();
    let hidden = (shape.width * (shape.depth - 1)) as f64;
    150.0 + PRODUCT * shape.count() as f64 + hidden * activation_cost(shape.activation)
}

/// Work of one step.
fn step(p: &Params) -> f64 {
    let count = p.shape().count() as f64;
    f64::from(p.batch) * (forward(p) + 2.0 * PRODUCT * count) + PRODUCT * count
}

/// Work of the look at the end of a run.
fn look(p: &Params) -> f64 {
    let width = f64::from(p.width);
    TRAINED as f64 * (1.2 * forward(p) + PRODUCT * width * width) + 10.0 * width * width * width
}

/// Steps of a training shard.
fn piece(p: &Params) -> u32 {
    ((SHARD / step(p)) as u32).max(1)
}

fn steps(p: &Params) -> u32 {
    p.epochs * p.epoch()
}

/// Shards of a run.
pub fn shards(p: &Params) -> u32 {
    steps(p).div_ceil(piece(p)) + 1
}

/// Work of a run.
pub fn cost(p: &Params) -> f64 {
    f64::from(steps(p)) * step(p) + look(p)
}

/// The runs, the first at every value before the second at any.
pub fn jobs(p: &Params) -> Vec<Job> {
    let job = |rate, run| Job {
        name: name(rate, run),
        depends: [KEYS, &[held(p)]].concat(),
        shards: shards(p),
        chain: true,
        cost: cost(p),
        on_demand: false,
    };
    (0..p.runs).flat_map(|run| (0..p.rates).map(move |rate| job(rate, run))).collect()
}

/// One shard of a run. Without the shard before it the run begins anew: the result is the same.
///
/// # Errors
/// If the digits are not at hand.
pub fn compute(
    p: &Params,
    rate: u32,
    replica: u32,
    shard: u32,
    previous: Option<&[f64]>,
) -> Result<Vec<f64>, LabError> {
    let lacking = || LabError::Law("The handwritten digits have not been loaded.".to_owned());
    let digits = digits::load(p.at(rate).noise, p.seed).ok_or_else(lacking)?;
    let run = p.run(rate, replica);
    let last = shard + 1 >= shards(p);
    let end = if last { steps(p) } else { ((shard + 1) * piece(p)).min(steps(p)) };
    let resumed = previous.filter(|_| shard > 0).and_then(|state| run.resume(state));
    let Some(mut progress) = resumed.or_else(|| run.start()) else {
        return Err(LabError::NoSuch(format!("network of depth {}", p.depth)));
    };
    if last {
        run.advance(&mut progress, end, &digits.train);
        return Ok(run.outcome(&progress, &digits).store().to_vec());
    }
    // what is missing before the piece; the epochs of the piece are the next
    run.advance(&mut progress, shard * piece(p), &digits.train);
    progress.course.clear();
    run.advance(&mut progress, end, &digits.train);
    Ok(progress.store())
}

/// Drops the weights of a training shard, which only the next one needed.
pub fn spent(values: &mut Vec<f64>) {
    let weights = Head::read(values).map_or(0, |(_, weights)| weights.len());
    values.truncate(values.len() - weights);
    values.shrink_to_fit();
}

/// Outcomes of the finished runs at a value of the sweep.
pub fn outcomes(p: &Params, done: &Done, rate: u32) -> Vec<Outcome> {
    let outcome = |run| {
        let last = done.shards(name(rate, run)).last()?.as_deref()?;
        Some(Outcome::load(last.first_chunk()?))
    };
    (0..p.runs).filter_map(outcome).collect()
}

/// The course of a run as far as it is there: epochs done, mean loss of the batches of the last of them.
pub fn course(p: &Params, done: &Done, rate: u32, run: u32) -> Vec<(f64, f64)> {
    let shards = done.shards(name(rate, run));
    let training = &shards[..shards.len().saturating_sub(1)];
    let heads = training.iter().map_while(|shard| Some(Head::read(shard.as_deref()?)?.0));
    let losses = heads.flat_map(|head| head.course.to_vec());
    losses.enumerate().map(|(epoch, loss)| ((epoch + 1) as f64, loss)).take(p.epochs as usize).collect()
}

/// Quartiles over the runs that did not diverge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter of the runs is below.
    pub low: f64,
    /// Half of them.
    pub median: f64,
    /// A quarter is above.
    pub high: f64,
}

/// What the runs at one value of the sweep did.
#[derive(Clone, Debug, PartialEq)]
pub struct AtRate {
    /// The value.
    pub place: f64,
    /// Finished runs.
    pub runs: usize,
    /// Of them, runs that diverged.
    pub diverged: usize,
    /// Runs that collapsed.
    pub collapsed: usize,
    outcomes: Vec<Outcome>,
}

impl AtRate {
    /// The runs at a value; `None` before the first is finished.
    pub fn of(p: &Params, done: &Done, rate: u32) -> Option<Self> {
        let outcomes = outcomes(p, done, rate);
        (!outcomes.is_empty()).then(|| Self {
            place: p.place(rate),
            runs: outcomes.len(),
            diverged: outcomes.iter().filter(|outcome| outcome.diverged).count(),
            collapsed: outcomes.iter().filter(|outcome| outcome.collapsed()).count(),
            outcomes,
        })
    }

    /// Quartiles of a number over the runs that did not diverge; `None` if more than half did.
    pub fn quartiles(&self, number: fn(&Outcome) -> f64) -> Option<Quartiles> {
        if self.mostly_diverged() {
            return None;
        }
        let mut values: Vec<f64> =
            self.outcomes.iter().filter(|outcome| !outcome.diverged).map(number).collect();
        stats::sort(&mut values);
        let at = |part| stats::quantile(&values, part);
        Some(Quartiles { low: at(0.25), median: at(0.5), high: at(0.75) })
    }

    /// Whether more than half of the runs diverged.
    pub fn mostly_diverged(&self) -> bool {
        2 * self.diverged > self.runs
    }

    /// Whether more than half of the runs collapsed.
    pub fn mostly_collapsed(&self) -> bool {
        2 * self.collapsed > self.runs
    }
}

/// All values at which a run is finished, ascending.
pub fn known(p: &Params, done: &Done) -> Vec<AtRate> {
    (0..p.rates).filter_map(|rate| AtRate::of(p, done, rate)).collect()
}

/// Keeps the work of the sweep within its bound: fewer runs at each rate, then fewer epochs.
pub fn bound_work(p: &mut Params, problems: &mut Vec<Problem>) {
    let asked = (p.runs, p.epochs);
    let total = |p: &Params| cost(p) * f64::from(p.rates) * f64::from(p.runs);
    while total(p) > MOST && p.runs > 1 {
        p.runs -= 1;
    }
    while total(p) > MOST && p.epochs > 1 {
        p.epochs -= 1;
    }
    if asked != (p.runs, p.epochs) {
        problems.push(Problem::new(
            "runs",
            format!(
                "runs: {} runs of {} epochs at each of {} {} are too much work for this network; {} runs of {} epochs are used \
                 instead.",
                asked.0,
                asked.1,
                p.rates,
                p.several(),
                p.runs,
                p.epochs
            ),
        ));
    }
}
