//! Streams of random numbers that depend on what they are for, never on who computes them.
//!
//! A stream is named by a [`Purpose`] and three integers (seed, item, replica): item is a pixel or a run, replica one of
//! its repetitions. So a map is the same for every number of workers, every shard size and every browser. The
//! generator is xoshiro256+ (Blackman and Vigna, *ACM Trans. Math. Softw.* 47, 36, 2021), once as
//! [`Stream`] (the `rand_xoshiro` crate) and once as [`Lanes`]: sixteen replicas side by side in SIMD vectors, each equal
//! to its `Stream` bit for bit.

use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use wide::{f64x2, u64x2};

/// Chains that run side by side.
pub const LANES: usize = 16;

/// Steps for which numbers are drawn at once.
pub const STEPS: usize = 16;

/// SIMD vectors that hold one number for every lane.
pub(crate) const VECTORS: usize = LANES / 2;

/// 2⁵²: the doubles above it are integers, with the integer's bits as the low bits of the double.
pub(crate) const TWO_52: f64 = 4503599627370496.0;

/// 2⁶⁴ / golden ratio, the increment of `SplitMix64`.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a stream is used for. Streams of different purposes share nothing. The numbers are part of every
/// published result: they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Start direction and batches of one run of SGD.
    Dynamics = 1,
    /// A data set that is drawn once.
    DataSet = 2,
    /// A random rotation or start vector of a matrix product.
    Rotation = 3,
    /// Batches of a matrix product.
    Product = 4,
    /// Batches until a product first passes a threshold.
    Passage = 5,
}

/// The 64-bit seed of the stream (purpose, seed, item, replica): each word is xored into
/// the running hash plus 2⁶⁴/φ and mixed by the finaliser of `SplitMix64`. For a fixed seed and item,
/// different replicas never collide; the same holds for different items of one replica up to 64-bit chance.
pub fn stream_seed(purpose: Purpose, seed: u64, item: u64, replica: u32) -> u64 {
    [seed, item, u64::from(replica)].iter().fold(purpose as u64, |h, word| mix(h.wrapping_add(GOLDEN) ^ word))
}

/// The finaliser of `SplitMix64` (Stafford's variant 13), a bijection.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One stream.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256Plus);

impl Stream {
    /// The stream (purpose, seed, item, replica) from its beginning.
    pub fn new(purpose: Purpose, seed: u64, item: u64, replica: u32) -> Self {
        Self(Xoshiro256Plus::seed_from_u64(stream_seed(purpose, seed, item, replica)))
    }

    /// Uniform on `{0, 1, …, 2⁵³ − 1}·2⁻⁵³`, from the upper 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / 9007199254740992.0
    }

    /// Standard normal, one uniform each: see [`crate::core::normal`].
    pub fn normal(&mut self) -> f64 {
        crate::core::normal::from_unit(self.unit())
    }
}

/// Sixteen numbers for each of sixteen steps.
#[derive(Clone, Debug)]
pub struct Block(pub(crate) [[f64x2; VECTORS]; STEPS]);

impl Block {
    /// The same number everywhere.
    #[inline(never)] // unrolled it is long
    pub fn constant(value: f64) -> Self {
        Self([[f64x2::splat(value); VECTORS]; STEPS])
    }

    /// The number of one lane at one step.
    pub fn at(&self, step: usize, lane: usize) -> f64 {
        self.0[step][lane / 2].as_array()[lane % 2]
    }

    /// Replaces the number of one lane at one step.
    pub(crate) fn set(&mut self, step: usize, lane: usize, value: f64) {
        self.0[step][lane / 2].as_mut_array()[lane % 2] = value;
    }

    /// All vectors, step by step.
    pub(crate) fn vectors_mut(&mut self) -> &mut [f64x2] {
        self.0.as_flattened_mut()
    }
}

/// The streams of [`LANES`] consecutive replicas, side by side.
#[derive(Clone, Debug)]
pub struct Lanes {
    /// The four words of state of each pair of lanes.
    states: [[u64x2; 4]; VECTORS],
}

impl Lanes {
    /// The streams of the replicas `first … first + 15` of one item.
    pub fn new(purpose: Purpose, seed: u64, item: u64, first: u32) -> Self {
        let state = |lane: usize| {
            let mut x = stream_seed(purpose, seed, item, first.wrapping_add(lane as u32));
            // four outputs of SplitMix64, as `seed_from_u64` does
            [(); 4].map(|()| {
                x = x.wrapping_add(GOLDEN);
                mix(x)
            })
        };
        let pair = |v: usize| {
            let (left, right) = (state(2 * v), state(2 * v + 1));
            std::array::from_fn(|word| u64x2::new([left[word], right[word]]))
        };
        Self { states: std::array::from_fn(pair) }
    }

    /// Fills a block with uniform numbers as [`Stream::unit`] gives them. 16 outputs of each lane.
    pub fn units(&mut self, out: &mut Block) {
        for (v, state) in self.states.iter_mut().enumerate() {
            for row in &mut out.0 {
                row[v] = unit(next(state));
            }
        }
    }

    /// Fills a block with `f(2⁵² + k)`, `k` uniform on `{0, …, 2³² − 1}`: the upper half of an output
    /// for one step, the lower half for the next. 8 outputs of each lane.
    pub(crate) fn halves(&mut self, out: &mut Block, f: impl Fn(f64x2) -> f64x2) {
        let base = u64x2::splat(TWO_52.to_bits());
        for (v, state) in self.states.iter_mut().enumerate() {
            for [first, second] in out.0.as_chunks_mut::<2>().0 {
                let bits = next(state);
                first[v] = f(as_doubles((bits >> 32_u32) | base));
                second[v] = f(as_doubles((bits & u64x2::splat(0xFFFF_FFFF)) | base));
            }
        }
    }

    /// The next uniform number of one lane alone.
    pub fn lane_unit(&mut self, lane: usize) -> f64 {
        let state = &mut self.states[lane / 2];
        let before = *state;
        let value = unit(next(state)).as_array()[lane % 2];
        let other = 1 - lane % 2;
        for (word, old) in state.iter_mut().zip(before) {
            word.as_mut_array()[other] = old.as_array()[other];
        }
        value
    }
}

/// One output of xoshiro256+ for two lanes.
#[inline]
fn next(s: &mut [u64x2; 4]) -> u64x2 {
    let out = s[0] + s[3];
    let t = s[1] << 17_u32;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45_u32) | (s[3] >> 19_u32);
    out
}

/// The upper 53 bits as a number in `[0, 1)`. There is no SIMD conversion from 64-bit integers: the upper 21
/// bits become the low bits of a double in `[2³¹, 2³¹ + 1)`, the next 32 those of one in `[½, 1)`. Exact.
#[inline]
fn unit(bits: u64x2) -> f64x2 {
    let high = as_doubles((bits >> 43_u32) | u64x2::splat(0x41E0_0000_0000_0000));
    let low =
        as_doubles(((bits >> 11_u32) & u64x2::splat(0xFFFF_FFFF)) | u64x2::splat(0x3FE0_0000_0000_0000));
    (high - f64x2::splat(2147483648.5)) + low
}

#[inline]
fn as_doubles(bits: u64x2) -> f64x2 {
    f64x2::new(bits.to_array().map(f64::from_bits))
}
