"""Columns of one type each, as arrays, Parquet, HDF5 and their like hold them, made into a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.checks import said_of_large
from gmm_desktop.data.readers.columns import said_of_marks
from gmm_desktop.data.readers.numbers import convert, is_missing, is_number
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.readers.stored import (
    DAYS,
    drop_missing,
    gathered,
    said_of_dates,
    said_of_repeated,
    said_of_stored_text,
)
from gmm_desktop.data.readers.text_cells import DateCells, TextCells, WrittenCells, rows_of, write_number
from gmm_desktop.data.table import (
    Column,
    DataError,
    ReadOptions,
    Table,
    counted,
    quoted,
    unique_names,
)

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class RawColumn:
    """One column as a file holds it.

    Attributes:
        name: as the file gives it, "" where it gives none.
        data: (rows,) numbers, truth values, datetime64 or timedelta64; or cells of text.
        missing: (rows,) where there is no value, or None where NaN, NaT or an empty text say so themselves.
        unit: as the file gives it, or "".
        text: the original cells where ``data`` does not say them to the last digit, or None.
        fill: a number that the file itself declares to stand for a missing value, or None.
    """

    name: str
    data: NDArray[Any] | TextCells
    missing: NDArray[np.bool_] | None = None
    unit: str = ""
    text: TextCells | None = None
    fill: float | None = None


@dataclass(frozen=True, eq=False)
class Unpacked:
    """What a format's own library made of a file.

    Attributes:
        columns: of one length, one at least.
        parts: what else could be taken out of the file, or nothing.
        part: what was taken.
        said: plain sentences.
    """

    columns: tuple[RawColumn, ...]
    parts: tuple[str, ...] = ()
    part: str | None = None
    said: tuple[str, ...] = ()


def table_of(source: Source, unpacked: Unpacked, options: ReadOptions) -> Table:
    """A table of columns that have their type and name from the file.

    Raises:
        DataError: there are no rows.
    """
    raws = unpacked.columns
    rows = min((len(raw.data) for raw in raws), default=0)
    if not rows:
        raise DataError(f"{quoted(source.name)} holds no rows; choose a file, or a part of it, that holds data.")
    rows = rows if options.rows is None else min(rows, max(options.rows, 1))
    names, repeated = unique_names([raw.name for raw in raws])
    made = gathered(
        _column(replace(_some(raw, rows), name=name), options) for name, raw in zip(names, raws, strict=True)
    )
    return Table(
        made.columns,
        rows,
        source.name,
        (*unpacked.said, *said_of_repeated(repeated), *made.said),
        source.digest,
        partial(_rows, made.columns),
        layout=replace(options, part=unpacked.part),
        parts=unpacked.parts,
        suspects=made.suspects,
    )


def _rows(columns: Sequence[Column]) -> Iterator[Sequence[str]]:
    return rows_of([column.make_text() for column in columns])


def _some(raw: RawColumn, rows: int) -> RawColumn:
    if len(raw.data) == rows:
        return raw
    data = raw.data.some(0, rows) if isinstance(raw.data, TextCells) else raw.data[:rows]
    text = None if raw.text is None else raw.text.some(0, rows)
    return replace(raw, data=data, text=text, missing=None if raw.missing is None else raw.missing[:rows])


def _column(raw: RawColumn, options: ReadOptions) -> tuple[Column, list[str]]:
    if isinstance(raw.data, TextCells):
        return column_of_texts(raw.name, raw.data, options, raw.unit)
    kind = raw.data.dtype.kind
    if kind == "b":
        return Column(raw.name, None, partial(WrittenCells, raw.data, str, raw.missing), unit=raw.unit), []
    if kind == "M":
        return column_of_dates(raw.name, raw.data, options)
    if kind == "m":
        return _durations(raw, options)
    return _numbers(raw, options)


def _numbers(raw: RawColumn, options: ReadOptions) -> tuple[Column, list[str]]:
    assert not isinstance(raw.data, TextCells)
    data, said = raw.data, []
    with np.errstate(over="ignore", invalid="ignore"):
        values = data.astype(np.float64, copy=raw.missing is not None or bool(options.missing) or raw.fill is not None)
    if raw.missing is not None:
        values[raw.missing] = np.nan
    if data.dtype.kind in "iu":
        said += said_of_large(raw.name, values)
    elif data.dtype.itemsize > 8 and not np.array_equal(values.astype(data.dtype), data, equal_nan=True):
        said.append(f"Numbers in {quoted(raw.name)} have more than 16 digits and were rounded to them.")
    if raw.fill is not None and (filled := int(np.count_nonzero(values == raw.fill))):
        values[values == raw.fill] = np.nan
        said.append(
            f"{counted(filled, 'cell')} of {quoted(raw.name)} with {raw.fill:.10g}, which the file declares to be no "
            "value, left out as missing."
        )
    said += drop_missing(raw.name, values, options)
    values.setflags(write=False)
    write = write_number if data.dtype.kind == "f" else str
    exact = data if data.dtype.itemsize <= 8 else values
    make_text = (lambda: raw.text or ()) if raw.text is not None else partial(WrittenCells, exact, write, raw.missing)
    return Column(raw.name, values, make_text, unit=raw.unit), said


def column_of_dates(name: str, dates: NDArray[np.datetime64], options: ReadOptions) -> tuple[Column, list[str]]:
    """Dates: text, until a person wants them as numbers."""
    make_text = partial(DateCells, _coarsest(dates))
    if name not in options.dates:
        return Column(name, None, make_text, dates=DAYS), []
    days = dates.astype("M8[D]")
    with np.errstate(invalid="ignore"):
        values = days.astype(np.int64) + (dates - days) / _DAY
    values[np.isnat(dates)] = np.nan
    values.setflags(write=False)
    return Column(name, values, make_text, unit=DAYS, dates=DAYS), [said_of_dates(name)]


def _coarsest(dates: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The same instants without fractions that are all zero."""
    for unit in ("D", "s", "ms", "us"):
        if np.datetime_data(dates.dtype)[0] in ("Y", "M", "W", "D"):
            break
        coarse = dates.astype(f"M8[{unit}]")
        if bool(((coarse == dates) | np.isnat(dates)).all()):
            return coarse
    return dates


def _durations(raw: RawColumn, options: ReadOptions) -> tuple[Column, list[str]]:
    assert not isinstance(raw.data, TextCells)
    if np.datetime_data(raw.data.dtype)[0] == "generic":
        return _numbers(replace(raw, data=raw.data.astype(np.int64), missing=np.isnat(raw.data)), options)
    if np.datetime_data(raw.data.dtype)[0] in ("Y", "M"):
        values, unit = raw.data.astype("m8[M]").astype(np.float64), "months"
    else:
        values, unit = raw.data / np.timedelta64(1, "s"), "seconds"
    values[np.isnat(raw.data)] = np.nan
    said = [f"Durations in {quoted(raw.name)} are read in {unit}."]
    column, more = _numbers(replace(raw, data=values, missing=None, unit=unit), options)
    return column, said + more


def column_of_texts(name: str, cells: TextCells, options: ReadOptions, unit: str = "") -> tuple[Column, list[str]]:
    """Text: never numbers, unless a person named the decimal mark with which they are written.

    The different texts are looked at, and not each cell.
    """
    distinct = TextCells(cells.blob, cells.offsets)
    used = np.ones(len(distinct), bool)
    if cells.codes is not None:
        used = np.bincount(cells.codes, minlength=len(distinct))[: len(distinct)] > 0
    texts = [text if here else "" for text, here in zip(distinct, used.tolist(), strict=True)]
    missing = frozenset(cell.strip() for cell in options.missing)
    texts = ["" if text.strip() in missing else text for text in texts]
    present = [text for text in texts if not is_missing(text)]
    column = Column(name, None, lambda: cells, unit=unit)
    if not present or not all(is_number(text) for text in present):
        return column, list(said_of_marks(name, present, options))
    converted = convert(texts, options.decimal) if options.decimal else None
    if converted is None:
        return column, [said_of_stored_text(name, present[0])]
    values = converted.values if cells.codes is None else converted.values[cells.codes]
    values.setflags(write=False)
    how = [f"In {quoted(name)} {converted.how}."] if converted.how else []
    return replace(column, values=values), [*how, *said_of_large(name, values)]
