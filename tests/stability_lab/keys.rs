//! Jobs and the keys of their results: what is computed again, and what is kept.

use crate::random::{random_value, set_all};
use crate::session::{figure, finished, run_shard};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::labs::session::Session;
use saddlescope::params::text;
use std::collections::HashMap;

/// The keys of all present jobs.
fn keys(session: &Session) -> HashMap<&'static str, String> {
    session.jobs().into_iter().map(|(job, key)| (job.name, key)).collect()
}

#[test]
fn moving_the_rate_keeps_the_curve_the_roots_and_the_windows() {
    let mut session = finished("stability");
    let before = keys(&session);
    let main = figure(&session, "exponent");
    session.drag(&main, &main.handles[0], (0.8, 0.0));
    let after = keys(&session);
    for name in ["curve", "rates", "batch-rates"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    for name in ["moments", "histogram", "batch-exponents", "fan", "passage"] {
        assert_ne!(before[name], after[name], "{name}");
    }
}

#[test]
fn moving_the_batch_keeps_what_runs_over_batches() {
    let (one, other) = (keys(&Session::new("stability")), keys(&Session::new("stability?batch=5")));
    for name in ["batch-exponents", "batch-rates"] {
        assert_eq!(one[name], other[name], "{name}");
    }
    for name in ["curve", "rates", "moments", "histogram"] {
        assert_ne!(one[name], other[name], "{name}");
    }
}

#[test]
fn zoom_seed_and_runs_ask_for_what_shows_them() {
    let before = keys(&Session::new("stability"));
    for (query, names) in [
        ("x1=3", &["curve"][..]),
        ("xlog=1", &["curve"]),
        ("replicas=50", &["histogram"]),
        ("horizon=50", &["histogram", "fan"]),
        ("seed=9", &["histogram", "fan", "passage"]),
    ] {
        let after = keys(&Session::new(&format!("stability?{query}")));
        let mut changed: Vec<&str> =
            before.keys().copied().filter(|name| before[name] != after[name]).collect();
        changed.sort_unstable();
        let mut names = names.to_vec();
        names.sort_unstable();
        assert_eq!(changed, names, "{query}");
    }
}

/// If two states have the same key for a job, they have the same result, cut into as many shards.
#[test]
fn a_key_names_everything_that_its_result_depends_on() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(43);
    let specs = Session::new("stability").exhibit().specs();
    let bits = |session: &Session, name: &str| -> (u32, Vec<u64>) {
        let shards = crate::session::job(session, name).0.shards;
        let numbers = session.compute(name, 0, None).expect("a shard");
        (shards, numbers.iter().map(|number| number.to_bits()).collect())
    };
    let mut compared = 0;
    for state in 0..60 {
        let mut session = Session::new("stability");
        set_all(&mut session, &mut random);
        let link = session.fragment();
        let before = keys(&session);
        let mut known = HashMap::new();
        for step in 0..7 {
            let index = (7 * state + step) % specs.len();
            let mut other = Session::new(&link);
            let value = random_value(&specs[index], &mut random);
            other.set(specs[index].key, &text::format(&specs[index], &value));
            if other.fragment() == link {
                continue;
            }
            for (name, key) in keys(&other) {
                if before.get(name) != Some(&key) {
                    continue;
                }
                let first = known.entry(name).or_insert_with(|| bits(&session, name));
                assert!(*first == bits(&other, name), "{name} of {link} changes with {}", specs[index].key);
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "{compared} comparisons");
}

/// A session that has been elsewhere shows the same as a new one: nothing stale is left over.
#[test]
fn what_was_shown_before_leaves_no_trace() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(9);
    let specs = Session::new("stability").exhibit().specs();
    let mut walking = Session::new("stability");
    for step in 0..100 {
        if step % 20 == 0 {
            set_all(&mut walking, &mut random);
        }
        let index = random.random_range(0..specs.len());
        let value = random_value(&specs[index], &mut random);
        walking.set(specs[index].key, &text::format(&specs[index], &value));
        let mut new = Session::new(&walking.fragment());
        for (job, key) in walking.jobs() {
            if walking.kept(&key).is_empty() && random.random_bool(0.7) {
                run_shard(&mut walking, job.name, 0);
            }
            for shard in walking.kept(&key) {
                new.keep(&key, job.shards, shard, walking.shard(&key, shard).unwrap().to_vec());
            }
        }
        let link = walking.fragment();
        assert!(format!("{:?}", walking.figures()) == format!("{:?}", new.figures()), "{link}: the figures");
        assert_eq!(format!("{:?}", walking.summary()), format!("{:?}", new.summary()), "{link}");
    }
}
