//! The top exponent of a product of independent 2 × 2 matrices drawn from a list, without sampling.
//!
//! Directions of the plane are angles `θ` modulo π, and a matrix takes `e(θ)` to another direction. With `ν` the law of
//! directions that one step leaves as it is, `Λ₁ = E ∫ log‖M e(θ)‖ dν(θ)` (H. Furstenberg, *Trans. AMS* 108, 377, 1963).
//! `ν` is held on even nodes; an image between nodes is shared among the four nearest by Lagrange's cubic weights, which
//! keep its first three moments, and `ν = ν P` is solved by elimination.

/// A symmetric matrix `[[a, b], [b, c]]` as `(a, b, c)`.
pub type Symmetric = (f64, f64, f64);

/// Nodes of the coarse and of the fine grid.
const NODES: [usize; 2] = [64, 128];
/// Doublings in the search for a rate with a positive exponent.
const DOUBLINGS: u32 = 8;

/// `Λ₁` of the product of `offset·I − rate·H`, `H` drawn from the list, on a grid of `nodes` ≥ 4 directions. `−∞` if one of
/// them lands exactly on 0, NaN if the law of directions is not unique to rounding.
///
/// Cost: 60 ns times list times nodes, and `nodes³` ns.
pub fn top_exponent(list: &[Symmetric], offset: f64, rate: f64, nodes: usize) -> f64 {
    let spacing = std::f64::consts::PI / nodes as f64;
    // the nodes lie off the axes, which may be invariant
    let angle = |node: usize| (node as f64 + 0.381_966) * spacing;
    let mut growth = vec![0.0; nodes];
    // row i, column j: how much of node j arrives at node i
    let mut flow = vec![0.0; nodes * nodes];
    let share = 1.0 / list.len() as f64;
    for from in 0..nodes {
        let (sin, cos) = (libm::sin(angle(from)), libm::cos(angle(from)));
        for &(a, b, c) in list {
            let (x, y) = (a * cos + b * sin, b * cos + c * sin);
            // the image in the frame of the direction itself
            let along = offset - rate * (x * cos + y * sin);
            let across = -rate * (y * cos - x * sin);
            growth[from] += 0.5 * share * libm::log(along * along + across * across);
            let turned = if along == 0.0 { 0.5 } else { libm::atan(across / along) / std::f64::consts::PI };
            let place = from as f64 + turned * nodes as f64;
            let base = libm::floor(place);
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

/// The learning rate above `stable` at which `Λ₁` of `(1 − λγ) I − λ H` changes sign, and a bound on its error by the two
/// grids' difference. `None` if the exponent is not negative at `stable`, or still negative at 256 times it.
///
/// Cost: some twelve times [`top_exponent`] on 64 nodes, and once on 128.
pub fn critical_rate(list: &[Symmetric], decay: f64, stable: f64) -> Option<(f64, f64)> {
    let at = |rate: f64, nodes: usize| top_exponent(list, 1.0 - rate * decay, rate, nodes);
    let mut low = (stable, at(stable, NODES[0]));
    let mut high = low;
    for _ in 0..DOUBLINGS {
        high = (2.0 * low.0, at(2.0 * low.0, NODES[0]));
        if !(high.1 < 0.0) {
            break;
        }
        low = high;
    }
    if !(low.1 < 0.0 && high.1 > 0.0) {
        return None;
    }
    // false position with halved ends: to a part in 10⁵, which the correction below squares
    let mut rate = low.0;
    let (mut ends, mut last) = ((low, high), 0.0);
    for _ in 0..20 {
        let ((a, fa), (b, fb)) = ends;
        let next = (a * fb - b * fa) / (fb - fa);
        if (next - rate).abs() < 1e-5 * next {
            rate = next;
            break;
        }
        rate = next;
        let value = at(rate, NODES[0]);
        if value < 0.0 {
            ends = ((rate, value), (b, if last < 0.0 { 0.5 * fb } else { fb }));
        } else {
            ends = ((a, if last > 0.0 { 0.5 * fa } else { fa }), (rate, value));
        }
        last = value;
    }
    let coarse = at(rate, NODES[0]);
    let slope = (at(1.001 * rate, NODES[0]) - coarse) / (0.001 * rate);
    let fine = at(rate, NODES[1]);
    let error = ((fine - coarse) / slope).abs();
    (slope > 0.0).then(|| (rate - fine / slope, error))
}
