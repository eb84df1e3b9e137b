"""Which rows of a table cannot be fitted, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.table import Column, Table, counted, quoted

#: So many row numbers stand in a sentence.
ROWS_NAMED = 10

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Rows that are skipped for one reason.

    Attributes:
        reason: such as "no number in 'ozone'".
        rows: (m,) their numbers, from 0, ascending.
    """

    reason: str
    rows: NDArray[np.intp]

    def sentence(self, total: int) -> str:
        """ "7 of 153 rows skipped: no number in 'ozone' (rows 5, 10, 25 ...)."; ``total`` is the table's length."""
        many = f"{len(self.rows)} of {counted(total, 'row')}"
        return f"{many} skipped: {self.reason} {rows_named(self.rows)}."


def rows_named(rows: Sequence[int] | NDArray[np.intp]) -> str:
    """The first of some row numbers (from 0) as a person counts them: "(row 5)", "(rows 5, 10, 25 ...)"."""
    numbers = ", ".join(str(int(row) + 1) for row in rows[:ROWS_NAMED])
    return f"({'row' if len(rows) == 1 else 'rows'} {numbers}{' ...' if len(rows) > ROWS_NAMED else ''})"


def left_out(columns: Sequence[Column], weights: Column | None = None) -> tuple[LeftOut, ...]:
    """The rows without a finite number in each of the columns, or without a positive weight, by reason.

    A row may be named for several reasons. Columns of text are passed over.
    """
    found = [
        _for_a_reason("no number in", columns, np.isnan),
        _for_a_reason("an infinite value in", columns, np.isinf),
    ]
    if weights is not None:
        own = [weights]
        found += [
            _for_a_reason("no weight in", own, np.isnan),
            _for_a_reason("an infinite weight in", own, np.isinf),
            _for_a_reason("a weight of zero in", own, lambda values: values == 0),
            _for_a_reason("a negative weight in", own, lambda values: np.isfinite(values) & (values < 0)),
        ]
    return tuple(each for each in found if each is not None)


def _for_a_reason(words: str, columns: Sequence[Column], test: Callable[[NDArray[np.float64]], Mask]) -> LeftOut | None:
    tested = [(column.name, test(column.values)) for column in columns if column.values is not None]
    hit = [(name, mask) for name, mask in tested if mask.any()]
    if not hit:
        return None
    rows = np.flatnonzero(np.logical_or.reduce([mask for _, mask in hit]))
    return LeftOut(f"{words} {' or '.join(quoted(name) for name, _ in hit)}", rows)


def usable_rows(rows: int, skipped: Sequence[LeftOut]) -> Mask:
    """(rows,) whether each row is fitted."""
    usable = np.ones(rows, dtype=np.bool_)
    for each in skipped:
        usable[each.rows] = False
    return usable


def said_of_suspects(table: Table, columns: Sequence[Column]) -> list[str]:
    """That numbers of these columns, taken as they are, may stand for missing values; what a reader said is not
    repeated."""
    names = {column.name for column in columns}
    return [
        f"{quoted(suspect.cell)} stands in {counted(suspect.count, 'row')} of {quoted(suspect.column)} and may mean "
        "that a value is missing; it was read as a number."
        for suspect in table.suspects
        if suspect.column in names
        and not any(suspect.cell in said and quoted(suspect.column) in said for said in table.messages)
    ]
