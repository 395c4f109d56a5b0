//! The WebAssembly modules. Trunk builds that of the first group of labs; the others, and one with all labs for the
//! one-file page, are built here by the same tools with the same options.
//!
//! Each has a target folder of its own below `target/modules/`: Cargo keeps one cdylib per folder, whatever its features,
//! and so builds again only what changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use saddlescope::labs::LABS;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The module with all labs, by the name of its glue. It is no part of the served page.
pub const ALL: &str = "saddlescope";
/// As the rust link of `index.html` has it.
const OPTIMISE: &str = "-O3";
/// Beside the finished files: the SHA-256 of the wasm they were made from.
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
    serde_json::Value::from_iter(labs).to_string()
}

/// The folder with `<name>.js` and `<name>_bg.wasm`: the labs of the group `name`, or all for [`ALL`].
pub fn build(root: &Path, name: &str) -> Result<PathBuf, String> {
    let target = root.join("target/modules").join(name);
    let finished = target.join("finished");
    let mut cargo = Command::new("cargo");
    cargo.args([
        "build",
        "--quiet",
        "--locked",
        "--offline",
        "--lib",
        "--release",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    if name != ALL {
        cargo.args(["--no-default-features", "--features", name]);
    }
    run(cargo.arg("--target-dir").arg(&target).current_dir(root))?;

    let raw = target.join("wasm32-unknown-unknown/release/saddlescope.wasm");
    let bytes = std::fs::read(&raw).map_err(|e| super::said(&raw, &e))?;
    let made_from = format!("{:x?} {OPTIMISE}", Sha256::digest(bytes).as_slice());
    let stamp = finished.join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == made_from) {
        return Ok(finished);
    }
    // Without the stamp: should one of the tools fail, nothing half finished is taken for the module next time.
    if finished.exists() {
        std::fs::remove_dir_all(&finished).map_err(|e| super::said(&finished, &e))?;
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
        std::fs::copy(from.join(&file), to.join(&file)).map_err(|e| super::said(&from.join(&file), &e))?;
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
