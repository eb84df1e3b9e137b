"""A file as it was read: columns of numbers and of text, and what a person should know about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.digest import Digest, hexadecimal

#: The largest integer up to which a 64-bit floating-point number holds every integer.
LARGEST_EXACT_INTEGER = 2**53


class DataError(ValueError):
    """Data that cannot be used; its text is one plain sentence that says what is wrong and what to try."""


class GivenUpError(Exception):
    """The caller does not want the file any more."""


Tell = Callable[[float], None]
"""Told the share of a file that has been read or written, 0 to 1; raises GivenUpError where the rest is not wanted."""


def say_nothing(share: float) -> None:
    """The ``Tell`` of those who wait in silence."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file; None means: find out.

    Attributes:
        delimiter: "," ";" "\\t" "|", or " " for any run of spaces and tabs, "" where a row is one cell.
        decimal: "." or ",".
        thousands: what groups digits, such as "," or " "; "" where nothing does.
        header: whether the first line names the columns.
        units: whether the line under the names gives units.
        skip: how many lines above the table are left out.
        encoding: a codec's name, such as "cp1252".
        part: the sheet of a workbook, or the array of an archive.
        missing: further cells that stand for a missing value, as they are written, such as "-999".
        dates: names of columns of dates that are to be read as numbers.
        rows: at most so many rows from the beginning, for a preview.
    """

    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: bool | None = None
    units: bool | None = None
    skip: int | None = None
    encoding: str | None = None
    part: str | None = None
    missing: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    rows: int | None = None


@dataclass(frozen=True)
class Suspect:
    """A number that may have been written for a missing value.

    Attributes:
        column: its name.
        cell: as it is written, such as "-999".
        count: in how many rows.
    """

    column: str
    cell: str
    count: int


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a table came from, so that it can be read again in another way.

    Attributes:
        reader: the id in READERS.
        options: what a person had decided.
        path: the file, or None where there is none.
        content: the bytes as they were read; raises DataError where the file has changed since.
    """

    reader: str
    options: ReadOptions
    path: Path | None
    content: Callable[[], bytes]


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes:
        name: unique within its table; anything that a file may hold, so show it as plain text.
        values: (rows,) read-only numbers, NaN where one is missing, infinite where the file says so; None for
            text.
        make_text: makes the original cells, in the order of the rows.
        stray: for a column of text that is mostly numbers: the first cell that is none, and its row (from 0).
        unit: of the numbers, as the file or ``ReadOptions.dates`` gives it, or "".
        dates: for a column of text: the unit in which its dates can be read as numbers, or "".
    """

    name: str
    values: NDArray[np.float64] | None
    make_text: Callable[[], Sequence[str]]
    stray: tuple[str, int] | None = None
    unit: str = ""
    dates: str = ""

    @property
    def numeric(self) -> bool:
        """Whether every cell is a number or missing."""
        return self.values is not None

    @cached_property
    def text(self) -> Sequence[str]:
        """The original cells."""
        return self.make_text()


@dataclass(frozen=True, eq=False)
class Table:
    """A file as it was read.

    Attributes:
        columns: in the order of the file.
        rows: how many.
        source: the file's name without its folder, or a word such as "the clipboard"; show it as plain text.
        messages: plain sentences about how the file was read, where that was not plain.
        digest: the SHA-256 of the bytes that were read, or what will be it soon.
        make_rows: begins an iteration over the original cells, row by row, each as long as ``columns``.
        layout: how it was read: what was asked for and, where the format knows of such a thing, what was found.
        doubts: those of the messages that say what in ``layout`` is not sure.
        parts: the sheets or arrays of the file, one of which this is; none where it has no such parts.
        suspects: numbers that may stand for missing values.
        origin: the way back to the file.
    """

    columns: tuple[Column, ...]
    rows: int
    source: str
    messages: tuple[str, ...]
    digest: Digest | str
    make_rows: Callable[[], Iterator[Sequence[str]]]
    layout: ReadOptions = ReadOptions()
    doubts: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    origin: Origin | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes that were read, in hexadecimal; of a large file it may have to be waited for."""
        return hexadecimal(self.digest)

    @property
    def path(self) -> Path | None:
        """The file that was read, or None."""
        return None if self.origin is None else self.origin.path

    def text_rows(self) -> Iterator[Sequence[str]]:
        """The original cells, row by row, without holding them all in memory."""
        return self.make_rows()

    def numeric_names(self) -> tuple[str, ...]:
        """The names of the columns of numbers."""
        return tuple(column.name for column in self.columns if column.numeric)

    def column(self, name: str) -> Column:
        """The column of that name, or the only one that differs from it in upper and lower case.

        Raises:
            DataError: there is none; the sentence lists those there are.
        """
        same = [column for column in self.columns if column.name == name]
        same = same or [c for c in self.columns if c.name.strip().casefold() == name.strip().casefold()]
        if len(same) != 1:
            raise DataError(
                f"{quoted(self.source)} has no column {quoted(name)}; choose among "
                f"{listed([column.name for column in self.columns])}."
            )
        return same[0]


def column_of_text(make_rows: Callable[[], Iterator[Sequence[str]]], index: int) -> list[str]:
    """The cells of one column out of an iteration over rows."""
    return [row[index] for row in make_rows()]


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names for columns: stripped, "column 3" where one is empty, " (2)" appended to a repeated one.

    Returns:
        The names, and those that were repeated.
    """
    taken: set[str] = set()
    unique, repeated = [], []
    for number, name in enumerate(names, start=1):
        wanted = candidate = name.strip() or f"column {number}"
        count = 1
        while candidate in taken:
            count += 1
            candidate = f"{wanted} ({count})"
        if count > 1:
            repeated.append(wanted)
        taken.add(candidate)
        unique.append(candidate)
    return unique, repeated


def with_parts(refusal: str, parts: Sequence[str], part: str | None) -> str:
    """A refusal of one part of a file, with the other sheets or arrays that may be tried, and how, if there are any."""
    others = [other for other in parts if other != part]
    if not others:
        return refusal
    return f"{refusal.rstrip('.')}; it also holds {listed(others)}, which the preview and --sheet offer."


def quoted(name: str, limit: int = 60) -> str:
    """A name or a cell for a sentence: in quotes, short, without characters that cannot be seen."""
    visible = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    return f"'{visible}'" if len(visible) <= limit else f"'{visible[:limit]}...'"


def listed(names: Sequence[str], limit: int = 12) -> str:
    """Names for a sentence, at most ``limit`` of them."""
    shown = ", ".join(quoted(name) for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 row", "7 rows"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
