//! A session of the lab whose jobs run here.

use saddlescope::charts::figure::Figure;
use saddlescope::labs::session::Session;
use saddlescope::labs::spectrum::Spectrum;
use saddlescope::labs::{Job, Lab, Preset, Quantity, Summary};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Mutex;

/// The presets, the default one first.
pub fn presets() -> &'static [Preset] {
    Spectrum::PRESETS
}

/// The session of a preset, nothing computed.
pub fn preset(id: &str) -> Session {
    let link = Session::new("spectrum").preset_fragment(id).unwrap_or_else(|| panic!("no preset {id}"));
    let session = Session::new(&link);
    assert_eq!(session.problems(), [], "{id}");
    session
}

/// One of the present jobs with its key.
pub fn job(session: &Session, name: &str) -> (Job, String) {
    let found = session.jobs().into_iter().find(|(job, _)| job.name == name);
    found.unwrap_or_else(|| panic!("{}: no job {name}", session.fragment()))
}

/// Computes what is missing of a job, in order, each shard of a chain from the one before.
pub fn run(session: &mut Session, name: &str) -> u32 {
    let (job, key) = job(session, name);
    let mut computed = 0;
    for shard in 0..job.shards {
        if session.kept(&key).contains(&shard) {
            continue;
        }
        let before =
            if job.chain && shard > 0 { session.shard(&key, shard - 1).map(<[f64]>::to_vec) } else { None };
        let values = session.compute(name, shard, before.as_deref()).expect("the shard is one of the job's");
        session.keep(&key, job.shards, shard, values);
        computed += 1;
    }
    computed
}

/// Computes what is missing of all jobs; how many shards that were.
pub fn run_all(session: &mut Session) -> u32 {
    let names: Vec<&str> = session.jobs().into_iter().map(|(job, _)| job.name).collect();
    let computed = names.into_iter().map(|name| run(session, name)).sum();
    assert!(session.complete());
    computed
}

/// The shards of presets, computed once for all tests.
static KNOWN: Mutex<BTreeMap<(String, u32), Vec<f64>>> = Mutex::new(BTreeMap::new());

/// The session of a preset, all jobs finished.
pub fn finished_preset(id: &str) -> Session {
    let mut session = preset(id);
    let mut known = KNOWN.lock().expect("no test panics while it computes");
    for (job, key) in session.jobs() {
        for shard in 0..job.shards {
            if let Some(values) = known.get(&(key.clone(), shard)) {
                session.keep(&key, job.shards, shard, values.clone());
            }
        }
    }
    if run_all(&mut session) > 0 {
        for (_, key) in session.jobs() {
            for shard in session.kept(&key) {
                let values = session.shard(&key, shard).expect("it is kept").to_vec();
                known.insert((key.clone(), shard), values);
            }
        }
    }
    session
}

/// The session of a link without problems, all jobs finished.
pub fn finished(link: &str) -> Session {
    let mut session = Session::new(link);
    assert_eq!(session.problems(), [], "{link}");
    run_all(&mut session);
    session
}

/// One of the figures.
pub fn figure(session: &Session, id: &str) -> Rc<Figure> {
    let found = session.figures().into_iter().find(|figure| figure.id == id);
    found.unwrap_or_else(|| panic!("no figure {id}"))
}

/// A quantity of the summary.
pub fn quantity<'a>(summary: &'a Summary, name: &str) -> &'a Quantity {
    let found = summary.values.iter().find(|quantity| quantity.name == name);
    found.unwrap_or_else(|| panic!("no {name} in the summary"))
}

/// The number of a quantity that is one number.
pub fn value(summary: &Summary, name: &str) -> f64 {
    let quantity = quantity(summary, name);
    match quantity.value.as_deref() {
        Some([value]) if !quantity.list => *value,
        other => panic!("{name} is {other:?}"),
    }
}

/// The numbers of a list.
pub fn list(summary: &Summary, name: &str) -> Vec<f64> {
    quantity(summary, name).value.clone().unwrap_or_else(|| panic!("{name} is not there"))
}
