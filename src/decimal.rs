//! Decimal numbers, read as the nearest double.
//!
//! The standard library's parser does the same faster, with tables of 10 kB that no compressor makes smaller: a
//! twentieth of what the page loads first. The page reads a few numbers at a time.

/// Most significant digits of a number that is read; further ones are refused.
const MOST_DIGITS: usize = 800;
/// 10ᵏ is a double up to here.
const EXACT_POWER: i32 = 22;
/// Bits of a double's significand.
const PRECISION: i64 = 53;
/// The exponent of the smallest normal double.
const LEAST_EXPONENT: i64 = -1022;

/// `digits · 10^power`, to the nearest double (ties to even); ±∞ beyond the largest.
pub fn value(digits: i64, power: i32) -> f64 {
    let text = digits.unsigned_abs().to_string();
    let size = nearest(text.as_bytes(), power);
    if digits < 0 { -size } else { size }
}

/// A number like `-12.5e-3`: digits with at most one point, a sign and a power of ten if wanted. `None` if it is none.
pub fn parse(text: &str) -> Option<f64> {
    let (number, power) = match text.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse::<i32>().ok()?.clamp(-99_999, 99_999)),
        None => (text, 0),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(size) => (true, size),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    if digits.is_empty() || digits.len() > MOST_DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let size = nearest(&digits[zeros..], power - part.len() as i32);
    Some(if negative { -size } else { size })
}

/// The double nearest to `digits · 10^power`; the digits are ASCII, the first one not 0.
fn nearest(digits: &[u8], power: i32) -> f64 {
    let short =
        digits.iter().fold(0_u64, |sum, digit| sum.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')));
    // Both factors are doubles, so the one operation rounds correctly.
    if digits.len() <= 15 && power.abs() <= EXACT_POWER {
        let scale = (0..power.abs()).fold(1.0, |scale, _| scale * 10.0);
        return if power < 0 { short as f64 / scale } else { short as f64 * scale };
    }
    let magnitude = digits.len() as i64 + i64::from(power);
    if digits.is_empty() || magnitude < -330 {
        return 0.0;
    }
    if magnitude > 310 {
        return f64::INFINITY;
    }
    let mut whole = Whole(Vec::new());
    for digit in digits {
        whole.multiply_add(10, u32::from(digit - b'0'));
    }
    for _ in 0..power {
        whole.multiply_add(10, 0);
    }
    // Bits behind the point, enough that 64 of the quotient are left: log₂ 10 < 3.33.
    let divisions = i64::from(-power.min(0));
    let shift = (64 + divisions * 333 / 100 + 2 - whole.bits()).max(0);
    for _ in 0..shift {
        whole.multiply_add(2, 0);
    }
    // Rounding down again and again is rounding down once; what was lost decides ties.
    let lost = (0..divisions).fold(false, |lost, _| whole.divide(10) != 0 || lost);
    let bits = whole.bits();
    let exponent = bits - 1 - shift;
    let kept = PRECISION - (LEAST_EXPONENT - exponent).max(0);
    let bit = |at: i64| u64::from(whole.bit(at));
    let significand = (0..kept).fold(0, |sum, i| 2 * sum + bit(bits - 1 - i));
    let half = bits - kept - 1;
    let above = lost || (0..half).any(|at| whole.bit(at));
    let up = kept >= 0 && whole.bit(half) && (above || significand % 2 == 1);
    libm::ldexp((significand + u64::from(up)) as f64, (half + 1 - shift) as i32)
}

/// A whole number, the lowest 32 bits first.
struct Whole(Vec<u32>);

impl Whole {
    fn multiply_add(&mut self, factor: u32, term: u32) {
        let mut carry = u64::from(term);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides, rounding down, and gives the remainder.
    fn divide(&mut self, divisor: u32) -> u32 {
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let dividend = rest << 32 | u64::from(*limb);
            *limb = (dividend / u64::from(divisor)) as u32;
            rest = dividend % u64::from(divisor);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        rest as u32
    }

    /// Number of bits up to the highest that is set.
    fn bits(&self) -> i64 {
        self.0.last().map_or(0, |limb| self.0.len() as i64 * 32 - i64::from(limb.leading_zeros()))
    }

    fn bit(&self, at: i64) -> bool {
        usize::try_from(at).is_ok_and(|at| self.0.get(at / 32).is_some_and(|limb| limb >> (at % 32) & 1 == 1))
    }
}
