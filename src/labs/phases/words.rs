//! The sentences of the lab. No number is written here: they all come from the core.

use super::boundaries;
use super::map::{self, Picture};
use super::parameters::{MapLayer, Params};
use super::plane::Plane;
use super::point::{self, SaddleNumbers};
use super::simulated::Simulated;
use super::work;
use crate::core::saddle::Phase;
use crate::labs::summary::number;
use crate::labs::{Done, Table, Verdict};
use std::rc::Rc;

/// Short and long name of a phase.
pub fn phase_names(phase: Phase) -> (String, String) {
    let (short, long) = match phase {
        Phase::Ia => ("Ia", "Ia correct learning"),
        Phase::Ib => ("Ib", "Ib correct, norm-stable"),
        Phase::II => ("II", "II incorrect learning"),
        Phase::III => ("III", "III collapse"),
        Phase::IV => ("IV", "IV unstable"),
        Phase::Escapes => ("escapes", "escapes, no correct sign"),
    };
    (short.to_owned(), long.to_owned())
}

/// The code of a phase in `result()`.
pub fn code(phase: Phase) -> &'static str {
    match phase {
        Phase::Ia => "Ia",
        Phase::Ib => "Ib",
        Phase::II => "II",
        Phase::III => "III",
        Phase::IV => "IV",
        Phase::Escapes => "escapes",
    }
}

/// What SGD does at the point.
pub fn verdict(p: &Params, point: &SaddleNumbers) -> Verdict {
    let (plus, minus) = (number(point.plus.value, 3), number(point.minus.value, 3));
    let moment = number(point.second_moment, 3);
    let text = match point.phase {
        Phase::Ia => format!(
            "SGD escapes along the correct direction (Λ₊ = {plus} > 0). The wrong one dies in probability (Λ₋ = {minus} < 0), \
             though its mean square does not (E X² = {moment} ≥ 1): only the exponent sees that learning succeeds."
        ),
        Phase::Ib => format!(
            "SGD escapes along the correct direction (Λ₊ = {plus} > 0); the wrong one dies in probability (Λ₋ = {minus} < 0) and in \
             mean square (E X² = {moment} < 1)."
        ),
        Phase::II => format!(
            "SGD escapes along the wrong direction (Λ₋ = {minus} > 0) while the correct one dies (Λ₊ = {plus} < 0): it learns the \
             opposite of what the data say on average."
        ),
        Phase::III => {
            // The curvature along the correct direction is γ − |E z|.
            let falls = p.sgd.mean_and_variance().is_none_or(|(mean, _)| mean.abs() > p.sgd.decay);
            let loss =
                if falls { "although the loss has a" } else { "and with γ ≥ |E z| the loss has no" };
            format!(
                "SGD collapses onto the saddle: both directions die in probability (Λ₊ = {plus}, Λ₋ = {minus}, both < 0), {loss} \
                 descent direction there. The result is a low-rank solution."
            )
        }
        Phase::IV => {
            // Λ = 0: it neither grows nor dies
            let goes = if point.plus.value > 0.0 && point.minus.value > 0.0 {
                ": SGD leaves the saddle along whichever direction luck favours first"
            } else {
                ""
            };
            format!("No direction is stable (Λ₊ = {plus}, Λ₋ = {minus}){goes}.")
        }
        Phase::Escapes => format!(
            "SGD escapes along one direction (Λ = {plus} and {minus}), but E z = 0: the data prefer no sign, so there is nothing \
             correct to learn."
        ),
    };
    Verdict { code: code(point.phase), heading: phase_names(point.phase).1, text }
}

/// The verdict while its numbers are on the way.
pub fn pending() -> Verdict {
    Verdict {
        code: "",
        heading: "Computing…".to_owned(),
        text: "The law of this batch has many atoms; its exact exponents are on the way.".to_owned(),
    }
}

/// Title of the diagram.
pub fn title(p: &Params, plane: &Plane) -> String {
    let what = match p.layer {
        MapLayer::Exact => "Phases of SGD at a saddle",
        MapLayer::Exit => "First exit of simulated SGD from a saddle",
        MapLayer::Final => "Final state of simulated SGD started at a saddle",
        MapLayer::Disagreement => "Where simulated SGD differs from theory",
        MapLayer::Plus => "Exponent Λ₊ of SGD at a saddle",
        MapLayer::Minus => "Exponent Λ₋ of SGD at a saddle",
    };
    format!("{what}: {} against {}", plane.y.label, plane.x.label)
}

/// What a reader who does not see the diagram should know.
pub fn alt(p: &Params, plane: &Plane, done: &Done) -> String {
    let text = format!(
        "Map with {} from {} to {} across and {} from {} to {} upward; {}; batch size {}.",
        plane.x.label,
        number(plane.x.min, 4),
        number(plane.x.max, 4),
        plane.y.label,
        number(plane.y.min, 4),
        number(plane.y.max, 4),
        p.sgd.law_in_words(),
        p.sgd.batch
    );
    match shares_said(p, done).as_ref() {
        Some(shares) => format!("{text} {shares}"),
        None => text,
    }
}

/// The share of the map that each phase takes, in a sentence; `None` until something of the map is there.
fn shares_said(p: &Params, done: &Done) -> Rc<Option<String>> {
    done.made("shares", &["map"], "", || {
        let picture = Picture::made(p, done);
        let shares = shares(picture.as_ref().as_ref()?).into_iter();
        let part =
            |(phase, share): (Phase, f64)| format!("{} {} %", phase_names(phase).1, number(100.0 * share, 3));
        Some(format!("Share of the map: {}.", shares.map(part).collect::<Vec<_>>().join(", ")))
    })
}

/// The share of the map's area that each phase takes; those that occur.
pub fn shares(picture: &Picture) -> Vec<(Phase, f64)> {
    let all = picture.code.len() as f64;
    let share = |phase: Phase| (phase, picture.counts[phase as usize] as f64 / all);
    Phase::ALL.into_iter().map(share).filter(|(_, share)| *share > 0.0).collect()
}

/// One line about a place in the diagram.
pub fn hover(p: &Params, done: &Done, at: (f64, f64)) -> String {
    let plane = Plane::of(p);
    let (x, y) = (plane.x.fraction(at.0), plane.y.fraction(at.1));
    if !((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)) {
        return String::new();
    }
    let place = format!("{} {}, {} {}", plane.x.label, number(at.0, 3), plane.y.label, number(at.1, 3));
    let picture = Picture::made(p, done);
    let Some(picture) = picture.as_ref() else { return place };
    let pixel = picture.index(x, y);
    let there = plane.at(p, at.0, at.1);
    let name = Phase::ALL.into_iter().find(|phase| *phase as u8 == picture.code[pixel]);
    let name = name.map_or_else(|| "no law".to_owned(), |phase| phase_names(phase).1);
    // The exact numbers there, if they are had at once; at a pixel's edge they may belong to its neighbour.
    let exact = if point::saddle_is_quick(&there) { point::saddle_numbers(&there) } else { None };
    match exact {
        Some(exact) => {
            let name = phase_names(exact.phase).1;
            format!(
                "{place}: {name}, Λ₊ {}, Λ₋ {}",
                number(exact.plus.value, 3),
                number(exact.minus.value, 3)
            )
        }
        None => format!("{place}: {name}"),
    }
}

/// Sentences about the whole picture: how far simulation agrees, and what is not drawn.
pub fn notes(p: &Params, done: &Done) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(shares_said(p, done).as_ref().clone());
    if p.layer.simulated() {
        notes.push(format!(
            "Simulated: {} runs per pixel of {} steps from a distance of {}; a run has left when that has grown by 10⁸.",
            p.replicas,
            p.steps,
            number(p.init, 2)
        ));
    }
    if p.layer == MapLayer::Disagreement {
        let agreement = Simulated::made(p, done).as_ref().as_ref().and_then(Simulated::agreement);
        notes.push(agreement.map_or_else(
            || "Agreement is counted when the whole map is there.".to_owned(),
            |a| format!(
                "Theory decides {} of {} pixels; the majority of runs does what it predicts in {} of them. Of the {} undecided \
                 pixels {} go the way of the exponents’ signs.",
                a.decided,
                a.decided + a.undecided,
                a.decided_agree,
                a.undecided,
                a.undecided_agree
            ),
        ));
    }
    if !boundaries::affordable(p) {
        notes.push("The exact curves are not drawn here: this plane would need too much work. The colours are exact.".to_owned());
    }
    let side = work::map_side(p);
    if side < 512 {
        notes.push(format!("This law is costly: the exact map has {side}² pixels instead of 512²."));
    }
    if let Some(boundary) = boundaries::made(p, done).as_ref() {
        if boundary.hidden_tongues > 0 {
            notes.push(format!(
                "Stable tongues narrower than a thousandth of a pixel are not drawn: up to {} on one line.",
                boundary.hidden_tongues
            ));
        }
        if boundary.exponents_left_out {
            notes.push(
                "The lines Λ± = 0 are left out: the law has more than 64 atoms. The colours are exact."
                    .to_owned(),
            );
        }
    }
    notes.extend(super::sides::notes(p, done));
    notes
}

/// Rows and columns of the data table, about.
const TABLE_SIDE: usize = 13;
/// Exponents are computed for the table if that takes some ten milliseconds.
const TABLE_COST: f64 = 1e7;

/// The map on a coarse grid: the phase, and both exponents where they are had at once.
pub fn table(p: &Params, done: &Done) -> Table {
    let plane = Plane::of(p);
    let picture = Picture::made(p, done);
    let Some(picture) = picture.as_ref() else { return Table::default() };
    let side = work::map_side(p);
    let step = side / TABLE_SIDE;
    let sampled = (map::sampled_cost(p, step) <= TABLE_COST).then(|| map::sampled(p, step));
    let mut columns = vec![plane.x.label.as_str(), plane.y.label.as_str()];
    columns.extend(sampled.iter().flat_map(|_| ["Λ₊, nats per step", "Λ₋, nats per step"]));
    columns.push("phase");
    let places = || (step / 2..side).step_by(step).map(|pixel| map::centre(pixel, side));
    let cells = places().flat_map(|row| places().map(move |column| (column, row)));
    let row = |(cell, (column, row)): (usize, (f64, f64))| {
        let code_there = picture.code[picture.index(column, row)];
        let phase = Phase::ALL.into_iter().find(|phase| *phase as u8 == code_there);
        let exponents = sampled.iter().flat_map(|all| [all[cell].plus, all[cell].minus]);
        let mut texts = vec![number(plane.x.at(column), 4), number(plane.y.at(row), 4)];
        texts.extend(exponents.map(|value| number(value, 4)));
        texts.push(phase.map_or("no law", code).to_owned());
        texts
    };
    Table {
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows: cells.enumerate().map(row).collect(),
    }
}
