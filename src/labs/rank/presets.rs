//! The presets: the staircase of ranks, and what moves or blurs it.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "staircase", title: "Staircase of ranks, one-hot inputs", set: &[] },
    Preset {
        id: "dense",
        title: "Dense inputs: one product for all neurons",
        set: &[("inputs", "dense"), ("x1", "0.12"), ("lr", "0.04"), ("noise", "3")],
    },
    Preset {
        id: "batch",
        title: "A batch of 4 keeps more modes",
        set: &[("batch", "4"), ("y1", "8"), ("noise", "4.6"), ("pixels", "24")],
    },
    Preset {
        id: "swish",
        title: "Swish: half the slope at 0",
        set: &[("activation", "swish"), ("x1", "0.7"), ("lr", "0.3")],
    },
    Preset {
        id: "decay",
        title: "Weight decay takes the weak modes first",
        set: &[("decay", "0.1"), ("lr", "0.1"), ("noise", "0.5")],
    },
    Preset {
        id: "narrow",
        title: "Two neurons for four modes",
        set: &[("width", "2"), ("lr", "0.1"), ("noise", "1")],
    },
];
