//! The presets.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "both", title: "A bias makes the saddle Type-I", set: &[] },
    Preset { id: "same", title: "Without bias both are the Type-II saddle", set: &[("bias", "0")] },
    Preset {
        id: "noise",
        title: "More label noise: one escapes sooner, the other is held",
        set: &[("noise", "10"), ("lr", "0.08")],
    },
    Preset { id: "swish", title: "Swish", set: &[("activation", "swish"), ("lr", "0.2")] },
    Preset { id: "relu", title: "ReLU: no Hessian without bias", set: &[("activation", "relu")] },
];
