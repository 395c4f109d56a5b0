//! The words and numbers below a figure. Everything printed on the page comes from here.

/// A number on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Stable name, as `result()` gives it.
    pub name: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// The paper's symbol.
    pub symbol: &'static str,
    /// The number or numbers; ±∞ allowed, `None` while it is being computed or where it does not exist.
    pub value: Option<Vec<f64>>,
    /// Whether it is a list (critical rates) rather than one number.
    pub list: bool,
    /// Printed in place of the number, e.g. "no window"; empty: the number is printed.
    pub words: String,
    /// One standard error of simulated numbers; the bound on the error of those that are neither simulated nor exact.
    pub standard_error: Option<f64>,
    /// No sampling was involved, and the error is rounding or a stated bound.
    pub exact: bool,
    /// How it was obtained: closed form, quadrature, …, with the bound.
    pub method: String,
}

impl Quantity {
    /// What is printed: the words, or the number to four digits, with its standard error if it has one.
    pub fn text(&self) -> String {
        if !self.words.is_empty() {
            return self.words.clone();
        }
        let Some(values) = &self.value else { return "…".to_owned() };
        values.iter().map(|value| number(*value, 4)).collect::<Vec<_>>().join(", ")
    }
}

/// What SGD does here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Stable code, as `result()` gives it.
    pub code: &'static str,
    /// A short heading, e.g. "III collapse".
    pub heading: String,
    /// The sentence.
    pub text: String,
}

/// Everything below the figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The verdict at the point.
    pub verdict: Verdict,
    /// The numbers.
    pub values: Vec<Quantity>,
    /// Sentences about the whole picture: counts, limits of what is drawn.
    pub notes: Vec<String>,
}

/// A number for the page: `digits` significant ones, a real minus sign, ∞ for infinity.
pub fn number(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "undefined".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // The power of ten after rounding: 9.9996 in four digits is 10.00.
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let text = match power.parse::<i32>() {
        Ok(exponent @ -4..6) => {
            format!("{value:.*}", (digits as i32 - 1 - exponent).max(0) as usize)
        }
        _ => format!("{mantissa}·10{}", superscript(power)),
    };
    text.replace('-', "\u{2212}")
}

/// A number ≥ 1 from its decimal logarithm, to one or two digits; it may be above the largest double.
pub fn about(log10: f64) -> String {
    if log10 < 4.0 {
        let value = libm::pow(10.0, log10);
        let unit = libm::pow(10.0, (log10.floor() - 1.0).max(0.0));
        return number((value / unit).round() * unit, 1);
    }
    let mut exponent = log10.floor();
    let mut mantissa = libm::pow(10.0, log10 - exponent).round();
    if mantissa == 10.0 {
        (mantissa, exponent) = (1.0, exponent + 1.0);
    }
    let times = if mantissa == 1.0 { String::new() } else { format!("{mantissa}·") };
    format!("{times}10{}", superscript(&exponent.to_string()))
}

fn superscript(power: &str) -> String {
    let digits: Vec<char> = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().collect();
    power.chars().map(|c| c.to_digit(10).map_or('⁻', |d| digits[d as usize])).collect()
}
