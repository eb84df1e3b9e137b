"""Rows of typed cells, as sheets hold them, made into columns of numbers and of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.checks import said_of_large
from gmm_desktop.data.readers.columns import said_of_marks
from gmm_desktop.data.readers.grid import Grid, GridColumn, Kind
from gmm_desktop.data.readers.numbers import convert, is_missing, is_number
from gmm_desktop.data.readers.sheet_cells import GridCells
from gmm_desktop.data.readers.sheet_layout import SheetLayout, find_layout
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.readers.stored import (
    DAYS,
    drop_missing,
    gathered,
    said_of_dates,
    said_of_repeated,
    said_of_stored_text,
)
from gmm_desktop.data.readers.text_cells import TextCells, rows_of
from gmm_desktop.data.table import (
    Column,
    DataError,
    ReadOptions,
    Table,
    counted,
    quoted,
    unique_names,
    with_parts,
)

#: What stands in a cell whose formula could not be calculated, where it is stored as text.
_ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"])


def table_of_grid(
    source: Source, grid: Grid, options: ReadOptions, parts: Sequence[str], part: str, said: Sequence[str]
) -> Table:
    """The table in a sheet.

    Args:
        source: of the workbook.
        grid: the sheet.
        options: what a person has decided.
        parts: the sheets of the workbook, none where there is one.
        part: the name of this sheet.
        said: what must be said already.

    Raises:
        DataError: there are no rows in it.
    """
    try:
        layout = find_layout(grid, options)
    except DataError as error:
        refusal = f"The sheet {quoted(part)} of {quoted(source.name)} cannot be read: {error}"
        raise DataError(with_parts(refusal, parts, part)) from error
    cut = [_cut(column, layout.rows) for column in grid.columns]
    kept = [i for i, column in enumerate(cut) if layout.names[i] or column.kinds.any()]
    names, repeated = unique_names([layout.names[i] for i in kept])
    made = gathered(
        _with_unit(_column(name, cut[i], options), layout.units[i]) for name, i in zip(names, kept, strict=True)
    )
    return Table(
        made.columns,
        len(layout.rows),
        source.name,
        (*said, *layout.doubts, *layout.said, *said_of_repeated(repeated), *made.said, *_said_of_merged(grid, layout)),
        source.digest,
        partial(_rows, made.columns),
        layout=replace(
            options, header=layout.header, units=layout.has_units, skip=layout.above, part=part if parts else None
        ),
        doubts=layout.doubts,
        parts=tuple(parts),
        suspects=made.suspects,
    )


def _with_unit(made: tuple[Column, list[str]], unit: str) -> tuple[Column, list[str]]:
    column, said = made
    return replace(column, unit=column.unit or unit), said


def _rows(columns: Sequence[Column]) -> Iterator[Sequence[str]]:
    return rows_of([column.make_text() for column in columns])


def _cut(column: GridColumn, rows: range | NDArray[np.intp]) -> GridColumn:
    """The rows of a table; a view of the sheet's numbers where they follow one another."""
    chosen: Any = slice(rows.start, rows.stop) if isinstance(rows, range) else rows
    texts = column.texts
    if texts is not None and texts.codes is not None:
        texts = TextCells(texts.blob, texts.offsets, texts.codes[chosen])
    return replace(column, kinds=column.kinds[chosen], numbers=column.numbers[chosen], texts=texts)


def _column(name: str, column: GridColumn, options: ReadOptions) -> tuple[Column, list[str]]:
    """A column of numbers, dates or text, and what must be said of it."""
    cells = GridCells(column)
    text = Column(name, None, lambda: cells)
    column, said = _without_errors(name, column)
    column = _without_missing(column, options)
    present = {kind for kind in Kind if kind not in (Kind.EMPTY, Kind.ERROR, Kind.NO_RESULT)}
    present &= {Kind(kind) for kind in np.unique(column.kinds).tolist()}
    if present == {Kind.NUMBER}:
        return _numbers(text, column, options, said)
    if present == {Kind.HOURS}:
        result, more = _numbers(replace(text, unit="hours"), column, options, said)
        return result, [*more, f"Times and durations in {quoted(name)} are read in hours."]
    if present == {Kind.DATE}:
        return _dates(text, column, options, said)
    if Kind.TEXT in present and present <= {Kind.TEXT, Kind.NUMBER}:
        return _texts(text, column, options, said)
    return replace(text, stray=_stray(column, cells)), said


def _without_errors(name: str, column: GridColumn) -> tuple[GridColumn, list[str]]:
    """Cells that hold an error, or a formula without a result, count as missing, and are counted."""
    said, kinds = [], column.kinds
    if column.texts is not None and column.texts.codes is not None:
        errors = [code for code, text in enumerate(_distinct(column.texts)) if text.strip() in _ERRORS]
        if errors:
            where = (kinds == Kind.TEXT) & np.isin(column.texts.codes, errors)
            kinds = np.where(where, np.uint8(Kind.ERROR), kinds)
    if count := int(np.count_nonzero(kinds == Kind.ERROR)):
        said.append(f"{counted(count, 'cell')} of {quoted(name)} with an error such as #DIV/0! left out as missing.")
    if count := int(np.count_nonzero(kinds == Kind.NO_RESULT)):
        said.append(
            f"{counted(count, 'formula')} of {quoted(name)} without a stored result left out as missing; open and save "
            "the file once in a spreadsheet program."
        )
    return replace(column, kinds=kinds), said


def _without_missing(column: GridColumn, options: ReadOptions) -> GridColumn:
    """Text that stands for a missing value makes an empty cell."""
    if column.texts is None or column.texts.codes is None:
        return column
    marks = {cell.strip() for cell in options.missing}
    missing = [c for c, text in enumerate(_distinct(column.texts)) if is_missing(text) or text.strip() in marks]
    where = (column.kinds == Kind.TEXT) & np.isin(column.texts.codes, missing)
    return replace(column, kinds=np.where(where, np.uint8(Kind.EMPTY), column.kinds)) if where.any() else column


def _distinct(texts: TextCells) -> list[str]:
    return list(TextCells(texts.blob, texts.offsets))


def _numbers(text: Column, column: GridColumn, options: ReadOptions, said: list[str]) -> tuple[Column, list[str]]:
    values = column.numbers
    if not (column.kinds != Kind.EMPTY).all() or options.missing:
        values = np.where(np.isin(column.kinds, (Kind.NUMBER, Kind.HOURS)), values, np.nan)
    said = said + drop_missing(text.name, values, options) if options.missing else said
    if (values[np.isfinite(values)] % 1 == 0).all():
        said = said + said_of_large(text.name, values)
    if column.percent:
        said = [*said, f"{quoted(text.name)} is shown in percent in the sheet; its numbers are fractions: 50 % is 0.5."]
    values.setflags(write=False)
    return replace(text, values=values), said


def _dates(text: Column, column: GridColumn, options: ReadOptions, said: list[str]) -> tuple[Column, list[str]]:
    if text.name not in options.dates:
        return replace(text, dates=DAYS), said
    values = np.where(column.kinds == Kind.DATE, column.numbers, np.nan)
    values.setflags(write=False)
    return replace(text, values=values, unit=DAYS, dates=DAYS), [*said, said_of_dates(text.name)]


def _texts(text: Column, column: GridColumn, options: ReadOptions, said: list[str]) -> tuple[Column, list[str]]:
    """Text, perhaps among numbers: numbers only where a person named the decimal mark in which they are written."""
    assert column.texts is not None
    assert column.texts.codes is not None
    is_text = column.kinds == Kind.TEXT
    used = set(np.unique(column.texts.codes[is_text]).tolist())
    texts = [t if code in used else "" for code, t in enumerate(_distinct(column.texts))]
    looks = [t for t in texts if t and is_number(t)]
    if looks and all(is_number(t) for t in texts if t):
        converted = convert(texts, options.decimal) if options.decimal else None
        if converted is not None:
            values = np.where(is_text, converted.values[column.texts.codes], column.numbers)
            values = np.where(np.isin(column.kinds, (Kind.TEXT, Kind.NUMBER)), values, np.nan)
            said = [*said, *drop_missing(text.name, values, options)]
            said += [f"In {quoted(text.name)} {converted.how}."] if converted.how else []
            values.setflags(write=False)
            return replace(text, values=values), [*said, *said_of_large(text.name, values)]
        said = [*said, said_of_stored_text(text.name, looks[0], int(np.count_nonzero(is_text)))]
    elif not looks:
        said = [*said, *said_of_marks(text.name, [t for t in texts if t], options)]
    return replace(text, stray=_stray(column, GridCells(column))), said


def _stray(column: GridColumn, cells: GridCells) -> tuple[str, int] | None:
    """The first cell that is no number, where at least half are."""
    strange = np.flatnonzero(np.isin(column.kinds, (Kind.TEXT, Kind.TRUTH, Kind.DATE, Kind.HOURS)))
    numbers = int(np.count_nonzero(column.kinds == Kind.NUMBER))
    if not strange.size or not numbers or numbers < len(strange):
        return None
    return cells[int(strange[0])], int(strange[0])


def _said_of_merged(grid: Grid, layout: SheetLayout) -> list[str]:
    """In merged cells only the first holds the value; the others are empty."""
    first, last = int(layout.rows[0]) + grid.first_row, int(layout.rows[-1]) + grid.first_row
    inside = [
        1 for top, _, bottom, right in grid.merged if bottom >= first and top <= last and right >= grid.first_column
    ]
    if not inside:
        return []
    return [f"{counted(len(inside), 'group')} of merged cells in the table; the value counts for the first cell alone."]
