"""What a person should know of a column of numbers: digits lost, and -999 and its like where there is no value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.table import LARGEST_EXACT_INTEGER, Column, Suspect, quoted

_NINES = [sign * (10.0**digits - 1) for digits in (2, 3, 4, 5, 6) for sign in (-1.0, 1.0)]
#: How far from the other numbers, in widths of their range, a number lies that is none.
_APART = 0.5


def find_suspect(column: Column, values: NDArray[np.float64]) -> Suspect | None:
    """A number made of nines that lies apart from all others, as the file writes it."""
    with np.errstate(invalid="ignore", over="ignore"):
        finite = values[np.isfinite(values)]
        if finite.size < 3:
            return None
        ends = {float(finite.min()), float(finite.max())}
        for nines in _NINES:
            if nines not in ends:
                continue
            others = finite[finite != nines]
            if not others.size:
                continue
            low, high = float(others.min()), float(others.max())
            gap = low - nines if nines < low else nines - high
            if gap > _APART * max(high - low, abs(high), abs(low)):
                where = np.flatnonzero(values == nines)
                return Suspect(column.name, column.text[int(where[0])], len(where))
    return None


def said_of_large(name: str, values: NDArray[np.float64]) -> list[str]:
    """What is said of integers that a 64-bit number does not hold."""
    with np.errstate(invalid="ignore"):
        finite = values[np.isfinite(values)]
    if not finite.size or max(finite.max(), -finite.min()) < LARGEST_EXACT_INTEGER:
        return []
    return [
        f"Integers in {quoted(name)} are larger than {LARGEST_EXACT_INTEGER} and were rounded to about 16 digits; if "
        "they are names and not quantities, do not fit them."
    ]
