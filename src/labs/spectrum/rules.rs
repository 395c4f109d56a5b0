//! The rules across the parameters, and the bounds on work.

use super::parameters::{Draws, Exponents, LawName, Params, rates_with_problems};
use super::{run, sweep};
use crate::core::matrix_product::Product;
use crate::labs::direction::cost::MOST;
use crate::params::{Data, Problem};

/// Largest of the reader's numbers in size: sixteen steps stay inside the doubles.
const LARGEST: f64 = 1e30;
/// Most work of sixteen steps, which no shard can cut.
const MOST_UNIT: f64 = 3e7;
/// Most numbers kept of all chains of one state: what a session keeps of the present state is not thrown away.
const MOST_NUMBERS: f64 = 7e6;

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = rates_with_problems(p).1;
    if !problems.is_empty() {
        (p.x0, p.x1) = (None, None);
    }
    check_data(p, &mut problems);
    check_batch(p, &mut problems);
    check_steps(p, &mut problems);
    problems
}

/// Ends of the axis belong to its scale and its source: they go when those change.
pub fn changed(p: &mut Params, key: &str) {
    if matches!(key, "law" | "xlog" | "dim" | "input_law" | "noise" | "data") {
        (p.x0, p.x1) = (None, None);
    }
}

/// Keeps the reader's numbers small enough to be multiplied, and batches without replacement within the list.
fn check_data(p: &mut Params, problems: &mut Vec<Problem>) {
    if p.law != LawName::Data {
        return;
    }
    let numbers = p.data.as_ref().and_then(Data::numbers);
    if let Some(place) = numbers.as_ref().and_then(|all| all.iter().position(|x| x.abs() > LARGEST)) {
        let value = numbers.map_or(0.0, |all| all[place]);
        problems.push(Problem::new(
            "data",
            format!(
                "data: number {} is {value:e}, at most 1e30 in size is allowed; the sample is used instead.",
                place + 1
            ),
        ));
        p.data = None;
    }
    let samples = p.samples();
    if p.draws == Draws::Without && p.batch as usize > samples {
        problems.push(Problem::new(
            "batch",
            format!(
                "batch: {} samples cannot be drawn from {samples} without replacement; {samples} are used instead.",
                p.batch
            ),
        ));
        p.batch = samples as u32;
    }
}

/// Work of sixteen steps.
pub fn unit_cost(p: &Params) -> f64 {
    let Ok(law) = p.hessians() else { return 0.0 };
    let (all, top) = Product::costs(&law, &p.factor(p.lr));
    16.0 * if p.exponents == Exponents::All { all } else { top }
}

/// Keeps sixteen steps within a shard: smaller batches.
fn check_batch(p: &mut Params, problems: &mut Vec<Problem>) {
    let asked = p.batch;
    while unit_cost(p) > MOST_UNIT && p.batch > 1 {
        p.batch = (p.batch / 2).max(1);
    }
    if p.batch < asked {
        let dim = p.dimension();
        problems.push(Problem::new(
            "batch",
            format!("batch: steps with {asked} samples in {dim} dimensions are too much work; {} are used instead.", p.batch),
        ));
    }
}

/// Keeps the work of all chains, and the numbers that they leave, within their bounds: fewer steps.
fn check_steps(p: &mut Params, problems: &mut Vec<Problem>) {
    let asked = p.steps;
    let too_much = |p: &Params| {
        let (point, others) = (run::schedule(p), sweep::schedule(p));
        let chains = sweep::count(p) as f64;
        let work = point.cost() + chains * others.cost();
        let shards = f64::from(point.shards()) + chains * f64::from(others.shards());
        work > MOST || shards * run::state_size(p) > MOST_NUMBERS
    };
    while p.steps > 10 && too_much(p) {
        p.steps = (p.steps / 5 * 4).max(10);
    }
    if p.steps < asked {
        let text = format!(
            "steps: {asked} steps with matrices of {} rows are too much work; {} are used instead.",
            p.dimension(),
            p.steps
        );
        problems.push(Problem::new("steps", text));
    }
}
