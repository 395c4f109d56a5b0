//! What the figures beside the map have in common: the coin that their laws are worked out from, tables and hints.

use crate::session::{curve, figure};
use saddlescope::labs::session::Session;

/// `ln|X|` of both steps and the probability of the second, for z ∈ {1, a} with probability ½ and X = 1 + s λ z.
#[derive(Clone, Copy)]
pub struct Coin {
    /// `ln|X|`.
    pub steps: [f64; 2],
}

impl Coin {
    pub fn new(lr: f64, a: f64, sign: f64) -> Self {
        Coin { steps: [(1.0 + sign * lr).abs().ln(), (1.0 + sign * lr * a).abs().ln()] }
    }

    /// `Λ`.
    pub fn mean(&self) -> f64 {
        0.5 * (self.steps[0] + self.steps[1])
    }

    /// `ln E|X|^p`.
    pub fn log_moment(&self, p: f64) -> f64 {
        self.steps.iter().map(|step| 0.5 * (p * step).exp()).sum::<f64>().ln()
    }

    /// The quantile of the sum of `t` steps: probabilities of all paths by Pascal's triangle, sorted by the sum.
    pub fn quantile(&self, t: usize, p: f64) -> f64 {
        let mut row = vec![1.0_f64];
        for _ in 0..t {
            let mut next = vec![0.0; row.len() + 1];
            for (k, probability) in row.iter().enumerate() {
                next[k] += 0.5 * probability;
                next[k + 1] += 0.5 * probability;
            }
            row = next;
        }
        let sum = |k: usize| (t - k) as f64 * self.steps[0] + k as f64 * self.steps[1];
        let mut law: Vec<(f64, f64)> = row.iter().enumerate().map(|(k, p)| (sum(k), *p)).collect();
        law.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut below = 0.0;
        let reached = law.iter().find(|(_, probability)| {
            below += probability;
            below >= p - 1e-11
        });
        reached.expect("probabilities add up to 1").0
    }
}

/// Every figure beside the map has a table, a line under the pointer, and is ready with its first shard.
#[test]
fn tables_and_hints_say_what_the_figures_show() {
    let ids = ["fan-plus", "fan-minus", "surface", "passage"];
    let mut session = Session::new("phases");
    for id in ids {
        assert!(!session.exhibit().ready(&session.done(), id), "{id} has nothing yet");
        assert!(session.table(id).rows.is_empty(), "{id}");
        crate::session::run_shard(&mut session, id, 0);
        assert!(session.exhibit().ready(&session.done(), id), "{id}");
        crate::session::run(&mut session, id);
        let table = session.table(id);
        assert!((5..=20).contains(&table.rows.len()), "{id}: {table:?}");
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{id}: {table:?}");
        let figure = figure(&session, id);
        let hint = |part: f64| session.hover(id, (figure.x.at(part), figure.y.at(0.3)));
        assert!(hint(0.2).len() > 10 && hint(0.2) != hint(0.7), "{id}: {}", hint(0.2));
        assert!(session.exhibit().range_keys(id).is_empty(), "{id} does not zoom");
    }
    // The last row of the fan is the last step; its median is the curve's.
    let table = session.table("fan-plus");
    let last = table.rows.last().unwrap();
    let median = curve(&figure(&session, "fan-plus"), "median").last().unwrap().1;
    assert_eq!(last[0], "200");
    let read = last[1].replace('\u{2212}', "-").parse::<f64>().unwrap();
    assert!((read - median).abs() < 0.01, "{read} for {median}");
}
