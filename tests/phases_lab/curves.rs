//! The exact curves over the map: boundaries, the seam of the mean, tongues.

use crate::map::Second;
use crate::session::{colours, diagram, finished, preset};
use saddlescope::charts::figure::{Dash, Figure, Layer};
use saddlescope::charts::palette;

/// Where the lines drawn in one style run.
fn lines(figure: &Figure, style: Dash) -> Vec<Vec<(f64, f64)>> {
    let drawn = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Line { points, dash, .. } if *dash == style => Some(points.clone()),
        _ => None,
    });
    drawn.collect()
}

#[test]
fn the_seam_of_the_mean_is_drawn_where_names_swap() {
    let session = finished("phases?q=0.4", &["map", "boundaries"]);
    let figure = diagram(&session);
    let seam: Vec<(f64, f64)> = lines(&figure, Dash::Dotted).concat();
    assert!(seam.len() >= 2, "the seam is drawn");
    // (1 − q) + q a = 0
    assert!(seam.iter().all(|(_, a)| (a + 1.5).abs() < 1e-9), "{seam:?}");
    let ends = seam.iter().fold((f64::MAX, f64::MIN), |(low, high), (x, _)| (low.min(*x), high.max(*x)));
    assert!(ends.0 < 0.02 && ends.1 > 2.98, "it crosses the map: {ends:?}");
    // Across it both exponents go on, with their names exchanged; II and I face each other.
    let map = colours(&session).unwrap();
    let (mut faced, row) = (0, (1.5 / 4.0 * 512.0) as usize);
    for column in 0..512 {
        let (below, above) = (map.pixels[(row - 2) * 512 + column], map.pixels[(row + 1) * 512 + column]);
        faced += usize::from(
            below == palette::PHASE_II && (above == palette::PHASE_IA || above == palette::PHASE_IB)
                || above == palette::PHASE_II && (below == palette::PHASE_IA || below == palette::PHASE_IB),
        );
    }
    assert!(faced > 50, "{faced} columns change from learning to its opposite at the seam");
    assert!(lines(&diagram(&finished("phases?y0=-1.3&q=0.4", &["boundaries"])), Dash::Dotted).is_empty());
}

/// Every vertex of a solid line is a root of one exponent, of a dashed one of E X² − 1. Curves are cut at the seam, at
/// the edges and at each other, between two exact vertices: their ends are a tenth of a pixel off at most.
#[test]
fn curves_run_where_the_second_implementation_changes_sign() {
    let figure = diagram(&finished("phases", &["boundaries"]));
    let exponents = |lr: f64, a: f64| {
        let Second { plus, minus, .. } = Second::at(lr, 0.0, a, 0.5);
        // Near a pole a vertex moves the exponent by more than it is itself off.
        plus.abs().min(minus.abs()) * (1.0 + lr * a).abs().min((1.0 - lr * a).abs()).min(1.0)
    };
    let square = |lr: f64, a: f64| (Second::at(lr, 0.0, a, 0.5).square - 1.0).abs();
    for (style, least) in [(Dash::Solid, 200), (Dash::Dashed, 20)] {
        let distance = |lr, a| if style == Dash::Solid { exponents(lr, a) } else { square(lr, a) };
        let curves = lines(&figure, style);
        let vertices = curves.concat().into_iter().filter(|(lr, a)| lr.is_finite() && a.is_finite());
        let distances: Vec<f64> = vertices.map(|(lr, a)| distance(lr, a)).collect();
        assert!(distances.len() > least, "{} vertices", distances.len());
        let cut = distances.iter().filter(|distance| **distance > 1e-8).count();
        let furthest = distances.iter().copied().fold(0.0, f64::max);
        assert!(furthest < 3e-4, "{style:?}: a vertex is off by {furthest}");
        assert!(
            cut <= 2 * curves.len(),
            "{style:?}: {cut} vertices of {} curves are not exact",
            curves.len()
        );
    }
}

/// The pinned sample: phase III has a region, the mean changes its sign on the map, and tongues cross it.
#[test]
fn sixteen_samples_show_collapse_the_seam_and_tongues() {
    let link = preset("finite-data").fragment();
    let session = finished(&link, &["map", "boundaries"]);
    let map = colours(&session).unwrap();
    let collapse = map.pixels.iter().filter(|colour| **colour == palette::PHASE_III).count();
    assert!(collapse as f64 >= 0.03 * map.pixels.len() as f64, "{collapse} pixels of phase III");
    let seam = lines(&diagram(&session), Dash::Dotted).concat();
    assert!(!seam.is_empty() && seam.iter().all(|(_, noise)| (0.3..3.7).contains(noise)), "{seam:?}");
    let changes = |row: usize| {
        let line = &map.pixels[row * map.side..(row + 1) * map.side];
        line.windows(2).filter(|pair| pair[0] != pair[1]).count()
    };
    assert!((0..map.side).filter(|row| changes(*row) >= 8).count() > map.side / 20, "tongues are visible");
}
