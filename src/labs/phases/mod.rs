//! The phase diagram of SGD at the two-parameter saddle: exact phases, simulated SGD over them, and where the two differ.
//!
//! | module | subject |
//! |---|---|
//! | [`parameters`] | what a link can say, and the rules across fields |
//! | [`plane`] | which parameters are the axes, and their range |
//! | [`map`] | the exact map in shards |
//! | [`simulation`], [`simulated`] | SGD at every pixel in shards, and what its map shows |
//! | [`boundaries`] | the exact curves |
//! | [`point`], [`quantities`] | the exact numbers at the crosshair |
//! | [`sides`], [`surface`] | the figures beside the map |
//! | [`work`] | what the jobs cost |
//! | [`figures`], [`grid`], [`words`] | the picture, its values, and the sentences |

pub mod boundaries;
pub mod figures;
pub mod grid;
pub mod map;
pub mod parameters;
pub mod plane;
pub mod point;
pub mod presets;
pub mod quantities;
pub mod sides;
pub mod simulated;
pub mod simulation;
pub mod surface;
pub mod words;
pub mod work;

use crate::charts::csv::Grid;
use crate::charts::figure::Figure;
use crate::labs::direction::{self, own_data};
use crate::labs::{About, Done, Job, Lab, LabError, Paper, Preset, Summary, Table};
use crate::params::Problem;
use parameters::{MapLayer, Params};
use plane::Plane;

/// The lab.
pub struct Phases;

/// The parameters that the exact map depends on: the law's own, those of SGD, and the axes; not those on the axes.
fn map_keys(p: &Params) -> Vec<&'static str> {
    let plane = Plane::of(p);
    let mut keys = p.sgd.keys();
    keys.extend(["x", "y", "x0", "x1", "y0", "y1", "xlog", "ylog"]);
    keys.retain(|key| !plane.keys().contains(key));
    keys
}

/// Those that the shards of the map depend on: a layer that shows an exponent has it in them.
fn picture_keys(p: &Params) -> Vec<&'static str> {
    let mut keys = map_keys(p);
    keys.extend(p.layer.exponent().then_some("layer"));
    keys
}

/// The job whose results are the colours of the map.
fn colours(p: &Params) -> &'static str {
    if p.layer.simulated() { "outcomes" } else { "map" }
}

impl Lab for Phases {
    type Params = Params;

    const ABOUT: About = About {
        id: "phases",
        question: "When does SGD get stuck at a saddle?",
        version: 1,
        paper: Paper {
            title: "Type-II Saddles and Probabilistic Stability of Stochastic Gradient Descent",
            authors: "Ziyin, Li, Galanti and Ueda",
            arxiv: "2303.13093",
        },
    };

    const PRESETS: &'static [Preset] = presets::PRESETS;

    fn check(params: &mut Params) -> Vec<Problem> {
        parameters::check(params)
    }

    fn changed(params: &mut Params, key: &str) {
        parameters::changed(params, key);
    }

    fn offers(p: &Params, key: &str, name: &str) -> bool {
        let axis = p.axis_names().iter().find(|axis| axis.name() == name);
        match key {
            "x" => axis.is_some_and(|axis| p.y != Some(*axis)),
            "y" => axis.is_some_and(|axis| p.x != Some(*axis)),
            _ => true,
        }
    }

    fn jobs(p: &Params) -> Vec<Job> {
        if p.sgd.awaits_data() {
            return Vec::new();
        }
        let job =
            |name, depends, shards, cost| Job { name, depends, shards, chain: false, cost, on_demand: false };
        let mut point = p.sgd.keys();
        point.push("sign");
        let map_cost = work::map(p, work::map_side(p));
        let mut jobs = vec![job("map", picture_keys(p), map::shards(p), map_cost)];
        if boundaries::affordable(p) {
            jobs.push(job("boundaries", map_keys(p), boundaries::shards(p), boundaries::cost(p)));
        }
        if !point::saddle_is_quick(p) {
            jobs.push(job("saddle", point.clone(), 1, 1e8));
        }
        if !direction::point::is_quick(&p.sgd) {
            jobs.push(job("direction", point.clone(), 1, 1e8));
        }
        point.retain(|key| *key != "lr");
        jobs.push(job("rates", point, 1, 1e7));
        if p.layer.simulated() {
            let mut keys = map_keys(p);
            keys.extend(["steps", "init"]);
            if p.layer == MapLayer::Disagreement {
                let (shards, cost) = (simulation::theory_shards(p), simulation::theory_cost(p));
                jobs.push(job("theory", keys.clone(), shards, cost));
            }
            keys.extend(["seed", "replicas"]);
            jobs.push(job("outcomes", keys, simulation::shards(p), simulation::cost(p)));
        }
        jobs.extend(sides::jobs(p));
        jobs.extend(own_data::jobs(&p.sgd));
        jobs
    }

    fn compute(p: &Params, job: &str, shard: u32, _previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        match job {
            "map" => Ok(map::compute(p, shard)),
            "boundaries" => Ok(boundaries::compute(p, shard)),
            "saddle" => Ok(point::saddle(p)),
            "direction" => Ok(direction::point::direction(&p.sgd)),
            "rates" => Ok(direction::point::rates(&p.sgd)),
            "outcomes" => Ok(simulation::compute(p, shard)),
            "theory" => Ok(simulation::theory(p, shard)),
            _ => sides::compute(p, job, shard)
                .or_else(|| own_data::compute(&p.sgd, job))
                .ok_or_else(|| LabError::NoSuch(format!("job “{job}” in this lab"))),
        }
    }

    fn figures(p: &Params, done: &Done) -> Vec<Figure> {
        let mut figures = vec![figures::main(p, done)];
        figures.extend(sides::figures(p, done));
        figures
    }

    fn ready(p: &Params, done: &Done, figure: &str) -> bool {
        if let Some(ready) = sides::ready(p, done, figure) {
            return ready;
        }
        done.shards(colours(p)).iter().any(Option::is_some)
    }

    fn whole(p: &Params, done: &Done, figure: &str) -> bool {
        sides::ready(p, done, figure).unwrap_or_else(|| {
            // Curves that take long are drawn over the colours later.
            let curves_soon = boundaries::affordable(p) && boundaries::cost(p) < 8.0 * work::SHARD;
            done.complete(colours(p)) && (!curves_soon || done.complete("boundaries"))
        })
    }

    fn summary(p: &Params, done: &Done) -> Summary {
        let known = point::known(p, done);
        let verdict = match &known.saddle {
            _ if p.sgd.awaits_data() => own_data::awaited(),
            Some(saddle) => words::verdict(p, saddle),
            None => words::pending(),
        };
        let mut notes = words::notes(p, done);
        notes.extend(own_data::note(&p.sgd, done));
        Summary { verdict, values: quantities::quantities(p, &known, done), notes }
    }

    fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> String {
        sides::hover(p, done, figure, at).unwrap_or_else(|| words::hover(p, done, at))
    }

    fn table(p: &Params, done: &Done, figure: &str) -> Table {
        sides::table(p, done, figure).unwrap_or_else(|| words::table(p, done))
    }

    fn grid(p: &Params, done: &Done, figure: &str) -> Option<Grid> {
        if figure == figures::ID { grid::grid(p, done) } else { None }
    }

    fn range_keys(figure: &str) -> &'static [&'static str] {
        if figure == figures::ID { &["x0", "x1", "y0", "y1"] } else { &[] }
    }
}
