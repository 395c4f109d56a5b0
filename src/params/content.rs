//! Numbers and files by their SHA-256: what a link or a lab names without holding it.
//!
//! A link of `data=h.…` and a lab's [`Asset`](crate::labs::Asset) say which content they mean, never where it comes from. The page
//! brings it (the reader's file, or a file beside the page) and it is kept here under the hash of its bytes, so that a result
//! stays a function of the link: nothing else can stand under that name. Each thread, and so each worker, has a store of its own.

use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// Most bytes kept; beyond, the content used longest ago goes (never the last one used) and may be brought again.
const MOST_BYTES: usize = 128 << 20;

/// The SHA-256 of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Of bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Hash(Sha256::digest(bytes).into())
    }

    /// Of numbers: their IEEE 754 doubles, little-endian, one after the other.
    pub fn of_numbers(numbers: &[f64]) -> Self {
        let mut digest = Sha256::new();
        // In pieces: the bytes of all would be a second copy.
        let mut piece = Vec::with_capacity(4096);
        for chunk in numbers.chunks(512) {
            piece.clear();
            piece.extend(chunk.iter().flat_map(|number| number.to_le_bytes()));
            digest.update(&piece);
        }
        Hash(digest.finalize().into())
    }

    /// Reads 64 hexadecimal digits; `None` if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |place: usize| char::from(*text.as_bytes().get(place)?).to_digit(16);
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = (digit(2 * place)? * 16 + digit(2 * place + 1)?) as u8;
        }
        (text.len() == 64).then_some(Hash(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

#[derive(Clone)]
enum Content {
    Numbers(Rc<[f64]>),
    Bytes(Rc<[u8]>),
}

impl Content {
    fn bytes(&self) -> usize {
        match self {
            Content::Numbers(numbers) => 8 * numbers.len(),
            Content::Bytes(bytes) => bytes.len(),
        }
    }
}

thread_local! {
    /// In order of use, the last one used at the end.
    static STORE: RefCell<Vec<(Hash, Content)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps numbers and gives the hash that they are found by. Cost: one SHA-256 of their bytes.
pub fn keep_numbers(numbers: Rc<[f64]>) -> Hash {
    let hash = Hash::of_numbers(&numbers);
    keep(hash, Content::Numbers(numbers));
    hash
}

/// Keeps a file's bytes and gives the hash that they are found by. Cost: one SHA-256.
pub fn keep_bytes(bytes: Rc<[u8]>) -> Hash {
    let hash = Hash::of_bytes(&bytes);
    keep(hash, Content::Bytes(bytes));
    hash
}

/// The numbers of this hash, if they are at hand.
pub fn numbers(hash: &Hash) -> Option<Rc<[f64]>> {
    match find(hash)? {
        Content::Numbers(numbers) => Some(numbers),
        Content::Bytes(_) => None,
    }
}

/// The file of this hash, if it is at hand.
pub fn bytes(hash: &Hash) -> Option<Rc<[u8]>> {
    match find(hash)? {
        Content::Bytes(bytes) => Some(bytes),
        Content::Numbers(_) => None,
    }
}

/// Whether content of this hash is at hand.
pub fn holds(hash: &Hash) -> bool {
    find(hash).is_some()
}

fn keep(hash: Hash, content: Content) {
    STORE.with_borrow_mut(|store| {
        store.retain(|(known, _)| *known != hash);
        store.push((hash, content));
        let mut size: usize = store.iter().map(|(_, content)| content.bytes()).sum();
        while size > MOST_BYTES && store.len() > 1 {
            size -= store.remove(0).1.bytes();
        }
    });
}

fn find(hash: &Hash) -> Option<Content> {
    STORE.with_borrow_mut(|store| {
        let place = store.iter().position(|(known, _)| known == hash)?;
        let found = store.remove(place);
        let content = found.1.clone();
        store.push(found);
        Some(content)
    })
}
