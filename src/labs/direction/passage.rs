//! How long escape or collapse takes: simulated first passages of `log|z_t/z_0|` beside what Wald's identity says of
//! their mean.
//!
//! Of the directions it is given the one with the larger exponent is followed: where that is positive, until the distance
//! has grown by [`RATIO`]; where it is negative, until it has shrunk by as much. (Of two decaying directions that is the
//! slower one, which decides when SGD has collapsed.)

mod picture;

use super::cost::{self, Costs, SHARD};
use super::point;
use super::quantities::plain;
use super::sgd::{Direction, Sgd};
use crate::core::curvature::BatchLaw;
use crate::core::passage::{self, MeanPassage};
use crate::core::stats::{self, Mean};
use crate::labs::summary::number;
use crate::labs::{Done, Job, Quantity};

/// The distance grows or shrinks by this factor.
pub const RATIO: f64 = 1e8;

/// Streams of random numbers, and runs of each: fewer where batches are costly to draw, so that they go on for longer.
const STREAMS: u32 = 16;
const STREAM_RUNS: [u32; 2] = [64, 16];

/// Numbers before the times of a shard.
const HEAD: usize = 9;

/// The times of one or two directions.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// Name of the figure and of its job, unique in the lab.
    pub id: &'static str,
    /// SGD and the data.
    pub sgd: &'a Sgd,
    /// Of these the one with the larger exponent is followed; the first of two equal ones.
    pub directions: &'a [Direction],
}

/// Which passage is awaited, and what theory says of its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theory {
    /// The direction followed.
    pub direction: Direction,
    /// Its `Λ`.
    pub exponent: f64,
    /// `± ln R`, in nats; 0 if the exponent is 0 within its error: then neither is awaited.
    pub threshold: f64,
    /// The mean time.
    pub mean: MeanPassage,
    /// Most steps simulated.
    pub most: u32,
    /// Runs of each shard.
    pub stream_runs: u32,
    /// Steps of the horizontal axis.
    pub shown: u32,
}

impl Theory {
    fn new(law: &BatchLaw, passage: &Passage, cost: f64) -> Option<Self> {
        let exponents = passage.directions.iter().map(|&direction| {
            let factor = passage.sgd.factor(direction);
            (direction, factor, law.exponent(factor.0, factor.1))
        });
        let (direction, factor, exponent) =
            exponents.reduce(|best, next| if next.2.value > best.2.value { next } else { best })?;
        let value = exponent.value;
        let threshold = if value.abs() <= exponent.error { 0.0 } else { value.signum() * libm::log(RATIO) };
        let mean = if threshold == 0.0 {
            MeanPassage::Infinite
        } else {
            passage::mean_passage(law, factor, threshold)
        };
        let (centre, spread) = match mean {
            MeanPassage::Infinite => (0.0, 0.0),
            MeanPassage::Lands { probability } => (1.0 / probability, 1.0 / probability),
            // that of Brownian motion with this drift, whose passages follow Wald's (inverse Gaussian) law
            MeanPassage::Between { upper, .. } => {
                let variance = law.log_variance(factor.0, factor.1).value;
                (upper, (threshold.abs() * variance / (value.abs() * value * value)).sqrt())
            }
        };
        let wanted = (centre + 3.5 * spread + 2.0).ceil();
        let affordable = |runs: u32| (SHARD / (f64::from(runs) * cost)).max(32.0);
        let [many, few] = STREAM_RUNS;
        let stream_runs = if affordable(many) < wanted { few } else { many };
        let most = affordable(stream_runs);
        let (most, shown) = (most as u32, wanted.min(most) as u32);
        Some(Self { direction, exponent: value, threshold, mean, most, stream_runs, shown })
    }

    fn write(&self) -> [f64; HEAD] {
        let (kind, low, high) = match self.mean {
            MeanPassage::Infinite => (0.0, 0.0, 0.0),
            MeanPassage::Between { lower, upper } => (1.0, lower, upper),
            MeanPassage::Lands { probability } => (2.0, probability, 0.0),
        };
        [
            self.direction.sign(),
            self.exponent,
            self.threshold,
            kind,
            low,
            high,
            f64::from(self.most),
            f64::from(self.stream_runs),
            f64::from(self.shown),
        ]
    }

    fn read(&[sign, exponent, threshold, kind, low, high, most, stream_runs, shown]: &[f64; HEAD]) -> Self {
        Self {
            direction: if sign < 0.0 { Direction::Plus } else { Direction::Minus },
            exponent,
            threshold,
            mean: match kind {
                1.0 => MeanPassage::Between { lower: low, upper: high },
                2.0 => MeanPassage::Lands { probability: low },
                _ => MeanPassage::Infinite,
            },
            most: most as u32,
            stream_runs: stream_runs as u32,
            shown: shown as u32,
        }
    }

    /// Estimated work of one stream if a step costs `draw` beside what every step does; lanes wait for the last of sixteen.
    fn work(&self, draw: f64) -> f64 {
        let steps = match self.mean {
            MeanPassage::Infinite if self.threshold == 0.0 => 0.0,
            MeanPassage::Infinite => f64::INFINITY,
            MeanPassage::Between { upper, .. } => 2.5 * upper,
            MeanPassage::Lands { probability } => 2.5 / probability,
        };
        f64::from(self.stream_runs) * steps.min(f64::from(self.most)) * (3.0 + draw)
    }

    /// Whether the distance grows.
    pub fn escapes(&self) -> bool {
        self.threshold > 0.0
    }
}

/// The times that are there.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// What was awaited.
    pub theory: Theory,
    /// Steps of the runs that passed, ascending.
    pub passed: Vec<f64>,
    /// All runs.
    pub runs: usize,
}

impl Times {
    /// Mean of the times; only if every run passed, as it is too small otherwise.
    pub fn mean(&self) -> Option<Mean> {
        (self.passed.len() == self.runs && self.runs > 1).then(|| stats::mean(&self.passed))
    }
}

impl Passage<'_> {
    /// The job. If the directions follow a parameter of the lab, push its key to `depends`.
    pub fn job(&self) -> Job {
        let mut depends = self.sgd.keys();
        if !depends.contains(&"seed") {
            depends.push("seed");
        }
        Job {
            name: self.id,
            depends,
            shards: self.shards(),
            chain: false,
            cost: self.cost(),
            on_demand: false,
        }
    }

    /// Work of all streams, in elementary steps: that of runs as long as their mean, where the law is had at once.
    fn cost(&self) -> f64 {
        let (costs, draw) = (Costs::of(self.sgd), cost::draw(self.sgd));
        let law = if point::is_quick(self.sgd) { self.sgd.batch_law() } else { None };
        let theory = law.map(|law| Theory::new(&law, self, draw));
        let runs = theory.map_or(SHARD, |theory| theory.map_or(0.0, |theory| theory.work(draw)));
        f64::from(STREAMS) * (costs.preparation + 4.0 * costs.alone + runs)
    }

    fn shards(&self) -> u32 {
        (self.cost() / SHARD).ceil().clamp(1.0, f64::from(STREAMS)) as u32
    }

    /// One shard, of every so many streams: what is awaited, then the times of its runs, `+∞` for those that did not pass. Empty where the
    /// parameters describe no law.
    pub fn compute(&self, shard: u32) -> Vec<f64> {
        let (Some(law), Some(sampler)) = (self.sgd.batch_law(), self.sgd.sampler()) else {
            return Vec::new();
        };
        let Some(theory) = Theory::new(&law, self, sampler.cost()) else {
            return Vec::new();
        };
        let mut numbers = theory.write().to_vec();
        if theory.threshold != 0.0 {
            let factor = self.sgd.factor(theory.direction);
            for stream in (shard..STREAMS).step_by(self.shards() as usize) {
                numbers.extend(passage::first_passages(
                    &sampler,
                    factor,
                    theory.threshold,
                    theory.most,
                    (self.sgd.seed, u64::from(stream)),
                    theory.stream_runs,
                ));
            }
        }
        numbers
    }

    /// The times, once some are there.
    pub fn times(&self, done: &Done) -> Option<Times> {
        let shards = || done.shards(self.id).iter().flatten().filter(|shard| shard.len() >= HEAD);
        let theory = Theory::read(shards().next()?.first_chunk()?);
        let all = || shards().flat_map(|shard| &shard[HEAD..]).copied();
        let mut passed: Vec<f64> = all().filter(|time| time.is_finite()).collect();
        stats::sort(&mut passed);
        Some(Times { theory, passed, runs: all().count() })
    }

    /// Whether the figure has something to show.
    pub fn ready(&self, done: &Done) -> bool {
        done.shards(self.id).iter().any(Option::is_some)
    }

    /// The mean time with its standard error, and Wald's bounds for it.
    pub fn quantities(&self, done: &Done) -> [Quantity; 2] {
        let times = self.times(done);
        let mut time =
            plain("escape_time", "mean steps until the distance has changed 10⁸-fold", "E τ", None);
        time.exact = false;
        let mut bounds = plain("escape_time_bounds", "bounds on it", "E τ", None);
        bounds.list = true;
        let Some(times) = times else { return [time, bounds] };
        let (theory, runs) = (&times.theory, times.runs);
        match theory.mean {
            _ if theory.threshold == 0.0 => {
                "none: Λ = 0, neither escape nor collapse".clone_into(&mut time.words);
                bounds.words.clone_from(&time.words);
                return [time, bounds];
            }
            MeanPassage::Infinite => "none: Λ is 0 to its error".clone_into(&mut bounds.words),
            MeanPassage::Between { lower, upper } => {
                bounds.value = Some(vec![lower, upper]);
                bounds.words = format!("{} to {}", number(lower, 4), number(upper, 4));
                "Wald’s identity, Lorden’s bound on the overshoot".clone_into(&mut bounds.method);
            }
            MeanPassage::Lands { probability } => {
                bounds.value = Some(vec![1.0, 1.0 / probability]);
                bounds.words = format!("1 to {}: a step can land exactly", number(1.0 / probability, 4));
                "exact".clone_into(&mut bounds.method);
            }
        }
        let what = if theory.escapes() { "escape" } else { "collapse" };
        if let Some(mean) = times.mean() {
            let (value, error) = (number(mean.value, 4), number(mean.standard_error, 2));
            time.value = Some(vec![mean.value]);
            time.words = format!("{value} ± {error}, {what} along {}", theory.direction.line());
            time.standard_error = Some(mean.standard_error);
            time.method = format!("mean of {runs} runs");
        } else {
            let late = runs - times.passed.len();
            time.words =
                format!("not known: {late} of {runs} runs did not {what} within {} steps", theory.most);
        }
        [time, bounds]
    }
}
