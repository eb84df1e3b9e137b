"""Columns out of numbers and of cells of text, with all that a person should know about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.checks import Cells, examine
from gmm_desktop.data.readers.dates import dates_of
from gmm_desktop.data.readers.numbers import convert, is_missing, is_number, missing_marks, missing_numbers
from gmm_desktop.data.table import Column, ReadOptions, Suspect, counted, quoted

#: A number with the sign of a currency or a unit; a number behind letters or # is a name.
_WITH_SIGN = re.compile(
    r"((?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY)?\s*)[+-]?(?:[0-9]+(?:[., ][0-9]+)*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
    r"(\s*(?:[^\W\d_]{1,5}[0-9²³]?(?:/[^\W\d_]{1,5}[0-9²³]?)?|[%‰°$€£¥₹′″'\"]|°[CF]))?\Z"
)
#: A column is text if so many cells from its beginning are neither numbers nor dates.
_SAMPLE = 200


@dataclass(frozen=True, eq=False)
class Made:
    """A column and what is to be said of it.

    Attributes:
        column: of numbers or of text.
        messages: plain sentences.
        doubts: those of them about what was not sure.
        suspects: numbers that may stand for missing values.
        decimal: the decimal mark of a column that had to be converted, else "".
        thousands: what grouped its digits, or "".
    """

    column: Column
    messages: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    decimal: str = ""
    thousands: str = ""


def column_of_numbers(
    name: str,
    values: NDArray[np.float64],
    options: ReadOptions,
    make_text: Callable[[], Sequence[str]],
    cells: Cells,
    unit: str = "",
    tiny: Callable[[], bool] = lambda: False,
) -> Made:
    """A column of numbers; those that a person called missing become NaN in ``values``, which is kept.

    Args:
        name: of the column.
        values: (rows,), NaN where one is missing.
        options: what stands for a missing value.
        make_text: makes the original cells.
        cells: some of them.
        unit: of the numbers, or "".
        tiny: whether a cell may be so small a number that it became 0; asked only where there are zeros.
    """
    messages = []
    for number, mark in missing_numbers(options).items():
        same = values == number
        if same.any():
            messages.append(
                f"In {quoted(name)} {quoted(mark)} was taken as missing, {counted(int(same.sum()), 'time')}."
            )
            values[same] = np.nan
    examined = examine(name, values, cells, tiny)
    values.setflags(write=False)
    column = Column(name, values, make_text, unit=unit)
    return Made(column, (*messages, *examined.messages), (), examined.suspects)


def column_of_cells(
    name: str,
    texts: Sequence[str],
    options: ReadOptions,
    make_text: Callable[[], Sequence[str]],
    unit: str = "",
    decimal: str = ".",
) -> Made:
    """A column out of cells as they are written: of numbers if all are numbers or missing, else of text.

    Args:
        name: of the column.
        texts: its cells.
        options: what a person has decided.
        make_text: makes the same cells again.
        unit: of the numbers, or "".
        decimal: the decimal mark to try first.
    """
    missing = missing_marks(options)
    converted = convert(texts, decimal, options, missing)
    if converted is not None:
        made = column_of_numbers(
            name, converted.values, options, make_text, lambda rows: [texts[row] for row in rows], unit, lambda: True
        )
        said = (f"In {quoted(name)} {converted.how}.",) if converted.how else ()
        doubts = said if converted.doubtful else ()
        return Made(
            made.column,
            said + made.messages,
            doubts,
            made.suspects,
            converted.decimal,
            converted.thousands,
        )
    if (dated := _dates(name, texts, options, make_text, missing)) is not None:
        return dated
    stray = _stray(texts, missing)
    signs = () if stray else said_of_marks(name, texts, options)
    return Made(Column(name, None, make_text, stray), signs, signs)


def said_of_marks(name: str, texts: Iterable[str], options: ReadOptions) -> tuple[str, ...]:
    """What is said of text that a person may take for numbers: "12 %", or "1,5" beside "1.5".

    Args:
        name: of the column.
        texts: some cells of it, or all.
        options: what stands for a missing value.
    """
    missing = missing_marks(options)
    present = [text.strip() for text in texts if not is_missing(text, missing)]
    if len(present) < 2:
        return ()
    if all(is_number(text) for text in present):
        other = next((text for text in present if ("," in text) != ("," in present[0])), present[-1])
        how = f"its numbers are written in more than one way, such as {quoted(present[0])} and {quoted(other)}"
        return (f"{quoted(name)} was left as text: {how}; write them in one way.",)
    around = _around(present[0])
    if around and all(_around(text) == around for text in present):
        signs = " and ".join(quoted(sign) for sign in around if sign)
        what = f"{signs} {'stand' if all(around) else 'stands'} beside each number, such as {quoted(present[0])}"
        return (f"{quoted(name)} was left as text: {what}; take that out to fit it.",)
    return ()


def _around(text: str) -> tuple[str, str] | None:
    """What stands before and behind the number in a cell, a unit or the sign of a currency; None where nothing does."""
    match = _WITH_SIGN.match(text)
    return (match[1].strip(), (match[2] or "").strip()) if match and (match[1] or match[2]) else None


def may_be_more_than_text(cells: Iterable[str], options: ReadOptions) -> bool:
    """Whether a column that begins with these cells may be of numbers or of dates, or mostly so."""
    missing = missing_marks(options)
    present = list(islice((cell for cell in cells if cell.strip() not in missing), _SAMPLE))
    return not present or any(is_number(cell) for cell in present) or dates_of(present, missing) is not None


def _dates(
    name: str,
    texts: Sequence[str],
    options: ReadOptions,
    make_text: Callable[[], Sequence[str]],
    missing: frozenset[str],
) -> Made | None:
    dates = dates_of(texts, missing)
    if dates is None:
        return None
    if not dates.unit:
        said = (
            f"{quoted(name)} holds dates of which day and month cannot be told apart, such as {quoted(dates.example)}; "
            "they were left as text."
        )
        return Made(Column(name, None, make_text), (said,), (said,))
    if name in options.dates:
        dates.values.setflags(write=False)
        said = f"The dates in {quoted(name)} were read as {dates.unit}."
        return Made(Column(name, dates.values, make_text, unit=dates.unit), (said,))
    said = f"{quoted(name)} holds dates, which can be read as numbers: {dates.unit}."
    return Made(Column(name, None, make_text, dates=dates.unit), (said,))


def _stray(texts: Sequence[str], missing: frozenset[str]) -> tuple[str, int] | None:
    """The first cell that is no number, and its row, where at least half are."""
    strange = [index for index, text in enumerate(texts) if not is_missing(text, missing) and not is_number(text)]
    numbers = sum(not is_missing(text, missing) for text in texts) - len(strange)
    if not strange or numbers < len(strange):
        return None
    return texts[strange[0]], strange[0]
