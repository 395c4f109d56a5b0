//! Jobs and the keys of their results: what is computed again, and what is kept.

use crate::random::{random_value, set_all};
use crate::session::{figure, finished};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::labs::session::Session;
use saddlescope::params::text;
use std::collections::HashMap;

/// The keys of all present jobs.
fn keys(session: &Session) -> HashMap<&'static str, String> {
    session.jobs().into_iter().map(|(job, key)| (job.name, key)).collect()
}

#[test]
fn moving_the_rate_keeps_the_curve_and_its_runs() {
    let mut session = finished("spectrum");
    let before = keys(&session);
    let main = figure(&session, "spectrum");
    session.drag(&main, &main.handles[0], (1.3, 0.0));
    let after = keys(&session);
    assert_eq!(before.len(), after.len());
    for (name, key) in &before {
        let moves = ["run", "exact-point", "radius", "determinant"].contains(name);
        assert_eq!(*key != after[name], moves, "{name}");
    }
}

#[test]
fn seed_steps_and_zoom_ask_for_what_shows_them() {
    let before = keys(&Session::new("spectrum"));
    let changed = |query: &str| {
        let after = keys(&Session::new(&format!("spectrum?{query}")));
        let mut names: Vec<&str> =
            before.keys().copied().filter(|name| after.get(name) != before.get(name)).collect();
        names.retain(|name| !name.starts_with("sweep-") || *name == "sweep-3");
        names.sort_unstable();
        names
    };
    assert_eq!(changed("seed=9"), ["determinant", "run", "sweep-3"]);
    assert_eq!(changed("steps=200000"), [] as [&str; 0]);
    assert_eq!(changed("x1=1.5"), ["exact", "sweep-3"]);
    assert_eq!(changed("xlog=1"), ["exact", "sweep-3"]);
    assert_eq!(changed("exponents=top"), ["determinant", "exact", "exact-point", "run", "sweep-3"]);
}

/// If two states have the same key for a job, they have the same result.
#[test]
fn a_key_names_everything_that_its_result_depends_on() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(43);
    let specs = Session::new("spectrum").exhibit().specs();
    let bits = |session: &Session, name: &str| -> Vec<u64> {
        let numbers = session.compute(name, 0, None).expect("a shard");
        numbers.iter().map(|number| number.to_bits()).collect()
    };
    let mut compared = 0;
    for state in 0..30 {
        let mut session = Session::new("spectrum");
        set_all(&mut session, &mut random);
        session.merge("dim=3&outputs=2&inputs=2");
        let link = session.fragment();
        let before = keys(&session);
        let mut known = HashMap::new();
        for step in 0..8 {
            let index = (8 * state + step) % specs.len();
            if ["dim", "outputs", "inputs"].contains(&specs[index].key) {
                continue;
            }
            let mut other = Session::new(&link);
            let value = random_value(&specs[index], &mut random);
            other.set(specs[index].key, &text::format(&specs[index], &value));
            if other.fragment() == link {
                continue;
            }
            for (name, key) in keys(&other) {
                if before.get(name) != Some(&key) || (name.starts_with("sweep-") && name != "sweep-5") {
                    continue;
                }
                let first = known.entry(name).or_insert_with(|| bits(&session, name));
                assert!(*first == bits(&other, name), "{name} of {link} changes with {}", specs[index].key);
                compared += 1;
            }
        }
    }
    assert!(compared > 150, "{compared} comparisons");
}
