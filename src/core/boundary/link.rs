//! From scan lines to curves.

use super::align::{align_roots, align_tongues};
use super::chain::{Chains, End, Vertex};
use super::line::{Root, ScanLine, TONGUE_REACH};
use super::{Boundary, Curve, Kind, Plane, Quantity};
use crate::core::stats;

/// Links all curves.
pub(super) fn boundary(plane: &Plane, lines: &[ScanLine]) -> Boundary {
    let mut places: Vec<(f64, f64)> = lines.iter().enumerate().map(|(i, l)| (l.across, i as f64)).collect();
    stats::sort_pairs(&mut places);
    let mut lines: Vec<&ScanLine> = places.into_iter().map(|(_, i)| &lines[i as usize]).collect();
    lines.dedup_by(|a, b| a.across == b.across);
    let mut found = Boundary {
        hidden_tongues: lines.iter().map(|l| l.hidden).max().unwrap_or(0),
        exponents_left_out: lines.iter().any(|l| l.left_out),
        ..Boundary::default()
    };
    let along = plane.axes().0.quantity;
    let fixed = matches!(along, Quantity::LearningRate | Quantity::Decay);
    // along the rates E z is the same on the whole line
    let sign = |v: &Vertex| {
        if fixed {
            let i = lines.partition_point(|l| l.across < v[1]).min(lines.len() - 1);
            if lines[i].signs[0] < 0.0 { -1.0 } else { 1.0 }
        } else {
            orientation(plane, v)
        }
    };
    for (i, written) in [1.0, -1.0].into_iter().enumerate() {
        let name = |v: &Vertex, tongue: bool| match (written * sign(v) > 0.0, tongue) {
            (true, false) => Kind::Plus,
            (false, false) => Kind::Minus,
            (true, true) => Kind::PlusTongue,
            (false, true) => Kind::MinusTongue,
        };
        for chain in root_chains(&lines, &|l| &l.roots[i]).finish() {
            named(plane, &chain, &|v| name(v, false), false, &mut found.curves);
        }
        for chain in tongue_chains(&lines, i).finish() {
            for part in narrow_parts(&chain) {
                named(plane, part, &|v| name(v, true), true, &mut found.curves);
            }
        }
    }
    for chain in root_chains(&lines, &|l| &l.norm).finish() {
        // the third number of a vertex tells whether it is inside phase I
        for part in chain.split(|v| v[2] == 0.0).filter(|part| part.len() > 1) {
            named(plane, part, &|_| Kind::Norm, false, &mut found.curves);
        }
    }
    for chain in root_chains(&lines, &|l| &l.seam).finish().chain(seams_between(plane, &lines)) {
        named(plane, &chain, &|_| Kind::Seam, false, &mut found.curves);
    }
    found
}

/// Sign of `E z` at a vertex, `+1` for 0.
fn orientation(plane: &Plane, v: &Vertex) -> f64 {
    let (along, across) = plane.axes();
    plane.setting(along.value(v[0]), across.value(v[1])).map_or(1.0, |s| s.orientation())
}

/// Cuts a chain where its name changes, at the seam, and turns it into data coordinates.
#[inline(never)]
fn named(
    plane: &Plane,
    chain: &[Vertex],
    name: &dyn Fn(&Vertex) -> Kind,
    widths: bool,
    curves: &mut Vec<Curve>,
) {
    let (along, across) = plane.axes();
    let add = |curve: &mut Curve, v: &Vertex| {
        let place = (along.value(v[0]), across.value(v[1]));
        curve.points.push(if plane.along_x { place } else { (place.1, place.0) });
        if widths {
            curve.widths.push(v[2]);
        }
    };
    let mut current = Curve { kind: name(&chain[0]), points: Vec::new(), widths: Vec::new() };
    let mut before = chain[0];
    for v in chain {
        let kind = name(v);
        if kind != current.kind {
            let cut = seam_vertex(plane, &before, v);
            add(&mut current, &cut);
            curves.push(core::mem::replace(
                &mut current,
                Curve { kind, points: Vec::new(), widths: Vec::new() },
            ));
            add(&mut current, &cut);
        }
        add(&mut current, v);
        before = *v;
    }
    curves.push(current);
    curves.retain(|c| c.points.len() > 1);
}

/// Where `E z` changes sign between two vertices.
fn seam_vertex(plane: &Plane, a: &Vertex, b: &Vertex) -> Vertex {
    let at = |t: f64| core::array::from_fn(|i| a[i] + t * (b[i] - a[i]));
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if orientation(plane, &at(middle)) == orientation(plane, a) { low = middle } else { high = middle }
    }
    at(high)
}

/// The tip of a pair `a`, `b` that vanishes before the line at `next`: where the square of its width, linear in the
/// last two lines, would be 0.
fn tip(a: (Vertex, Option<Vertex>), b: (Vertex, Option<Vertex>), next: f64) -> Vertex {
    let now = a.0[1];
    let width = b.0[0] - a.0[0];
    let mut across = 0.5 * (now + next);
    if let (Some(x), Some(y)) = (a.1, b.1) {
        let before = y[0] - x[0];
        let fall = before * before - width * width;
        if x[1] == y[1] && x[1] != now && fall > 0.0 {
            across = now + (now - x[1]) * width * width / fall;
        }
    }
    let (low, high) = if next > now { (now, next) } else { (next, now) };
    [0.5 * (a.0[0] + b.0[0]), across.clamp(low, high), a.0[2].min(b.0[2])]
}

/// The runs of a tongue that are narrower than a pixel, each with the wider vertex before and after it.
#[inline(never)]
fn narrow_parts(chain: &[Vertex]) -> Vec<&[Vertex]> {
    let narrow = |i: usize| chain[i][2] < 1.0;
    let (mut parts, mut start) = (Vec::new(), None);
    for i in 0..chain.len() {
        match (start, narrow(i)) {
            (None, true) => start = Some(i.saturating_sub(1)),
            (Some(from), false) => {
                parts.push(&chain[from..=i]);
                start = None;
            }
            _ => {}
        }
    }
    parts.extend(start.map(|from| &chain[from..]));
    parts
}

/// Roots of one function. The third number of a vertex is 1 where the root is shown.
#[inline(never)]
fn root_chains<'a>(lines: &[&'a ScanLine], list: &dyn Fn(&'a ScanLine) -> &'a Vec<Root>) -> Chains {
    let mut chains = Chains::default();
    let mut open: Vec<Option<End>> = Vec::new();
    let mut before: &[Root] = &[];
    let mut last = 0.0;
    for (n, line) in lines.iter().enumerate() {
        let roots = list(line);
        let across = line.across;
        let vertex = |k: usize| vertex(&roots[k], across);
        let found = align_roots(before, roots);
        let mut next: Vec<Option<End>> = vec![None; roots.len()];
        for &(a, b) in &found.partners {
            if let Some(end) = open[a].take() {
                chains.extend(end, vertex(b));
                next[b] = Some(end);
            }
        }
        for k in found.vanished {
            if let (Some(a), Some(b)) = (open[k].take(), open[k + 1].take()) {
                let tip = tip(chains.last_two(a), chains.last_two(b), across);
                // both lists hold ends that may have to be renamed
                let held = next.len();
                next.append(&mut open.clone());
                chains.join(a, b, tip, &mut next);
                open = next.split_off(held);
            }
        }
        for end in open.into_iter().flatten() {
            if let Some(v) = leaving(chains.last_two(end), across) {
                chains.extend(end, v);
            }
        }
        let ahead = |k| lines.get(n + 1).and_then(|l| future(roots, list(l), k, l.across));
        if n > 0 {
            for k in found.appeared {
                let tip = tip((vertex(k), ahead(k)), (vertex(k + 1), ahead(k + 1)), last);
                let [x, y] = chains.pair(vertex(k), tip, vertex(k + 1));
                (next[k], next[k + 1]) = (Some(x), Some(y));
            }
        }
        for (k, end) in next.iter_mut().enumerate().filter(|(_, end)| end.is_none()) {
            let entry = if n > 0 { leaving((vertex(k), ahead(k)), last) } else { None };
            let start = chains.start(entry.unwrap_or(vertex(k)));
            if entry.is_some() {
                chains.extend(start, vertex(k));
            }
            *end = Some(start);
        }
        (open, before, last) = (next, roots, across);
    }
    chains
}

fn vertex(root: &Root, across: f64) -> Vertex {
    [root.at, across, if root.shown { 1.0 } else { 0.0 }]
}

/// Where a root goes on the next line.
fn future(now: &[Root], next: &[Root], k: usize, across: f64) -> Option<Vertex> {
    let partners = align_roots(now, next).partners;
    partners.iter().find(|p| p.0 == k).map(|p| vertex(&next[p.1], across))
}

/// The point at which a single root leaves through an end of the lines before the line at `next`, on the
/// straight continuation of its last two vertices.
fn leaving((now, before): (Vertex, Option<Vertex>), next: f64) -> Option<Vertex> {
    let before = before?;
    let slope = (now[0] - before[0]) / (now[1] - before[1]);
    let end = if slope * (next - now[1]) > 0.0 { 1.0 } else { 0.0 };
    let across = now[1] + (end - now[0]) / slope;
    let reached = (across - now[1]).abs() <= 1.5 * (next - now[1]).abs();
    let (low, high) = if next > now[1] { (now[1], next) } else { (next, now[1]) };
    reached.then(|| [end, across.clamp(low, high), now[2]])
}

/// Narrow tongues of one exponent.
#[inline(never)]
fn tongue_chains(lines: &[&ScanLine], i: usize) -> Chains {
    let mut chains = Chains::default();
    let mut open: Vec<End> = Vec::new();
    for pair in 0..lines.len() {
        let line = lines[pair];
        let before = pair.checked_sub(1).map_or(&[][..], |k| &lines[k].tongues[i]);
        let partners = align_tongues(before, &line.tongues[i], TONGUE_REACH / line.pixels);
        let mut next = Vec::new();
        for (k, t) in line.tongues[i].iter().enumerate() {
            let vertex = [t.at, line.across, t.width];
            next.push(match partners.iter().find(|p| p.1 == k) {
                Some(&(a, _)) => {
                    chains.extend(open[a], vertex);
                    open[a]
                }
                None => chains.start(vertex),
            });
        }
        open = next;
    }
    chains
}

/// Seams between two lines: where the sign of `E z` changes on the whole of them.
#[inline(never)]
fn seams_between(plane: &Plane, lines: &[&ScanLine]) -> Vec<Vec<Vertex>> {
    let whole = |l: &ScanLine| l.seam.is_empty() && l.signs[0] * l.signs[1] > 0.0;
    let mut found = Vec::new();
    for pair in lines.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if whole(a) && whole(b) && a.signs[0] * b.signs[0] < 0.0 {
            let [_, at, _] = seam_vertex(plane, &[0.5, a.across, 0.0], &[0.5, b.across, 0.0]);
            found.push(vec![[0.0, at, 0.0], [1.0, at, 0.0]]);
        }
    }
    found
}
