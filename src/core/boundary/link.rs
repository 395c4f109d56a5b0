//! From scan lines to curves.

use super::align::{align_places, align_roots, align_tongues};
use super::chain::{Chains, End, Vertex};
use super::line::{Root, ScanLine};
use super::{Boundary, Curve, Kind, Plane, Quantity};

/// Tongues of neighbouring lines further apart than this many pixels are different ones.
const TONGUE_REACH: f64 = 16.0;

/// Links all curves.
pub(super) fn boundary(plane: &Plane, lines: &[ScanLine]) -> Boundary {
    let mut lines: Vec<&ScanLine> = lines.iter().collect();
    lines.sort_by(|a, b| a.across.total_cmp(&b.across));
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
        for chain in root_chains(&lines, i).finish() {
            named(plane, &chain, |v| name(v, false), false, &mut found.curves);
        }
        for chain in tongue_chains(&lines, i).finish() {
            named(plane, &chain, |v| name(v, true), true, &mut found.curves);
        }
    }
    for chain in norm_chains(&lines).finish() {
        named(plane, &chain, |_| Kind::Norm, false, &mut found.curves);
    }
    for chain in seam_chains(plane, &lines).finish() {
        named(plane, &chain, |_| Kind::Seam, false, &mut found.curves);
    }
    found
}

/// Sign of `E z` at a vertex, `+1` for 0.
fn orientation(plane: &Plane, v: &Vertex) -> f64 {
    let (along, across) = plane.axes();
    let mean = plane.setting(along.value(v[0]), across.value(v[1])).map_or(1.0, |s| s.law.mean());
    if mean < 0.0 { -1.0 } else { 1.0 }
}

/// Cuts a chain where its name changes (both parts keep the vertex there) and turns it into data coordinates.
fn named(
    plane: &Plane,
    chain: &[Vertex],
    name: impl Fn(&Vertex) -> Kind,
    widths: bool,
    curves: &mut Vec<Curve>,
) {
    let (along, across) = plane.axes();
    let mut current: Option<Curve> = None;
    for v in chain {
        let kind = name(v);
        let place = (along.value(v[0]), across.value(v[1]));
        let place = if plane.along_x { place } else { (place.1, place.0) };
        let add = |curve: &mut Curve| {
            curve.points.push(place);
            if widths {
                curve.widths.push(v[2]);
            }
        };
        match &mut current {
            Some(curve) if curve.kind == kind => add(curve),
            _ => {
                let mut next = Curve { kind, points: Vec::new(), widths: Vec::new() };
                if let Some(mut old) = current.take() {
                    add(&mut old);
                    curves.push(old);
                }
                add(&mut next);
                current = Some(next);
            }
        }
    }
    curves.extend(current.filter(|c| c.points.len() > 1));
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
    [0.5 * (a.0[0] + b.0[0]), across.clamp(low, high), 0.0]
}

/// Roots of one exponent.
fn root_chains(lines: &[&ScanLine], i: usize) -> Chains {
    let mut chains = Chains::default();
    let mut open: Vec<Option<End>> = Vec::new();
    let mut before: &[Root] = &[];
    let mut last = 0.0;
    for (n, line) in lines.iter().enumerate() {
        let roots = &line.roots[i];
        let across = line.across;
        let vertex = |k: usize| [roots[k].at, across, 0.0];
        let partners = align_roots(before, roots);
        let mut next: Vec<Option<End>> = vec![None; roots.len()];
        for &(a, b) in &partners {
            if let Some(end) = open[a].take() {
                chains.extend(end, vertex(b));
                next[b] = Some(end);
            }
        }
        // neighbours that found no partner vanish together
        let mut k = 0;
        while k + 1 < open.len() {
            if let (Some(a), Some(b)) = (open[k], open[k + 1]) {
                (open[k], open[k + 1]) = (None, None);
                let tip = tip(chains.last_two(a), chains.last_two(b), across);
                // both lists hold ends that may have to be renamed
                let held = next.len();
                next.append(&mut open.clone());
                chains.join(a, b, tip, &mut next);
                open = next.split_off(held);
                k += 1;
            }
            k += 1;
        }
        // neighbours on this line without a partner have appeared together
        let mut k = 0;
        while k < roots.len() {
            if next[k].is_none() {
                if n > 0 && k + 1 < roots.len() && next[k + 1].is_none() {
                    let ahead = lines.get(n + 1).and_then(|l| future(roots, &l.roots[i], k, l.across));
                    let tip = match ahead {
                        Some((x, y)) => tip((vertex(k), Some(x)), (vertex(k + 1), Some(y)), last),
                        None => [0.5 * (roots[k].at + roots[k + 1].at), 0.5 * (last + across), 0.0],
                    };
                    let [x, y] = chains.pair(vertex(k), tip, vertex(k + 1));
                    (next[k], next[k + 1]) = (Some(x), Some(y));
                    k += 1;
                } else {
                    next[k] = Some(chains.start(vertex(k)));
                }
            }
            k += 1;
        }
        (open, before, last) = (next, roots, across);
    }
    chains
}

/// Where a pair that has just appeared goes on the next line.
fn future(now: &[Root], next: &[Root], k: usize, across: f64) -> Option<(Vertex, Vertex)> {
    let partners = align_roots(now, next);
    let of = |k: usize| partners.iter().find(|p| p.0 == k).map(|p| [next[p.1].at, across, 0.0]);
    Some((of(k)?, of(k + 1)?))
}

/// Narrow tongues of one exponent.
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

/// Positions without kinds: chains of those for which `keep` holds.
fn place_chains(lines: &[&ScanLine], places: impl Fn(&ScanLine) -> Vec<(f64, bool)>) -> Chains {
    let mut chains = Chains::default();
    let mut before: Vec<(f64, bool)> = Vec::new();
    let mut open: Vec<Option<End>> = Vec::new();
    for line in lines {
        let here = places(line);
        let positions = |v: &[(f64, bool)]| v.iter().map(|p| p.0).collect::<Vec<f64>>();
        let partners = align_places(&positions(&before), &positions(&here));
        let mut next = Vec::new();
        for (k, &(at, inside)) in here.iter().enumerate() {
            let vertex = [at, line.across, 0.0];
            let end = partners.iter().find(|p| p.1 == k).and_then(|p| open[p.0]);
            next.push(match (inside, end) {
                (false, _) => None,
                (true, Some(end)) => {
                    chains.extend(end, vertex);
                    Some(end)
                }
                (true, None) => Some(chains.start(vertex)),
            });
        }
        (before, open) = (here, next);
    }
    chains
}

fn norm_chains(lines: &[&ScanLine]) -> Chains {
    place_chains(lines, |line| line.norm.clone())
}

/// The seam: along lines, and between two lines where the sign changes on the whole of them.
fn seam_chains(plane: &Plane, lines: &[&ScanLine]) -> Chains {
    let mut chains = place_chains(lines, |line| line.seam.iter().map(|&x| (x, true)).collect());
    let sign = |across: f64| orientation(plane, &[0.5, across, 0.0]);
    for pair in lines.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let whole = |l: &ScanLine| l.seam.is_empty() && l.signs[0] * l.signs[1] > 0.0;
        if whole(a) && whole(b) && a.signs[0] * b.signs[0] < 0.0 {
            let (mut low, mut high) = (a.across, b.across);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if sign(middle) == sign(a.across) { low = middle } else { high = middle }
            }
            let at = 0.5 * (low + high);
            let end = chains.start([0.0, at, 0.0]);
            chains.extend(end, [1.0, at, 0.0]);
        }
    }
    chains
}
