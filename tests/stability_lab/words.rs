//! The words beside the figures keep what they promise.

use crate::session::{critical_rates, run, value};
use saddlescope::labs::Summary;
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/stability/text.md");

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

fn link(step: &str) -> &str {
    step.split("](set:").nth(1).expect("a link").split_once(')').expect("it ends").0
}

#[test]
fn the_text_is_short_and_has_its_steps() {
    let (opening, steps) = parts();
    let words = opening.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    assert!((20..=80).contains(&words), "{words} words");
    assert!((3..=5).contains(&steps.len()));
}

/// The summary after a step, from the default and from every other step: a step says all that it needs.
fn after(steps: &[String], index: usize) -> Summary {
    let mut shown: Option<String> = None;
    let befores =
        steps.iter().map(|step| link(step)).chain(["law=gaussian&batch=7", "law=discrete&values=2,3,4"]);
    for before in befores {
        let mut session = Session::new("stability");
        session.merge(before);
        session.merge(link(&steps[index]));
        assert_eq!(session.problems(), [], "{}", steps[index]);
        run(&mut session, "rates");
        let summary = session.summary();
        let text = summary.verdict.text.clone();
        assert!(shown.is_none_or(|known| known == text), "step {} depends on what was before", index + 1);
        shown = Some(text);
        if before.contains("values") {
            return summary;
        }
    }
    unreachable!()
}

#[test]
fn every_step_leads_where_it_says() {
    let steps = parts().1;
    let summaries: Vec<Summary> = (0..steps.len()).map(|index| after(&steps, index)).collect();
    let number = |index: usize, name: &str| value(&summaries[index], name);

    assert!(steps[0].contains("Λ is negative") && steps[0].contains("g(1) > 0"));
    assert!(number(0, "exponent") < 0.0 && number(0, "log_moment_1") > 0.0);
    assert!(number(0, "curvature_mean") < 0.0, "the loss falls away");

    assert!(steps[1].contains("below the window") && steps[1].contains("escapes"));
    let window = critical_rates(&summaries[1]);
    assert!(number(1, "exponent") > 0.0 && 0.1 < window[0]);

    assert!(steps[2].contains("above it") && steps[2].contains("SDE"));
    assert!(number(2, "exponent") > 0.0 && 1.6 > window[1] && 1.6 > number(2, "sde_limit"));

    assert!(steps[3].contains("batch size to 4") && steps[3].contains("escapes"));
    assert!(number(3, "exponent") > 0.0);

    assert!(steps[4].contains("a minimum") && steps[4].contains("mean square explodes"));
    assert!(
        number(4, "curvature_mean") > 0.0 && number(4, "exponent") < 0.0 && number(4, "log_moment_2") > 0.0
    );
}

/// The numbers in a link's words are those that it sets.
#[test]
fn steps_say_what_they_set() {
    for step in parts().1 {
        let words = step.split("](set:").next().unwrap().rsplit_once('[').expect("a link begins").1;
        for said in
            words.replace('\u{2212}', "-").split([' ', ',']).filter(|word| word.parse::<f64>().is_ok())
        {
            assert!(link(&step).split('&').any(|pair| pair.ends_with(&format!("={said}"))), "“{words}”");
        }
    }
}
