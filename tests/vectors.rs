//! Two hundred random settings of every lab: no NaN, no blank figure, and every parameter changes something.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use files::bring_files;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use random::{random_value, set_all};
use saddlescope::charts::figure::Layer;
use saddlescope::labs::IDS;
use saddlescope::labs::session::Session;

#[path = "labs/files.rs"]
mod files;
#[path = "vectors/random.rs"]
mod random;

const VECTORS: usize = 200;

/// Most work of a shard here, in elementary steps; the first one, the coarse picture, is always computed.
const MOST_WORK: f64 = 1e6;

/// Computes the first shard of every job, and one more where that is little work.
fn compute_some(session: &mut Session) {
    for (job, key) in session.jobs() {
        let little = if job.chain { job.cost } else { job.cost / f64::from(job.shards) } < MOST_WORK;
        // the middle of a chain needs all that comes before: the whole of it
        let more = match (little, job.chain) {
            (true, true) => 1..job.shards,
            (true, false) => job.shards / 2..job.shards / 2 + 1,
            (false, _) => 0..0,
        };
        for shard in std::iter::once(0).chain(more) {
            if session.kept(&key).contains(&shard) {
                continue;
            }
            let link = session.fragment();
            let before = shard.checked_sub(1).filter(|_| job.chain);
            let before = before.and_then(|shard| session.shard(&key, shard)).map(<[f64]>::to_vec);
            let values = session
                .compute(job.name, shard, before.as_deref())
                .unwrap_or_else(|error| panic!("{link}: {error}"));
            session.keep(&key, job.shards, shard, values);
        }
    }
}

/// Everything that a state shows, as text.
fn output(session: &Session) -> String {
    let summary = session.summary();
    format!("{summary:?}{:?}", session.figures())
}

#[test]
fn random_settings_give_numbers_and_pictures() {
    for id in IDS {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(20_260_101);
        for round in 0..VECTORS {
            let mut session = Session::new(id);
            bring_files(&mut session);
            set_all(&mut session, &mut random);
            compute_some(&mut session);
            check(&session, &format!("{id} {round}: {}", session.fragment()));
        }
    }
}

fn check(session: &Session, link: &str) {
    let summary = session.summary();
    assert!(!summary.verdict.text.is_empty() && !summary.verdict.heading.is_empty(), "{link}");
    for quantity in &summary.values {
        let numbers = quantity.value.iter().flatten();
        assert!(numbers.clone().all(|x| !x.is_nan()), "{link}: {quantity:?}");
        assert!(!quantity.text().is_empty(), "{link}: {quantity:?}");
    }
    for figure in session.figures() {
        assert!(figure.x.min < figure.x.max && figure.y.min < figure.y.max, "{link}");
        let blank = figure.layers.iter().all(|layer| match layer {
            Layer::Raster { rgba, .. } => rgba.is_empty(),
            Layer::Marker { .. } => true,
            _ => false,
        });
        // A state that waits for the reader's numbers has none to draw, and says so.
        let waits = summary.verdict.code == "no-data";
        assert!(!blank || waits, "{link}: nothing but the marker in {}", figure.id);
        for layer in &figure.layers {
            if let Layer::Marker { x, y, .. } | Layer::Region { x, y, .. } = layer {
                assert!(x.is_finite() && y.is_finite(), "{link}: {layer:?}");
            }
        }
    }
}

/// From some random states each parameter is changed alone; in at least one of them something must change.
#[test]
fn every_parameter_changes_some_output() {
    for id in IDS {
        let count = Session::new(id).exhibit().specs().len();
        for index in 0..count {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(7 + index as u64);
            let changes = (0..200).any(|_| {
                let mut session = Session::new(id);
                bring_files(&mut session);
                set_all(&mut session, &mut random);
                changes_with(&mut session, index, &mut random)
            });
            let key = Session::new(id).exhibit().specs()[index].key;
            assert!(changes, "{id}: {key} changes nothing");
        }
    }
}

fn changes_with(session: &mut Session, index: usize, random: &mut Xoshiro256PlusPlus) -> bool {
    compute_some(session);
    let before = output(session);
    let spec = &session.exhibit().specs()[index];
    let text = saddlescope::params::text::format(spec, &random_value(spec, random));
    session.set(spec.key, &text);
    compute_some(session);
    output(session) != before
}
