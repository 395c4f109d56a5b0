//! The exact borders of the phases in a plane of two parameters.
//!
//! The plane is cut into scan lines along one of its axes. On a line the roots of both exponents are found exactly
//! ([`crate::core::log_product`] for atoms along the learning rate, the decay or the two-point law's noise value; one or
//! two roots along the learning rate for continuous laws; a scan with refinement otherwise), never from pixels.
//! Where neighbouring lines differ by more than a few pixels, or by a pair of roots, lines are added between them. Roots of
//! neighbouring lines are then linked into curves, pairs that vanish are joined at their tip.
//!
//! [`Plane::scan`] works on any range of lines (a shard); [`Plane::link`] puts the lines of all shards together.

mod align;
mod chain;
mod line;
mod link;
mod numbers;
mod sign_change;

use crate::core::curvature::{BatchLaw, Law};
use crate::core::saddle::is_swapped;
pub use line::ScanLine;

/// Width in pixels below which a stable tongue is counted and not drawn.
pub const HAIRLINE: f64 = 1e-3;

/// What an axis of the plane is, as far as the scan can make use of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The learning rate.
    LearningRate,
    /// The weight decay.
    Decay,
    /// The noise value `a` of the two-point law `{1, a}`.
    NoiseValue,
    /// The batch size: constant between integers, so never scanned along if that can be helped.
    Batch,
    /// Any other parameter of the law.
    Other,
}

/// One axis of the plane: `min < max`, both positive if `log`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaneAxis {
    /// What it is.
    pub quantity: Quantity,
    /// One end.
    pub min: f64,
    /// The other end.
    pub max: f64,
    /// Even in the logarithm.
    pub log: bool,
    /// Pixels along it, for widths and for the number of lines.
    pub pixels: u32,
}

impl PlaneAxis {
    /// Value at a fraction of the axis.
    pub fn value(&self, fraction: f64) -> f64 {
        if self.log {
            self.min * libm::exp(fraction * libm::log(self.max / self.min))
        } else {
            self.min + fraction * (self.max - self.min)
        }
    }

    /// Fraction of the axis at a value.
    pub fn fraction(&self, value: f64) -> f64 {
        if self.log {
            libm::log(value / self.min) / libm::log(self.max / self.min)
        } else {
            (value - self.min) / (self.max - self.min)
        }
    }

    /// Logarithm of a width at `value`, in pixels.
    fn log_pixels(&self, value: f64, log_width: f64) -> f64 {
        let range = if self.log { value * libm::log(self.max / self.min) } else { self.max - self.min };
        log_width + libm::log(f64::from(self.pixels) / range)
    }
}

/// Everything that the phase at one point of the plane depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Law of `z` for one sample.
    pub law: Law,
    /// Batch size.
    pub batch: u32,
    /// Learning rate, > 0.
    pub lr: f64,
    /// Weight decay.
    pub decay: f64,
}

impl Setting {
    /// `E X² − 1` of the wrong direction: negative in phase Ib.
    fn norm_excess(&self) -> f64 {
        let rate = self.decay + self.law.mean().abs();
        let shrink = 1.0 - self.lr * rate;
        shrink * shrink + self.lr * self.lr * self.law.variance() / f64::from(self.batch) - 1.0
    }

    /// `+1` where the named signs are the written ones, `−1` where `E z < 0` exchanges them.
    fn orientation(&self) -> f64 {
        if is_swapped(&self.law) { -1.0 } else { 1.0 }
    }

    /// `Λ` of the direction `1 − λγ + sign λ z`.
    fn exponent(&self, law: &BatchLaw, sign: f64) -> f64 {
        law.exponent(1.0 - self.lr * self.decay, sign * self.lr).value
    }
}

/// The setting at `(x, y)`; `None` where there is no such law.
pub type SettingAt<'a> = &'a dyn Fn(f64, f64) -> Option<Setting>;

/// A plane of two parameters.
pub struct Plane<'a> {
    x: PlaneAxis,
    y: PlaneAxis,
    at: SettingAt<'a>,
    /// Whether lines run along `x` (each at one `y`).
    along_x: bool,
}

/// What a curve separates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `Λ₊ = 0`.
    Plus,
    /// `Λ₋ = 0`.
    Minus,
    /// `E X² = 1` of the wrong direction, inside phase I: Ia on one side, Ib on the other.
    Norm,
    /// `E z = 0`: the names of the directions swap.
    Seam,
    /// A tongue `Λ₊ < 0` narrower than a pixel.
    PlusTongue,
    /// A tongue `Λ₋ < 0` narrower than a pixel.
    MinusTongue,
}

/// A polyline in the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it separates.
    pub kind: Kind,
    /// Vertices `(x, y)`; the first is repeated at the end if the curve is closed.
    pub points: Vec<(f64, f64)>,
    /// Width in pixels at each vertex, for tongues; empty for other curves.
    pub widths: Vec<f64>,
}

/// All curves of a plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boundary {
    /// The curves.
    pub curves: Vec<Curve>,
    /// The largest number of tongues on one scan line that are narrower than [`HAIRLINE`] and not drawn.
    pub hidden_tongues: u32,
    /// Whether `Λ± = 0` is left out somewhere because the law has too many atoms.
    pub exponents_left_out: bool,
}

impl<'a> Plane<'a> {
    /// Chooses the direction of the lines: the noise value if one sample is drawn (closed form), else the learning rate, the
    /// decay, the noise value, another parameter, whichever comes first.
    pub fn new(x: PlaneAxis, y: PlaneAxis, at: SettingAt<'a>) -> Self {
        let middle = at(x.value(0.5), y.value(0.5));
        let integer = x.quantity == Quantity::Batch || y.quantity == Quantity::Batch;
        let single = !integer && middle.is_some_and(|s| s.batch == 1);
        let rank = |axis: &PlaneAxis| match axis.quantity {
            Quantity::NoiseValue if single => 0,
            Quantity::LearningRate => 1,
            Quantity::Decay => 2,
            Quantity::NoiseValue => 3,
            Quantity::Other => 4,
            Quantity::Batch => 5,
        };
        Self { along_x: rank(&x) <= rank(&y), x, y, at }
    }

    /// The axis along the lines, and the one across them.
    fn axes(&self) -> (&PlaneAxis, &PlaneAxis) {
        if self.along_x { (&self.x, &self.y) } else { (&self.y, &self.x) }
    }

    /// The setting at a value along the lines and one across.
    fn setting(&self, along: f64, across: f64) -> Option<Setting> {
        if self.along_x { (self.at)(along, across) } else { (self.at)(across, along) }
    }

    /// Number of scan lines: one more than there are pixels across.
    pub fn lines(&self) -> usize {
        self.axes().1.pixels as usize + 1
    }

    /// Scan lines `first … last` (both included, `last < lines()`) and those added between them.
    ///
    /// Shards that share their end lines may be computed anywhere and in any order. Cost of a line: for `n ≤ 64` atoms
    /// 60 n² logarithms; 60 to 500 exponents for a continuous law.
    pub fn scan(&self, first: usize, last: usize) -> Vec<ScanLine> {
        let count = self.lines();
        // the very edge may be a learning rate of 0
        let place = |i: usize| (i as f64 / (count - 1) as f64).max(1e-6);
        let mut lines = Vec::new();
        for i in first..=last.min(count - 1) {
            let line = ScanLine::at(self, place(i));
            if let Some(before) = lines.pop() {
                self.refine(before, line, 0, &mut lines);
            } else {
                lines.push(line);
            }
        }
        lines
    }

    /// Pushes `from`, lines between where they are needed, and `to`.
    fn refine(&self, from: ScanLine, to: ScanLine, depth: u32, lines: &mut Vec<ScanLine>) {
        let most = if from.terms.max(to.terms) <= 4 { 6 } else { 5 };
        if depth < most && from.differs(&to) {
            let middle = ScanLine::at(self, 0.5 * (from.across + to.across));
            self.refine(from, middle.clone(), depth + 1, lines);
            lines.pop();
            self.refine(middle, to, depth + 1, lines);
        } else {
            lines.extend([from, to]);
        }
    }

    /// Links the lines of all shards, in order (a line that ends one shard and begins the next may appear twice).
    pub fn link(&self, lines: &[ScanLine]) -> Boundary {
        link::boundary(self, lines)
    }
}
