//! The WebAssembly module that reads files of numbers. What it exports is in the library's `web/readers.rs`.

extern crate saddlescope;

fn main() {}
