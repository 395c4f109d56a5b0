//! The presets: spectra with a closed form, and one neuron whose noise contracts in few dimensions and expands in many.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "sphere-2", title: "Unit inputs, d = 2", set: &[] },
    Preset { id: "sphere-8", title: "Unit inputs, d = 8", set: &[("dim", "8")] },
    Preset {
        id: "gaussian-1",
        title: "Gaussian inputs, d = 1",
        set: &[("input_law", "gaussian"), ("dim", "1"), ("lr", "1.5")],
    },
    Preset {
        id: "gaussian-2",
        title: "Gaussian inputs, d = 2",
        set: &[("input_law", "gaussian"), ("dim", "2"), ("lr", "0.7")],
    },
    Preset {
        id: "gaussian-8",
        title: "Gaussian inputs, d = 8",
        set: &[("input_law", "gaussian"), ("dim", "8"), ("lr", "0.21")],
    },
    Preset {
        id: "gaussian-1-batch-4",
        title: "Gaussian inputs, d = 1, S = 4",
        set: &[("input_law", "gaussian"), ("dim", "1"), ("batch", "4"), ("lr", "2")],
    },
    Preset {
        id: "gaussian-2-batch-4",
        title: "Gaussian inputs, d = 2, S = 4",
        set: &[("input_law", "gaussian"), ("dim", "2"), ("batch", "4"), ("lr", "1.5")],
    },
    Preset {
        id: "gaussian-8-batch-4",
        title: "Gaussian inputs, d = 8, S = 4",
        set: &[("input_law", "gaussian"), ("dim", "8"), ("batch", "4"), ("lr", "0.65")],
    },
    Preset {
        id: "neuron-1-1",
        title: "One neuron (1, 1): noise contracts in one dimension",
        set: &[
            ("law", "neuron"),
            ("outputs", "1"),
            ("inputs", "1"),
            ("input_law", "gaussian"),
            ("lr", "0.4"),
        ],
    },
    Preset {
        id: "neuron-4-8",
        title: "One neuron (4, 8): noise expands in many",
        set: &[
            ("law", "neuron"),
            ("outputs", "4"),
            ("inputs", "8"),
            ("input_law", "gaussian"),
            ("lr", "0.4"),
        ],
    },
    Preset { id: "fibonacci", title: "Random Fibonacci", set: &[("law", "fibonacci")] },
    Preset {
        id: "newman",
        title: "Independent Gaussian entries (Newman)",
        set: &[("law", "gaussian"), ("dim", "8")],
    },
];
