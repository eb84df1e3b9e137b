"""The data with a label and the responsibilities of each row."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from gmm_desktop.data import Dataset, Table, Tell
from gmm_desktop.export.report import ExportError, FitReport

#: How many rows are labelled at once.
_BLOCK = 5_000
#: How many lines are made at once.
_PIECE = 500
#: A spreadsheet runs a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def data_csv(report: FitReport, tell: Tell) -> Iterator[bytes]:
    """One line a row of the file that was read, in its order: the original columns, label, responsibilities.

    A number keeps the digits that it has in the file, with a decimal point; in front of a text cell that a
    spreadsheet would run as a formula an apostrophe is put. A row that was skipped has no label and no
    responsibilities.

    Yields:
        Some hundred lines at a time; ``tell`` is told the share of the rows before each.

    Raises:
        ExportError: the file that was read has changed since.
    """
    table = report.dataset.table
    names = [column.name for column in table.columns] if table else list(report.dataset.names)
    yield _lines([[*map(harmless, names), *_new_names(names, report.letters)]])
    original = _rows_of_table(table) if table else _rows_of_points(report.dataset)
    rows, count = table.rows if table else report.dataset.size, 0
    both = zip(original, _labels(report), strict=False)
    while piece := [[*cells, *label] for cells, label in islice(both, _PIECE)]:
        tell(count / rows)
        count += len(piece)
        yield _lines(piece)
        time.sleep(0)  # the window's thread may want the interpreter
    if count != rows:
        raise ExportError(
            f"'{report.dataset.source}' has changed since it was opened; open it again and repeat the export."
        )


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(errors="replace")


def _new_names(taken: Sequence[str], letters: Sequence[str]) -> list[str]:
    """ "label", "responsibility A" ..., different from all columns of the file."""
    names = []
    for name in ("label", *(f"responsibility {letter}" for letter in letters)):
        while name in taken:
            name += " (fit)"
        names.append(name)
    return names


def _labels(report: FitReport) -> Iterator[list[str]]:
    """For each row of the file the new cells; empty ones for a row that was skipped."""
    data = report.dataset
    rows = data.table.rows if data.table else data.size
    empty = [""] * (1 + len(report.letters))
    for first in range(0, rows, _BLOCK):
        last = min(first + _BLOCK, rows)
        fitted, present = _fitted(data, first, last)
        shares = np.empty((0, len(report.letters)))
        if fitted.stop > fitted.start:
            shares = report.mixture.responsibilities(data.points[fitted])[:, report.order]
        labelled = zip(shares.argmax(axis=1).tolist(), shares.tolist(), strict=True)
        for is_there in present:
            if not is_there:
                yield empty
                continue
            largest, share = next(labelled)
            yield [report.letters[largest], *map(repr, share)]


def _fitted(data: Dataset, first: int, last: int) -> tuple[slice, list[bool]]:
    """Of the file's rows from ``first`` to before ``last``: the points that they became, and which rows did."""
    if data.rows is None:
        return slice(first, last), [True] * (last - first)
    begin, end = np.searchsorted(data.rows, (first, last)).tolist()
    present = np.zeros(last - first, dtype=bool)
    present[data.rows[begin:end] - first] = True
    return slice(begin, end), present.tolist()


def _rows_of_points(dataset: Dataset) -> Iterator[list[str]]:
    for point in dataset.points:
        yield [repr(number) for number in point.tolist()]


def _rows_of_table(table: Table) -> Iterator[list[str]]:
    """The original cells: text made harmless, numbers with a decimal point."""
    columns = [column.values for column in table.columns]
    for index, row in enumerate(table.text_rows()):
        if index == table.rows:
            return
        yield [
            harmless(cell) if values is None else _number(cell, float(values[index]))
            for cell, values in zip(row, columns, strict=True)
        ]


def _number(cell: str, value: float) -> str:
    """The cell as it is where it reads as its number; else (decimal comma, thousands) the number."""
    if value != value:
        return cell
    cell = cell.strip()
    try:
        same = float(cell) == value
    except ValueError:
        same = False
    return cell if same else repr(value)


def harmless(cell: str) -> str:
    """A text cell that no spreadsheet runs."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
