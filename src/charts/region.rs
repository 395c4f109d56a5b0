//! Where in a map of regions the names of the regions fit.

use super::figure::{Layer, Rgb};
use super::plot_area::Extent;

/// Components smaller than this part of the map get no name, unless their code has no larger one.
const SMALLEST: f64 = 0.005;

/// Width over height, in cells, of the text that the rectangles are meant for.
const TEXT_ASPECT: f64 = 4.0;

/// The best place for a name in one connected part of a region. Lengths are fractions of the map's sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The region's code.
    pub code: u8,
    /// Centre of the free rectangle, from the left.
    pub x: f64,
    /// Centre of the free rectangle, from the top.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Area of the whole connected part.
    pub area: f64,
}

impl Spot {
    /// The layer that writes the region's name here; `on` is the region's colour.
    pub fn layer(&self, x: &Extent, y: &Extent, long: String, short: String, on: Rgb) -> Layer {
        Layer::Region {
            long,
            short,
            x: x.value(self.x),
            y: y.value(1.0 - self.y),
            width: self.width,
            height: self.height,
            on,
        }
    }
}

/// The best place for a name in every connected part (by edges) of a map of region codes, row-major from
/// the top left; the largest part first. `codes` holds `columns · rows` entries, otherwise there is no spot.
///
/// Best is the inscribed rectangle with the largest harmonic mean of height and width/4, a text's measure
/// of room. Cost: O(columns · rows), about 0.25 ms for 128².
pub fn label_spots(columns: usize, rows: usize, codes: &[u8]) -> Vec<Spot> {
    if columns == 0 || rows == 0 || codes.len() != columns * rows {
        return Vec::new();
    }
    let (part_of, parts) = connected_parts(columns, codes);
    let mut best = vec![(0.0, Cells::default()); parts.len()];
    for_each_rectangle(columns, &part_of, |part, cells| {
        let (width, height) = (cells.width as f64 / TEXT_ASPECT, cells.height as f64);
        let room = width * height / (width + height);
        let entry = &mut best[part as usize];
        if room > entry.0 {
            *entry = (room, cells);
        }
    });

    let total = codes.len() as f64;
    let mut largest = [0; 256];
    for part in &parts {
        let entry = &mut largest[usize::from(part.code)];
        *entry = part.cells.max(*entry);
    }
    let spots: Vec<Spot> = parts
        .iter()
        .zip(&best)
        .filter(|(part, _)| {
            part.cells as f64 >= SMALLEST * total || part.cells == largest[usize::from(part.code)]
        })
        .map(|(part, (_, cells))| Spot {
            code: part.code,
            x: (cells.left as f64 + cells.width as f64 / 2.0) / columns as f64,
            y: (cells.top as f64 + cells.height as f64 / 2.0) / rows as f64,
            width: cells.width as f64 / columns as f64,
            height: cells.height as f64 / rows as f64,
            area: part.cells as f64 / total,
        })
        .collect();
    // A handful: put in one after the other, which is less code in the page than a sort.
    let mut sorted: Vec<Spot> = Vec::with_capacity(spots.len());
    for spot in spots {
        let goes_first = |other: &Spot| (-other.area, other.y, other.x) < (-spot.area, spot.y, spot.x);
        sorted.insert(sorted.partition_point(goes_first), spot);
    }
    sorted
}

/// A connected part: its code and its number of cells.
struct Part {
    code: u8,
    cells: usize,
}

/// The part of every cell, and the parts. Two passes with a union-find over the first pass's runs.
fn connected_parts(columns: usize, codes: &[u8]) -> (Vec<u32>, Vec<Part>) {
    let mut parent: Vec<u32> = Vec::new();
    let mut part_of = vec![0_u32; codes.len()];
    for (row, line) in codes.chunks_exact(columns).enumerate() {
        for (column, &code) in line.iter().enumerate() {
            let index = row * columns + column;
            let left = (column > 0 && line[column - 1] == code).then(|| part_of[index - 1]);
            let above = (row > 0 && codes[index - columns] == code).then(|| part_of[index - columns]);
            part_of[index] = match (left, above) {
                (Some(left), Some(above)) if left != above => {
                    let (left, above) = (root(&mut parent, left), root(&mut parent, above));
                    parent[left.max(above) as usize] = left.min(above);
                    left.min(above)
                }
                (Some(part), _) | (None, Some(part)) => part,
                (None, None) => {
                    parent.push(parent.len() as u32);
                    parent.len() as u32 - 1
                }
            };
        }
    }
    let mut number = vec![u32::MAX; parent.len()];
    let mut parts: Vec<Part> = Vec::new();
    for (part, &code) in part_of.iter_mut().zip(codes) {
        let root = root(&mut parent, *part) as usize;
        if number[root] == u32::MAX {
            number[root] = parts.len() as u32;
            parts.push(Part { code, cells: 0 });
        }
        *part = number[root];
        parts[*part as usize].cells += 1;
    }
    (part_of, parts)
}

/// The representative of a set, halving the path to it.
fn root(parent: &mut [u32], mut member: u32) -> u32 {
    while parent[member as usize] != member {
        parent[member as usize] = parent[parent[member as usize] as usize];
        member = parent[member as usize];
    }
    member
}

/// A rectangle of cells.
#[derive(Clone, Copy, Default)]
struct Cells {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Calls `found` with every rectangle of equal entries that cannot grow left, right or up (so with every
/// one that cannot grow at all): one stack of rising column heights per row.
fn for_each_rectangle(columns: usize, part_of: &[u32], mut found: impl FnMut(u32, Cells)) {
    let mut heights = vec![0_usize; columns];
    let mut above: Option<&[u32]> = None;
    let mut stack: Vec<(usize, usize)> = Vec::with_capacity(columns); // (first column, height)
    for (row, parts) in part_of.chunks_exact(columns).enumerate() {
        for column in 0..columns {
            let continues = above.is_some_and(|above| above[column] == parts[column]);
            heights[column] = if continues { heights[column] + 1 } else { 1 };
        }
        above = Some(parts);
        for column in 0..=columns {
            let breaks = column == columns || (column > 0 && parts[column] != parts[column - 1]);
            let height = if column == columns { 0 } else { heights[column] };
            let mut first = column;
            while let Some(&(left, tall)) = stack.last() {
                if !breaks && tall < height {
                    break;
                }
                stack.pop();
                let cells = Cells { left, top: row + 1 - tall, width: column - left, height: tall };
                found(parts[column - 1], cells);
                if !breaks {
                    first = left;
                }
            }
            if column < columns {
                stack.push((first, height));
            }
        }
    }
}
