//! What a Type-II saddle is: gradient noise along the escape direction or not, and how each kind of saddle is left.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`], [`presets`] | what a link can say, and the rules across fields |
//! | [`escape`] | times to escape against the learning rate: the main figure |
//! | [`theory`] | what the two saddles are, and the times predicted |
//! | [`stationary`], [`hessian`], [`points`] | curvatures and noise at stationary points of several networks, and their figure |
//! | [`bias`] | both against the bias that turns one kind into the other |
//! | [`words`] | the numbers and sentences |

pub mod bias;
pub mod escape;
pub mod hessian;
pub mod parameters;
pub mod points;
pub mod presets;
pub mod stationary;
pub mod theory;
pub mod words;

use crate::charts::figure::Figure;
use crate::labs::{About, Done, Job, Lab, LabError, Preset, Summary, Table, phases};
use crate::params::Problem;
use parameters::Params;

/// The lab.
pub struct Types;

impl Lab for Types {
    type Params = Params;

    const ABOUT: About = About {
        id: "types",
        question: "What is a Type-II saddle?",
        version: 1,
        paper: phases::Phases::ABOUT.paper,
    };

    const PRESETS: &'static [Preset] = presets::PRESETS;

    fn check(params: &mut Params) -> Vec<Problem> {
        parameters::check(params)
    }

    fn changed(_params: &mut Params, _key: &str) {}

    fn offers(_p: &Params, _key: &str, _name: &str) -> bool {
        true
    }

    fn jobs(p: &Params) -> Vec<Job> {
        let job = |name, depends: Vec<&'static str>, shards, cost| Job {
            name,
            depends,
            shards,
            chain: false,
            cost,
            on_demand: false,
        };
        let model = ["bias", "activation", "slope", "noise", "seed"];
        let runs = [&model[..], &["batch", "init", "exit", "replicas", "steps", "x0", "x1"]].concat();
        vec![
            Job { chain: true, ..job(stationary::JOB, model.to_vec(), stationary::shards(), 1e8) },
            job(escape::ID, runs, escape::shards(p), escape::cost(p)),
        ]
    }

    fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        match job {
            stationary::JOB => Ok(stationary::compute(p, shard, previous)),
            escape::ID => Ok(escape::compute(p, shard)),
            _ => Err(LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn spent(job: &str, values: &mut Vec<f64>) {
        if job == stationary::JOB {
            stationary::spent(values);
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        vec![escape::figure(p, done), points::figure(p, done), bias::figure(p)]
    }

    fn ready(_p: &Params, done: &Done, figure: &str) -> bool {
        let any = |job: &str| done.shards(job).iter().any(Option::is_some);
        match figure {
            bias::ID => true,
            points::ID => any(stationary::JOB),
            _ => any(escape::ID),
        }
    }

    fn summary(p: &Params, done: &Done) -> Summary {
        Summary {
            verdict: words::verdict(p, done),
            values: words::quantities(p, done),
            notes: words::notes(p, done),
        }
    }

    fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> String {
        match figure {
            bias::ID => bias::hover(p, at.0),
            points::ID => points::hover(done, at),
            _ => escape::hover(p, done, at.0),
        }
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        match figure {
            bias::ID => bias::table(p),
            points::ID => points::table(done),
            _ => escape::table(p, done),
        }
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        if figure == escape::ID { &["x0", "x1"] } else { &[] }
    }
}
