"""The data themselves as text: the fitted columns, with weights and known labels where there are any."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Sequence

from gmm_desktop.data import Dataset, Tell, say_nothing
from gmm_desktop.export.tables import harmless

_BLOCK = 2_000
"""Lines made at once: a few milliseconds of the interpreter."""


def points_csv(dataset: Dataset, tell: Tell = say_nothing) -> Iterator[bytes]:
    """One header and one line a point, in their order; the rows of a file that were skipped are no points.

    Every number has the digits that give it back to the last bit; a label is a word, lest it be fitted when the file is
    opened again. In front of a column's name that a spreadsheet would
    run as a formula an apostrophe is put.

    Yields:
        Some thousand lines at a time, in UTF-8; ``tell`` is told the share of the points before each.
    """
    return _lines(dataset, ",", tell)


def points_tsv(dataset: Dataset, tell: Tell = say_nothing) -> Iterator[bytes]:
    """As ``points_csv`` with tabs, as a spreadsheet takes it from the clipboard."""
    return _lines(dataset, "\t", tell)


def _lines(dataset: Dataset, delimiter: str, tell: Tell) -> Iterator[bytes]:
    yield _header(_names(dataset), delimiter).encode(errors="replace")
    for first in range(0, dataset.size, _BLOCK):
        tell(first / dataset.size)
        block = slice(first, first + _BLOCK)
        columns = [map(repr, column.tolist()) for column in dataset.points[block].T]
        if dataset.sample_weight is not None:
            columns.append(map(repr, dataset.sample_weight[block].tolist()))
        if dataset.labels is not None:
            columns.append(map(_group, dataset.labels[block].tolist()))
        yield "".join(f"{delimiter.join(cells)}\n" for cells in zip(*columns, strict=True)).encode()
        time.sleep(0)  # the window's thread may want the interpreter


def _group(label: int) -> str:
    """Without a space, which between tabs might be taken for a separator."""
    return f"group-{label + 1}"


def _names(dataset: Dataset) -> list[str]:
    """The columns' names, and those of what is known besides, which no column has."""
    names = list(dataset.names)
    for word, known in (("weight", dataset.sample_weight), ("label", dataset.labels)):
        if known is not None:
            while word in names:
                word += " (known)"
            names.append(word)
    return names


def _header(names: Sequence[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow([harmless(name) for name in names])
    return text.getvalue()
