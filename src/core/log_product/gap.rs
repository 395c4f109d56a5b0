//! What happens between two neighbouring poles: no roots or two, on the two sides of one maximum.

use super::{LogProduct, Place, Pole, Side, border};
use crate::core::bracket;

/// A point where `Λ > 0`.
#[derive(Clone, Copy, Debug)]
enum Top {
    /// In the range's own coordinate.
    At(f64),
    /// Logarithm of the distance from the pole on the left (`true`) or right; `Λ ≤ 0` in the middle.
    Beside(bool, f64),
}

/// The part of the range between two neighbouring poles or ends.
pub(super) struct Gap<'a> {
    product: &'a LogProduct,
    low: f64,
    middle: f64,
    high: f64,
    left: Option<Side<'a>>,
    right: Option<Side<'a>>,
}

impl<'a> Gap<'a> {
    /// The part between two poles, or a pole and an end of the range, or both ends.
    pub(super) fn new(
        product: &'a LogProduct,
        left: Option<Pole>,
        right: Option<Pole>,
        range: (f64, f64),
    ) -> Self {
        let (low, high) = (left.map_or(range.0, |p| p.0), right.map_or(range.1, |p| p.0));
        let side = |pole: Option<Pole>, sign: f64| pole.map(|p| product.side(p, sign));
        Self {
            product,
            low,
            middle: 0.5 * (low + high),
            high,
            left: side(left, 1.0),
            right: side(right, -1.0),
        }
    }

    /// `Λ` in the middle.
    pub(super) fn middle_value(&self) -> f64 {
        match (&self.left, &self.right) {
            (Some(side), _) => side.value(libm::log(self.middle - self.low)),
            (_, Some(side)) => side.value(libm::log(self.high - self.middle)),
            _ => self.product.value(self.middle),
        }
    }

    /// Where `Λ` turns positive, and where it turns negative again; `None` where that does not happen inside.
    pub(super) fn roots(&self) -> (Option<Place>, Option<Place>) {
        let low_negative = self.left.is_some() || self.product.value(self.low) < 0.0;
        let high_negative = self.right.is_some() || self.product.value(self.high) < 0.0;
        if !(self.middle > self.low && self.middle < self.high) || !(low_negative || high_negative) {
            return (None, None);
        }
        let top = match (low_negative, high_negative) {
            (_, false) => Some(Top::At(self.high)),
            (false, _) => Some(Top::At(self.low)),
            _ => self.top(),
        };
        let Some(top) = top else { return (None, None) };
        let up = low_negative.then(|| self.root(true, top));
        let down = high_negative.then(|| self.root(false, top));
        (up, down)
    }

    /// The root between the left (or right) end and the top.
    fn root(&self, left: bool, top: Top) -> Place {
        let (side, other) = if left { (&self.left, &self.right) } else { (&self.right, &self.left) };
        let (end, far) = if left { (self.low, self.high) } else { (self.high, self.low) };
        match (side, top) {
            (Some(side), Top::At(x)) => side.root(libm::log((x - end).abs())),
            (Some(side), Top::Beside(at, y)) if at == left => side.root(y),
            (None, Top::At(x)) => {
                let value = |x: f64| self.product.value(x);
                border(bracket::root(value, (end, value(end)), (x, value(x))))
            }
            // the top lies beside the other end and the middle is negative: the root is between these two
            (_, Top::Beside(_, y)) => other.as_ref().map_or(border(self.middle), |other| {
                let (value, edge) = (|y: f64| other.value(y), libm::log((far - self.middle).abs()));
                border(other.place(bracket::root(value, (y, value(y)), (edge, value(edge)))).x)
            }),
        }
    }

    /// A point with `Λ > 0` between two ends where `Λ < 0`: the middle, or else the maximum. `None` if there is none.
    fn top(&self) -> Option<Top> {
        if self.middle_value() > 0.0 {
            return Some(Top::At(self.middle));
        }
        let slope = |x: f64| self.product.slope(x);
        let falling = slope(self.middle) < 0.0;
        let (side, end) = if falling { (&self.left, self.low) } else { (&self.right, self.high) };
        let Some(side) = side else {
            // the end is no pole: the maximum lies between it and the middle, or Λ < 0 all the way
            if (slope(end) < 0.0) == falling {
                return None;
            }
            let x = bracket::root(slope, (end, slope(end)), (self.middle, slope(self.middle)));
            return (self.product.value(x) > 0.0).then_some(Top::At(x));
        };
        let far = libm::log((self.middle - end).abs());
        let (mut step, mut near) = (1.0, far - 1.0);
        while side.slope(near) <= 0.0 {
            near -= step;
            step *= 2.0;
        }
        let y = bracket::root(|y| side.slope(y), (near, side.slope(near)), (far, side.slope(far)));
        (side.value(y) > 0.0).then_some(Top::Beside(falling, y))
    }
}
