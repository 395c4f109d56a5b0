//! Random states of a lab.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::labs::session::Session;
use saddlescope::params::data::{Data, Shape};
use saddlescope::params::{Domain, ParamSpec, Value};

/// A random value; simulations small enough that a shard is at most about 10⁶ steps.
pub fn random_value(spec: &ParamSpec, random: &mut Xoshiro256PlusPlus) -> Value {
    let u: f64 = random.random();
    if spec.optional && random.random_bool(0.7) {
        return Value::Absent;
    }
    match (spec.key, spec.domain) {
        // a run that may be so long has a thousand steps at least
        ("steps", Domain::Int { max: 1_000_000.., .. }) => Value::Integer(500 + (u * 2500.0) as u64),
        ("steps", _) => Value::Integer(10 + (u * 20.0) as u64),
        ("replicas", _) => Value::Integer(1 + (u * 4.0) as u64),
        ("batch", _) => Value::Integer(2f64.powf(u * 3.0) as u64),
        ("rates" | "runs" | "epochs", _) => Value::Integer(2 + (u * 2.0) as u64),
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
        (_, Domain::Data { axes }) => {
            let axes = &[1 + (u * 9.0) as usize, 2, 2][..axes[0]];
            let shape = Shape::new(axes).unwrap();
            // Symmetric, where they are matrices.
            let numbers = (0..shape.count()).map(|_| 3.0 * u - 1.5).collect();
            Value::Data(Data::new(shape, numbers).unwrap())
        }
    }
}

/// Sets every parameter at random.
pub fn set_all(session: &mut Session, random: &mut Xoshiro256PlusPlus) {
    let specs = session.exhibit().specs();
    for spec in specs {
        let text = saddlescope::params::text::format(spec, &random_value(spec, random));
        session.set(spec.key, &text);
    }
}
