//! The sentences of the lab. No number is computed here.

use super::measured::Outcome;
use super::parameters::{InputsName, MapLayer, NoExponent, Params, Plane};
use super::product::Spectrum;
use super::quantities::{self, Agreement, MARGIN};
use super::{runs, theory};
use crate::labs::activation;
use crate::labs::summary::number;
use crate::labs::{Done, Verdict};

/// Why there is no exponent, as a clause.
pub fn no_exponent(why: NoExponent) -> &'static str {
    match why {
        NoExponent::Kink => "ReLU has no Hessian at 0: no exponent",
        NoExponent::Flat => "the Hessian at 0 vanishes: no exponent",
    }
}

/// Title of the map.
pub fn title(p: &Params) -> String {
    let what = match p.layer {
        MapLayer::Measured => "Rank of trained networks",
        MapLayer::Predicted => "Predicted rank: the number of positive exponents",
        MapLayer::Difference => "Measured rank less the predicted one",
    };
    format!("{what}: label noise σ against learning rate λ")
}

/// A place of the map.
pub fn place(plane: &Plane, at: (f64, f64)) -> String {
    format!("{} {}, {} {}", plane.x.label, number(at.0, 3), plane.y.label, number(at.1, 3))
}

/// What was measured.
pub fn measured(outcome: Option<Outcome>) -> String {
    match outcome {
        None | Some(Outcome::Unknown) => "not measured yet".to_owned(),
        Some(Outcome::Diverged) => "diverged".to_owned(),
        Some(Outcome::Rank(rank)) => format!("measured rank {rank}"),
    }
}

/// What is predicted.
pub fn predicted(p: &Params, rank: Option<usize>) -> String {
    match (rank, p.slope()) {
        (Some(rank), _) => format!("predicted {rank}"),
        (None, Err(why)) => no_exponent(why).to_owned(),
        (None, Ok(_)) => "prediction on its way".to_owned(),
    }
}

fn network(p: &Params) -> String {
    let inputs = if p.inputs == InputsName::Dense { "dense" } else { "one-hot" };
    let shown: Vec<String> = p.strengths.iter().map(|s| number(*s, 3)).collect();
    format!(
        "{} layers of weights, {} hidden neurons, {} activation, {inputs} inputs, modes of strength {}, batch size {}",
        p.layers,
        p.width,
        activation::label(p.activation),
        shown.join(", "),
        p.batch
    )
}

/// What a reader who does not see the map should know.
pub fn alt(p: &Params, plane: &Plane, agreement: Option<&Agreement>) -> String {
    let what = match p.layer {
        MapLayer::Measured => "the median rank of trained networks",
        MapLayer::Predicted => "the predicted rank",
        MapLayer::Difference => "the difference of measured and predicted rank",
    };
    let mut text = format!(
        "Map of {what} with {} from {} to {} across and {} from {} to {} upward; {}.",
        plane.x.label,
        number(plane.x.min, 4),
        number(plane.x.max, 4),
        plane.y.label,
        number(plane.y.min, 4),
        number(plane.y.max, 4),
        network(p)
    );
    if let Some(found) = agreement {
        text = format!("{text} {}", counted(p, found));
    }
    text
}

fn counted(p: &Params, found: &Agreement) -> String {
    let lost = found.pixels - found.surviving;
    let mut text = format!(
        "At {lost} of {} pixels some run diverges: they count as diverged, although only {} of {} runs do.",
        found.pixels, found.lost_runs, found.runs
    );
    if lost == 0 {
        text = format!("No run diverges at any of {} pixels.", found.pixels);
    }
    if !found.predicted {
        return text;
    }
    let lower = found.surviving - found.agree - found.higher;
    text = format!(
        "{text} Of the {} surviving pixels {} have the predicted rank, {} a higher one and {lower} a lower one.",
        found.surviving, found.agree, found.higher
    );
    if p.inputs == InputsName::Dense {
        format!("{text} The rule for modes alone is right at {}.", found.alone_agree)
    } else {
        format!(
            "{text} Where every |Λ₊| is above {MARGIN} per visit, {} of {} agree.",
            found.clear_agree, found.clear
        )
    }
}

/// Sentences about the whole picture.
pub fn notes(p: &Params, done: &Done) -> Vec<String> {
    let mut notes = vec![format!(
        "Measured: {} runs per pixel of {} steps from weights of size {}; the median, over the last quarter, of the number of \
         singular values above 10⁻³ of the largest and above 10⁻⁶. A run whose weights reach the length 10⁶ has diverged: the \
         longer runs are, the more of them do.",
        p.replicas,
        p.steps,
        number(p.init, 2)
    )];
    match (quantities::agreement(p, done).as_ref(), p.slope()) {
        (Some(found), _) => notes.push(counted(p, found)),
        (None, Ok(_)) => notes.push("Agreement is counted when the whole map is there.".to_owned()),
        (None, Err(_)) => {}
    }
    if p.lr * p.decay > 1.0 {
        notes.push(
            "Here λγ > 1, so that each step turns the sign of every weight: the wrong sign grows faster, and the exponents are its own."
                .to_owned(),
        );
    }
    match p.slope() {
        Err(why) => notes.push(format!("{}. Networks are trained all the same.", capital(no_exponent(why)))),
        Ok(_) if p.inputs == InputsName::Dense => notes.push(
            "Solid lines: an exponent of the product of random matrices that every hidden neuron obeys is 0 (simulated on a \
             lattice of 24² places). Dashed: each mode taken alone, for contrast."
                .to_owned(),
        ),
        Ok(_) => notes.push(
            "Lines: Λ₊ of a mode is 0, exact (dashed: of a mode beyond the width). Below a line in λ a mode may be too slow to appear within the steps of a run."
                .to_owned(),
        ),
    }
    notes
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// What happens at the point.
pub fn verdict(p: &Params, done: &Done) -> Verdict {
    let most = p.most_rank();
    let outcome = runs::measured(p, done);
    let expected = quantities::predicted(p, done);
    let trained = match outcome {
        Outcome::Unknown => "Training runs are on the way.".to_owned(),
        Outcome::Diverged => {
            let (lost, all) = runs::diverged(p, done);
            format!("{lost} of {all} training runs diverge here, which no linear theory predicts.")
        }
        Outcome::Rank(rank) if Some(rank) == expected => {
            format!("Training ends at rank {rank}, as predicted.")
        }
        Outcome::Rank(rank) => format!("Training ends at rank {rank}."),
    };
    let code = match outcome {
        Outcome::Diverged => "diverged",
        Outcome::Rank(0) => "collapse",
        Outcome::Rank(rank) if rank == most => "full",
        Outcome::Rank(_) => "low-rank",
        Outcome::Unknown => "",
    };
    let Some(expected) = expected else {
        let heading = match (outcome, p.slope()) {
            (Outcome::Rank(rank), _) => format!("Rank {rank} of {most}"),
            (Outcome::Diverged, _) => "Diverges".to_owned(),
            (_, Err(_)) => "No exponent".to_owned(),
            _ => "Computing…".to_owned(),
        };
        let text = p.slope().err().map_or_else(
            || format!("The exponents of the product are on their way. {trained}"),
            |why| format!("{}. {trained}", capital(no_exponent(why))),
        );
        return Verdict { code, heading, text };
    };
    let (exponents, unsure) = if p.inputs == InputsName::Dense {
        Spectrum::read(p, done).map(unsure).unwrap_or_default()
    } else {
        (theory::mode_exponents(p, p.lr, p.noise).unwrap_or_default(), 0)
    };
    let shown: Vec<String> = exponents.iter().map(|value| number(*value, 3)).collect();
    let what = if p.inputs == InputsName::Dense { "exponents of the product" } else { "modes’ exponents" };
    let grows = exponents.iter().filter(|value| **value > 0.0).count();
    let heading = match outcome {
        Outcome::Diverged => format!("Diverges; predicted rank {expected} of {most}"),
        _ if expected == 0 => "Collapse: rank 0".to_owned(),
        _ => format!("Predicted rank {expected} of {most}"),
    };
    let fate = match grows {
        _ if grows > most => format!("more than the {most} that this width can learn"),
        0 => "all directions die at the saddle".to_owned(),
        _ if grows == exponents.len() => "all directions grow".to_owned(),
        _ => "the other directions die at the saddle".to_owned(),
    };
    let doubt = match unsure {
        0 => String::new(),
        1 => " One is within two standard errors of 0: its sign is not certain.".to_owned(),
        _ => format!(" {unsure} are within two standard errors of 0: their signs are not certain."),
    };
    let text = format!(
        "{grows} of {} {what} are positive ({}): {fate}.{doubt} {trained}",
        exponents.len(),
        shown.join(", ")
    );
    Verdict { code, heading, text }
}

/// The exponents, and how many have a sign that their errors leave open.
fn unsure(Spectrum { exponents, errors, .. }: Spectrum) -> (Vec<f64>, usize) {
    let open = exponents.iter().zip(errors).filter(|(value, error)| !(value.abs() > 2.0 * error)).count();
    (exponents, open)
}
