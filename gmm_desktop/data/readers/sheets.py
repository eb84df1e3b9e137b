"""Sheets of workbooks, read by python-calamine in a process of its own (see ``child``)."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gmm_desktop.data.readers.archive import MAGIC, Entry
from gmm_desktop.data.readers.child import Request
from gmm_desktop.data.readers.grid import Grid, GridColumn, Kind, pack_grid
from gmm_desktop.data.readers.limits import MEGABYTE
from gmm_desktop.data.readers.numbers import is_number
from gmm_desktop.data.readers.parcel import Parcel
from gmm_desktop.data.readers.text_cells import text_cells
from gmm_desktop.data.readers.workbook_hidden import said_of_hidden
from gmm_desktop.data.readers.workbook_scan import Marks, check_workbook, marks_of
from gmm_desktop.data.table import DataError, listed, quoted, with_parts

_ROWS = 4096
#: So many rows tell whether a sheet holds a table.
_LOOKED_AT = 200
#: Empty rows before the first cell are gone through one by one up to so many cells.
_FEW = 1_000_000
_EPOCH = datetime.datetime(1970, 1, 1)
#: A cell in memory: dense, sparse while it is read, and as an object of Python for some thousand rows.
_BYTES_A_CELL = 40
#: So many cells may a sheet span, filled or empty, and so many more for each byte that it was unpacked from.
_CELLS, _CELLS_A_BYTE = 2_000_000, 2


def unpack(content: bytes, request: Request) -> Parcel:
    """One sheet of a workbook.

    Raises:
        DataError: it is locked, damaged or forged, has no such sheet, or no cell in it.
    """
    found: list[Entry] = []
    if content.startswith(MAGIC):
        found, size = check_workbook(content, request.name)
        request.allow(4 * size)
    else:
        size = len(content)
        request.allow(8 * min(size, 256 * MEGABYTE))
    request.tell(0.1)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            visible = [data.name for data in _sheets(book) if data.visible == SheetVisibleEnum.Visible]
            names = [data.name for data in _sheets(book)]
            sheet, said = _chosen(book, names, visible, size, request)
            request.tell(0.5)
            marks = marks_of(content, found, sheet.name, request.name) if found else Marks()
            columns, first_row, first_column = _columns(sheet, marks, size, request)
            said += _said_of_hidden(marks, sheet, columns)
            if sheet.name not in visible:
                said.append(f"The sheet {quoted(sheet.name)} is hidden in the workbook.")
            merged = [(*first, *last) for first, last in (sheet.merged_cell_ranges or [])][:1000]
    except PasswordError as error:
        raise DataError(
            f"{quoted(request.name)} is locked with a password; save it without one in a spreadsheet program."
        ) from error
    except CalamineError as error:
        raise DataError(
            f"{quoted(request.name)} is damaged or no workbook; open it in a spreadsheet program and save it as .xlsx "
            "or CSV."
        ) from error
    grid = Grid(columns, first_row, first_column, tuple(merged))
    return pack_grid(grid, {"parts": names if len(names) > 1 else [], "part": sheet.name, "said": said})


def _sheets(book: CalamineWorkbook) -> list[Any]:
    return [data for data in book.sheets_metadata if data.typ == SheetTypeEnum.WorkSheet]


def _chosen(
    book: CalamineWorkbook, names: list[str], visible: list[str], size: int, request: Request
) -> tuple[CalamineSheet, list[str]]:
    """The wanted sheet, else of those that can be seen the first that holds a table, else the first that is filled."""
    if request.part is not None:
        if request.part not in names:
            raise DataError(
                f"{quoted(request.name)} has no sheet {quoted(request.part)}; choose among {listed(names)}."
            )
        sheet = book.get_sheet_by_name(request.part)
        if sheet.start is None:
            refusal = f"The sheet {quoted(sheet.name)} of {quoted(request.name)} is empty."
            raise DataError(with_parts(refusal, names, request.part))
        return sheet, []
    passed: list[str] = []
    first: CalamineSheet | None = None
    for name in visible or names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        if _holds_a_table(sheet, size):
            return sheet, _said_of_choice(name, names, visible, passed)
        first = first or sheet
        passed.append(name)
    if first is None:
        raise DataError(f"{quoted(request.name)} holds no filled sheet that can be seen; choose a file that has data.")
    return first, _said_of_choice(first.name, names, visible, [])


def _said_of_choice(name: str, names: list[str], visible: list[str], passed: list[str]) -> list[str]:
    """Which sheet was read, and which others there are; ``passed`` are those that hold no table, before it."""
    if len(names) < 2:
        return []
    hidden = len(names) - len(visible) if visible else 0
    more = f", {hidden} of them hidden" if hidden else ""
    others = listed([other for other in names if other != name])
    why = f"; there is no table in {listed(passed)}" if passed else ""
    return [f"The sheet {quoted(name)} was read, one of {len(names)} sheets{more}, beside {others}{why}."]


def _holds_a_table(sheet: CalamineSheet, size: int) -> bool:
    """Whether some column begins with two numbers or more, be they stored as text, or with dates.

    What spans too much to be looked into passes for one, so that it is refused by what reads it.
    """
    assert sheet.start is not None
    assert sheet.end is not None
    width, height = sheet.end[1] - sheet.start[1] + 1, sheet.end[0] - sheet.start[0] + 1
    if _spans_too_much(width, height, size) or sheet.start[0] * width > _FEW:
        return True
    counts = [0] * width
    for row in islice(_rows(sheet), _LOOKED_AT):
        for column, cell in enumerate(row[:width]):
            counts[column] += is_number(cell) if isinstance(cell, str) else cell is not None
    return max(counts) > 1


def _spans_too_much(width: int, height: int, size: int) -> bool:
    return width * height > _CELLS + _CELLS_A_BYTE * size


def _columns(
    sheet: CalamineSheet, marks: Marks, size: int, request: Request
) -> tuple[tuple[GridColumn, ...], int, int]:
    """The columns of a sheet that hold something, and the row and the column of its first cell."""
    assert sheet.start is not None
    assert sheet.end is not None
    first_row, first_column = sheet.start
    width, height = sheet.end[1] - first_column + 1, sheet.end[0] - first_row + 1
    if _spans_too_much(width, height, size):
        raise DataError(
            f"The sheet {quoted(sheet.name)} of {quoted(request.name)} spans {height:,} rows by {width:,} columns, "
            "more than can be opened; copy the table into a sheet of its own."
        )
    height = height if request.rows is None else min(height, request.rows + 200)
    request.allow(_BYTES_A_CELL * width * height)
    builders = [_Builder(height) for _ in range(width)]
    rows = islice(_rows(sheet), height)
    done = 0
    while block := list(islice(rows, _ROWS)):
        for column, cells in enumerate(zip(*block, strict=True)):
            builders[column].add(done, list(cells))
        done += len(block)
        request.tell(0.5 + 0.5 * done / height)
    for kind, marked in ((Kind.ERROR, marks.errors), (Kind.NO_RESULT, marks.no_result)):
        for row, column in marked:
            if 0 <= row - first_row < height and 0 <= column - first_column < width:
                builders[column - first_column].mark(row - first_row, kind)
    made = {
        first_column + index: builder.column(percent=first_column + index in marks.percent)
        for index, builder in enumerate(builders)
        if builder.filled
    }
    marks.hidden.columns.intersection_update(made)
    return tuple(made.values()), first_row, first_column


def _said_of_hidden(marks: Marks, sheet: CalamineSheet, columns: tuple[GridColumn, ...]) -> list[str]:
    """What of the filled rows and columns a spreadsheet program does not show."""
    assert sheet.start is not None
    rows = np.array(sorted(marks.hidden.rows), dtype=np.intp) - sheet.start[0]
    rows = rows[(rows >= 0) & (rows < len(columns[0].kinds))] if columns else rows[:0]
    filled = np.zeros(len(rows), bool)
    for column in columns:
        filled |= column.kinds[rows] != Kind.EMPTY
    return said_of_hidden(sheet.name, int(np.count_nonzero(filled)), len(marks.hidden.columns))


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows from the first cell on, without what is empty before it."""
    assert sheet.start is not None
    first_row = sheet.start[0]
    if first_row * sheet.width > _FEW:
        return iter(sheet.to_python(skip_empty_area=True))
    return islice(sheet.iter_rows(), first_row, None)  # which leaves out empty columns, but not empty rows


class _Builder:
    """Fills one column from the objects that the cells are made into."""

    def __init__(self, height: int) -> None:
        self._kinds = np.zeros(height, np.uint8)
        self._numbers = np.full(height, np.nan)
        self._texts: dict[str, int] = {"": 0}
        self._codes: np.ndarray[Any, np.dtype[np.uint32]] | None = None

    def add(self, first: int, cells: list[Any]) -> None:
        """Cells in the rows from ``first`` on."""
        if set(map(type, cells)) <= {float}:
            self._numbers[first : first + len(cells)] = cells
            self._kinds[first : first + len(cells)] = Kind.NUMBER
            return
        for row, cell in enumerate(cells, start=first):
            if type(cell) is float or type(cell) is int:
                self._put(row, Kind.NUMBER, float(cell))
            elif type(cell) is str:
                if cell:
                    self._put_text(row, cell)
            elif type(cell) is bool:
                self._put(row, Kind.TRUTH, float(cell))
            else:
                self._put_time(row, cell)

    def _put(self, row: int, kind: int, number: float) -> None:
        self._kinds[row], self._numbers[row] = kind, number

    def _put_text(self, row: int, text: str) -> None:
        if self._codes is None:
            self._codes = np.zeros(len(self._kinds), np.uint32)
        self._kinds[row] = Kind.TEXT
        self._codes[row] = self._texts.setdefault(text, len(self._texts))

    def _put_time(self, row: int, cell: Any) -> None:
        """Dates become days since 1970, durations and times of day hours."""
        hour = datetime.timedelta(hours=1)
        if isinstance(cell, datetime.datetime):
            self._put(row, Kind.DATE, (cell.replace(tzinfo=None) - _EPOCH) / datetime.timedelta(days=1))
        elif isinstance(cell, datetime.date):
            self._put(row, Kind.DATE, float((cell - _EPOCH.date()).days))
        elif isinstance(cell, datetime.timedelta):
            self._put(row, Kind.HOURS, cell / hour)
        elif isinstance(cell, datetime.time):
            since = datetime.datetime.combine(_EPOCH.date(), cell.replace(tzinfo=None)) - _EPOCH
            self._put(row, Kind.HOURS, since / hour)
        else:
            self._put_text(row, str(cell))

    def mark(self, row: int, kind: int) -> None:
        """Says what an empty cell is."""
        if self._kinds[row] == Kind.EMPTY:
            self._kinds[row] = kind

    @property
    def filled(self) -> bool:
        """Whether any cell holds something."""
        return bool(self._kinds.any())

    def column(self, percent: bool) -> GridColumn:
        """What was filled in."""
        texts = None if self._codes is None else text_cells(self._texts, self._codes)
        return GridColumn(self._kinds, self._numbers, texts, percent)
