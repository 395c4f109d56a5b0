//! Prints the parameters and the finished numbers of every link among its arguments, one JSON object a line; the argument
//! `presets` stands for the presets of all labs. `tests/recompute.test.mjs` runs the Python scripts and compares.

use saddlescope::charts::figure::{Axis, Scale};
use saddlescope::labs::assets::Origin;
use saddlescope::labs::session::Session;
use saddlescope::labs::{IDS, Quantity};
use saddlescope::params::{content, text};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::{env, fs};

/// A sweep that is as short as can be.
const TWO_RATES: &str = "rates=2&x0=0.1&x1=0.102";

/// Stands for the presets of all labs.
const EVERY: &str = "presets";

fn main() -> Result<(), String> {
    for link in env::args().skip(1) {
        if link != EVERY {
            print(&link)?;
            continue;
        }
        for id in IDS {
            let session = Session::new(id);
            for preset in session.exhibit().presets() {
                print(&session.preset_fragment(preset.id).ok_or("a preset is not found")?)?;
            }
        }
    }
    Ok(())
}

fn print(link: &str) -> Result<(), String> {
    let mut session = Session::new(link);
    bring(&mut session)?;
    if let Some(problem) = session.problems().first() {
        return Err(format!("{link}: {}", problem.text));
    }
    finish(&mut session).map_err(|error| format!("{link}: {error}"))?;
    let lab = session.exhibit().about().id;
    let summary = session.summary();
    let line = json!({
        "lab": lab, "link": format!("#{}", session.fragment()), "parameters": parameters(&session), "axes": axes(&session),
        "verdict": summary.verdict.code, "values": summary.values.iter().map(value).collect::<Vec<_>>(),
    });
    println!("{line}");
    Ok(())
}

/// The files of the lab. What needs them is trained for minutes at the many learning rates of a preset: at the point and the next rate
/// alone here.
fn bring(session: &mut Session) -> Result<(), String> {
    let missing = session.contents();
    if missing.is_empty() {
        return Ok(());
    }
    for named in missing {
        if let Origin::Asset(asset) = named.origin {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/assets").join(asset.file);
            content::keep_bytes(
                fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?.into(),
            );
        }
    }
    session.content_came();
    session.merge(TWO_RATES);
    Ok(())
}

/// Computes what starts only at a click, and then other jobs, the cheapest first, until no number is on the way.
fn finish(session: &mut Session) -> Result<(), String> {
    let mut jobs = session.jobs();
    jobs.sort_by(|(a, _), (b, _)| b.on_demand.cmp(&a.on_demand).then(a.cost.total_cmp(&b.cost)));
    for (job, key) in jobs {
        // numbers of several runs are there with the first of them
        let several = !session.contents().is_empty();
        if !several && !job.on_demand && session.summary().values.iter().all(|value| value.text() != "…") {
            break;
        }
        let mut previous = None;
        for shard in 0..job.shards {
            let before = previous.as_deref().filter(|_| job.chain);
            let values = session.compute(job.name, shard, before).map_err(|error| error.to_string())?;
            session.keep(&key, job.shards, shard, values.clone());
            previous = Some(values);
        }
    }
    Ok(())
}

fn parameters(session: &Session) -> Value {
    let exhibit = session.exhibit();
    let pairs = exhibit.specs().iter().enumerate();
    pairs
        .map(|(index, spec)| (spec.key.to_owned(), text::format(spec, &exhibit.value(index)).into()))
        .collect::<Map<_, _>>()
        .into()
}

/// The axes of the main figure, as the page fills them in.
fn axes(session: &Session) -> Value {
    let Some(figure) = session.figures().first().cloned() else { return json!({}) };
    let handle = figure.handles.first();
    let parameter = |axis: Option<&saddlescope::charts::figure::ParamRef>| axis.map(|target| target.key);
    let axis = |axis: &Axis, parameter: Option<&str>| json!({ "parameter": parameter, "min": axis.min, "max": axis.max, "log": axis.scale == Scale::Log });
    json!({
        "x": axis(&figure.x, handle.and_then(|handle| parameter(handle.x.as_ref()))),
        "y": axis(&figure.y, handle.and_then(|handle| parameter(handle.y.as_ref()))),
    })
}

fn value(quantity: &Quantity) -> Value {
    let number = |x: f64| if x.is_finite() { json!(x) } else { json!(x.to_string()) };
    let value = quantity.value.as_ref().map(|numbers| {
        if quantity.list {
            numbers.iter().map(|x| number(*x)).collect()
        } else {
            numbers.first().map_or(Value::Null, |x| number(*x))
        }
    });
    json!({
        "name": quantity.name, "value": value, "standardError": quantity.standard_error, "exact": quantity.exact,
    })
}
