//! A PNG writer for the pictures inside SVG figures: 8 bits a channel, no colour management.

use super::deflate;

/// Encodes `4 · columns · rows` bytes (row-major from the top left). A picture without transparency is
/// stored without its alpha channel. Missing bytes are read as 0, surplus ones ignored.
pub fn encode(rgba: &[u8], columns: u32, rows: u32) -> Vec<u8> {
    let has_alpha = rgba.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != 255);
    let channels = if has_alpha { 4 } else { 3 };
    let row_bytes = channels * columns as usize;
    let mut filtered = Vec::with_capacity((row_bytes + 1) * rows as usize);
    let mut above = vec![0; row_bytes];
    let mut row = Vec::with_capacity(row_bytes);
    for pixels in rgba.chunks(4 * columns.max(1) as usize).take(rows as usize) {
        row.clear();
        row.extend(pixels.as_chunks::<4>().0.iter().flat_map(|pixel| &pixel[..channels]));
        row.resize(row_bytes, 0);
        filter(&row, &above, channels, &mut filtered);
        std::mem::swap(&mut row, &mut above);
    }
    filtered.resize((row_bytes + 1) * rows as usize, 0);

    let mut header = Vec::with_capacity(13);
    header.extend(columns.to_be_bytes());
    header.extend(rows.to_be_bytes());
    header.extend([8, if has_alpha { 6 } else { 2 }, 0, 0, 0]);
    let mut file = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    chunk(*b"IHDR", &header, &mut file);
    chunk(*b"IDAT", &deflate::zlib(&filtered), &mut file);
    chunk(*b"IEND", &[], &mut file);
    file
}

/// Appends one row as differences from the pixels to the left or from the row above (PNG filters 1 and
/// 2), whichever has the smaller sum of magnitudes.
fn filter(row: &[u8], above: &[u8], channels: usize, out: &mut Vec<u8>) {
    let magnitude = |byte: u8| u64::from(byte.min(byte.wrapping_neg()));
    let left = |index: usize| if index < channels { 0 } else { row[index - channels] };
    let along = |index: usize| row[index].wrapping_sub(left(index));
    let down = |index: usize| row[index].wrapping_sub(above[index]);
    let sum = |difference: &dyn Fn(usize) -> u8| -> u64 {
        (0..row.len()).map(|index| magnitude(difference(index))).sum()
    };
    if sum(&down) <= sum(&along) {
        out.push(2);
        out.extend((0..row.len()).map(down));
    } else {
        out.push(1);
        out.extend((0..row.len()).map(along));
    }
}

/// Appends a chunk: length, name, data, checksum of name and data.
fn chunk(name: [u8; 4], data: &[u8], out: &mut Vec<u8>) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(data);
    let sum = checksum(&out[start..]);
    out.extend(sum.to_be_bytes());
}

/// CRC-32 of ISO 3309, as PNG wants it.
fn checksum(bytes: &[u8]) -> u32 {
    // Made anew, which is soon done: as a constant it would be downloaded.
    let table: [u32; 256] = std::array::from_fn(|index| {
        (0..8).fold(index as u32, |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 })
    });
    !bytes.iter().fold(!0, |sum, &byte| table[((sum ^ u32::from(byte)) & 255) as usize] ^ (sum >> 8))
}

/// Appends the base64 text (RFC 4648, padded) of `bytes`.
pub fn base64(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.reserve(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            if digit <= group.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
}
