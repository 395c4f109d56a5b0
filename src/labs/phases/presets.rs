//! The presets: diagrams after the paper's, and what they leave out.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "two-point", title: "Two-point noise, batch 1", set: &[] },
    Preset { id: "batch-2", title: "Two-point noise, batch 2", set: &[("batch", "2"), ("a", "-0.8")] },
    Preset { id: "batch-4", title: "Two-point noise, batch 4", set: &[("batch", "4"), ("a", "-0.8")] },
    Preset { id: "batch-8", title: "Two-point noise, batch 8", set: &[("batch", "8"), ("a", "-0.8")] },
    Preset { id: "label-flips", title: "Flipped labels", set: &[("a", "-1"), ("q", "0.4"), ("y", "q")] },
    Preset { id: "gaussian", title: "Gaussian noise", set: &[("law", "gaussian"), ("lr", "0.5")] },
    Preset {
        id: "teacher",
        title: "Linear teacher",
        set: &[("law", "teacher"), ("lr", "0.15"), ("noise", "3.9")],
    },
    Preset {
        id: "teacher-log",
        title: "Linear teacher, logarithmic axes",
        set: &[
            ("law", "teacher"),
            ("slope", "1"),
            ("lr", "0.05"),
            ("noise", "15"),
            ("x0", "0.01"),
            ("x1", "10"),
            ("xlog", "1"),
            ("y0", "0.1"),
            ("y1", "30"),
            ("ylog", "1"),
        ],
    },
    Preset {
        id: "finite-data",
        title: "Sixteen samples of the teacher",
        set: &[("law", "teacher"), ("n", "16"), ("lr", "0.4"), ("noise", "2"), ("seed", "245")],
    },
    Preset {
        id: "weight-decay",
        title: "Weight decay",
        set: &[("x", "decay"), ("y", "a"), ("decay", "0.2"), ("a", "-1.2")],
    },
];
