//! The WebAssembly modules. Trunk builds that of the first group of labs; those of the others, and the one with all
//! labs for the one-file page, are built here by the same tools with the same options. Cargo knows what has to be
//! compiled again, and what it left as it was is not optimised again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use saddlescope::labs::LABS;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The module with all labs. It is no part of the served page.
pub const ALL: &str = "all";
/// What reads files of numbers; it has no labs.
pub const READERS: &str = "readers";
/// The one-file page must stay below a megabyte: there the mathematics too is compiled for size. The numbers are the same.
const SMALL: [&str; 3] = ["saddlescope-core", "saddlescope-models", "libm"];
/// As the rust link of `index.html` has it.
const OPTIMISE: &str = "-O3";
/// Beside the finished files: what they were made from.
const STAMP: &str = "made-from";

/// The groups that have labs, the first one first.
pub fn groups() -> Vec<&'static str> {
    let mut groups = Vec::new();
    for entry in LABS {
        if !groups.contains(&entry.group) {
            groups.push(entry.group);
        }
    }
    groups
}

/// All labs as `start.js` takes them; `group` names the module that has a lab.
pub fn list(group: impl Fn(&'static str) -> &'static str) -> String {
    let labs = LABS
        .iter()
        .map(|lab| json!({ "id": lab.about.id, "question": lab.about.question, "group": group(lab.group) }));
    labs.collect::<serde_json::Value>().to_string()
}

/// The folder with `<name>.js` and `<name>_bg.wasm`: the labs of the group `name`, or [`ALL`].
pub fn build(root: &Path, name: &str) -> Result<PathBuf, String> {
    let features =
        if name == ALL { [&groups()[..], &[READERS]].concat().join(",") } else { name.to_string() };
    let small = SMALL.iter().filter(|_| name == ALL);
    run(Command::new("cargo")
        .args([
            "build",
            "--quiet",
            "--locked",
            "--offline",
            "--release",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .args(small.flat_map(|package| {
            ["--config".to_string(), format!("profile.release.package.{package}.opt-level=\"z\"")]
        }))
        .args(["--bin", name, "--no-default-features", "--features", &format!("module,{features}")])
        .current_dir(root))?;

    let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into()));
    let raw = target.join(format!("wasm32-unknown-unknown/release/{name}.wasm"));
    let bytes = fs::read(&raw).map_err(|e| super::said(&raw, &e))?;
    let made_from = format!("{:x?} {OPTIMISE}", Sha256::digest(bytes).as_slice());
    let finished = target.join("modules").join(name);
    let stamp = finished.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|text| text == made_from) {
        return Ok(finished);
    }
    // The stamp goes first: should a tool fail, nothing half finished is taken for the module next time.
    if finished.exists() {
        fs::remove_dir_all(&finished).map_err(|e| super::said(&finished, &e))?;
    }
    run(Command::new("wasm-bindgen")
        .args(["--target=web", "--no-typescript", "--out-name", name, "--out-dir"])
        .arg(&finished)
        .arg(&raw))?;
    let wasm = finished.join(format!("{name}_bg.wasm"));
    run(Command::new("wasm-opt").arg(OPTIMISE).arg(&wasm).arg("--output").arg(&wasm))?;
    super::write(&stamp, &made_from)?;
    Ok(finished)
}

/// Copies the two files of a module.
pub fn copy(name: &str, from: &Path, to: &Path) -> Result<(), String> {
    for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
        fs::copy(from.join(&file), to.join(&file)).map_err(|e| super::said(&from.join(&file), &e))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|e| format!("{program} does not run ({e}): ./dev build installs what is missing"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} failed: {command:?}")) }
}
