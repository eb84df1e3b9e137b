"""The data with a label and the responsibilities of each row, as CSV."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from itertools import islice

from gmm_desktop.data import Dataset, Table, Tell
from gmm_desktop.export.labels import Labels, file_rows, kept_cells, labels, new_names
from gmm_desktop.export.report import ExportError, FitReport
from gmm_desktop.export.tables import harmless

#: How many rows are labelled at once.
_BLOCK = 5_000
#: How many lines are made at once.
_PIECE = 500


def data_csv(report: FitReport, tell: Tell) -> Iterator[bytes]:
    """One line a row of the file that was read, in its order: the original columns, then what the fit says of it.

    That is its label, the largest responsibility, all responsibilities, the log of the mixture's density there, and
    whether it was skipped; of a row that was, nothing else is said. A number keeps the digits that it has in the file,
    with a decimal point, and a date stays a date; in front of a text cell that a spreadsheet would run as a formula an
    apostrophe is put.

    Yields:
        Some hundred lines at a time; ``tell`` is told the share of the rows before each.

    Raises:
        ExportError: the file that was read has changed since.
    """
    table = report.dataset.table
    names = [column.name for column in table.columns] if table else list(report.dataset.names)
    yield _lines([[*map(harmless, names), *new_names(names, report.letters)]])
    original = _rows_of_table(table) if table else _rows_of_points(report.dataset)
    rows, count = file_rows(report.dataset), 0
    both = zip(original, _new_cells(report), strict=False)
    while piece := [[*cells, *label] for cells, label in islice(both, _PIECE)]:
        tell(count / rows)
        count += len(piece)
        yield _lines(piece)
        time.sleep(0)  # the window's thread may want the interpreter
    if count != rows:
        raise ExportError(has_changed(report.dataset))


def has_changed(dataset: Dataset) -> str:
    """The sentence for a file that is no longer what was read."""
    return f"'{dataset.source}' has changed since it was opened; open it again and repeat the export."


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(errors="replace")


def _new_cells(report: FitReport) -> Iterator[list[str]]:
    """For each row of the file the new cells."""
    skipped = [""] * (3 + len(report.letters)) + ["yes"]
    for block in labels(report, _BLOCK):
        labelled = _labelled(block, report.letters)
        for is_there in block.present.tolist():
            yield next(labelled) if is_there else skipped


def _labelled(block: Labels, letters: tuple[str, ...]) -> Iterator[list[str]]:
    parts = (block.label.tolist(), block.largest.tolist(), block.responsibilities.tolist(), block.log_density.tolist())
    for label, largest, shares, density in zip(*parts, strict=True):
        yield [letters[label], repr(largest), *map(repr, shares), repr(density), "no"]


def _rows_of_points(dataset: Dataset) -> Iterator[list[str]]:
    for point in dataset.points:
        yield [repr(number) for number in point.tolist()]


def _rows_of_table(table: Table) -> Iterator[list[str]]:
    """The original cells: text and dates made harmless, numbers with a decimal point."""
    columns = [None if kept else c.values for c, kept in zip(table.columns, kept_cells(table), strict=True)]
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
        return harmless(cell)  # of a row of another length anything may stand here
    cell = cell.strip()
    try:
        same = float(cell) == value
    except ValueError:
        same = False
    return cell if same else repr(value)
