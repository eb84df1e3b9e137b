"""A set of points to be fitted, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.data.groups import NO_LABEL, groups_of
from gmm_desktop.data.left_out import left_out, said_of_suspects, usable_rows
from gmm_desktop.data.table import Column, DataError, Table, listed, quoted, with_parts
from gmm_desktop.mixture import Mixture


class Generator(Protocol):
    """What can draw points again: other ones, or as many as wanted."""

    def of_size(self, size: int) -> Generator:
        """The same, drawing so many points."""

    def dataset(self, seed: int, source: str) -> Dataset:
        """The points that a seed gives."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points and what is known of them; the arrays are read-only.

    Attributes:
        points: (n, d), finite, in data units.
        names: d column names, shown as plain text.
        source: what a person calls it: "Old Faithful", "faithful.csv", "three groups".
        components: a sensible k to begin with.
        table: the file as read, where the points came from one.
        rows: (n,) row numbers (from 0) of the points in ``table``.
        skipped: how many of the table's rows have no number in a chosen column.
        sample_weight: (n,) weights of the rows, or None.
        labels: (n,) known labels, or None; NO_LABEL where a row has none.
        truth: the mixture that generated the points, where it is known.
        unit: a word for the unit of the columns, such as "minutes", or "".
        messages: plain sentences that a person should read, such as "7 of 153 rows skipped ...".
        sample: the id in SAMPLES that it came from, or "".
        seed: the seed that it was generated with, or None.
        generator: what drew the points, and can draw others, or None.
        weights_from: the table's column that the weights came from, or "".
        labels_from: the table's column that the labels came from, or "".
        label_names: what the labels from that column stand for.
        whole: the data set that these columns were chosen from, where there are more and no table holds them.
    """

    points: NDArray[np.float64]
    names: tuple[str, ...]
    source: str
    components: int = 2
    table: Table | None = None
    rows: NDArray[np.intp] | None = None
    skipped: int = 0
    sample_weight: NDArray[np.float64] | None = None
    labels: NDArray[np.intp] | None = None
    truth: Mixture | None = None
    unit: str = ""
    messages: tuple[str, ...] = ()
    sample: str = ""
    seed: int | None = None
    generator: Generator | None = None
    weights_from: str = ""
    labels_from: str = ""
    label_names: tuple[str, ...] = ()
    whole: Dataset | None = None

    @property
    def size(self) -> int:
        """n."""
        return len(self.points)

    @property
    def dimension(self) -> int:
        """d."""
        return int(self.points.shape[1])

    @property
    def available_columns(self) -> tuple[str, ...]:
        """The names of all numeric columns that could be fitted."""
        if self.table is not None:
            return tuple(column.name for column in self.table.columns if column.numeric)
        return (self.whole or self).names

    @cached_property
    def units(self) -> tuple[str, ...]:
        """(d,) the unit of each column, or ""."""
        return tuple(self.unit or self.units_by_name.get(name, "") for name in self.names)

    @cached_property
    def units_by_name(self) -> dict[str, str]:
        """The units that the file gives, by the names of its columns."""
        return {c.name: c.unit for c in self.table.columns if c.unit} if self.table is not None else {}

    @cached_property
    def start_labels(self) -> NDArray[Any] | None:
        """(n,) the labels for the initialization "labels": NaN where a row has none, which it refuses."""
        if self.labels is None or not (self.labels == NO_LABEL).any():
            return self.labels
        return np.where(self.labels == NO_LABEL, np.nan, self.labels)

    @cached_property
    def total_weight(self) -> float:
        """n, or the sum of the rows' weights."""
        return float(self.size if self.sample_weight is None else self.sample_weight.sum())

    @cached_property
    def scale(self) -> NDArray[np.float64]:
        """(d,) standard deviation of each column, dividing by n."""
        centre = np.average(self.points, axis=0, weights=self.sample_weight)
        return np.asarray(np.sqrt(np.average((self.points - centre) ** 2, axis=0, weights=self.sample_weight)))


def dataset_from_array(
    points: ArrayLike, names: Sequence[str] | None = None, source: str = "an array", **known: Any
) -> Dataset:
    """Points that are numbers already.

    Args:
        points: (n, d) or (n,), finite, in data units.
        names: d names; "x", "y" or "column 1" ... where none are given.
        source: what a person calls the data.
        known: further fields of Dataset.

    Raises:
        DataError: the array is no table of finite numbers.
    """
    array = np.array(points, dtype=np.float64)
    array = array[:, np.newaxis] if array.ndim == 1 else array
    if array.ndim != 2 or 0 in array.shape:
        raise DataError(f"Points have one row each and one column a dimension; this array has the shape {array.shape}.")
    if not np.isfinite(array).all():
        raise DataError("Points must be finite numbers; leave out rows with a missing or infinite value.")
    array.setflags(write=False)
    d = array.shape[1]
    default = ("x", "y") if d <= 2 else tuple(f"column {i + 1}" for i in range(d))
    return Dataset(array, tuple(names) if names else default[:d], source, **known)


def dataset_from_table(
    table: Table, columns: Sequence[str] | None = None, weights: str = "", labels: str = ""
) -> Dataset:
    """The points of some columns of a table; rows without a finite number in each are skipped and counted.

    Args:
        table: the file as read.
        columns: their names; None means the first two columns of numbers, or the one that there is.
        weights: the column of the rows' weights, or ""; rows without a positive one are skipped and counted.
        labels: the column of known labels, or ""; any text is one, and a row without one is fitted all the same.

    Raises:
        DataError: a column is not there or not of numbers, its labels are no groups, or no row is left.
    """
    chosen = _chosen(table, columns, (weights, labels))
    weight = _weights(table, weights) if weights else None
    skipped = left_out(chosen, weight)
    said = [each.sentence(table.rows) for each in skipped]
    usable = usable_rows(table.rows, skipped)
    rows = np.flatnonzero(usable)
    if not rows.size:
        raise DataError(f"No row of {quoted(table.source)} can be used: {' '.join(said)} Choose other columns.")
    points = np.stack([column.values[usable] for column in chosen if column.values is not None], axis=1)
    points.setflags(write=False)
    groups = groups_of(table.column(labels), rows) if labels else None
    messages = [*table.messages, *said, *said_of_suspects(table, chosen), *_said_of_columns(chosen, points)]
    if columns is None:
        messages += _said_of_stray(table)
        messages += [] if weights else _said_of_names(chosen)
    if groups is not None and groups.message:
        messages.append(groups.message)
    return Dataset(
        points,
        tuple(column.name for column in chosen),
        table.source,
        table=table,
        rows=rows,
        skipped=int(table.rows - rows.size),
        sample_weight=None if weight is None or weight.values is None else _read_only(weight.values[usable]),
        labels=None if groups is None else _read_only(groups.labels),
        weights_from="" if weight is None else weight.name,
        labels_from=table.column(labels).name if labels else "",
        label_names=() if groups is None else groups.names,
        messages=tuple(messages),
    )


def _weights(table: Table, name: str) -> Column:
    column = table.column(name)
    if column.values is None:
        raise DataError(f"Column {quoted(column.name)} holds text and no weights; choose a column of numbers.")
    if not (np.isfinite(column.values) & (column.values > 0)).any():
        raise DataError(f"Column {quoted(column.name)} holds no positive weight; choose another one.")
    return column


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


def _chosen(table: Table, names: Sequence[str] | None, others: Sequence[str]) -> list[Column]:
    if names is None:
        taken = {table.column(name).name for name in others if name}
        numeric = [column for column in table.columns if column.numeric and column.name not in taken]
        if not numeric:
            part = table.layout.part
            here = f"{quoted(part)} of " if table.parts and part else ""
            refusal = f"There is no column of numbers in {here}{quoted(table.source)}{_example_of_text(table)}"
            raise DataError(with_parts(refusal, table.parts, part))
        return numeric[:2]
    chosen = [table.column(name) for name in names]
    if not chosen:
        raise DataError("No column is chosen; choose at least one.")
    if len({column.name for column in chosen}) < len(chosen):
        raise DataError(f"A column is chosen twice: {listed(names)}; choose each one once.")
    for column in chosen:
        if not column.numeric:
            raise DataError(_said_of_text(column, table.numeric_names()))
    return chosen


def _said_of_text(column: Column, others: Sequence[str]) -> str:
    instead = f"choose among {listed(others)}" if others else "no column of this file holds numbers alone"
    if not any(cell.strip() for cell in column.text):
        return f"Column {quoted(column.name)} is empty; {instead}."
    example = f" such as {quoted(column.stray[0])} (row {column.stray[1] + 1})" if column.stray else ""
    return f"Column {quoted(column.name)} holds text{example}, not numbers; correct it, or {instead}."


def _example_of_text(table: Table) -> str:
    for column in table.columns:
        if column.stray:
            cell, row = column.stray
            where = f"{quoted(cell)} (row {row + 1})"
            return f": column {quoted(column.name)} holds text such as {where}; correct that row."
    return "; choose a file that holds numbers in columns."


def _said_of_names(columns: Sequence[Column]) -> list[str]:
    """A column that nobody chose to fit, and whose name says that it is for something else."""
    return [
        f"{quoted(column.name)} is fitted like any other column; if it holds the rows' weights, choose it as such."
        for column in columns
        if column.name.strip().casefold() in ("weight", "weights") and len(columns) > 1
    ]


def _said_of_stray(table: Table) -> list[str]:
    return [
        f"Column {quoted(column.name)} is not offered for fitting, because it holds text such as "
        f"{quoted(column.stray[0])} (row {column.stray[1] + 1})."
        for column in table.columns
        if column.stray
    ]


def _said_of_columns(columns: Sequence[Column], points: NDArray[np.float64]) -> list[str]:
    """Columns that say nothing, or nothing new: a mixture fitted to them is degenerate."""
    said = []
    constant = (points == points[0]).all(axis=0)
    for index, column in enumerate(columns):
        if constant[index] and len(points) > 1:
            value = f"{points[0, index]:.6g}"
            said.append(f"All values of {quoted(column.name)} are {value}; choose a column that varies.")
            continue
        repeated = [i for i in range(index) if np.array_equal(points[:, index], points[:, i])]
        if repeated and len(points) > 1:
            original = quoted(columns[repeated[0]].name)
            said.append(f"{quoted(column.name)} repeats {original}; choose only one of them.")
    return said
