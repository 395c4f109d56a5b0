//! The proved sign of Λ at the present learning rate, made when the reader asks.
//!
//! Values typed as decimals are exactly those decimals; the reader's own values are the doubles that were read. A batch of more
//! than one is proved for typed laws, whose batch means are listed; not for N values, of which there would be Nˢ.

use super::sgd::{LawName, Sgd};
use crate::core::certificate::{
    Answer, Certificate, Method, Rational, SampleCertificate, Verdict, batch_means,
};
use crate::labs::direction::quantities::plain;
use crate::labs::{Done, Job, Quantity};
use crate::params::text::number_text;
use std::rc::Rc;

/// The job.
pub const CERTIFICATE: &str = "certificate";
/// Most batches of a typed law.
const MOST_BATCHES: usize = 2000;
/// Most decimal places of a typed probability.
const MOST_PLACES: usize = 12;

/// A question that can be asked at this point.
enum Question {
    Typed(Certificate),
    Sample(SampleCertificate),
}

/// The question, or why none can be asked; `None` for laws that are no finite lists.
fn question(p: &Sgd) -> Option<Result<Question, String>> {
    if p.drawn() > 0 {
        return None;
    }
    match p.law {
        LawName::TwoPoint => Some(two_point(p)),
        LawName::Discrete => Some(counts(&p.probs).and_then(|counts| typed(p, &p.values, &counts))),
        LawName::Data => {
            let numbers = p.numbers()?;
            if p.batch > 1 {
                return Some(Err("for your own values the sign is proved at batch size 1 only".to_owned()));
            }
            let ask = || Ok(SampleCertificate::new(decimal(p.lr)?, decimal(p.decay)?, numbers, -p.sign()));
            Some(ask().map(Question::Sample))
        }
        LawName::Gaussian | LawName::Uniform | LawName::Teacher => None,
    }
}

/// Exactly the decimal that the reader typed: a double's shortest text is that decimal, up to 15 digits.
fn decimal(x: f64) -> Result<Rational, String> {
    Rational::parse(&number_text(x)).map_err(|error| error.to_string())
}

fn two_point(p: &Sgd) -> Result<Question, String> {
    // 1 − q as a decimal: 1 − 0.9 is not 0.1 in doubles.
    let (tens, q) = tens_and_counts(&[p.q])?;
    typed(p, &[1.0, p.a], &[tens - q[0], q[0]])
}

fn typed(p: &Sgd, values: &[f64], counts: &[u64]) -> Result<Question, String> {
    let curvature = |z: &f64| decimal(*z).map(|z| if p.sign() > 0.0 { z.negated() } else { z });
    let mut law = Vec::new();
    for (z, count) in values.iter().zip(counts) {
        law.push((curvature(z)?, *count));
    }
    if p.batch > 1 {
        law = batch_means(&law, p.batch, MOST_BATCHES).map_err(|error| error.to_string())?;
    }
    let question = Certificate::new(&decimal(p.lr)?, &decimal(p.decay)?, &law);
    question.map(Question::Typed).map_err(|error| error.to_string())
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
    let question = question(p)?.ok()?;
    let (shards, bits) = match &question {
        Question::Typed(question) => (question.shards(), question.bits()),
        Question::Sample(question) => (question.shards(), question.bits()),
    };
    let mut depends = p.keys();
    depends.push("sign");
    // One shard at least: what inspection decides is asked for too.
    let cost = 20.0 * bits as f64;
    Some(Job {
        name: CERTIFICATE,
        depends,
        shards: shards.max(1) as u32,
        chain: false,
        cost,
        on_demand: true,
    })
}

/// One shard: a partial product.
pub fn compute(p: &Sgd, shard: u32) -> Vec<f64> {
    match question(p) {
        Some(Ok(Question::Typed(question))) => question.shard(shard as usize),
        Some(Ok(Question::Sample(question))) => question.shard(shard as usize),
        _ => Vec::new(),
    }
}

/// The answer, once every shard is there.
fn answer(p: &Sgd, done: &Done) -> Rc<Option<Answer>> {
    done.made("certificate", &[CERTIFICATE], "", || {
        if !done.complete(CERTIFICATE) {
            return None;
        }
        let parts = done.shards(CERTIFICATE).iter().flatten();
        match question(p)?.ok()? {
            Question::Typed(question) => {
                let parts: Vec<Vec<f64>> = parts.take(question.shards()).cloned().collect();
                question.answer(&parts)
            }
            Question::Sample(question) => {
                let parts: Vec<&[f64]> = parts.map(Vec::as_slice).collect();
                question.answer(&parts)
            }
        }
    })
}

/// The row of the page: −1, 0, 1 or −∞ in place of Λ once it is proved; `None` for laws that are no finite lists.
pub fn quantity(p: &Sgd, done: &Done) -> Option<Quantity> {
    let mut row = plain(CERTIFICATE, "proved sign of Λ", "sign Λ", None);
    if let Err(reason) = question(p)? {
        row.words = format!("not offered: {}", reason.trim_end_matches('.'));
        return Some(row);
    }
    let answer = answer(p, done);
    let Some(answer) = answer.as_ref() else {
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
