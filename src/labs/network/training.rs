//! One network trained by SGD, cut into shards that continue each other, and what is measured at its end.
//!
//! The batch of a step and the initial weights are drawn from streams named by the seed, the step and the run, never by the
//! learning rate or the shard: runs at different rates see the same batches, and shards may end anywhere.

use super::digits::{Digits, TRAINED};
use crate::core::rng::{Purpose, Stream};
use crate::core::singular_values::singular_values;
use crate::models::mlp::{Shape, Weights, Workspace};
use crate::models::samples::Samples;

/// A run whose batch loss exceeds this has diverged.
const FAR: f64 = 1e6;
/// A network whose largest neuron is this part of its first size or less has collapsed; the same part of the largest neuron
/// counts as dead.
pub const DEAD: f64 = 1e-3;
/// Samples that are looked at together when nothing is trained.
const LOOK: usize = 50;

/// One run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// The network.
    pub shape: Shape,
    /// λ.
    pub rate: f64,
    /// S.
    pub batch: u32,
    /// γ.
    pub decay: f64,
    /// Size of the initial weights, see [`Weights::randomise`].
    pub init: f64,
    /// Seed of the lab.
    pub seed: u64,
    /// Number of the run among those with this seed.
    pub replica: u32,
    /// Steps of an epoch: the loss is recorded after each.
    pub epoch: u32,
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Steps done; no more are done after it diverged.
    pub steps: u32,
    /// Whether it diverged.
    pub diverged: bool,
    /// Mean loss of the batches of each epoch that ended since the start or [`Run::resume`].
    pub course: Vec<f64>,
    /// Sum of the losses in the epoch under way.
    sum: f64,
    weights: Weights,
}

/// What is measured at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Mean loss over the training set; +∞ if it diverged.
    pub loss: f64,
    /// Part of the test images whose largest output is the right one.
    pub accuracy: f64,
    /// e to the entropy of the singular values of the last hidden layer over the training set, divided by their sum (Roy
    /// and Vetterli, EUSIPCO 2007); 0 if it collapsed.
    pub rank: f64,
    /// Part of the hidden neurons whose norm, weights in and out, is below 10⁻³ of the largest in their layer; all if it
    /// collapsed.
    pub dead: f64,
    /// The largest neuron's norm over its first one.
    pub size: f64,
    /// Whether it diverged; then the numbers above but the loss are NaN.
    pub diverged: bool,
}

impl Outcome {
    /// Whether the network has shrunk onto the origin.
    pub fn collapsed(&self) -> bool {
        !self.diverged && self.size <= DEAD
    }

    /// As plain numbers.
    pub fn store(&self) -> [f64; 6] {
        [self.loss, self.accuracy, self.rank, self.dead, self.size, f64::from(u8::from(self.diverged))]
    }

    /// Back again.
    pub fn load([loss, accuracy, rank, dead, size, diverged]: &[f64; 6]) -> Self {
        Self {
            loss: *loss,
            accuracy: *accuracy,
            rank: *rank,
            dead: *dead,
            size: *size,
            diverged: *diverged != 0.0,
        }
    }
}

impl Run {
    /// The network before its first step. The shape is allowed by the lab's domains, so that `None` does not occur.
    fn begin(&self) -> Option<Weights> {
        let mut weights = Weights::zeros(self.shape).ok()?;
        let mut stream = Stream::new(Purpose::Dynamics, self.seed, u64::MAX, self.replica);
        weights.randomise(self.init, &mut stream);
        Some(weights)
    }

    /// At the beginning.
    pub fn start(&self) -> Option<Progress> {
        let weights = self.begin()?;
        Some(Progress { steps: 0, diverged: false, course: Vec::new(), sum: 0.0, weights })
    }

    /// Continues from [`Progress::store`]; `None` if the numbers are something else.
    pub fn resume(&self, from: &[f64]) -> Option<Progress> {
        let (Head { steps, diverged, sum, .. }, numbers) = Head::read(from)?;
        let mut weights = Weights::zeros(self.shape).ok()?;
        weights.load(numbers).then_some(Progress { steps, diverged, course: Vec::new(), sum, weights })
    }

    /// Trains until `steps` steps are done, on batches drawn with replacement.
    pub fn advance(&self, progress: &mut Progress, steps: u32, train: &Samples) {
        let size = self.batch as usize;
        let mut work = Workspace::new(&self.shape, size);
        let mut batch = Samples::new(self.shape.inputs, self.shape.outputs);
        let mut chosen = vec![0; size];
        while progress.steps < steps && !progress.diverged {
            let mut stream =
                Stream::new(Purpose::Dynamics, self.seed, u64::from(progress.steps), self.replica);
            for index in &mut chosen {
                *index = (stream.unit() * TRAINED as f64) as u32;
            }
            batch.choose(train, &chosen);
            let loss = progress.weights.step(&batch, self.rate, self.decay, &mut work);
            progress.steps += 1;
            progress.diverged = !(loss <= FAR);
            progress.sum += loss;
            if progress.steps.is_multiple_of(self.epoch) && !progress.diverged {
                progress.course.push(progress.sum / f64::from(self.epoch));
                progress.sum = 0.0;
            }
        }
    }

    /// Looks at the whole training and test set.
    pub fn outcome(&self, progress: &Progress, digits: &Digits) -> Outcome {
        let nothing = Outcome {
            loss: f64::INFINITY,
            accuracy: f64::NAN,
            rank: f64::NAN,
            dead: f64::NAN,
            size: f64::NAN,
            diverged: true,
        };
        let weights = &progress.weights;
        let mut work = Workspace::new(&self.shape, LOOK);
        let mut gram = Gram::new(self.shape.width);
        let (mut loss, mut right) = (0.0, 0_u32);
        look(&digits.train, |batch| {
            loss += weights.loss(batch, &mut work) * batch.count() as f64;
            (0..batch.count()).for_each(|sample| gram.add(work.features(sample)));
        });
        loss /= digits.train.count() as f64;
        if progress.diverged || !(loss <= FAR) {
            return nothing;
        }
        look(&digits.test, |batch| {
            weights.loss(batch, &mut work);
            let sample = |s: &usize| largest(work.output(*s)) == largest(batch.target(*s));
            right += (0..batch.count()).filter(sample).count() as u32;
        });
        let (size, dead) = self.neurons(weights);
        let collapsed = size <= DEAD;
        Outcome {
            loss,
            accuracy: f64::from(right) / digits.test.count() as f64,
            rank: if collapsed { 0.0 } else { gram.effective_rank() },
            dead: if collapsed { 1.0 } else { dead },
            size,
            diverged: false,
        }
    }

    /// The largest neuron over its first size, and the part of dead neurons.
    fn neurons(&self, weights: &Weights) -> (f64, f64) {
        let most = |norms: &[f64]| norms.iter().fold(0.0_f64, |most, norm| most.max(*norm));
        let (mut now, mut first, mut dead) = (0.0_f64, 0.0_f64, 0);
        let begin = self.begin();
        for layer in 0..self.shape.depth - 1 {
            let norms = weights.neuron_norms(layer);
            let largest = most(&norms);
            dead += norms.iter().filter(|norm| **norm < DEAD * largest).count();
            now = now.max(largest);
            first = first.max(begin.as_ref().map_or(0.0, |begin| most(&begin.neuron_norms(layer))));
        }
        (now / first, dead as f64 / (self.shape.width * (self.shape.depth - 1)) as f64)
    }
}

impl Progress {
    /// The network as it is.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// As plain numbers: a [`Head`], and the weights.
    pub fn store(&self) -> Vec<f64> {
        let mut numbers = vec![
            f64::from(self.steps),
            f64::from(u8::from(self.diverged)),
            self.sum,
            self.course.len() as f64,
        ];
        numbers.extend_from_slice(&self.course);
        self.weights.store(&mut numbers);
        numbers
    }
}

/// What [`Progress::store`] writes before the weights.
pub struct Head<'a> {
    /// Steps done.
    pub steps: u32,
    /// Whether the run diverged.
    pub diverged: bool,
    /// Mean losses of the epochs that ended in this part of the run.
    pub course: &'a [f64],
    sum: f64,
}

impl<'a> Head<'a> {
    /// Reads it, and gives the numbers behind it; `None` if it is something else.
    pub fn read(numbers: &'a [f64]) -> Option<(Self, &'a [f64])> {
        let ([steps, diverged, sum, count], rest) = numbers.split_first_chunk()?;
        let (course, rest) = rest.split_at_checked(*count as usize)?;
        Some((Self { steps: *steps as u32, diverged: *diverged != 0.0, course, sum: *sum }, rest))
    }
}

/// Calls `each` with the samples, a few at a time.
fn look(samples: &Samples, mut each: impl FnMut(&Samples)) {
    let mut batch = Samples::new(samples.inputs(), samples.outputs());
    let all: Vec<u32> = (0..samples.count() as u32).collect();
    for chosen in all.chunks(LOOK) {
        batch.choose(samples, chosen);
        each(&batch);
    }
}

/// Place of the largest number, the first of several.
fn largest(numbers: &[f64]) -> usize {
    let mut best = 0;
    for (place, number) in numbers.iter().enumerate() {
        if *number > numbers[best] {
            best = place;
        }
    }
    best
}

/// `Σ h hᵀ`, columns one after the other.
struct Gram {
    size: usize,
    sums: Vec<f64>,
}

impl Gram {
    fn new(size: usize) -> Self {
        Self { size, sums: vec![0.0; size * size] }
    }

    fn add(&mut self, h: &[f64]) {
        for (column, x) in self.sums.chunks_exact_mut(self.size).zip(h) {
            column.iter_mut().zip(h).for_each(|(sum, y)| *sum += x * y);
        }
    }

    /// e to the entropy of the square roots of its eigenvalues, divided by their sum; 0 if all are 0.
    fn effective_rank(mut self) -> f64 {
        // it is symmetric and not negative: its singular values are its eigenvalues
        let values: Vec<f64> =
            singular_values(&mut self.sums, self.size).iter().map(|square| square.sqrt()).collect();
        let total: f64 = values.iter().sum();
        if !(total > 0.0) {
            return 0.0;
        }
        let parts = values.iter().map(|value| value / total).filter(|part| *part > 0.0);
        libm::exp(-parts.map(|part| part * libm::log(part)).sum::<f64>())
    }
}
