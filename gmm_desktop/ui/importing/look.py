"""What the preview shows of a table and a choice; made in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import DataError, Dataset, Table
from gmm_desktop.data.choice import Choice, adapted
from gmm_desktop.data.left_out import left_out
from gmm_desktop.data.table import Column

#: So many rows are shown.
ROWS_SHOWN = 50
_BARS = 32
#: Counting more points than these tells nothing that a small histogram could show.
_COUNTED = 1_000_000


@dataclass(frozen=True, eq=False)
class Bars:
    """A histogram of one fitted column.

    Attributes:
        name: the column's.
        unit: of its numbers, or "".
        counts: how many points, or how much weight, each bar holds.
        low, high: the smallest and the largest value.
    """

    name: str
    unit: str
    counts: NDArray[np.float64]
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Look:
    """A table as a choice reads it.

    Attributes:
        asked: the choice that was asked for.
        choice: the same, with columns that are there.
        table: None where it cannot be read so.
        whole: whether it is the whole table and not its beginning.
        dataset: what would be opened; None where there is nothing to fit.
        refusal: why there is no table or nothing to fit, or "".
        cells: the first rows as the file has them.
        reasons: for each of them why it is skipped, or "".
        bars: of the shown columns, one or two.
    """

    asked: Choice
    choice: Choice
    table: Table | None
    whole: bool
    dataset: Dataset | None = None
    refusal: str = ""
    cells: tuple[Sequence[str], ...] = ()
    reasons: tuple[str, ...] = ()
    bars: tuple[Bars, ...] = ()


def first_cells(table: Table) -> tuple[Sequence[str], ...]:
    """The cells of the rows that are shown."""
    return tuple(islice(table.text_rows(), ROWS_SHOWN))


def look_at(table: Table, asked: Choice, whole: bool, cells: tuple[Sequence[str], ...]) -> Look:
    """What comes of a choice: points, skipped rows, histograms."""
    choice = adapted(asked, table)
    look = Look(asked, choice, table, whole, cells=cells, reasons=_reasons(table, choice, len(cells)))
    try:
        dataset = choice.dataset(table)
    except DataError as error:
        return replace(look, refusal=str(error))
    return replace(look, dataset=dataset, bars=tuple(_bars(dataset, column) for column in range(dataset.dimension)[:2]))


def _reasons(table: Table, choice: Choice, rows: int) -> tuple[str, ...]:
    columns = {column.name: column for column in table.columns}
    fitted = [_head(columns[name], rows) for name in choice.columns or ()]
    weights = _head(columns[choice.weights], rows) if choice.weights else None
    reasons: list[list[str]] = [[] for _ in range(rows)]
    for each in left_out(fitted, weights):
        for row in each.rows.tolist():
            reasons[row].append(each.reason)
    return tuple("; ".join(own) for own in reasons)


def _head(column: Column, rows: int) -> Column:
    return replace(column, values=None if column.values is None else column.values[:rows])


def _bars(dataset: Dataset, index: int) -> Bars:
    values = dataset.points[:, index]
    low, high = float(values.min()), float(values.max())
    step = -(-len(values) // _COUNTED)
    weight = None if dataset.sample_weight is None else dataset.sample_weight[::step]
    # Within [-1, 1], so that the difference of two huge numbers is one.
    scale = max(abs(low), abs(high)) or 1.0
    scaled = values[::step] / scale
    edges = (low / scale, high / scale)
    if edges[1] - edges[0] < 1e-14:  # too close for edges of bars between them
        counts = np.array([float(len(scaled))])
    else:
        counts, _ = np.histogram(scaled, bins=_BARS, range=edges, weights=weight)
    return Bars(dataset.names[index], dataset.units[index], counts.astype(np.float64), low, high)
