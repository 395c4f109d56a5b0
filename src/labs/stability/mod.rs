//! Stability of one direction: the exponent Λ against the learning rate, and why moments cannot see a saddle that attracts.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`], [`presets`] | what a link can say, and the rules across fields |
//! | [`curve`] | Λ over the learning rate, in shards |
//! | [`window`] | its interval for the reader's own values, and the window that they certify |
//! | [`exponent`], [`criteria`] | its picture, and what the other criteria say below it |
//! | [`moments`], [`histogram`], [`batches`], [`sides`] | the figures beside it with their jobs |
//! | [`point`], [`quantities`] | the exact numbers at the point |
//! | [`figures`], [`words`] | the list of figures, and the sentences |

pub mod batches;
pub mod criteria;
pub mod curve;
pub mod exponent;
pub mod figures;
pub mod histogram;
pub mod moments;
pub mod parameters;
pub mod point;
pub mod presets;
pub mod quantities;
pub mod sides;
pub mod window;
pub mod words;

use crate::charts::figure::Figure;
use crate::labs::direction::cost::Costs;
use crate::labs::direction::{self, certificate, own_data};
use crate::labs::{About, Done, Job, Lab, LabError, Preset, Summary, Table, phases};
use crate::params::Problem;
use parameters::Params;

/// The lab.
pub struct Stability;

impl Lab for Stability {
    type Params = Params;

    const ABOUT: About = About {
        id: "stability",
        question: "When does noise make a saddle attractive?",
        version: 1,
        paper: phases::Phases::ABOUT.paper,
    };

    const PRESETS: &'static [Preset] = presets::PRESETS;

    fn check(params: &mut Params) -> Vec<Problem> {
        parameters::check(params)
    }

    fn changed(params: &mut Params, key: &str) {
        parameters::changed(params, key);
    }

    fn offers(_p: &Params, _key: &str, _name: &str) -> bool {
        true
    }

    fn button(_job: &str) -> &'static str {
        "Prove the sign of Λ"
    }

    fn jobs(p: &Params) -> Vec<Job> {
        if p.sgd.awaits_data() {
            return Vec::new();
        }
        let job = |name, depends: &[&'static str], shards, cost| Job {
            name,
            depends: depends.to_vec(),
            shards,
            chain: false,
            cost,
            on_demand: false,
        };
        let mut point = p.sgd.keys();
        point.push("sign");
        let but =
            |gone: &str| -> Vec<&'static str> { point.iter().copied().filter(|key| *key != gone).collect() };
        let law = but("lr");
        let mut jobs = vec![job("rates", &law, 1, 1e7)];
        let view = [&law[..], &["x0", "x1", "xlog"]].concat();
        jobs.push(job("curve", &view, curve::shards(p), curve::cost(p)));
        // What N values say of Λ comes before the figures beside the curve.
        jobs.extend(window::job(p, &view));
        jobs.extend(own_data::jobs(&p.sgd));
        if !direction::point::is_quick(&p.sgd) {
            let alone = Costs::of(&p.sgd).alone;
            jobs.push(job("direction", &point, 1, 1e8_f64.max(20.0 * alone)));
            jobs.push(job("spread", &point, 1, 1e8_f64.max(4.0 * alone)));
        }
        jobs.push(job("moments", &point, moments::shards(p), moments::cost(p)));
        let runs = [&point[..], &["seed", "horizon", "replicas"]].concat();
        jobs.push(job("histogram", &runs, histogram::shards(p), histogram::cost(p)));
        let (shards, cost) = batches::exponent_shards(p);
        jobs.push(job("batch-exponents", &but("batch"), shards, cost));
        let (shards, cost) = batches::rate_shards(p);
        let law: Vec<&'static str> = law.into_iter().filter(|key| *key != "batch").collect();
        jobs.push(job("batch-rates", &law, shards, cost));
        jobs.extend(sides::jobs(p));
        jobs.extend(certificate::job(&p.sgd));
        jobs
    }

    fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        match job {
            "rates" => Ok(direction::point::rates(&p.sgd)),
            "curve" => Ok(curve::compute(p, shard)),
            "direction" => Ok(direction::point::direction(&p.sgd)),
            "spread" => Ok(point::spread(p)),
            "moments" => Ok(moments::compute(p, shard)),
            "histogram" => Ok(histogram::compute(p, shard)),
            "batch-exponents" => Ok(batches::compute_exponents(p, shard)),
            "batch-rates" => Ok(batches::compute_rates(p, shard)),
            sides::FAN => Ok(sides::fan(p).compute(shard)),
            sides::PASSAGE => Ok(sides::passage(p).compute(shard)),
            window::BAND => Ok(window::compute(p, shard)),
            certificate::CERTIFICATE => Ok(certificate::compute(&p.sgd, shard, previous)),
            _ => own_data::compute(&p.sgd, job)
                .ok_or_else(|| LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn spent(job: &str, values: &mut Vec<f64>) {
        // A proof is in its last shard.
        if job == certificate::CERTIFICATE {
            *values = Vec::new();
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        figures::all(p, done, &point::known(p, done))
    }

    fn ready(p: &Params, done: &Done, figure: &str) -> bool {
        let any = |job: &str| done.shards(job).iter().any(Option::is_some);
        match figure {
            "moments" => done.complete("moments"),
            "histogram" => any("histogram"),
            "batch-exponent" => any("batch-exponents"),
            "batch-rate" => any("batch-rates"),
            sides::FAN => sides::fan(p).ready(done),
            sides::PASSAGE => sides::passage(p).ready(done),
            _ => any("curve"),
        }
    }

    fn summary(p: &Params, done: &Done) -> Summary {
        let known = point::known(p, done);
        let runs = histogram::runs(done);
        let runs = runs.as_ref().as_ref();
        Summary {
            verdict: words::verdict(p, &known),
            values: quantities::quantities(p, &known, runs, done),
            notes: words::notes(p, done, runs),
        }
    }

    fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> String {
        match figure {
            "exponent" => exponent::hover(p, done, at.0),
            "criteria" => criteria::hover(p, done, at.0),
            "moments" => moments::hover(done, at.0),
            "histogram" => histogram::hover(done, at.0),
            sides::FAN => sides::fan(p).hover(done, at),
            sides::PASSAGE => sides::passage(p).hover(done, at),
            _ => batches::hover(p, done, figure, at.0),
        }
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        match figure {
            "exponent" => exponent::table(p, done),
            "criteria" => criteria::table(p, done, &point::known(p, done)),
            "moments" => moments::table(done),
            "histogram" => histogram::table(p, done, &point::known(p, done)),
            sides::FAN => sides::fan(p).table(done),
            sides::PASSAGE => sides::passage(p).table(done),
            _ => batches::table(done, figure),
        }
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        if matches!(figure, "exponent" | "criteria") { &["x0", "x1"] } else { &[] }
    }
}
