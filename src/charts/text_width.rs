//! How wide a text is where no browser can be asked: SVG files and native tests.
//!
//! Advances of `DejaVu Sans` in 1/1000 em. It is the widest of the fonts in use as a system font (Verdana
//! is its equal; Helvetica, Segoe UI and Roboto are 5–15 % narrower), so a layout made with this table
//! clips in none of them.

/// Advances of the printable ASCII characters, from the space on.
#[rustfmt::skip]
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,
    637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531,
    1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656, 558, 863, 749, 788,
    604, 788, 695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500,
    500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];

/// Width of `text` set in one line, in units of its font size.
pub fn of(text: &str) -> f64 {
    text.chars().map(|c| f64::from(advance(c))).sum::<f64>() / 1000.0
}

/// Advance of one character in 1/1000 em.
fn advance(character: char) -> u16 {
    let code = character as u32;
    if let Some(&width) = code.checked_sub(32).and_then(|index| ASCII.get(index as usize)) {
        return width;
    }
    match character {
        '\u{300}'..='\u{36f}' => 0, // combining accents
        '·' | '′' | 'ι' => 374,
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '₀'..='₉' | 'ᵀ' => 401,
        '⁺'..='⁼' | '₊'..='₌' | '‖' | '–' => 530,
        '\u{a0}' | '\u{2009}' | '\u{202f}' => 318,
        'ψ' | 'φ' | 'α' | '√' | 'ẑ' => 660,
        'ω' | '−' | '×' | '±' | '≤' | '≥' | '≈' | '≠' | '→' | '←' | '∞' => 840,
        '\u{df}'..='\u{17f}' | 'β'..='χ' | 'ℓ' | 'ẽ' | '∂' => 640,
        '\u{c0}'..='\u{de}' | 'Α'..='Ω' | '∇' => 800,
        _ => 1080, // ideographs, Cyrillic capitals and what is unknown: a full square
    }
}
