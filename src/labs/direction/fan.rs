//! The fan chart of one direction: how `log|z_t/z_0|` spreads over time, exactly and in a few simulated runs.
//!
//! One job: shard 0 holds the exact curves, shard 1 the runs, from which `picture` draws the figure. A lab makes a
//! [`Fan`] and forwards its job, its shards, its figure, table and words.

mod picture;

use super::cost::{Costs, SHARD};
use super::point::{read_estimate, write_estimate};
use super::quantities::estimated;
use super::sgd::{Direction, Sgd};
use crate::core::exponent::Estimate;
use crate::core::product;
use crate::core::walk::{self, Method, moments};
use crate::labs::summary::{about, number};
use crate::labs::{Done, Job, Quantity};
use core::f64::consts::LN_10;

/// Simulated runs: two blocks of sixteen.
pub const RUNS: usize = 32;

/// Most intervals between the times of a chart.
const INTERVALS: u32 = 100;

/// Probabilities of the quantiles: the outermost only choose the vertical range.
const PROBABILITIES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// Numbers before the rows of shard 0: the estimate of `log N` and the exponent.
const HEAD: usize = 5;

/// Numbers per row: step, `log E|z|`, `½ log E z²`, quantiles, code of the method, error.
const ROW: usize = 12;

/// The fan chart of one direction.
#[derive(Clone, Copy, Debug)]
pub struct Fan<'a> {
    /// Name of the figure and of its job, unique in the lab.
    pub id: &'static str,
    /// SGD and the data.
    pub sgd: &'a Sgd,
    /// Which direction.
    pub direction: Direction,
    /// Steps drawn: the lab's parameter `horizon`.
    pub horizon: u32,
}

/// The exact curves at one time, nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Step.
    pub t: f64,
    /// `log E|z_t/z_0|`.
    pub mean: f64,
    /// `½ log E(z_t/z_0)²`.
    pub root_mean_square: f64,
    /// 1, 5, 25, 50, 75, 95 and 99 %; `−∞` where so many runs have landed on the saddle.
    pub quantiles: [f64; 7],
    /// How the quantiles were had, with their error in nats.
    pub method: Method,
}

impl Row {
    /// Whether the quantiles are known with an error.
    pub fn known(&self) -> bool {
        !matches!(self.method, Method::CentralLimit { position_error } if position_error == f64::INFINITY)
    }
}

/// The exact curves.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// `Λ`.
    pub exponent: f64,
    /// Natural logarithm of the number of runs that show `E|z_t|` at the last step.
    pub log_runs: Estimate,
    /// At the times of the chart; the last may lie after the horizon.
    pub rows: Vec<Row>,
}

/// The simulated runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Runs {
    /// Steps between two rows.
    pub stride: u32,
    /// `log|z_t/z_0|` at the times 0, stride, …: [`RUNS`] numbers each.
    pub rows: Vec<Vec<f64>>,
}

impl Fan<'_> {
    /// The job. If `direction` follows a parameter of the lab, push its key to `depends`.
    pub fn job(&self) -> Job {
        let mut depends = self.sgd.keys();
        depends.push("horizon");
        if !depends.contains(&"seed") {
            depends.push("seed");
        }
        let costs = Costs::of(self.sgd);
        let cost = costs.preparation + 20.0 * costs.alone + 1e7;
        Job { name: self.id, depends, shards: 2, chain: false, cost, on_demand: false }
    }

    /// Shard 0: the exact curves. Shard 1: the runs. Empty where the parameters describe no law.
    pub fn compute(&self, shard: u32) -> Vec<f64> {
        if shard == 0 { self.exact() } else { self.simulated() }
    }

    fn stride(&self) -> u32 {
        self.horizon.div_ceil(INTERVALS)
    }

    fn exact(&self) -> Vec<f64> {
        let Some(law) = self.sgd.batch_law() else { return Vec::new() };
        let factor = self.sgd.factor(self.direction);
        let stride = self.stride();
        let times: Vec<u32> = (0..=self.horizon.div_ceil(stride)).map(|index| index * stride).collect();
        let found = walk::quantiles(&law, factor, &times, &PROBABILITIES);
        let mean = moments::log_norm(&law, factor, 1.0, 1);
        let root_mean_square = moments::log_root_mean_square(&law, factor, 1);
        let mut numbers = Vec::with_capacity(HEAD + ROW * times.len());
        write_estimate(&mut numbers, &moments::log_runs_to_see(&law, factor, 1.0, self.horizon));
        numbers.push(law.exponent(factor.0, factor.1).value);
        for ((t, quantiles), method) in times.iter().zip(&found.values).zip(&found.methods) {
            let steps = f64::from(*t);
            let over = |rate: f64| if *t == 0 { 0.0 } else { steps * rate };
            numbers.extend([steps, over(mean), over(root_mean_square)]);
            numbers.extend(quantiles);
            numbers.extend(match method {
                Method::Exact => [0.0, 0.0],
                Method::Blurred { position_error } => [1.0, *position_error],
                Method::CentralLimit { position_error } => [2.0, *position_error],
            });
        }
        numbers
    }

    /// Steps of the simulated runs: the horizon (to the end of its last interval), less where batches are so large
    /// that one shard would take too long.
    fn simulated_steps(&self, cost: f64) -> u32 {
        let affordable = SHARD / (RUNS as f64 * cost);
        let wanted = self.horizon.div_ceil(self.stride()) * self.stride();
        wanted.min((affordable as u32).max(10))
    }

    fn simulated(&self) -> Vec<f64> {
        let Some(sampler) = self.sgd.sampler() else { return Vec::new() };
        let factor = self.sgd.factor(self.direction);
        let steps = (self.simulated_steps(sampler.cost()), self.stride());
        product::log_products(&sampler, factor, steps, (self.sgd.seed, 0), RUNS as u32)
    }

    /// The exact curves, once they are there.
    pub fn curves(&self, done: &Done) -> Option<Curves> {
        let numbers = done.shards(self.id).first()?.as_deref()?;
        let row = |row: &[f64]| {
            Some(Row {
                t: row[0],
                mean: row[1],
                root_mean_square: row[2],
                quantiles: *row[3..].first_chunk()?,
                method: match row[10] {
                    0.0 => Method::Exact,
                    1.0 => Method::Blurred { position_error: row[11] },
                    _ => Method::CentralLimit { position_error: row[11] },
                },
            })
        };
        Some(Curves {
            exponent: *numbers.get(HEAD - 1)?,
            log_runs: read_estimate(numbers.first_chunk()?),
            rows: numbers[HEAD..].chunks_exact(ROW).filter_map(row).collect(),
        })
    }

    /// The simulated runs, once they are there.
    pub fn runs(&self, done: &Done) -> Option<Runs> {
        let numbers = done.shards(self.id).get(1)?.as_deref()?;
        let rows: Vec<Vec<f64>> = numbers.chunks_exact(RUNS).map(<[f64]>::to_vec).collect();
        (!rows.is_empty()).then_some(Runs { stride: self.stride(), rows })
    }

    /// Whether the figure has something to show.
    pub fn ready(&self, done: &Done) -> bool {
        done.shards(self.id).first().is_some_and(Option::is_some)
    }

    /// How many runs it takes to see the mean distance at the last step.
    pub fn runs_to_see_mean(&self, done: &Done) -> Quantity {
        let log = self.curves(done).map(|curves| curves.log_runs);
        let label = "runs needed to see the mean distance at the last step";
        let mut quantity = estimated("runs_to_see_mean", label, "n", log);
        if let Some(log) = log {
            // beyond the largest double there is no number to give, only its words
            let runs = libm::exp(log.value);
            quantity.value = runs.is_finite().then(|| vec![runs]);
            quantity.words = format!("about {}", about(log.value / LN_10));
            quantity.method = format!("e^D, D = {} nats, {}", number(log.value, 4), quantity.method);
        }
        quantity
    }
}
