//! The page's scripts and style sheet, made few and short by esbuild: a telephone waits for every file that it asks for.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::modules;

/// Browsers with WebAssembly SIMD know all of this.
const LANGUAGE: &str = "--target=es2022";
/// The first script, and the one that it imports while the module of the link's lab is on its way.
const START: [&str; 2] = ["start.js", "main.js"];
/// Classic scripts: each is whole.
const CLASSIC: [&str; 2] = ["first.js", "fallback.js"];
/// Modules with an address of their own.
const MODULES: [&str; 2] = ["start.js", "worker.js"];
/// What `import.meta.url` is in the one file: it has no neighbours that anybody could ask for.
const NOWHERE: &str = "--define:import.meta.url=\"file:///saddlescope.html\"";

/// Writes the scripts of `www` and what they import, now or later, into `app`, side by side. Gives the names of those that the
/// first picture needs: the page asks for all of them at once, not one level after the other.
pub fn write(root: &Path, app: &Path) -> Result<Vec<String>, String> {
    let www = root.join("www");
    let report = app.join("scripts.json");
    esbuild(
        Command::new("esbuild")
            .args(MODULES.map(|name| www.join(name)))
            .args(["--bundle", "--splitting", "--format=esm", "--chunk-names=[name]-[hash]"])
            .arg(labs(|group| group))
            .arg(format!("--outdir={}", app.display()))
            .arg(format!("--metafile={}", report.display())),
    )?;
    let outputs = serde_json::from_str::<Value>(&super::read(&report)?).map_err(|e| e.to_string())?;
    std::fs::remove_file(&report).map_err(|e| super::said(&report, &e))?;
    esbuild(
        Command::new("esbuild")
            .args(CLASSIC.map(|name| www.join(name)))
            .args(["--bundle", "--format=iife"])
            .arg(labs(|group| group))
            .arg(format!("--outdir={}", app.display())),
    )?;
    needed(&outputs["outputs"])
}

/// The labs, where the scripts say `LABS`.
fn labs(group: impl Fn(&'static str) -> &'static str) -> String {
    format!("--define:LABS={}", modules::list(group))
}

/// The names of the scripts that make the start, and of all that they import, from esbuild's report.
fn needed(outputs: &Value) -> Result<Vec<String>, String> {
    let outputs = outputs.as_object().ok_or("esbuild reports no files")?;
    let named = |source: &str| {
        let ends = |output: &&Value| output["entryPoint"].as_str().is_some_and(|path| path.ends_with(source));
        outputs.iter().find(|(_, output)| ends(output)).map(|(path, _)| path.clone())
    };
    let mut waiting = Vec::new();
    for name in START {
        waiting.push(named(&format!("www/{name}")).ok_or(format!("esbuild made nothing of {name}"))?);
    }
    let mut found = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        for import in outputs[&path]["imports"].as_array().into_iter().flatten() {
            if import["kind"] == "import-statement" {
                waiting
                    .extend(import["path"].as_str().map(String::from).filter(|path| !found.contains(path)));
            }
        }
        found.insert(path);
    }
    Ok(found.into_iter().filter_map(|path| path.rsplit('/').next().map(String::from)).collect())
}

/// Makes one file of `app` shorter without changing what it does: the glue of a module, the style sheet.
pub fn shorten(file: &Path) -> Result<(), String> {
    esbuild(
        Command::new("esbuild")
            .arg(file)
            .arg(format!("--outfile={}", file.display()))
            .arg("--allow-overwrite"),
    )
}

/// One classic script that has everything in it, from `www/<entry>`; `glue` is that of the module with all labs.
pub fn whole(root: &Path, entry: &str, glue: &Path, format: &str) -> Result<String, String> {
    let mut command = Command::new("esbuild");
    command
        .arg(root.join("www").join(entry))
        .args(["--bundle", NOWHERE, "--log-override:empty-import-meta=silent"])
        .arg(format!("--format={format}"))
        .arg(format!("--alias:glue={}", glue.display()))
        .arg(labs(|_| modules::ALL));
    let bytes = esbuild_output(&mut command)?;
    String::from_utf8(bytes).map_err(|e| format!("{entry}: {e}"))
}

fn esbuild(command: &mut Command) -> Result<(), String> {
    esbuild_output(command).map(drop)
}

fn esbuild_output(command: &mut Command) -> Result<Vec<u8>, String> {
    command.args(["--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning", LANGUAGE]);
    let output = command
        .output()
        .map_err(|e| format!("esbuild does not run ({e}): ./dev build installs what is missing"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("esbuild failed: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_start_needs_what_it_imports_at_once_and_nothing_later() {
        let statement = |path: &str| json!({ "kind": "import-statement", "path": path });
        let outputs = json!({
            "a/start.js": { "entryPoint": "www/start.js", "imports": [statement("a/shared-1.js"), { "kind": "dynamic-import", "path": "a/main-2.js" }] },
            "a/main-2.js": { "entryPoint": "www/main.js", "imports": [statement("a/shared-1.js"), { "kind": "dynamic-import", "path": "a/share-3.js" }] },
            "a/share-3.js": { "entryPoint": "www/components/share.js", "imports": [] },
            "a/shared-1.js": { "imports": [] },
        });
        assert_eq!(needed(&outputs).unwrap(), ["main-2.js", "shared-1.js", "start.js"]);
        assert!(needed(&json!({ "a/start.js": { "entryPoint": "www/start.js", "imports": [] } })).is_err());
    }
}
