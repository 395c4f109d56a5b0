//! The text of the lab: short, and every step leads where it says.

use crate::session::{finished, quantity, value};
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/rank/text.md");

fn steps() -> Vec<&'static str> {
    TEXT.split("](set:").skip(1).map(|rest| rest.split_once(')').expect("a link ends").0).collect()
}

#[test]
fn the_text_is_short() {
    let opening = TEXT.split("\n\n").next().unwrap();
    let words = opening.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    assert!((20..=80).contains(&words), "{words} words");
    assert_eq!(steps().len(), 5);
}

/// The state after a step, from the default and from after any other step.
fn after(index: usize) -> Session {
    let link = |before: &str| {
        let mut session = Session::new("rank");
        session.merge(before);
        session.merge(steps()[index]);
        assert_eq!(session.problems(), [], "step {}", index + 1);
        session.fragment()
    };
    Session::new(&link("seed=1"))
}

#[test]
fn every_step_leads_where_it_says() {
    let positive = |index: usize| {
        let exponents = quantity(&after(index).summary(), "mode_exponents").value.clone().unwrap();
        exponents.iter().map(|value| *value > 0.0).collect::<Vec<_>>()
    };
    assert_eq!(positive(0), [true; 4]);
    assert_eq!(positive(1), [true, true, false, false]);
    for (index, rank) in [(0, 4.0), (1, 2.0)] {
        let session = finished(&format!("{}&pixels=16", after(index).fragment()));
        assert_eq!(value(&session.summary(), "measured_rank"), rank, "step {}", index + 1);
    }
    assert!(after(2).fragment().contains("layer=difference"));
    let dense = after(3);
    assert!(dense.jobs().iter().any(|(job, _)| job.name == "field"));
    assert!(quantity(&after(4).summary(), "predicted_rank").words.contains("no exponent"));
}
