//! The words beside the diagram keep what they promise.

use crate::session::{presets, quantity, run, value};
use crate::text::{after, explains_every_term, is_short, link, parts, steps_say_what_they_set};
use saddlescope::charts::figure::Layer;
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/phases/text.md");

#[test]
fn the_text_is_short_and_explains_its_terms() {
    is_short(TEXT);
    explains_every_term(TEXT);
    steps_say_what_they_set(TEXT);
}

/// What the opening says is beside the map is there.
#[test]
fn the_text_speaks_of_the_figures_beside_the_map() {
    let (opening, _) = parts(TEXT);
    let ids: Vec<&str> = Session::new("").figures().iter().map(|figure| figure.id).collect();
    for (words, id) in
        [("fan charts", "fan-plus"), ("loss surface", "surface"), ("the time that it takes", "passage")]
    {
        assert!(opening.replace('\n', " ").contains(words) && ids.contains(&id), "{words}");
    }
}

/// Where a reader may be when a step is clicked: at every preset, at every other step, or far away.
fn befores() -> Vec<String> {
    let presets = presets().iter().map(|one| Session::new("").preset_fragment(one.id).expect("a preset"));
    let steps = parts(TEXT).1;
    let others = steps.iter().map(|step| format!("phases?{}", link(step).1));
    let far = [
        "decay=0.7&sign=minus&layer=minus",
        "law=uniform&low=-3&high=-1&lr=50",
        "n=12&seed=5&q=1",
        "replicas=40&batch=9",
    ];
    presets.chain(others).chain(far.map(|query| format!("phases?{query}"))).collect()
}

/// The last ordinate of a named curve of the fan chart along u = w.
fn last(session: &mut Session, name: &str) -> f64 {
    run(session, "fan-plus");
    let figures = session.figures();
    let fan = figures.iter().find(|figure| figure.id == "fan-plus").expect("the fan chart");
    assert!(fan.title.ends_with("u = w"), "{}", fan.title);
    let curve = fan.layers.iter().find_map(|layer| match layer {
        Layer::Line { points, label: Some(label), .. } if label == name => points.last().copied(),
        _ => None,
    });
    curve.unwrap_or_else(|| panic!("no {name}")).1
}

/// What a sentence says, in its words, and the numbers that make it true.
type Claim<'a> = (&'a [&'a str], &'a dyn Fn(&mut Session) -> bool);

/// A step says all that it needs: from wherever it is clicked, its sentence is true.
#[test]
fn every_step_leads_where_it_says() {
    let steps = parts(TEXT).1;
    let code = |session: &Session| session.summary().verdict.code;
    let signs = |session: &Session| {
        let summary = session.summary();
        (value(&summary, "exponent_plus") > 0.0, value(&summary, "exponent_minus") > 0.0)
    };
    let claims: [Claim; 5] = [
        (
            &[
                "both exponents are negative",
                "collapses",
                "Along *u* = *w* the median falls while the mean grows",
            ],
            &|session| {
                code(session) == "III"
                    && signs(session) == (false, false)
                    && last(session, "median") < 0.0
                    && last(session, "mean") > 0.0
            },
        ),
        (&["SGD escapes in the correct direction"], &|session| signs(session) == (true, false)),
        (&["larger batches do the same"], &|session| {
            let mut one = Session::new(&session.fragment());
            one.set("batch", "1");
            signs(session) == (true, false) && signs(&one) == (false, false)
        }),
        (&["only the wrong direction grows"], &|session| {
            code(session) == "II" && signs(session) == (false, true)
        }),
        (&["simulated SGD", "16 runs per pixel"], &|session| {
            let notes = session.summary().notes;
            session.fragment().contains("layer=exit")
                && notes.iter().any(|note| note.starts_with("Simulated: 16 runs per pixel"))
        }),
    ];
    assert_eq!(steps.len(), claims.len());
    for (step, (said, holds)) in steps.iter().zip(claims) {
        for words in said {
            assert!(step.contains(words), "“{step}” does not say “{words}”");
        }
        for mut session in after(step, &befores()) {
            assert!(holds(&mut session), "{step}\nis not true at {}", session.fragment());
        }
    }
}

#[test]
fn words_of_the_numbers_are_there() {
    let summary = Session::new("").summary();
    assert_eq!(quantity(&summary, "exponent_plus").text(), "−0.3426");
    assert_eq!(quantity(&summary, "exponent_minus").text(), "−0.5336");
}

/// A direction with Λ = 0 is not one that grows.
#[test]
fn what_neither_grows_nor_dies_is_not_said_to_leave() {
    for (link, wanted) in [
        // z = 0 always: X = 1
        ("phases?a=0&q=1&lr=0.5", "No direction is stable (Λ₊ = 0, Λ₋ = 0)."),
        // z = 1 always and λ = 2: X = 3 and −1
        ("phases?a=1&lr=2", "No direction is stable (Λ₊ = 1.10, Λ₋ = 0)."),
    ] {
        let verdict = Session::new(link).summary().verdict;
        assert!(verdict.text.contains(wanted), "{link}: {}", verdict.text);
    }
}
