//! One scan line: the roots on it.

use super::align::{align_roots, align_tongues};
use super::sign_change::Line;
use super::{Plane, PlaneAxis, Quantity};
use crate::core::log_product::Stable;

/// Displacement in pixels, between two lines, above which a line is added.
const JUMP: f64 = 4.0;

/// Tongues of neighbouring lines further apart than this many pixels are different ones.
pub(super) const TONGUE_REACH: f64 = 48.0;

/// Tongues up to this width in pixels are followed.
const TONGUE_KEPT: f64 = 4.0;

/// A root on a line: of an exponent, of `E X² − 1`, or of `E z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Root {
    /// Fraction of the axis.
    pub at: f64,
    /// Whether the function is negative just above it.
    pub opens: bool,
    /// Whether it is drawn (`E X² = 1` is drawn inside phase I only).
    pub shown: bool,
}

/// With more than [`FEW_TERMS`] terms, tongues narrower than this may appear or vanish between two lines without a line
/// being added.
const FAINT: f64 = 0.02;

/// Up to so many terms every tongue is followed to its end.
const FEW_TERMS: u32 = 20;

/// A stable interval around one pole, narrower than some pixels: drawn as a tongue where narrower than one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tongue {
    /// Fraction of the axis.
    pub at: f64,
    /// Width in pixels.
    pub width: f64,
}

/// The roots on one line; positions are fractions of the axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScanLine {
    /// Where the line lies.
    pub(super) across: f64,
    /// Terms of the sum over atoms; 0 for a continuous law.
    pub(super) terms: u32,
    /// Roots of the exponents of `1 − λγ + λz` and `1 − λγ − λz`.
    pub(super) roots: [Vec<Root>; 2],
    /// Whether the two exponents are negative where the line begins; known to the scan only.
    pub(super) starts: [bool; 2],
    /// Narrow tongues of both, wider ones up to [`TONGUE_KEPT`] for the links.
    pub(super) tongues: [Vec<Tongue>; 2],
    /// Tongues too narrow to draw.
    pub(super) hidden: u32,
    /// Where `E X² = 1` of the wrong direction; shown inside phase I.
    pub(super) norm: Vec<Root>,
    /// Where `E z` changes sign along the line.
    pub(super) seam: Vec<Root>,
    /// Sign of `E z` at both ends of the line, `+1` for 0; 0 where there is no law.
    pub(super) signs: [f64; 2],
    /// Whether the exponents were left out.
    pub(super) left_out: bool,
    /// Pixels along the line.
    pub(super) pixels: f64,
}

impl ScanLine {
    /// Computes the line at a fraction of the axis across.
    pub(super) fn at(plane: &Plane, across: f64) -> Self {
        let (axis, other) = plane.axes();
        let value = other.value(across);
        let mut line = Self { across, pixels: f64::from(axis.pixels), ..Self::default() };
        let ends = [axis.min, axis.max].map(|x| plane.setting(x, value));
        line.signs = ends.each_ref().map(|s| s.as_ref().map_or(0.0, super::Setting::orientation));
        // a learning rate of 0 is a root of every exponent
        let low = if axis.quantity == Quantity::LearningRate && axis.min <= 0.0 {
            1e-6 * axis.max
        } else {
            axis.min
        };
        Line { plane, axis, value, range: (low, axis.max) }.fill(&mut line);
        line
    }

    /// Whether a line between these two would show more: a jump, a pair that vanishes, a sign that changes.
    pub(super) fn differs(&self, other: &Self) -> bool {
        let jump = JUMP / self.pixels.max(1.0);
        let moved = |a: &[Root], b: &[Root]| {
            let far = |&(x, y): &(usize, usize)| (a[x].at - b[y].at).abs() > jump || a[x].shown != b[y].shown;
            let partners = align_roots(a, b).partners;
            partners.len() < a.len().max(b.len()) || partners.iter().any(far)
        };
        let faint = if self.terms <= FEW_TERMS { 0.0 } else { FAINT };
        let swept = |i: usize| {
            let (a, b) = (&self.tongues[i], &other.tongues[i]);
            let partners = align_tongues(a, b, TONGUE_REACH / self.pixels.max(1.0));
            let lone = |list: &[Tongue], taken: &dyn Fn(usize) -> bool| {
                list.iter().enumerate().any(|(k, t)| t.width > faint && t.width < 1.0 && !taken(k))
            };
            partners.iter().any(|&(x, y)| (a[x].at - b[y].at).abs() > jump)
                || lone(a, &|k| partners.iter().any(|p| p.0 == k))
                || lone(b, &|k| partners.iter().any(|p| p.1 == k))
        };
        // a curve that runs between the lines and meets neither
        self.starts != other.starts
            || (0..2).any(|i| moved(&self.roots[i], &other.roots[i]) || swept(i))
            || moved(&self.norm, &other.norm)
            || moved(&self.seam, &other.seam)
    }

    /// Sorts stable intervals of exponent `i` into roots and tongues.
    pub(super) fn add(&mut self, i: usize, axis: &PlaneAxis, stable: &[Stable]) {
        self.starts[i] = stable.first().is_some_and(|s| !s.from_root);
        for s in stable {
            if let (Some(pole), true, true) = (s.pole, s.from_root, s.to_root) {
                let width = axis.log_pixels(pole, s.log_width);
                if width < libm::log(super::HAIRLINE) {
                    self.hidden += 1;
                    continue;
                }
                if width < libm::log(TONGUE_KEPT) {
                    self.tongues[i].push(Tongue { at: axis.fraction(pole), width: libm::exp(width) });
                }
                if width < 0.0 {
                    continue;
                }
            }
            if s.from_root {
                self.roots[i].push(Root { at: axis.fraction(s.from), opens: true, shown: true });
            }
            if s.to_root {
                self.roots[i].push(Root { at: axis.fraction(s.to), opens: false, shown: true });
            }
        }
    }
}
