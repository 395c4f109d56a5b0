//! The presets: where a network collapses, where it learns a low rank, and where the theory of the origin is silent.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "noisy-labels", title: "Noisy labels: collapse", set: &[] },
    Preset { id: "clean-labels", title: "Clean labels: a low rank", set: &[("noise", "0")] },
    Preset { id: "no-decay", title: "Without decay", set: &[("noise", "0"), ("decay", "0")] },
    Preset {
        id: "one-at-a-time",
        title: "One image at a time",
        set: &[("batch", "1"), ("epochs", "10"), ("x0", "0.001"), ("x1", "1")],
    },
    Preset {
        id: "squared-gelu",
        title: "Squared loss, GELU",
        set: &[("loss", "squared"), ("activation", "gelu"), ("noise", "0"), ("decay", "0.5"), ("x1", "1")],
    },
    Preset {
        id: "relu",
        title: "ReLU: no Hessian",
        set: &[("activation", "relu"), ("noise", "0"), ("decay", "0")],
    },
    Preset { id: "depth-4", title: "Four layers: no exponent", set: &[("depth", "4"), ("epochs", "10")] },
    Preset {
        id: "residual-4",
        title: "Four layers, residual",
        set: &[("depth", "4"), ("residual", "1"), ("epochs", "10")],
    },
    Preset {
        id: "label-noise",
        title: "Over label noise: the rank falls",
        set: &[
            ("x", "noise"),
            ("rates", "11"),
            ("lr", "0.13"),
            ("depth", "4"),
            ("residual", "1"),
            ("epochs", "10"),
        ],
    },
    Preset {
        id: "label-noise-no-decay",
        title: "Over label noise, no decay: the rank rises",
        set: &[
            ("x", "noise"),
            ("rates", "11"),
            ("decay", "0"),
            ("depth", "4"),
            ("residual", "1"),
            ("epochs", "10"),
        ],
    },
];
