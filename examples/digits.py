#!/usr/bin/env python3
"""Writes www/assets/digits.bin, the handwritten digits of the lab `network`.

    python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python examples/digits.py

The file: 64 planes of 1797 bytes, plane 8·row + column holding that pixel (0–16) of every image in the order of the set,
then 1797 bytes, the labels (0–9). Planes compress better than images. Prints the SHA-256 that src/labs/network/digits.rs
must name.
"""

import hashlib
import pathlib

from sklearn.datasets import load_digits

digits = load_digits()
images = digits.data.astype("uint8")
labels = digits.target.astype("uint8")
assert images.shape == (1797, 64) and (images == digits.data).all() and images.max() == 16

data = images.T.tobytes() + labels.tobytes()
path = pathlib.Path(__file__).resolve().parent.parent / "www" / "assets" / "digits.bin"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_bytes(data)
print(len(data), "bytes, SHA-256", hashlib.sha256(data).hexdigest())
