//! The file of the digits, and its labels with noise.

use crate::open;
use saddlescope::labs::network::digits::{CLASSES, PIXELS, TRAINED, load};

/// The label of a sample: where its one-hot target is 1.
fn label(target: &[f64]) -> usize {
    assert_eq!((target.iter().sum::<f64>(), target.len()), (1.0, CLASSES));
    target.iter().position(|y| *y == 1.0).unwrap()
}

/// What scikit-learn's description of the set says: images per class, mean of all pixels 4.884.
#[test]
fn the_digits_are_those_of_the_set() {
    open("");
    let digits = load(0.0, 1).unwrap();
    assert_eq!((digits.train.count(), digits.test.count(), digits.wrong), (TRAINED, 297, 0));
    let (mut counts, mut sum) = ([0; CLASSES], 0.0);
    for samples in [&digits.train, &digits.test] {
        for sample in 0..samples.count() {
            counts[label(samples.target(sample))] += 1;
            assert!(
                samples.input(sample).iter().all(|x| (0.0..=1.0).contains(x) && (x * 16.0).fract() == 0.0)
            );
            sum += samples.input(sample).iter().sum::<f64>() * 16.0;
        }
    }
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert!(
        (sum / (1797 * PIXELS) as f64 - 4.884_164_579_855).abs() < 1e-9,
        "{}",
        sum / (1797 * PIXELS) as f64
    );
    // the first image is a 0: dark in the middle
    let first = digits.train.input(0);
    assert_eq!((label(digits.train.target(0)), first[2] * 16.0, first[3 * 8 + 3]), (0, 5.0, 0.0));
}

#[test]
fn label_noise_draws_a_part_of_the_labels_anew() {
    open("");
    let (clean, noisy, all) = (load(0.0, 1).unwrap(), load(0.4, 1).unwrap(), load(1.0, 1).unwrap());
    let differ = |other: &saddlescope::labs::network::digits::Digits| {
        (0..TRAINED).filter(|i| clean.train.target(*i) != other.train.target(*i)).count()
    };
    assert_eq!(differ(&noisy), noisy.wrong as usize);
    // nine of ten new labels are wrong; four standard deviations
    for (digits, noise) in [(&noisy, 0.4), (&all, 1.0)] {
        let (mean, part) = (0.9 * noise * TRAINED as f64, 0.9 * noise);
        let deviation = (mean * (1.0 - part)).sqrt();
        assert!((f64::from(digits.wrong) - mean).abs() < 4.0 * deviation, "{} of {mean}", digits.wrong);
    }
    // more noise keeps the labels that are already wrong, and the test images keep theirs
    assert!((0..TRAINED).all(|i| {
        noisy.train.target(i) == clean.train.target(i) || noisy.train.target(i) == all.train.target(i)
    }));
    assert!((0..297).all(|i| clean.test.target(i) == all.test.target(i)));
    assert_ne!(load(0.4, 2).unwrap().wrong, noisy.wrong);
}
