"""The rows of a text as columns of numbers, by pandas' parser, some pieces of the file at the same time."""

from __future__ import annotations

import csv
import io
import os
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.dialect import split
from gmm_desktop.data.readers.encoding import ADVICE
from gmm_desktop.data.readers.lines import LeftOut, pieces
from gmm_desktop.data.readers.numbers import MISSING, is_missing, is_number
from gmm_desktop.data.readers.prepared import Prepared, Stretch
from gmm_desktop.data.readers.quotes import check_quotes
from gmm_desktop.data.readers.ragged import evened
from gmm_desktop.data.table import DataError, Tell, say_nothing

#: Pieces of up to this many bytes are parsed at the same time: each begins with room that has to grow.
_PIECE = 1 << 26
#: So many bytes from the beginning say whether the usual marks of missing values are to be expected.
_BEGINNING = 1 << 18
_TELL_EVERY_SECONDS = 0.05
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
        full: whether the last column is of numbers and lacks none.
    """

    first: int
    last: int
    rows: int
    numeric: tuple[bool, ...]
    full: bool


@dataclass(frozen=True, eq=False)
class _Found:
    """What is in a piece: how many rows, the numbers of each column, and whether the last one lacks none."""

    rows: int
    numbers: Numbers
    full: bool


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

    content, start = prepared.content, prepared.start
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pandas would warn of is checked here and said in a sentence
        if prepared.quotes or rows is not None or len(content) - start <= _PIECE // 4:
            place = (start, len(content))
            return _joined([place], [_pandas(Stretch(content, *place, tell), prepared, missing, rows)], prepared, map)
        return _parse_in_pieces(prepared, missing, tell)


def _parse_in_pieces(prepared: Prepared, missing: frozenset[str], tell: Tell) -> Parsed:
    """Looking each cell up among the usual marks of missing values takes a tenth of the time.

    None of these marks is a number for the parser: a piece that it reads as numbers without them holds none. They are
    looked for only once a piece is not of numbers.
    """
    content, start = prepared.content, prepared.start
    own = (missing - MISSING) | {""}
    beginning = next(pieces(content, start, _BEGINNING))
    plain = _is_numeric(_pandas(Stretch(content, *beginning, say_nothing), prepared, own), prepared)

    def one(stretch: Stretch) -> _Found:
        nonlocal plain
        if plain:
            found = _pandas(stretch, prepared, own)
            if _is_numeric(found, prepared):
                return found
            plain = False
        return _pandas(stretch.from_its_beginning(), prepared, missing)

    workers, size = min(4, os.cpu_count() or 1), len(content) - start
    count = max(-(-size // (workers * _PIECE)), 2) * workers  # so that all have as much to do
    places = list(pieces(content, start, size // count + _PIECE // 1000))
    stretches = [Stretch(content, *place) for place in places]
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(one, stretch) for stretch in stretches]
        try:
            done = [_waited_for(future, stretches, tell) for future in futures]
        except BaseException:
            for stretch in stretches:
                stretch.unwanted = True
            pool.shutdown(cancel_futures=True)
            raise
        return _joined(places, done, prepared, pool.map)


def _waited_for(future: Future[_Found], stretches: list[Stretch], tell: Tell) -> _Found:
    """What a thread makes of its piece; meanwhile it is told how far all are."""
    waiting = True
    while waiting:
        waiting = bool(wait([future], _TELL_EVERY_SECONDS).not_done)
        tell(sum(stretch.done for stretch in stretches) / stretches[-1].last)
    return future.result()


def _is_numeric(found: _Found, prepared: Prepared) -> bool:
    """Whether all columns are of numbers, but for the names of rows."""
    return all(one is not None for one in found.numbers[int(prepared.dialect.row_names) :])


def _joined(places: list[tuple[int, int]], done: list[_Found], prepared: Prepared, each: Callable[..., Any]) -> Parsed:
    """The pieces one below the other; ``each`` maps, in threads if there are some."""
    parts = tuple(
        Part(*place, found.rows, tuple(one is not None for one in found.numbers), found.full)
        for place, found in zip(places, done, strict=True)
    )

    def column(index: int) -> NDArray[np.float64] | None:
        pieces_of_it = [found.numbers[index] for found in done]
        for found in done:
            found.numbers[index] = None
        if any(piece is None for piece in pieces_of_it):
            return None
        return np.concatenate(cast("list[NDArray[np.float64]]", pieces_of_it))

    columns: Numbers = list(each(column, range(prepared.dialect.width)))
    return Parsed(sum(part.rows for part in parts), columns, LeftOut(), prepared, parts)


def _pandas(stream: Stretch, prepared: Prepared, missing: frozenset[str], rows: int | None = None) -> _Found:
    import pandas as pd

    dialect = prepared.dialect
    exact: dict[str, Any] = {}
    if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
        exact["float_precision"] = "round_trip"  # later versions are exact by themselves and warn of it
    try:
        frame: pd.DataFrame = pd.read_csv(
            cast("IO[bytes]", stream),
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            decimal=dialect.decimal,
            header=None,
            names=list(range(dialect.width)),
            index_col=False,
            keep_default_na=False,
            na_values=sorted(missing),
            skipinitialspace=prepared.line_feeds is None,  # else there are none
            nrows=rows,
            dtype={0: str} if dialect.row_names else None,
            **exact,
        )
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame()
    if not len(frame):  # a piece of empty lines alone
        return _Found(0, [np.empty(0) for _ in range(dialect.width)], True)
    numbers: Numbers = []
    for index in range(dialect.width):
        cells = frame[index]
        numeric = cells.dtype.kind in "iuf" and not (index == 0 and dialect.row_names)
        numbers.append(cells.to_numpy(dtype=np.float64) if numeric else None)
    last = numbers[-1]
    return _Found(len(frame), numbers, last is not None and not np.isnan(last).any())


def _may_be_ragged(parsed: Parsed) -> bool:
    """Whether a row may be too short: pandas fills it up without a word, so that it ends in a missing value.

    Where each line is a row and no cell is quoted, the delimiters tell; a row too long was an error before.
    """
    prepared, width = parsed.prepared, parsed.prepared.dialect.width
    if width == 1 or all(part.full for part in parsed.parts):
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
