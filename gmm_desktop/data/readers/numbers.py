"""Numbers as people write them: decimal comma, thousands separators, marks for a missing value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Cells that stand for a missing value.
MISSING = frozenset(
    ["", "NA", "N/A", "n/a", "na", "<NA>", "#N/A", "#NA", "#N/A N/A", "NaN", "nan", "NAN", "-nan", "-NaN"]
).union(["null", "NULL", "Null", "None", "?", ".", "-", "--"])
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_PLAIN = {
    mark: re.compile(rf"\s*[+-]?(?:\d+(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+){_EXPONENT}\s*\Z") for mark in ".,"
}
_INFINITE = re.compile(r"\s*[+-]?inf(?:inity)?\s*\Z", re.IGNORECASE)
#: A space, an unbreakable or a narrow one, and apostrophes group digits whatever the decimal mark is.
_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
_OTHER = {".": ",", ",": "."}
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-"})


def _grouped(mark: str, separator: str) -> re.Pattern[str]:
    return re.compile(rf"\s*[+-]?\d{{1,3}}(?:{re.escape(separator)}\d{{3}})+(?:{re.escape(mark)}\d*)?\s*\Z")


_GROUPED = {mark: [(s, _grouped(mark, s)) for s in _OTHER[mark] + _SPACES] for mark in ".,"}
_AMBIGUOUS = re.compile(r"\s*[+-]?[1-9]\d{0,2},\d{3}\s*\Z")


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a missing value."""
    return cell.strip() in MISSING


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any of the ways that people write one."""
    cell = cell.translate(_MINUS)
    if any(_PLAIN[mark].match(cell) for mark in ".,") or _INFINITE.match(cell):
        return True
    return any(pattern.match(cell) for mark in ".," for _, pattern in _GROUPED[mark])


def decimal_mark(cells: Sequence[str], delimiter: str) -> tuple[str, str]:
    """The decimal mark that most of the cells use, "." or ",".

    Returns:
        The mark, and a cell that could be read in two ways where nothing decides ("1,234"), else "".
    """
    point = comma = 0
    doubtful = ""
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        if _AMBIGUOUS.match(cell):
            doubtful = doubtful or cell.strip()
        elif _PLAIN["."].match(cell) or _grouped(".", ",").match(cell):
            point += 1
        elif _PLAIN[","].match(cell) or _grouped(",", ".").match(cell):
            comma += 1
    if point or comma:
        return (",", "") if comma > point else (".", "")
    # A semicolon is what spreadsheets put between columns where the comma is the decimal mark.
    return ("," if doubtful and delimiter == ";" else "."), doubtful


@dataclass(frozen=True, eq=False)
class Converted:
    """A column of text that turned out to be numbers, and the sentence that says how they were read."""

    values: NDArray[np.float64]
    how: str


def convert(cells: Sequence[str], decimal: str) -> Converted | None:
    """The numbers of a column in which every cell is one, or missing, when read in one and the same way.

    Args:
        cells: the cells; a missing one is a mark of MISSING.
        decimal: the file's decimal mark, which is tried first.

    Returns:
        None where no single way reads every cell.
    """
    present = [cell.translate(_MINUS) for cell in cells if not is_missing(cell)]
    if not present:
        return None
    for mark in (decimal, _OTHER[decimal]):
        for separator, pattern in [("", _PLAIN[mark]), *_GROUPED[mark]]:
            plain = _PLAIN[mark]
            if all(pattern.match(c) or plain.match(c) or _INFINITE.match(c) for c in present):
                values = [_number(cell, mark, separator) for cell in cells]
                return Converted(np.array(values, dtype=np.float64), _how(present, mark, separator, decimal, pattern))
    return None


def _number(cell: str, mark: str, separator: str) -> float:
    if is_missing(cell):
        return np.nan
    cell = cell.translate(_MINUS).strip()
    if separator:
        cell = cell.replace(separator, "")
    return float(cell.replace(mark, "."))


def _how(present: list[str], mark: str, separator: str, decimal: str, pattern: re.Pattern[str]) -> str:
    if separator:
        example = next(cell for cell in present if pattern.match(cell)).strip()
        return f"thousands separators were taken out: '{example}' is {_number(example, mark, separator):.15g}"
    if mark != decimal:
        example = next((cell for cell in present if mark in cell), present[0]).strip()
        return f"the decimal mark is another one: '{example}' is {_number(example, mark, ''):.15g}"
    return ""
