//! Curves and areas in pixels, cut to the plot's rectangle.

use super::plot_area::PlotArea;
use super::surface::Rect;

/// A point in CSS pixels.
pub type Pixel = (f64, f64);

/// Vertices nearer than this to the line through their neighbours are left out: the width of one backend
/// unit, which no screen shows.
const FLATTEST: f64 = 0.05;

/// Vertices thinned at a time: bounds the depth of the recursion.
const RUN: usize = 512;

/// The visible pieces of a polyline. A NaN coordinate lifts the pen.
pub fn curve(area: &PlotArea, points: &[(f64, f64)]) -> Vec<Vec<Pixel>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Pixel> = Vec::new();
    let mut before: Option<Pixel> = None;
    for &(x, y) in points {
        let here = area.pixel(x, y);
        if here.0.is_nan() || here.1.is_nan() {
            close(&mut piece, &mut pieces);
            before = None;
            continue;
        }
        if let Some(last) = before {
            match segment(&area.rect, last, here) {
                None => close(&mut piece, &mut pieces),
                Some((from, to)) => {
                    if piece.last() != Some(&from) && from != last {
                        close(&mut piece, &mut pieces);
                    }
                    if piece.is_empty() {
                        piece.push(from);
                    }
                    piece.push(to);
                    if to != here {
                        close(&mut piece, &mut pieces);
                    }
                }
            }
        }
        before = Some(here);
    }
    close(&mut piece, &mut pieces);
    pieces
}

/// Moves a finished piece of at least two points to the list.
fn close(piece: &mut Vec<Pixel>, pieces: &mut Vec<Vec<Pixel>>) {
    if piece.len() > 1 {
        let mut kept = Vec::with_capacity(piece.len().min(64));
        kept.push(piece[0]);
        for start in (0..piece.len() - 1).step_by(RUN) {
            thin(&piece[start..piece.len().min(start + RUN + 1)], &mut kept);
        }
        pieces.push(kept);
    }
    piece.clear();
}

/// Appends what is needed of the vertices after the first (Douglas and Peucker, 1973).
fn thin(vertices: &[Pixel], kept: &mut Vec<Pixel>) {
    let (Some(&from), Some(&to)) = (vertices.first(), vertices.last()) else { return };
    let chord = distance(from, to);
    let off = |at: Pixel| {
        if chord < FLATTEST {
            distance(from, at)
        } else {
            ((to.0 - from.0) * (at.1 - from.1) - (to.1 - from.1) * (at.0 - from.0)).abs() / chord
        }
    };
    let inner = 1..vertices.len().saturating_sub(1);
    let farthest = inner.map(|index| (index, off(vertices[index]))).max_by(|a, b| a.1.total_cmp(&b.1));
    match farthest {
        Some((index, distance)) if distance > FLATTEST => {
            thin(&vertices[..=index], kept);
            thin(&vertices[index..], kept);
        }
        _ => kept.push(to),
    }
}

/// Distance of two points.
pub fn distance(from: Pixel, to: Pixel) -> f64 {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    (across * across + down * down).sqrt()
}

/// The part of a segment inside the rectangle (Liang and Barsky, 1984). An end that is inside is returned
/// unchanged.
fn segment(rect: &Rect, from: Pixel, to: Pixel) -> Option<(Pixel, Pixel)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (slope, room) in [
        (-dx, from.0 - rect.left),
        (dx, rect.right() - from.0),
        (-dy, from.1 - rect.top),
        (dy, rect.bottom() - from.1),
    ] {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enters = enters.max(room / slope);
        } else {
            leaves = leaves.min(room / slope);
        }
    }
    if enters > leaves {
        return None;
    }
    let at = |part: f64| {
        let (x, y) = (from.0 + dx * part, from.1 + dy * part);
        (x.clamp(rect.left, rect.right()), y.clamp(rect.top, rect.bottom()))
    };
    Some((if enters > 0.0 { at(enters) } else { from }, if leaves < 1.0 { at(leaves) } else { to }))
}

/// The visible polygons of the area between two curves over the same abscissae; it is interrupted where
/// one of the three is NaN. Surplus entries of the longer lists are ignored.
pub fn band(area: &PlotArea, x: &[f64], low: &[f64], high: &[f64]) -> Vec<Vec<Pixel>> {
    let mut polygons = Vec::new();
    let (mut upper, mut lower): (Vec<Pixel>, Vec<Pixel>) = (Vec::new(), Vec::new());
    let mut finish = |upper: &mut Vec<Pixel>, lower: &mut Vec<Pixel>| {
        if upper.len() > 1 {
            upper.extend(lower.iter().rev());
            let polygon = cut(&area.rect, std::mem::take(upper));
            if polygon.len() > 2 {
                polygons.push(polygon);
            }
        }
        upper.clear();
        lower.clear();
    };
    for ((&x, &low), &high) in x.iter().zip(low).zip(high) {
        let (top, bottom) = (area.pixel(x, high), area.pixel(x, low));
        if top.0.is_nan() || top.1.is_nan() || bottom.1.is_nan() {
            finish(&mut upper, &mut lower);
        } else {
            upper.push(top);
            lower.push(bottom);
        }
    }
    finish(&mut upper, &mut lower);
    polygons
}

/// A polygon cut to the rectangle, edge by edge (Sutherland and Hodgman, 1974).
fn cut(rect: &Rect, mut polygon: Vec<Pixel>) -> Vec<Pixel> {
    let (left, right, top, bottom) = (rect.left, rect.right(), rect.top, rect.bottom());
    let rooms: [&dyn Fn(Pixel) -> f64; 4] =
        [&|p| p.0 - left, &|p| right - p.0, &|p| p.1 - top, &|p| bottom - p.1];
    for room in rooms {
        let Some(&last) = polygon.last() else { break };
        let mut kept = Vec::with_capacity(polygon.len() + 4);
        let mut before = last;
        for &here in &polygon {
            let (was, is) = (room(before), room(here));
            if (was < 0.0) != (is < 0.0) {
                let part = was / (was - is);
                kept.push((before.0 + (here.0 - before.0) * part, before.1 + (here.1 - before.1) * part));
            }
            if is >= 0.0 {
                kept.push(here);
            }
            before = here;
        }
        polygon = kept;
    }
    polygon
}
