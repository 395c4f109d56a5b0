"""Signs of products of rational numbers by Python's fractions: the reference of tests/certificate.rs.

python3 tests/reference/certificates.py > tests/reference/certificates.json
"""

import json
import random
from fractions import Fraction


def sign(rate, decay, law):
    """The sign of sum n log|1 - rate (decay + h)|, from one exact fraction."""
    product = Fraction(1)
    for value, count in law:
        product *= abs(1 - Fraction(rate) * (Fraction(decay) + Fraction(value))) ** count
    if product == 0:
        return "minus infinity"
    return "zero" if product == 1 else "negative" if product < 1 else "positive"


def decimal(rng, digits, size):
    return f"{rng.uniform(-size, size):.{digits}f}"


def cases():
    rng = random.Random(20260101)
    for _ in range(60):
        law = [(decimal(rng, rng.randint(1, 12), 3), rng.randint(1, 40)) for _ in range(rng.randint(1, 9))]
        yield f"{rng.uniform(0.01, 3):.{rng.randint(2, 9)}f}", f"{rng.uniform(0, 0.3):.3f}", law
    # ties: factors r and 1/r as often, products of several, and their neighbours 30 digits away
    yield "1", "0", [("-1", 3), ("0.5", 3)]
    yield "1", "0", [("-3", 2), ("0.5", 4)]
    yield "0.5", "0", [("-6", 5), ("1.5", 10)]
    yield "1", "0", [("-4", 1), ("0.8", 1), ("-1", 2), ("0.75", 1)]
    yield "0.125", "0.8", [("-8.8", 3), ("3.2", 3)]
    yield "1", "0.25", [("-1.25", 7), ("0.25", 7)]
    yield "1", "0", [("0", 12), ("2", 5)]
    yield "1", "0", [("-1", 3), ("0.500000000000000000000000000001", 3)]
    yield "1", "0", [("-1", 3), ("0.499999999999999999999999999999", 3)]
    yield "1e-3", "0", [("-1e3", 4), ("5e2", 4)]
    yield "0.1", "0", [("10", 1), ("-3.7", 90)]
    yield "2", "0.3", [("0.2", 1), ("-1", 5)]


if __name__ == "__main__":
    rows = [
        {"rate": rate, "decay": decay, "law": law, "sign": sign(rate, decay, law)} for rate, decay, law in cases()
    ]
    print("[")
    print(",\n".join(json.dumps(row) for row in rows))
    print("]")
