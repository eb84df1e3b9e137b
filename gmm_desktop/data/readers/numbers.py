"""Numbers as people write them: decimal comma, thousands separators, marks for a missing value."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.table import DataError, ReadOptions, quoted

#: Cells that stand for a missing value.
MISSING = frozenset(
    ["", "NA", "N/A", "n/a", "na", "<NA>", "#N/A", "#NA", "#N/A N/A", "NaN", "nan", "NAN", "-nan", "-NaN"]
).union(["null", "NULL", "Null", "None", "?", ".", "-", "--"])
#: Other digits than these are letters here, although Python would take them for numbers.
_DIGITS = "[0-9]"
_EXPONENT = rf"(?:[eE][+-]?{_DIGITS}+)?"
#: Fortran writes D for E. Without a decimal mark it is the letter of a name, as in 1D2.
_FORTRAN = rf"[dD][+-]?{_DIGITS}+"
_PLAIN = {
    mark: re.compile(
        rf"\s*[+-]?(?:(?:{_DIGITS}+(?:{re.escape(mark)}{_DIGITS}*)?|{re.escape(mark)}{_DIGITS}+){_EXPONENT}"
        rf"|(?:{_DIGITS}+{re.escape(mark)}{_DIGITS}*|{re.escape(mark)}{_DIGITS}+){_FORTRAN})\s*\Z"
    )
    for mark in ".,"
}
_INFINITE = re.compile(r"\s*[+-]?inf(?:inity)?\s*\Z", re.IGNORECASE)
_BLANKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_OTHER = {".": ",", ",": "."}
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-"})


def separators(thousands: str) -> str:
    """The characters that a thousands separator stands for: " " for unbreakable and narrow spaces too."""
    return next((kind for kind in (_BLANKS, _APOSTROPHES) if thousands and thousands in kind), thousands)


@cache
def _grouped(mark: str, thousands: str) -> re.Pattern[str]:
    separator = f"[{re.escape(separators(thousands))}]"
    sign = "[-]?" if thousands in _BLANKS else "[+-]?"  # a plus before blanks is that of a telephone number
    return re.compile(
        rf"\s*{sign}[1-9]{_DIGITS}{{0,2}}(?:{separator}{_DIGITS}{{3}})+(?:{re.escape(mark)}{_DIGITS}*)?\s*\Z"
    )


#: What groups digits beside the mark that is no decimal one.
_ALWAYS = (" ", "'")
_AMBIGUOUS = {mark: re.compile(rf"\s*[+-]?[1-9]{_DIGITS}{{0,2}}{re.escape(mark)}{_DIGITS}{{3}}\s*\Z") for mark in ".,"}


def is_missing(cell: str, missing: Collection[str] = MISSING) -> bool:
    """Whether a cell stands for a missing value."""
    return cell.strip() in missing


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any of the ways that people write one."""
    cell = cell.translate(_MINUS)
    if any(_PLAIN[mark].match(cell) for mark in ".,") or _INFINITE.match(cell):
        return True
    return any(_grouped(mark, separator).match(cell) for mark in ".," for separator in (_OTHER[mark], *_ALWAYS))


def missing_marks(options: ReadOptions) -> frozenset[str]:
    """All cells that stand for a missing value; those that are numbers are compared as numbers."""
    return MISSING.union(mark.strip() for mark in options.missing if not is_number(mark))


def missing_numbers(options: ReadOptions) -> dict[float, str]:
    """The numbers that stand for a missing value, and how a person wrote them."""
    found: dict[float, str] = {}
    for mark in options.missing:
        for decimal in (options.decimal,) if options.decimal else (".", ","):
            converted = convert([mark], decimal, ReadOptions(thousands=options.thousands)) if is_number(mark) else None
            if converted is not None:
                found.setdefault(float(converted.values[0]), mark)
    return found


def decimal_mark(cells: Sequence[str], delimiter: str, thousands: str | None = None) -> tuple[str, str]:
    """The decimal mark that most of the cells use, "." or ",".

    Args:
        cells: some cells.
        delimiter: what separates them.
        thousands: what groups digits, where a person said so.

    Returns:
        The mark, and a cell that could be read in two ways where nothing decides ("1,234"), else "".
    """
    if thousands in _OTHER:
        return _OTHER[thousands], ""
    point = comma = 0
    doubtful = {".": "", ",": ""}
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        if thousands != "" and (_AMBIGUOUS[","].match(cell) or (delimiter == ";" and _AMBIGUOUS["."].match(cell))):
            mark = "," if "," in cell else "."
            doubtful[mark] = doubtful[mark] or cell.strip()
        elif _PLAIN["."].match(cell) or _grouped(".", ",").match(cell):
            point += 1
        elif _PLAIN[","].match(cell) or _grouped(",", ".").match(cell):
            comma += 1
    if point or comma:
        return (",", "") if comma > point else (".", "")
    if doubtful["."]:
        return ".", doubtful["."]
    # A semicolon is what spreadsheets put between columns where the comma is the decimal mark.
    return ("," if doubtful[","] and delimiter == ";" else "."), doubtful[","]


def said_of_mark(decimal: str, example: str) -> str:
    """That a mark was taken for a decimal one."""
    mark = "comma" if decimal == "," else "point"
    return f"The {mark} was taken for a decimal mark: {quoted(example)} is {example.replace(',', '.')}."


@dataclass(frozen=True, eq=False)
class Converted:
    """A column of text that turned out to be numbers.

    Attributes:
        values: (rows,) with NaN where one is missing.
        decimal: the decimal mark.
        thousands: what groups digits, or "".
        how: the end of a sentence that says how they were read, or "".
        doubtful: whether they could be read in another way as well.
    """

    values: NDArray[np.float64]
    decimal: str
    thousands: str
    how: str
    doubtful: bool


def convert(
    cells: Sequence[str],
    decimal: str,
    options: ReadOptions | None = None,
    missing: Collection[str] = MISSING,
) -> Converted | None:
    """The numbers of a column in which every cell is one, or missing, when read in one and the same way.

    Args:
        cells: the cells.
        decimal: the file's decimal mark, which is tried first.
        options: a decimal mark or a thousands separator that a person chose is the only one.
        missing: the marks of a missing value.

    Returns:
        None where no single way reads every cell.
    """
    options = options or ReadOptions()
    present = [cell.translate(_MINUS) for cell in cells if cell.strip() not in missing]
    if not present:
        return None
    for mark in (options.decimal,) if options.decimal else (decimal, _OTHER[decimal]):
        groups = (_OTHER[mark], *_ALWAYS) if options.thousands is None else (options.thousands,)
        odd = [cell for cell in present if not _PLAIN[mark].match(cell) and not _INFINITE.match(cell)]
        for separator in ("", *(group for group in groups if group and group != mark)):
            if all(_grouped(mark, separator).match(cell) for cell in odd) if separator else not odd:
                values = [_number(cell, mark, separator, missing) for cell in cells]
                how, doubtful = _how(present, mark, separator, decimal, options)
                return Converted(np.array(values, dtype=np.float64), mark, separator, how, doubtful)
    return None


def _number(cell: str, mark: str, separator: str, missing: Collection[str] = ()) -> float:
    cell = cell.translate(_MINUS).strip()
    if cell in missing:
        return np.nan
    for group in separators(separator):
        cell = cell.replace(group, "")
    return float(cell.replace(mark, ".").replace("D", "E").replace("d", "e"))


def _how(present: list[str], mark: str, separator: str, decimal: str, options: ReadOptions) -> tuple[str, bool]:
    if separator:
        if options.thousands is not None:
            return "", False
        grouped = [cell for cell in present if _grouped(mark, separator).match(cell)]
        example = grouped[0].strip()
        doubtful = separator in _OTHER and all(_AMBIGUOUS[separator].match(cell) for cell in grouped)
        doubtful = doubtful and not any(mark in cell for cell in present)
        said = f"thousands separators were taken out: '{example}' is {_number(example, mark, separator):.15g}"
        return said, doubtful and options.decimal is None
    if mark != decimal:
        example = next((cell for cell in present if mark in cell), present[0]).strip()
        doubtful = all(_AMBIGUOUS[mark].match(cell) for cell in present if mark in cell)
        return f"the decimal mark is another one: '{example}' is {_number(example, mark, ''):.15g}", doubtful
    if double := next((cell.strip() for cell in present if "d" in cell or "D" in cell), ""):
        return f"D stands before an exponent: '{double}' is {_number(double, mark, ''):.15g}", False
    return "", False


def check_marks(options: ReadOptions) -> None:
    """Whether the marks that a person chose can be those of numbers.

    Raises:
        DataError: they cannot.
    """
    if options.decimal not in (None, ".", ","):
        raise DataError(f"The decimal mark is a point or a comma, not {quoted(options.decimal)}; choose one of them.")
    thousands = options.thousands
    if thousands and (len(thousands) != 1 or thousands.isalnum() or thousands in "+-"):
        raise DataError(f"{quoted(thousands)} cannot separate thousands; choose a comma, a point, a space or '.")
    if thousands and thousands == options.decimal:
        raise DataError(f"{quoted(thousands)} cannot be decimal mark and thousands separator at once; change one.")
