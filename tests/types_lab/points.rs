//! The stationary points: eigenvalues and noise from samples drawn here, by nalgebra.

use crate::session::{figure, job, quantity, run, run_shard, value};
use nalgebra::{Matrix3, Matrix4, SymmetricEigen, Vector4};
use saddlescope::charts::figure::Layer;
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::labs::session::Session;

/// A row of the table: curvature, directions, noise, what it is.
type Row = (f64, usize, f64, String);

/// The rows of a point.
fn rows(session: &Session, name: &str) -> Vec<Row> {
    let read = |text: &str| -> f64 {
        let (digits, power) = text.split_once("·10").unwrap_or((text, ""));
        let plain = |text: &str| text.replace('\u{2212}', "-");
        let power: String = power
            .chars()
            .map(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|d| d == c).map_or("-".to_owned(), |d| d.to_string()))
            .collect();
        format!("{}e{}", plain(digits), if power.is_empty() { "0" } else { &power })
            .parse()
            .expect("a number")
    };
    let table = session.table("points");
    let of = table.rows.iter().filter(|row| row[0] == name);
    let found: Vec<Row> =
        of.map(|row| (read(&row[1]), row[2].parse().unwrap(), read(&row[3]), row[4].clone())).collect();
    assert!(!found.is_empty(), "{name}: {:?}", table.rows);
    found
}

/// Singular values of `E y xᵀ` and of `E (e_class − ¼) xᵀ`, descending, over 256 samples in four dimensions and their mirror images, of
/// seed 1.
fn residuals_of_samples(slope: f64, noise: f64) -> [Vector4<f64>; 2] {
    let mut stream = Stream::new(Purpose::DataSet, 1, 4, 0);
    let (mut squared, mut classes) = (Matrix4::<f64>::zeros(), Matrix4::<f64>::zeros());
    for _ in 0..256 {
        let x = Vector4::from_fn(|_, _| stream.normal());
        let y = Vector4::from_fn(|i, _| slope * x[i] + noise * stream.normal());
        for (x, y) in [(x, y), (-x, -y)] {
            squared += y * x.transpose() / 512.0;
            let mut class = Vector4::from_element(-0.25);
            class[y.imax()] += 1.0;
            classes += class * x.transpose() / 512.0;
        }
    }
    [squared, classes].map(|matrix| matrix.singular_values())
}

/// Near the origin every hidden neuron curves as `∓φ′(0) σᵢ`: three of the four singular values of `E r xᵀ`, each in the eight
/// directions of eight neurons. A residual connection joins inputs to outputs again: the same.
#[test]
fn lowest_curvatures_of_wide_networks_are_singular_values() {
    for (activation, slope_at_zero) in [("tanh", 1.0), ("gelu", 0.5)] {
        let mut session =
            Session::new(&format!("types?bias=0.9&noise=0.7&slope=0.6&activation={activation}"));
        run(&mut session, "points");
        let [squared, classes] = residuals_of_samples(0.6, 0.7);
        for (name, strengths) in [
            ("two layers of 8, origin", squared),
            ("three residual layers, origin", squared),
            ("two layers and softmax, origin", classes),
        ] {
            let rows = rows(&session, name);
            assert_eq!(rows.len(), 3, "{name}");
            for ((curvature, directions, noise, what), strength) in rows.iter().zip(&strengths) {
                let want = -slope_at_zero * strength;
                assert!((curvature / want - 1.0).abs() < 1e-3, "{name}: {curvature}, wanted {want}");
                assert_eq!((*directions, *noise), (8, 0.0), "{name}");
                assert!(what.starts_with("Type-II saddle"), "{name}: {what}");
            }
        }
    }
}

/// The three curvatures of a neuron (u; w, b) with bias, and the noise along each: with `u = w = 0` a sample's gradient is
/// `−y φ(b)` along u, its Hessian `φ²` at (u, u) and `−y φ′ (x, 1)` at (u, w) and (u, b).
#[test]
fn curvatures_of_a_biased_neuron_are_those_of_its_matrix() {
    let mut session = Session::new("types?bias=0.9&noise=0.7&slope=0.6");
    run(&mut session, "points");
    let (phi, slope) = (0.9_f64.tanh(), 1.0 - 0.9_f64.tanh().powi(2));
    let mut stream = Stream::new(Purpose::DataSet, 1, 1, 0);
    let (mut hessian, mut square) = (Matrix3::<f64>::zeros(), 0.0);
    for _ in 0..256 {
        let x = stream.normal();
        let y = 0.6 * x + 0.7 * stream.normal();
        for (x, y) in [(x, y), (-x, -y)] {
            let (w, b) = (-y * slope * x, -y * slope);
            hessian += Matrix3::new(phi * phi, w, b, w, 0.0, 0.0, b, 0.0, 0.0) / 512.0;
            square += y * y / 512.0;
        }
    }
    let SymmetricEigen { eigenvalues, eigenvectors } = SymmetricEigen::new(hessian);
    let mut wanted: Vec<(f64, f64)> =
        (0..3).map(|i| (eigenvalues[i], square * (phi * eigenvectors[(0, i)]).powi(2))).collect();
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let rows = rows(&session, "two layers, bias b");
    assert_eq!(rows.len(), 3);
    for ((curvature, directions, noise, what), (value, along)) in rows.iter().zip(wanted) {
        assert!((curvature - value).abs() < 1e-3 * value.abs() + 1e-12, "{curvature}, wanted {value}");
        assert!((noise - along).abs() < 1e-3 * along + 1e-12, "{noise}, wanted {along}");
        assert_eq!(*directions, 1);
        assert!(what.starts_with("Type-I saddle"), "{what}");
    }
    // the sample's numbers are near the law's: 512 samples, relative errors of some 10 %
    let summary = session.summary();
    assert!((rows[0].0 / value(&summary, "curvature") - 1.0).abs() < 0.5, "{rows:?}");
    assert!((rows[0].2 / value(&summary, "noise") - 1.0).abs() < 0.5, "{rows:?}");
}

#[test]
fn the_points_are_what_theory_says() {
    let mut session = Session::new("types?bias=0.9&noise=0.7&slope=0.6");
    run(&mut session, "points");
    // one layer: E x² = 1 and noise σ² E x², of 512 samples
    let one = &rows(&session, "one layer")[..];
    assert_eq!(one.len(), 1);
    assert!((one[0].0 - 1.0).abs() < 0.25 && (one[0].2 / 0.49 - 1.0).abs() < 0.5 && one[0].3 == "minimum");
    // two layers of one neuron: ∓|E xy|, no noise
    let two = rows(&session, "two layers, origin");
    assert!(two.len() == 2 && two[0].0 < -0.4 && two[0].0 > -1.2 && two[1].0 == -two[0].0, "{two:?}");
    assert!(two.iter().all(|(_, directions, noise, what)| {
        *directions == 1 && *noise == 0.0 && what.starts_with("Type-II")
    }));
    let deep = &rows(&session, "three layers, origin")[..];
    let [(0.0, 128, 0.0, what)] = deep else { panic!("{deep:?}") };
    assert!(what.contains("Hessian vanishes"), "{what}");
    // label noise does not matter at the origin
    let mut louder = Session::new("types?bias=0.9&noise=20&slope=0.6");
    run(&mut louder, "points");
    let origin = rows(&louder, "two layers, origin");
    assert!(origin[0].2 == 0.0 && origin[0].3.starts_with("Type-II"), "{origin:?}");
    let said = louder.summary().notes.concat();
    assert!(said.contains("(curvatures 0 in 128 directions)"), "{said}");
}

/// Large dots are the lowest curvatures, small ones the next; the line under the pointer names the nearest of all.
#[test]
fn every_curvature_is_drawn_and_named() {
    let mut session = Session::new("types?bias=0.9&noise=0.7&slope=0.6");
    run(&mut session, "points");
    let figure = figure(&session, "points");
    let dots = |large: bool| -> Vec<(f64, f64)> {
        let of = |layer: &Layer| match layer {
            Layer::Points { points, radius, .. } if (*radius > 3.0) == large => points.clone(),
            _ => Vec::new(),
        };
        figure.layers.iter().flat_map(of).collect()
    };
    // one layer and the vanishing Hessian have one curvature, the two neurons without bias two
    assert_eq!((dots(true).len(), dots(false).len()), (7, 1 + 2 + 3 * 2));
    let wide = rows(&session, "two layers of 8, origin");
    assert!(dots(false).iter().any(|dot| (dot.0 / wide[1].0 - 1.0).abs() < 1e-3));
    assert!(dots(true).iter().chain(&dots(false)).all(|dot| (figure.x.min..=figure.x.max).contains(&dot.0)));
    let classes = rows(&session, "two layers and softmax, origin");
    let said = session.hover("points", (classes[2].0, 0.0));
    assert!(
        said.starts_with("two layers and softmax, origin: curvature") && said.contains("in 8 directions"),
        "{said}"
    );
    let words = session.summary();
    assert!(quantity(&words, "curvature").value.is_some());
}

/// The Hessians of the larger networks take several shards of the chain: each gives the same alone as after the one before, and a
/// point is shown at the end of its own.
#[test]
fn a_shard_of_the_points_can_begin_anew() {
    let mut session = Session::new("types?bias=0.9&noise=0.7&activation=gelu");
    let (chain, key) = job(&session, "points");
    assert!(chain.chain);
    let mut shown = Vec::new();
    for shard in 0..chain.shards {
        run_shard(&mut session, "points", shard);
        let found = session.shard(&key, shard).unwrap();
        assert_eq!(session.compute("points", shard, None).unwrap(), found, "{shard}");
        let table = session.table("points");
        let names: std::collections::HashSet<&str> = table.rows.iter().map(|row| row[0].as_str()).collect();
        shown.push(names.len());
    }
    // 64 or 128 columns, sixteen at a time, then the eigenvalues
    let large = [(4, 4), (5, 8), (6, 8), (7, 4)];
    let large =
        large.into_iter().flat_map(|(count, pieces)| std::iter::repeat_n(count - 1, pieces).chain([count]));
    assert_eq!(shown, [1, 2, 3].into_iter().chain(large).collect::<Vec<_>>());
    let spent = (0..chain.shards - 1).all(|shard| session.shard(&key, shard).unwrap().len() <= 10);
    assert!(spent, "no columns are kept behind");
}
