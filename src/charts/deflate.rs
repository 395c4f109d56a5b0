//! The deflate format (RFC 1951) in a zlib envelope (RFC 1950), for the pictures of [`super::png`]: runs of one byte and
//! the fixed code.
//!
//! A filtered phase map is almost nothing but runs of zeros, which this makes as small as a full compressor would; pictures
//! full of noise come out about as large as they are. A general compressor costs the page 8 kB for less than that.

/// Shortest and longest run that deflate can repeat at once.
const SHORTEST: usize = 3;
const LONGEST: usize = 258;

/// First length of each length code, from code 257 on, and how many extra bits tell the rest.
const LENGTHS: [(usize, u32); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// Bits in the order of the format: from the lowest bit of each byte.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    waiting: u32,
    count: u32,
}

impl Bits {
    /// The lowest `count` bits of `value`, lowest first.
    fn put(&mut self, value: u32, count: u32) {
        self.waiting |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.waiting as u8);
            self.waiting >>= 8;
            self.count -= 8;
        }
    }

    /// A code word of `count` bits, highest first.
    fn word(&mut self, code: u32, count: u32) {
        self.put(code.reverse_bits() >> (32 - count), count);
    }

    /// A literal byte, the end (256) or a length code (257–285) in the fixed code.
    fn symbol(&mut self, symbol: u32) {
        match symbol {
            0..=143 => self.word(0x30 + symbol, 8),
            144..=255 => self.word(0x190 + symbol - 144, 9),
            256..=279 => self.word(symbol - 256, 7),
            _ => self.word(0xc0 + symbol - 280, 8),
        }
    }
}

/// `bytes` as a zlib stream.
pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = Bits { bytes: vec![0x78, 0x01], ..Bits::default() };
    out.put(0b011, 3); // the last block, fixed code
    let mut rest = bytes;
    while let Some(&byte) = rest.first() {
        out.symbol(u32::from(byte));
        rest = &rest[1..];
        let mut run = rest.iter().take_while(|next| **next == byte).count();
        while run >= SHORTEST {
            let length = run.min(LONGEST);
            let code = LENGTHS.partition_point(|(first, _)| *first <= length) - 1;
            let (first, extra) = LENGTHS[code];
            out.symbol(257 + code as u32);
            out.put((length - first) as u32, extra);
            out.word(0, 5); // distance 1: the byte before
            rest = &rest[length..];
            run -= length;
        }
    }
    out.symbol(256);
    out.put(0, 7); // what is left of the last byte
    out.bytes.extend(adler(bytes).to_be_bytes());
    out.bytes
}

/// The checksum of RFC 1950.
fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    // As many as cannot overflow between two divisions.
    for block in bytes.chunks(5552) {
        for &byte in block {
            a += u32::from(byte);
            b += a;
        }
        (a, b) = (a % 65521, b % 65521);
    }
    b << 16 | a
}
