"""Activation functions φ with φ′ and φ″, as functions of NumPy arrays."""

import numpy as np
from scipy import special

normal_pdf = lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
ACTIVATIONS = {
    "linear": (lambda z: z, np.ones_like, np.zeros_like),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda z: -2 * np.tanh(z) * (1 - np.tanh(z) ** 2)),
    "swish": (
        lambda z: z * special.expit(z),
        lambda z: special.expit(z) * (1 + z * special.expit(-z)),
        lambda z: special.expit(z) * special.expit(-z) * (2 + z * (special.expit(-z) - special.expit(z))),
    ),
    "gelu": (lambda z: z * special.ndtr(z), lambda z: special.ndtr(z) + z * normal_pdf(z), lambda z: (2 - z * z) * normal_pdf(z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, np.zeros_like),
}


def slope_at_zero(name):
    """φ′(0); None for ReLU, which has a kink there and so no Hessian."""
    return None if name == "relu" else float(ACTIVATIONS[name][1](np.zeros(1))[0])
