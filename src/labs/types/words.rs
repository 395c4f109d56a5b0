//! The numbers of the page and its sentences. No number is computed here.

use super::escape::{self, Saddle, Times};
use super::hessian::Eigenvalue;
use super::parameters::Params;
use super::stationary::{self, Kind, Measured};
use super::theory;
use crate::core::passage::MeanPassage;
use crate::labs::direction::quantities::plain;
use crate::labs::summary::number;
use crate::labs::{Done, Quantity, Verdict};

/// Why `ReLU` has none.
const KINK: &str = "ReLU has a kink at 0 and no Hessian there";

/// What a point is, in words.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::TypeI => "Type-I saddle: noise along the escape direction",
        Kind::TypeII => "Type-II saddle: no noise along any escape direction",
        Kind::Minimum => "minimum",
        Kind::Flat => "the Hessian vanishes: no exponent",
        Kind::Kink => "at ReLU’s kink: no Hessian",
    }
}

/// What a point is, in a word or two.
pub fn short_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::TypeI => "Type-I",
        Kind::TypeII => "Type-II",
        Kind::Minimum => "minimum",
        Kind::Flat => "Hessian 0",
        Kind::Kink => "kink",
    }
}

/// A saddle's name.
pub fn saddle_name(p: &Params, saddle: Saddle) -> String {
    let place = match saddle {
        Saddle::Origin => "without bias".to_owned(),
        Saddle::Biased if p.bias == 0.0 => "b = 0".to_owned(),
        Saddle::Biased => format!("bias {}", number(p.bias, 3)),
    };
    let what = match theory::kind(p, saddle) {
        Kind::Kink => "no Hessian",
        Kind::Flat if saddle.bias(p) == 0.0 => "mean Hessian 0",
        Kind::TypeII if saddle == Saddle::Biased => "Type-II too",
        Kind::TypeII => "Type-II",
        Kind::TypeI => "Type-I",
        Kind::Flat | Kind::Minimum => "no escape direction",
    };
    format!("{place} ({what})")
}

/// A mean time, or why there is none.
pub fn time(p: &Params, times: &Times) -> String {
    match times.mean() {
        Some(mean) => format!("{} ± {} steps", number(mean.value, 4), number(mean.standard_error, 2)),
        None => format!("{} of {} runs left within {} steps", times.left.len(), times.runs, p.steps),
    }
}

/// The predicted time.
pub fn predicted(p: &Params, saddle: Saddle, rate: f64) -> String {
    match theory::kind(p, saddle) {
        Kind::TypeI => {
            return theory::kicked(p, rate).map_or_else(
                || "nothing for such large steps".to_owned(),
                |time| format!("about {}", number(time, 3)),
            );
        }
        Kind::Flat if saddle.bias(p) > 0.0 => {
            return "nothing (no escape direction, so every one counts)".to_owned();
        }
        _ => {}
    }
    match theory::bounds(p, rate) {
        Some(MeanPassage::Between { lower, upper }) => {
            format!("{} to {} (Wald)", number(lower, 4), number(upper, 4))
        }
        Some(_) => "∞ (Λ ≤ 0)".to_owned(),
        None => "nothing (no Hessian)".to_owned(),
    }
}

/// The escapes at the rate nearest to the reader's, as sentences.
pub fn escapes(p: &Params, known: &[Vec<Times>; 2]) -> String {
    let one = |saddle: Saddle| {
        let times = escape::nearest(&known[saddle as usize], p.lr)?;
        let predicted = predicted(p, saddle, times.rate);
        Some(format!("{} {}, predicted {predicted}", saddle_name(p, saddle), time(p, times)))
    };
    let shown: Vec<String> = Saddle::ALL.into_iter().filter_map(one).collect();
    escape::nearest(&known[0], p.lr).map_or_else(
        || "Runs are on the way.".to_owned(),
        |times| format!("Mean time to escape at λ = {}: {}.", number(times.rate, 3), shown.join("; ")),
    )
}

/// The lowest curvatures of a point, where it has a Hessian.
fn curvatures(one: &Measured) -> String {
    let each = |lowest: &Eigenvalue| match lowest.directions {
        1 => number(lowest.value, 3),
        count => format!("{} in {count} directions", number(lowest.value, 3)),
    };
    let all: Vec<String> = one.lowest.iter().map(each).collect();
    if all.is_empty() { String::new() } else { format!(" (curvatures {})", all.join(", ")) }
}

/// What the points are.
pub fn points(known: &[Measured]) -> String {
    let one = |one: &Measured| format!("{}: {}{}", one.point.name(), kind(one.kind()), curvatures(one));
    let shown: Vec<String> = known.iter().map(one).collect();
    if shown.is_empty() { "Points are on the way.".to_owned() } else { format!("{}.", shown.join("; ")) }
}

/// What the reader's two saddles are.
pub fn verdict(p: &Params, done: &Done) -> Verdict {
    let said = escapes(p, &escape::known(p, done));
    let Some(exponent) = theory::exponent(p, p.lr) else {
        return Verdict {
            code: "no-exponent",
            heading: "No Hessian without bias".to_owned(),
            text: format!("{KINK}. {said}"),
        };
    };
    let fate = if exponent > 0.0 {
        format!(
            "multiplies its distance, which grows by Λ = {} nats per step on average",
            number(exponent, 3)
        )
    } else if exponent == 0.0 {
        "is neither attracted nor repelled to first order (Λ = 0)".to_owned()
    } else {
        format!("is attracted (Λ = {} < 0): a run leaves by luck or not at all", number(exponent, 3))
    };
    let neuron = p.neuron(p.bias);
    let lowest = neuron.lowest();
    let noise = neuron.noise_along(lowest.direction);
    let (code, heading) = match (theory::kind(p, Saddle::Biased), exponent > 0.0) {
        (Kind::Flat, _) => ("flat", "No escape direction: neither Type-I nor Type-II"),
        (Kind::TypeI, true) => ("type-1", "One saddle kicks SGD off, the other only multiplies"),
        (Kind::TypeI, false) => ("attracts", "One saddle kicks SGD off, the other holds it"),
        (_, true) => ("type-2", "Both are Type-II: no kick"),
        (_, false) => ("holds", "Both are Type-II, and hold SGD"),
    };
    let about = if code == "flat" {
        "The labels do not depend on x, so that no curvature is negative: there is no escape direction, and neither point is Type-I or \
         Type-II"
            .to_owned()
    } else {
        format!(
            "With b = {} the noise along the escape direction is {} (curvature {})",
            number(p.bias, 3),
            number(noise, 3),
            number(lowest.curvature, 3)
        )
    };
    Verdict { code, heading: heading.to_owned(), text: format!("Without bias SGD {fate}. {about}. {said}") }
}

/// All numbers.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let neuron = p.neuron(p.bias);
    let lowest = neuron.lowest();
    let mut exponent = plain("exponent", "growth at the saddle without bias", "Λ", theory::exponent(p, p.lr));
    let mut bounds = plain("escape_bounds", "bounds on its mean time to escape", "E τ", None);
    bounds.list = true;
    match theory::bounds(p, p.lr) {
        Some(MeanPassage::Between { lower, upper }) => {
            bounds.value = Some(vec![lower, upper]);
            bounds.words = format!("{} to {}", number(lower, 4), number(upper, 4));
            "Wald’s identity, Lorden’s bound on the overshoot".clone_into(&mut bounds.method);
        }
        Some(_) => {
            bounds.value = Some(vec![f64::INFINITY]);
            "∞: with Λ ≤ 0 a run escapes by luck or never".clone_into(&mut bounds.words);
        }
        None => {
            KINK.clone_into(&mut bounds.words);
            KINK.clone_into(&mut exponent.words);
        }
    }
    let known = escape::known(p, done);
    let mut rows = vec![exponent, bounds];
    rows.push(plain("curvature", "lowest curvature with bias", "h", Some(lowest.curvature)));
    rows.push(plain("noise", "gradient noise along it", "v", Some(neuron.noise_along(lowest.direction))));
    let mut kicked =
        plain("kicked_time", "its mean time to escape, predicted", "~ log(1/λ)/λ", theory::kicked(p, p.lr));
    if kicked.value.is_none() {
        let none = match theory::kind(p, Saddle::Biased) {
            Kind::Flat => "none: no escape direction",
            _ => "none: no noise, or too large steps",
        };
        none.clone_into(&mut kicked.words);
    } else {
        kicked.exact = false;
        "linear along n, mean overshoot approximate".clone_into(&mut kicked.method);
    }
    rows.push(kicked);
    let names = [
        ("origin_time", "simulated without bias, at the nearest rate"),
        ("biased_time", "simulated with bias, at the nearest rate"),
    ];
    for (saddle, (name, label)) in Saddle::ALL.into_iter().zip(names) {
        let mut quantity = plain(name, label, "τ̂", None);
        quantity.exact = false;
        if let Some(times) = escape::nearest(&known[saddle as usize], p.lr) {
            quantity.words = time(p, times);
            if let Some(mean) = times.mean() {
                quantity.value = Some(vec![mean.value]);
                quantity.standard_error = Some(mean.standard_error).filter(|error| error.is_finite());
            }
            quantity.method = format!("λ = {}, {} runs", number(times.rate, 3), times.runs);
        }
        rows.push(quantity);
    }
    rows
}

/// What is watched where there is no escape direction.
fn watched(p: &Params) -> &'static str {
    let [origin, biased] = Saddle::ALL.map(|saddle| theory::kind(p, saddle));
    if biased == Kind::Flat && p.bias > 0.0 {
        " (no direction is one of escape, so that n is u = w without bias, and with it ‖(u, w)‖ counts)"
    } else if matches!(origin, Kind::Flat | Kind::Kink) {
        " (without bias n is u = w)"
    } else {
        ""
    }
}

/// Sentences about the whole picture.
pub fn notes(p: &Params, done: &Done) -> Vec<String> {
    let known = stationary::known(done);
    vec![
        format!(
            "Escapes: {} runs at each of {} rates from a distance of {} along the escape direction n until |n·(u, w)| is over {}{}; a \
             small dot at the top where some run did not leave within {} steps. Bars: two standard errors.",
            p.replicas,
            escape::RATES,
            number(p.init, 2),
            number(p.exit, 2),
            watched(p),
            p.steps
        ),
        format!("Points: {}", points(&known)),
        "Label noise makes every minimum of a one-layer model noisy, yet leaves the origin of a two-layer one without noise, however \
         large σ is."
            .to_owned(),
    ]
}
