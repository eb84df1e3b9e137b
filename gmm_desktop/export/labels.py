"""What a fit says of each row of the file that was read, a block of rows after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset, Table
from gmm_desktop.export.report import FitReport

LABEL, LARGEST, RESPONSIBILITY = "label", "largest responsibility", "responsibility"
DENSITY, SKIPPED = "log density", "skipped"


@dataclass(frozen=True, eq=False)
class Labels:
    """Rows ``first`` to before ``last`` of the file.

    Attributes:
        present: (last - first,) which of them were fitted; the others were skipped. The rest is of those alone.
        label: (m,) the place of the likeliest component among the sorted ones.
        largest: (m,) its responsibility.
        responsibilities: (m, k) of the sorted components.
        log_density: (m,) of the mixture, in the units of the data.
    """

    first: int
    last: int
    present: NDArray[np.bool_]
    label: NDArray[np.intp]
    largest: NDArray[np.float64]
    responsibilities: NDArray[np.float64]
    log_density: NDArray[np.float64]


def file_rows(dataset: Dataset) -> int:
    """How many rows the file that was read has; without one, how many points there are."""
    return dataset.table.rows if dataset.table else dataset.size


def kept_cells(table: Table) -> list[bool]:
    """Of each column, whether its cells go out as they are in the file: those of text, and dates that were read as
    numbers, which would not be told from other numbers."""
    dates = table.origin.options.dates if table.origin else ()
    return [column.values is None or column.name in dates for column in table.columns]


def new_names(taken: Sequence[str], letters: Sequence[str]) -> list[str]:
    """The names of the columns that are added, different from all columns of the file."""
    names = []
    for name in (LABEL, LARGEST, *(f"{RESPONSIBILITY} {letter}" for letter in letters), DENSITY, SKIPPED):
        while name in taken:
            name += " (fit)"
        names.append(name)
    return names


def labels(report: FitReport, block: int) -> Iterator[Labels]:
    """All rows, ``block`` of them at a time."""
    data, mixture = report.dataset, report.mixture
    rows = file_rows(data)
    for first in range(0, rows, block):
        last = min(first + block, rows)
        fitted, present = _fitted(data, first, last)
        points = data.points[fitted]
        shares, density = np.empty((0, mixture.n_components)), np.empty(0)
        if len(points):
            shares = mixture.responsibilities(points)[:, report.order]
            density = mixture.log_density(points)
        yield Labels(first, last, present, shares.argmax(axis=1), shares.max(axis=1), shares, density)


def _fitted(data: Dataset, first: int, last: int) -> tuple[slice, NDArray[np.bool_]]:
    """Of the file's rows from ``first`` to before ``last``: the points that they became, and which rows did."""
    present = np.ones(last - first, dtype=bool)
    if data.rows is None:
        return slice(first, last), present
    begin, end = np.searchsorted(data.rows, (first, last)).tolist()
    present[:] = False
    present[data.rows[begin:end] - first] = True
    return slice(begin, end), present
