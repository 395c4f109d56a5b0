"""Writes the sample files of www/examples/: curvatures of a Gaussian saddle, inputs and Hessians of small regressions.

Run from the root of the project; needs nothing but Python 3. The files are made once and kept.
"""

import json
import random
import struct

FOLDER = "www/examples/"


def npy(name, shape, numbers, fortran=False):
    """What numpy.save writes for an array of doubles; `numbers` in the order of the file."""
    header = f"{{'descr': '<f8', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    with open(FOLDER + name, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(numbers)}d", *numbers))


def text(name, lines):
    with open(FOLDER + name, "w", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


draw = random.Random(2303)
curvatures = [round(draw.gauss(-0.2, 1.0), 4) for _ in range(120)]
text("curvatures.csv", ["# curvature of the loss along one direction, one sample a line", "h", *map(str, curvatures)])
text("curvatures.tsv", ["sample\th", *(f"{i}\t{h}" for i, h in enumerate(curvatures, 1))])
with open(FOLDER + "curvatures.json", "w") as file:
    json.dump(curvatures, file)
    file.write("\n")
npy("curvatures.npy", (2000,), [draw.gauss(-0.2, 1.0) for _ in range(2000)])

inputs = [[round(draw.gauss(0.0, 1.0), 3) for _ in range(3)] for _ in range(100)]
text("inputs.csv", ["x1,x2,x3", *(",".join(map(str, row)) for row in inputs)])


def hessian(d):
    """x x^T of a Gaussian input."""
    x = [draw.gauss(0.0, 1.0) for _ in range(d)]
    return [[a * b for b in x] for a in x]


matrices = [hessian(4) for _ in range(50)]
# The first axis fastest: Fortran order.
npy("hessians.npy", (50, 4, 4), [matrices[n][i][j] for j in range(4) for i in range(4) for n in range(50)], fortran=True)
with open(FOLDER + "hessians.json", "w") as file:
    json.dump([[[round(v, 4) for v in row] for row in hessian(2)] for _ in range(60)], file)
    file.write("\n")
