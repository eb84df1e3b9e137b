"""Cells of a sheet, each of its own kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.parcel import Packing, Parcel, array_in, texts_in
from gmm_desktop.data.readers.text_cells import TextCells


class Kind(IntEnum):
    """What a cell holds."""

    EMPTY, NUMBER, TEXT, TRUTH, DATE, HOURS, ERROR, NO_RESULT = range(8)


@dataclass(frozen=True, eq=False)
class GridColumn:
    """One column of a sheet.

    Attributes:
        kinds: (rows,) what each cell holds, as ``Kind``.
        numbers: (rows,) the number; 0 or 1 for a truth value, days since 1970-01-01 for a date, hours for a duration
            or a time of day, and NaN for the rest.
        texts: (rows,) the text of those that hold text, "" for the rest; None where none does.
        percent: whether numbers in it are shown as percentages.
    """

    kinds: NDArray[np.uint8]
    numbers: NDArray[np.float64]
    texts: TextCells | None = None
    percent: bool = False


@dataclass(frozen=True, eq=False)
class Grid:
    """The filled rectangle of a sheet.

    Attributes:
        columns: of one length; those without any filled cell are left out.
        first_row: the sheet's row (from 0) of the first cell.
        first_column: the same for columns.
        merged: cells that are shown as one: first row, first column, last row, last column in the sheet.
    """

    columns: tuple[GridColumn, ...]
    first_row: int = 0
    first_column: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()


def pack_grid(grid: Grid, more: dict[str, Any]) -> Parcel:
    """A parcel of a sheet, and more for its head."""
    packing = Packing()
    columns = [
        {
            "kinds": packing.array(column.kinds),
            "numbers": packing.array(column.numbers),
            "texts": packing.texts(column.texts),
            "percent": bool(column.percent),
        }
        for column in grid.columns
    ]
    head = {**more, "columns": columns, "first": [grid.first_row, grid.first_column], "merged": grid.merged}
    return Parcel(head, packing.bodies)


def unpack_grid(parcel: Parcel) -> Grid:
    """The sheet in a parcel."""
    columns = tuple(
        GridColumn(
            array_in(parcel, word["kinds"]),
            array_in(parcel, word["numbers"]),
            None if word["texts"] is None else texts_in(parcel, word["texts"]),
            word["percent"],
        )
        for word in parcel.head["columns"]
    )
    first_row, first_column = parcel.head["first"]
    return Grid(columns, first_row, first_column, tuple(tuple(cells) for cells in parcel.head["merged"]))
