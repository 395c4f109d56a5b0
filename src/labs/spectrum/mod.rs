//! The Lyapunov spectrum of random matrix products: every exponent with an interval that holds, against the learning rate.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`], [`rules`], [`presets`] | what a link can say, and the rules across fields |
//! | [`run`], [`sweep`] | a run of the product in shards, and runs along the axis |
//! | [`exact`], [`limits`] | closed forms; the mean square, gradient descent, the determinant |
//! | [`curve`], [`criteria`], [`ladder`], [`running`], [`histogram`] | the figures |
//! | [`point`], [`quantities`] | the numbers at the point |
//! | [`figures`], [`words`] | the list of figures, and the sentences |

pub mod criteria;
pub mod curve;
pub mod exact;
pub mod figures;
pub mod histogram;
pub mod ladder;
pub mod limits;
pub mod parameters;
pub mod point;
pub mod presets;
pub mod quantities;
pub mod rules;
pub mod run;
pub mod running;
pub mod sweep;
pub mod words;

use crate::charts::figure::Figure;
use crate::labs::{About, Done, Job, Lab, LabError, Preset, Summary, Table, phases};
use crate::params::Problem;
use parameters::{Exponents, Params};

/// The lab.
pub struct Spectrum;

impl Lab for Spectrum {
    type Params = Params;

    const ABOUT: About = About {
        id: "spectrum",
        question: "Does noise contract or expand in many dimensions?",
        version: 1,
        paper: phases::Phases::ABOUT.paper,
    };

    const PRESETS: &'static [Preset] = presets::PRESETS;

    fn check(params: &mut Params) -> Vec<Problem> {
        rules::check(params)
    }

    fn changed(params: &mut Params, key: &str) {
        rules::changed(params, key);
    }

    fn offers(_p: &Params, _key: &str, _name: &str) -> bool {
        true
    }

    fn jobs(p: &Params) -> Vec<Job> {
        let job = |name, depends: &[&'static str], shards, cost| Job {
            name,
            depends: depends.to_vec(),
            shards,
            chain: false,
            cost,
            on_demand: false,
        };
        let law = p.keys();
        let solved = exact::count(p) > 0;
        let with = |keys: &[&'static str], more: &[&'static str]| [keys, more].concat();
        // a list of one kind cannot depend on the other: all exponents, or the first
        let point = with(&p.point_keys(), &["exponents"]);
        let view = with(&law, &["exponents", "x0", "x1", "xlog"]);
        let mut jobs = Vec::new();
        if solved {
            jobs.push(job("exact-point", &point, 1, exact::point_cost(p)));
            if p.is_sgd() {
                jobs.push(job("exact", &view, exact::shards(p), exact::curve_cost(p)));
            }
        }
        let schedule = run::schedule(p);
        jobs.push(Job {
            chain: true,
            ..job("run", &with(&point, &["seed"]), schedule.shards(), schedule.cost())
        });
        jobs.push(job("radius", &p.point_keys(), 1, limits::cost(p)));
        if p.is_sgd() {
            jobs.push(job("limits", &law, 1, limits::cost(p)));
            if solved {
                jobs.push(job("exact-rates", &law, 1, exact::rates_cost(p)));
            }
        }
        if p.exponents == Exponents::All {
            jobs.push(job("determinant", &with(&p.point_keys(), &["seed"]), 1, limits::determinant_cost(p)));
        }
        let (schedule, depends) = (sweep::schedule(p), with(&view, &["seed"]));
        for place in sweep::order(p) {
            jobs.push(Job {
                chain: true,
                ..job(sweep::NAMES[place], &depends, schedule.shards(), schedule.cost())
            });
        }
        jobs
    }

    fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        match job {
            "exact-point" => Ok(exact::compute_point(p)),
            "exact" => Ok(exact::compute(p, shard)),
            "exact-rates" => Ok(exact::critical_rates(p)),
            "run" => Ok(run::compute(p, p.lr, 0, &run::schedule(p), shard, previous)),
            "radius" => Ok(limits::compute_radius(p)),
            "limits" => Ok(limits::compute_limits(p)),
            "determinant" => Ok(limits::compute_determinant(p)),
            _ => sweep::compute(p, job, shard, previous)
                .ok_or_else(|| LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        figures::all(p, done, &point::known(p, done))
    }

    fn ready(p: &Params, done: &Done, figure: &str) -> bool {
        let any = |job: &str| done.shards(job).iter().any(Option::is_some);
        match figure {
            "spectrum" => any("exact") || !sweep::made(p, done).is_empty(),
            "criteria" => any("limits"),
            _ => any("run"),
        }
    }

    fn summary(p: &Params, done: &Done) -> Summary {
        let known = point::known(p, done);
        Summary {
            verdict: words::verdict(p, &known),
            values: quantities::quantities(p, &known),
            notes: words::notes(p, &known),
        }
    }

    fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> String {
        let known = point::known(p, done);
        match figure {
            "spectrum" => curve::hover(p, done, at.0),
            "criteria" => criteria::hover(p, done, &known, at.0),
            "running" => running::hover(&known, at.0),
            "ladder" => ladder::hover(&known, at.0),
            _ => histogram::hover(&known, at.0),
        }
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        let known = point::known(p, done);
        match figure {
            "spectrum" => curve::table(p, done),
            "criteria" => criteria::table(p, done, &known),
            "running" => running::table(&known),
            "ladder" => ladder::table(&known),
            _ => histogram::table(&known),
        }
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        if matches!(figure, "spectrum" | "criteria") { &["x0", "x1"] } else { &[] }
    }
}
