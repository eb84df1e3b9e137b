"""Columns that a file holds with their types, sheets and arrays alike: what is done to them, and what is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.checks import Cells, examine_stored
from gmm_desktop.data.table import Column, ReadOptions, Suspect, counted, listed, quoted

DAYS = "days since 1970-01-01"


@dataclass(frozen=True, eq=False)
class Gathered:
    """The columns of a table, the sentences about them, and what may stand for missing values in them."""

    columns: tuple[Column, ...]
    said: tuple[str, ...]
    suspects: tuple[Suspect, ...]


def gathered(made: Iterable[tuple[Column, list[str]]]) -> Gathered:
    """Columns with what was said of each when it was made, and with what a look at their numbers adds."""
    columns: list[Column] = []
    said: list[str] = []
    suspects: list[Suspect] = []
    for column, sentences in made:
        columns.append(column)
        said += sentences
        if column.values is not None and not column.dates:
            examined = examine_stored(column.name, column.values, _cells_of(column))
            said += examined.messages
            suspects += examined.suspects
    return Gathered(tuple(columns), tuple(said), tuple(suspects))


def _cells_of(column: Column) -> Cells:
    return lambda rows: [column.text[row] for row in rows.tolist()]


def said_of_repeated(names: list[str]) -> list[str]:
    """What is said where columns have the same name."""
    return [f"Several columns are named {listed(names)}; a number was added to the names."] if names else []


def said_of_dates(name: str) -> str:
    """What is said of dates that are read as numbers."""
    return f"Dates in {quoted(name)} are read as {DAYS}."


def said_of_stored_text(name: str, example: str, cells: int | None = None) -> str:
    """What is said of numbers that the file holds as text, in so many cells where that is known."""
    where = f"{counted(cells, 'cell')} of " if cells is not None else ""
    return (
        f"Numbers stored as text in {where}{quoted(name)}, such as {quoted(example.strip())}; name the decimal mark to "
        "read them as numbers."
    )


def drop_missing(name: str, values: NDArray[np.float64], options: ReadOptions) -> list[str]:
    """Empties the cells that a person said to be missing, in place; says how many."""
    said = []
    for cell in options.missing:
        try:
            number = float(cell.strip())
        except ValueError:
            continue
        where = values == number
        if count := int(np.count_nonzero(where)):
            values[where] = np.nan
            said.append(f"{counted(count, 'cell')} of {quoted(name)} with {quoted(cell)} left out as missing.")
    return said
