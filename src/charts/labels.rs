//! Places for texts: free of each other, inside their frame, and off the curves where that is possible.

use super::outline::{Pixel, distance};
use super::surface::{LINE_HEIGHT, Rect};

/// Side of a cell of the map that remembers where curves run, CSS pixels.
const CELL: f64 = 4.0;

/// Distance kept between two texts, CSS pixels.
const GAP: f64 = 4.0;

/// Distance of two lines of one text in units of its size.
pub const LINE_PITCH: f64 = 1.25;

/// What is already drawn in a frame.
#[derive(Debug)]
pub struct Crowd {
    frame: Rect,
    taken: Vec<Rect>,
    columns: usize,
    rows: usize,
    curves: Vec<bool>,
    /// Cells with a curve above and to the left of each corner of the map; made when first needed.
    sums: Option<Vec<u32>>,
}

/// A place that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The text's box.
    pub rect: Rect,
    /// Whether a curve runs through it.
    pub crossed: bool,
}

impl Crowd {
    /// Where texts may stand.
    pub const fn frame(&self) -> Rect {
        self.frame
    }

    /// An empty frame.
    pub fn new(frame: Rect) -> Crowd {
        let columns = (frame.width / CELL).ceil() as usize + 1;
        let rows = (frame.height / CELL).ceil() as usize + 1;
        let curves = vec![false; columns * rows];
        Crowd { frame, taken: Vec::new(), columns, rows, curves, sums: None }
    }

    /// Keeps texts out of this rectangle.
    pub fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    /// Remembers a curve: texts avoid it if they can.
    pub fn avoid(&mut self, curve: &[Pixel]) {
        for pair in curve.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let steps = (distance(from, to) / (CELL * 0.75)).ceil().max(1.0);
            for step in 0..=steps as usize {
                let part = step as f64 / steps;
                self.avoid_point((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
            }
        }
    }

    /// Remembers a point: texts avoid it if they can.
    pub fn avoid_point(&mut self, (x, y): Pixel) {
        if self.frame.contains((x, y)) {
            let column = ((x - self.frame.left) / CELL) as usize;
            let row = ((y - self.frame.top) / CELL) as usize;
            self.curves[row * self.columns + column] = true;
            self.sums = None;
        }
    }

    /// Whether a text may stand here.
    pub fn is_free(&self, rect: &Rect) -> bool {
        let wide = rect.grown(GAP);
        rect.is_within(&self.frame) && !self.taken.iter().any(|other| other.overlaps(&wide))
    }

    /// Part of the rectangle that curves run through, 0–1, in cells.
    fn crossed_part(&mut self, rect: &Rect) -> f64 {
        let column = |x: f64| (((x - self.frame.left).max(0.0) / CELL) as usize).min(self.columns - 1);
        let row = |y: f64| (((y - self.frame.top).max(0.0) / CELL) as usize).min(self.rows - 1);
        let (left, right) = (column(rect.left), column(rect.right()) + 1);
        let (top, bottom) = (row(rect.top), row(rect.bottom()) + 1);
        let stride = self.columns + 1;
        let sums = self.sums.get_or_insert_with(|| sums_of(&self.curves, self.columns));
        let sum = |row: usize, column: usize| sums[row * stride + column];
        let crossed = sum(bottom, right) + sum(top, left) - sum(bottom, left) - sum(top, right);
        f64::from(crossed) / ((right - left) * (bottom - top)) as f64
    }

    /// Takes the best of the candidates (a box, and how much worse it is than the first choice, where 1
    /// weighs as much as a curve through a tenth of the text). `None` if all are taken or leave the frame.
    pub fn place(&mut self, candidates: impl IntoIterator<Item = (Rect, f64)>) -> Option<Place> {
        let mut best: Option<(f64, Place)> = None;
        for (rect, worse) in candidates {
            if best.as_ref().is_some_and(|(cost, _)| *cost <= worse) || !self.is_free(&rect) {
                continue;
            }
            let part = self.crossed_part(&rect);
            let cost = worse + 10.0 * part + if part > 0.0 { 2.0 } else { 0.0 };
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, Place { rect, crossed: part > 0.0 }));
            }
        }
        let (_, place) = best?;
        self.take(place.rect);
        Some(place)
    }
}

/// Summed-area table of a map of cells: one row and one column larger, its first ones 0.
fn sums_of(cells: &[bool], columns: usize) -> Vec<u32> {
    let stride = columns + 1;
    let mut sums = vec![0; stride];
    sums.reserve(stride * cells.len() / columns);
    for (row, cells) in cells.chunks_exact(columns).enumerate() {
        let mut run = 0;
        sums.push(0);
        for (column, &cell) in cells.iter().enumerate() {
            run += u32::from(cell);
            sums.push(run + sums[row * stride + column + 1]);
        }
    }
    sums
}

/// Boxes beside a point, the preferred first: right, left, above, below, then the corners, near and far.
pub fn beside(
    point: Pixel,
    (width, height): (f64, f64),
    clearance: f64,
) -> impl Iterator<Item = (Rect, f64)> {
    const DIRECTIONS: [(f64, f64); 8] = [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (1.0, -1.0),
        (-1.0, -1.0),
        (1.0, 1.0),
        (-1.0, 1.0),
    ];
    [1.0, 2.5].into_iter().flat_map(move |far| {
        DIRECTIONS.into_iter().enumerate().map(move |(rank, (across, down))| {
            let centre = (
                point.0 + across * (width / 2.0 + clearance * far),
                point.1 + down * (height / 2.0 + clearance * far),
            );
            (Rect::around(centre, width, height), 0.1 * rank as f64 + 2.0 * (far - 1.0))
        })
    })
}

/// Boxes inside a rectangle that hold a text of this size: the centre first, then on a lattice outwards.
pub fn inside(rect: Rect, (width, height): (f64, f64)) -> impl Iterator<Item = (Rect, f64)> {
    const STEPS: [f64; 7] = [0.0, -1.0 / 3.0, 1.0 / 3.0, -2.0 / 3.0, 2.0 / 3.0, -1.0, 1.0];
    let room = ((rect.width - width) / 2.0, (rect.height - height) / 2.0);
    let fits = room.0 >= 0.0 && room.1 >= 0.0;
    let centre = rect.centre();
    STEPS.into_iter().filter(move |_| fits).flat_map(move |down| {
        STEPS.into_iter().map(move |across| {
            let place = (centre.0 + room.0 * across, centre.1 + room.1 * down);
            (Rect::around(place, width, height), across.abs() + down.abs())
        })
    })
}

/// Moves boxes of one column apart: given wished centres in ascending order and one height, the centres
/// that keep that distance inside `top`–`bottom` and are near the wishes. `None` if they do not fit.
pub fn spread(wishes: &[f64], height: f64, top: f64, bottom: f64) -> Option<Vec<f64>> {
    if height * wishes.len() as f64 > bottom - top {
        return None;
    }
    let mut centres = Vec::with_capacity(wishes.len());
    let mut free = top + height / 2.0;
    for &wish in wishes {
        let centre = wish.max(free);
        centres.push(centre);
        free = centre + height;
    }
    let mut free = bottom - height / 2.0;
    for centre in centres.iter_mut().rev() {
        *centre = centre.min(free);
        free = *centre - height;
    }
    Some(centres)
}

/// Breaks a text into at most `most` lines no wider than `room`; what does not fit ends in "…".
/// `width` measures a line.
pub fn wrap(text: &str, room: f64, most: usize, width: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
        let is_last = lines.len() + 1 == most;
        if width(&longer) <= room || line.is_empty() || is_last {
            line = longer;
            words.next();
        } else {
            lines.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    // Two lines of like length, rather than a last word alone.
    if let ([_, last], Some((first, second))) = (lines.as_slice(), halves(text))
        && width(last) <= room
        && width(first) <= room
        && width(second) <= room
    {
        return vec![first.to_owned(), second.to_owned()];
    }
    lines.into_iter().map(|line| shorten(line, room, &width)).collect()
}

/// The text, or its longest beginning that fits with an ellipsis.
fn shorten(text: String, room: f64, width: &impl Fn(&str) -> f64) -> String {
    if width(&text) <= room {
        return text;
    }
    let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
    let with_ellipsis =
        |end: usize| format!("{}…", text.get(..end).unwrap_or_default().trim_end_matches([' ', ',', '(']));
    let fitting = ends.partition_point(|&end| width(&with_ellipsis(end)) <= room);
    with_ellipsis(ends[fitting.saturating_sub(1)])
}

/// The most even split of a text into two lines, if it has a space.
pub fn halves(text: &str) -> Option<(&str, &str)> {
    let middle = text.len() as f64 / 2.0;
    text.match_indices(' ')
        .min_by(|(first, _), (second, _)| {
            (*first as f64 - middle).abs().total_cmp(&(*second as f64 - middle).abs())
        })
        .and_then(|(place, _)| text.split_at_checked(place))
        .map(|(first, second)| (first, second.trim_start()))
}

/// Height of a block of lines in units of the text size.
pub fn block_height(lines: usize) -> f64 {
    LINE_HEIGHT + LINE_PITCH * (lines as f64 - 1.0)
}
