//! Dependencies go one way: `web → labs → {models → core, charts, params}`. This test reads the source
//! and holds each folder to the list of what it may name; ARCHITECTURE.md draws the same picture.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What the files of one folder may name: our own modules, and other people's crates.
struct Layer {
    /// A path below `src`, of a folder or of a file without `.rs`. The longest that fits is the one that counts.
    place: &'static str,
    ours: &'static [&'static str],
    crates: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer { place: "lib", ours: &[], crates: &["saddlescope_core", "saddlescope_models"] },
    Layer {
        place: "core",
        ours: &["core"],
        crates: &["bytemuck", "libm", "num_bigint", "rand", "rand_xoshiro", "wide"],
    },
    Layer {
        place: "models",
        ours: &["models", "core"],
        crates: &["bytemuck", "libm", "rand", "rand_xoshiro", "wide"],
    },
    Layer { place: "models/lib", ours: &[], crates: &["saddlescope_core"] },
    Layer { place: "decimal", ours: &["decimal"], crates: &["libm"] },
    Layer {
        place: "params",
        ours: &["params", "decimal"],
        crates: &["base64ct", "libm", "percent_encoding", "serde", "sha2"],
    },
    Layer { place: "readers", ours: &["readers", "params"], crates: &["csv", "serde", "serde_json"] },
    Layer {
        place: "charts",
        ours: &["charts", "decimal"],
        crates: &["colorous", "libm", "plotters", "plotters_backend"],
    },
    Layer { place: "modules", ours: &[], crates: &["saddlescope"] },
    // The one surface that is the browser's.
    Layer {
        place: "charts/canvas",
        ours: &["charts"],
        crates: &["js_sys", "plotters", "plotters_backend", "plotters_canvas", "wasm_bindgen", "web_sys"],
    },
    Layer {
        place: "labs",
        ours: &["labs", "core", "models", "charts", "params"],
        crates: &["libm", "rand", "rand_xoshiro", "serde"],
    },
    Layer {
        place: "web",
        ours: &["labs", "readers", "charts", "params"],
        crates: &[
            "console_error_panic_hook",
            "getrandom",
            "js_sys",
            "serde",
            "serde_wasm_bindgen",
            "wasm_bindgen",
            "web_sys",
        ],
    },
];

/// Functions of the standard library whose last bit differs between machines. clippy.toml bans them too,
/// but clippy sees neither the bodies of unused macros nor code that a `cfg` removes.
const INEXACT: [&str; 24] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log10", "log2", "powi", "powf", "cbrt", "hypot", "sin",
    "cos", "sin_cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "mul_add",
];

#[test]
fn every_file_names_only_what_its_folder_may() {
    let faults: Vec<_> = source_files().iter().flat_map(|file| strangers(file, &read(file))).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn what_needs_the_browser_is_built_only_for_it() {
    for (parent, module) in [("lib.rs", "web"), ("lib.rs", "web_readers"), ("charts/mod.rs", "canvas")] {
        let text = read(parent);
        let lines: Vec<_> = text.lines().collect();
        let at = lines.iter().position(|line| line.ends_with(&format!("mod {module};")));
        let at = at.unwrap_or_else(|| panic!("src/{parent} has no line `mod {module};`"));
        let alone = "#[cfg(target_arch = \"wasm32\")]";
        let with_features = "#[cfg(all(target_arch = \"wasm32\", ";
        let only = lines[at - 1] == alone || lines[at - 1].starts_with(with_features);
        assert!(only, "src/{parent}, before mod {module}: {}", lines[at - 1]);
    }
}

#[test]
fn numbers_never_come_from_inexact_functions() {
    let numeric = |file: &&String| ["core", "models"].contains(&top(file));
    let faults: Vec<_> =
        source_files().iter().filter(numeric).flat_map(|file| inexact(file, &read(file))).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_reader_of_the_source_sees_what_it_should() {
    let seen = |file: &str, text: &str| !strangers(file, text).is_empty();
    assert!(seen("core/exponent.rs", "use crate::labs::phases;"));
    assert!(seen("core/exponent.rs", "use crate::{core::rng, charts};"));
    assert!(seen("core/exponent.rs", "fn f() { g(super::super::params::read()) }"));
    assert!(seen("core/exponent.rs", "use plotters::prelude::*;"));
    assert!(seen("core/exponent.rs", "use plotters as p;"));
    assert!(seen("core/exponent.rs", "use {std::fmt, serde::Serialize};"));
    assert!(seen("charts/draw.rs", "fn f(w: ::web_sys::Window) {}"));
    assert!(seen("charts/draw.rs", "pub use crate::params;"));
    assert!(seen("charts/draw.rs", "macro_rules! m { () => { $crate::labs::phases } }"));
    assert!(seen("labs/phases/mod.rs", "fn f() { wasm_bindgen::throw_str(\"\") }"));
    assert!(seen("params.rs", "use crate::core::curvature::Law;"));
    assert!(seen("extra/thing.rs", ""));

    assert!(!seen("core/exponent.rs", "// crate::labs\n/* plotters::x */ /// crate::labs\nuse libm::log;"));
    assert!(!seen("core/exponent.rs", "const A: &str = \"crate::labs::x\"; use super::rng;"));
    assert!(!seen("charts/labels.rs", "fn f(wide: f64) -> f64 { wide }"));
    assert!(!seen("core/curvature/uniform.rs", "use super::super::rng::Stream; use crate::core::stats;"));
    assert!(!seen("charts/canvas.rs", "use web_sys::Window;"));
    assert!(!seen("labs/phases/mod.rs", "use crate::{charts::figure::{Axis, Scale}, core, params};"));

    let banned = |text: &str| !inexact("core/exponent.rs", text).is_empty();
    assert!(banned("fn f(x: f64) -> f64 { (1.0 + x).ln() }"));
    assert!(banned("fn f(x: &[f64]) { x.iter().copied().map(f64::exp) }"));
    assert!(banned("macro_rules! m { ($x:expr) => { $x.powi(2) } }"));
    assert!(!banned("fn f(x: f64) -> f64 { libm::log(x).sqrt() } // x.ln()"));
    assert!(!banned("fn f(rule: &Rule) -> f64 { rule.log[0] }"));
    assert!(!banned("fn log(x: f64) {} #[cfg(test)] mod tests { fn f(x: f64) -> f64 { x.ln() } }"));
}

// ---- what a file names ----

/// What `file` names and its layer does not allow.
fn strangers(file: &str, text: &str) -> Vec<String> {
    let place = file.trim_end_matches(".rs");
    let fits = |layer: &&Layer| {
        place.strip_prefix(layer.place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let Some(layer) = LAYERS.iter().filter(fits).max_by_key(|layer| layer.place.len()) else {
        return vec![format!("src/{file}: no layer holds it; tests/layering.rs lists them")];
    };
    let mut module: Vec<&str> = place.split('/').collect();
    if module.last() == Some(&"mod") {
        module.pop();
    }
    let dependencies = dependencies();
    let modules = ["core", "models", "decimal", "params", "readers", "charts", "labs", "web"];
    let strange = |path: &Vec<String>| {
        let supers = path.iter().take_while(|part| *part == "super").count();
        // The number of leading parts that lead to the root of the crate.
        let root = match path[0].as_str() {
            "crate" => 1,
            "super" if supers == module.len() => supers,
            name => return dependencies.contains(name) && !layer.crates.contains(&name),
        };
        path.get(root)
            .map(String::as_str)
            .is_some_and(|name| modules.contains(&name) && !layer.ours.contains(&name))
    };
    let found = paths(&tokens(text)).into_iter().filter(strange);
    found.map(|path| format!("src/{file} names {}", path.join("::"))).collect()
}

/// Every path, split at `::`; a name alone is one only after `use`. A group `a::{b, c::d}` gives `a::b` and `a::c`.
fn paths(tokens: &[TokenTree]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let TokenTree::Group(group) = &tokens[at] {
            found.extend(paths(&flat(group.stream())));
        }
        let TokenTree::Ident(first) = &tokens[at] else {
            at += 1;
            continue;
        };
        let used = at > 0 && tokens[at - 1].to_string() == "use";
        let mut path = vec![first.to_string()];
        at += 1;
        while is_double_colon(tokens, at) {
            match tokens.get(at + 2) {
                Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let members = flat(group.stream());
                    let members = members.split(|token| is_punct(Some(token), ','));
                    found.extend(
                        members
                            .filter_map(<[_]>::first)
                            .map(|member| path.iter().cloned().chain([member.to_string()]).collect()),
                    );
                    break;
                }
                _ => break,
            }
            at += 3;
        }
        if path.len() > 1 || is_double_colon(tokens, at) || used {
            found.push(path);
        }
    }
    found
}

/// Calls of banned functions, outside of test modules.
fn inexact(file: &str, text: &str) -> Vec<String> {
    fn walk(tokens: &[TokenTree], found: &mut Vec<String>) {
        let mut inside_test = false;
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) if group.to_string().replace(' ', "") == "[cfg(test)]" => {
                    inside_test = true;
                }
                TokenTree::Group(group) if inside_test && group.delimiter() == Delimiter::Brace => {
                    inside_test = false;
                }
                TokenTree::Group(group) => walk(&flat(group.stream()), found),
                TokenTree::Ident(name) if INEXACT.contains(&name.to_string().as_str()) => {
                    let called = matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
                    let method = called && at > 0 && is_punct(tokens.get(at - 1), '.');
                    let function = at > 2
                        && is_double_colon(tokens, at - 2)
                        && ["f64", "f32"].contains(&tokens[at - 3].to_string().as_str());
                    if method || function {
                        found.push(name.to_string());
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&tokens(text), &mut found);
    found.into_iter().map(|name| format!("src/{file} calls {name}: use libm")).collect()
}

// ---- reading the source ----

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(file: &str) -> String {
    fs::read_to_string(source().join(file)).unwrap_or_else(|e| panic!("src/{file}: {e}"))
}

/// Every Rust file below `src`, as a path with slashes.
fn source_files() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let relative = path.strip_prefix(source()).unwrap();
                let parts: Vec<_> = relative.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&source(), &mut found);
    found.sort();
    assert!(found.len() >= 5, "the source is not where it is looked for: {found:?}");
    found
}

/// `core` for `core/exponent.rs`, `params` for `params.rs`.
fn top(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or(file)
}

/// Crates that Cargo.toml names for shipped code, as they are written in code.
fn dependencies() -> BTreeSet<String> {
    let mut inside = false;
    let mut found = BTreeSet::from(["plotters_backend".to_string()]);
    for line in include_str!("../Cargo.toml").lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]") && !line.contains("dev-");
        } else if let Some((name, _)) = line.split_once([' ', '.', '=']).filter(|_| inside) {
            found.insert(name.replace('-', "_"));
        }
    }
    found
}

fn tokens(text: &str) -> Vec<TokenTree> {
    flat(text.parse().unwrap_or_else(|e| panic!("this is not Rust: {e}\n{text}")))
}

fn flat(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}

fn is_double_colon(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}
