"""The rows of a text as columns of numbers, by pandas' parser, some pieces of the file at the same time."""

from __future__ import annotations

import csv
import io
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.dialect import Dialect, split
from gmm_desktop.data.readers.encoding import ADVICE
from gmm_desktop.data.readers.lines import LeftOut, pieces
from gmm_desktop.data.readers.numbers import is_missing, is_number
from gmm_desktop.data.readers.prepared import Prepared, ToldBytes
from gmm_desktop.data.readers.quotes import check_quotes
from gmm_desktop.data.readers.ragged import evened
from gmm_desktop.data.table import DataError, Tell

#: Pieces of this many bytes are parsed at the same time.
_PIECE = 1 << 24
#: Up to this many bytes the rows are counted by a second parser where quotation marks may confuse one of them.
_COUNTED_TWICE = 1 << 24
_NOT_CLOSED = "A quotation mark is opened and never closed; close it or remove it."

Numbers = list[NDArray[np.float64] | None]
"""For each column its numbers, or None where a cell is no number as the parser knows them."""


@dataclass(frozen=True)
class Part:
    """A piece of the text that was parsed by itself.

    Attributes:
        first: the byte where it begins.
        last: the byte behind it.
        rows: how many.
        numeric: for each column whether all its cells are numbers as the parser knows them.
    """

    first: int
    last: int
    rows: int
    numeric: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class Parsed:
    """The rows of a text.

    Attributes:
        rows: how many.
        columns: the numbers of each column, (rows,), or None.
        ragged: the numbers (from 1) of the rows with another number of cells, which were emptied.
        prepared: the text that was parsed: with such rows emptied.
        parts: the pieces that were parsed by themselves.
    """

    rows: int
    columns: Numbers
    ragged: LeftOut
    prepared: Prepared
    parts: tuple[Part, ...]

    def stray(self, column: int, missing: frozenset[str]) -> tuple[str, int] | None:
        """For a column of numbers in most of the parts: the first cell that is none in any way, and its row."""
        numeric = [part.numeric[column] for part in self.parts]
        if 2 * sum(numeric) <= len(numeric):
            return None
        row = 0
        for part, is_numeric in zip(self.parts, numeric, strict=True):
            if not is_numeric:
                lines = io.TextIOWrapper(
                    io.BytesIO(self.prepared.content[part.first : part.last]), "utf-8", newline="\n"
                )
                cells = (cells[column] for cells in split(lines, self.prepared.dialect.delimiter) if cells)
                for index, cell in enumerate(cells):
                    if not is_missing(cell, missing) and not is_number(cell):
                        return cell, row + index
            row += part.rows
        return None


def parse(prepared: Prepared, missing: frozenset[str], tell: Tell, rows: int | None = None) -> Parsed:
    """The numbers of each column.

    Args:
        prepared: the text.
        missing: cells that stand for a missing value.
        tell: told the share that has been read.
        rows: at most so many.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it is no table.
    """
    check_quotes(prepared)
    try:
        parsed = _parse(prepared, missing, tell, rows)
        sound = not _may_be_ragged(parsed)
    except (ValueError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        if "EOF inside string" in str(error):
            raise DataError(_NOT_CLOSED) from error
        parsed, sound = None, False
    if not sound:
        even, ragged = evened(prepared, rows)
        if ragged.count or parsed is None:
            try:
                parsed = replace(_parse(even, missing, tell, rows), ragged=ragged)
            except (ValueError, OverflowError) as error:
                raise DataError(f"It is not a table; {ADVICE}.") from error
    assert parsed is not None
    _check_count(parsed, rows)
    if not parsed.rows:
        raise DataError("There are no rows in it; choose a file that holds data.")
    return parsed


def _parse(prepared: Prepared, missing: frozenset[str], tell: Tell, rows: int | None) -> Parsed:
    import pandas  # noqa: F401, before several threads want it

    content, start, dialect = prepared.content, prepared.start, prepared.dialect
    whole = prepared.quotes or rows is not None
    places = [(start, len(content))] if whole else list(pieces(content, start, _PIECE))

    def one(place: tuple[int, int]) -> tuple[int, Numbers]:
        first, last = place
        stream = ToldBytes(content, tell) if whole else io.BytesIO(content[first:last])
        stream.seek(first if whole else 0)
        return _pandas(stream, dialect, missing, rows)

    done: list[tuple[int, Numbers]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pandas would warn of is checked here and said in a sentence
        if len(places) == 1:
            done.append(one(places[0]))
        else:
            with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
                try:
                    for place, result in zip(places, pool.map(one, places), strict=True):
                        tell(place[1] / len(content))
                        done.append(result)
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
    return _joined(places, done, prepared)


def _joined(places: list[tuple[int, int]], done: list[tuple[int, Numbers]], prepared: Prepared) -> Parsed:
    parts = tuple(
        Part(*place, rows, tuple(one is not None for one in numbers))
        for place, (rows, numbers) in zip(places, done, strict=True)
    )
    total = sum(rows for rows, _ in done)
    columns: Numbers = []
    for index in range(prepared.dialect.width):
        pieces_of_it = [numbers[index] for _, numbers in done]
        some = [piece for piece in pieces_of_it if piece is not None]
        columns.append(np.concatenate(some) if len(some) == len(pieces_of_it) else None)
        for _, numbers in done:
            numbers[index] = None
    return Parsed(total, columns, LeftOut(), prepared, parts)


def _pandas(stream: io.BytesIO, dialect: Dialect, missing: frozenset[str], rows: int | None) -> tuple[int, Numbers]:
    import pandas as pd

    exact: dict[str, Any] = {}
    if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
        exact["float_precision"] = "round_trip"  # later versions are exact by themselves and warn of it
    try:
        frame: pd.DataFrame = pd.read_csv(
            stream,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            decimal=dialect.decimal,
            header=None,
            names=list(range(dialect.width)),
            index_col=False,
            keep_default_na=False,
            na_values=sorted(missing),
            skipinitialspace=True,
            nrows=rows,
            dtype={0: str} if dialect.row_names else None,
            **exact,
        )
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame()
    if not len(frame):  # a piece of empty lines alone
        return 0, [np.empty(0) for _ in range(dialect.width)]
    numbers: Numbers = []
    for index in range(dialect.width):
        cells = frame[index]
        numeric = cells.dtype.kind in "iuf" and not (index == 0 and dialect.row_names)
        numbers.append(cells.to_numpy(dtype=np.float64) if numeric else None)
    return len(frame), numbers


def _may_be_ragged(parsed: Parsed) -> bool:
    """Whether a row may be too short: pandas fills it up without a word, so that it ends in a missing value.

    Where each line is a row and no cell is quoted, the delimiters tell; a row too long was an error before.
    """
    prepared, width = parsed.prepared, parsed.prepared.dialect.width
    last = parsed.columns[-1]
    if width == 1 or (last is not None and not np.isnan(last).any()):
        return False
    if prepared.quotes or prepared.dialect.delimiter == " ":
        return True
    sign = prepared.dialect.delimiter.encode()
    found = sum(prepared.content.count(sign, first, last) for first, last in pieces(prepared.content, prepared.start))
    return found != (width - 1) * parsed.rows


def _check_count(parsed: Parsed, limit: int | None) -> None:
    """Whether another parser finds as many rows, where quotation marks may stand at odd places.

    Raises:
        DataError: it does not.
    """
    prepared = parsed.prepared
    if not prepared.quotes or len(prepared.content) > _COUNTED_TWICE or parsed.ragged.count:
        return
    try:
        rows = sum(1 for _ in islice(prepared.raw_rows(), limit))
    except csv.Error as error:
        raise DataError(f"It is not a table ({error}); {ADVICE}.") from error
    if rows != parsed.rows:
        raise DataError(f"Its quotation marks can be read in two ways; correct them, or {ADVICE}.")
