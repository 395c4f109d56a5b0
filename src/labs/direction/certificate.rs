//! The proved sign of Λ at the present learning rate, made when the reader asks.
//!
//! Values typed as decimals are exactly those decimals; the reader's own values are the doubles that were read. For batches every
//! multiset of the values is a factor, so it is offered where these can be listed.

use super::sgd::{LawName, Sgd};
use crate::core::certificate::{Answer, Certificate, Method, Rational, Verdict};
use crate::labs::direction::quantities::plain;
use crate::labs::{Done, Job, Quantity};
use crate::params::ParamSet;
use crate::params::text::{format as text_of, number_text};
use std::cell::RefCell;
use std::rc::Rc;

/// The job.
pub const CERTIFICATE: &str = "certificate";
/// Most decimal places of a typed probability.
const MOST_PLACES: usize = 12;

/// A question that can be asked at a point, or why none can.
type Question = Rc<Result<Certificate, String>>;

thread_local! {
    /// The last one, with the texts of all that it depends on: every shard and every frame needs it again.
    static LAST: RefCell<Option<(String, Question)>> = const { RefCell::new(None) };
}

/// What a certificate depends on.
fn depends(p: &Sgd) -> Vec<&'static str> {
    let mut keys = p.keys();
    keys.push("sign");
    keys
}

/// The question, or why none can be asked; `None` for laws that are no finite lists.
fn question(p: &Sgd) -> Option<Question> {
    let is_list = matches!(p.law, LawName::TwoPoint | LawName::Discrete | LawName::Data);
    if p.drawn() > 0 || !is_list || p.awaits_data() {
        return None;
    }
    let text = |key: &str| Sgd::index(key).map(|index| text_of(&Sgd::specs()[index], &p.value(index)));
    let name: Vec<String> = depends(p).into_iter().filter_map(text).collect();
    let name = name.join("&");
    let known =
        LAST.with_borrow(|last| last.as_ref().filter(|(of, _)| *of == name).map(|(_, one)| Rc::clone(one)));
    known.or_else(|| {
        let question = Rc::new(make(p)?);
        LAST.set(Some((name, Rc::clone(&question))));
        Some(question)
    })
}

fn make(p: &Sgd) -> Option<Result<Certificate, String>> {
    match p.law {
        LawName::TwoPoint => Some(two_point(p)),
        LawName::Discrete => Some(counts(&p.probs).and_then(|counts| typed(p, &p.values, &counts))),
        LawName::Data => {
            let values = p.own_values()?;
            let ask = || {
                let (rate, decay) = (decimal(p.lr)?, decimal(p.decay)?);
                let negated = p.sign() > 0.0;
                let question = if p.batch == 1 {
                    Certificate::of_sample(&rate, &decay, values.doubles(), negated)
                } else {
                    let few = values.distinct().ok_or("there are too many different batches")?;
                    let exactly = |z: f64| Rational::from_f64(if negated { -z } else { z });
                    let law: Vec<(Rational, u64)> =
                        few.iter().filter_map(|(z, count)| Some((exactly(*z)?, *count))).collect();
                    Certificate::new(&rate, &decay, &law, p.batch)
                };
                question.map_err(|error| error.to_string())
            };
            Some(ask())
        }
        LawName::Gaussian | LawName::Uniform | LawName::Teacher => None,
    }
}

/// Exactly the decimal that the reader typed: a double's shortest text is that decimal, up to 15 digits.
fn decimal(x: f64) -> Result<Rational, String> {
    Rational::parse(&number_text(x)).map_err(|error| error.to_string())
}

fn two_point(p: &Sgd) -> Result<Certificate, String> {
    // 1 − q as a decimal: 1 − 0.9 is not 0.1 in doubles.
    let (tens, q) = tens_and_counts(&[p.q])?;
    typed(p, &[1.0, p.a], &[tens - q[0], q[0]])
}

fn typed(p: &Sgd, values: &[f64], counts: &[u64]) -> Result<Certificate, String> {
    let curvature = |z: &f64| decimal(*z).map(|z| if p.sign() > 0.0 { z.negated() } else { z });
    let law = values.iter().zip(counts).map(|(z, count)| Ok((curvature(z)?, *count)));
    let law = law.collect::<Result<Vec<_>, String>>()?;
    Certificate::new(&decimal(p.lr)?, &decimal(p.decay)?, &law, p.batch).map_err(|error| error.to_string())
}

/// Probabilities as whole numbers without a common divisor.
fn counts(probs: &[f64]) -> Result<Vec<u64>, String> {
    let (_, counts) = tens_and_counts(probs)?;
    let divisor = counts.iter().fold(0, |divisor, count| common(divisor, *count)).max(1);
    Ok(counts.into_iter().map(|count| count / divisor).collect())
}

fn common(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common(b, a % b) }
}

/// Typed probabilities as whole numbers over a power of ten.
fn tens_and_counts(probs: &[f64]) -> Result<(u64, Vec<u64>), String> {
    let texts: Vec<String> = probs.iter().map(|prob| format!("{prob}")).collect();
    let places = |text: &String| text.split_once('.').map_or(0, |(_, after)| after.len());
    let most = texts.iter().map(places).max().unwrap_or(0);
    if most > MOST_PLACES {
        return Err(format!("a probability has {most} decimal places; at most {MOST_PLACES} can be proved"));
    }
    let whole = |text: &String| {
        let padded = format!("{}{}", text.replace('.', ""), "0".repeat(most - places(text)));
        padded.parse().map_err(|_| format!("{text} is no probability"))
    };
    Ok((10_u64.pow(most as u32), texts.iter().map(whole).collect::<Result<_, _>>()?))
}

/// The job; none where no question can be asked.
pub fn job(p: &Sgd) -> Option<Job> {
    let question = question(p)?;
    let question = question.as_ref().as_ref().ok()?;
    Some(Job {
        name: CERTIFICATE,
        depends: depends(p),
        shards: question.shards() as u32,
        chain: true,
        cost: question.cost(),
        on_demand: true,
    })
}

/// One shard: how far the proof is, in numbers.
pub fn compute(p: &Sgd, shard: u32, previous: Option<&[f64]>) -> Vec<f64> {
    let Some(question) = question(p) else { return Vec::new() };
    let Ok(question) = question.as_ref() else { return Vec::new() };
    match previous {
        // Without the shard before it the proof begins anew.
        None if shard > 0 => {
            (0..=shard).fold(Vec::new(), |numbers, index| question.shard(index as usize, &numbers))
        }
        _ => question.shard(shard as usize, previous.unwrap_or(&[])),
    }
}

/// The answer, once the last shard is there.
fn answer(question: &Certificate, done: &Done) -> Option<Answer> {
    question.answer(done.shards(CERTIFICATE).get(question.shards() - 1)?.as_deref()?)
}

/// The row of the page: −1, 0, 1 or −∞ in place of Λ once it is proved; `None` for laws that are no finite lists.
pub fn quantity(p: &Sgd, done: &Done) -> Option<Quantity> {
    let mut row = plain(CERTIFICATE, "proved sign of Λ", "sign Λ", None);
    let question = question(p)?;
    let question = match question.as_ref() {
        Ok(question) => question,
        Err(reason) => {
            row.words = format!("not offered: {}", reason.trim_end_matches('.'));
            return Some(row);
        }
    };
    let Some(answer) = answer(question, done) else {
        "not asked for yet".clone_into(&mut row.words);
        return Some(row);
    };
    let (value, words) = match answer.verdict {
        Verdict::Negative => (Some(-1.0), "negative: Λ < 0"),
        Verdict::Positive => (Some(1.0), "positive: Λ > 0"),
        Verdict::Zero => (Some(0.0), "zero: Λ = 0 exactly"),
        Verdict::MinusInfinity => (Some(f64::NEG_INFINITY), "−∞: a step lands exactly"),
        Verdict::Undecided => (None, "undecided: the intervals overlap"),
    };
    row.value = value.map(|value| vec![value]);
    words.clone_into(&mut row.words);
    let bits = answer.bits;
    row.method = match answer.method {
        Method::Inspection => "by inspection: a factor 0, or all factors 1".to_owned(),
        Method::Integers => format!("two products of whole numbers compared, {bits} bits at most"),
        Method::Intervals => {
            format!("intervals of 256 bits, rounded outwards (the products have up to {bits} bits)")
        }
    };
    Some(row)
}
