//! The WebAssembly module with the group of labs `rank`. What it exports is in the library's `web`.

extern crate saddlescope;

fn main() {}
