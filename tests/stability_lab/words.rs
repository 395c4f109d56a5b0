//! The words beside the figures keep what they promise.

use crate::session::{critical_rates, presets, run, value};
use crate::text::{after, explains_every_term, is_short, link, parts, steps_say_what_they_set};
use saddlescope::labs::session::Session;

const TEXT: &str = include_str!("../../src/labs/stability/text.md");

#[test]
fn the_text_is_short_and_explains_its_terms() {
    is_short(TEXT);
    explains_every_term(TEXT);
    steps_say_what_they_set(TEXT);
}

/// Where a reader may be when a step is clicked: at every preset, at every other step, or far away.
fn befores() -> Vec<String> {
    let start = Session::new("stability");
    let presets = presets().iter().map(|one| start.preset_fragment(one.id).expect("a preset"));
    let steps = parts(TEXT).1;
    let others = steps.iter().map(|step| format!("stability?{}", link(step).1));
    let far = [
        "decay=0.7&sign=minus",
        "law=teacher&n=64&batch=7",
        "law=uniform&low=-3&high=-1&lr=50",
        "n=12&seed=5&q=1",
    ];
    presets.chain(others).chain(far.map(|query| format!("stability?{query}"))).collect()
}

/// What a sentence says, in its words, and the numbers that make it true.
type Claim<'a> = (&'a [&'a str], &'a dyn Fn(&Session) -> bool);

/// A step says all that it needs: from wherever it is clicked, its sentence is true.
#[test]
fn every_step_leads_where_it_says() {
    let steps = parts(TEXT).1;
    let saddle = |session: &Session| value(&session.summary(), "curvature_mean") < 0.0;
    let exponent = |session: &Session| value(&session.summary(), "exponent");
    let claims: [Claim; 5] = [
        (&["almost every run dies (Λ < 0)", "mean size grows (g(1) > 0)"], &|session| {
            saddle(session) && exponent(session) < 0.0 && value(&session.summary(), "log_moment_1") > 0.0
        }),
        (&["below the window SGD escapes (Λ > 0)"], &|session| {
            saddle(session) && exponent(session) > 0.0 && 0.1 < critical_rates(&session.summary())[0]
        }),
        (&["above it too", "(SDE) calls the saddle attractive"], &|session| {
            let summary = session.summary();
            saddle(session)
                && exponent(session) > 0.0
                && 1.6 > critical_rates(&summary)[1]
                && 1.6 > value(&summary, "sde_limit")
        }),
        (&["less noise, and SGD escapes at λ = 0.5"], &|session| {
            let noise = |batch: u32| {
                let mut there = Session::new(&session.fragment());
                there.set("batch", &batch.to_string());
                value(&there.summary(), "curvature_square")
            };
            saddle(session) && exponent(session) > 0.0 && noise(4) < noise(1)
        }),
        (&["a minimum (E *h* > 0) attracts", "mean square explodes (g(2) > 0)"], &|session| {
            !saddle(session) && exponent(session) < 0.0 && value(&session.summary(), "log_moment_2") > 0.0
        }),
    ];
    assert_eq!(steps.len(), claims.len());
    for (step, (said, holds)) in steps.iter().zip(claims) {
        for words in said {
            assert!(step.contains(words), "“{step}” does not say “{words}”");
        }
        for mut session in after(step, &befores()) {
            run(&mut session, "rates");
            assert!(holds(&session), "{step}\nis not true at {}", session.fragment());
        }
    }
}
