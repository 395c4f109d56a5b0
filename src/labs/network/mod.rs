//! A real network on real data: handwritten digits, learning rates or label noises swept, and the exponent of the origin over
//! the outcome.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`], [`presets`] | what a link can say, and the rules across fields |
//! | [`axis`] | what the sweep runs over |
//! | [`digits`] | the images and their labels |
//! | [`training`], [`sweep`] | one run and what is measured at its end; the runs as jobs |
//! | [`origin`] | the exponent of the origin on the same data |
//! | [`comparison`] | prediction and outcome side by side |
//! | [`measure`], [`outcome`], [`growth`], [`course`], [`figures`] | what is measured, and the figures |
//! | [`quantities`], [`words`] | the numbers at the point, and the sentences |

pub mod axis;
pub mod comparison;
pub mod course;
pub mod digits;
pub mod figures;
pub mod growth;
pub mod measure;
pub mod origin;
pub mod outcome;
pub mod parameters;
pub mod presets;
pub mod quantities;
pub mod sweep;
pub mod training;
pub mod words;

use crate::charts::figure::Figure;
use crate::labs::{About, Asset, Done, Job, Lab, LabError, Preset, Summary, Table, phases};
use crate::params::Problem;
use parameters::Params;

/// The lab.
pub struct Network;

impl Lab for Network {
    type Params = Params;

    const ABOUT: About = About {
        id: "network",
        question: "When does a real network collapse onto its saddle?",
        version: 1,
        paper: phases::Phases::ABOUT.paper,
    };

    const PRESETS: &'static [Preset] = presets::PRESETS;

    const ASSETS: &'static [Asset] = &[digits::DIGITS];

    fn check(params: &mut Params) -> Vec<Problem> {
        parameters::check(params)
    }

    fn changed(params: &mut Params, key: &str) {
        parameters::changed(params, key);
    }

    fn offers(_p: &Params, _key: &str, _name: &str) -> bool {
        true
    }

    fn jobs(p: &Params) -> Vec<Job> {
        let mut jobs = origin::jobs(p);
        jobs.extend(sweep::jobs(p));
        jobs
    }

    fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        if let Some(rate) = origin::place(job) {
            return origin::compute(p, rate, shard, previous);
        }
        match sweep::place(job) {
            Some((rate, run)) => sweep::compute(p, rate, run, shard, previous),
            None => Err(LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn spent(job: &str, values: &mut Vec<f64>) {
        if origin::place(job).is_some() {
            origin::spent(values);
        } else {
            sweep::spent(values);
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        figures::all(p, done)
    }

    fn ready(p: &Params, done: &Done, figure: &str) -> bool {
        match figure {
            growth::ID => {
                !p.shape().has_hessian_at_origin()
                    || (0..p.rates).any(|rate| origin::exponent(p, done, rate).is_some())
            }
            "course" => (0..p.runs).any(|run| !sweep::course(p, done, p.nearest(), run).is_empty()),
            _ => !sweep::known(p, done).is_empty(),
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
        figures::hover(p, done, figure, at)
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        figures::table(p, done, figure)
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        if figure == "course" { &[] } else { &["x0", "x1"] }
    }
}
