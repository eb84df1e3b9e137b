"""The cells of a sheet as text, as a spreadsheet program writes them into a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.grid import GridColumn, Kind
from gmm_desktop.data.readers.text_cells import _Cells, write_number

_MILLISECONDS_A_DAY = 86_400_000
#: Larger integers are written with an exponent by those who do not know that they are some.
_PLAIN_INTEGERS = 1e15


@dataclass(frozen=True, eq=False)
class GridCells(_Cells):
    """Cells of a column; of all rows, or of some in their order."""

    column: GridColumn
    rows: Sequence[int] | NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.column.kinds if self.rows is None else self.rows)

    def run(self, first: int, last: int) -> list[str]:
        rows: Any = slice(first, last)
        if isinstance(self.rows, range):
            rows = slice(self.rows.start + first, self.rows.start + last)
        elif self.rows is not None:
            rows = self.rows[first:last]
        kinds, numbers = self.column.kinds[rows].tolist(), self.column.numbers[rows].tolist()
        texts = self.column.texts
        codes = [0] * len(kinds) if texts is None or texts.codes is None else texts.codes[rows].tolist()
        return [
            texts.text(code) if kind == Kind.TEXT and texts is not None else write_cell(kind, number)
            for kind, number, code in zip(kinds, numbers, codes, strict=True)
        ]


def write_cell(kind: int, number: float) -> str:
    """The text of a cell that holds no text."""
    if kind == Kind.NUMBER:
        return str(int(number)) if number.is_integer() and abs(number) < _PLAIN_INTEGERS else write_number(number)
    if kind == Kind.TRUTH:
        return "TRUE" if number else "FALSE"
    if kind == Kind.DATE:
        text = str(dates_of(np.array([number]))[0])
        return text.removesuffix(".000").removesuffix("T00:00:00")
    if kind == Kind.HOURS:
        seconds = round(abs(number) * 3600, 3)
        rest = f"{seconds % 60:06.3f}".removesuffix(".000")
        return f"{'-' if number < 0 else ''}{int(seconds // 3600)}:{int(seconds // 60) % 60:02}:{rest}"
    return ""


def dates_of(days: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Days since 1970 as dates, to the millisecond."""
    instants = np.full(len(days), "NaT", "M8[ms]")
    there = np.isfinite(days)
    instants[there] = np.rint(days[there] * _MILLISECONDS_A_DAY).astype(np.int64).astype("M8[ms]")
    return instants
