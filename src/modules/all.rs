//! The WebAssembly module with all labs, for the page in one file. What it exports is in the library's `web`.

extern crate saddlescope;

fn main() {}
