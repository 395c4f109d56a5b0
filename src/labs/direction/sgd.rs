//! SGD near a saddle and the law of its data: the parameters that labs about one direction share.

use super::values::Values;
use crate::core::curvature::{BatchLaw, Law, LawError};
use crate::core::data_set::DataSet;
use crate::core::sample::Sampler;
use crate::params::{Data, Domain, ParamSet, ParamSpec, Problem, Scale, Value, When, text};
use crate::{choice, params};
use std::rc::Rc;

choice! {
    /// The law of z = xy.
    pub enum LawName {
        /// 1 or a.
        TwoPoint = "two-point",
        /// Any finite list.
        Discrete = "discrete",
        /// Normal.
        Gaussian = "gaussian",
        /// Uniform.
        Uniform = "uniform",
        /// Regression on a linear teacher.
        Teacher = "teacher",
        /// The reader's own values.
        Data = "data",
    }
}

choice! {
    /// Which of the two directions the single-direction numbers are about.
    pub enum Direction {
        /// Curvature h = +xy: the direction u = −w.
        Plus = "plus",
        /// Curvature h = −xy: the direction u = w.
        Minus = "minus",
    }
}

impl Direction {
    /// `−1` for curvature +xy, `1` for −xy: the sign of λz in the factor X.
    pub fn sign(self) -> f64 {
        if self == Direction::Plus { -1.0 } else { 1.0 }
    }

    /// The line in the plane of the weights.
    pub fn line(self) -> &'static str {
        if self == Direction::Plus { "u = −w" } else { "u = w" }
    }
}

const SGD: &str = "SGD";
const LAW: &str = "Data";
const SIMULATION: &str = "Simulation";
const TWO_POINT: &[When] = &[("law", &["two-point"])];
const DISCRETE: &[When] = &[("law", &["discrete"])];
const GAUSSIAN: &[When] = &[("law", &["gaussian"])];
const UNIFORM: &[When] = &[("law", &["uniform"])];
const TEACHER: &[When] = &[("law", &["teacher"])];
const DATA: &[When] = &[("law", &["data"])];
const POPULATION: &[When] = &[("law", &["two-point", "discrete", "gaussian", "uniform", "teacher"])];

/// Least and greatest learning rate: critical rates are looked for between them.
pub const RATES: (f64, f64) = (1e-3, 100.0);
/// Said where no critical rate lies between them.
pub const NO_RATE: &str = "none from 0.001 to 100";

params! {
    /// Rate, batch, decay, and how the data vary.
    pub struct Sgd {
        /// Learning rate of SGD, dimensionless.
        lr: f64 = 0.8, ParamSpec::new("learning rate", "λ", Domain::Log { min: RATES.0, max: RATES.1 })
            .group(SGD).view(0.0, 3.0, Scale::Linear);
        /// Samples per step, drawn with replacement. Larger batches have less noise.
        batch: u32 = 1, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 4096, log: true })
            .group(SGD).view(1.0, 64.0, Scale::Log);
        /// Weight decay: each step also multiplies the weights by 1 − λγ.
        decay: f64 = 0.0, ParamSpec::new("weight decay", "γ", Domain::Linear { min: 0.0, max: 10.0 })
            .group(SGD).view(0.0, 1.0, Scale::Linear);
        /// How z = xy, input times label, varies from sample to sample.
        law: LawName = LawName::TwoPoint,
            ParamSpec::new("law of z = xy", "", Domain::Choice { names: LawName::NAMES })
            .group(LAW).labels(&["two-point", "any list", "Gaussian", "uniform", "linear teacher", "your own values"]);
        /// The second value of z; the first is 1. Negative: a sample that says the opposite.
        a: f64 = -0.9, ParamSpec::new("second value", "a", Domain::Linear { min: -100.0, max: 100.0 })
            .group(LAW).view(-3.0, 1.0, Scale::Linear).when(TWO_POINT);
        /// Probability of the second value.
        q: f64 = 0.5, ParamSpec::new("its probability", "q", Domain::Linear { min: 0.0, max: 1.0 })
            .group(LAW).view(0.0, 1.0, Scale::Linear).when(TWO_POINT);
        /// The values of z, separated by commas, at most 64.
        values: Vec<f64> = default_values(), ParamSpec::new("values", "z", Domain::List { min: -1e6, max: 1e6, max_len: 64 })
            .group(LAW).when(DISCRETE);
        /// Their probabilities, as many, with sum 1.
        probs: Vec<f64> = default_probs(), ParamSpec::new("probabilities", "P", Domain::List { min: 0.0, max: 1.0, max_len: 64 })
            .group(LAW).when(DISCRETE);
        /// Mean of z.
        mean: f64 = 0.3, ParamSpec::new("mean", "μ", Domain::Linear { min: -100.0, max: 100.0 })
            .group(LAW).view(-1.0, 1.0, Scale::Linear).when(GAUSSIAN);
        /// Standard deviation of z.
        std: f64 = 2.0, ParamSpec::new("standard deviation", "σ", Domain::Linear { min: 0.0, max: 100.0 })
            .group(LAW).view(0.0, 4.0, Scale::Linear).when(GAUSSIAN);
        /// Lower end of the law of z.
        low: f64 = -1.0, ParamSpec::new("lower end", "z₀", Domain::Linear { min: -100.0, max: 100.0 })
            .group(LAW).view(-3.0, 1.0, Scale::Linear).when(UNIFORM);
        /// Upper end of the law of z.
        high: f64 = 1.4, ParamSpec::new("upper end", "z₁", Domain::Linear { min: -100.0, max: 100.0 })
            .group(LAW).view(0.0, 4.0, Scale::Linear).when(UNIFORM);
        /// Slope k of the teacher y = kx + σε: the signal.
        slope: f64 = 0.3, ParamSpec::new("slope", "k", Domain::Linear { min: -100.0, max: 100.0 })
            .group(LAW).view(-1.0, 1.0, Scale::Linear).when(TEACHER);
        /// Standard deviation σ of the label noise in y = kx + σε.
        noise: f64 = 2.0, ParamSpec::new("label noise", "σ", Domain::Linear { min: 0.0, max: 100.0 })
            .group(LAW).view(0.0, 4.0, Scale::Linear).when(TEACHER);
        /// Your own values of z, one for each sample.
        data: Option<Data> = None, ParamSpec::new("your own values", "z", Domain::Data { axes: &[1] }).optional()
            .group(LAW).when(DATA);
        /// Size of a data set drawn once from the law; 0: the law itself (infinitely many samples).
        n: u32 = 0, ParamSpec::new("data-set size", "N", Domain::Int { min: 0, max: 4096, log: true })
            .group(LAW).when(POPULATION);
        /// Which direction the numbers of one direction are about: curvature +xy (u = −w) or −xy (u = w).
        sign: Direction = Direction::Plus,
            ParamSpec::new("one direction", "", Domain::Choice { names: Direction::NAMES })
            .group(LAW).labels(&["u = −w (h = z)", "u = w (h = −z)"]);
        /// Seed of every random number; the same seed gives the same picture everywhere.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SIMULATION);
    }
}

fn default_values() -> Vec<f64> {
    vec![1.0, 0.2, -0.9]
}

fn default_probs() -> Vec<f64> {
    vec![0.4, 0.2, 0.4]
}

impl Sgd {
    /// The population law of z.
    ///
    /// # Errors
    /// If the parameters describe no law; on a map that happens where the lower end passes the upper.
    pub fn law(&self) -> Result<Rc<Law>, LawError> {
        let law = match self.law {
            LawName::TwoPoint => Law::two_point(self.a, self.q),
            LawName::Discrete => Law::discrete(self.values.clone(), self.probs.clone()),
            LawName::Gaussian => Law::gaussian(self.mean, self.std),
            LawName::Uniform => Law::uniform(self.low, self.high),
            LawName::Teacher => Law::teacher(self.slope, self.noise),
            LawName::Data => return self.own_values().map_or(Err(LawError::NoValues), |values| values.law()),
        };
        law.map(Rc::new)
    }

    /// The keys of the law's own parameters.
    pub fn law_keys(&self) -> &'static [&'static str] {
        match self.law {
            LawName::TwoPoint => &["a", "q"],
            LawName::Discrete => &["values", "probs"],
            LawName::Gaussian => &["mean", "std"],
            LawName::Uniform => &["low", "high"],
            LawName::Teacher => &["slope", "noise"],
            LawName::Data => &["data"],
        }
    }

    /// The reader's own values, if they are the law and at hand.
    pub fn numbers(&self) -> Option<Rc<[f64]>> {
        if self.law == LawName::Data { self.data.as_ref()?.numbers() } else { None }
    }

    /// What is kept of them.
    pub fn own_values(&self) -> Option<Rc<Values>> {
        Some(Values::of(self.data.as_ref()?.hash(), &self.numbers()?))
    }

    /// Whether the law is that of the reader's values and they are not at hand.
    pub fn awaits_data(&self) -> bool {
        self.law == LawName::Data && self.numbers().is_none()
    }

    /// Size of the data set that is drawn from the law; 0 if none is.
    pub fn drawn(&self) -> u32 {
        if self.law == LawName::Data { 0 } else { self.n }
    }

    /// Number of samples of a data set, drawn or the reader's own; 0 if SGD sees the law itself.
    pub fn samples(&self) -> u32 {
        self.numbers().map_or(self.drawn(), |numbers| numbers.len() as u32)
    }

    /// The law of z that SGD sees: the population's, or that of the finite sample.
    pub fn law_at(&self) -> Option<Rc<Law>> {
        let law = self.law().ok()?;
        if self.drawn() == 0 {
            return Some(law);
        }
        DataSet::draw(&law, self.n as usize, self.seed).law().ok().map(Rc::new)
    }

    /// The law of ẑ, the mean of a batch.
    pub fn batch_law(&self) -> Option<Rc<BatchLaw>> {
        match self.own_values() {
            Some(values) => values.batch_law(self.batch),
            None => Some(Rc::new(self.law_at()?.batch(self.batch))),
        }
    }

    /// E z and Var z of one sample.
    pub fn mean_and_variance(&self) -> Option<(f64, f64)> {
        if let Some(values) = self.own_values() {
            return values.checked.is_ok().then(|| values.moments());
        }
        self.law_at().map(|law| (law.mean(), law.variance()))
    }

    /// Draws of the batch mean; `None` where the parameters describe no law.
    pub fn sampler(&self) -> Option<Rc<Sampler>> {
        if let Some(values) = self.own_values() {
            return Some(values.sampler(self.batch));
        }
        let law = self.law().ok()?;
        if self.n == 0 {
            return Some(Rc::new(Sampler::new(&law, self.batch)));
        }
        let data = DataSet::draw(&law, self.n as usize, self.seed);
        Some(Rc::new(Sampler::from_data(&data, self.batch)))
    }

    /// Keys of all parameters that the batch law depends on, and those of SGD.
    pub fn keys(&self) -> Vec<&'static str> {
        let mut keys = vec!["law", "lr", "batch", "decay"];
        keys.extend(self.law_keys());
        if self.law != LawName::Data {
            keys.push("n");
        }
        if self.drawn() > 0 {
            keys.push("seed");
        }
        keys
    }

    /// `−1` for curvature +xy, `1` for −xy: the sign of λz in the factor X of the chosen direction.
    pub fn sign(&self) -> f64 {
        self.sign.sign()
    }

    /// `(m, c)` of a direction: its factor is `X = m + c ẑ`, with `m = 1 − λγ` and `c = ±λ`.
    pub fn factor(&self, direction: Direction) -> (f64, f64) {
        (1.0 - self.lr * self.decay, direction.sign() * self.lr)
    }

    /// The rules across fields; replaces what breaks them by the lab's `standard` values and says so.
    pub fn check(&mut self, standard: &Sgd) -> Vec<Problem> {
        let p = self;
        let mut problems = Vec::new();
        if let (LawName::Discrete, Err(error)) = (p.law, p.law()) {
            problems.push(Problem::new(
                "probs",
                format!(
                    "values, probs: {}; the defaults {} with {} are used instead.",
                    clause(&error),
                    list(&standard.values),
                    list(&standard.probs)
                ),
            ));
            (p.values, p.probs) = (standard.values.clone(), standard.probs.clone());
        }
        if let (LawName::Uniform, Err(error)) = (p.law, p.law()) {
            (p.low, p.high) = (standard.low, standard.high);
            problems.push(Problem::new(
                "low",
                format!("low, high: {}; {} and {} are used instead.", clause(&error), p.low, p.high),
            ));
        }
        if let Some(Err(error)) = p.own_values().map(|values| values.checked.clone()) {
            p.data = None;
            problems.push(Problem::new("data", format!("data: {}; they are left out.", clause(&error))));
        }
        problems
    }

    /// The law in words with its numbers.
    pub fn law_in_words(&self) -> String {
        let law = match self.law {
            LawName::TwoPoint => format!("z is 1 or {} (probability {})", self.shown("a"), self.shown("q")),
            LawName::Discrete => format!("z takes {} values", self.values.len()),
            LawName::Gaussian => {
                format!("z is normal, mean {}, standard deviation {}", self.shown("mean"), self.shown("std"))
            }
            LawName::Uniform => format!("z is uniform on [{}, {}]", self.shown("low"), self.shown("high")),
            LawName::Teacher => format!("teacher y = {}x + {}ε", self.shown("slope"), self.shown("noise")),
            LawName::Data => match self.numbers() {
                Some(numbers) => format!("z is one of {} values of your own", numbers.len()),
                None => "your own values, not here yet".to_owned(),
            },
        };
        if self.drawn() > 0 {
            format!("{law}, {} samples drawn once (seed {})", self.n, self.seed)
        } else {
            law
        }
    }

    /// The text of one parameter, numbers to four digits.
    pub fn shown(&self, key: &str) -> String {
        Sgd::index(key).map_or_else(String::new, |index| match self.value(index) {
            Value::Number(number) => crate::labs::summary::number(number, 4),
            value => text::format(&Sgd::specs()[index], &value),
        })
    }
}

/// A law's own sentence, to be continued.
fn clause(error: &LawError) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

fn list(numbers: &[f64]) -> String {
    numbers.iter().map(|x| text::number_text(*x)).collect::<Vec<_>>().join(",")
}
