//! The WebAssembly module with the group of labs `spectrum`. What it exports is in the library's `web`.

extern crate saddlescope;

fn main() {}
