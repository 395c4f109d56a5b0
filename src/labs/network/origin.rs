//! The exponent of the origin on the same data: products of random matrices, one chain of shards per value of the
//! sweep.
//!
//! A hidden neuron with output weights `v` and input weights `w` obeys, near `0`, `(v, w) ← M (v, w)` with
//! `M = (1 − λγ) I + λφ′(0) [[0, G], [Gᵀ, 0]]`, `G` the batch mean of `r xᵀ` and `r` the residual at output 0; every hidden neuron the
//! same. It holds for two layers, and for residual networks, whose inner matrices do not enter at first order.

use super::digits::{self, CLASSES, Digits, PIXELS};
use super::parameters::{AxisName, MOST_RATES, Params};
use super::sweep::held;
use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::matrix_product::{Plan, Product, Replicas, TopChain, UNIT};
use crate::core::singular_values::singular_values;
use crate::labs::direction::cost::SHARD;
use crate::labs::{Done, Job, LabError};
use crate::models::loss::Loss;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::LazyLock;

/// Work of all steps at one value of the sweep.
const WORK: f64 = 1.2e8;
/// Batches that a run is planned for: more than 64, and the burn-in.
const BATCHES: u32 = 72;
/// Longest batch, in steps.
const LONGEST: f64 = 4096.0;

/// What the product depends on, but for [`held`].
const KEYS: &[&str] =
    &["batch", "decay", "activation", "loss", "depth", "residual", "rates", "x", "x0", "x1", "seed"];

static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..MOST_RATES).map(|rate| format!("origin-{rate}")).collect());

/// The value of the sweep of a job.
pub fn place(job: &str) -> Option<u32> {
    job.strip_prefix("origin-")?.parse().ok()
}

/// Work of a step of all sixteen replicas.
fn step(p: &Params) -> f64 {
    let dim = (CLASSES + PIXELS) as f64;
    16.0 * (40.0 + dim + 1.6 * dim * f64::from(p.batch))
}

/// Units of sixteen steps at one value of the sweep.
fn units(p: &Params) -> u32 {
    let most = LONGEST * f64::from(BATCHES);
    ((WORK / step(p)).min(most) as u32 / UNIT / BATCHES).max(1) * BATCHES
}

fn shards(p: &Params) -> u32 {
    (f64::from(units(p)) * f64::from(UNIT) * step(p) / SHARD).ceil().max(1.0) as u32
}

/// The chains, if the origin has exponents.
pub fn jobs(p: &Params) -> Vec<Job> {
    if !p.shape().has_hessian_at_origin() {
        return Vec::new();
    }
    let job = |rate: u32| Job {
        name: &NAMES[rate as usize],
        depends: [KEYS, &[held(p)]].concat(),
        shards: shards(p),
        chain: true,
        cost: f64::from(units(p) * UNIT) * step(p),
        on_demand: false,
    };
    (0..p.rates).map(job).collect()
}

/// The law of one sample's Hessian at the origin, for `φ′(0)` = 1.
pub fn law(p: &Params, digits: &Digits) -> Option<HessianLaw> {
    let loss = p.loss.loss();
    let samples: Vec<f64> = (0..digits.train.count())
        .flat_map(|sample| {
            let mut numbers = loss.residual_at_origin(digits.train.target(sample));
            numbers.extend_from_slice(digits.train.input(sample));
            numbers
        })
        .collect();
    HessianLaw::neuron_on(CLASSES, PIXELS, &samples).ok()
}

/// One step.
pub fn factor(p: &Params) -> Option<Factor> {
    let slope = p.activation.slope_at_origin()?;
    Some(Factor { scale: -p.lr * slope, ..Factor::sgd(p.lr, p.decay, p.batch) })
}

/// The mean `E G` of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// Its singular values, in descending order.
    pub strengths: Vec<f64>,
    /// The top direction `(v, w)` of the mean product.
    /// `c + d` numbers.
    pub direction: Vec<f64>,
}

/// The mean of the data.
pub fn signal(p: &Params, digits: &Digits) -> Signal {
    let (loss, count) = (p.loss.loss(), digits.train.count());
    // rows of E G, one per class
    let mut mean = vec![0.0; CLASSES * PIXELS];
    for sample in 0..count {
        let residual = loss.residual_at_origin(digits.train.target(sample));
        for (row, r) in mean.chunks_exact_mut(PIXELS).zip(residual) {
            row.iter_mut().zip(digits.train.input(sample)).for_each(|(sum, x)| *sum += r * x);
        }
    }
    for entry in &mut mean {
        *entry /= count as f64;
    }
    let mut rotated = mean.clone();
    let values = singular_values(&mut rotated, PIXELS);
    // the longest rotated row is the top direction w times its singular value
    let square = |row: &[f64]| row.iter().map(|x| x * x).sum::<f64>();
    let top = rotated.chunks_exact(PIXELS).max_by(|a, b| square(a).total_cmp(&square(b))).unwrap_or(&[]);
    // v = E G w/σ₁; both get the length σ₁
    let image = mean.chunks_exact(PIXELS).map(|row| row.iter().zip(top).map(|(g, w)| g * w).sum::<f64>());
    let mut direction: Vec<f64> = image.map(|v| v / values[0].max(f64::MIN_POSITIVE)).collect();
    direction.extend_from_slice(top);
    Signal { strengths: values, direction }
}

impl Signal {
    /// Modes that outgrow the decay in the mean, `φ′(0) σ_i > γ`: the rank that gradient descent learns from small weights.
    pub fn modes(&self, slope: f64, decay: f64) -> usize {
        self.strengths.iter().filter(|strength| slope * **strength > decay).count()
    }
}

/// The signal of the data at a value of the sweep, made once per data set; a sweep over learning rates has one alone.
pub fn known_signal(p: &Params, done: &Done, rate: u32) -> Rc<Option<Signal>> {
    let noise = p.at(rate).noise;
    let place = if p.x == AxisName::Noise { rate } else { 0 };
    let there = digits::DIGITS.bytes().is_some();
    done.made(&NAMES[place as usize], &[], &format!("{noise} {} {:?} {there}", p.seed, p.loss), || {
        digits::load(noise, p.seed).map(|digits| signal(p, &digits))
    })
}

/// The exponent of gradient descent with all images at once: `log(|1 − λγ| + λφ′(0)σ₁)`, exact.
pub fn of_gradient_descent(p: &Params, signal: &Signal) -> Option<f64> {
    let slope = p.activation.slope_at_origin()?;
    Some(libm::log((1.0 - p.lr * p.decay).abs() + p.lr * slope * signal.strengths[0]))
}

/// Batches for the burn-in and the comparison of the halves; the error is that of the replicas.
fn plan(p: &Params) -> Plan {
    let batch = units(p) / BATCHES * UNIT;
    Plan { batch, wanted: batch }
}

/// The label noise, the seed and the loss that a list belongs to.
type Of = (u64, u64, Loss);

/// Lists that a worker keeps, of about 1 MB: it goes from one chain of a sweep over the label noise to another.
const KEPT: usize = 4;

thread_local! {
    /// The lists used last, the latest at the end: turning their pairs takes as long as a shard.
    static TURNED: RefCell<Vec<(Of, Rc<Product>)>> = const { RefCell::new(Vec::new()) };
}

/// The products of the data, with any factor.
fn turned(p: &Params, digits: &Digits) -> Option<Rc<Product>> {
    let of = (p.noise.to_bits(), p.seed, p.loss.loss());
    TURNED.with_borrow_mut(|kept| {
        let known = kept.iter().position(|(kept, _)| *kept == of);
        let (_, product) = match known {
            Some(place) => kept.remove(place),
            None => (of, Rc::new(Product::new(law(p, digits)?, Factor::PLAIN, p.seed))),
        };
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((of, Rc::clone(&product)));
        Some(product)
    })
}

/// One shard of the product at a value of the sweep. Without the shard before it the chain begins anew: the result is the same.
///
/// # Errors
/// If the digits are not at hand, or the origin has no exponent.
pub fn compute(p: &Params, rate: u32, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
    let lacking = || LabError::Law("The handwritten digits have not been loaded.".to_owned());
    let here = p.at(rate);
    let digits = digits::load(here.noise, p.seed).ok_or_else(lacking)?;
    let none = || LabError::Law("The Hessian at the origin vanishes: there is no exponent.".to_owned());
    let factor = factor(&here).ok_or_else(none)?;
    let product = turned(&here, &digits).ok_or_else(none)?.with(factor);
    let end = |shards_done: u32| (u64::from(units(p)) * u64::from(shards_done) / u64::from(shards(p))) as u32;
    let resumed =
        previous.filter(|_| shard > 0).and_then(|state| TopChain::resume(&product, p.seed, rate, state));
    let mut chain = resumed.unwrap_or_else(|| {
        let signal = signal(p, &digits);
        let mut chain = TopChain::start_along(&product, &plan(p), p.seed, rate, &signal.direction);
        chain.advance(end(shard));
        chain
    });
    chain.advance(end(shard + 1) - end(shard));
    Ok(chain.state())
}

/// The exponent at a value of the sweep as far as the chain has come, with the error of its replicas; `None` before its first batches.
pub fn exponent(p: &Params, done: &Done, rate: u32) -> Option<Replicas> {
    if !p.shape().has_hessian_at_origin() {
        return None;
    }
    let state = done.shards(&NAMES[rate as usize]).iter().rev().find_map(Option::as_deref)?;
    TopChain::read_replicas(state)
}

/// Drops the vectors of a shard, which only the next one needed: earlier exponents are not shown.
pub fn spent(values: &mut Vec<f64>) {
    values.clear();
    values.shrink_to_fit();
}
