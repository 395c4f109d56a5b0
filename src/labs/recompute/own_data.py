"""Numbers of one's own: in the link itself, or in a file whose SHA-256 it names.

The file is the second argument of the script: .npy, .json, or text with numbers in columns. Its numbers must have the SHA-256 that
the link says (of the little-endian doubles, row by row), as a whole or one of its columns alone.
"""

import base64
import hashlib
import json
import sys

import numpy as np


def own_numbers(text):
    """The numbers that `i.<shape>.<base64url>` holds or `h.<shape>.<SHA-256>` names."""
    kind, shape, rest = text.split(".", 2)
    shape = tuple(int(axis) for axis in shape.split("x"))
    if kind == "i":
        return np.frombuffer(base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)), "<f8").reshape(shape)
    if len(sys.argv) < 3:
        sys.exit(f"This state is about {' × '.join(map(str, shape))} numbers in a file: name it, python recompute.py picture.png FILE.")
    found = numbers_in(sys.argv[2])
    columns = list(found.T) if found.ndim == 2 else []
    for candidate in [found, *columns]:
        if candidate.size == np.prod(shape) and hashlib.sha256(np.ascontiguousarray(candidate, "<f8").tobytes()).hexdigest() == rest:
            return np.ascontiguousarray(candidate, float).reshape(shape)
    sys.exit(f"{sys.argv[2]} does not hold the numbers of this state: their SHA-256 is another one.")


def numbers_in(path):
    if path.endswith(".npy"):
        return np.load(path, allow_pickle=False).astype(float)
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    if path.endswith(".json"):
        return np.array(json.loads(text), float)
    rows = [line.replace(",", " ").replace(";", " ").split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        float(rows[0][0])
    except ValueError:
        rows = rows[1:]  # a heading
    return np.array(rows, float)
