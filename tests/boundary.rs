//! Boundary curves against bisection along the edges of a grid, with exponents written out here.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::boundary::{
    Boundary, Curve, Kind, Plane, PlaneAxis, Quantity, ScanLine, Setting, SettingAt,
};
use saddlescope::core::curvature::Law;

fn axis(quantity: Quantity, min: f64, max: f64, pixels: u32) -> PlaneAxis {
    PlaneAxis { quantity, min, max, log: false, pixels }
}

/// Curves computed in uneven shards, out of order, through the encoding.
fn curves(plane: &Plane) -> Boundary {
    let mut ends: Vec<usize> = vec![0];
    while *ends.last().unwrap() + 1 < plane.lines() {
        let next = ends.last().unwrap() + 7 + ends.len() % 5;
        ends.push(next.min(plane.lines() - 1));
    }
    let mut lines = Vec::new();
    for pair in ends.windows(2).rev() {
        let mut numbers = Vec::new();
        plane.scan(pair[0], pair[1]).iter().for_each(|l| l.write(&mut numbers));
        lines.extend(ScanLine::read(&numbers).unwrap());
    }
    let found = plane.link(&lines);
    assert_eq!(plane.link(&plane.scan(0, plane.lines() - 1)), found, "shards change nothing");
    found
}

struct Check<'a> {
    x: PlaneAxis,
    y: PlaneAxis,
    /// Exponent of `1 − λγ + sign λ z`.
    exponent: &'a dyn Fn(f64, f64, f64) -> f64,
    mean: &'a dyn Fn(f64, f64) -> f64,
}

impl Check<'_> {
    fn named(&self, x: f64, y: f64, plus: bool) -> f64 {
        let sign = if plus { 1.0 } else { -1.0 };
        (self.exponent)(x, y, if (self.mean)(x, y) < 0.0 { -sign } else { sign })
    }

    fn pixels(&self, p: (f64, f64)) -> (f64, f64) {
        (self.x.fraction(p.0) * f64::from(self.x.pixels), self.y.fraction(p.1) * f64::from(self.y.pixels))
    }

    fn kinds(plus: bool) -> [Kind; 2] {
        if plus { [Kind::Plus, Kind::PlusTongue] } else { [Kind::Minus, Kind::MinusTongue] }
    }

    /// Every sign change along an edge of the pixel grid lies on a curve. Returns how many there were and how far the
    /// worst is from its curve, in pixels.
    fn crossings(&self, found: &Boundary) -> (usize, f64) {
        let (mut count, mut worst) = (0, 0.0_f64);
        for plus in [true, false] {
            let segments: Vec<((f64, f64), (f64, f64))> = found
                .curves
                .iter()
                .filter(|c| Self::kinds(plus).contains(&c.kind))
                .flat_map(|c| c.points.windows(2))
                .map(|w| (self.pixels(w[0]), self.pixels(w[1])))
                .collect();
            let at = |i: u32, j: u32| {
                (
                    self.x.value((f64::from(i) + 0.37) / f64::from(self.x.pixels)),
                    self.y.value((f64::from(j) + 0.37) / f64::from(self.y.pixels)),
                )
            };
            for i in 0..self.x.pixels - 1 {
                for j in 0..self.y.pixels - 1 {
                    for end in [at(i + 1, j), at(i, j + 1)] {
                        let start = at(i, j);
                        let value = |t: f64| {
                            self.named(start.0 + t * (end.0 - start.0), start.1 + t * (end.1 - start.1), plus)
                                < 0.0
                        };
                        if (self.mean)(start.0, start.1) * (self.mean)(end.0, end.1) <= 0.0
                            || value(0.0) == value(1.0)
                        {
                            continue;
                        }
                        let (mut a, mut b) = (0.0, 1.0);
                        for _ in 0..40 {
                            let t = 0.5 * (a + b);
                            if value(t) == value(0.0) { a = t } else { b = t }
                        }
                        let p =
                            self.pixels((start.0 + a * (end.0 - start.0), start.1 + a * (end.1 - start.1)));
                        let distance = segments.iter().map(|s| distance(p, *s)).fold(f64::INFINITY, f64::min);
                        if distance > 0.5 {
                            println!("{plus} crossing at {start:?} {distance}");
                        }
                        worst = worst.max(distance);
                        count += 1;
                    }
                }
            }
        }
        (count, worst)
    }

    /// Ends of curves lie on the edge of the plane or on the seam, unless the curve is closed: returns the number of closed
    /// ones and of loose ends.
    fn ends(&self, found: &Boundary) -> (usize, usize) {
        let (mut closed, mut loose) = (0, 0);
        for c in found.curves.iter().filter(|c| matches!(c.kind, Kind::Plus | Kind::Minus)) {
            let ends = [c.points[0], c.points[c.points.len() - 1]];
            if ends[0] == ends[1] {
                closed += 1;
                continue;
            }
            for (x, y) in ends {
                let (u, v) = self.pixels((x, y));
                let edge = |u: f64, a: &PlaneAxis| u < 0.6 || u > f64::from(a.pixels) - 0.6;
                let (dx, dy) = (1e-6 * (self.x.max - self.x.min), 1e-6 * (self.y.max - self.y.min));
                let around = [(dx, dy), (-dx, dy), (dx, -dy), (-dx, -dy)];
                let positive = around.iter().filter(|d| (self.mean)(x + d.0, y + d.1) > 0.0).count();
                if !edge(u, &self.x) && !edge(v, &self.y) && (positive == 0 || positive == 4) {
                    println!(
                        "loose end at {x}, {y}: {:?} of {}, {:?}",
                        c.kind,
                        c.points.len(),
                        &c.points[..3.min(c.points.len())]
                    );
                    loose += 1;
                }
            }
        }
        (closed, loose)
    }

    /// Every vertex inside the plane has both signs within 10⁻⁶ pixels, tips excepted: returns the numbers of vertices and of exceptions.
    fn vertices(&self, found: &Boundary) -> (usize, usize) {
        let (mut count, mut exceptions) = (0, 0);
        for c in &found.curves {
            let plus = match c.kind {
                Kind::Plus => true,
                Kind::Minus => false,
                _ => continue,
            };
            for &(x, y) in &c.points {
                let (u, v) = self.pixels((x, y));
                let edge = |u: f64, a: &PlaneAxis| u < 0.01 || u > f64::from(a.pixels) - 0.01;
                if edge(u, &self.x) || edge(v, &self.y) {
                    continue;
                }
                let step = |a: &PlaneAxis, v: f64| {
                    1e-6 / f64::from(a.pixels) * if a.log { v } else { a.max - a.min }
                };
                let (dx, dy) = (step(&self.x, x), step(&self.y, y));
                // the name is that of the vertex' side of the seam
                let sign = if plus == ((self.mean)(x, y) >= 0.0) { 1.0 } else { -1.0 };
                let around = [
                    (dx, 0.0),
                    (-dx, 0.0),
                    (0.0, dy),
                    (0.0, -dy),
                    (dx, dy),
                    (-dx, -dy),
                    (dx, -dy),
                    (-dx, dy),
                ];
                let negative =
                    around.iter().filter(|d| (self.exponent)(x + d.0, y + d.1, sign) < 0.0).count();
                count += 1;
                exceptions += usize::from(negative == 0 || negative == 8);
            }
        }
        (count, exceptions)
    }
}

fn distance(p: (f64, f64), (a, b): ((f64, f64), (f64, f64))) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let t =
        if length == 0.0 { 0.0 } else { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length).clamp(0.0, 1.0) };
    ((p.0 - a.0 - t * dx).powi(2) + (p.1 - a.1 - t * dy).powi(2)).sqrt()
}

/// Exponent of the two-point law `{1, a}`, `{1 − q, q}`, batch `S`, by the binomial sum.
fn binomial(lr: f64, decay: f64, a: f64, q: f64, batch: u32, sign: f64) -> f64 {
    let n = f64::from(batch);
    let (mut sum, mut choose) = (0.0, 1.0);
    for k in 0..=batch {
        let share = f64::from(k) / n;
        let weight = choose * q.powi(k.cast_signed()) * (1.0 - q).powi((batch - k).cast_signed());
        if weight > 0.0 {
            sum += weight * (1.0 - lr * decay + sign * lr * (1.0 - share + share * a)).abs().ln();
        }
        choose *= (n - f64::from(k)) / (f64::from(k) + 1.0);
    }
    sum
}

fn two_point(a: f64, q: f64, batch: u32, lr: f64, decay: f64) -> Option<Setting> {
    Some(Setting { law: Law::two_point(a, q).ok()?, batch, lr, decay })
}

fn verify(what: &str, plane: &Plane, check: &Check, tolerance: f64) -> Boundary {
    let start = std::time::Instant::now();
    let lines = plane.scan(0, plane.lines() - 1);
    let scanned = start.elapsed();
    let start = std::time::Instant::now();
    let found = plane.link(&lines);
    let linked = start.elapsed();
    assert_eq!(curves(plane), found);
    let (crossings, worst) = check.crossings(&found);
    let (vertices, exceptions) = check.vertices(&found);
    let (closed, loose) = check.ends(&found);
    println!(
        "{what}: {closed} closed, {loose} loose, {} lines {scanned:?}, link {linked:?}; {} curves, {vertices} vertices, {exceptions} not on the root; \
         {crossings} crossings, worst {worst:.4} px; {} hidden",
        lines.len(),
        found.curves.len(),
        found.hidden_tongues
    );
    assert!(crossings > 50, "{what}");
    assert!(worst < tolerance, "{what}: {worst} px");
    // at a tip, where a pair of roots vanishes, a vertex is drawn between them: a curve has two at most
    let tips = (vertices / 30).max(2 * found.curves.len());
    assert!(exceptions <= tips, "{what}: {exceptions} of {vertices}");
    assert!(loose <= 1, "{what}: {loose} loose ends");
    assert!(!found.exponents_left_out);
    found
}

/// `E X² = 1` of a Gaussian law over its mean and deviation is an arch over `E z < 0` and another over `E z > 0`; the outer feet
/// of both leave through the two sides between the same two lines. No stroke may join them across the picture.
#[test]
fn curves_that_leave_through_both_sides_at_once_are_not_joined() {
    let (mean, std) = (axis(Quantity::Other, -1.0, 1.0, 40), axis(Quantity::Other, 0.2, 3.0, 40));
    let at = |mean: f64, std: f64| {
        Some(Setting { law: Law::gaussian(mean, std).ok()?, batch: 3, lr: 1.3152, decay: 0.3441 })
    };
    let found = curves(&Plane::new(mean, std, &at));
    let norms: Vec<&Curve> = found.curves.iter().filter(|c| c.kind == Kind::Norm).collect();
    assert_eq!(norms.len(), 2);
    for &(x, y) in norms.iter().flat_map(|c| &c.points) {
        let shrink = 1.0 - 1.3152 * (0.3441 + x.abs());
        let excess = shrink * shrink + 1.3152 * 1.3152 * y * y / 3.0 - 1.0;
        assert!(excess.abs() < 1e-2, "({x}, {y}): {excess}");
    }
}

#[test]
fn two_point_planes() {
    let n = 200;
    for (batch, q, decay) in [(1, 0.5, 0.0), (1, 0.3, 0.2), (2, 0.5, 0.0), (4, 0.5, 0.0), (8, 0.4, 0.1)] {
        let (x, y) = (axis(Quantity::LearningRate, 0.0, 3.0, n), axis(Quantity::NoiseValue, -3.0, 1.0, n));
        let at = |lr: f64, a: f64| two_point(a, q, batch, lr, decay);
        let exponent = |lr: f64, a: f64, sign: f64| binomial(lr, decay, a, q, batch, sign);
        let mean = |_: f64, a: f64| 1.0 - q + q * a;
        let check = Check { x, y, exponent: &exponent, mean: &mean };
        let found = verify(&format!("λ, a at S = {batch}, q = {q}"), &Plane::new(x, y, &at), &check, 0.5);
        // the seam is one straight line
        let seams: Vec<&Curve> = found.curves.iter().filter(|c| c.kind == Kind::Seam).collect();
        assert_eq!(seams.len(), 1);
        let seam = -(1.0 - q) / q;
        assert!(seams[0].points.iter().all(|p| (p.1 - seam).abs() < 1e-12));
    }
    let (x, y) = (axis(Quantity::LearningRate, 0.0, 3.0, n), axis(Quantity::Other, 0.0, 1.0, n));
    let at = |lr: f64, q: f64| two_point(-1.0, q, 1, lr, 0.0);
    let exponent = |lr: f64, q: f64, sign: f64| binomial(lr, 0.0, -1.0, q, 1, sign);
    let check = Check { x, y, exponent: &exponent, mean: &|_, q| 1.0 - 2.0 * q };
    let found = verify("label flips: λ, q", &Plane::new(x, y, &at), &check, 0.5);
    let seam = found.curves.iter().find(|c| c.kind == Kind::Seam).unwrap();
    assert!(seam.points.iter().all(|p| (p.1 - 0.5).abs() < 1e-12));
    for batch in [1, 3] {
        let (x, y) = (axis(Quantity::Decay, 0.0, 1.0, n), axis(Quantity::NoiseValue, -3.0, 1.0, n));
        let at = |decay: f64, a: f64| two_point(a, 0.5, batch, 0.8, decay);
        let exponent = |decay: f64, a: f64, sign: f64| binomial(0.8, decay, a, 0.5, batch, sign);
        let check = Check { x, y, exponent: &exponent, mean: &|_, a| 0.5 + 0.5 * a };
        verify(&format!("γ, a at S = {batch}"), &Plane::new(x, y, &at), &check, 0.5);
    }
    // neither axis has structure: q along y, a fixed rate; axes exchanged
    let (x, y) = (axis(Quantity::NoiseValue, -3.0, 1.0, n), axis(Quantity::Other, 0.0, 1.0, n));
    let at = |a: f64, q: f64| two_point(a, q, 2, 0.9, 0.0);
    let exponent = |a: f64, q: f64, sign: f64| binomial(0.9, 0.0, a, q, 2, sign);
    let check = Check { x, y, exponent: &exponent, mean: &|a, q| 1.0 - q + q * a };
    verify("a, q", &Plane::new(x, y, &at), &check, 0.5);
    // the batch size is constant between integers
    let x = PlaneAxis { quantity: Quantity::Batch, min: 1.0, max: 16.0, log: true, pixels: n };
    let y = axis(Quantity::LearningRate, 0.0, 3.0, n);
    let at = |batch: f64, lr: f64| two_point(-0.8, 0.5, batch.round() as u32, lr, 0.0);
    let exponent = |batch: f64, lr: f64, sign: f64| binomial(lr, 0.0, -0.8, 0.5, batch.round() as u32, sign);
    let check = Check { x, y, exponent: &exponent, mean: &|_, _| 0.1 };
    let plane = Plane::new(x, y, &at);
    let found = plane.link(&plane.scan(0, plane.lines() - 1));
    let (vertices, exceptions) = check.vertices(&found);
    assert!(vertices > 500 && exceptions * 20 < vertices, "{exceptions} of {vertices}");
    for batch in 1..=16 {
        for plus in [true, false] {
            let value = |lr: f64| check.named(f64::from(batch), lr, plus) < 0.0;
            for i in 1..300 {
                let (mut a, mut b) = (0.01 * f64::from(i) - 0.003, 0.01 * f64::from(i) + 0.007);
                if value(a) != value(b) {
                    for _ in 0..60 {
                        let t = 0.5 * (a + b);
                        if value(t) == value(b) { b = t } else { a = t }
                    }
                    let near = |kind: Kind| {
                        let drawn = found.curves.iter().filter(|c| c.kind == kind).flat_map(|c| &c.points);
                        drawn
                            .filter(|p| p.0.round() == f64::from(batch))
                            .map(|p| (p.1 - a).abs())
                            .fold(1.0, f64::min)
                    };
                    let [root, tongue] = Check::kinds(plus).map(near);
                    assert!(
                        root < 1e-10 || tongue < 0.5 * 3.0 / 200.0,
                        "S = {batch}, λ = {a}: {root} {tongue}"
                    );
                }
            }
        }
    }
}

/// A law of one parameter, with its name.
type Named = (&'static str, fn(f64) -> Law);

#[test]
fn planes_of_continuous_laws() {
    let n = 120;
    let rate = axis(Quantity::LearningRate, 0.0, 3.0, n);
    let spread = axis(Quantity::Other, 0.0, 4.0, n);
    let laws: [Named; 3] = [
        ("Gaussian", |s| Law::gaussian(0.3, s).unwrap()),
        ("uniform", |s| Law::uniform(0.3 - s, 0.3 + s).unwrap()),
        ("teacher", |s| Law::teacher(0.3, s).unwrap()),
    ];
    for (name, law) in laws {
        for batch in [1, 3] {
            let at = |lr: f64, s: f64| Some(Setting { law: law(s), batch, lr, decay: 0.0 });
            let exponent = |lr: f64, s: f64, sign: f64| law(s).batch(batch).exponent(1.0, sign * lr).value;
            let check = Check { x: rate, y: spread, exponent: &exponent, mean: &|_, _| 0.3 };
            verify(&format!("{name}: λ, σ at S = {batch}"), &Plane::new(rate, spread, &at), &check, 0.5);
        }
    }
    // no structure on either axis
    let mean = axis(Quantity::Other, -1.0, 1.0, n);
    let at =
        |m: f64, s: f64| Some(Setting { law: Law::gaussian(m, s).unwrap(), batch: 2, lr: 0.9, decay: 0.1 });
    let exponent =
        |m: f64, s: f64, sign: f64| Law::gaussian(m, s).unwrap().batch(2).exponent(0.91, sign * 0.9).value;
    let check = Check { x: mean, y: spread, exponent: &exponent, mean: &|m, _| m };
    let found = verify("Gaussian: μ, σ", &Plane::new(mean, spread, &at), &check, 0.5);
    let seam: Vec<&Curve> = found.curves.iter().filter(|c| c.kind == Kind::Seam).collect();
    assert!(seam.len() == 1 && seam[0].points.iter().all(|p| p.0.abs() < 1e-12));
    // the decay, along which no law but the discrete has a form
    let decay = axis(Quantity::Decay, 0.0, 2.0, n);
    let at =
        |g: f64, s: f64| Some(Setting { law: Law::gaussian(0.3, s).unwrap(), batch: 1, lr: 0.7, decay: g });
    let exponent = |g: f64, s: f64, sign: f64| {
        Law::gaussian(0.3, s).unwrap().batch(1).exponent(1.0 - 0.7 * g, sign * 0.7).value
    };
    let check = Check { x: decay, y: spread, exponent: &exponent, mean: &|_, _| 0.3 };
    verify("Gaussian: γ, σ", &Plane::new(decay, spread, &at), &check, 0.5);
    // logarithmic axes
    let log = |quantity, min, max| PlaneAxis { quantity, min, max, log: true, pixels: n };
    let (x, y) = (log(Quantity::LearningRate, 1e-2, 10.0), log(Quantity::Other, 0.1, 30.0));
    let at = |lr: f64, s: f64| Some(Setting { law: Law::teacher(1.0, s).unwrap(), batch: 1, lr, decay: 0.0 });
    let exponent =
        |lr: f64, s: f64, sign: f64| Law::teacher(1.0, s).unwrap().batch(1).exponent(1.0, sign * lr).value;
    let check = Check { x, y, exponent: &exponent, mean: &|_, _| 1.0 };
    verify("teacher, log axes", &Plane::new(x, y, &at), &check, 0.5);
}

/// Teacher samples, some fixed irregular numbers.
fn sample(sigma: f64, n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| {
            let t = i as f64 + 1.0;
            let (x, e) = ((t * 12.9898).sin() * 1.7, (t * 78.233).sin() * 1.6 + (t * 3.1).cos() * 0.5);
            0.3 * x * x + sigma * x * e
        })
        .collect()
}

#[test]
fn finite_data_have_tongues() {
    for (count, n) in [(5, 200), (16, 200), (24, 120)] {
        let (x, y) = (axis(Quantity::LearningRate, 0.0, 3.0, n), axis(Quantity::Other, 0.0, 4.0, n));
        let at = |lr: f64, s: f64| {
            Some(Setting { law: Law::empirical(sample(s, count)).unwrap(), batch: 1, lr, decay: 0.0 })
        };
        let exponent = |lr: f64, s: f64, sign: f64| {
            sample(s, count).iter().map(|z| (1.0 + sign * lr * z).abs().ln()).sum::<f64>() / count as f64
        };
        let mean = |_: f64, s: f64| sample(s, count).iter().sum::<f64>();
        let check = Check { x, y, exponent: &exponent, mean: &mean };
        let found = verify(&format!("{count} samples"), &Plane::new(x, y, &at), &check, 1.0);
        for c in found.curves.iter().filter(|c| matches!(c.kind, Kind::PlusTongue | Kind::MinusTongue)) {
            assert_eq!(c.widths.len(), c.points.len());
            assert!(c.widths.iter().all(|w| *w >= 1e-3 && *w < 4.0));
            assert!(c.widths[1..c.widths.len() - 1].iter().all(|w| *w < 1.0));
            // a tongue's centre is a pole
            for (&(lr, s), _) in c.points.iter().zip(&c.widths) {
                let factor = |z: f64| (1.0 + lr * z).abs().min((1.0 - lr * z).abs());
                assert!(sample(s, count).iter().map(|&z| factor(z)).fold(1.0, f64::min) < 1e-9);
            }
        }
        assert!(found.curves.iter().any(|c| c.widths.len() > 5));
    }
    // 65 samples: the cheap curves only
    let (x, y) = (axis(Quantity::LearningRate, 0.0, 3.0, 100), axis(Quantity::Other, 0.0, 4.0, 100));
    let at = |lr: f64, s: f64| {
        Some(Setting { law: Law::empirical(sample(s, 65)).unwrap(), batch: 1, lr, decay: 0.0 })
    };
    let found = curves(&Plane::new(x, y, &at));
    assert!(found.exponents_left_out);
    assert!(
        found.curves.iter().all(|c| matches!(c.kind, Kind::Norm | Kind::Seam)) && !found.curves.is_empty()
    );
}

#[test]
fn the_norm_curve_is_where_the_second_moment_is_one() {
    let n = 200;
    // along a (closed form), along λ, along γ, and scanned
    let rate = axis(Quantity::LearningRate, 0.0, 3.0, n);
    let noise = axis(Quantity::NoiseValue, -3.0, 1.0, n);
    let decay = axis(Quantity::Decay, 0.0, 1.0, n);
    let share = axis(Quantity::Other, 0.0, 1.0, n);
    let planes: [(&str, PlaneAxis, PlaneAxis, SettingAt); 5] = [
        ("λ, a, S = 1", rate, noise, &|lr, a| two_point(a, 0.5, 1, lr, 0.0)),
        ("λ, a, S = 4", rate, noise, &|lr, a| two_point(a, 0.4, 4, lr, 0.1)),
        ("γ, q", decay, share, &|g, q| two_point(-0.5, q, 2, 0.8, g)),
        ("q, a", share, noise, &|q, a| two_point(a, q, 2, 0.8, 0.0)),
        ("λ, q", rate, share, &|lr, q| two_point(-0.4, q, 1, lr, 0.05)),
    ];
    for (what, x, y, at) in planes {
        let found = curves(&Plane::new(x, y, at));
        let square = |x: f64, y: f64| {
            let s = at(x, y).unwrap();
            let Law::Discrete { values, probs } = &s.law else { panic!() };
            let mean = values[0] * probs[0] + values[1] * probs[1];
            let variance = probs[0] * probs[1] * (values[1] - values[0]).powi(2) / f64::from(s.batch);
            let c = s.lr * if mean < 0.0 { -1.0 } else { 1.0 };
            ((1.0 - s.lr * s.decay - c * mean).powi(2) + c * c * variance - 1.0, -c)
        };
        let (mut count, mut tips) = (0, 0);
        for c in found.curves.iter().filter(|c| c.kind == Kind::Norm) {
            for &(u, v) in &c.points {
                assert!(square(u, v).0.abs() < 1e-3, "{what}: {u}, {v}: {}", square(u, v).0);
                tips += usize::from(square(u, v).0.abs() > 1e-9);
                // phase I: the right direction grows
                let s = at(u, v).unwrap();
                let Law::Discrete { values, probs } = &s.law else { panic!() };
                let sign = -square(u, v).1.signum();
                assert!(binomial(s.lr, s.decay, values[1], probs[1], s.batch, sign) >= -1e-12, "{what}");
                count += 1;
            }
        }
        assert!(count > 6 && tips <= 4, "{what}: {count}, {tips}");
        // and complete: every change between Ia and Ib along x within a row is near a vertex
        for j in 0..n {
            let v = y.value((f64::from(j) + 0.5) / f64::from(n));
            for i in 1..n {
                let u = |i: u32| x.value((f64::from(i) + 0.5) / f64::from(n));
                let (a, b) = (u(i - 1), u(i));
                let inside = |u: f64| {
                    let s = at(u, v).unwrap();
                    let Law::Discrete { values, probs } = &s.law else { panic!() };
                    let sign = -square(u, v).1.signum();
                    binomial(s.lr, s.decay, values[1], probs[1], s.batch, sign) > 0.0
                };
                let swapped = square(a, v).1.signum() != square(b, v).1.signum();
                if !swapped && inside(a) && inside(b) && (square(a, v).0 < 0.0) != (square(b, v).0 < 0.0) {
                    let p = (x.fraction(0.5 * (a + b)) * f64::from(n), y.fraction(v) * f64::from(n));
                    let place =
                        |q: &(f64, f64)| (x.fraction(q.0) * f64::from(n), y.fraction(q.1) * f64::from(n));
                    let near = found
                        .curves
                        .iter()
                        .filter(|c| c.kind == Kind::Norm)
                        .flat_map(|c| c.points.windows(2))
                        .map(|w| distance(p, (place(&w[0]), place(&w[1]))))
                        .fold(f64::INFINITY, f64::min);
                    assert!(near < 1.0, "{what}: {near} px at {a}, {v}");
                }
            }
        }
    }
}

#[test]
fn the_closed_form_along_the_noise_value() {
    // q = ½, γ = 0, S = 1: |(1 ± λ)(1 ± λa)| = 1
    let (x, y) = (axis(Quantity::LearningRate, 0.0, 3.0, 128), axis(Quantity::NoiseValue, -3.0, 1.0, 128));
    let at = |lr: f64, a: f64| two_point(a, 0.5, 1, lr, 0.0);
    let found = curves(&Plane::new(x, y, &at));
    let mut count = [0, 0];
    for c in &found.curves {
        let plus = match c.kind {
            Kind::Plus => true,
            Kind::Minus => false,
            _ => continue,
        };
        for &(lr, a) in &c.points {
            let s = if plus == (a >= -1.0) { lr } else { -lr };
            let product = ((1.0 + s) * (1.0 + s * a)).abs();
            if (product - 1.0).abs() < 1e-12 {
                count[usize::from(plus)] += 1;
            }
        }
    }
    assert!(count[0] > 100 && count[1] > 100, "{count:?}");
    assert!(ScanLine::read(&[0.5, 1.0]).is_none());
    assert!(ScanLine::read(&[f64::NAN; 40]).is_none_or(|l| l.len() < 40));
}

/// Above 64 atoms a line is scanned at 128 places, up to 512; beyond, the exponents are left out.
#[test]
fn batch_laws_of_many_atoms_are_scanned() {
    let n = 100;
    let (rate, noise) = (axis(Quantity::LearningRate, 0.0, 3.0, n), axis(Quantity::NoiseValue, -3.0, 1.0, n));
    for batch in [64, 100, 511] {
        let at = |lr: f64, a: f64| two_point(a, 0.5, batch, lr, 0.0);
        let exponent = |lr: f64, a: f64, sign: f64| binomial(lr, 0.0, a, 0.5, batch, sign);
        let check = Check { x: rate, y: noise, exponent: &exponent, mean: &|_, a| 0.5 + 0.5 * a };
        verify(&format!("λ, a at S = {batch}"), &Plane::new(rate, noise, &at), &check, 0.5);
    }
    // along the decay, and along the noise value, which then has no closed form
    let decay = axis(Quantity::Decay, 0.0, 1.0, n);
    let at = |g: f64, a: f64| two_point(a, 0.5, 80, 0.8, g);
    let exponent = |g: f64, a: f64, sign: f64| binomial(0.8, g, a, 0.5, 80, sign);
    let check = Check { x: decay, y: noise, exponent: &exponent, mean: &|_, a| 0.5 + 0.5 * a };
    verify("γ, a at S = 80", &Plane::new(decay, noise, &at), &check, 0.5);
    let share = axis(Quantity::Other, 0.0, 1.0, n);
    let at = |a: f64, q: f64| two_point(a, q, 70, 0.9, 0.0);
    let exponent = |a: f64, q: f64, sign: f64| binomial(0.9, 0.0, a, q, 70, sign);
    let check = Check { x: noise, y: share, exponent: &exponent, mean: &|a, q| 1.0 - q + q * a };
    verify("a, q at S = 70", &Plane::new(noise, share, &at), &check, 0.5);
    let at = |lr: f64, a: f64| two_point(a, 0.5, 512, lr, 0.0);
    let found = curves(&Plane::new(rate, noise, &at));
    assert!(
        found.exponents_left_out && found.curves.iter().all(|c| matches!(c.kind, Kind::Norm | Kind::Seam))
    );
}
