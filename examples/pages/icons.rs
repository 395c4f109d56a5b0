//! The page's icon as pixels, for systems that take no SVG: the same shapes as `www/favicon.svg`.

use saddlescope::charts::png;

const BLUE: [f64; 3] = [0.0, 114.0, 178.0];
const WHITE: [f64; 3] = [255.0; 3];
const ORANGE: [f64; 3] = [230.0, 159.0, 0.0];
/// Samples along each side of a pixel.
const SAMPLES: u32 = 4;
/// Side of the drawing's own square, and the radius of its corners.
const SIDE: f64 = 32.0;
const CORNER: f64 = 6.0;
/// A system may cut a maskable icon down to the inner 80 %: the drawing is that much smaller.
const MASKED: f64 = 0.72;

type Point = (f64, f64);

/// The two branches of the drawing, as points along the cubic curves of the SVG.
fn branches() -> Vec<Vec<Point>> {
    let curve = |x0: f64, x1: f64| {
        (0..=48).map(|i| f64::from(i) / 48.0).map(move |t| {
            let (a, b) = (1.0 - t, t);
            let ends = a * a * a + b * b * b;
            let inner = 3.0 * a * b;
            (
                x0 * ends + x1 * inner,
                5.0 * a * a * a + 12.0 * 3.0 * a * a * b + 20.0 * 3.0 * a * b * b + 27.0 * b * b * b,
            )
        })
    };
    vec![curve(5.0, 12.0).collect(), curve(27.0, 20.0).collect()]
}

/// Distance from `p` to the segment from `a` to `b`.
fn distance(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let along = (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    length(p.0 - a.0 - along * dx, p.1 - a.1 - along * dy)
}

fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// Colour and opacity at a point of the drawing.
fn at(p: Point, branches: &[Vec<Point>], masked: bool) -> ([f64; 3], f64) {
    let inside = |v: f64| (v - SIDE / 2.0).abs() - (SIDE / 2.0 - CORNER);
    let (dx, dy) = (inside(p.0), inside(p.1));
    let outside = length(dx.max(0.0), dy.max(0.0)) > CORNER || dx.max(dy) > CORNER;
    if outside && !masked {
        return (WHITE, 0.0);
    }
    let mut colour = BLUE;
    let cross = distance(p, (16.0, 4.0), (16.0, 28.0)).min(distance(p, (4.0, 16.0), (28.0, 16.0)));
    if cross < 0.75 {
        colour = std::array::from_fn(|i| BLUE[i] + 0.55 * (WHITE[i] - BLUE[i]));
    }
    if branches.iter().any(|points| points.windows(2).any(|ends| distance(p, ends[0], ends[1]) < 1.25)) {
        colour = WHITE;
    }
    if length(p.0 - 16.0, p.1 - 16.0) < 3.5 {
        colour = ORANGE;
    }
    (colour, 1.0)
}

/// A PNG of `size` × `size` pixels; `masked` fills the whole square and draws smaller.
pub fn png(size: u32, masked: bool) -> Vec<u8> {
    let branches = branches();
    let scale = if masked { MASKED } else { 1.0 };
    let place = |pixel: u32, sample: u32| {
        let share = (f64::from(pixel) + (f64::from(sample) + 0.5) / f64::from(SAMPLES)) / f64::from(size);
        ((share - 0.5) / scale + 0.5) * SIDE
    };
    let mut pixels = Vec::with_capacity(4 * (size * size) as usize);
    for y in 0..size {
        for x in 0..size {
            let mut sum = [0.0; 4];
            for sample in 0..SAMPLES * SAMPLES {
                let p = (place(x, sample % SAMPLES), place(y, sample / SAMPLES));
                let (colour, opacity) = at(p, &branches, masked);
                for (channel, value) in sum.iter_mut().zip(colour) {
                    *channel += opacity * value;
                }
                sum[3] += opacity;
            }
            let colour =
                sum[..3].iter().map(|value| if sum[3] > 0.0 { (value / sum[3]).round() as u8 } else { 255 });
            pixels.extend(colour);
            pixels.push((255.0 * sum[3] / f64::from(SAMPLES * SAMPLES)).round() as u8);
        }
    }
    png::encode(&pixels, size, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(size: u32, masked: bool, x: u32, y: u32) -> [u8; 4] {
        let bytes = png(size, masked);
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut out = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut out).unwrap();
        let channels = info.color_type.samples();
        let at = (y * size + x) as usize * channels;
        std::array::from_fn(|i| if i < channels { out[at + i] } else { 255 })
    }

    #[test]
    fn the_icon_has_the_shapes_of_the_svg() {
        assert_eq!(pixel(64, false, 32, 32), [230, 159, 0, 255], "the point in the middle");
        assert_eq!(pixel(64, false, 24, 32), [140, 192, 220, 255], "the cross");
        assert_eq!(pixel(64, false, 10, 24), [0, 114, 178, 255], "the ground");
        assert_eq!(pixel(64, false, 0, 0)[3], 0, "the corner");
        // The left branch passes (10.25, 16): the middle of its curve.
        assert_eq!(pixel(64, false, 20, 32)[..3], [255, 255, 255], "a branch");
        assert_eq!(pixel(64, true, 0, 0), [0, 114, 178, 255], "a maskable icon has no corners");
    }
}
