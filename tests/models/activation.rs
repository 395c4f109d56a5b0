//! Activations and their derivatives.

use crate::{close, dual};
use num_dual::Dual2_64;
use saddlescope::models::activation::{Activation, Jet};

fn places() -> impl Iterator<Item = f64> {
    (-90..=90).map(|step| f64::from(step) * 0.11)
}

#[test]
fn values_and_derivatives_are_those_of_dual_numbers() {
    for kind in Activation::ALL {
        for x in places() {
            let want = dual::activation(kind, Dual2_64::from_re(x).derivative());
            let Jet { value, slope, curvature } = kind.jet(x);
            close(value, want.re, 1e-14, &format!("{kind:?}({x})"));
            close(slope, want.v1, 4e-14, &format!("{kind:?}′({x})"));
            close(curvature, want.v2, 1e-12, &format!("{kind:?}″({x})"));
            assert_eq!(kind.value(x), value);
            assert_eq!(kind.value_and_slope(x), (value, slope));
        }
    }
}

#[test]
fn derivatives_are_limits_of_central_differences() {
    // The error of a central difference is h²/6 times the next derivative but one, here below 1 in size.
    let h = 1e-4;
    for kind in Activation::ALL {
        for x in places().filter(|x| kind != Activation::Relu || *x != 0.0) {
            let [low, here, high] = [x - h, x, x + h].map(|x| kind.jet(x));
            close((high.value - low.value) / (2.0 * h), here.slope, 1e-8, &format!("{kind:?}′({x})"));
            close((high.slope - low.slope) / (2.0 * h), here.curvature, 1e-8, &format!("{kind:?}″({x})"));
        }
    }
}

/// Values to 17 digits from mpmath at 40.
#[test]
fn values_of_high_precision_are_met() {
    let reference = [
        (Activation::Tanh, -6.5, [-0.999_995_479_351_404_2, 9.041_276_755_350_57e-6, 1.8082471765831005e-5]),
        (
            Activation::Tanh,
            -0.75,
            [-0.635_148_952_387_287_3, 0.596_585_808_281_331_5, 0.757_841_702_278_021_4],
        ),
        (Activation::Tanh, 0.001, [0.000_999_999_666_666_8, 0.999_999_000_000_666_7, -0.0019999973333356]),
        (
            Activation::Tanh,
            2.25,
            [0.978_026_114_738_813_6, 0.043_464_918_888_900_94, -0.085_019_651_496_698_9],
        ),
        (Activation::Tanh, 9.0, [0.999_999_969_540_041, 6.091_991_712_323_229e-8, -1.2183983053522823e-7]),
        (
            Activation::Swish,
            -6.5,
            [-0.009757684668790445, -0.008_241_854_348_961_832, -0.006_715_927_041_202_295],
        ),
        (Activation::Swish, -0.75, [-0.24061597561845527, 0.1574000555032465, 0.37722677521501975]),
        (
            Activation::Swish,
            0.001,
            [0.000_500_249_999_979_166_7, 0.500_499_999_916_666_7, 0.4999997500000625],
        ),
        (Activation::Swish, 2.25, [2.0354637039770036, 1.0987309100966572, 0.015446433695888986]),
        (Activation::Swish, 9.0, [8.998_889_448_816_124, 1.0009870195718974, -0.000_863_381_410_188_047_9]),
        (Activation::Gelu, -6.5, [-2.6104003795084266e-10, -1.6950517937572626e-9, -1.0744965374420479e-8]),
        (Activation::Gelu, -0.75, [-0.16997051428265115, 0.000_774_278_260_764_895_7, 0.43288505872253133]),
        (Activation::Gelu, 0.001, [0.000_500_398_942_213_911, 0.5007978842948414, 0.797_883_762_918_603_7]),
        (Activation::Gelu, 2.25, [2.2224949365261494, 1.059189743975207, -0.097_202_683_746_731_47]),
        (Activation::Gelu, 9.0, [9.0, 1.0, -8.121_021_121_618_442e-17]),
    ];
    for (kind, x, [value, slope, curvature]) in reference {
        let got = kind.jet(x);
        close(got.value / value, 1.0, 1e-14, &format!("{kind:?}({x})"));
        close(got.slope, slope, 4e-16, &format!("{kind:?}′({x})"));
        close(got.curvature, curvature, 4e-16, &format!("{kind:?}″({x})"));
    }
}

#[test]
fn slopes_at_the_origin_are_the_factors_of_its_saddle() {
    for kind in Activation::ALL {
        assert_eq!(kind.value(0.0), 0.0, "{kind:?}");
        match kind.slope_at_origin() {
            Some(slope) => assert_eq!(kind.jet(0.0).slope, slope, "{kind:?}"),
            None => assert_eq!((kind.jet(-1e-300).slope, kind.jet(1e-300).slope), (0.0, 1.0), "{kind:?}"),
        }
    }
}

#[test]
fn large_arguments_stay_numbers() {
    for kind in Activation::ALL {
        for size in [50.0, 700.0, 1e5, 1e160, 1e300] {
            let (left, right) = (kind.jet(-size), kind.jet(size));
            let (left_value, right_value) = match kind {
                Activation::Linear => (-size, size),
                Activation::Tanh => (-1.0, 1.0),
                _ => (0.0, size),
            };
            close(left.value, left_value, 1e-15, &format!("{kind:?}({})", -size));
            close(right.value, right_value, 1e-15, &format!("{kind:?}({size})"));
            for jet in [left, right] {
                assert!(
                    jet.slope.abs() <= 1.0 && jet.curvature.abs() < 1e-15,
                    "{kind:?} at ±{size}: {jet:?}"
                );
            }
        }
    }
}
