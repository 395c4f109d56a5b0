//! The WebAssembly modules. Trunk builds that of the first group of labs; those of the others, and the one with all
//! labs for the one-file page, are built here by the same tools with the same options. Cargo knows what has to be
//! compiled again, and what it left as it was is not optimised again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, thread};

use saddlescope::labs::{Entry, LABS};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The module with all labs. It is no part of the served page.
pub const ALL: &str = "all";
/// What reads files of numbers; it has no labs.
pub const READERS: &str = "readers";
/// The one-file page must stay below a megabyte: there these too are compiled for size. The numbers are the same. Not the core: for
/// size its vectors become calls of functions, and exact maps take ten times as long.
const SMALL: [&str; 2] = ["saddlescope-models", "libm"];
/// As the rust link of `index.html` has it. Nothing lies in the first kilobyte: the stack ends there. `fimfs`, `ocimfs`: functions larger
/// than that are not copied to where they are called, which the first compiler has done where it pays; 1 % smaller, and as fast. In the
/// order of their names functions that are alike lie together: brotli makes them 0.3 % smaller.
const OPTIMISE: &str = "--generate-global-effects -O3 --converge -fimfs 5 -ocimfs 20 --low-memory-unused --reorder-functions-by-name --strip-producers --strip-target-features";
/// Digits of the hashes in wasm-bindgen's names.
const HASH: usize = 16;
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

/// All labs as the scripts take them; `group` names the module that has a lab.
pub fn list(group: impl Fn(&'static str) -> &'static str) -> String {
    let about = |lab: &Entry| json!({ "id": lab.about.id, "question": lab.about.question, "group": group(lab.group) });
    LABS.iter().map(about).collect::<serde_json::Value>().to_string()
}

/// Compiles the labs of the groups `names`, or [`ALL`], or [`READERS`]. Gives for each the folder with `<name>.js` and
/// `<name>_bg.wasm`, in the same order. Cargo compiles one at a time; meanwhile those before it are finished.
pub fn build(root: &Path, names: &[&'static str]) -> Result<Vec<PathBuf>, String> {
    thread::scope(|scope| {
        let mut finishing = Vec::new();
        for (index, name) in names.iter().enumerate() {
            eprintln!("module {} of {}: {name}", index + 1, names.len());
            let raw = compile(root, name)?;
            let finished = target(root).join("modules").join(name);
            finishing.push(scope.spawn(move || finish(name, &raw, finished)));
        }
        let panicked = |_| Err("a thread of the build stopped".to_string());
        finishing.into_iter().map(|thread| thread.join().unwrap_or_else(panicked)).collect()
    })
}

/// The module as the compiler leaves it.
fn compile(root: &Path, name: &str) -> Result<PathBuf, String> {
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

    Ok(target(root).join(format!("wasm32-unknown-unknown/release/{name}.wasm")))
}

fn target(root: &Path) -> PathBuf {
    root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into()))
}

/// Makes the glue and the shorter module, if they were not made of the same `raw` before, in the folder `finished`.
fn finish(name: &str, raw: &Path, finished: PathBuf) -> Result<PathBuf, String> {
    let bytes = fs::read(raw).map_err(|e| super::said(raw, &e))?;
    let made_from = format!("{:x?} {OPTIMISE}", Sha256::digest(bytes).as_slice());
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
        .arg(raw))?;
    let wasm = finished.join(format!("{name}_bg.wasm"));
    run(Command::new("wasm-opt").args(OPTIMISE.split(' ')).arg(&wasm).arg("--output").arg(&wasm))?;
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

/// Writes numbers in place of the hashes at the ends of the names by which a module and its glue know each other: a download
/// cannot compress hashes. A module may only be shortened together with its own glue.
pub fn number_imports(name: &str, app: &Path) -> Result<(), String> {
    let (glue, wasm) = (app.join(format!("{name}.js")), app.join(format!("{name}_bg.wasm")));
    let mut script = super::read(&glue)?;
    let mut module = fs::read(&wasm).map_err(|e| super::said(&wasm, &e))?;
    for (number, hashed) in hashed_names(&script).iter().enumerate() {
        let numbered = format!("{}{number:0HASH$}", &hashed[..hashed.len() - HASH]);
        script = script.replace(hashed, &numbered);
        let mut from = 0;
        while let Some(at) = module[from..].windows(hashed.len()).position(|bytes| bytes == hashed.as_bytes())
        {
            module[from + at..][..hashed.len()].copy_from_slice(numbered.as_bytes());
            from += at + hashed.len();
        }
    }
    super::write(&glue, &script)?;
    fs::write(&wasm, module).map_err(|e| super::said(&wasm, &e))
}

/// The names in a glue that end with a hash.
fn hashed_names(script: &str) -> BTreeSet<String> {
    let name = |rest: &str| -> Option<String> {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let (stem, hash) = rest[..end].rsplit_once('_')?;
        let hashed = hash.len() == HASH && hash.chars().all(|c| c.is_ascii_hexdigit());
        hashed.then(|| format!("__wbg_{stem}_{hash}"))
    };
    script.split("__wbg_").skip(1).filter_map(name).collect()
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|e| format!("{program} does not run ({e}): ./dev build installs what is missing"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} failed: {command:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_found_whole() {
        let glue = "__wbg_fillRect_0ef59adb9acb7d06: f, __wbg_get_0123456789abcdef(), __wbg___wbindgen_x_0123456789abcdeg: g, __wbg_ptr;";
        let found: Vec<String> = hashed_names(glue).into_iter().collect();
        assert_eq!(found, ["__wbg_fillRect_0ef59adb9acb7d06", "__wbg_get_0123456789abcdef"]);
    }

    #[test]
    fn a_module_and_its_glue_get_the_same_numbers() {
        let app = env::temp_dir().join(format!("saddlescope-names-{}", std::process::id()));
        fs::create_dir_all(&app).unwrap();
        fs::write(app.join("m.js"), "a: __wbg_b_00000000000000ff, c: __wbg_a_0123456789abcdef();").unwrap();
        fs::write(app.join("m_bg.wasm"), "\0__wbg_a_0123456789abcdef\x01__wbg_b_00000000000000ff").unwrap();
        number_imports("m", &app).unwrap();
        let (script, module) = (
            fs::read_to_string(app.join("m.js")).unwrap(),
            fs::read_to_string(app.join("m_bg.wasm")).unwrap(),
        );
        fs::remove_dir_all(&app).unwrap();
        assert_eq!(script, "a: __wbg_b_0000000000000001, c: __wbg_a_0000000000000000();");
        assert_eq!(module, "\0__wbg_a_0000000000000000\x01__wbg_b_0000000000000001");
    }
}
