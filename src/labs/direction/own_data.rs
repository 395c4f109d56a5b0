//! What N values of one's own say about the law behind them: intervals of Λ and of p*, at the present learning rate.
//!
//! The exponents elsewhere on the page are exact for the N values themselves; these intervals are about new draws from the law
//! that the values came from (theory.md section 7b), with 95 % confidence.

use super::cost::Costs;
use super::sgd::{LawName, Sgd};
use crate::core::logarithms::RUN;
use crate::core::measured::{Band, MANY, Measured, Sign, TailBand, tail_band};
use crate::labs::summary::number;
use crate::labs::{Done, Job, Quantity, Verdict};
use std::rc::Rc;

/// The job of the interval of Λ.
pub const INTERVAL: &str = "interval";
/// The job of p*.
pub const TAIL: &str = "tail-interval";
/// 1 − confidence.
pub const LEVEL: f64 = 0.05;

/// The curvatures `h = ∓z` of the chosen direction, or why there is no interval; `None` if the law is another one.
pub fn measured(p: &Sgd) -> Option<Result<Rc<Measured>, String>> {
    Some(p.own_values()?.measured(p.sign() > 0.0).map_err(|error| error.to_string()))
}

/// Keys that both jobs depend on.
fn depends(p: &Sgd) -> Vec<&'static str> {
    let mut keys = p.keys();
    keys.push("sign");
    keys
}

/// The jobs; none unless the law is that of values at hand.
pub fn jobs(p: &Sgd) -> Vec<Job> {
    let count = f64::from(p.samples());
    if p.law != LawName::Data || count == 0.0 {
        return Vec::new();
    }
    let job = |name, cost| Job { name, depends: depends(p), shards: 1, chain: false, cost, on_demand: false };
    let interval = if p.batch > 1 && count <= 4096.0 { 2.5e8 } else { 40.0 * count };
    let one = Costs::of(&Sgd { batch: 1, ..p.clone() });
    vec![job(INTERVAL, interval), job(TAIL, one.preparation + 60.0 * one.alone)]
}

/// A shard of one of the jobs; `None` if it is another job.
pub fn compute(p: &Sgd, job: &str) -> Option<Vec<f64>> {
    let refused = || vec![f64::NAN];
    match job {
        INTERVAL => Some(match measured(p) {
            Some(Ok(values)) => values
                .intervals(p.batch)
                .map(|intervals| intervals.band(p.lr, p.decay, LEVEL))
                .map_or_else(|_| refused(), |band| vec![band.value, band.low, band.high, band.landed as f64]),
            _ => refused(),
        }),
        TAIL => Some(match tail(p) {
            None => refused(),
            Some(TailBand::None) => vec![0.0],
            Some(TailBand::Infinite) => vec![1.0],
            Some(TailBand::NotIdentifiable { beyond }) => vec![2.0, beyond],
            Some(TailBand::Finite { value, low, high }) => {
                vec![3.0, value, low, high.unwrap_or(f64::INFINITY)]
            }
        }),
        _ => None,
    }
}

/// The interval of p*; `None` if there is none.
fn tail(p: &Sgd) -> Option<TailBand> {
    let values = measured(p)?.ok()?;
    let offset = 1.0 - p.lr * p.decay;
    if p.batch == 1 {
        // their law is kept
        return tail_band(&*p.batch_law()?, values.count(), (offset, p.sign() * p.lr), LEVEL);
    }
    let (law, count) = values.means(p.batch).ok()?;
    tail_band(&law, count, (offset, -p.lr), LEVEL)
}

/// The interval of Λ, once it is there; `Err` says why there is none.
pub fn interval(p: &Sgd, done: &Done) -> Option<Result<Band, String>> {
    let numbers = done.shards(INTERVAL).first()?.as_deref()?;
    Some(match numbers {
        [value, low, high, landed] => {
            Ok(Band { value: *value, low: *low, high: *high, landed: *landed as usize })
        }
        _ => Err(too_few(p)),
    })
}

/// Why there is no interval.
fn too_few(p: &Sgd) -> String {
    match measured(p) {
        Some(Err(sentence)) => sentence,
        _ => format!(
            "{} values make {} batches of {}; an interval needs 50.",
            p.samples(),
            p.samples() / p.batch.max(1),
            p.batch
        ),
    }
}

/// The rows of the page.
pub fn quantities(p: &Sgd, done: &Done) -> Vec<Quantity> {
    if p.law != LawName::Data || p.samples() == 0 {
        return Vec::new();
    }
    vec![interval_row(p, done), tail_row(p, done)]
}

fn row(name: &'static str, label: &'static str, symbol: &'static str) -> Quantity {
    Quantity { list: true, exact: false, ..super::quantities::plain(name, label, symbol, None) }
}

fn interval_row(p: &Sgd, done: &Done) -> Quantity {
    let mut row = row("exponent_interval", "95 % interval of Λ for the law behind the values", "Λ");
    match interval(p, done) {
        None => {}
        Some(Err(sentence)) => row.words = sentence,
        Some(Ok(band)) => {
            row.value = Some(vec![band.low, band.high]);
            row.words = format!("{} to {}", number(band.low, 4), number(band.high, 4));
            row.method = match (p.batch, p.samples()) {
                (1, count) => format!("t interval from {count} values{}", grouped(count)),
                (_, count) if count <= 4096 => "delete-a-group jackknife, 20 groups".to_owned(),
                (batch, count) => {
                    format!("t interval from {} disjoint batches{}", count / batch, grouped(count / batch))
                }
            };
            if band.landed > 0 {
                row.method = format!("{}; some land exactly, to rounding: Λ is lower still", row.method);
            }
        }
    }
    row
}

/// How a t interval of so many numbers was had.
fn grouped(count: u32) -> String {
    if count as usize >= MANY { format!(", in groups of {RUN}") } else { String::new() }
}

fn tail_row(p: &Sgd, done: &Done) -> Quantity {
    let mut row = row("tail_exponent_interval", "95 % interval of p*, for the same law", "p*");
    let Some(numbers) = done.shards(TAIL).first().and_then(Option::as_deref) else { return row };
    match numbers {
        [0.0] => "none: Λ of the values is not negative".clone_into(&mut row.words),
        [1.0] => {
            row.value = Some(vec![f64::INFINITY; 2]);
            "∞: no value makes a step grow".clone_into(&mut row.words);
        }
        [2.0, beyond] => {
            row.words = format!(
                "not identifiable from {} values: beyond order {} one of them outweighs the rest",
                p.samples(),
                number(*beyond, 3)
            );
        }
        [3.0, value, low, high] => {
            row.value = Some(vec![*low, *high]);
            let end =
                if high.is_finite() { number(*high, 3) } else { "beyond what the values show".to_owned() };
            row.words = format!("{} to {end}, estimate {}", number(*low, 3), number(*value, 3));
        }
        _ => row.words = too_few(p),
    }
    if row.value.is_some() {
        "inverted t test of E|X|ᵖ = 1".clone_into(&mut row.method);
    }
    row
}

/// What is certain about the sign at the present rate, in a sentence.
pub fn note(p: &Sgd, done: &Done) -> Option<String> {
    let band = match interval(p, done)? {
        Ok(band) => band,
        Err(sentence) => return Some(sentence),
    };
    let (low, high) = (number(band.low, 3), number(band.high, 3));
    let says = match band.sign() {
        Sign::Stable => "below 0: new draws from it would attract too",
        Sign::Unstable => "above 0: new draws from it would not attract either",
        Sign::Undecided => "on both sides of 0: its sign is not certain",
    };
    Some(format!(
        "Λ is exact for your {} values. For the law that they were drawn from it lies between {low} and {high} (95 % confidence), {says}.",
        p.samples()
    ))
}

/// The verdict while there are no values.
pub fn awaited() -> Verdict {
    Verdict {
        code: "no-data",
        heading: "Your own values".to_owned(),
        text: "Choose, drop or paste one value of z for each sample. They are read in your browser and never uploaded.".to_owned(),
    }
}
