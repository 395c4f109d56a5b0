//! What the sweep runs over, the learning rate or the label noise, and the places of its runs.

use super::parameters::{AxisName, Params};
use crate::charts::figure::{Axis, Handle, ParamRef};
use crate::labs::direction::axis::axis;
use crate::labs::summary::number;
use crate::params::{self, ParamSet, ParamSpec, Problem};

impl Params {
    /// The declaration of the parameter that the sweep runs over.
    pub fn swept(&self) -> &'static ParamSpec {
        &Self::specs()[Self::index(self.x.name()).unwrap_or_default()]
    }

    /// The axis of the sweep, with the sentences about ends that could not be used.
    pub fn axis_with_problems(&self) -> (Axis, Vec<Problem>) {
        let mut problems = Vec::new();
        let view = self.swept().view.unwrap_or((0.0, 1.0, params::Scale::Linear));
        let axis = axis(self.swept(), view, ["x0", "x1"], (self.x0, self.x1, None), &mut problems);
        (axis, problems)
    }

    /// The axis of the sweep.
    pub fn axis(&self) -> Axis {
        self.axis_with_problems().0
    }

    /// The value of the parameter that the sweep runs over.
    pub fn point(&self) -> f64 {
        match self.x {
            AxisName::Lr => self.lr,
            AxisName::Noise => self.noise,
        }
    }

    /// The state with this value of the parameter that the sweep runs over.
    #[must_use]
    pub fn moved_to(&self, value: f64) -> Self {
        let mut there = self.clone();
        match self.x {
            AxisName::Lr => there.lr = value,
            AxisName::Noise => there.noise = value,
        }
        there
    }

    /// Value `index` of the sweep.
    pub fn place(&self, index: u32) -> f64 {
        self.axis().at(f64::from(index) / f64::from(self.rates - 1))
    }

    /// The state of the runs at value `index` of the sweep.
    #[must_use]
    pub fn at(&self, index: u32) -> Self {
        self.moved_to(self.place(index))
    }

    /// The value of the sweep next to the point, along the axis.
    pub fn nearest(&self) -> u32 {
        let place = self.axis().fraction(self.point()) * f64::from(self.rates - 1);
        place.round().clamp(0.0, f64::from(self.rates - 1)) as u32
    }

    /// From where to where value `index` of the sweep stands for its surroundings: half way to the next ones.
    pub fn surroundings(&self, index: u32) -> (f64, f64) {
        let axis = self.axis();
        let edge = |place: f64| axis.at((place / f64::from(self.rates - 1)).clamp(0.0, 1.0));
        (edge(f64::from(index) - 0.5), edge(f64::from(index) + 0.5))
    }

    /// A handle that sets the parameter that the sweep runs over, at the value next to the point.
    pub fn handle(&self, height: f64) -> Handle {
        let x = Some(ParamRef { key: self.swept().key, index: None });
        Handle { at: (self.place(self.nearest()), height), x, y: None }
    }

    /// Value `index` of the sweep as it is written: “λ = 0.13”.
    pub fn named(&self, index: u32) -> String {
        format!("{} = {}", self.swept().symbol, number(self.place(index), 3))
    }

    /// What the sweep has several of.
    pub fn several(&self) -> &'static str {
        match self.x {
            AxisName::Lr => "learning rates",
            AxisName::Noise => "values of ρ",
        }
    }

    /// Some values of the sweep, counted.
    pub fn counted(&self, count: usize) -> String {
        match (self.x, count) {
            (AxisName::Lr, 1) => "one rate".to_owned(),
            (AxisName::Lr, _) => format!("{count} rates"),
            (AxisName::Noise, 1) => "one value of ρ".to_owned(),
            (AxisName::Noise, _) => format!("{count} values of ρ"),
        }
    }
}
