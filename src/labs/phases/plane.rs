//! The plane of the map: which two parameters, over which range.

use super::parameters::{AxisName, Params};
use crate::charts::figure::Axis;
use crate::labs::direction::axis::axis;
use crate::params::{self, ParamSet, ParamSpec, Problem};

/// The two axes of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Horizontal parameter.
    pub x_name: AxisName,
    /// Vertical parameter.
    pub y_name: AxisName,
    /// Horizontal range.
    pub x: Axis,
    /// Vertical range.
    pub y: Axis,
}

impl Plane {
    /// The plane of a state, with the sentences about ends that could not be used.
    pub fn with_problems(p: &Params) -> (Self, Vec<Problem>) {
        let (x_name, y_name) = p.plane_names();
        let mut problems = Vec::new();
        let view = |name| spec(name).view.unwrap_or((0.0, 1.0, params::Scale::Linear));
        let x = axis(spec(x_name), view(x_name), ["x0", "x1"], (p.x0, p.x1, p.xlog), &mut problems);
        let y = axis(spec(y_name), view(y_name), ["y0", "y1"], (p.y0, p.y1, p.ylog), &mut problems);
        (Plane { x_name, y_name, x, y }, problems)
    }

    /// The plane of a state.
    pub fn of(p: &Params) -> Self {
        Self::with_problems(p).0
    }

    /// The x axis, or the y axis.
    pub fn along(&self, x: bool) -> &Axis {
        if x { &self.x } else { &self.y }
    }

    /// The state at a place of the plane (data coordinates).
    pub fn at(&self, p: &Params, x: f64, y: f64) -> Params {
        let mut there = p.clone();
        there.set_axis(self.x_name, x);
        there.set_axis(self.y_name, y);
        there
    }

    /// The keys of the two axes.
    pub fn keys(&self) -> [&'static str; 2] {
        [self.x_name.name(), self.y_name.name()]
    }
}

/// The declaration of an axis' parameter.
pub fn spec(name: AxisName) -> &'static ParamSpec {
    let index = Params::index(name.name()).unwrap_or_default();
    &Params::specs()[index]
}
