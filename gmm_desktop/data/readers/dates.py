"""Dates as numbers, where a whole column is dates and nothing about them is to be guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.numbers import MISSING

DAYS, SECONDS, SECONDS_UTC = "days since 1970-01-01", "seconds since 1970-01-01", "seconds since 1970-01-01 UTC"
_TIME = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]{1,12})?)?"
_ZONE = r"(?P<zone> ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2}))?"
_TWO, _YEAR, _MARK = "[0-9]{1,2}", "(?P<year>[0-9]{4})", "(?P<mark>[-/.])"
_ISO = re.compile(
    rf"{_YEAR}{_MARK}(?P<month>{_TWO})(?P=mark)(?P<day>{_TWO})(?:(?:T|t| +){_TIME}{_ZONE})?\Z",
)
_OTHER = re.compile(
    rf"(?P<one>{_TWO}){_MARK}(?P<other>{_TWO})(?P=mark){_YEAR}(?:,? +{_TIME}{_ZONE})?\Z",
)
_NAMED = re.compile(
    rf"(?P<day>{_TWO})[- .]+(?P<name>[A-Za-z]{{3}})[a-z]*[- .,]+{_YEAR}(?:,? +{_TIME}{_ZONE})?\Z",
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: i for i, name in enumerate(_NAMES, start=1)}
_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST = 48
_SAMPLE = 100


@dataclass(frozen=True, eq=False)
class Dates:
    """A column of dates.

    Attributes:
        unit: of the numbers, such as "days since 1970-01-01"; "" where the dates can be read in two ways.
        values: (rows,) the numbers, NaN where a date is missing; empty where the dates can be read in two ways.
        example: a cell.
    """

    unit: str
    values: NDArray[np.float64]
    example: str


def dates_of(cells: Sequence[str], missing: Collection[str] = MISSING) -> Dates | None:
    """The dates of a column of text, if every cell is one, or missing, in one and the same way.

    ISO 8601 with or without a time and a zone; day, month and year in figures, where one day above 12 says which of
    them is the day; day, English month and year. All cells have a time or none has, and all have a zone or none.
    """
    some = list(islice((cell.strip() for cell in cells if cell.strip() not in missing), _SAMPLE))
    if not some or any(len(cell) > _LONGEST or not cell[0].isdigit() for cell in some):
        return None
    pattern = next((one for one in (_ISO, _OTHER, _NAMED) if one.match(some[0])), None)
    if pattern is None or not all(pattern.match(cell) for cell in some):
        return None
    stripped = [cell.strip() for cell in cells]
    distinct = dict.fromkeys(stripped)
    matches = {cell: pattern.match(cell) for cell in distinct if cell not in missing and len(cell) <= _LONGEST}
    parts = {cell: match.groupdict() for cell, match in matches.items() if match}
    if len(parts) < sum(cell not in missing for cell in distinct):
        return None
    if len({part.get("mark") for part in parts.values()}) > 1:
        return None
    dated = _dated(pattern, list(parts.values()))
    if dated is None:
        return Dates("", np.empty(0), some[0])
    return _as_numbers(stripped, parts, dated, some[0])


_Part = dict[str, str | None]
_Day = Callable[[_Part], date]


def _dated(pattern: re.Pattern[str], parts: list[_Part]) -> _Day | None:
    """What makes a date of the parts; None where nothing says which is the day and which the month."""
    if pattern is _ISO:
        return lambda part: date(_int(part["year"]), _int(part["month"]), _int(part["day"]))
    if pattern is _NAMED:
        return lambda part: date(_int(part["year"]), _MONTHS.get(str(part["name"]).lower(), 0), _int(part["day"]))
    if any(_int(part["one"]) > 12 for part in parts):
        return lambda part: date(_int(part["year"]), _int(part["other"]), _int(part["one"]))
    if any(_int(part["other"]) > 12 for part in parts):
        return lambda part: date(_int(part["year"]), _int(part["one"]), _int(part["other"]))
    if all(part["one"] == part["other"] for part in parts):
        return lambda part: date(_int(part["year"]), _int(part["one"]), _int(part["other"]))
    return None


def _as_numbers(cells: list[str], parts: dict[str, _Part], dated: _Day, example: str) -> Dates | None:
    timed = {part["hour"] is not None for part in parts.values()}
    zoned = {part["zone"] is not None for part in parts.values()}
    if len(timed) > 1 or len(zoned) > 1:
        return None
    numbers: dict[str, float] = {}
    for cell, part in parts.items():
        try:
            days = dated(part).toordinal() - _EPOCH
        except ValueError:  # the 31st of June
            return None
        seconds = _seconds(part) if part["hour"] is not None else 0
        if seconds is None:
            return None
        whole = days * 86400 + seconds
        numbers[cell] = whole + _fraction(part) if part["hour"] is not None else float(days)
    unit = DAYS if timed == {False} else SECONDS_UTC if zoned == {True} else SECONDS
    return Dates(unit, np.array([numbers.get(cell, np.nan) for cell in cells]), example)


def _seconds(part: _Part) -> int | None:
    """Since midnight, of the zone's; None where there is no such time."""
    hour, minute, second = _int(part["hour"]), _int(part["minute"]), _int(part["second"] or "0")
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = (part["zone"] or "").strip()
    if zone in ("", "Z", "UTC"):
        return hour * 3600 + minute * 60 + second
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if _int(digits[2:]) > 59 or _int(digits[:2]) > 15:
        return None
    offset = (_int(digits[:2]) * 60 + _int(digits[2:])) * 60
    return hour * 3600 + minute * 60 + second - (offset if zone[0] == "+" else -offset)


def _fraction(part: _Part) -> float:
    return float("0." + part["fraction"][1:]) if part["fraction"] else 0.0


def _int(digits: str | None) -> int:
    return int(digits or "0")
