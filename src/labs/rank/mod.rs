//! How many modes SGD learns: the rank of a trained network, measured over learning rate and label noise, and counted from
//! the positive exponents at the origin.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`], [`presets`] | what a link can say, and the rules across fields |
//! | [`measured`] | training at every pixel in shards, and the map of ranks |
//! | [`theory`] | exponents of modes, their zero lines, and the predicted rank |
//! | [`product`] | exponents of the product of all neurons, for dense inputs |
//! | [`map`] | the main figure |
//! | [`runs`], [`exponents`] | the figures beside it |
//! | [`quantities`], [`words`] | the numbers with the counts of agreement, and the sentences |

pub mod exponents;
pub mod map;
pub mod measured;
pub mod parameters;
pub mod presets;
pub mod product;
pub mod quantities;
pub mod runs;
pub mod theory;
pub mod words;

use crate::charts::figure::Figure;
use crate::labs::{About, Done, Job, Lab, LabError, Preset, Summary, Table, phases};
use crate::models::modes::step_cost;
use crate::params::Problem;
use parameters::{InputsName, Params};

/// The lab.
pub struct Rank;

impl Lab for Rank {
    type Params = Params;

    const ABOUT: About = About {
        id: "rank",
        question: "How many modes does SGD learn?",
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
        let model = ["inputs", "strengths", "width", "layers", "activation", "batch", "decay"];
        let training = ["init", "steps", "replicas", "seed"];
        let axes = ["x0", "x1", "y0", "y1"];
        let mut jobs = Vec::new();
        let dense = p.inputs == InputsName::Dense;
        if p.slope().is_ok() {
            if dense {
                let here = [&model[..], &["lr", "noise", "seed"]].concat();
                jobs.push(Job { chain: true, ..job(product::POINT, here, product::POINT_SHARDS, 8e7) });
            }
            let (shards, cost) = theory::curve_shards(p);
            jobs.push(job(theory::CURVES, [&model[..], &axes].concat(), shards, cost));
        }
        let run = f64::from(p.steps) * step_cost(p.modes(), p.teacher(p.noise).inputs, &p.training(p.lr));
        let here = [&model[..], &training, &["lr", "noise"]].concat();
        jobs.push(job(runs::ID, here, p.replicas, f64::from(p.replicas) * run));
        let map = [&model[..], &training, &axes, &["pixels"]].concat();
        jobs.push(job(measured::JOB, map, measured::shards(p), measured::cost(p)));
        if p.slope().is_ok() && dense {
            let (shards, cost) = product::field_shards(p);
            jobs.push(job(product::FIELD, [&model[..], &axes, &["seed"]].concat(), shards, cost));
        }
        jobs
    }

    fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        match job {
            product::POINT => Ok(product::compute_point(p, shard, previous)),
            theory::CURVES => Ok(theory::compute_curve(p, shard)),
            product::FIELD => Ok(product::compute_field(p, shard)),
            runs::ID => Ok(runs::compute(p, shard)),
            measured::JOB => Ok(measured::compute(p, shard)),
            _ => Err(LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        vec![map::figure(p, done), runs::figure(p, done), exponents::figure(p, done)]
    }

    fn ready(p: &Params, done: &Done, figure: &str) -> bool {
        match figure {
            runs::ID => done.shards(runs::ID).iter().any(Option::is_some),
            exponents::ID => true,
            _ => map::ready(p, done),
        }
    }

    fn summary(p: &Params, done: &Done) -> Summary {
        Summary {
            verdict: words::verdict(p, done),
            values: quantities::quantities(p, done),
            notes: words::notes(p, done),
        }
    }

    fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> String {
        match figure {
            runs::ID => runs::hover(p, done, at.0),
            exponents::ID => exponents::hover(p, at.0),
            _ => map::hover(p, done, at),
        }
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        match figure {
            runs::ID => runs::table(p, done),
            exponents::ID => exponents::table(p, done),
            _ => map::table(p, done),
        }
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        match figure {
            map::ID => &["x0", "x1", "y0", "y1"],
            exponents::ID => &["x0", "x1"],
            _ => &[],
        }
    }
}
