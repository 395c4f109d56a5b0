//! Lines `f = 0` over a lattice of nodes: marching squares whose vertices are roots on the lattice's edges, linked.
//!
//! A vertex is as exact as the crossing that the caller finds on its edge; between vertices the line is straight, so its
//! error is of the order of the squared spacing. A cell with two opposite corners of either sign is cut by the sign of the
//! mean of its corners.

/// A node: column and row.
pub type Node = (usize, usize);

/// A vertex of a line in units of the lattice: `(1.5, 2.0)` lies between the columns 1 and 2 of row 2.
pub type Vertex = (f64, f64);

/// No edge.
const NONE: u32 = u32::MAX;

/// The lines `f = 0`. `values` holds `f` at `columns · rows` nodes, row by row; where it is NaN there is no line. Where `f`
/// changes sign between two neighbours, `crossing(a, b)` is asked for the fraction of the way from `a` to `b` at which it does.
///
/// A line that closes ends with its first vertex. Cost: some 20 ns a cell, and the crossings.
pub fn isolines(
    columns: usize,
    rows: usize,
    values: &[f64],
    crossing: &mut dyn FnMut(Node, Node) -> f64,
) -> Vec<Vec<Vertex>> {
    if columns < 2 || rows < 2 || values.len() != columns * rows {
        return Vec::new();
    }
    let lattice = Lattice { columns, values };
    // edges to the right of a node have even numbers, edges upward odd ones
    let mut neighbours = vec![[NONE; 2]; 2 * columns * rows];
    for row in 0..rows - 1 {
        for column in 0..columns - 1 {
            for (from, to) in lattice.cuts(column, row).into_iter().flatten() {
                join(&mut neighbours, from, to);
                join(&mut neighbours, to, from);
            }
        }
    }
    let mut lines = Vec::new();
    // open lines begin at an edge with one neighbour; what is left are loops
    for open in [true, false] {
        for edge in 0..neighbours.len() as u32 {
            let ends = neighbours[edge as usize].iter().filter(|place| **place != NONE).count();
            if ends == 1 || (ends == 2 && !open) {
                let edges = follow(&mut neighbours, edge);
                lines.push(edges.into_iter().map(|edge| lattice.vertex(edge, crossing)).collect());
            }
        }
    }
    lines
}

/// Where on the way from `a` to `b` the line through two values of opposite signs is 0; infinite values count as far.
pub fn linear_crossing(a: f64, b: f64) -> f64 {
    let part = a / (a - b);
    if part.is_finite() {
        part.clamp(0.0, 1.0)
    } else if a.is_infinite() && !b.is_infinite() {
        1.0
    } else if b.is_infinite() && !a.is_infinite() {
        0.0
    } else {
        0.5
    }
}

struct Lattice<'a> {
    columns: usize,
    values: &'a [f64],
}

impl Lattice<'_> {
    fn at(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// The edges that the line joins in the cell above and to the right of a node.
    fn cuts(&self, column: usize, row: usize) -> [Option<(u32, u32)>; 2] {
        let corners = [
            self.at(column, row),
            self.at(column + 1, row),
            self.at(column + 1, row + 1),
            self.at(column, row + 1),
        ];
        if corners.iter().any(|value| value.is_nan()) {
            return [None, None];
        }
        let node = |column: usize, row: usize| (2 * (row * self.columns + column)) as u32;
        // below, right, above, left
        let edges =
            [node(column, row), node(column + 1, row) + 1, node(column, row + 1), node(column, row) + 1];
        let positive = corners.map(|value| value > 0.0);
        let crossed: Vec<u32> =
            (0..4).filter(|&i| positive[i] != positive[(i + 1) % 4]).map(|i| edges[i]).collect();
        match crossed[..] {
            [a, b] => [Some((a, b)), None],
            [below, right, above, left] => {
                let centre = corners.iter().sum::<f64>() > 0.0;
                if centre == positive[0] {
                    // the first corner and the third are one region: each of the others is cut off
                    [Some((below, right)), Some((above, left))]
                } else {
                    [Some((left, below)), Some((right, above))]
                }
            }
            _ => [None, None],
        }
    }

    fn vertex(&self, edge: u32, crossing: &mut dyn FnMut(Node, Node) -> f64) -> Vertex {
        let (node, upward) = (edge as usize / 2, edge % 2 == 1);
        let from = (node % self.columns, node / self.columns);
        let to = if upward { (from.0, from.1 + 1) } else { (from.0 + 1, from.1) };
        let part = crossing(from, to);
        let (x, y) = (from.0 as f64, from.1 as f64);
        if upward { (x, y + part) } else { (x + part, y) }
    }
}

fn join(neighbours: &mut [[u32; 2]], edge: u32, other: u32) {
    let places = &mut neighbours[edge as usize];
    places[usize::from(places[0] != NONE)] = other;
}

/// The edges of the line from this one on, segment by segment; takes them out. A loop comes back to its first edge.
fn follow(neighbours: &mut [[u32; 2]], first: u32) -> Vec<u32> {
    let (mut line, mut edge) = (vec![first], first);
    while let Some(next) = take(&mut neighbours[edge as usize], |place| place != NONE) {
        take(&mut neighbours[next as usize], |place| place == edge);
        line.push(next);
        edge = next;
    }
    line
}

/// Takes out the first entry that fits.
fn take(places: &mut [u32; 2], fits: impl Fn(u32) -> bool) -> Option<u32> {
    let place = places.iter_mut().find(|place| fits(**place))?;
    Some(std::mem::replace(place, NONE))
}
