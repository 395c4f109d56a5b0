//! Data coordinates to CSS pixels and back, linear or logarithmic.

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use super::axes;
use super::figure::{Axis, Scale};
use super::surface::{Rect, UNITS};

/// The values an axis shows; plotters' coordinate for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Left or bottom end.
    pub min: f64,
    /// Right or top end, greater than `min`.
    pub max: f64,
    /// Linear, logarithmic, or rows.
    pub scale: Scale,
}

impl Extent {
    /// The extent of an axis; `None` unless both ends are finite, `min < max`, and on a logarithmic
    /// axis `min > 0`.
    pub fn of(axis: &Axis) -> Option<Extent> {
        let ordered = axis.min.is_finite() && axis.max.is_finite() && axis.min < axis.max;
        let valid = ordered
            && match axis.scale {
                Scale::Linear | Scale::Rows(_) => (axis.max - axis.min).is_finite(),
                Scale::Log => axis.min > 0.0,
            };
        valid.then_some(Extent { min: axis.min, max: axis.max, scale: axis.scale })
    }

    /// Where a value lies: 0 at `min`, 1 at `max`, beyond for values outside; on a logarithmic axis −∞
    /// for 0 and NaN for negative values.
    pub fn fraction(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Rows(_) => (value - self.min) / (self.max - self.min),
            Scale::Log => libm::log(value / self.min) / libm::log(self.max / self.min),
        }
    }

    /// The value at a fraction: the inverse of [`Extent::fraction`].
    pub fn value(&self, fraction: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Rows(_) => self.min + (self.max - self.min) * fraction,
            Scale::Log => self.min * libm::exp(libm::log(self.max / self.min) * fraction),
        }
    }
}

impl Ranged for Extent {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let length = f64::from(limit.1) - f64::from(limit.0);
        (f64::from(limit.0) + length * self.fraction(*value)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let most = hint.max_num_points().max(2);
        axes::choose(*self, most, |_| true).into_iter().filter(|t| !t.is_minor()).map(|t| t.value).collect()
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.min..self.max
    }
}

/// Where the data are drawn, and what the pixels there mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotArea {
    /// The plot's rectangle in the figure, CSS pixels.
    pub rect: Rect,
    /// What the rectangle shows from left to right.
    pub x: Extent,
    /// What it shows from bottom to top.
    pub y: Extent,
}

/// Pixels beyond which a coordinate is as good as infinite: keeps the arithmetic of clipping finite.
const FAR: f64 = 1e5;

impl PlotArea {
    /// The pixel of a point in data coordinates. Infinite values and the zero of a logarithmic axis give
    /// pixels far outside; NaN stays NaN.
    pub fn pixel(&self, x: f64, y: f64) -> (f64, f64) {
        let rect = &self.rect;
        let across = rect.left + rect.width * self.x.fraction(x);
        let down = rect.bottom() - rect.height * self.y.fraction(y);
        (across.clamp(-FAR, FAR), down.clamp(-FAR, FAR))
    }

    /// The data coordinates of a pixel, also outside the rectangle.
    pub fn data(&self, x: f64, y: f64) -> (f64, f64) {
        let rect = &self.rect;
        (self.x.value((x - rect.left) / rect.width), self.y.value((rect.bottom() - y) / rect.height))
    }

    /// The data coordinates of the pixel of the rectangle that is nearest to this one: for dragging.
    pub fn nearest_data(&self, x: f64, y: f64) -> (f64, f64) {
        let rect = &self.rect;
        let (x, y) = self.data(x.clamp(rect.left, rect.right()), y.clamp(rect.top, rect.bottom()));
        (x.clamp(self.x.min, self.x.max), y.clamp(self.y.min, self.y.max))
    }

    /// The same as a plotters coordinate system in backend units.
    pub fn coordinates(&self) -> Cartesian2d<Extent, Extent> {
        let unit = |pixel: f64| (pixel * UNITS).round() as i32;
        let rect = &self.rect;
        Cartesian2d::new(
            self.x,
            self.y,
            (unit(rect.left)..unit(rect.right()), unit(rect.bottom())..unit(rect.top)),
        )
    }
}
