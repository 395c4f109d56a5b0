//! Normal and χ² samples that are the same to the last bit on every target.
//!
//! One uniform number gives one normal number, by the inverse of the distribution function: algorithm AS 241,
//! PPND16 (M. J. Wichura, *Appl. Statist.* 37, 477, 1988), relative accuracy about 1e-16. The central 85 % is a
//! ratio of polynomials, computed for all lanes; the tails need a logarithm and are patched afterwards.

use crate::core::rng::{Block, LANES, Lanes, STEPS};
use wide::f64x2;

/// The standard normal number of a uniform `u ∈ {0, …, 2⁵³ − 1}·2⁻⁵³`: the quantile at `u + 2⁻⁵⁴`, so the law
/// is symmetric and `|x| ≤ 8.3`.
pub fn from_unit(u: f64) -> f64 {
    let q = centred(f64x2::splat(u)).to_array()[0];
    if q.abs() <= CENTRAL { central_alone(q) } else { tail_alone(log_tail(q), q) }
}

/// The quantile of the standard normal law at `p ∈ (0, 1)`; `±∞` at the ends, NaN outside.
pub fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRAL {
        central_alone(q)
    } else if p > 0.0 && p < 1.0 {
        // p itself, not ½ − |q|, which would lose the digits of a small p
        tail_alone(libm::log(if p < 0.5 { p } else { 1.0 - p }), q)
    } else if p == 0.0 || p == 1.0 {
        f64::INFINITY.copysign(q)
    } else {
        f64::NAN
    }
}

/// Turns a block of uniform numbers into standard normal ones, each as [`from_unit`] does.
pub fn normals(block: &mut Block) {
    let mut places = [0_u16; STEPS * LANES];
    let mut tails = [0.0; STEPS * LANES];
    let mut count = 0;
    for (i, x) in block.vectors_mut().as_chunks_mut::<TOGETHER>().0.iter_mut().enumerate() {
        let q = x.map(centred);
        *x = central(&q);
        for (j, q) in q.into_iter().enumerate() {
            let outside = q.abs().simd_gt(f64x2::splat(CENTRAL)).to_bitmask() as usize;
            let place = 2 * (TOGETHER * i + j) as u16;
            // both are written, but only those outside are kept
            let q = q.to_array();
            (places[count], tails[count]) = (place, q[0]);
            count += outside & 1;
            (places[count], tails[count]) = (place + 1, q[1]);
            count += outside >> 1;
        }
    }
    // what lies beyond the count is some other number of the block, or 0: harmless
    for (places, tails) in places[..count].chunks(2 * TOGETHER).zip(tails.chunks(2 * TOGETHER)) {
        let pair = |values: &[f64], i: usize| f64x2::new([values[2 * i], values[2 * i + 1]]);
        let mut logs = [0.0; 2 * TOGETHER];
        for (log, q) in logs.iter_mut().zip(tails).take(places.len()) {
            *log = log_tail(*q);
        }
        let x = tail::<TOGETHER>(
            &std::array::from_fn(|i| pair(&logs, i)),
            &std::array::from_fn(|i| pair(tails, i)),
        );
        for (&place, x) in places.iter().zip(x.iter().flat_map(f64x2::as_array)) {
            block.set(usize::from(place) / LANES, usize::from(place) % LANES, *x);
        }
    }
}

/// Fills a block with χ² numbers of `freedom ≥ 2` degrees of freedom: twice a gamma variate of shape `freedom/2`,
/// by G. Marsaglia and W. W. Tsang, *ACM Trans. Math. Softw.* 26, 363, 2000. Two uniform numbers each for all
/// lanes; a rejected pair (less than 5 %) is redrawn from its own lane after the block.
pub fn chi_squares(lanes: &mut Lanes, freedom: u32, out: &mut Block) {
    let d = 0.5 * f64::from(freedom) - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    let mut uniforms = Block::constant(0.0);
    lanes.units(out);
    normals(out);
    lanes.units(&mut uniforms);
    let mut places = [0_u16; STEPS * LANES];
    let mut doubtful = [0.0; STEPS * LANES];
    let mut count = 0;
    let (one, c2, d2) = (f64x2::splat(1.0), f64x2::splat(c), f64x2::splat(2.0 * d));
    for (i, (x, u)) in out.vectors_mut().iter_mut().zip(uniforms.vectors_mut()).enumerate() {
        let n = *x;
        let v = one + c2 * n;
        let square = n * n;
        let squeeze = one - f64x2::splat(0.0331) * (square * square);
        *x = d2 * (v * v * v);
        let clear = (u.simd_lt(squeeze) & v.simd_gt(f64x2::splat(0.0))).to_bitmask() as usize;
        // both are written, but only the doubtful are kept
        let n = n.to_array();
        (places[count], doubtful[count]) = (2 * i as u16, n[0]);
        count += usize::from(clear & 1 == 0);
        (places[count], doubtful[count]) = (2 * i as u16 + 1, n[1]);
        count += usize::from(clear & 2 == 0);
    }
    for (&place, &first) in places[..count].iter().zip(&doubtful) {
        let (step, lane) = (usize::from(place) / LANES, usize::from(place) % LANES);
        let (mut n, mut u) = (first, uniforms.at(step, lane));
        let value = loop {
            let w = 1.0 + c * n;
            let v = w * w * w;
            if w > 0.0 && libm::log(u) < 0.5 * n * n + d - d * v + d * libm::log(v) {
                break 2.0 * d * v;
            }
            n = from_unit(lanes.lane_unit(lane));
            u = lanes.lane_unit(lane);
        };
        out.set(step, lane, value);
    }
}

/// Half-width of the central part, in probability.
const CENTRAL: f64 = 0.425;

/// `u − ½ + 2⁻⁵⁴`, exact.
#[inline]
fn centred(u: f64x2) -> f64x2 {
    (u - f64x2::splat(0.5)) + f64x2::splat(0.5 / 9007199254740992.0)
}

/// Vectors that are computed in step: enough to hide latencies and to use each loaded coefficient often.
const TOGETHER: usize = 4;

/// The quantile at `½ + q`, `|q| ≤ 0.425`.
#[inline]
fn central<const N: usize>(q: &[f64x2; N]) -> [f64x2; N] {
    let r = q.map(|q| f64x2::splat(0.180625) - q * q);
    let (above, below) = (polynomial(&A, &r), polynomial(&B, &r));
    std::array::from_fn(|i| q[i] * above[i] / below[i])
}

fn central_alone(q: f64) -> f64 {
    central(&[f64x2::splat(q)])[0].to_array()[0]
}

/// `log(½ − |q|)`.
fn log_tail(q: f64) -> f64 {
    libm::log(0.5 - q.abs())
}

/// The quantile with the sign of `q` in the tail of which the probability has this logarithm.
#[inline]
fn tail<const N: usize>(log: &[f64x2; N], q: &[f64x2; N]) -> [f64x2; N] {
    let r = log.map(|log| (-log).sqrt());
    let near = r.map(|r| r - f64x2::splat(1.6));
    let (above, below) = (polynomial(&C, &near), polynomial(&D, &near));
    std::array::from_fn(|i| {
        let mut x = above[i] / below[i];
        let remote = r[i].simd_gt(f64x2::splat(5.0));
        if remote.any() {
            x = remote.bitselect(far_tail(r[i]), x);
        }
        q[i].simd_lt(f64x2::splat(0.0)).bitselect(-x, x)
    })
}

/// The size of the quantile beyond a probability of e⁻²⁵, from the root of its logarithm.
#[cold]
#[inline(never)]
fn far_tail(r: f64x2) -> f64x2 {
    let far = [r - f64x2::splat(5.0)];
    polynomial(&E, &far)[0] / polynomial(&F, &far)[0]
}

fn tail_alone(log: f64, q: f64) -> f64 {
    tail(&[f64x2::splat(log)], &[f64x2::splat(q)])[0].to_array()[0]
}

/// Horner's scheme, constant term first.
#[inline]
fn polynomial<const N: usize>(c: &[f64; 8], x: &[f64x2; N]) -> [f64x2; N] {
    let mut sums = [f64x2::splat(c[7]); N];
    for &c in c[..7].iter().rev() {
        for (sum, x) in sums.iter_mut().zip(x) {
            *sum = *sum * *x + f64x2::splat(c);
        }
    }
    sums
}

const A: [f64; 8] = [
    3.387_132_872_796_366_6,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];
