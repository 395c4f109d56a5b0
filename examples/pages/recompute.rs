//! The Python scripts that recompute a lab's numbers, each made one file.

use std::path::Path;

/// What a script shares with others: the line `from NAME import *` stands for this file of `src/labs/`.
const SHARED: [(&str, &str); 2] = [("laws", "direction/laws.py"), ("activation", "activation.py")];

/// The script of a lab, with what it imports from its neighbours copied in; the page fills in the state.
pub fn script(labs: &Path, id: &str) -> Result<String, String> {
    let path = labs.join(id).join("recompute.py");
    let source = super::read(&path)?;
    let mut script = String::new();
    for line in source.split_inclusive('\n') {
        let shared = SHARED.iter().find(|(name, _)| line.starts_with(&format!("from {name} import *")));
        match shared {
            Some((_, file)) => script.push_str(&body(&super::read(&labs.join(file))?)?),
            None => script.push_str(line),
        }
    }
    Ok(script)
}

/// A module's code; its heading becomes a comment.
fn body(source: &str) -> Result<String, String> {
    let (heading, code) = source
        .strip_prefix("\"\"\"")
        .and_then(|rest| rest.split_once("\"\"\"\n"))
        .ok_or("a shared Python module must begin with its heading in three quotes")?;
    let comment: String =
        heading.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect();
    Ok(comment + code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_module_becomes_a_comment_and_code() {
        assert_eq!(
            body("\"\"\"One.\n\nTwo.\n\"\"\"\n\nimport math\n").unwrap(),
            "# One.\n#\n# Two.\n\nimport math\n"
        );
        assert!(body("import math\n").is_err());
    }
}
