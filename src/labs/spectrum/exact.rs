//! Exponents with a closed form: over the learning rate, at the point, and where the first changes sign.

use super::parameters::{Exponents, LawName, Params, VectorLaw, rates};
use crate::core::bracket;
use crate::core::exact_spectrum::ExactSpectrum;
use crate::core::log_product::common_intervals;
use crate::labs::Done;
use crate::labs::direction::cost::SHARD;
use std::cell::RefCell;
use std::rc::Rc;

/// Most numbers of a list of matrices whose exact exponents are drawn here.
const MOST_NUMBERS: usize = 10_000;
/// Cells of the fine grid of learning rates.
const FINE: u32 = 120;
/// Cells of the coarse one.
const COARSE: u32 = 12;
/// Learning rates, evenly spaced in their logarithm, between which sign changes are looked for.
pub const SCANNED: u32 = 96;

thread_local! {
    /// What is known of the last list, and of which parameters: every picture asks for it.
    static OF_LIST: RefCell<Option<(String, Rc<ExactSpectrum>)>> = const { RefCell::new(None) };
}

/// What is known of the exponents, whatever the learning rate; `None` of a list that is too long, and while it is not at hand.
fn solved(p: &Params) -> Option<Rc<ExactSpectrum>> {
    // as every rate has it but those at which λγ = 1
    let factor = p.factor(0.0);
    let new = || Some(Rc::new(ExactSpectrum::new(&p.hessians().ok()?, &factor)));
    if p.law != LawName::Data {
        return new();
    }
    let numbers = p.samples() * p.dimension() * p.dimension();
    // batches that leave noise have too many atoms
    if numbers > MOST_NUMBERS || p.batch > 1 && factor.variance_factor(Some(p.samples())) > 0.0 {
        return None;
    }
    let name = format!("{:?} {} {:?}", p.data, p.batch, p.draws);
    OF_LIST.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(of, _)| *of != name) {
            *kept = Some((name, new()?));
        }
        kept.as_ref().map(|(_, solved)| Rc::clone(solved))
    })
}

/// How many exponents are known of those that are measured.
pub fn count(p: &Params) -> usize {
    solved(p).map_or(0, |solved| solved.count()).min(p.measured())
}

/// Work of one exponent.
fn cost(p: &Params) -> f64 {
    match (p.law, p.input_law) {
        (LawName::Regression, VectorLaw::Gaussian) | (LawName::Neuron, _) => 3e5,
        (LawName::Regression, _) => 5e4,
        (LawName::Data, _) => 100.0 + 60.0 * p.samples() as f64,
        _ => 100.0,
    }
}

/// Work of the curve.
pub fn curve_cost(p: &Params) -> f64 {
    f64::from(FINE + COARSE) * count(p) as f64 * cost(p)
}

/// Work at the point.
pub fn point_cost(p: &Params) -> f64 {
    // two more of the first, some twenty where it changes sign beside the point
    (count(p) as f64 + 10.0) * cost(p)
}

/// Work of the sign changes.
pub fn rates_cost(p: &Params) -> f64 {
    1.3 * f64::from(SCANNED) * cost(p)
}

/// Number of shards of the curve: the first is the whole, coarse.
pub fn shards(p: &Params) -> u32 {
    1 + ((curve_cost(p) / SHARD).ceil() as u32).clamp(1, FINE / 2)
}

/// One shard of the curve: row by row a learning rate and the exponents there.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let axis = rates(p);
    let parts = shards(p) - 1;
    let places: Vec<f64> = if shard == 0 {
        (0..=COARSE).map(|cell| axis.at(f64::from(cell) / f64::from(COARSE))).collect()
    } else {
        let edge = |part: u32| FINE * part / parts;
        let cells = edge(shard - 1)..=edge(shard);
        cells.map(|cell| axis.at(f64::from(cell) / f64::from(FINE))).collect()
    };
    places.into_iter().flat_map(|rate| std::iter::once(rate).chain(at(p, rate))).collect()
}

/// The exponents at a learning rate, as many as [`count`] says.
pub fn at(p: &Params, rate: f64) -> Vec<f64> {
    let Some(solved) = solved(p) else { return Vec::new() };
    match p.exponents {
        Exponents::All => solved.all(&p.factor(rate)),
        Exponents::Top => solved.first(&p.factor(rate)).into_iter().collect(),
    }
}

/// Whether [`critical_rates`] has every rate, exact to rounding.
pub fn is_listed(p: &Params) -> bool {
    solved(p).is_some_and(|solved| solved.is_listed())
}

/// Point `k` of the scan.
fn place(k: u32) -> f64 {
    libm::pow(10.0, -3.0 + 5.0 * f64::from(k) / f64::from(SCANNED))
}

/// The two points of the scan around a learning rate.
pub fn cell(rate: f64) -> (f64, f64) {
    let after = (1..SCANNED).find(|k| place(*k) > rate).unwrap_or(SCANNED);
    (place(after - 1), place(after))
}

/// The learning rates at which the first exponent changes sign, between the ends of the parameter's domain. Both ends of an interval
/// that doubles do not tell apart are in the list.
pub fn critical_rates(p: &Params) -> Vec<f64> {
    let Some(solved) = solved(p) else { return Vec::new() };
    if !solved.is_listed() {
        return crossings(p, &solved, &mut (0..=SCANNED).map(place));
    }
    let (low, high) = (place(0), place(SCANNED));
    let stable = common_intervals(&solved.products(p.decay), low, high);
    stable.into_iter().flat_map(|(from, to)| [from, to]).filter(|rate| low < *rate && *rate < high).collect()
}

/// The shard of the job `exact-point`: the exponents, then what a scan finds in the [`cell`] of the reader's learning rate if that
/// rate is one of its points: there it says what the exponents say.
pub fn compute_point(p: &Params) -> Vec<f64> {
    let mut numbers = at(p, p.lr);
    if let Some(solved) = solved(p).filter(|solved| p.is_sgd() && !solved.is_listed()) {
        let (low, high) = cell(p.lr);
        numbers.extend(crossings(p, &solved, &mut [low, p.lr, high].into_iter()));
    }
    numbers
}

/// The learning rates between these places at which the first exponent changes sign.
fn crossings(p: &Params, solved: &ExactSpectrum, places: &mut dyn Iterator<Item = f64>) -> Vec<f64> {
    let top = |rate: f64| solved.first(&p.factor(rate)).unwrap_or(f64::NAN);
    let mut found = Vec::new();
    let mut before = (f64::NAN, f64::NAN);
    for rate in places {
        let here = (rate, top(rate));
        if before.1 * here.1 < 0.0 {
            found.push(bracket::root(top, before, here));
        }
        before = here;
    }
    found
}

/// The curve so far.
pub struct Curve {
    /// Learning rates, ascending, each with the exponents there, descending.
    pub rows: Vec<(f64, Vec<f64>)>,
}

/// The curve so far; `None` without a closed form, and before the first shard.
pub fn made(p: &Params, done: &Done) -> Rc<Option<Curve>> {
    let width = 1 + count(p);
    done.made("exact", &["exact"], &width.to_string(), || {
        if width == 1 {
            return None;
        }
        let rows = |shard: &[f64]| -> Vec<(f64, Vec<f64>)> {
            shard.chunks_exact(width).map(|row| (row[0], row[1..].to_vec())).collect()
        };
        let shards = done.shards("exact");
        let coarse = rows(shards.first()?.as_deref()?);
        let parts = shards.len() - 1;
        let axis = rates(p);
        let edge =
            |part: usize| axis.at(f64::from(FINE * part as u32 / (parts as u32).max(1)) / f64::from(FINE));
        let mut all: Vec<(f64, Vec<f64>)> = Vec::new();
        for (part, shard) in shards[1..].iter().enumerate() {
            if let Some(fine) = shard {
                all.extend(rows(fine));
            } else {
                let (from, to) = (edge(part), edge(part + 1));
                all.extend(coarse.iter().filter(|row| from <= row.0 && row.0 <= to).cloned());
            }
        }
        Some(Curve { rows: all })
    })
}

impl Curve {
    /// The first exponent at a learning rate, between the points of the curve.
    pub fn top(&self, rate: f64) -> Option<f64> {
        let after = self.rows.partition_point(|row| row.0 < rate).clamp(1, self.rows.len().max(2) - 1);
        let ((x, before), (next, there)) = (self.rows.get(after - 1)?, self.rows.get(after)?);
        let (y, value) = (*before.first()?, *there.first()?);
        let part = ((rate - x) / (next - x).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        Some(if part == 0.0 { y } else { y + (value - y) * part })
    }

    /// Where the first exponent is negative, within the view. Sign changes are at the exact rates where those are known.
    pub fn stable(&self, critical: &[f64]) -> Vec<(f64, f64)> {
        let tops: Vec<(f64, f64)> =
            self.rows.iter().filter_map(|row| Some((row.0, *row.1.first()?))).collect();
        let known =
            |x: f64, next: f64| critical.iter().copied().filter(move |rate| x < *rate && *rate <= next);
        let is_odd = |x: f64, next: f64| known(x, next).count() % 2 == 1;
        let mut is_negative = match tops[..] {
            // λ = 0 itself: the first cell says how it begins
            [(x, 0.0), (next, value), ..] => (value < 0.0) != is_odd(x, next),
            [(_, value), ..] => value < 0.0,
            [] => false,
        };
        let mut from = tops.first().filter(|_| is_negative).map(|first| first.0);
        let mut intervals = Vec::new();
        for pair in tops.windows(2) {
            let ((x, y), (next, value)) = (pair[0], pair[1]);
            let changes = is_negative != (value < 0.0);
            // a cell may have a narrow interval of its own
            let mut crossings = Vec::new();
            if is_odd(x, next) == changes {
                crossings.extend(known(x, next));
            } else if changes {
                // a point of the curve on a pole, else one of several crossings of which not all are known
                let near = critical.iter().copied().find(|rate| x <= *rate && *rate <= next);
                let part = if y.is_finite() && value.is_finite() { y / (y - value) } else { 0.5 };
                crossings.push(near.unwrap_or(x + part * (next - x)));
            }
            for crossing in crossings {
                match from.take() {
                    None => from = Some(crossing),
                    Some(start) if start < crossing => intervals.push((start, crossing)),
                    Some(_) => {}
                }
            }
            is_negative = value < 0.0;
        }
        if let (Some(start), Some(last)) = (from, tops.last()) {
            intervals.push((start, last.0));
        }
        intervals
    }
}
