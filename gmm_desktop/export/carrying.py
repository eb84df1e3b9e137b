"""How a repeated fit gets at its data: by a name that the program knows, by a file, or by carrying them along."""

from __future__ import annotations

import os
import re

import numpy as np

from gmm_desktop.data import SAMPLES, Choice, DataError, Dataset, with_columns
from gmm_desktop.data.read_arguments import arguments_of, comma_list
from gmm_desktop.export.points import points_csv, rows_columns

MOST_CARRIED = 5_000
"""Numbers that are carried along where nothing names the data; more are to be exported first."""

MOST_DRAWN = 200_000
"""Numbers that are drawn once more to see whether they are the same."""

TO_SAVE = "Nothing names these data: save them first (Save the data, in the window's File menu), as {place}."

_SAFE_NAME = re.compile(r"[^\W\d_][\w .()/-]*[\w)]|[^\W\d_]")
"""Names of columns that come back as they are from the first line of a table of text."""


def named_data(dataset: Dataset) -> tuple[str, ...] | None:
    """The arguments of the command line that name the data, and say how they are read, or None where none do."""
    if is_sample(dataset):
        columns = _columns(dataset, SAMPLES[dataset.sample].columns or (dataset.whole or dataset).names)
        return ("--sample", dataset.sample, *columns)
    path, choice = file_of(dataset), choice_of_file(dataset)
    how = None if choice is None else arguments_of(choice)
    return None if path is None or how is None else (path, *_columns(dataset, usual_columns(dataset)), *how)


def choice_of_file(dataset: Dataset) -> Choice | None:
    """How the file was read, and its columns of weights and labels; None where there is no file."""
    table = dataset.table
    if table is None or table.origin is None:
        return None
    return Choice(table.origin.options, weights=dataset.weights_from, labels=dataset.labels_from)


def is_sample(dataset: Dataset) -> bool:
    """Whether the points are those that a bundled data set gives when nothing but its name is said."""
    sample = SAMPLES.get(dataset.sample)
    if sample is None or dataset.sample_weight is not None:
        return False
    try:
        return bool(np.array_equal(with_columns(sample.load(), dataset.names).points, dataset.points))
    except DataError:
        return False


def is_drawn(dataset: Dataset) -> bool:
    """Whether its generator gives the points again; of very many that is taken for granted."""
    generator, seed = dataset.generator, dataset.seed
    if generator is None or seed is None or dataset.sample_weight is not None:
        return False
    if dataset.points.size > MOST_DRAWN:
        return True
    again = with_columns(generator.dataset(seed, dataset.source), dataset.names)
    return bool(np.array_equal(again.points, dataset.points))


def file_of(dataset: Dataset) -> str | None:
    """The whole path of the file that the points were read from, or None."""
    table = dataset.table
    if table is None or table.path is None or dataset.rows is None or len(dataset.rows) != dataset.size:
        return None
    if dataset.sample_weight is not None and not dataset.weights_from:
        return None
    return os.path.abspath(table.path)


def usual_columns(dataset: Dataset) -> tuple[str, ...] | None:
    """The columns of its file that are fitted where none are chosen, if these data were made so; None: they were not.

    Where a column is set aside for its text, only the message tells whether somebody chose.
    """
    assert dataset.table is not None
    set_aside = any(column.stray for column in dataset.table.columns)
    chosen = set_aside and not any("is not offered for fitting" in said for said in dataset.messages)
    others = (dataset.weights_from, dataset.labels_from)
    return None if chosen else tuple(name for name in dataset.table.numeric_names() if name not in others)[:2]


def as_table(dataset: Dataset) -> str | None:
    """The points as a small table of text with every digit, or None where it would not come back as it is."""
    if dataset.points.size > MOST_CARRIED or not has_plain_names(dataset):
        return None
    return b"".join(points_csv(dataset)).decode()


def table_arguments(dataset: Dataset) -> tuple[str, ...]:
    """What the command line has to say of a table that ``points_csv`` wrote."""
    usual = dataset.names if dataset.dimension <= 2 or not has_plain_names(dataset) else None
    known = zip(("weights", "labels"), rows_columns(dataset), strict=True)
    return (*_columns(dataset, usual), *(f"--{option}={name}" for option, name in known if name))


def has_plain_names(dataset: Dataset) -> bool:
    """Whether the names of the columns come back from a table of text."""
    return all(_SAFE_NAME.fullmatch(name) for name in dataset.names)


def _columns(dataset: Dataset, usual: tuple[str, ...] | None) -> tuple[str, ...]:
    return () if dataset.names == usual else (f"--columns={comma_list(dataset.names)}",)
