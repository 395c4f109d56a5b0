//! Where runs end against the learning rate: frequencies with 95 % intervals, over the rates at which the origin attracts.

use super::minima::{self, Limits};
use super::parameters::{Params, rates};
use super::{windows, words};
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, ParamRef, Rgb, Role};
use crate::charts::palette;
use crate::core::stats::frequency_interval;
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use crate::models::hidden_neuron::step_cost;
use std::rc::Rc;

/// Name of the figure and of its job, a shard for each rate.
pub const ID: &str = "ends";
/// Learning rates.
pub const RATES: u32 = 24;
/// Shards take rates in steps of this, so that the first ones cover the axis.
const STRIDE: u32 = 7;
/// A run that ends nearer to the origin has collapsed.
pub const NEAR: f64 = 1e-3;
/// Normal score of 95 %.
const SCORE: f64 = 1.96;
/// Streams of these runs and of those at the reader's point.
const ITEMS: u64 = 1 << 32;

/// Where a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At the origin.
    Origin,
    /// With the sign of `uw` of the minimum of least loss.
    Correct,
    /// With the other sign.
    Wrong,
    /// Left the range.
    Diverged,
}

impl End {
    /// All of them.
    pub const ALL: [End; 4] = [End::Origin, End::Correct, End::Wrong, End::Diverged];

    /// Of a last place; `sign` is that of `uw` at the minimum of least loss.
    pub fn of((u, w): (f64, f64), sign: f64) -> Self {
        if u.is_nan() || w.is_nan() {
            End::Diverged
        } else if u * u + w * w < NEAR * NEAR {
            End::Origin
        } else if sign * u * w >= 0.0 {
            End::Correct
        } else {
            End::Wrong
        }
    }

    /// Its colour.
    pub fn colour(self) -> Rgb {
        match self {
            End::Origin => palette::PHASE_III,
            End::Correct => palette::PHASE_IB,
            End::Wrong => palette::PHASE_II,
            End::Diverged => palette::PHASE_IV,
        }
    }

    /// Its name.
    pub fn words(self) -> &'static str {
        match self {
            End::Origin => "at the origin",
            End::Correct => "correct sign",
            End::Wrong => "wrong sign",
            End::Diverged => "diverged",
        }
    }

    /// Its name, and of the sign of one minimum alone whether that is the sharp or the flat one.
    pub fn called(self, minima: &[Limits]) -> String {
        let side = matches!(self, End::Correct | End::Wrong).then_some(self == End::Correct);
        let mut own =
            (0..minima.len()).filter(|i| Some(minima::is_correct(minima, minima[*i].minimum.at)) == side);
        let only = own.next().filter(|_| own.next().is_none()).map(|index| minima::name(minima, index));
        match only.as_deref().and_then(|name| name.split_once(", ")) {
            Some((_, how)) => format!("{} ({how})", self.words()),
            None => self.words().to_owned(),
        }
    }
}

/// Work of all runs, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    f64::from(RATES * p.starts) * f64::from(p.steps) * step_cost(p.activation, p.batch)
}

fn rate(axis: &Axis, index: u32) -> f64 {
    axis.at((f64::from(index) + 0.5) / f64::from(RATES))
}

/// How many shards one rate is cut into.
fn cuts(p: &Params) -> u32 {
    let each = cost(p) / f64::from(RATES);
    ((each / crate::labs::direction::cost::SHARD).ceil() as u32).clamp(1, p.starts)
}

/// Number of shards: all rates with their first runs, then with more.
pub fn shards(p: &Params) -> u32 {
    RATES * cuts(p)
}

/// One shard: the index of its rate, then how many of its runs ended where, in the order of [`End::ALL`] for a positive
/// sign (so without the minima).
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let index = shard % RATES * STRIDE % RATES;
    let (cut, cuts) = (shard / RATES, cuts(p));
    let edge = |cut: u32| (u64::from(p.starts) * u64::from(cut) / u64::from(cuts)) as u32;
    let (data, training) = (p.data(), p.training(rate(&rates(p), index)));
    let mut counts = [0.0; 4];
    for run in edge(cut)..edge(cut + 1) {
        let last = data.run(&training, &[p.steps], p.seed, (ITEMS + u64::from(index), run));
        counts[End::of(last[0], 1.0) as usize] += 1.0;
    }
    let mut numbers = vec![f64::from(index)];
    numbers.extend(counts);
    numbers
}

/// Frequencies that are there: for each rate the counts in the order of [`End::ALL`], and what those are called.
pub struct Ends(Vec<(f64, [f64; 4])>, [String; 4]);

impl Ends {
    /// Those that are there; the signs are named once the minima are known.
    pub fn made(p: &Params, done: &Done) -> Rc<Ends> {
        done.made("ends", &[ID, minima::JOB], "", || {
            let axis = rates(p);
            let minima = minima::known(done);
            let minima = minima.as_ref().as_deref().unwrap_or_default();
            let swapped = !minima::is_correct(minima, (1.0, 1.0));
            let mut counts = vec![[0.0; 4]; RATES as usize];
            for shard in done.shards(ID).iter().flatten() {
                let Some((index, more)) = shard.split_first() else { continue };
                counts[*index as usize].iter_mut().zip(more).for_each(|(sum, count)| *sum += count);
            }
            let named = |(index, mut counts): (usize, [f64; 4])| {
                if swapped {
                    counts.swap(1, 2);
                }
                (rate(&axis, index as u32), counts)
            };
            let any = |(_, counts): &(usize, [f64; 4])| counts.iter().sum::<f64>() > 0.0;
            Ends(
                counts.into_iter().enumerate().filter(any).map(named).collect(),
                End::ALL.map(|end| end.called(minima)),
            )
        })
    }

    fn name(&self, end: End) -> &str {
        &self.1[end as usize]
    }

    /// The frequency of an end and its interval, at the rate nearest to `lr`.
    fn nearest(&self, lr: f64) -> Option<&(f64, [f64; 4])> {
        let far = |(rate, _): &&(f64, [f64; 4])| libm::log(rate / lr).abs();
        self.0.iter().min_by(|a, b| far(a).total_cmp(&far(b)))
    }
}

fn interval(counts: &[f64; 4], end: End) -> (f64, f64) {
    frequency_interval(counts[end as usize] as u32, counts.iter().sum::<f64>() as u32, SCORE)
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let (x, ends) = (rates(p), Ends::made(p, done));
    let mut layers = Vec::new();
    let windows = windows::known(p, done);
    // narrower than a tenth of a pixel, none is seen
    let is_seen = |(from, to): &&(f64, f64)| x.fraction(*to) - x.fraction(*from) > 1e-4;
    let seen = || windows.iter().flat_map(|windows| &windows.ends).filter(is_seen);
    for (from, to) in seen() {
        layers.push(Layer::Band {
            x: vec![*from, *to],
            low: vec![0.0; 2],
            high: vec![1.0; 2],
            ink: Ink::Fixed(palette::PHASE_III),
            opacity: 0.2,
            name: "the origin attracts".to_owned(),
        });
    }
    for end in End::ALL {
        let ink = Ink::Fixed(end.colour());
        let share = |counts: &[f64; 4]| counts[end as usize] / counts.iter().sum::<f64>();
        let points: Vec<(f64, f64)> = ends.0.iter().map(|(rate, counts)| (*rate, share(counts))).collect();
        if points.iter().all(|point| point.1 == 0.0) {
            continue;
        }
        let edges: Vec<(f64, f64)> = ends.0.iter().map(|(_, counts)| interval(counts, end)).collect();
        layers.push(Layer::Band {
            x: points.iter().map(|point| point.0).collect(),
            low: edges.iter().map(|edge| edge.0).collect(),
            high: edges.iter().map(|edge| edge.1).collect(),
            ink,
            opacity: 0.2,
            name: format!("{}, 95 % interval", ends.name(end)),
        });
        layers.push(Layer::line(points.clone(), ink, 1.8, Dash::Solid, Some(ends.name(end).to_owned())));
        layers.push(Layer::Points { points, ink, radius: 2.2 });
    }
    layers.push(Layer::VLine { x: p.lr, ink: Ink::Accent, dash: Dash::Solid, label: None });
    let how = if windows.as_ref().is_some_and(|windows| windows.exact) { " (exact)" } else { "" };
    let key = seen().next().map(|_| (palette::PHASE_III, format!("shaded: the origin attracts{how}")));
    Figure {
        title: "Where SGD ends, against the learning rate".to_owned(),
        alt: format!(
            "Frequencies of the ends of {} runs at each of {} learning rates from {} to {}, with 95 % intervals. {} {}",
            p.starts,
            ends.0.len(),
            number(x.min, 3),
            number(x.max, 3),
            words::window(p, windows.as_ref()),
            said(p, done)
        ),
        key: key.into_iter().collect(),
        layers,
        handles: vec![Handle { at: (p.lr, 0.5), x: Some(ParamRef { key: "lr", index: None }), y: None }],
        ..Figure::blank(ID, Role::Side, 1.5, x, Axis::linear("share of runs", 0.0, 1.0))
    }
}

/// The ends at the rate nearest to the reader's, as a sentence.
pub fn said(p: &Params, done: &Done) -> String {
    let ends = Ends::made(p, done);
    ends.nearest(p.lr).map_or_else(String::new, |(rate, counts)| {
        let one = |end: &End| format!("{} {}", counts[*end as usize], ends.name(*end));
        let shown: Vec<String> =
            End::ALL.iter().filter(|end| counts[**end as usize] > 0.0).map(one).collect();
        format!("At λ = {}: {}.", number(*rate, 3), shown.join(", "))
    })
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, lr: f64) -> String {
    let ends = Ends::made(p, done);
    ends.nearest(lr).map_or_else(String::new, |(rate, counts)| {
        let one = |end: &End| {
            let (low, high) = interval(counts, *end);
            let share = counts[*end as usize] / counts.iter().sum::<f64>();
            format!("{} {} ({}–{})", ends.name(*end), number(share, 2), number(low, 2), number(high, 2))
        };
        let shown: Vec<String> =
            End::ALL.iter().filter(|end| counts[**end as usize] > 0.0).map(one).collect();
        format!("λ {}: {}", number(*rate, 3), shown.join(", "))
    })
}

/// All counts.
pub fn table(p: &Params, done: &Done) -> Table {
    let ends = Ends::made(p, done);
    let mut columns = vec!["learning rate λ".to_owned()];
    for name in &ends.1 {
        columns.extend([name.clone(), format!("{name}, 95 % interval")]);
    }
    let row = |(rate, counts): &(f64, [f64; 4])| {
        let mut cells = vec![number(*rate, 4)];
        for end in End::ALL {
            let (low, high) = interval(counts, end);
            let all: f64 = counts.iter().sum();
            cells.push(format!("{} of {all}", counts[end as usize]));
            cells.push(format!("{} to {}", number(low, 3), number(high, 3)));
        }
        cells
    };
    Table { columns, rows: ends.0.iter().map(row).collect() }
}
