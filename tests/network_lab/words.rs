//! The words beside the figures keep what they promise. Each claim is measured again, at its own rate of the sweep.

use crate::open;
use crate::session::{quantity, run, value};
use saddlescope::labs::Summary;
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/network/text.md");

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

/// A step says all that it needs: the state after it does not depend on the one before.
#[test]
fn steps_hold_from_anywhere() {
    let steps = parts().1;
    for step in &steps {
        let links: Vec<String> = steps
            .iter()
            .map(|before| link(before))
            .chain(["noise=1&loss=squared&batch=3&init=0.1", "x0=0.1&x1=0.2&runs=7&seed=5"])
            .map(|before| {
                let mut session = Session::new("network");
                session.merge(before);
                session.merge(link(step));
                assert_eq!(session.problems(), [], "{step}");
                let fragment = session.fragment();
                // the switch is without effect at depth 2
                if step.contains("depth=2") { fragment.replace("&residual=1", "") } else { fragment }
            })
            .collect();
        assert!(links.iter().all(|link| *link == links[0]), "{step}: {links:?}");
    }
}

/// The numbers in a link's words are those that it sets.
#[test]
fn steps_say_what_they_set() {
    for step in parts().1 {
        let words = step.split("](set:").next().unwrap().rsplit_once('[').expect("a link begins").1;
        for said in words.split([' ', ',']).filter(|word| word.parse::<f64>().is_ok()) {
            assert!(link(&step).split('&').any(|pair| pair.ends_with(&format!("={said}"))), "“{words}”");
        }
    }
}

/// The state after a step with the runs and the exponent at one of its rates.
fn measured(step: usize, rate: u32) -> Summary {
    let lr = 0.003 * 1000_f64.powf(f64::from(rate) / 11.0);
    measured_at(link(&parts().1[step]), rate, ("lr", lr))
}

/// The same of any state, whose point goes to that value of its sweep.
fn measured_at(query: &str, index: u32, (key, point): (&str, f64)) -> Summary {
    let mut session = open(query);
    let jobs: Vec<String> = session.jobs().iter().map(|(job, _)| job.name.to_owned()).collect();
    let names = (0..4).map(|run| format!("run-{run}-rate-{index}")).chain([format!("origin-{index}")]);
    for name in names.filter(|name| jobs.contains(name)) {
        run(&mut session, &name);
    }
    session.set(key, &format!("{point:.4}"));
    session.summary()
}

/// Of the sweep over ρ = 0, 0.1 … 1 after the third step.
fn measured_over_noise(index: u32) -> Summary {
    measured_at(link(&parts().1[2]), index, ("noise", f64::from(index) / 10.0))
}

/// Rate of the sweep next to a learning rate.
fn nearest(lr: f64) -> u32 {
    ((lr / 0.003).ln() / 1000_f64.ln() * 11.0).round() as u32
}

fn upper(summary: &Summary) -> f64 {
    value(summary, "exponent") + 4.0 * quantity(summary, "exponent").standard_error.unwrap()
}

#[test]
fn noisy_labels_collapse() {
    let summary = measured(0, nearest(0.13));
    assert_eq!(summary.verdict.code, "collapses");
    assert_eq!(value(&summary, "collapsed"), 4.0);
    assert!(
        upper(&summary) < 0.0 && summary.verdict.text.contains("as measured"),
        "{}",
        summary.verdict.text
    );
}

#[test]
fn large_rates_expand() {
    let summary = measured(1, nearest(1.6));
    assert_eq!((summary.verdict.code, value(&summary, "collapsed")), ("trains", 0.0));
    assert!(value(&summary, "exponent") > 0.05 && value(&summary, "gradient_descent") < -0.05);
    // ln 10 is the loss of outputs 0
    assert!(value(&summary, "training_loss") > 10_f64.ln() && value(&summary, "accuracy") < 0.2);
}

#[test]
fn clean_labels_learn_a_low_rank() {
    let summary = measured_over_noise(0);
    assert_eq!((summary.verdict.code, value(&summary, "collapsed")), ("trains", 0.0));
    assert_eq!(value(&summary, "modes"), 2.0);
    let modes = summary.values.iter().find(|one| one.name == "modes").expect("the modes");
    assert_eq!(modes.text(), "2", "a count");
    assert!((value(&summary, "effective_rank") - 2.0).abs() < 0.15, "{}", value(&summary, "effective_rank"));
}

#[test]
fn the_rank_falls_with_label_noise_until_every_neuron_dies() {
    let summaries: Vec<Summary> = [0, 1, 2, 3, 6, 10].map(measured_over_noise).into();
    let ranks: Vec<f64> = summaries.iter().map(|summary| value(summary, "effective_rank")).collect();
    assert!(ranks.is_sorted_by(|a, b| a >= b) && ranks[1] < 1.5, "{ranks:?}");
    for summary in &summaries[3..] {
        assert_eq!((value(summary, "dead"), value(summary, "collapsed")), (1.0, 4.0));
        assert!(
            upper(summary) < 0.0 && summary.verdict.text.contains("as measured"),
            "{}",
            summary.verdict.text
        );
    }
    for summary in &summaries[..2] {
        assert_eq!(value(summary, "dead"), 0.0);
        assert!(value(summary, "exponent") > 0.0 && summary.verdict.text.contains("as measured"));
    }
}

/// Of the network of the step and of the residual one of the preset.
#[test]
fn without_decay_noisy_labels_raise_the_rank_and_no_neuron_dies() {
    for (query, rise) in [
        ("decay=0&x=noise&rates=2&lr=0.1", 5.0),
        ("decay=0&x=noise&rates=2&lr=0.1&depth=4&residual=1&epochs=10", 5.0),
    ] {
        let [clean, noisy] = [0, 1].map(|index| measured_at(query, index, ("noise", f64::from(index))));
        let rank = |summary: &Summary| value(summary, "effective_rank");
        assert!(rank(&noisy) > rank(&clean) + rise, "{query}: {} {}", rank(&clean), rank(&noisy));
        for summary in [&clean, &noisy] {
            assert!(value(summary, "dead") == 0.0 && value(summary, "exponent") > 0.0, "{query}");
        }
    }
}

#[test]
fn without_decay_the_rank_does_not_fall_before_training_breaks() {
    let summaries: Vec<Summary> = [5, 9, 10, 11].map(|rate| measured(3, rate)).into();
    for summary in &summaries {
        assert!(value(summary, "exponent") > 0.0 && value(summary, "dead") == 0.0);
    }
    let rank = |index: usize| value(&summaries[index], "effective_rank");
    assert!(rank(0) < rank(1), "{} {}", rank(0), rank(1));
    assert!(
        value(&summaries[1], "training_loss") < 0.01 && value(&summaries[2], "training_loss") > 1.0,
        "it breaks"
    );
    assert!(rank(2) < 0.5 * rank(1) && rank(3) < rank(2));
}

#[test]
fn a_residual_network_need_not_reach_the_origin() {
    let summary = measured(4, nearest(0.85));
    assert_eq!((summary.verdict.code, value(&summary, "collapsed")), ("trains", 0.0));
    assert!(upper(&summary) < 0.0);
    assert!(summary.verdict.text.contains("do not get there"), "{}", summary.verdict.text);
    let two = measured(0, nearest(0.85));
    assert_eq!(value(&summary, "exponent"), value(&two, "exponent"));
}
