//! The presets: saddles that attract, what closes their window, and what moments miss.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "attractive-saddle", title: "A saddle that attracts", set: &[] },
    Preset { id: "gaussian-saddle", title: "Gaussian saddle", set: &[("law", "gaussian"), ("x1", "3")] },
    Preset {
        id: "batch-closes",
        title: "A larger batch closes the window",
        set: &[("law", "gaussian"), ("batch", "3"), ("lr", "1"), ("x1", "6")],
    },
    Preset {
        id: "minimum",
        title: "A minimum that L₂ calls unstable",
        set: &[("law", "discrete"), ("values", "0.1,3"), ("probs", "0.9,0.1"), ("lr", "1.2"), ("x1", "20")],
    },
    Preset { id: "lands", title: "Lands exactly", set: &[("a", "2"), ("lr", "1")] },
];
