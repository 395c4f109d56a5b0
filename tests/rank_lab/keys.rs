//! Jobs and the keys of their results: what is computed again, and what is kept.

use crate::random::{random_value, set_all};
use crate::session::job;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::labs::rank::measured;
use saddlescope::labs::session::Session;
use saddlescope::params::text;
use std::collections::HashMap;

fn keys(session: &Session) -> HashMap<&'static str, String> {
    session.jobs().into_iter().map(|(job, key)| (job.name, key)).collect()
}

#[test]
fn moving_the_point_or_changing_the_layer_keeps_the_map() {
    for link in ["rank", "rank?inputs=dense"] {
        let before = keys(&Session::new(link));
        let mut session = Session::new(link);
        session.merge("lr=0.2&noise=1");
        let after = keys(&session);
        for name in ["measured", "curves", "field"] {
            assert_eq!(before.get(name), after.get(name), "{link}: {name}");
        }
        assert_ne!(before["singular-values"], after["singular-values"]);
        assert_eq!(before.contains_key("spectrum"), link.contains("dense"));
        session.set("layer", "difference");
        assert_eq!(keys(&session), after);
    }
    // no prediction, no jobs for it
    for link in ["rank?activation=relu", "rank?layers=3&inputs=dense"] {
        let mut names: Vec<_> = keys(&Session::new(link)).into_keys().collect();
        names.sort_unstable();
        assert_eq!(names, ["measured", "singular-values"], "{link}");
    }
}

/// If two states have the same key for a job, they have the same result, cut into as many shards.
#[test]
fn a_key_names_everything_that_its_result_depends_on() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(43);
    let specs = Session::new("rank").exhibit().specs();
    let bits = |session: &Session, name: &str| -> (u32, Vec<u64>) {
        let shards = job(session, name).0.shards;
        let numbers = session.compute(name, 0, None).expect("a shard");
        (shards, numbers.iter().map(|number| number.to_bits()).collect())
    };
    let mut compared = 0;
    for state in 0..24 {
        let mut session = Session::new("rank");
        set_all(&mut session, &mut random);
        session.set("pixels", "16");
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
    assert!(compared > 60, "{compared} comparisons");
}

/// The order of the pixels: every one once, and its beginnings are whole coarser maps.
#[test]
fn the_first_pixels_are_a_coarser_map() {
    for side in [16, 24, 48, 96] {
        let order = measured::order(side);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..side * side));
        for step in [8, 4, 2] {
            let cells = (side / step) * (side / step);
            let mut hit: Vec<usize> = order[..cells]
                .iter()
                .map(|pixel| pixel / side / step * (side / step) + pixel % side / step)
                .collect();
            hit.sort_unstable();
            assert!(hit.into_iter().eq(0..cells), "{side}/{step}: one pixel of each block");
        }
    }
}

/// A pixel's result does not depend on the cut into shards, and a coarse picture covers the map.
#[test]
fn the_map_is_shown_from_its_first_shards_on() {
    let mut session = Session::new("rank?pixels=16&steps=600");
    crate::session::run_shard(&mut session, "measured", 0);
    let text = session.hover("map", (0.005, 0.1));
    assert!(text.contains("not measured yet"), "{text}");
    let figure = crate::session::figure(&session, "map");
    let raster = figure.layers.iter().find_map(|layer| match layer {
        saddlescope::charts::figure::Layer::Raster { rgba, .. } => Some(rgba.clone()),
        _ => None,
    });
    let grey = [0xc9, 0xcd, 0xd1, 255];
    assert!(
        raster.expect("a picture").chunks_exact(4).all(|pixel| pixel != grey),
        "no hole in the coarse map"
    );
    assert!(session.summary().notes.iter().any(|note| note.contains("when the whole map is there")));
}
