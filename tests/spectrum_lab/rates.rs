//! The learning rates at which the first exponent changes sign, and that they say what the verdict says.

use crate::data::link;
use crate::session::{figure, list, quantity, run};
use saddlescope::labs::Summary;
use saddlescope::labs::session::Session;

/// Everything about the sign of the first exponent at the point and elsewhere.
fn signs(session: &mut Session) -> Summary {
    for name in ["exact-point", "exact-rates", "exact"] {
        run(session, name);
    }
    session.summary()
}

/// `E log|1 − λγ − λh|`, a sum.
fn exponent(values: &[f64], lr: f64, decay: f64) -> f64 {
    values.iter().map(|h| (1.0 - lr * decay - lr * h).abs().ln()).sum::<f64>() / values.len() as f64
}

/// Three numbers, one of which has its pole at 10: the window there, a thirtieth as wide as a cell of the scan, is listed.
#[test]
fn numbers_have_every_rate() {
    let values = [0.1, 3.0, -2.0];
    let mut session = Session::new(&link(&[3], values.to_vec(), "&lr=9.99&x1=20"));
    let summary = signs(&mut session);
    let rates = list(&summary, "critical_rates");
    let shown = quantity(&summary, "critical_rates");
    assert_eq!((shown.words.as_str(), shown.method.as_str()), ("0.50759, 9.9835, 10.016", "exact to 10⁻¹⁰"));
    for rate in &rates {
        // Λ = 0: the product of the factors is 1 or −1
        let product: f64 = values.iter().map(|h| 1.0 - rate * h).product();
        assert!((product.abs() - 1.0).abs() < 1e-11, "{rate}: {product}");
    }
    assert_eq!(summary.verdict.code, "attractive");
    // 10 is one of 121 points of the first curve; the others have none in the window
    for end in ["20", "21", "22.5"] {
        session.merge(&format!("x1={end}"));
        run(&mut session, "exact");
        let alt = &figure(&session, "spectrum").alt;
        assert!(alt.contains("negative from 0 to 0.5076, from 9.984 to 10.02."), "{alt}");
    }
    // the lab `stability` lists the same of the same law
    let data = link(&[3], values.to_vec(), "&lr=9.99").replace("spectrum?", "stability?");
    let mut other = Session::new(&data);
    assert_eq!(other.problems(), [], "{data}");
    run(&mut other, "rates");
    assert_eq!(list(&other.summary(), "critical_rates"), rates);
}

/// Vectors with one entry each, and one untouched direction: the rates are those of the greater of all exponents, on a dense grid.
#[test]
fn directions_apart_have_the_rates_of_the_greatest() {
    let one = [[0.3, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.4, 0.0], [0.0, 1.7, 0.0]];
    for decay in [0.0, 0.25] {
        let more = format!("&decay={decay}");
        let rates = list(&signs(&mut Session::new(&link(&[4, 3], one.concat(), &more))), "critical_rates");
        let directions = [[0.09, 4.0, 0.0, 0.0], [0.0, 0.0, 0.16, 2.89], [0.0; 4]];
        let mut negative = 0;
        for step in 0..20_000 {
            let rate = 1e-3 * 1e5_f64.powf((f64::from(step) + 0.5) / 20_000.0);
            let each = directions.map(|values| exponent(&values, rate, decay));
            let is_negative = each.iter().all(|value| *value < 0.0);
            // with decay every rate near 0 attracts
            let is_odd = rates.iter().filter(|critical| **critical < rate).count() % 2 == 1;
            assert_eq!(is_negative, is_odd != (decay > 0.0), "{decay} {rate}: {rates:?}");
            negative += i32::from(is_negative);
        }
        assert_eq!(negative > 100, decay > 0.0, "{decay}: the untouched direction stays");
    }
}

/// More than 64 numbers are scanned at 96 points and at the reader's rate: the list never contradicts the verdict there.
#[test]
fn the_readers_rate_is_one_of_the_points() {
    let spread = (0..65).map(|i| -2.0 + 5.0 * f64::from(i) / 64.0);
    let values: Vec<f64> = std::iter::repeat_n(0.1, 35).chain(spread).collect();
    let mut session = Session::new(&link(&[100], values.clone(), ""));
    let (mut attracts, mut counts) = (0, [0; 2]);
    for step in 0..200 {
        let rate = 8.0 + 0.0201 * f64::from(step);
        session.merge(&format!("lr={rate}"));
        let summary = signs(&mut session);
        let wanted = exponent(&values, rate, 0.0);
        assert!((list(&summary, "exact_spectrum")[0] - wanted).abs() < 1e-12);
        assert_eq!(summary.verdict.code == "attractive", wanted < 0.0, "{rate}");
        let rates = list(&summary, "critical_rates");
        assert!(rates.is_sorted(), "{rates:?}");
        // Λ₁ < 0 near 0: the mean is positive
        let is_even = rates.iter().filter(|critical| **critical < rate).count() % 2 == 0;
        assert_eq!(is_even, wanted < 0.0, "{rate}: {rates:?}");
        assert_eq!(quantity(&summary, "critical_rates").method, "found to the resolution of 96 points");
        attracts += usize::from(wanted < 0.0);
        let around = rates.iter().filter(|critical| (9.0..11.0).contains(*critical)).count();
        assert!(around == 0 || around == 2 && wanted < 0.0, "{rate}: {rates:?}");
        counts[around / 2] += 1;
    }
    assert!(attracts == counts[1] && attracts > 5, "{attracts} {counts:?}");
}

/// A window narrower than the spacing of doubles is one rate, a pole, and no interval of the curve.
#[test]
fn a_window_too_narrow_for_doubles_is_a_pole() {
    let values: Vec<f64> =
        (0..60).map(|i| if i == 0 { 0.02 } else { 2000.0 + 16.0 * f64::from(i) }).collect();
    let mut session = Session::new(&link(&[60], values, "&lr=0.002&x1=100"));
    let summary = signs(&mut session);
    let words = &quantity(&summary, "critical_rates").words;
    assert!(words.ends_with("50.000 (a pole, too narrow to split)"), "{words}");
    let alt = &figure(&session, "spectrum").alt;
    assert!(!alt.contains("50"), "{alt}");
}
