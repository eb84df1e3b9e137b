"""The data themselves as text: the fitted columns, with weights and known labels where there are any."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Sequence
from functools import partial

from gmm_desktop.data import Dataset, Tell, say_nothing
from gmm_desktop.data.groups import NO_LABEL
from gmm_desktop.export.tables import harmless

_BLOCK = 2_000
"""Lines made at once: a few milliseconds of the interpreter."""


def points_csv(dataset: Dataset, tell: Tell = say_nothing) -> Iterator[bytes]:
    """One header and one line a point, in their order; the rows of a file that were skipped are no points.

    Every number has the digits that give it back to the last bit; a label is a word, lest it be fitted when the file is
    opened again, and a row without one has none. In front of a column's name that a spreadsheet would run as a formula
    an apostrophe is put.

    Yields:
        Some thousand lines at a time, in UTF-8; ``tell`` is told the share of the points before each.
    """
    return _lines(dataset, ",", tell)


def points_tsv(dataset: Dataset, tell: Tell = say_nothing) -> Iterator[bytes]:
    """As ``points_csv`` with tabs, as a spreadsheet takes it from the clipboard."""
    return _lines(dataset, "\t", tell)


def _lines(dataset: Dataset, delimiter: str, tell: Tell) -> Iterator[bytes]:
    yield _header([*dataset.names, *filter(None, rows_columns(dataset))], delimiter).encode(errors="replace")
    digits = 0 if dataset.labels is None else len(str(dataset.labels.max() + 1))
    for first in range(0, dataset.size, _BLOCK):
        tell(first / dataset.size)
        block = slice(first, first + _BLOCK)
        columns = [map(repr, column.tolist()) for column in dataset.points[block].T]
        if dataset.sample_weight is not None:
            columns.append(map(repr, dataset.sample_weight[block].tolist()))
        if dataset.labels is not None:
            columns.append(map(partial(_group, digits=digits), dataset.labels[block].tolist()))
        yield "".join(f"{delimiter.join(cells)}\n" for cells in zip(*columns, strict=True)).encode()
        time.sleep(0)  # the window's thread may want the interpreter


def _group(label: int, digits: int) -> str:
    """Without a space, which between tabs might be taken for a separator; sorted as words they stand in their order."""
    return "" if label == NO_LABEL else f"group-{label + 1:0{digits}}"


def rows_columns(dataset: Dataset) -> tuple[str, str]:
    """What the columns of the rows' weights and labels are called, which no column is; "" where there are none."""
    names = []
    for word, known in (("weight", dataset.sample_weight), ("label", dataset.labels)):
        while word in dataset.names:
            word += " (known)"
        names.append("" if known is None else word)
    return names[0], names[1]


def _header(names: Sequence[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow([harmless(name) for name in names])
    return text.getvalue()
