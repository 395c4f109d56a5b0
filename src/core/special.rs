//! Special functions that `libm` lacks: digamma and its derivatives, ratios of gamma functions.
//!
//! Sources: NIST Digital Library of Mathematical Functions, sections 5.4, 5.5, 5.11 and 5.15.

/// Euler's constant `γ_E`.
pub const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// Below this argument the polygamma functions are shifted up by their recurrence; above it the
/// asymptotic series with seven terms is good to 1e-17.
const ASYMPTOTIC: f64 = 15.0;

/// Digamma `ψ(x) = d log Γ(x) / dx` for `x > 0`, to about 1e-15 of `max(1, |ψ|)`.
///
/// Recurrence `ψ(x) = ψ(x+1) − 1/x` up to 15, then the asymptotic series (DLMF 5.11.2). NaN for `x ≤ 0`.
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut shift) = (x, 0.0);
    while x < ASYMPTOTIC {
        shift += 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let tail = y
        * (1.0 / 12.0
            - y * (1.0 / 120.0
                - y * (1.0 / 252.0
                    - y * (1.0 / 240.0 - y * (1.0 / 132.0 - y * (691.0 / 32760.0 - y / 12.0))))));
    libm::log(x) - 0.5 / x - tail - shift
}

/// Trigamma `ψ₁(x) = ψ′(x)` for `x > 0`, to about 1e-15 relative. NaN for `x ≤ 0`.
///
/// Recurrence `ψ₁(x) = ψ₁(x+1) + 1/x²` and the asymptotic series (DLMF 5.15.8).
pub fn trigamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut shift) = (x, 0.0);
    while x < ASYMPTOTIC {
        shift += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let tail = y
        * (1.0 / 6.0
            - y * (1.0 / 30.0
                - y * (1.0 / 42.0
                    - y * (1.0 / 30.0 - y * (5.0 / 66.0 - y * (691.0 / 2730.0 - y * 7.0 / 6.0))))));
    shift + (1.0 + 0.5 / x + tail) / x
}

/// Tetragamma `ψ₂(x) = ψ″(x)` for `x > 0` (negative), to about 1e-15 relative. NaN for `x ≤ 0`.
///
/// Recurrence `ψ₂(x) = ψ₂(x+1) − 2/x³` and the asymptotic series (DLMF 5.15.9 differentiated).
pub fn tetragamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut shift) = (x, 0.0);
    while x < ASYMPTOTIC {
        shift += 2.0 / (x * x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let tail = y
        * (0.5
            - y * (1.0 / 6.0
                - y * (1.0 / 6.0 - y * (3.0 / 10.0 - y * (5.0 / 6.0 - y * (691.0 / 210.0 - y * 17.5))))));
    -shift - y * (1.0 + 1.0 / x + tail)
}

/// Harmonic number `H_n = Σ_{i ≤ n} 1/i`, summed from the smallest term; `H_0 = 0`. Cost `n`.
pub fn harmonic(n: u32) -> f64 {
    (1..=n).rev().map(|i| 1.0 / f64::from(i)).sum()
}

/// `log Γ(x + d) − log Γ(x)` for `x > 0`, `x + d > 0`, to a few ulps of `|d| (1 + |log(x + |d|)|)`: the error
/// vanishes with `d`, which subtracting two log-gammas would not give.
///
/// Stirling's series (DLMF 5.11.1) at arguments shifted above 15, every difference taken exactly.
pub fn log_gamma_ratio(x: f64, d: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < ASYMPTOTIC || x + d < ASYMPTOTIC {
        shift += libm::log1p(d / x);
        x += 1.0;
    }
    let ratio = libm::log1p(d / x);
    let main = (x - 0.5) * ratio + d * (libm::log(x) + ratio) - d;
    // Σ c_n ((x+d)^{1−2n} − x^{1−2n}) of the correction 1/12x − 1/360x³ + …
    let series = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0];
    let mut correction = 0.0;
    let mut power = 1.0 / x;
    let mut order = 1.0;
    for c in series {
        correction += c * power * libm::expm1(-order * ratio);
        power /= x * x;
        order += 2.0;
    }
    main + correction - shift
}

/// `log` of the Poisson probability `e^{−μ} μ^j / j!` for `μ > 0`, `j ≥ 0`, without the cancellation between
/// `j log μ` and `log j!` (the saddle-point form of C. Loader, 2000).
pub fn log_poisson(j: f64, mean: f64) -> f64 {
    if j == 0.0 {
        return -mean;
    }
    // j log(j/μ) + μ − j, by its series where j ≈ μ
    let gap = (j - mean) / (j + mean);
    let deviance = if libm::fabs(gap) < 0.1 {
        // with v = gap: (j − μ) v + 2 j Σ_{i ≥ 1} v^{2i+1}/(2i+1)
        let square = gap * gap;
        let (mut term, mut sum, mut order) = (2.0 * j * gap, (j - mean) * gap, 1.0);
        for _ in 0..12 {
            term *= square;
            order += 2.0;
            sum += term / order;
        }
        sum
    } else {
        j * libm::log(j / mean) + mean - j
    };
    -deviance - stirling_error(j) - 0.5 * libm::log(2.0 * core::f64::consts::PI * j)
}

/// `log j! − [j log j − j + ½ log 2πj]` for `j > 0`.
fn stirling_error(j: f64) -> f64 {
    if j < ASYMPTOTIC {
        let half_log_two_pi = 0.918_938_533_204_672_7;
        return libm::lgamma(j + 1.0) - (j + 0.5) * libm::log(j) + j - half_log_two_pi;
    }
    let y = 1.0 / (j * j);
    (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0))))) / j
}
