"""What a person should know about a column of numbers: codes for a missing value, digits lost, dates in disguise.

Each check begins with the smallest and the largest number, so that ten million usual ones cost a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.table import LARGEST_EXACT_INTEGER, Suspect, counted, quoted

#: Numbers that people and instruments write for a missing value.
_NINES = [
    sign * digits
    for digits in (999, 9999, 99999, 999999, 9999999, 99.99, 999.9, 999.99, 9999.9, 9999.99, 99999.99)
    for sign in (1.0, -1.0)
]
_MACHINES = [32767, -32768, 65535, 2147483647, -2147483648, 4294967295, 2.0**63 - 1, -(2.0**63)]
_HUGE = [10.0**power for power in (15, 18, 19, 20, 25, 30, 31, 32, 33, 34, 35, 36, 37, 38, 99, 100, 300, 306, 307, 308)]
_FILLS = [9.969209968386869e36, 3.4028234663852886e38, 3.402823466e38, 3.4028235e38, 1.7976931348623157e308]
_OWN = [-99.0, -99.9, -999.25, -888.0, -8888.0, -777.0, -7777.0, 8888.0, 99999.9, -99999.9, 1.70141e38]
CODES = frozenset([*_NINES, *_MACHINES, *_OWN, *(sign * one for one in (*_HUGE, *_FILLS) for sign in (1.0, -1.0))])
#: A code stands off by so many times the range of all the others: one that is there once, twice, more often.
_FAR = (2.0, 0.5, 0.1)
_SMALLEST_NORMAL = float(np.finfo(np.float64).smallest_normal)
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_ZERO_FRACTION = re.compile(r"[.,]0*\Z")
_INFINITE = re.compile(r"\s*[+-]?inf(?:inity)?\s*\Z", re.IGNORECASE)
#: So many cells are looked at where each has to be found in the file.
_LOOKED_AT = 1_000_000

Cells = Callable[[NDArray[np.intp]], Sequence[str]]
"""The cells of a column in some rows (ascending), as they are written."""


@dataclass(frozen=True)
class Examined:
    """What is to be said of a column."""

    messages: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()


def examine(
    name: str,
    values: NDArray[np.float64],
    cells: Cells,
    tiny: Callable[[], bool] = lambda: False,
) -> Examined:
    """Looks through a column of numbers.

    Args:
        name: of the column.
        values: (rows,), NaN where one is missing.
        cells: the original cells.
        tiny: whether any cell may be so small a number that it became 0; asked only where there are zeros.

    Returns:
        Sentences, among them one for each suspect.
    """
    low, high = _ends(values)
    messages: list[str] = []
    if np.isinf(low) or np.isinf(high):
        messages += _infinite(name, values, cells)
        finite = values[np.isfinite(values)]
        low, high = _ends(finite)
    if np.isnan(low):
        return Examined(tuple(messages))
    if max(-low, high) >= LARGEST_EXACT_INTEGER:
        messages += _rounded(name, values, cells)
    messages += _tiny(name, values, cells, tiny)
    messages += _dates_as_integers(name, values, low, high)
    suspects = _suspects(name, values, low, high, cells)
    return Examined((*messages, *(said_of(suspect) for suspect in suspects)), suspects)


def examine_stored(name: str, values: NDArray[np.float64], cells: Cells) -> Examined:
    """Looks through numbers that the file holds as numbers, so that no digits can have been lost on the way.

    Args:
        name: of the column.
        values: (rows,), NaN where one is missing.
        cells: the original cells.
    """
    low, high = _ends(values)
    if np.isinf(low) or np.isinf(high):
        low, high = _ends(values[np.isfinite(values)])
    if np.isnan(low):
        return Examined()
    suspects = _suspects(name, values, low, high, cells)
    said = [said_of(suspect) for suspect in suspects]
    return Examined((*_dates_as_integers(name, values, low, high), *said), suspects)


def said_of(suspect: Suspect) -> str:
    """The sentence that asks about a number."""
    return (
        f"In {quoted(suspect.column)} {quoted(suspect.cell)} stands in {counted(suspect.count, 'row')}, far from all "
        "other numbers; it may mean that the value is missing."
    )


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    if not values.size:
        return np.nan, np.nan
    return float(np.fmin.reduce(values)), float(np.fmax.reduce(values))


def _infinite(name: str, values: NDArray[np.float64], cells: Cells) -> list[str]:
    rows = np.flatnonzero(np.isinf(values))[:_LOOKED_AT]
    large = [cell for cell in cells(rows) if not _INFINITE.match(cell)]
    if not large:
        return []
    return [
        f"{counted(len(large), 'number')} in {quoted(name)} beyond 1.8e308, the largest that can be held, became "
        f"infinite, such as {quoted(large[0], 30)}."
    ]


def _rounded(name: str, values: NDArray[np.float64], cells: Cells) -> list[str]:
    """Of integers as they are written, those that no 64-bit number holds."""
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((np.abs(values) >= LARGEST_EXACT_INTEGER) & np.isfinite(values))[:_LOOKED_AT]
    for row, cell in zip(rows.tolist(), cells(rows), strict=True):
        # "9.007.199" has groups of digits, "9007199.0" a fraction that is zero: the value tells which.
        for written in {cell.strip(), _ZERO_FRACTION.sub("", cell.strip())}:
            digits = "".join(character for character in written if character not in " ,.'\u00a0\u202f\u2009\u2019")
            if _INTEGER.match(digits) and len(digits) <= 4000 and not _exact(digits, float(values[row])):
                return [_said_of_rounded(name, f", such as {quoted(cell.strip(), 30)}")]
    return []


def said_of_large(name: str, values: NDArray[np.float64]) -> list[str]:
    """What is said of integers that the file holds as such and a 64-bit number does not."""
    with np.errstate(invalid="ignore"):
        low, high = _ends(values[np.isfinite(values)])
    return [_said_of_rounded(name)] if max(-low, high) >= LARGEST_EXACT_INTEGER else []


def _said_of_rounded(name: str, example: str = "") -> str:
    return (
        f"Integers in {quoted(name)} are larger than {LARGEST_EXACT_INTEGER} and were rounded to about 16 digits"
        f"{example}; if they are names and not quantities, do not fit them."
    )


def _exact(digits: str, value: float) -> bool:
    # With a decimal mark among the digits it is no integer, and its value is no power of ten away from one either.
    return int(digits) == int(value) or not np.isclose(float(digits), value, rtol=1e-12)


def _tiny(name: str, values: NDArray[np.float64], cells: Cells, tiny: Callable[[], bool]) -> list[str]:
    said = []
    small = (values < _SMALLEST_NORMAL) & (values > -_SMALLEST_NORMAL)
    if not small.any():
        return []
    inexact = int(np.count_nonzero(small & (values != 0)))
    if inexact:
        said.append(
            f"Of {counted(inexact, 'number')} in {quoted(name)}, nearer to 0 than 2.2e-308, less than 16 digits can be "
            "held."
        )
    rows = np.flatnonzero(values == 0)[:_LOOKED_AT]
    if rows.size and tiny():
        lost = [cell for cell in cells(rows) if re.search("[1-9]", re.split("[eE]", cell)[0])]
        if lost:
            said.append(
                f"{counted(len(lost), 'number')} in {quoted(name)} too near 0 to be held became 0, such as "
                f"{quoted(lost[0].strip(), 30)}."
            )
    return said


def _dates_as_integers(name: str, values: NDArray[np.float64], low: float, high: float) -> list[str]:
    """20240131 and the like, between which differences are no days."""
    if low < 18000101 or high > 22001231 or low % 1 or high % 1 or not _all_dates(values[:1000]):
        return []
    if not _all_dates(values):
        return []
    return [
        f"The numbers in {quoted(name)} look like dates (year, month, day); they were left as they are, so that their "
        "differences are no days."
    ]


def _all_dates(values: NDArray[np.float64]) -> bool:
    present = values[np.isfinite(values)]
    if (present % 1 != 0).any():
        return False
    day, month = present % 100, present // 100 % 100
    return bool(len(present) > 1 and ((day >= 1) & (day <= 31) & (month >= 1) & (month <= 12)).all())


def _suspects(name: str, values: NDArray[np.float64], low: float, high: float, cells: Cells) -> tuple[Suspect, ...]:
    """Codes at either end of a column that stand far off from the rest."""
    if low not in CODES and high not in CODES:
        return ()
    rest = values[np.isfinite(values)]
    found: list[float] = []
    while rest.size and (low in CODES or high in CODES) and len(found) < 8:
        code = low if low in CODES else high
        found.append(code)
        rest = rest[rest != code]
        low, high = _ends(rest)
    if not rest.size:
        return ()
    suspects = []
    for code in sorted(found):
        rows = np.flatnonzero(values == code)
        with np.errstate(over="ignore"):
            away, extent = (low - code if code < low else code - high), high - low
        only_negative = code < 0 <= low
        if only_negative or (away > extent * _FAR[min(len(rows), 3) - 1] and away > abs(code) / 20):
            suspects.append(Suspect(name, cells(rows[:1])[0].strip(), len(rows)))
    return tuple(suspects)
