//! The exact map against a second implementation, and its assembly from shards.

use crate::session::{Colours, colours, diagram, finished, job, numbers, preset, run, run_shard};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::charts::figure::Rgb;
use saddlescope::charts::palette;
use saddlescope::core::curvature::Law;
use saddlescope::labs::session::Session;
use std::collections::HashSet;

/// Numbers closer than this to a border may fall on either side of it.
const BORDER: f64 = 1e-9;

/// One pixel by direct logarithms, for z ∈ {1, a} and batches of one.
pub struct Second {
    pub plus: f64,
    pub minus: f64,
    pub square: f64,
    mean: f64,
}

impl Second {
    pub fn at(lr: f64, decay: f64, a: f64, q: f64) -> Self {
        let mean = (1.0 - q) + q * a;
        let named = if mean < 0.0 { -1.0 } else { 1.0 };
        let factor = |sign: f64, z: f64| 1.0 - lr * decay + sign * named * lr * z;
        // 0·log 0 is 0: a value of probability 0 does not occur
        let term = |p: f64, x: f64| if p == 0.0 { 0.0 } else { p * x.abs().ln() };
        let exponent = |sign: f64| term(1.0 - q, factor(sign, 1.0)) + term(q, factor(sign, a));
        let square = (1.0 - q) * factor(-1.0, 1.0).powi(2) + q * factor(-1.0, a).powi(2);
        Second { plus: exponent(1.0), minus: exponent(-1.0), square, mean }
    }

    /// Whether rounding may put it into either of two phases.
    fn on_a_border(&self) -> bool {
        [self.plus, self.minus, self.square - 1.0, self.mean].iter().any(|distance| distance.abs() < BORDER)
    }

    fn colour(&self) -> Rgb {
        match (self.plus > 0.0, self.minus > 0.0) {
            (true, false) if self.square < 1.0 => palette::PHASE_IB,
            (true, false) => palette::PHASE_IA,
            (false, true) => palette::PHASE_II,
            (false, false) => palette::PHASE_III,
            (true, true) => palette::PHASE_IV,
        }
    }
}

/// (x, y) of every pixel centre, in the order of [`Colours::pixels`].
fn centres(side: usize, x: (f64, f64), y: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let at = move |index: usize, (low, high): (f64, f64)| {
        low + (high - low) * (2 * index + 1) as f64 / (2 * side) as f64
    };
    (0..side * side).map(move |pixel| (at(pixel % side, x), at(pixel / side, y)))
}

/// Compares every pixel; returns how many phases there are.
fn compare(link: &str, x: (f64, f64), y: (f64, f64), second: impl Fn(f64, f64) -> Second) -> usize {
    let map = colours(&finished(link, &["map"])).expect("the map is there");
    assert_eq!(map.side, 512, "{link}");
    let mut seen = HashSet::new();
    let mut skipped = 0;
    for ((x, y), colour) in centres(map.side, x, y).zip(&map.pixels) {
        let expected = second(x, y);
        if expected.on_a_border() {
            skipped += 1;
            continue;
        }
        let Second { plus, minus, square, .. } = expected;
        assert_eq!(*colour, expected.colour(), "{link}: ({x}, {y}): {plus} {minus} {square}");
        let Rgb(red, green, blue) = *colour;
        seen.insert((red, green, blue));
    }
    assert!(skipped <= 1024, "{link}: {skipped} pixels on a border");
    seen.len()
}

#[test]
fn two_point_map_is_what_direct_logarithms_say() {
    let found = compare("phases", (0.0, 3.0), (-3.0, 1.0), |lr, a| Second::at(lr, 0.0, a, 0.5));
    assert_eq!(found, 5, "the default map shows all five regions");
    compare("phases?x0=0.5&x1=1.5&y0=-1.25&y1=-0.75&q=0.3", (0.5, 1.5), (-1.25, -0.75), |lr, a| {
        Second::at(lr, 0.0, a, 0.3)
    });
}

#[test]
fn axes_may_be_exchanged() {
    compare("phases?x=a&y=lr", (-3.0, 1.0), (0.0, 3.0), |a, lr| Second::at(lr, 0.0, a, 0.5));
    compare("phases?x=a&y=q&lr=1.3", (-3.0, 1.0), (0.0, 1.0), |a, q| Second::at(1.3, 0.0, a, q));
}

#[test]
fn label_flips_map_is_what_direct_logarithms_say() {
    let link = preset("label-flips").fragment();
    let found = compare(&link, (0.0, 3.0), (0.0, 1.0), |lr, q| Second::at(lr, 0.0, -1.0, q));
    assert!(found >= 4, "{found} regions");
}

#[test]
fn weight_decay_map_is_what_direct_logarithms_say() {
    let link = preset("weight-decay").fragment();
    let found = compare(&link, (0.0, 1.0), (-3.0, 1.0), |decay, a| Second::at(0.8, decay, a, 0.5));
    assert!(found >= 3, "{found} regions");
    compare("phases?x=lr&y=decay&a=-1.7", (0.0, 3.0), (0.0, 1.0), |lr, decay| {
        Second::at(lr, decay, -1.7, 0.5)
    });
}

/// Exponents along a line are interpolated; of the phases only their signs are needed, and those must be right where the
/// exponents change fast too: with hardly any noise, at small rates, in small batches.
#[test]
fn teachers_map_is_what_single_exponents_say() {
    for (link, slope, batch, x, y) in [
        ("phases?law=teacher", 0.3, 1, (0.0, 3.0), (0.0, 4.0)),
        ("phases?law=teacher&slope=1&batch=4", 1.0, 4, (0.0, 3.0), (0.0, 4.0)),
        ("phases?law=teacher&slope=1&batch=2&y0=0.01&y1=0.21", 1.0, 2, (0.0, 3.0), (0.01, 0.21)),
        ("phases?law=teacher&slope=-2&x0=0.5&x1=20&y0=0.5&y1=3&batch=16", -2.0, 16, (0.5, 20.0), (0.5, 3.0)),
    ] {
        let map = colours(&finished(link, &["map"])).expect("the map is there");
        assert_eq!(map.side, 512, "{link}");
        let mut seen = HashSet::new();
        for (pixel, (lr, noise)) in centres(map.side, x, y).enumerate().step_by(523) {
            let law = Law::teacher(slope, noise).unwrap().batch(batch);
            let named = lr * f64::signum(slope);
            let expected = Second {
                plus: law.exponent(1.0, named).value,
                minus: law.exponent(1.0, -named).value,
                square: law.second_moment(1.0, -named),
                mean: slope,
            };
            if !expected.on_a_border() {
                assert_eq!(map.pixels[pixel], expected.colour(), "{link}: ({lr}, {noise})");
                let Rgb(red, green, blue) = map.pixels[pixel];
                seen.insert((red, green, blue));
            }
        }
        assert!(seen.len() >= 3, "{link}: {} regions", seen.len());
    }
}

const LINKS: [&str; 4] = [
    "phases",
    "phases?law=gaussian&x=std&y=mean",
    "phases?law=discrete&x=decay&y=lr",
    "phases?law=teacher&n=16&seed=5",
];

#[test]
fn shards_may_come_in_any_order() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    for link in LINKS {
        let in_order = finished(link, &["map", "boundaries"]);
        let mut shuffled = Session::new(link);
        for name in ["boundaries", "map"] {
            let mut order: Vec<u32> = (0..job(&shuffled, name).0.shards).collect();
            order.shuffle(&mut random);
            for shard in order {
                run_shard(&mut shuffled, name, shard);
                // Looking at what is there must not keep what comes from showing.
                if random.random_bool(0.2) {
                    let _ = (shuffled.figures(), shuffled.summary());
                }
            }
        }
        let bits = |session: &Session, name| -> Vec<Vec<u64>> {
            let shards = numbers(session, name);
            shards.iter().map(|shard| shard.iter().map(|x| x.to_bits()).collect()).collect()
        };
        for name in ["map", "boundaries"] {
            assert!(bits(&in_order, name) == bits(&shuffled, name), "{link}: {name}");
        }
        assert!(diagram(&in_order) == diagram(&shuffled), "{link}: the figure");
        assert_eq!(in_order.summary(), shuffled.summary(), "{link}");
    }
}

/// How many pixels of the finished grid have the same colour in both.
fn equal(one: &Colours, other: &Colours) -> usize {
    let side = one.side.max(other.side);
    let fraction = |index: usize| (2 * index + 1) as f64 / (2 * side) as f64;
    (0..side * side)
        .filter(|pixel| {
            let (x, y) = (fraction(pixel % side), fraction(pixel / side));
            one.at(x, y) == other.at(x, y)
        })
        .count()
}

#[test]
fn a_coarse_picture_comes_first_and_fine_lines_replace_it() {
    for link in LINKS {
        let mut session = Session::new(link);
        assert!(colours(&session).is_none(), "{link}: a picture before its first shard");
        assert!(!session.exhibit().ready(&session.done(), "diagram"));
        run_shard(&mut session, "map", 0);
        assert!(session.exhibit().ready(&session.done(), "diagram"));
        let coarse = colours(&session).unwrap_or_else(|| panic!("{link}: no coarse picture"));
        let fine = colours(&finished(link, &["map"])).unwrap();
        let all = fine.pixels.len();
        let alike = equal(&coarse, &fine) as f64 / all as f64;
        assert!((0.85..0.9999).contains(&alike), "{link}: {alike} of the coarse picture is right");

        let (map, key) = job(&session, "map");
        let chosen = map.shards / 2;
        run_shard(&mut session, "map", chosen);
        let partial = colours(&session).unwrap();
        let coarse_pixel = |pixel: usize| {
            let fraction = |index: usize| (2 * index + 1) as f64 / (2 * fine.side) as f64;
            coarse.at(fraction(pixel % fine.side), fraction(pixel / fine.side))
        };
        assert_eq!(partial.side, fine.side);
        let (by_row, by_column) = (|line, k| line * fine.side + k, |line, k| k * fine.side + line);
        let fine_lines = |at: &dyn Fn(usize, usize) -> usize| {
            let known = |line: &usize| {
                (0..fine.side).all(|k| partial.pixels[at(*line, k)] == fine.pixels[at(*line, k)])
            };
            (0..fine.side).filter(known).count()
        };
        // Every line of a shard ends where its runs have as many pixels as the picture is wide.
        let pixels: f64 = session.shard(&key, chosen).unwrap().iter().step_by(2).sum();
        let computed = pixels as usize / fine.side;
        assert!(
            computed > 0 && fine_lines(&by_row).max(fine_lines(&by_column)) >= computed,
            "{link}: {computed} lines"
        );
        assert!(equal(&partial, &fine) > equal(&coarse, &fine), "{link}: fine lines show");
        for (pixel, colour) in partial.pixels.iter().enumerate() {
            assert!(*colour == fine.pixels[pixel] || *colour == coarse_pixel(pixel), "{link}: pixel {pixel}");
        }
        run(&mut session, "map");
        assert!(colours(&session).unwrap() == fine, "{link}: the finished picture");
    }
}

#[test]
fn fine_lines_show_without_the_coarse_picture() {
    let mut session = Session::new("phases");
    run_shard(&mut session, "map", 2);
    let (partial, fine) = (colours(&session).unwrap(), colours(&finished("phases", &["map"])).unwrap());
    let shards = job(&session, "map").0.shards - 1;
    let share = equal(&partial, &fine) as f64 / fine.pixels.len() as f64;
    assert!((share * f64::from(shards) - 1.0).abs() < 0.1, "{share} of the picture, one shard of {shards}");
}
