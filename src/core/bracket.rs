//! Roots and minima of functions of one variable between known ends.

/// A point and the value there.
pub type Sample = (f64, f64);

/// A root of `f` between `a` and `b`, where `f` has opposite signs (`±∞` allowed), to a few units in the last place.
///
/// Chandrupatla's method: inverse quadratic interpolation where it is safe, bisection elsewhere (T. R. Chandrupatla,
/// *Adv. Eng. Software* 28, 145, 1997). About 8 evaluations for smooth functions, 60 at worst near ±∞. If the signs are
/// equal, the end with the smaller `|f|`.
pub fn root(mut f: impl FnMut(f64) -> f64, a: Sample, b: Sample) -> f64 {
    root_of(&mut f, a, b)
}

/// The same for any function: compiled once.
fn root_of(f: &mut dyn FnMut(f64) -> f64, a: Sample, b: Sample) -> f64 {
    let ((mut a, mut fa), (mut b, mut fb)) = (a, b);
    let mut t = 0.5_f64;
    for _ in 0..200 {
        if fa == 0.0 {
            return a;
        }
        if fb == 0.0 || (fa > 0.0) == (fb > 0.0) {
            break;
        }
        let tolerance = 2.0 * f64::EPSILON * a.abs().max(b.abs()) + f64::MIN_POSITIVE;
        if (b - a).abs() <= tolerance {
            break;
        }
        let least = 0.5 * tolerance / (b - a).abs();
        let x = a + t.clamp(least, 1.0 - least) * (b - a);
        let fx = f(x);
        // x replaces the end of its own sign; a is always the newest point
        let c = if (fx > 0.0) == (fa > 0.0) {
            (a, fa)
        } else {
            let old = (b, fb);
            (b, fb) = (a, fa);
            old
        };
        (a, fa) = (x, fx);
        t = step((a, fa), (b, fb), c);
    }
    if fa.abs() < fb.abs() { a } else { b }
}

/// Where between `a` (0) and `b` (1) to look next; `c` is the point that was left out last.
fn step(a: Sample, b: Sample, c: Sample) -> f64 {
    let (xi, phi) = ((a.0 - b.0) / (c.0 - b.0), (a.1 - b.1) / (c.1 - b.1));
    if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
        let t = a.1 / (b.1 - a.1) * c.1 / (b.1 - c.1)
            + (c.0 - a.0) / (b.0 - a.0) * a.1 / (c.1 - a.1) * b.1 / (c.1 - b.1);
        if t > 0.0 && t < 1.0 { t } else { 0.5 }
    } else {
        0.5
    }
}

/// The least value of `f` and its place on `[a, b]`, if `f` has one local minimum there: golden section, 60
/// evaluations at most; stops early once a value below `enough` is found.
pub fn minimum(mut f: impl FnMut(f64) -> f64, a: f64, b: f64, enough: f64) -> Sample {
    minimum_of(&mut f, a, b, enough)
}

/// The same for any function: compiled once.
fn minimum_of(f: &mut dyn FnMut(f64) -> f64, a: f64, b: f64, enough: f64) -> Sample {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (a, b);
    let (mut x, mut y) = (b - GOLDEN * (b - a), a + GOLDEN * (b - a));
    let (mut fx, mut fy) = (f(x), f(y));
    for _ in 0..58 {
        if fx.min(fy) < enough || (b - a).abs() <= 1e-9 * (a.abs() + b.abs()) {
            break;
        }
        if fx <= fy {
            (b, y, fy) = (y, x, fx);
            x = b - GOLDEN * (b - a);
            fx = f(x);
        } else {
            (a, x, fx) = (x, y, fy);
            y = a + GOLDEN * (b - a);
            fy = f(y);
        }
    }
    if fx <= fy { (x, fx) } else { (y, fy) }
}
