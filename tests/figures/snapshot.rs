//! SVG goldens in `tests/snapshots`: pictures in them are compared by their pixels, numbers to three
//! decimals.

use std::fmt::Write as _;
use std::path::Path;

/// Compares with the golden. If they differ, the new picture is left beside it as `NAME-changed.svg`, and
/// the command that accepts it is returned.
pub fn change(name: &str, svg: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let (golden, changed) = (folder.join(format!("{name}.svg")), folder.join(format!("{name}-changed.svg")));
    let kept = std::fs::read_to_string(&golden).unwrap_or_default();
    if normal(&kept) == normal(svg) {
        let _ = std::fs::remove_file(&changed);
        return None;
    }
    std::fs::write(&changed, svg).expect("the changed picture can be written");
    Some(format!("mv {} {}", changed.display(), golden.display()))
}

/// The pictures of a document: columns, rows and RGB or RGBA bytes.
pub fn pictures(svg: &str) -> Vec<(u32, u32, Vec<u8>)> {
    svg.split("base64,").skip(1).map(|rest| decode(&rest[..rest.find('"').unwrap_or(rest.len())])).collect()
}

/// The document with every picture replaced by its pixels' checksum and every number rounded.
fn normal(svg: &str) -> String {
    let mut pieces = svg.split("base64,");
    let mut text = rounded(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (data, rest) = piece.split_at(piece.find('"').unwrap_or(piece.len()));
        let (columns, rows, pixels) = decode(data);
        let sum = pixels.iter().fold(0_u64, |sum, &byte| {
            (sum.rotate_left(7) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        let _ = write!(text, "[{columns} × {rows}: {sum:x}]{}", rounded(rest));
    }
    text
}

/// Every number with decimals rounded to three of them.
fn rounded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|character: char| !(character.is_ascii_digit() || character == '.')) {
        let digits =
            part.trim_end_matches(|character: char| !(character.is_ascii_digit() || character == '.'));
        match digits.parse::<f64>() {
            Ok(number) if digits.contains('.') => {
                let _ = write!(out, "{number:.3}{}", &part[digits.len()..]);
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// Reads a base64 PNG with a decoder that is not ours.
fn decode(data: &str) -> (u32, u32, Vec<u8>) {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in data.bytes().filter(|&digit| digit != b'=') {
        let value = DIGITS.iter().position(|&known| known == digit).expect("a base64 digit");
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    pixels.truncate(info.buffer_size());
    (info.width, info.height, pixels)
}
