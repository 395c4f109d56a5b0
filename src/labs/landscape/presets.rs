//! The presets: activations whose origin is the same saddle up to a factor, and one that has no exponent.

use crate::labs::Preset;

/// Named parameter sets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { id: "gelu", title: "GELU: a correct and a wrong minimum", set: &[] },
    Preset {
        id: "collapse",
        title: "More label noise: the saddle attracts",
        set: &[("noise", "3"), ("lr", "0.4")],
    },
    Preset { id: "swish", title: "Swish", set: &[("activation", "swish"), ("lr", "0.3")] },
    Preset {
        id: "tanh",
        title: "tanh: two mirrored minima",
        set: &[("activation", "tanh"), ("mirror", "0"), ("lr", "0.3")],
    },
    Preset {
        id: "interpolating",
        title: "No noise: L₂ and exact limits of a minimum that every sample agrees on",
        set: &[("mirror", "0"), ("noise", "0"), ("lr", "0.5")],
    },
    Preset { id: "relu", title: "ReLU: no exponent at 0", set: &[("activation", "relu")] },
];
