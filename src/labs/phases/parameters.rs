//! The parameters of the lab, and the rules across them.

use super::plane::Plane;
use super::{simulation, work};
use crate::labs::direction::sgd::{LawName, Sgd};
use crate::params::{Domain, ParamSpec, Problem, When};
use crate::{choice, params};

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

    /// Whether the map shows an exponent as colours.
    pub fn exponent(self) -> bool {
        matches!(self, MapLayer::Plus | MapLayer::Minus)
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

const SIMULATION: &str = "Simulation";
const PICTURE: &str = "Picture";
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
        ..
        /// SGD near the saddle, and the law of the data.
        sgd: Sgd = Sgd::default();
        /// Steps of each simulated run.
        steps: u32 = 2000, ParamSpec::new("steps", "T", Domain::Int { min: 10, max: 100_000, log: true })
            .group(SIMULATION).when(SIMULATED);
        /// Simulated runs per pixel.
        replicas: u32 = 16, ParamSpec::new("runs per pixel", "", Domain::Int { min: 1, max: 256, log: true })
            .group(SIMULATION).when(SIMULATED);
        /// Distance from the saddle at which simulated runs start.
        init: f64 = 1e-12, ParamSpec::new("initial distance", "r₀", Domain::Log { min: 1e-30, max: 1e-9 })
            .group(SIMULATION).when(SIMULATED);
        /// Steps of the runs in the pictures beside the map.
        horizon: u32 = 200, ParamSpec::new("steps of the side pictures", "t", Domain::Int { min: 10, max: 2000, log: true })
            .group(SIMULATION);
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

impl Params {
    /// The parameters that may be axes under this law; the first two are the axes when none are named.
    pub fn axis_names(&self) -> &'static [AxisName] {
        use AxisName::{A, Batch, Decay, High, Low, Lr, Mean, Noise, Q, Slope, Std};
        match self.sgd.law {
            LawName::TwoPoint => &[Lr, A, Q, Decay, Batch],
            LawName::Discrete | LawName::Data => &[Lr, Decay, Batch],
            LawName::Gaussian => &[Lr, Std, Mean, Decay, Batch],
            LawName::Uniform => &[Lr, Low, High, Decay, Batch],
            LawName::Teacher => &[Lr, Noise, Slope, Decay, Batch],
        }
    }

    /// Sets the parameter of an axis, moved into its domain; whole numbers are rounded.
    pub fn set_axis(&mut self, name: AxisName, value: f64) {
        match name {
            AxisName::Lr => self.sgd.lr = value,
            AxisName::A => self.sgd.a = value,
            AxisName::Q => self.sgd.q = value.clamp(0.0, 1.0),
            AxisName::Std => self.sgd.std = value.max(0.0),
            AxisName::Mean => self.sgd.mean = value,
            AxisName::High => self.sgd.high = value,
            AxisName::Low => self.sgd.low = value,
            AxisName::Noise => self.sgd.noise = value.max(0.0),
            AxisName::Slope => self.sgd.slope = value,
            AxisName::Decay => self.sgd.decay = value.max(0.0),
            AxisName::Batch => self.sgd.batch = value.round().clamp(1.0, 4096.0) as u32,
        }
    }

    /// The value of the parameter of an axis.
    pub fn axis_value(&self, name: AxisName) -> f64 {
        match name {
            AxisName::Lr => self.sgd.lr,
            AxisName::A => self.sgd.a,
            AxisName::Q => self.sgd.q,
            AxisName::Std => self.sgd.std,
            AxisName::Mean => self.sgd.mean,
            AxisName::High => self.sgd.high,
            AxisName::Low => self.sgd.low,
            AxisName::Noise => self.sgd.noise,
            AxisName::Slope => self.sgd.slope,
            AxisName::Decay => self.sgd.decay,
            AxisName::Batch => f64::from(self.sgd.batch),
        }
    }
}

/// The rules across fields; repairs what breaks them and says so.
pub fn check(p: &mut Params) -> Vec<Problem> {
    let mut problems = p.sgd.check(&Sgd::default());
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
        asked.steps, asked.replicas, asked.sgd.batch
    );
    problems.push(Problem::new("steps", sentence));
}
