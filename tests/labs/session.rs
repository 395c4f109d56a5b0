//! A session of any lab whose jobs run here.

use saddlescope::charts::figure::Figure;
use saddlescope::labs::session::Session;
use saddlescope::labs::{Job, Quantity, Summary};
use std::rc::Rc;

/// The session of a preset, nothing computed.
pub fn preset(lab: &str, id: &str) -> Session {
    let link = Session::new(lab).preset_fragment(id).unwrap_or_else(|| panic!("no preset {id}"));
    let session = Session::new(&link);
    assert_eq!(session.problems(), [], "{id}");
    session
}

/// One of the present jobs with its key.
pub fn job(session: &Session, name: &str) -> (Job, String) {
    let found = session.jobs().into_iter().find(|(job, _)| job.name == name);
    found.unwrap_or_else(|| panic!("{}: no job {name}", session.fragment()))
}

/// Computes and keeps one shard.
pub fn run_shard(session: &mut Session, name: &str, shard: u32) {
    let (job, key) = job(session, name);
    let before = shard.checked_sub(1).filter(|_| job.chain);
    let previous = before.and_then(|before| session.shard(&key, before));
    let values = session.compute(name, shard, previous).expect("the shard is one of the job's");
    session.keep(&key, job.shards, shard, values);
}

/// Computes what is missing of a job, in order.
pub fn run(session: &mut Session, name: &str) {
    let (job, key) = job(session, name);
    let kept = session.kept(&key);
    for shard in (0..job.shards).filter(|shard| !kept.contains(shard)) {
        run_shard(session, name, shard);
    }
}

/// Computes what is missing of all jobs.
pub fn run_all(session: &mut Session) {
    let names: Vec<&str> = session.jobs().into_iter().map(|(job, _)| job.name).collect();
    for name in names {
        run(session, name);
    }
    assert!(session.complete());
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
