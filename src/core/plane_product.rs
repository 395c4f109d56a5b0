//! The top exponent of a product of independent 2 × 2 matrices drawn from a list, without sampling.
//!
//! Directions of the plane are a circle, and a matrix takes each to another. With `ν` the law of directions that one step
//! leaves as it is, `Λ₁ = E ∫ log‖M e‖ dν(e)` (H. Furstenberg, *Trans. AMS* 108, 377, 1963). `ν` is held on nodes; an image
//! between nodes is shared among the four nearest by Lagrange's cubic weights, which keep its first three moments, and
//! `ν = ν P` is solved by elimination.
//!
//! Where the mean is much flatter along one axis than along the other, directions crowd around both axes within
//! `ε = √(E H₁₂²/E H₂₂²)` and wander between them over all scales. The nodes therefore are even in `arsinh(tan θ/ε)` as far
//! as the diagonals, and in the same function of the other axis beyond them.

/// A symmetric matrix `[[a, b], [b, c]]` as `(a, b, c)`.
pub type Symmetric = (f64, f64, f64);

/// Nodes of the coarse and of the fine grid.
const NODES: [usize; 2] = [128, 192];
/// Doublings in the search for a rate with a positive exponent.
const DOUBLINGS: u32 = 8;
/// Least `ε`: matrices with common axes keep the law at a point.
const NARROWEST: f64 = 1e-5;

/// Places on the circle of directions, from −2 to 2: −1 and 1 are the diagonals.
struct Circle {
    /// `ε`.
    narrow: f64,
    /// `arsinh(1/ε)`.
    reach: f64,
}

impl Circle {
    /// Twice `ε` of a list in the frame of its mean: the best of powers of 2 on few nodes.
    fn of(list: &[Symmetric]) -> Self {
        let sum = list.iter().fold((0.0, 0.0), |(b2, c2), &(_, b, c)| (b2 + b * b, c2 + c * c));
        let narrow = (2.0 * (sum.0 / sum.1).sqrt()).clamp(NARROWEST, 1.0);
        let narrow = if narrow.is_nan() { 1.0 } else { narrow };
        Self { narrow, reach: libm::asinh(1.0 / narrow) }
    }

    fn place(&self, x: f64, y: f64) -> f64 {
        if y.abs() <= x.abs() {
            libm::asinh(y / (x * self.narrow)) / self.reach
        } else {
            let from_axis = libm::asinh(x / (y * self.narrow)) / self.reach;
            2.0_f64.copysign(from_axis) - from_axis
        }
    }

    /// The unit vector at a place.
    fn direction(&self, place: f64) -> (f64, f64) {
        let tangent = |place: f64| self.narrow * libm::sinh(place * self.reach);
        let (x, y) = if place.abs() <= 1.0 {
            (1.0, tangent(place))
        } else {
            (tangent(2.0_f64.copysign(place) - place), 1.0)
        };
        let length = libm::hypot(x, y);
        (x / length, y / length)
    }
}

/// The list in the frame where its mean is diagonal, the flat axis first.
fn in_frame_of_mean(list: &[Symmetric]) -> Vec<Symmetric> {
    let sum = list.iter().fold((0.0, 0.0, 0.0), |s, h| (s.0 + h.0, s.1 + h.1, s.2 + h.2));
    let angle = 0.5 * libm::atan2(-2.0 * sum.1, sum.2 - sum.0);
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let turned = |&(a, b, c): &Symmetric| {
        let (x, y) = (a * cos + b * sin, b * cos + c * sin);
        let (p, q) = (b * cos - a * sin, c * cos - b * sin);
        (x * cos + y * sin, p * cos + q * sin, q * cos - p * sin)
    };
    list.iter().map(turned).collect()
}

/// `Λ₁` of the product of `offset·I − rate·H`, `H` drawn from the list, on a grid of `nodes` ≥ 4 directions. `−∞` if one of
/// them lands exactly on 0, NaN if the law of directions is not unique to rounding.
///
/// Cost: 60 ns times list times nodes, and `nodes³` ns.
pub fn top_exponent(list: &[Symmetric], offset: f64, rate: f64, nodes: usize) -> f64 {
    exponent_in_frame(&in_frame_of_mean(list), offset, rate, nodes)
}

fn exponent_in_frame(list: &[Symmetric], offset: f64, rate: f64, nodes: usize) -> f64 {
    let circle = Circle::of(list);
    let spacing = 4.0 / nodes as f64;
    let mut growth = vec![0.0; nodes];
    // row i, column j: how much of node j arrives at node i
    let mut flow = vec![0.0; nodes * nodes];
    let share = 1.0 / list.len() as f64;
    for from in 0..nodes {
        // the nodes lie off the axes, which may be invariant
        let (x, y) = circle.direction((from as f64 + 0.381_966) * spacing - 2.0);
        for &(a, b, c) in list {
            let image = (offset * x - rate * (a * x + b * y), offset * y - rate * (b * x + c * y));
            let square = image.0 * image.0 + image.1 * image.1;
            growth[from] += 0.5 * share * libm::log(square);
            let place = if square == 0.0 { 0.0 } else { circle.place(image.0, image.1) };
            let place = (place + 2.0) / spacing - 0.381_966;
            let base = place.floor();
            for (step, weight) in cubic(place - base).into_iter().enumerate() {
                let to = (base as i64 + step as i64 - 1).rem_euclid(nodes as i64) as usize;
                flow[to * nodes + from] += share * weight;
            }
        }
    }
    for node in 0..nodes {
        flow[node * nodes + node] -= 1.0;
    }
    // one equation follows from the others: the sum takes its place
    flow[(nodes - 1) * nodes..].fill(1.0);
    let law = solve(flow, nodes);
    growth.iter().zip(law).map(|(growth, part)| if part == 0.0 { 0.0 } else { growth * part }).sum()
}

/// Lagrange's weights of the nodes −1, 0, 1, 2 for a place `x` between 0 and 1.
fn cubic(x: f64) -> [f64; 4] {
    let (before, after, far) = (x + 1.0, 1.0 - x, 2.0 - x);
    [-x * after * far / 6.0, before * after * far / 2.0, before * x * far / 2.0, -before * x * after / 6.0]
}

/// The solution of `m x = (0, …, 0, 1)` by elimination with partial pivoting; NaN where `m` is singular.
fn solve(mut m: Vec<f64>, size: usize) -> Vec<f64> {
    let mut x = vec![0.0; size];
    x[size - 1] = 1.0;
    for k in 0..size {
        let mut pivot = k;
        for i in k + 1..size {
            if m[i * size + k].abs() > m[pivot * size + k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            (k..size).for_each(|j| m.swap(k * size + j, pivot * size + j));
            x.swap(k, pivot);
        }
        let (above, below) = m.split_at_mut((k + 1) * size);
        let row = &above[k * size..];
        for (i, other) in below.chunks_exact_mut(size).enumerate() {
            let factor = other[k] / row[k];
            if factor != 0.0 {
                other[k..].iter_mut().zip(&row[k..]).for_each(|(other, entry)| *other -= factor * entry);
                x[k + 1 + i] -= factor * x[k];
            }
        }
    }
    for k in (0..size).rev() {
        let known: f64 = (k + 1..size).map(|j| m[k * size + j] * x[j]).sum();
        x[k] = (x[k] - known) / m[k * size + k];
    }
    x
}

/// Why a search has no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRate {
    /// The exponent is not negative at the start, or still negative at 256 times it.
    Absent,
    /// The work allowed was done before the end.
    Unfinished,
}

/// A search for the rate at which the exponent of a list changes sign; it may be interrupted and taken up again.
pub struct Search {
    list: Vec<Symmetric>,
    decay: f64,
    stable: f64,
}

impl Search {
    /// Of `(1 − λγ) I − λ H`, from the rate `stable` on.
    pub fn new(list: &[Symmetric], decay: f64, stable: f64) -> Self {
        Self { list: in_frame_of_mean(list), decay, stable }
    }

    /// The rate, and a bound on its error by the two grids' difference. `values` holds the exponents found so far, in the order in
    /// which the search asks for them: a new search begins with none, and one taken up again gives what an uninterrupted one does.
    ///
    /// # Errors
    /// There is no such rate; or `work`, in the unit of [`Search::step_cost`], was done before the end.
    pub fn advance(&self, values: &mut Vec<f64>, work: f64) -> Result<(f64, f64), NoRate> {
        let (mut asked, mut left) = (0, work);
        let mut at = |rate: f64, nodes: usize| {
            if asked == values.len() {
                if left <= 0.0 {
                    return Err(NoRate::Unfinished);
                }
                left -= exponent_cost(self.list.len(), nodes);
                values.push(exponent_in_frame(&self.list, 1.0 - rate * self.decay, rate, nodes));
            }
            asked += 1;
            Ok(values[asked - 1])
        };
        let mut low = (self.stable, at(self.stable, NODES[0])?);
        let mut high = low;
        for _ in 0..DOUBLINGS {
            high = (2.0 * low.0, at(2.0 * low.0, NODES[0])?);
            if !(high.1 < 0.0) {
                break;
            }
            low = high;
        }
        if !(low.1 < 0.0 && high.1 > 0.0) {
            return Err(NoRate::Absent);
        }
        let coarse = crossing(|rate| at(rate, NODES[0]), low, high)?;
        // two of Newton's steps on the fine grid, the slopes from the coarse one
        let (mut rate, mut slope) = (coarse, f64::NAN);
        for _ in 0..2 {
            slope = (at(1.001 * rate, NODES[0])? - at(rate, NODES[0])?) / (0.001 * rate);
            rate -= at(rate, NODES[1])? / slope;
        }
        if slope > 0.0 { Ok((rate, (rate - coarse).abs())) } else { Err(NoRate::Absent) }
    }

    /// Nanoseconds of WebAssembly for most of the exponents that a search asks for. It asks for some fifteen.
    pub fn step_cost(count: usize) -> f64 {
        exponent_cost(count, NODES[0])
    }
}

/// Nanoseconds of WebAssembly, about.
fn exponent_cost(count: usize, nodes: usize) -> f64 {
    let nodes = nodes as f64;
    60.0 * count as f64 * nodes + nodes * nodes * nodes
}

/// [`Search`] without an interruption: the learning rate above `stable` at which `Λ₁` of `(1 − λγ) I − λ H` changes sign, and a
/// bound on its error. `None` if there is none.
pub fn critical_rate(list: &[Symmetric], decay: f64, stable: f64) -> Option<(f64, f64)> {
    Search::new(list, decay, stable).advance(&mut Vec::new(), f64::INFINITY).ok()
}

/// Where a function that is negative at `low` and positive at `high` crosses 0, to a part in 10⁵. Ridders' method: the
/// exponent rises from nearly 0 like an exponential, which it makes straight.
fn crossing(
    mut f: impl FnMut(f64) -> Result<f64, NoRate>,
    mut low: (f64, f64),
    mut high: (f64, f64),
) -> Result<f64, NoRate> {
    let mut last = f64::NAN;
    for _ in 0..20 {
        let middle = f64::midpoint(low.0, high.0);
        let middle = (middle, f(middle)?);
        let root = (middle.1 * middle.1 - low.1 * high.1).sqrt();
        let next = middle.0 - (middle.0 - low.0) * middle.1 / root;
        if (next - last).abs() < 1e-5 * next {
            return Ok(next);
        }
        last = next;
        let next = (next, f(next)?);
        let mut points = [low, middle, next, high];
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let below = points.windows(2).find(|pair| pair[1].1 >= 0.0).ok_or(NoRate::Absent)?;
        (low, high) = (below[0], below[1]);
    }
    Ok(last)
}
