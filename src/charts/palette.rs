//! Colours: the phases, the two themes, the two colour maps, patterns, and contrast.

use super::figure::{Ink, Rgb};

/// Phase Ib: correct learning, norm-stable.
pub const PHASE_IB: Rgb = Rgb(0x00, 0x72, 0xb2);
/// Phase Ia: correct learning, stable in probability only.
pub const PHASE_IA: Rgb = Rgb(0x56, 0xb4, 0xe9);
/// Phase II: incorrect learning.
pub const PHASE_II: Rgb = Rgb(0xd5, 0x5e, 0x00);
/// Phase III: collapse to the saddle.
pub const PHASE_III: Rgb = Rgb(0x6e, 0x6e, 0x6e);
/// Phase IV: no direction is stable.
pub const PHASE_IV: Rgb = Rgb(0xe6, 0x9f, 0x00);
/// Left the range of doubles.
pub const DIVERGED: Rgb = Rgb(0x2b, 0x2b, 0x2b);

/// The colours of one appearance of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The page.
    pub background: Rgb,
    /// Text and exact curves.
    pub strong: Rgb,
    /// Tick labels and secondary curves; still readable as text.
    pub muted: Rgb,
    /// Axis lines and ticks; never text.
    pub axis: Rgb,
    /// The reader's point and what belongs to it.
    pub accent: Rgb,
}

impl Theme {
    /// Dark ink on white; what exports use.
    pub const LIGHT: Theme = Theme {
        background: Rgb(0xff, 0xff, 0xff),
        strong: Rgb(0x1a, 0x1c, 0x1f),
        muted: Rgb(0x55, 0x5b, 0x63),
        axis: Rgb(0x9a, 0xa0, 0xa8),
        accent: Rgb(0xb0, 0x1e, 0x68),
    };
    /// Light ink on near-black.
    pub const DARK: Theme = Theme {
        background: Rgb(0x16, 0x18, 0x1c),
        strong: Rgb(0xf2, 0xf3, 0xf5),
        muted: Rgb(0xb0, 0xb6, 0xbf),
        axis: Rgb(0x70, 0x77, 0x80),
        accent: Rgb(0xff, 0x8a, 0xc4),
    };

    /// Light or dark.
    pub const fn of(dark: bool) -> Theme {
        if dark { Theme::DARK } else { Theme::LIGHT }
    }

    /// The colour of an ink.
    pub const fn ink(&self, ink: Ink) -> Rgb {
        match ink {
            Ink::Strong => self.strong,
            Ink::Muted => self.muted,
            Ink::Accent => self.accent,
            Ink::Fixed(colour) => colour,
        }
    }

    /// The ink as a text colour on the background: itself, or moved towards [`Theme::strong`] until the
    /// contrast is 4.5 (WCAG AA).
    pub fn text_ink(&self, ink: Ink) -> Rgb {
        let colour = self.ink(ink);
        (0..=8)
            .map(|step| mix(colour, self.strong, f64::from(step) / 8.0))
            .find(|&candidate| contrast(candidate, self.background) >= 4.5)
            .unwrap_or(self.strong)
    }
}

/// Contrast of two colours after WCAG 2: 1 (equal) to 21 (black on white).
pub fn contrast(first: Rgb, second: Rgb) -> f64 {
    let (first, second) = (luminance(first), luminance(second));
    (first.max(second) + 0.05) / (first.min(second) + 0.05)
}

/// Relative luminance after WCAG 2, 0–1.
fn luminance(colour: Rgb) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}

/// Black or white, whichever reads better on `ground`: the contrast is at least 4.58.
pub fn text_on(ground: Rgb) -> Rgb {
    const BLACK: Rgb = Rgb(0, 0, 0);
    const WHITE: Rgb = Rgb(255, 255, 255);
    if contrast(BLACK, ground) > contrast(WHITE, ground) { BLACK } else { WHITE }
}

/// The colour `part` of the way from `from` to `to`, 0–1, channel by channel.
pub fn mix(from: Rgb, to: Rgb, part: f64) -> Rgb {
    let channel =
        |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    Rgb(channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

/// Viridis at `part` in 0–1 (clamped; NaN gives the first colour): for quantities without a sign.
pub fn viridis(part: f64) -> Rgb {
    let colour = colorous::VIRIDIS.eval_continuous(unit(part));
    Rgb(colour.r, colour.g, colour.b)
}

/// Blue (−1) through white (0) to red (+1), clamped, NaN white: for a quantity whose sign matters. Pass
/// the value divided by the largest magnitude shown.
pub fn diverging(value: f64) -> Rgb {
    let value = if value.is_nan() { 0.0 } else { value };
    let colour = colorous::RED_BLUE.eval_continuous(unit(0.5 - 0.5 * value));
    Rgb(colour.r, colour.g, colour.b)
}

/// Clamped to 0–1, NaN to 0.
fn unit(value: f64) -> f64 {
    if value > 0.0 { value.min(1.0) } else { 0.0 }
}

/// `count` colours at equal steps over a map's whole range, for look-up tables and colour bars.
pub fn sampled(map: fn(f64) -> Rgb, from: f64, to: f64, count: usize) -> Vec<Rgb> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|index| map(from + (to - from) * index as f64 / last)).collect()
}

/// A texture that tells regions apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// No texture.
    Plain,
    /// Stripes that rise to the right.
    Rising,
    /// Stripes that fall to the right.
    Falling,
    /// Dots on a square lattice.
    Dots,
    /// Horizontal stripes.
    Level,
    /// A lattice of lines.
    Lattice,
}

impl Pattern {
    /// All of them, in the order in which regions should take them.
    pub const ALL: [Pattern; 6] =
        [Pattern::Plain, Pattern::Rising, Pattern::Dots, Pattern::Falling, Pattern::Level, Pattern::Lattice];

    /// What it looks like, in a word or two.
    pub const fn name(self) -> &'static str {
        match self {
            Pattern::Plain => "plain",
            Pattern::Rising => "rising stripes",
            Pattern::Falling => "falling stripes",
            Pattern::Dots => "dots",
            Pattern::Level => "level stripes",
            Pattern::Lattice => "lattice",
        }
    }

    /// Whether the pixel is part of the texture's ink; `period` ≥ 2 is its repeat in pixels.
    pub const fn covers(self, column: u32, row: u32, period: u32) -> bool {
        let period = if period < 2 { 2 } else { period };
        let stroke = if period < 6 { 1 } else { period / 5 };
        let (across, down) = (column % period, row % period);
        match self {
            Pattern::Plain => false,
            Pattern::Rising => (across + down) % period < stroke,
            Pattern::Falling => (across + period - down) % period < stroke,
            Pattern::Dots => across < 2 * stroke && down < 2 * stroke,
            Pattern::Level => down < stroke,
            Pattern::Lattice => across < stroke || down < stroke,
        }
    }
}

/// A region's colour at a pixel: shifted on the texture's ink, away from the colour of the text that
/// [`text_on`] chooses, so that the text reads as well on the ink as beside it.
pub fn textured(colour: Rgb, pattern: Pattern, column: u32, row: u32, period: u32) -> Rgb {
    if !pattern.covers(column, row, period) {
        return colour;
    }
    // Away from the text: light text stands on darkened ground, dark text on lightened ground.
    let text = text_on(colour);
    mix(colour, Rgb(255 - text.0, 255 - text.1, 255 - text.2), 0.3)
}
