//! The words beside the figures keep what they promise.

use crate::session::{list, run, run_all, value};
use saddlescope::labs::Summary;
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/spectrum/text.md");

/// The paragraph before the formulas, and the steps after them.
fn parts() -> (String, Vec<String>) {
    let mut pieces = TEXT.split("$$");
    let opening = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.last().expect("formulas between $$");
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

fn link(step: &str) -> &str {
    step.split("](set:").nth(1).expect("a link").split_once(')').expect("it ends").0
}

#[test]
fn the_text_is_short_and_has_its_steps() {
    let (opening, steps) = parts();
    let words = opening.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    assert!((20..=80).contains(&words), "{words} words");
    assert!((3..=5).contains(&steps.len()));
    assert!(include_str!("../../src/labs/spectrum/card.md").trim().ends_with('.'));
}

/// The summary after a step, which says all that it needs: from other states it asks for the same results.
fn after(step: &str) -> Summary {
    let asked = |before: &str| {
        let mut session = Session::new(&format!("spectrum?{before}"));
        session.merge(link(step));
        assert_eq!(session.problems(), [], "{step}");
        let keys: Vec<String> = session.jobs().into_iter().map(|(_, key)| key).collect();
        (session, keys)
    };
    let (mut session, keys) = asked("");
    for before in
        ["law=neuron&signal=2,1&noise=3&batch=7&decay=1", "law=gaussian&dim=5", "input_law=signs&dim=9"]
    {
        assert_eq!(asked(before).1, keys, "{step} depends on what was before");
    }
    run_all(&mut session);
    session.summary()
}

#[test]
fn every_step_leads_where_it_says() {
    let steps = parts().1;
    let first = after(&steps[0]);
    assert!(steps[0].contains("λ > 0.667") && steps[0].contains("almost every run dies"));
    assert!((value(&first, "mean_square_limit") - 0.667).abs() < 5e-4 && first.verdict.code == "attractive");
    assert!(value(&first, "mean_square_radius") > 1.0);

    let second = after(&steps[1]);
    assert!(steps[1].contains("the two limits are close"));
    let exact = list(&second, "critical_rates")[0];
    assert!(exact / value(&second, "mean_square_limit") < 1.15, "{exact}");

    let third = after(&steps[2]);
    assert!(steps[2].contains("Both exponents are negative"));
    assert!(list(&third, "exact_spectrum").iter().all(|x| *x < 0.0) && third.verdict.code == "attractive");

    let fourth = after(&steps[3]);
    assert!(steps[3].contains("expands"));
    assert!(fourth.verdict.code == "repulsive" && value(&fourth, "spectrum_1") > 0.0);

    // the last continues whatever is shown
    assert!(steps[4].contains("goes on"));
    let mut session = Session::new("spectrum");
    run(&mut session, "run");
    let before = value(&session.summary(), "steps_done");
    session.merge(link(&steps[4]));
    run(&mut session, "run");
    let after = value(&session.summary(), "steps_done");
    assert!(before < 1e5 && (1e6..1.25e6).contains(&after), "{before} {after}");
}
