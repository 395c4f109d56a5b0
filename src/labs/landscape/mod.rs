//! A network of two parameters, `u φ(w x)`: its loss, and where SGD from many starts ends.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`], [`presets`] | what a link can say, and the rules across fields |
//! | [`surface`] | contours, minima and runs: the main figure |
//! | [`ends`] | where runs end against the learning rate |
//! | [`origin`], [`exponent`] | the exact exponents of the origin, and their figure |
//! | [`windows`] | the learning rates at which the origin attracts |
//! | [`minima`] | the minima with their limits in mean square and exactly |
//! | [`words`] | the numbers and sentences |

pub mod ends;
pub mod exponent;
pub mod minima;
pub mod origin;
pub mod parameters;
pub mod presets;
pub mod surface;
pub mod windows;
pub mod words;

use crate::charts::figure::Figure;
use crate::labs::{About, Done, Job, Lab, LabError, Preset, Summary, Table, phases};
use crate::params::Problem;
use parameters::Params;

/// The job of the origin's exponents at the reader's rate, where they take longer than a frame.
pub const POINT: &str = "point";

/// The lab.
pub struct Landscape;

impl Lab for Landscape {
    type Params = Params;

    const ABOUT: About = About {
        id: "landscape",
        question: "Which minimum does SGD find, if any?",
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
        let model = ["activation", "mirror", "noise", "samples", "batch", "decay", "seed"];
        let axis = ["x0", "x1"];
        let runs = [&model[..], &["spread", "steps"]].concat();
        let mut jobs = Vec::new();
        if !origin::is_quick(p) && p.activation.slope_at_origin().is_some() {
            jobs.push(job(POINT, [&model[..], &["lr"]].concat(), 1, 2e7));
        }
        jobs.push(job(surface::PATHS, [&runs[..], &["lr"]].concat(), surface::shards(p), surface::cost(p)));
        jobs.push(job(origin::JOB, [&model[..], &axis].concat(), origin::shards(p), origin::cost(p)));
        if windows::is_exact(p) {
            let depends = [&model[..], &axis].concat();
            jobs.push(job(windows::JOB, depends, windows::shards(p), windows::cost(p)));
        }
        jobs.extend(minima::jobs(p, &model));
        jobs.push(job(ends::ID, [&runs[..], &axis, &["starts"]].concat(), ends::shards(p), ends::cost(p)));
        jobs
    }

    fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        if let Some(minimum) = minima::place(job) {
            return Ok(minima::compute_limit(p, minimum, shard, previous));
        }
        match job {
            POINT => Ok(origin::at(p, p.lr).map_or_else(Vec::new, |(plus, minus)| vec![plus, minus])),
            surface::PATHS => Ok(surface::compute(p, shard)),
            origin::JOB => Ok(origin::compute(p, shard)),
            windows::JOB => Ok(windows::compute(p, shard)),
            minima::JOB => Ok(minima::compute(p)),
            ends::ID => Ok(ends::compute(p, shard)),
            _ => Err(LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        vec![surface::figure(p, done), ends::figure(p, done), exponent::figure(p, done)]
    }

    fn ready(p: &Params, done: &Done, figure: &str) -> bool {
        let any = |job: &str| done.shards(job).iter().any(Option::is_some);
        match figure {
            ends::ID => any(ends::ID),
            exponent::ID => any(origin::JOB) || p.activation.slope_at_origin().is_none(),
            _ => any(surface::PATHS),
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
            ends::ID => ends::hover(p, done, at.0),
            exponent::ID => exponent::hover(p, done, at.0),
            _ => surface::hover(p, at),
        }
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        match figure {
            ends::ID => ends::table(p, done),
            exponent::ID => exponent::table(p, done),
            _ => surface::table(p, done),
        }
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        if matches!(figure, ends::ID | exponent::ID) { &["x0", "x1"] } else { &[] }
    }
}
