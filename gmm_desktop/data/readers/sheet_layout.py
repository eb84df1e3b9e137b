"""Where in a sheet the table is: rows above it, names, units, and rows that hold something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.grid import Grid, GridColumn, Kind
from gmm_desktop.data.readers.numbers import is_missing, is_number
from gmm_desktop.data.readers.sheet_cells import GridCells
from gmm_desktop.data.table import DataError, ReadOptions, counted, listed

_SAMPLE = 200
_VALUES = (Kind.NUMBER, Kind.DATE, Kind.HOURS, Kind.TRUTH)


@dataclass(frozen=True, eq=False)
class SheetLayout:
    """Attributes:
    names: of the columns, "" where the sheet gives none.
    units: of the columns, "" where the sheet gives none.
    rows: (n,) the rows of the table within the filled part of the sheet, or a range of them.
    header: whether the sheet names the columns.
    has_units: whether it gives units.
    above: rows of the sheet above the table or its names.
    doubts: sentences about what was not sure.
    said: sentences about what was left out.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    rows: NDArray[np.intp] | range
    header: bool
    has_units: bool
    above: int
    doubts: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def find_layout(grid: Grid, options: ReadOptions) -> SheetLayout:
    """The layout of a sheet: what a person has decided, and the rest found out.

    Raises:
        DataError: no rows are left.
    """
    kinds = np.stack([column.kinds for column in grid.columns], axis=1)
    filled = np.count_nonzero(kinds, axis=1)
    start = _start(kinds, filled) if options.skip is None else max(options.skip - grid.first_row, 0)
    above, doubts, said = start + grid.first_row, [], []
    if options.skip is None and start and filled[:start].any():
        doubts.append(f"{counted(above, 'row')} above the table left out.")
    start = _next_filled(filled, start)
    names = units = ("",) * len(grid.columns)
    header = _is_header(grid, kinds, start) if options.header is None else options.header
    has_units = False
    if header:
        names = _texts(grid.columns, start)
        if options.header is None and any(is_number(name) for name in names if name):
            doubts.append("The first row was taken for the names of the columns, although a number is among them.")
        start = _next_filled(filled, start + 1)
        has_units = _is_units(grid, kinds, start) if options.units is None else options.units
        if has_units:
            units = _texts(grid.columns, start)
            if options.units is None:
                given = listed([unit for unit in units if unit])
                doubts.append(f"The second row was taken for units and left out: {given}.")
            start = _next_filled(filled, start + 1)
    last = _last_filled(filled)
    if start >= last:
        raise DataError("there are no rows in it below the names; choose a sheet that holds data, or another header.")
    rows: range | NDArray[np.intp] = range(start, last)
    if not filled[start:last].all():
        rows = start + np.flatnonzero(filled[start:last])
        said.append(f"{counted(last - start - len(rows), 'empty row')} among the rows left out.")
    if options.rows is not None:
        rows = rows[: max(options.rows, 1)]
    return SheetLayout(names, units, rows, header, has_units, above, tuple(doubts), tuple(said))


def _start(kinds: NDArray[np.uint8], filled: NDArray[np.intp]) -> int:
    """The row where the table or its names begin.

    That is the first row in which more than half of the usual number of cells is filled; where there are numbers in
    it, so that it is no row of names, rows of numbers right above it belong to the table too.
    """
    some = filled[:_SAMPLE][filled[:_SAMPLE] > 0]
    usual = int(np.median(some)) if some.size else 1
    wide = np.flatnonzero(2 * filled > usual)
    start = int(wide[0]) if wide.size else 0
    if np.isin(kinds[start], _VALUES).any():
        while start and np.isin(kinds[start - 1], _VALUES).any():
            start -= 1
    return start


def _next_filled(filled: NDArray[np.intp], start: int) -> int:
    there = np.flatnonzero(filled[start:])
    return start + int(there[0]) if there.size else len(filled)


def _last_filled(filled: NDArray[np.intp]) -> int:
    there = np.flatnonzero(filled)
    return int(there[-1]) + 1 if there.size else 0


def _texts(columns: Sequence[GridColumn], row: int) -> tuple[str, ...]:
    return tuple(GridCells(column)[row].strip() if row < len(column.kinds) else "" for column in columns)


def _is_header(grid: Grid, kinds: NDArray[np.uint8], start: int) -> bool:
    """Whether a row names the columns: text above numbers, or text alone above other text."""
    if start + 1 >= len(kinds) or np.isin(kinds[start], _VALUES).any():
        return False
    names = _texts(grid.columns, start)
    if not any(name and not is_missing(name) for name in names) or all(is_number(n) or is_missing(n) for n in names):
        return False
    below = kinds[start + 1 : start + 1 + _SAMPLE]
    above_numbers = [bool(name) and bool(np.isin(below[:, i], _VALUES).any()) for i, name in enumerate(names)]
    given = [name for name in names if name]
    return any(above_numbers) or (not any(is_number(name) for name in given) and len(set(given)) == len(given))


def _is_units(grid: Grid, kinds: NDArray[np.uint8], row: int) -> bool:
    """Whether a row under the names gives units: text above numbers, and no number in it."""
    if row + 1 >= len(kinds) or np.isin(kinds[row], _VALUES).any():
        return False
    texts = _texts(grid.columns, row)
    if any(is_number(text) for text in texts):
        return False
    below = kinds[row + 1 : row + 1 + _SAMPLE]
    return any(
        bool(text) and not is_missing(text) and _all_numbers(below[:, index]) for index, text in enumerate(texts)
    )


def _all_numbers(kinds: NDArray[np.uint8]) -> bool:
    return bool((kinds == Kind.NUMBER).any()) and not bool(np.isin(kinds, (Kind.TEXT, Kind.DATE, Kind.TRUTH)).any())
