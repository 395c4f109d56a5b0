//! Where a weighted sum of logarithms of linear functions is negative:
//! `Λ(x) = Σ w_i log|c_i + s_i x|`, `w_i > 0`.
//!
//! For a batch law with atoms the exponent has this form along the learning rate, along the weight decay and,
//! for the two-point law, along its noise value. `Λ = −∞` at each pole `−c_i/s_i`, and `Λ` is strictly concave
//! between neighbouring poles. So `{Λ < 0}` is a union of intervals, each around at least one pole, and between two
//! poles there are no roots or two, on the two sides of one maximum.
//!
//! A stable interval may be narrower than the spacing of doubles. Near a pole `x = x_p + e` everything is
//! therefore written in `e` (`c_i + s_i x = (c_i s_p − s_i c_p)/s_p + s_i e`) and solved in `log|e|`, in which `Λ` is nearly
//! linear: the width is found even where it is `e^{−1000}`.

mod common;
mod gap;

use crate::core::bracket;
use crate::core::stats;
pub use common::common_intervals;
use gap::Gap;

/// One term `w log|c + s x|`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// Weight `w ≥ 0`.
    pub weight: f64,
    /// `c`.
    pub constant: f64,
    /// `s`.
    pub slope: f64,
}

/// A maximal interval on which `Λ < 0`, within the range that was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stable {
    /// Lower end: a root of `Λ`, or the end of the range.
    pub from: f64,
    /// Upper end. Equal to `from` if the interval is narrower than the spacing of doubles.
    pub to: f64,
    /// Whether `from` is a root (not the end of the range).
    pub from_root: bool,
    /// Whether `to` is a root.
    pub to_root: bool,
    /// Logarithm of the width, also where `to − from` underflows.
    pub log_width: f64,
    /// How many poles lie inside.
    pub poles: u32,
    /// The pole inside, if there is exactly one.
    pub pole: Option<f64>,
}

/// Position, and a factor that vanishes there.
type Pole = (f64, usize);

/// A place `x = anchor ± e`, with `log e` if the anchor is a pole.
#[derive(Clone, Copy, Debug)]
struct Place {
    x: f64,
    log_distance: Option<f64>,
}

/// The sum.
#[derive(Clone, Debug)]
pub struct LogProduct {
    /// Terms that depend on `x`.
    factors: Vec<Factor>,
    /// Sum of the others; `−∞` if one of them is 0.
    rest: f64,
    /// Poles, ascending, each with one factor that vanishes there.
    poles: Vec<Pole>,
}

/// The sum seen from a pole, on one side of it.
struct Side<'a> {
    product: &'a LogProduct,
    pole: f64,
    /// `+1`: to the right of the pole.
    sign: f64,
    /// Values of the factors at the pole; exactly 0 for those that vanish there.
    base: Vec<f64>,
}

impl Side<'_> {
    /// `Λ` at the distance `e^y`.
    fn value(&self, y: f64) -> f64 {
        let e = self.sign * libm::exp(y);
        let mut sum = self.product.rest;
        for (factor, base) in self.product.factors.iter().zip(&self.base) {
            sum += factor.weight
                * if *base == 0.0 {
                    libm::log(factor.slope.abs()) + y
                } else {
                    libm::log((base + factor.slope * e).abs())
                };
        }
        sum
    }

    /// `dΛ/dy`: the weight of the pole as `y → −∞`.
    fn slope(&self, y: f64) -> f64 {
        let e = self.sign * libm::exp(y);
        let term = |(f, base): (&Factor, &f64)| {
            f.weight * if *base == 0.0 { 1.0 } else { f.slope * e / (base + f.slope * e) }
        };
        self.product.factors.iter().zip(&self.base).map(term).sum()
    }

    /// The root nearest the pole, below `top`, where `Λ ≥ 0`.
    fn root(&self, top: f64) -> Place {
        let (mut step, mut above) = (1.0_f64, (top, self.value(top)));
        // Λ ≤ 0 where the tangent in y at the top would be, if Λ were linear; then ever further
        let mut low = top - (above.1 / self.slope(top).max(1e-3)).clamp(0.5, 1e6);
        let mut below = (low, self.value(low));
        while below.1 >= 0.0 {
            above = below;
            low -= step.max(below.1 / self.weight());
            step *= 2.0;
            below = (low, self.value(low));
        }
        self.place(bracket::root(|y| self.value(y), below, above))
    }

    /// Weight of the pole.
    fn weight(&self) -> f64 {
        self.product.factors.iter().zip(&self.base).filter(|(_, b)| **b == 0.0).map(|(f, _)| f.weight).sum()
    }

    fn place(&self, y: f64) -> Place {
        Place { x: self.pole + self.sign * libm::exp(y), log_distance: Some(y) }
    }
}

impl LogProduct {
    /// Sorts the poles. Factors of weight 0 are left out.
    pub fn new(terms: impl IntoIterator<Item = Factor>) -> Self {
        let (mut factors, mut rest) = (Vec::new(), 0.0);
        for f in terms {
            if f.weight > 0.0 {
                if f.slope == 0.0 || !(f.constant / f.slope).is_finite() {
                    rest += f.weight * libm::log(f.constant.abs());
                } else {
                    factors.push(f);
                }
            }
        }
        let mut sorted: Vec<(f64, f64)> =
            factors.iter().enumerate().map(|(i, f)| (-f.constant / f.slope + 0.0, i as f64)).collect();
        stats::sort_pairs(&mut sorted);
        let mut poles: Vec<Pole> = sorted.into_iter().map(|(at, i)| (at, i as usize)).collect();
        poles.dedup_by(|a, b| (a.0 - b.0).abs() <= 2.0 * f64::EPSILON * a.0.abs());
        Self { factors, rest, poles }
    }

    /// The poles, ascending.
    pub fn poles(&self) -> impl Iterator<Item = f64> + '_ {
        self.poles.iter().map(|p| p.0)
    }

    /// `Λ(x)`.
    pub fn value(&self, x: f64) -> f64 {
        let mut sum = self.rest;
        for f in &self.factors {
            let change = f.slope * x;
            sum += f.weight
                * if f.constant == 1.0 && change.abs() < 0.5 {
                    libm::log1p(change)
                } else {
                    libm::log((f.constant + change).abs())
                };
        }
        sum
    }

    /// `Λ′(x)`.
    fn slope(&self, x: f64) -> f64 {
        self.factors.iter().map(|f| f.weight * f.slope / (f.constant + f.slope * x)).sum()
    }

    fn side(&self, pole: Pole, sign: f64) -> Side<'_> {
        let p = self.factors[pole.1];
        let base = |f: &Factor| {
            let near = (-f.constant / f.slope + 0.0 - pole.0).abs() <= 2.0 * f64::EPSILON * pole.0.abs();
            if near { 0.0 } else { (f.constant * p.slope - f.slope * p.constant) / p.slope }
        };
        Side { product: self, pole: pole.0, sign, base: self.factors.iter().map(base).collect() }
    }

    /// All intervals of `[low, high]` on which `Λ < 0`, ascending. Ends that are roots are exact to 1e-13 of their
    /// distance from the nearest pole. A maximum that is 0 to rounding counts as negative: no root there.
    ///
    /// Cost: about 30 logarithms for each pair of a factor and a pole inside the range.
    pub fn stable_intervals(&self, low: f64, high: f64) -> Vec<Stable> {
        if self.rest == f64::NEG_INFINITY {
            let whole = Open { from: border(low), root: false, poles: 0, pole: low };
            return vec![whole.close(border(high), false)];
        }
        let inside: Vec<Pole> = self.poles.iter().copied().filter(|p| p.0 > low && p.0 < high).collect();
        let mut found = Vec::new();
        let mut open: Option<Open> = None;
        for i in 0..=inside.len() {
            let gap =
                Gap::new(self, i.checked_sub(1).map(|k| inside[k]), inside.get(i).copied(), (low, high));
            let (up, down) = gap.roots();
            if i > 0 {
                if let Some(open) = &mut open {
                    open.poles += 1;
                    open.pole = inside[i - 1].0;
                }
            } else if up.is_some() || (down.is_none() && gap.middle_value() < 0.0) {
                open = Some(Open { from: border(low), root: false, poles: 0, pole: low });
            }
            if let (Some(up), Some(open)) = (up, open.take_if(|_| up.is_some())) {
                found.push(open.close(up, true));
            }
            if let Some(from) = down {
                open = Some(Open { from, root: true, poles: 0, pole: low });
            }
        }
        if let Some(open) = open {
            found.push(open.close(border(high), false));
        }
        found
    }
}

fn border(x: f64) -> Place {
    Place { x, log_distance: None }
}

/// A stable interval whose upper end is not known yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    from: Place,
    root: bool,
    poles: u32,
    /// The pole met last.
    pole: f64,
}

impl Open {
    /// Around a single pole the width is the sum of the distances of both ends from it.
    fn close(self, to: Place, to_root: bool) -> Stable {
        let log_width = match (self.from.log_distance, to.log_distance) {
            (Some(a), Some(b)) if self.poles == 1 => a.max(b) + libm::log1p(libm::exp(-(a - b).abs())),
            _ => libm::log(to.x - self.from.x),
        };
        Stable {
            from: self.from.x,
            to: to.x,
            from_root: self.root,
            to_root,
            log_width,
            poles: self.poles,
            pole: (self.poles == 1).then_some(self.pole),
        }
    }
}
