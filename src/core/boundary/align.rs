//! Which root on one scan line continues which on the next.

use super::line::{Root, Tongue};

/// What it costs beyond the movement that a pair vanishes, in fractions of the line: so far may a narrow band move
/// before it counts as another one.
const VANISH: f64 = 0.1;

/// What it costs beyond the movement that a root leaves the line: two neighbours vanish together unless they are nearer to
/// the ends of the line than to each other.
const LEAVE: f64 = 0.5 * VANISH;

/// How two ascending lists correspond, in order.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// The partners `(i, j)`.
    pub partners: Vec<(usize, usize)>,
    /// The first of each two neighbours of the first list that vanish together.
    pub vanished: Vec<usize>,
    /// The first of each two neighbours of the second list that have appeared together.
    pub appeared: Vec<usize>,
}

/// How the roots of one line continue on the next. What is in no partnership and no pair leaves the line, or enters it.
///
/// The partners with the least total movement: a root moves to one of the same kind; two neighbours vanish (or appear)
/// together at the cost of their distance and a constant; a single one leaves through the nearer end of the line.
pub(super) fn align_roots(a: &[Root], b: &[Root]) -> Alignment {
    let single = |r: &Root| r.at.min(1.0 - r.at).max(0.0) + LEAVE;
    let moved = |x: &Root, y: &Root| (x.opens == y.opens).then(|| (x.at - y.at).abs());
    align(a, b, moved, single, |x, y| Some((x.at - y.at).abs() + VANISH))
}

/// The same for tongues: none moves further than `reach`.
pub(super) fn align_tongues(a: &[Tongue], b: &[Tongue], reach: f64) -> Vec<(usize, usize)> {
    let moved = |x: &Tongue, y: &Tongue| {
        let distance = (x.at - y.at).abs();
        (distance < reach).then_some(distance)
    };
    align(a, b, moved, |_| 0.5 * reach, |_, _| None).partners
}

/// What the cheapest alignment of two beginnings ends with.
#[derive(Clone, Copy)]
enum Last {
    Start,
    Partners,
    SingleA,
    SingleB,
    PairA,
    PairB,
}

/// Dynamic programming over beginnings of both lists. Cost: the product of their lengths.
fn align<T>(
    a: &[T],
    b: &[T],
    moved: impl Fn(&T, &T) -> Option<f64>,
    single: impl Fn(&T) -> f64,
    pair: impl Fn(&T, &T) -> Option<f64>,
) -> Alignment {
    let columns = b.len() + 1;
    let mut best = vec![(f64::INFINITY, Last::Start); (a.len() + 1) * columns];
    best[0].0 = 0.0;
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let mut here = best[i * columns + j];
            let mut offer = |before: usize, cost: f64, last: Last| {
                let total = best[before].0 + cost;
                if total < here.0 {
                    here = (total, last);
                }
            };
            if i > 0
                && j > 0
                && let Some(cost) = moved(&a[i - 1], &b[j - 1])
            {
                offer((i - 1) * columns + j - 1, cost, Last::Partners);
            }
            if i > 0 {
                offer((i - 1) * columns + j, single(&a[i - 1]), Last::SingleA);
            }
            if j > 0 {
                offer(i * columns + j - 1, single(&b[j - 1]), Last::SingleB);
            }
            if i > 1
                && let Some(cost) = pair(&a[i - 2], &a[i - 1])
            {
                offer((i - 2) * columns + j, cost, Last::PairA);
            }
            if j > 1
                && let Some(cost) = pair(&b[j - 2], &b[j - 1])
            {
                offer(i * columns + j - 2, cost, Last::PairB);
            }
            best[i * columns + j] = here;
        }
    }
    let (mut i, mut j, mut found) = (a.len(), b.len(), Alignment::default());
    loop {
        match best[i * columns + j].1 {
            Last::Start => break,
            Last::Partners => {
                (i, j) = (i - 1, j - 1);
                found.partners.push((i, j));
            }
            Last::SingleA => i -= 1,
            Last::SingleB => j -= 1,
            Last::PairA => {
                i -= 2;
                found.vanished.push(i);
            }
            Last::PairB => {
                j -= 2;
                found.appeared.push(j);
            }
        }
    }
    found.partners.reverse();
    found.vanished.reverse();
    found.appeared.reverse();
    found
}
