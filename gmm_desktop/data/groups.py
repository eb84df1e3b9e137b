"""Known labels: the different texts, or numbers, of a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.left_out import rows_named
from gmm_desktop.data.table import Column, DataError, counted, quoted

#: A column with more different labels than this holds no groups.
MOST_GROUPS = 1000
#: The label of a row that has none.
NO_LABEL = -1


@dataclass(frozen=True, eq=False)
class Groups:
    """The labels of some rows.

    Attributes:
        labels: (n,) indices into ``names``; NO_LABEL where there is none.
        names: the different labels: numbers in their order, texts in alphabetical order.
        message: that rows have no label, or "".
    """

    labels: NDArray[np.intp]
    names: tuple[str, ...]
    message: str


def groups_of(column: Column, rows: NDArray[np.intp]) -> Groups:
    """The labels that a column gives to some rows of its table.

    Args:
        column: of text or of numbers.
        rows: (n,) row numbers, from 0.

    Raises:
        DataError: the column has no label, or so many different ones that they are no groups.
    """
    labels, names = _of_text(column.text, rows) if column.values is None else _of_numbers(column.values[rows])
    if len(names) > MOST_GROUPS:
        raise DataError(
            f"Column {quoted(column.name)} has more than {MOST_GROUPS} different labels; choose one that names groups."
        )
    if not names:
        raise DataError(f"Column {quoted(column.name)} has no labels; choose another one.")
    without = rows[labels == NO_LABEL]
    message = ""
    if without.size:
        has, is_ = ("has", "is") if without.size == 1 else ("have", "are")
        message = (
            f"{without.size} of {counted(len(rows), 'point')} {has} no label in {quoted(column.name)} "
            f"{rows_named(without)} and {is_} fitted like the others."
        )
    return Groups(labels, names, message)


def _of_numbers(values: NDArray[np.float64]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    known = np.isfinite(values)
    different, numbered = np.unique(values[known], return_inverse=True)
    labels = np.full(len(values), NO_LABEL, dtype=np.intp)
    labels[known] = numbered
    return labels, tuple(f"{value:.15g}" for value in different[: MOST_GROUPS + 1])


def _of_text(cells: Sequence[str], rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    from gmm_desktop.data.readers.numbers import is_missing  # its package is slow to load

    met: dict[str, int] = {}
    labels = np.full(len(rows), NO_LABEL, dtype=np.intp)
    for index, row in enumerate(rows.tolist()):
        cell = cells[row].strip()
        label = met.get(cell)
        if label is None:
            if is_missing(cell):
                continue
            if len(met) > MOST_GROUPS:
                break
            label = met[cell] = len(met)
        labels[index] = label
    names = sorted(met)
    place = np.empty(len(met), dtype=np.intp)
    place[[met[name] for name in names]] = np.arange(len(met))
    known = labels != NO_LABEL
    labels[known] = place[labels[known]]
    return labels, tuple(names)
