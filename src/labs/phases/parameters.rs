//! The parameters of the lab, and the rules across them.

use super::plane::Plane;
use super::{simulation, work};
use crate::core::curvature::{Law, LawError};
use crate::params::{Domain, ParamSet, ParamSpec, Problem, Scale, Value, When, text};
use crate::{choice, params};

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
    }
}

choice! {
    /// What the map shows.
    pub enum MapLayer {
        /// Phases from exact exponents.
        Exact = "exact",
        /// Where simulated SGD first leaves the saddle.
        Exit = "exit",
        /// Where simulated SGD ends.
        Final = "final",
        /// Where simulation and theory differ.
        Disagreement = "disagreement",
        /// Λ₊ as colours.
        Plus = "plus",
        /// Λ₋ as colours.
        Minus = "minus",
    }
}

impl MapLayer {
    /// Whether the map shows simulated SGD.
    pub fn simulated(self) -> bool {
        matches!(self, MapLayer::Exit | MapLayer::Final | MapLayer::Disagreement)
    }
}

choice! {
    /// A parameter that may be an axis of the map.
    pub enum AxisName {
        /// Learning rate.
        Lr = "lr",
        /// Two-point value.
        A = "a",
        /// Two-point probability.
        Q = "q",
        /// Gaussian standard deviation.
        Std = "std",
        /// Gaussian mean.
        Mean = "mean",
        /// Upper end of the uniform law.
        High = "high",
        /// Lower end of the uniform law.
        Low = "low",
        /// Label noise of the teacher.
        Noise = "noise",
        /// Slope of the teacher.
        Slope = "slope",
        /// Weight decay.
        Decay = "decay",
        /// Batch size.
        Batch = "batch",
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

const SGD: &str = "SGD";
const LAW: &str = "Data";
const SIMULATION: &str = "Simulation";
const PICTURE: &str = "Picture";
const TWO_POINT: &[When] = &[("law", &["two-point"])];
const DISCRETE: &[When] = &[("law", &["discrete"])];
const GAUSSIAN: &[When] = &[("law", &["gaussian"])];
const UNIFORM: &[When] = &[("law", &["uniform"])];
const TEACHER: &[When] = &[("law", &["teacher"])];
const SIMULATED: &[When] = &[("layer", &["exit", "final", "disagreement"])];
const AXIS_LABELS: &[&str] = &["λ", "a", "q", "σ (Gaussian)", "μ", "z₁", "z₀", "σ (teacher)", "k", "γ", "S"];
const AXIS: Domain = Domain::Choice { names: AxisName::NAMES };
const ENDS: Domain = Domain::Linear { min: -1e6, max: 1e6 };

params! {
    /// Everything that a link to this lab can say.
    pub struct Params {
        /// What the map shows: exact phases, simulated SGD, where the two differ, or one exponent.
        layer: MapLayer = MapLayer::Exact,
            ParamSpec::new("map shows", "", Domain::Choice { names: MapLayer::NAMES })
            .group(PICTURE).labels(&["exact phases", "simulated: first exit", "simulated: final state", "theory against simulation", "exponent Λ₊", "exponent Λ₋"]);
        /// Learning rate of SGD, dimensionless.
        lr: f64 = 0.8, ParamSpec::new("learning rate", "λ", Domain::Log { min: 1e-3, max: 100.0 })
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
            .group(LAW).labels(&["two-point", "any list", "Gaussian", "uniform", "linear teacher"]);
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
        /// Size of a data set drawn once from the law; 0: the law itself (infinitely many samples).
        n: u32 = 0, ParamSpec::new("data-set size", "N", Domain::Int { min: 0, max: 4096, log: true }).group(LAW);
        /// Which direction the numbers of one direction are about: curvature +xy (u = −w) or −xy (u = w).
        sign: Direction = Direction::Plus,
            ParamSpec::new("one direction", "", Domain::Choice { names: Direction::NAMES })
            .group(PICTURE).labels(&["u = −w", "u = w"]);
        /// Seed of every random number; the same seed gives the same picture everywhere.
        seed: u64 = 1, ParamSpec::new("seed", "", Domain::Int { min: 0, max: 9007199254740991, log: false }).group(SIMULATION);
        /// Steps of each simulated run.
        steps: u32 = 2000, ParamSpec::new("steps", "T", Domain::Int { min: 10, max: 100_000, log: true })
            .group(SIMULATION).when(SIMULATED);
        /// Simulated runs per pixel.
        replicas: u32 = 16, ParamSpec::new("runs per pixel", "", Domain::Int { min: 1, max: 256, log: true })
            .group(SIMULATION).when(SIMULATED);
        /// Distance from the saddle at which simulated runs start.
        init: f64 = 1e-12, ParamSpec::new("initial distance", "r₀", Domain::Log { min: 1e-30, max: 1e-9 })
            .group(SIMULATION).when(SIMULATED);
        /// Parameter along the horizontal axis; absent: the learning rate.
        x: Option<AxisName> = None, ParamSpec::new("horizontal axis", "", AXIS).group(PICTURE).labels(AXIS_LABELS).optional();
        /// Parameter along the vertical axis; absent: the law's own noise.
        y: Option<AxisName> = None, ParamSpec::new("vertical axis", "", AXIS).group(PICTURE).labels(AXIS_LABELS).optional();
        /// Left end of the horizontal axis; absent: the parameter's own range.
        x0: Option<f64> = None, ParamSpec::new("left end", "", ENDS).optional();
        /// Right end of the horizontal axis.
        x1: Option<f64> = None, ParamSpec::new("right end", "", ENDS).optional();
        /// Lower end of the vertical axis.
        y0: Option<f64> = None, ParamSpec::new("lower end of the axis", "", ENDS).optional();
        /// Upper end of the vertical axis.
        y1: Option<f64> = None, ParamSpec::new("upper end of the axis", "", ENDS).optional();
        /// Logarithmic horizontal axis.
        xlog: Option<bool> = None, ParamSpec::new("logarithmic horizontal axis", "", Domain::Toggle).optional();
        /// Logarithmic vertical axis.
        ylog: Option<bool> = None, ParamSpec::new("logarithmic vertical axis", "", Domain::Toggle).optional();
    }
}

fn default_values() -> Vec<f64> {
    vec![1.0, 0.2, -0.9]
}

fn default_probs() -> Vec<f64> {
    vec![0.4, 0.2, 0.4]
}

impl Params {
    /// The population law of z.
    ///
    /// # Errors
    /// If the parameters describe no law; on a map that happens where the lower end passes the upper.
    pub fn law(&self) -> Result<Law, LawError> {
        match self.law {
            LawName::TwoPoint => Law::two_point(self.a, self.q),
            LawName::Discrete => Law::discrete(self.values.clone(), self.probs.clone()),
            LawName::Gaussian => Law::gaussian(self.mean, self.std),
            LawName::Uniform => Law::uniform(self.low, self.high),
            LawName::Teacher => Law::teacher(self.slope, self.noise),
        }
    }

    /// The keys of the law's own parameters.
    pub fn law_keys(&self) -> &'static [&'static str] {
        match self.law {
            LawName::TwoPoint => &["a", "q"],
            LawName::Discrete => &["values", "probs"],
            LawName::Gaussian => &["mean", "std"],
            LawName::Uniform => &["low", "high"],
            LawName::Teacher => &["slope", "noise"],
        }
    }

    /// The parameters that may be axes under this law; the first two are the axes when none are named.
    pub fn axis_names(&self) -> &'static [AxisName] {
        use AxisName::{A, Batch, Decay, High, Low, Lr, Mean, Noise, Q, Slope, Std};
        match self.law {
            LawName::TwoPoint => &[Lr, A, Q, Decay, Batch],
            LawName::Discrete => &[Lr, Decay, Batch],
            LawName::Gaussian => &[Lr, Std, Mean, Decay, Batch],
            LawName::Uniform => &[Lr, Low, High, Decay, Batch],
            LawName::Teacher => &[Lr, Noise, Slope, Decay, Batch],
        }
    }

    /// Sets the parameter of an axis, moved into its domain; whole numbers are rounded.
    pub fn set_axis(&mut self, name: AxisName, value: f64) {
        match name {
            AxisName::Lr => self.lr = value,
            AxisName::A => self.a = value,
            AxisName::Q => self.q = value.clamp(0.0, 1.0),
            AxisName::Std => self.std = value.max(0.0),
            AxisName::Mean => self.mean = value,
            AxisName::High => self.high = value,
            AxisName::Low => self.low = value,
            AxisName::Noise => self.noise = value.max(0.0),
            AxisName::Slope => self.slope = value,
            AxisName::Decay => self.decay = value.max(0.0),
            AxisName::Batch => self.batch = value.round().clamp(1.0, 4096.0) as u32,
        }
    }

    /// The value of the parameter of an axis.
    pub fn axis_value(&self, name: AxisName) -> f64 {
        match name {
            AxisName::Lr => self.lr,
            AxisName::A => self.a,
            AxisName::Q => self.q,
            AxisName::Std => self.std,
            AxisName::Mean => self.mean,
            AxisName::High => self.high,
            AxisName::Low => self.low,
            AxisName::Noise => self.noise,
            AxisName::Slope => self.slope,
            AxisName::Decay => self.decay,
            AxisName::Batch => f64::from(self.batch),
        }
    }
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let (LawName::Discrete, Err(error)) = (p.law, p.law()) {
        problems.push(Problem::new(
            "probs",
            format!(
                "values, probs: {}; the defaults {} with {} are used instead.",
                clause(&error),
                list(&default_values()),
                list(&default_probs())
            ),
        ));
        (p.values, p.probs) = (default_values(), default_probs());
    }
    if let (LawName::Uniform, Err(error)) = (p.law, p.law()) {
        let standard = Params::default();
        (p.low, p.high) = (standard.low, standard.high);
        problems.push(Problem::new(
            "low",
            format!("low, high: {}; {} and {} are used instead.", clause(&error), p.low, p.high),
        ));
    }
    check_axes(p, &mut problems);
    for problem in Plane::with_problems(p).1 {
        if problem.key.starts_with('x') {
            (p.x0, p.x1) = (None, None);
        } else {
            (p.y0, p.y1) = (None, None);
        }
        problems.push(problem);
    }
    check_work(p, &mut problems);
    problems
}

/// Ends of an axis belong to its parameter and scale: they go when those change.
pub fn changed(p: &mut Params, key: &str) {
    let both = key == "law";
    if both || key == "x" || key == "xlog" {
        (p.x0, p.x1) = (None, None);
    }
    if both || key == "y" || key == "ylog" {
        (p.y0, p.y1) = (None, None);
    }
    if both {
        (p.x, p.y, p.xlog, p.ylog) = (None, None, None, None);
    }
}

fn check_axes(p: &mut Params, problems: &mut Vec<Problem>) {
    let allowed = p.axis_names();
    for horizontal in [true, false] {
        let (key, named) = if horizontal { ("x", p.x) } else { ("y", p.y) };
        let other = if horizontal { p.y } else { Some(p.plane_names().0) };
        let Some(named_axis) = named else { continue };
        if allowed.contains(&named_axis) && other != Some(named_axis) {
            continue;
        }
        let reason = if allowed.contains(&named_axis) {
            "is the other axis already"
        } else {
            "is no parameter of this law"
        };
        if horizontal {
            p.x = None;
        } else {
            p.y = None;
        }
        let used = if horizontal { p.plane_names().0 } else { p.plane_names().1 };
        let names: Vec<&str> = allowed.iter().map(|axis| axis.name()).collect();
        problems.push(Problem::new(
            key,
            format!(
                "{key}: “{}” {reason}, allowed are {}; {} is used instead.",
                named_axis.name(),
                names.join(", "),
                used.name()
            ),
        ));
    }
}

impl Params {
    /// The names of the two axes.
    pub fn plane_names(&self) -> (AxisName, AxisName) {
        let first_but = |taken: Option<AxisName>| {
            self.axis_names().iter().copied().find(|axis| Some(*axis) != taken).unwrap_or(AxisName::Lr)
        };
        let x = self.x.unwrap_or_else(|| first_but(self.y));
        (x, self.y.unwrap_or_else(|| first_but(Some(x))))
    }
}

/// Keeps the work of a simulated map within its bound: fewer steps, then fewer runs, then no simulation.
fn check_work(p: &mut Params, problems: &mut Vec<Problem>) {
    let too_much = |p: &Params| simulation::cost(p) > work::MOST;
    if !p.layer.simulated() || !too_much(p) {
        return;
    }
    let asked = p.clone();
    p.steps = (f64::from(p.steps) * work::MOST / simulation::cost(p)).max(10.0) as u32;
    while too_much(p) && p.replicas > 1 {
        p.replicas /= 2;
    }
    let used = if too_much(p) {
        *p = Params { layer: MapLayer::Exact, ..asked.clone() };
        "the exact map is shown".to_owned()
    } else {
        format!("{} steps of {} runs are used", p.steps, p.replicas)
    };
    let sentence = format!(
        "steps: {} steps of {} runs per pixel, {} draws each, are too much work for one map; {used} instead.",
        asked.steps, asked.replicas, asked.batch
    );
    problems.push(Problem::new("steps", sentence));
}

/// A law's own sentence, to be continued.
fn clause(error: &LawError) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

fn list(numbers: &[f64]) -> String {
    numbers.iter().map(|x| text::number_text(*x)).collect::<Vec<_>>().join(",")
}

/// The text of one parameter.
pub fn shown(p: &Params, key: &str) -> String {
    Params::index(key).map_or_else(String::new, |index| match p.value(index) {
        Value::Number(number) => crate::labs::summary::number(number, 4),
        value => text::format(&Params::specs()[index], &value),
    })
}
