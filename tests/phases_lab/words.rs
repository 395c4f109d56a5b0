//! The words beside the diagram keep what they promise.

use crate::session::{presets, quantity, value};
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/phases/text.md");

/// The paragraph before the formula, and the steps after it.
fn parts() -> (String, Vec<String>) {
    let mut pieces = TEXT.split("$$");
    let opening = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.nth(1).expect("one formula between $$");
    let mut steps: Vec<String> = Vec::new();
    for line in rest.lines() {
        let number = line.split_once(". ").and_then(|(number, _)| number.parse::<usize>().ok());
        if let Some(number) = number {
            assert_eq!(number, steps.len() + 1, "steps are numbered from 1");
            steps.push(line.to_owned());
        } else if let Some(step) = steps.last_mut() {
            step.push(' ');
            step.push_str(line.trim());
        }
    }
    (opening, steps)
}

/// The `set:` links of a piece of text.
fn links(text: &str) -> Vec<&str> {
    let starts = text.split("](set:").skip(1);
    starts.map(|rest| rest.split_once(')').expect("a link ends").0).collect()
}

#[test]
fn the_text_is_short_and_has_its_steps() {
    let (opening, steps) = parts();
    let words = opening.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    assert!((20..=80).contains(&words.clone().count()), "{} words", words.count());
    assert!((3..=5).contains(&steps.len()), "{} steps", steps.len());
    for step in &steps {
        assert!(!links(step).is_empty(), "“{step}” sets nothing");
    }
    assert_eq!(links(TEXT).len(), links(&steps.concat()).len(), "links are in the steps");
}

#[test]
fn every_step_can_be_clicked_in_any_order() {
    let (_, steps) = parts();
    let all = links(TEXT);
    assert!(all.len() >= steps.len());
    for query in &all {
        // From every preset, so that a step does not depend on what was there before.
        for one in presets() {
            let mut session = crate::session::preset(one.id);
            session.merge(query);
            let mut alone = Session::new(&session.fragment());
            assert_eq!(session.problems(), [], "{query} from {}", one.id);
            alone.merge(query);
            assert_eq!(alone.fragment(), session.fragment(), "{query} twice is {query} once");
        }
    }
    // The first tells about the default point itself; every other one moves on from the step before.
    let mut session = Session::new("");
    let mut before = String::new();
    for query in &all {
        session.merge(query);
        assert_ne!(session.fragment(), before, "{query} changes nothing");
        before = session.fragment();
    }
}

#[test]
fn what_the_steps_claim_holds() {
    let (_, steps) = parts();
    let mut session = Session::new("");
    let mut after = Vec::new();
    for step in &steps {
        for query in links(step) {
            session.merge(query);
        }
        after.push((session.summary(), session.fragment()));
    }
    let code = |step: usize| after[step].0.verdict.code;
    // “collapses … although the mean gradient points away”: E z > 0, so the mean-field direction grows.
    assert!(steps[0].contains("collapse"), "{}", steps[0]);
    assert_eq!(code(0), "III");
    assert!(value(&after[0].0, "exponent_plus") < 0.0 && value(&after[0].0, "exponent_minus") < 0.0);
    assert!(steps[1].contains("correct direction"));
    assert!(code(1) == "Ia" || code(1) == "Ib", "{}", code(1));
    assert!(steps[2].contains("batch"));
    assert_eq!(code(2), "Ib");
    assert!(steps[3].contains("wrong direction"));
    assert_eq!(code(3), "II");
    assert!(value(&after[3].0, "exponent_plus") < 0.0 && value(&after[3].0, "exponent_minus") > 0.0);
    assert!(steps[4].contains("simulated") && after[4].1.contains("layer=exit"));
    assert!(steps[4].contains("16 runs"));
    let notes = &after[4].0.notes;
    assert!(notes.iter().any(|note| note.starts_with("Simulated: 16 runs per pixel")), "{notes:?}");
}

/// The numbers in a link's words are those that it sets.
#[test]
fn steps_say_what_they_set() {
    for step in parts().1 {
        for (before, query) in step.split("](set:").zip(links(&step)) {
            let words = before.rsplit_once('[').expect("a link begins").1.replace('\u{2212}', "-");
            for said in words.split([' ', ',']).filter(|word| word.parse::<f64>().is_ok()) {
                let set = query.split('&').any(|pair| pair.ends_with(&format!("={said}")));
                assert!(set, "“{words}” sets {query}");
            }
        }
    }
}

#[test]
fn words_of_the_numbers_are_there() {
    let summary = Session::new("").summary();
    assert_eq!(quantity(&summary, "exponent_plus").text(), "−0.3426");
    assert_eq!(quantity(&summary, "exponent_minus").text(), "−0.5336");
}
