"""Numbers that are written where there is no value: -999 and its like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.table import Column, Suspect

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
