//! The handwritten digits: the file of the lab as samples.

use crate::core::rng::{Purpose, Stream};
use crate::labs::Asset;
use crate::models::samples::Samples;

/// The images, as `examples/digits.py` writes them.
pub const DIGITS: Asset = Asset {
    file: "digits.bin",
    sha256: "ac9fdfe258aefd68bbcff8fd47e4f51466aa6edad18827c191d2c41d9d188f6e",
    source: "1797 images of 8 × 8 pixels, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, doi:10.24432/C50P49",
    licence: "CC-BY-4.0",
};

/// Images in the file.
const IMAGES: usize = 1797;
/// Pixels of an image.
pub const PIXELS: usize = 64;
/// Digits.
pub const CLASSES: usize = 10;
/// Images that are trained on, the first of the file. The rest were written by others.
pub const TRAINED: usize = 1500;

/// What a network is trained on, and what it is tested on.
pub struct Digits {
    /// The first 1500 images, pixels divided by 16; targets are one-hot, some of them wrong.
    pub train: Samples,
    /// The other 297, with their true labels.
    pub test: Samples,
    /// Wrong labels among the 1500.
    pub wrong: u32,
}

/// The digits, with a part `noise` of the training labels drawn anew from all ten; `None` while the file is not at hand. Whose
/// labels are drawn depends on the seed alone. Some 0.3 ms.
pub fn load(noise: f64, seed: u64) -> Option<Digits> {
    let bytes = DIGITS.bytes()?;
    read(&bytes, noise, seed)
}

/// See [`load`]; `None` if these are not the bytes of such a file.
fn read(bytes: &[u8], noise: f64, seed: u64) -> Option<Digits> {
    let (pixels, labels) = bytes.split_at_checked(IMAGES * PIXELS)?;
    if labels.len() != IMAGES {
        return None;
    }
    let (train, test) = (Samples::new(PIXELS, CLASSES), Samples::new(PIXELS, CLASSES));
    let mut digits = Digits { train, test, wrong: 0 };
    let mut stream = Stream::new(Purpose::DataSet, seed, 0, 0);
    let (mut image, mut target) = ([0.0; PIXELS], [0.0; CLASSES]);
    for (index, label) in labels.iter().enumerate() {
        for (pixel, plane) in image.iter_mut().zip(pixels.chunks_exact(IMAGES)) {
            *pixel = f64::from(plane[index]) / 16.0;
        }
        let mut class = usize::from(*label);
        if index < TRAINED {
            let (is_drawn, drawn) = (stream.unit() < noise, (stream.unit() * CLASSES as f64) as usize);
            if is_drawn {
                digits.wrong += u32::from(drawn != class);
                class = drawn;
            }
        }
        target.fill(0.0);
        *target.get_mut(class)? = 1.0;
        if index < TRAINED { &mut digits.train } else { &mut digits.test }.push(&image, &target);
    }
    Some(digits)
}
