"""What a person should know of a column of numbers that the file holds as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.checks import Examined, examine_stored
from gmm_desktop.data.table import LARGEST_EXACT_INTEGER, Column, quoted


def examine_column(column: Column) -> Examined:
    """Codes for a missing value and dates in disguise, in a column of numbers of a workbook or an array."""
    if column.values is None or column.dates:
        return Examined()
    return examine_stored(column.name, column.values, lambda rows: [column.text[row] for row in rows.tolist()])


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
