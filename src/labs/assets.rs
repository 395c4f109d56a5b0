//! What a state names without holding it: files of a lab, and the reader's own numbers named in a link.

use crate::params::content::{self, Hash};
use crate::params::data::{Data, Shape};
use std::rc::Rc;

/// A file beside the page that a lab computes from. It is fetched when a state of the lab is first opened, and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name in `www/assets/`.
    pub file: &'static str,
    /// SHA-256 of its bytes, 64 hexadecimal digits. The file is known by this alone: another file is refused.
    pub sha256: &'static str,
    /// What it is and where it comes from, to be shown.
    pub source: &'static str,
    /// Name of its licence (SPDX).
    pub licence: &'static str,
}

impl Asset {
    /// The hash of its bytes; `None` if [`sha256`](Self::sha256) is no hash (a test of every lab refuses that).
    pub fn hash(&self) -> Option<Hash> {
        Hash::parse(self.sha256)
    }

    /// Its bytes, if they are at hand. Where they are not, [`Session`](super::session::Session) gives the page no jobs.
    pub fn bytes(&self) -> Option<Rc<[u8]>> {
        content::bytes(&self.hash()?)
    }
}

/// One content that a state names.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// What it is known by.
    pub hash: Hash,
    /// Who brings it.
    pub origin: Origin,
    /// Whether it is at hand.
    pub held: bool,
}

/// Who brings a content.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// The page fetches it.
    Asset(&'static Asset),
    /// The reader has it in a file.
    Reader {
        /// Key of the parameter.
        key: &'static str,
        /// The shape that the link says.
        shape: Shape,
    },
}

impl Named {
    /// A lab's file; `None` if its hash is none.
    pub fn asset(asset: &'static Asset) -> Option<Self> {
        let hash = asset.hash()?;
        Some(Named { hash, origin: Origin::Asset(asset), held: asset.bytes().is_some() })
    }

    /// The numbers of the parameter `key`; `None` if the link carries them itself.
    pub fn data(key: &'static str, data: &Data) -> Option<Self> {
        let held = data.numbers().is_some();
        let origin = Origin::Reader { key, shape: data.shape().clone() };
        (!data.is_inline()).then_some(Named { hash: data.hash(), origin, held })
    }

    /// What the reader is asked for, or what is being fetched.
    pub fn sentence(&self) -> String {
        match &self.origin {
            Origin::Asset(asset) => format!("The file {} is on its way.", asset.file),
            Origin::Reader { shape, .. } => format!(
                "This link is about {} whose SHA-256 begins with {:.8}. They are in a file that the link does not carry: choose \
                 that file, and it is read and checked in your browser.",
                described(shape),
                self.hash.to_string()
            ),
        }
    }
}

/// A shape in words.
pub fn described(shape: &Shape) -> String {
    let (samples, d) = (shape.samples(), shape.dimension());
    match shape.axes().len() {
        1 => format!("{samples} numbers"),
        2 => format!("{samples} vectors of {d} numbers"),
        _ => format!("{samples} matrices of {d} × {d} numbers"),
    }
}
