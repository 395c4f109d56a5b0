//! Two hundred random settings of every lab: no NaN, no blank figure, and every parameter changes something.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::charts::figure::Layer;
use saddlescope::labs::IDS;
use saddlescope::labs::session::Session;
use saddlescope::params::{Domain, ParamSpec, Value};

const VECTORS: usize = 200;

/// A random value; simulations small enough that a shard is at most about 10⁶ steps.
fn random_value(spec: &ParamSpec, random: &mut Xoshiro256PlusPlus) -> Value {
    let u: f64 = random.random();
    if spec.optional && random.random_bool(0.7) {
        return Value::Absent;
    }
    match (spec.key, spec.domain) {
        ("steps", _) => Value::Integer(10 + (u * 20.0) as u64),
        ("replicas", _) => Value::Integer(1 + (u * 4.0) as u64),
        ("batch", _) => Value::Integer(2f64.powf(u * 3.0) as u64),
        ("n", _) => Value::Integer(if u < 0.6 { 0 } else { (u * 12.0) as u64 }),
        (_, Domain::Linear { min, max }) => {
            // Half of them of the size of 1, where the phases are; half anywhere.
            let (low, high) =
                if random.random_bool(0.7) { (min.max(-4.0), max.min(4.0)) } else { (min, max) };
            Value::Number(low + u * (high - low))
        }
        (_, Domain::Log { min, max }) => Value::Number((min * (max / min).powf(u)).clamp(min, max)),
        (_, Domain::Int { min, max, .. }) => Value::Integer(min + (u * (max - min) as f64) as u64),
        (_, Domain::Toggle) => Value::Toggle(u < 0.5),
        (_, Domain::Choice { names }) => Value::Choice((u * names.len() as f64) as usize),
        (_, Domain::Subset { .. }) => Value::Subset(0),
        (_, Domain::List { .. }) => {
            let weights = [0.2 + 0.3 * u, 0.3, 0.5 - 0.3 * u];
            Value::List(if spec.key == "probs" { weights.to_vec() } else { vec![1.0, 3.0 * u - 1.5, -u] })
        }
    }
}

fn set_all(session: &mut Session, random: &mut Xoshiro256PlusPlus) {
    let specs = session.exhibit().specs();
    for spec in specs {
        let text = saddlescope::params::text::format(spec, &random_value(spec, random));
        session.set(spec.key, &text);
    }
}

/// Most work of a shard here, in elementary steps; the first one, the coarse picture, is always computed.
const MOST_WORK: f64 = 1e6;

/// Computes the first shard of every job, and one more where that is little work.
fn compute_some(session: &mut Session) {
    for (job, key) in session.jobs() {
        let more = (job.cost / f64::from(job.shards) < MOST_WORK).then_some(job.shards / 2);
        for shard in std::iter::once(0).chain(more) {
            if session.kept(&key).contains(&shard) {
                continue;
            }
            let link = session.fragment();
            let values =
                session.compute(job.name, shard, None).unwrap_or_else(|error| panic!("{link}: {error}"));
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
        assert!(!blank, "{link}: nothing but the marker in {}", figure.id);
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
            let changes = (0..60).any(|_| {
                let mut session = Session::new(id);
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
