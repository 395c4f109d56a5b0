//! A run of the matrix product at one learning rate, cut into shards that continue each other.
//!
//! Where the shards end does not depend on how many are wanted: more steps are more shards of the same run. It is looked at
//! after 1,024 steps and then four times in each doubling; the shards end there, and in between where they would take long.

use super::parameters::{Exponents, LawName, Params};
use super::rules::unit_cost;
use crate::core::matrix_product::{Chain, Product, Record, Spectrum, TopChain, UNIT, Verdict};
use crate::core::rng::LANES;
use crate::labs::direction::cost::SHARD;
use std::cell::RefCell;

/// Units of sixteen steps before the first look.
const FIRST: u32 = 64;

/// Most looks: 3·10¹⁰ steps, more than can be asked for.
const MOST_LOOKS: u32 = 100;

/// Steps for which the batches are planned; they are merged as the run grows.
const PLANNED: u32 = 66 * UNIT;

/// Level at which a run's band holds the exponent at every look.
pub const BAND: f64 = 0.01;

/// How many looks are taken, and how the units between them are cut into shards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    looks: u32,
    /// Most units of a shard.
    most: u32,
    unit_cost: f64,
}

/// What a shard does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Units before it.
    pub from: u32,
    /// Units after it.
    pub to: u32,
    /// Looks complete after it.
    pub looks: u32,
}

/// Units at a look, from 1; 0 before the first.
fn end(look: u32) -> u32 {
    look.checked_sub(1).map_or(0, |k| (FIRST / 4 * (4 + k % 4)) << (k / 4))
}

impl Schedule {
    /// Looks until at least so many steps are done.
    pub fn new(steps: u32, unit_cost: f64) -> Self {
        let units = steps.div_ceil(UNIT);
        let looks = (1..=MOST_LOOKS).find(|&look| end(look) >= units).unwrap_or(MOST_LOOKS);
        Self { looks, most: ((SHARD / unit_cost) as u32).max(1), unit_cost }
    }

    fn parts(&self, look: u32) -> u32 {
        (end(look) - end(look - 1)).div_ceil(self.most)
    }

    /// Number of shards.
    pub fn shards(&self) -> u32 {
        (1..=self.looks).map(|look| self.parts(look)).sum()
    }

    /// Work of all shards, in elementary steps.
    pub fn cost(&self) -> f64 {
        f64::from(end(self.looks)) * self.unit_cost
    }

    /// What a shard does; beyond the last, nothing.
    pub fn span(&self, shard: u32) -> Span {
        let mut before = 0;
        for look in 1..=self.looks {
            let parts = self.parts(look);
            if shard < before + parts {
                let (start, length) = (end(look - 1), end(look) - end(look - 1));
                let at = |part: u32| start + (u64::from(length) * u64::from(part) / u64::from(parts)) as u32;
                let part = shard - before;
                let looks = if part + 1 == parts { look } else { look - 1 };
                return Span { from: at(part), to: at(part + 1), looks };
            }
            before += parts;
        }
        let all = end(self.looks);
        Span { from: all, to: all, looks: self.looks }
    }
}

/// The schedule of the run at the point.
pub fn schedule(p: &Params) -> Schedule {
    Schedule::new(p.steps, unit_cost(p))
}

/// Numbers in the result of a shard, at most; of a top exponent more, if the list is in parts.
pub fn state_size(p: &Params) -> f64 {
    let d = p.dimension() as f64;
    if p.exponents == Exponents::All { d * d + 132.0 * d + 10.0 } else { LANES as f64 * (d + 131.0) + 9.0 }
}

thread_local! {
    /// The last list that was prepared, and of which parameters: every shard needs it again.
    static PREPARED: RefCell<Option<(String, Product)>> = const { RefCell::new(None) };
}

/// The product at a learning rate; `None` while the reader's numbers are not at hand.
fn product(p: &Params, rate: f64) -> Option<Product> {
    let factor = p.factor(rate);
    let prepared = || Some(Product::new(p.hessians().ok()?, factor, p.seed));
    if p.law != LawName::Data {
        return prepared();
    }
    let name = format!("{:?} {}", p.data, p.seed);
    PREPARED.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(of, _)| *of != name) {
            *kept = Some((name, prepared()?));
        }
        kept.as_ref().map(|(_, product)| product.with(factor))
    })
}

/// One shard of the run at a learning rate: the state of the chain. `number` names independent runs. Without the shard before it the
/// run begins anew: the result is the same.
pub fn compute(
    p: &Params,
    rate: f64,
    number: u32,
    schedule: &Schedule,
    shard: u32,
    previous: Option<&[f64]>,
) -> Vec<f64> {
    let Some(product) = product(p, rate) else { return Vec::new() };
    let (plan, span) = (product.plan(PLANNED), schedule.span(shard));
    let before = previous.filter(|_| shard > 0);
    match p.exponents {
        Exponents::All => {
            let resumed = before.and_then(|state| Chain::resume(&product, p.seed, number, state));
            let mut chain = resumed.unwrap_or_else(|| {
                let mut chain = Chain::start(&product, &plan, p.seed, number);
                chain.advance(span.from);
                chain
            });
            chain.advance(span.to - span.from);
            chain.state()
        }
        Exponents::Top => {
            let resumed = before.and_then(|state| TopChain::resume(&product, p.seed, number, state));
            let mut chain = resumed.unwrap_or_else(|| {
                let mut chain = TopChain::start(&product, &plan, p.seed, number);
                chain.advance(span.from);
                chain
            });
            chain.advance(span.to - span.from);
            chain.state()
        }
    }
}

/// The batch means after a shard.
fn record(p: &Params, shard: &[f64]) -> Option<Record> {
    match p.exponents {
        Exponents::All => Chain::read(shard),
        Exponents::Top => TopChain::read(shard),
    }
}

/// A run so far.
pub struct Run {
    /// After each look that found a complete batch: its number, and the exponents.
    pub looks: Vec<(u32, Spectrum)>,
    /// The batch means at the end.
    pub record: Record,
    /// The exponents at the end.
    pub spectrum: Spectrum,
}

/// The run whose shards are there; `None` before the first complete batch. Without `history` only the last look is read.
pub fn read(p: &Params, schedule: &Schedule, shards: &[Option<Vec<f64>>], history: bool) -> Option<Run> {
    let there = shards.iter().take_while(|shard| shard.is_some()).count().min(schedule.shards() as usize);
    let at = |index: usize| record(p, shards[index].as_deref()?).filter(|record| record.count() > 0);
    let last = at(there.checked_sub(1)?)?;
    let asked = |record: &Record| {
        let mut spectrum = record.spectrum();
        spectrum.exponents.truncate(p.measured());
        spectrum
    };
    let mut looks = Vec::new();
    let mut known = 0;
    let spans: Vec<Span> = (0..there as u32).map(|shard| schedule.span(shard)).collect();
    let newest = spans.last().map_or(0, |span| span.looks);
    for (index, span) in spans.iter().enumerate() {
        if span.looks > known {
            known = span.looks;
            if history || span.looks == newest {
                looks.extend(at(index).map(|record| (span.looks, asked(&record))));
            }
        }
    }
    let spectrum = asked(&last);
    Some(Run { looks, record: last, spectrum })
}

impl Run {
    /// The verdict of the last look, all looks together at 99 %.
    pub fn verdict(&self) -> Verdict {
        self.looks.last().map_or(Verdict::Undecided, |(look, spectrum)| spectrum.verdict(*look))
    }

    /// Directions that no matrix touches.
    pub fn untouched(&self) -> usize {
        self.record.untouched()
    }

    /// Whether the first exponent is −∞, to rounding.
    pub fn landed(&self) -> bool {
        self.spectrum.exponents[0].value == f64::NEG_INFINITY
    }
}
