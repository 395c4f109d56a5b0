//! Jobs and the keys of their results: what is computed again, and what is kept.

use crate::random::{random_value, set_all};
use crate::session::{diagram, job, run, run_shard};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::labs::session::Session;
use saddlescope::params::text;
use std::collections::HashMap;

/// The jobs of the figures beside the map.
const SIDES: [&str; 4] = ["fan-plus", "fan-minus", "surface", "passage"];

/// The keys of all present jobs.
fn keys(session: &Session) -> HashMap<&'static str, String> {
    session.jobs().into_iter().map(|(job, key)| (job.name, key)).collect()
}

#[test]
fn moving_the_point_along_the_axes_keeps_the_map() {
    let links =
        ["phases", "phases?x=decay&y=q", "phases?law=teacher&n=9", "phases?layer=disagreement&law=gaussian"];
    for link in links {
        let mut session = Session::new(link);
        let before = keys(&session);
        let figure = diagram(&session);
        session.drag(&figure, &figure.handles[0], (figure.x.at(0.21), figure.y.at(0.83)));
        let after = keys(&session);
        assert_ne!(before["rates"], after["rates"], "{link}: the rates follow the point");
        for name in ["map", "boundaries", "theory", "outcomes"] {
            assert_eq!(before.get(name), after.get(name), "{link}: {name}");
        }
    }
}

#[test]
fn other_parameters_ask_for_another_map() {
    let before = keys(&Session::new("phases"));
    for (key, value) in
        [("batch", "2"), ("decay", "0.1"), ("q", "0.4"), ("x0", "0.5"), ("xlog", "1"), ("n", "5")]
    {
        let mut session = Session::new("phases");
        session.set(key, value);
        let after = keys(&session);
        for name in ["map", "boundaries"] {
            assert_ne!(before[name], after[name], "{key} changes {name}");
        }
    }
    let seeded = |seed: u32| keys(&Session::new(&format!("phases?n=8&seed={seed}")));
    assert_ne!(seeded(1)["map"], seeded(2)["map"], "another seed, another sample");
}

#[test]
fn what_the_map_does_not_show_does_not_ask_for_another() {
    let before = keys(&Session::new("phases"));
    let others = [("seed", "7"), ("sign", "minus"), ("mean", "2"), ("steps", "50"), ("layer", "exit")];
    for (key, value) in others {
        let mut session = Session::new("phases");
        session.set(key, value);
        assert_eq!(session.problems(), []);
        let after = keys(&session);
        for name in ["map", "boundaries"] {
            assert_eq!(before[name], after[name], "{key} = {value} leaves {name}");
        }
    }
    // A heat map has its exponent in the shards of the map.
    let [plus, minus] = ["plus", "minus"].map(|layer| keys(&Session::new(&format!("phases?layer={layer}"))));
    assert_eq!(before["boundaries"], plus["boundaries"]);
    assert!(before["map"] != plus["map"] && plus["map"] != minus["map"]);
}

#[test]
fn figures_beside_the_map_depend_on_the_point_and_on_nothing_that_only_the_map_shows() {
    let before = keys(&Session::new("phases"));
    let changed = |key: &str, value: &str| -> Vec<&str> {
        let mut session = Session::new("phases");
        session.set(key, value);
        assert_eq!(session.problems(), []);
        let after = keys(&session);
        SIDES.into_iter().filter(|name| before[name] != after[name]).collect()
    };
    for (key, value) in [("lr", "0.7"), ("a", "-0.5"), ("batch", "2"), ("decay", "0.1"), ("seed", "5")] {
        assert_eq!(changed(key, value), SIDES, "{key}");
    }
    assert_eq!(changed("horizon", "50"), ["fan-plus", "fan-minus", "surface"]);
    let map_only =
        [("layer", "plus"), ("layer", "exit"), ("x0", "0.5"), ("y", "q"), ("xlog", "1"), ("mean", "2")];
    for (key, value) in map_only.into_iter().chain([("sign", "minus"), ("steps", "50"), ("init", "1e-15")]) {
        assert_eq!(changed(key, value), [] as [&str; 0], "{key}");
    }
    // And the map knows nothing of them.
    let map = |link: &str| keys(&Session::new(link))["map"].clone();
    assert_eq!(map("phases"), map("phases?horizon=77"));
}

#[test]
fn layers_have_the_jobs_that_they_show() {
    let names = |layer: &str| -> Vec<&str> {
        let session = Session::new(&format!("phases?layer={layer}"));
        session.jobs().into_iter().map(|(job, _)| job.name).collect()
    };
    for layer in ["exact", "plus", "minus"] {
        assert_eq!(names(layer), [&["map", "boundaries", "rates"], &SIDES[..]].concat());
    }
    for layer in ["exit", "final"] {
        assert_eq!(names(layer), [&["map", "boundaries", "rates", "outcomes"], &SIDES[..]].concat());
    }
    let all = ["map", "boundaries", "rates", "theory", "outcomes"];
    assert_eq!(names("disagreement"), [&all, &SIDES[..]].concat(), "the map comes first");
    let (exit, last) = ("phases?layer=exit", "phases?layer=final");
    assert_eq!(keys(&Session::new(exit)), keys(&Session::new(last)), "they are two views of the same runs");
}

/// The bits of the first shard, and the number of shards.
fn first_shard(session: &Session, name: &str) -> (u32, Vec<u64>) {
    let shards = job(session, name).0.shards;
    let numbers =
        session.compute(name, 0, None).unwrap_or_else(|error| panic!("{}: {error}", session.fragment()));
    (shards, numbers.iter().map(|number| number.to_bits()).collect())
}

/// If two states have the same key for a job, they have the same result, cut into as many shards.
#[test]
fn a_key_names_everything_that_its_result_depends_on() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(41);
    let specs = Session::new("").exhibit().specs();
    let mut compared = 0;
    for state in 0..100 {
        let mut session = Session::new("phases");
        set_all(&mut session, &mut random);
        let link = session.fragment();
        let before = keys(&session);
        let mut known = HashMap::new();
        // Every parameter in some states; the point's own more often, as the page moves them most.
        let chosen = (0..7).map(|step| (7 * state + step) % specs.len());
        for index in chosen.chain(axes(&session)) {
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
                let first = known.entry(name).or_insert_with(|| first_shard(&session, name));
                assert!(
                    *first == first_shard(&other, name),
                    "{name} of {link} changes with {}",
                    specs[index].key
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared} comparisons");
}

/// The parameters on the axes.
fn axes(session: &Session) -> Vec<usize> {
    let handle = diagram(session).handles[0].clone();
    let index = |key: &str| session.exhibit().specs().iter().position(|spec| spec.key == key);
    [handle.x, handle.y].iter().flatten().filter_map(|target| index(target.key)).collect()
}

/// A session that has been elsewhere shows the same as a new one: nothing stale is left over.
#[test]
fn what_was_shown_before_leaves_no_trace() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(8);
    let specs = Session::new("").exhibit().specs();
    let mut walking = Session::new("phases");
    for step in 0..120 {
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
        assert!(format!("{:?}", walking.figures()) == format!("{:?}", new.figures()), "{link}: the figure");
        assert_eq!(format!("{:?}", walking.summary()), format!("{:?}", new.summary()), "{link}");
    }
}

#[test]
fn memory_is_bounded_and_what_is_needed_stays() {
    let mut session = Session::new("phases");
    run(&mut session, "map");
    let (map, key) = job(&session, "map");
    let kept = |session: &Session| session.kept(&key).len() == map.shards as usize;
    for other in 0..20 {
        session.keep(&format!("other {other}"), 1, 0, vec![0.0; 187_500]);
        assert!(kept(&session), "the map on the page goes away");
        assert_eq!(session.kept(&format!("other {other}")), [0], "the newest stays");
    }
    let left: Vec<u32> =
        (0..20).filter(|other| !session.kept(&format!("other {other}")).is_empty()).collect();
    assert!((5..=8).contains(&left.len()), "12 MB hold one and a half million numbers: {left:?}");
    assert!(
        left.windows(2).all(|pair| pair[0] + 1 == pair[1]) && left.last() == Some(&19),
        "the oldest go: {left:?}"
    );
    // Once it is not needed it goes as any other.
    session.set("batch", "3");
    for other in 20..30 {
        session.keep(&format!("other {other}"), 1, 0, vec![0.0; 187_500]);
    }
    assert_eq!(session.kept(&key), [] as [u32; 0]);
}

#[test]
fn kept_results_are_found_again() {
    let mut session = Session::new("phases");
    run(&mut session, "map");
    let before = diagram(&session);
    session.open("phases?batch=2");
    assert!(session.kept(&job(&session, "map").1).is_empty());
    session.open("phases");
    assert_eq!(diagram(&session), before);
    run(&mut session, "boundaries");
    assert!(!session.complete(), "the rates are missing");
    run(&mut session, "rates");
    for name in SIDES {
        run(&mut session, name);
    }
    assert!(session.complete());
}
