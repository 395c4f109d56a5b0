//! The simulated map assembled from its shards, its colours, and its agreement with theory.

use super::map;
use super::parameters::{MapLayer, Params};
use super::plane::Plane;
use super::simulation::{self, COARSE, PER_PIXEL, SIDE};
use crate::charts::figure::Rgb;
use crate::charts::palette::{self, Pattern, mix};
use crate::core::decided::Forecast;
use crate::core::saddle;
use crate::labs::Done;
use std::rc::Rc;

/// The pixels that are there: on the fine grid (unfinished ones from the coarse picture), or the coarse one alone.
pub struct Simulated {
    /// Pixels along each side.
    pub side: usize,
    /// First exits with `uw > 0`, `uw < 0`, none; then ends: collapsed, `uw > 0`, `uw < 0`, diverged.
    counts: Vec<[f64; PER_PIXEL]>,
    /// As [`simulation::theory`] gives it.
    theory: Option<Vec<f64>>,
    /// Where E z < 0: there uw < 0 is correct.
    swapped: Vec<bool>,
    /// Whether every pixel of the fine grid has been simulated.
    whole: bool,
}

/// How far the simulated first exits agree with what theory predicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Pixels where theory fixes the majority.
    pub decided: u32,
    /// Those of them whose majority is the predicted one.
    pub decided_agree: u32,
    /// The other pixels.
    pub undecided: u32,
    /// Those of them whose majority is what theory predicts for infinite time.
    pub undecided_agree: u32,
}

impl Simulated {
    /// The map of what is there; `None` if nothing is.
    pub fn made(p: &Params, done: &Done) -> Rc<Option<Simulated>> {
        done.made("simulated", &["outcomes", "theory"], "", || Self::assemble(p, done))
    }

    fn assemble(p: &Params, done: &Done) -> Option<Simulated> {
        let (coarse, fine) = done.shards("outcomes").split_first()?;
        let coarse = coarse.as_ref();
        if fine.iter().all(Option::is_none) {
            let counts = coarse?.as_chunks().0.to_vec();
            let swapped = swapped(p, COARSE);
            return Some(Simulated { side: COARSE, counts, theory: None, swapped, whole: false });
        }
        let step = SIDE / COARSE;
        let coarse_at = |pixel: usize| {
            let from = pixel / SIDE / step * COARSE + pixel % SIDE / step;
            coarse.and_then(|coarse| coarse.as_chunks().0.get(from).copied())
        };
        let mut counts: Vec<[f64; PER_PIXEL]> =
            (0..SIDE * SIDE).map(|pixel| coarse_at(pixel).unwrap_or([f64::NAN; PER_PIXEL])).collect();
        for (part, shard) in fine.iter().enumerate() {
            let range = simulation::pixels_of(part as u32, fine.len() as u32);
            if let Some(shard) = shard {
                counts[range].copy_from_slice(shard.as_chunks().0);
            }
        }
        let theory = done
            .complete("theory")
            .then(|| done.shards("theory").iter().flatten().flatten().copied().collect());
        let whole = fine.iter().all(Option::is_some);
        Some(Simulated { side: SIDE, counts, theory, swapped: swapped(p, SIDE), whole })
    }

    /// Colour and pattern of a pixel; `None` where nothing is known. Colours are mixed in proportion, the pattern is that of
    /// the most frequent outcome.
    pub fn look(&self, layer: MapLayer, pixel: usize) -> Option<(Rgb, Pattern)> {
        let counts = self.named(pixel)?;
        let key = key(layer);
        match layer {
            MapLayer::Final => Some(blend(&counts[3..], key)),
            MapLayer::Disagreement => self.agreement_at(pixel).map(|(decided, agrees)| {
                let entry = &key[2 * usize::from(!decided) + usize::from(!agrees)];
                (entry.colour, entry.pattern)
            }),
            _ => Some(blend(&counts[..3], key)),
        }
    }

    /// The counts with "correct" before "wrong".
    fn named(&self, pixel: usize) -> Option<[f64; PER_PIXEL]> {
        let mut counts = *self.counts.get(pixel)?;
        if counts[0].is_nan() {
            return None;
        }
        if self.swapped[pixel] {
            counts.swap(0, 1);
            counts.swap(4, 5);
        }
        Some(counts)
    }

    /// Whether theory decides the pixel, and whether the simulated majority is the predicted one.
    fn agreement_at(&self, pixel: usize) -> Option<(bool, bool)> {
        let code = *self.theory.as_ref()?.get(pixel)?;
        let decided = code >= 0.0;
        let number = if decided { code } else { -1.0 - code };
        let [plus, minus, none, ..] = self.counts[pixel];
        let half = (plus + minus + none) / 2.0;
        let is = |forecast: Forecast| number == f64::from(forecast as u8);
        let agrees = is(Forecast::Plus) && plus > half
            || is(Forecast::Minus) && minus > half
            || is(Forecast::Stays) && none > half
            || is(Forecast::Leaves) && plus + minus > half;
        (!number.is_nan()).then_some((decided, agrees))
    }

    /// The counts over the whole map; `None` until all of it is there.
    pub fn agreement(&self) -> Option<Agreement> {
        if !self.whole || self.theory.is_none() {
            return None;
        }
        let mut agreement = Agreement::default();
        for (decided, agrees) in (0..self.counts.len()).filter_map(|pixel| self.agreement_at(pixel)) {
            let agrees = u32::from(agrees);
            if decided {
                agreement.decided += 1;
                agreement.decided_agree += agrees;
            } else {
                agreement.undecided += 1;
                agreement.undecided_agree += agrees;
            }
        }
        Some(agreement)
    }

    /// Counts at these fractions of the axes: first exits (correct, wrong, none), then ends (collapsed, correct,
    /// wrong, diverged).
    pub fn at(&self, x: f64, y: f64) -> Option<[f64; PER_PIXEL]> {
        let cell = |fraction: f64| ((fraction * self.side as f64) as usize).min(self.side - 1);
        self.named(cell(y) * self.side + cell(x))
    }
}

/// Whether E z < 0, pixel by pixel. Worked out once per row and column that moves the law.
fn swapped(p: &Params, side: usize) -> Vec<bool> {
    let plane = Plane::of(p);
    let [across, up] = plane.keys().map(|key| p.sgd.law_keys().contains(&key));
    let at = |column: usize, row: usize| {
        let there = plane.at(p, plane.x.at(map::centre(column, side)), plane.y.at(map::centre(row, side)));
        there
            .sgd
            .mean_and_variance()
            .is_some_and(|(mean, variance)| saddle::sign_of_mean(mean, variance) < 0.0)
    };
    let mut swapped = vec![false; side * side];
    for row in 0..side {
        for column in 0..side {
            swapped[row * side + column] = match (across, up) {
                (_, false) if row > 0 => swapped[column],
                (false, _) if column > 0 => swapped[row * side],
                _ => at(column, row),
            };
        }
    }
    swapped
}

/// One outcome of a simulated layer: how it looks, and what it is.
pub struct Entry {
    colour: Rgb,
    pattern: Pattern,
    text: &'static str,
}

impl Entry {
    /// Colour and words of the legend; the words name the pattern if there are patterns.
    pub fn legend(&self, patterns: bool) -> (Rgb, String) {
        let text =
            if patterns { format!("{} ({})", self.text, self.pattern.name()) } else { self.text.to_owned() };
        (self.colour, text)
    }
}

const fn entry(colour: Rgb, pattern: Pattern, text: &'static str) -> Entry {
    Entry { colour, pattern, text }
}

/// What colours and patterns of a simulated layer mean, in the order of the counts.
pub fn key(layer: MapLayer) -> &'static [Entry] {
    const EXIT: &[Entry] = &[
        entry(palette::PHASE_IB, Pattern::Plain, "leaves, correct sign"),
        entry(palette::PHASE_II, Pattern::Dots, "leaves, wrong sign"),
        entry(palette::PHASE_III, Pattern::Falling, "does not leave"),
    ];
    const FINAL: &[Entry] = &[
        entry(palette::PHASE_III, Pattern::Falling, "collapsed"),
        entry(palette::PHASE_IB, Pattern::Plain, "correct sign"),
        entry(palette::PHASE_II, Pattern::Dots, "wrong sign"),
        entry(palette::DIVERGED, Pattern::Lattice, "diverged"),
    ];
    const DISAGREEMENT: &[Entry] = &[
        entry(Rgb(0xdd, 0xe3, 0xe8), Pattern::Plain, "decided, agrees"),
        entry(Rgb(0xb0, 0x00, 0x4b), Pattern::Lattice, "decided, differs"),
        entry(Rgb(0xa9, 0xb7, 0xc4), Pattern::Rising, "undecided, agrees"),
        entry(Rgb(0xf0, 0xc4, 0x52), Pattern::Dots, "undecided, differs"),
    ];
    match layer {
        MapLayer::Exit => EXIT,
        MapLayer::Final => FINAL,
        MapLayer::Disagreement => DISAGREEMENT,
        _ => &[],
    }
}

/// Colours in proportion to counts, and the pattern of the largest.
fn blend(counts: &[f64], key: &[Entry]) -> (Rgb, Pattern) {
    let (mut sum, mut most) = (0.0, 0.0);
    let mut look = (Rgb(0, 0, 0), Pattern::Plain);
    for (count, entry) in counts.iter().zip(key) {
        sum += count;
        if *count > 0.0 {
            look.0 = mix(look.0, entry.colour, count / sum);
        }
        if *count > most {
            (most, look.1) = (*count, entry.pattern);
        }
    }
    look
}
