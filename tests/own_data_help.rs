//! The page on where curvatures come from: its part for `numpy` runs as it stands, and the readers read what it saves.

use saddlescope::readers::meaning::{Meaning, arrange, meanings};
use saddlescope::readers::{Table, read};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

const TEXT: &str = include_str!("../src/labs/own-data.md");

/// The blocks of Python.
fn blocks() -> Vec<&'static str> {
    TEXT.split("```python\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// A Python that has `numpy`.
fn python() -> String {
    let names = [env::var("PYTHON").unwrap_or_default(), "python3".into(), "/usr/bin/python3".into()];
    let has_numpy = |name: &&String| {
        Command::new(name.as_str())
            .args(["-c", "import numpy"])
            .output()
            .is_ok_and(|done| done.status.success())
    };
    names.iter().find(has_numpy).expect("a Python with NumPy: install python3-numpy, or set PYTHON").clone()
}

fn load(folder: &Path, name: &str) -> Table {
    read(&fs::read(folder.join(name)).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_numpy_part_saves_what_the_page_reads() {
    let folder = env::temp_dir().join(format!("saddlescope-own-data-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let numpy =
        blocks().into_iter().find(|block| !block.contains("torch") && !block.contains("jax")).unwrap();
    let done = Command::new(python()).args(["-c", numpy]).current_dir(&folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(said.lines().count(), 3);
    assert!(said.contains("hessians.npy (200, 3, 3) float64 True"), "{said}");

    let (values, inputs, hessians) =
        (load(&folder, "curvatures.npy"), load(&folder, "inputs.npy"), load(&folder, "hessians.npy"));
    assert_eq!(
        (&values.axes[..], &inputs.axes[..], &hessians.axes[..]),
        (&[200][..], &[200, 3][..], &[200, 3, 3][..])
    );
    assert_eq!(meanings(&values, &[1]).unwrap(), [Meaning::Values]);
    for n in 0..200 {
        let x = &inputs.numbers[3 * n..3 * n + 3];
        let h = x[0] * (x[0] - 0.5 * x[1] + 0.3);
        assert!((values.numbers[n] - h).abs() < 1e-12);
        for (place, entry) in hessians.numbers[9 * n..9 * n + 9].iter().enumerate() {
            assert!((entry - x[place / 3] * x[place % 3]).abs() < 1e-15);
        }
    }
    assert_eq!(arrange(hessians, Meaning::Matrices).unwrap().shape.to_string(), "200x3x3");
    let text = load(&folder, "curvatures.csv");
    assert!(
        text.numbers
            .iter()
            .zip(&values.numbers)
            .all(|(one, other)| (one - other).abs() <= 1e-15 * other.abs().max(1.0))
    );
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn each_recipe_is_short_and_saves_doubles() {
    let blocks = blocks();
    assert_eq!(blocks.len(), 3);
    for block in &blocks {
        let lines = block.lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= 20, "{lines} lines");
        assert!(block.contains("np.save("));
    }
    assert!(blocks[..2].iter().all(|block| block.contains("dtype=\"f8\"")));
}
