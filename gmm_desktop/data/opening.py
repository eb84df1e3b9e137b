"""The data that somebody names: a file, standard input, or a bundled set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gmm_desktop.data.choice import Choice
from gmm_desktop.data.dataset import Dataset, dataset_from_table
from gmm_desktop.data.samples import DEFAULT_SAMPLE, find_sample
from gmm_desktop.data.table import DataError, listed, quoted


def open_dataset(
    path: str | None = None,
    columns: Sequence[str] | None = None,
    sample: str | None = None,
    choice: Choice | None = None,
) -> Dataset:
    """The data as the command line names it.

    Args:
        path: a file, or "-" for standard input; None for a bundled set.
        columns: the columns to fit; None for the usual ones.
        sample: a bundled set; None for the default one.
        choice: how the file is read, and its columns of weights and labels.

    Raises:
        DataError: it cannot be read; one sentence.
    """
    if path is not None:
        from gmm_desktop.data.readers import read_table  # which a bundled set that is drawn does without

        choice = choice or Choice()
        return dataset_from_table(read_table(path, choice.options), columns, choice.weights, choice.labels)
    return with_columns(find_sample(sample or DEFAULT_SAMPLE).load(), columns)


def with_columns(dataset: Dataset, columns: Sequence[str] | None) -> Dataset:
    """The same data with other columns of its table chosen; None leaves them.

    Raises:
        DataError: a column is not there or not of numbers.
    """
    if columns is None:
        return dataset
    if dataset.table is not None:
        chosen = dataset_from_table(dataset.table, columns, dataset.weights_from, dataset.labels_from)
        labels = chosen.labels if dataset.labels_from else dataset.labels
        if not dataset.labels_from and labels is not None and dataset.rows is not None and chosen.size != dataset.size:
            labels = None  # other rows are skipped now, so that the labels no longer fit them
        return replace(
            chosen,
            source=dataset.source,
            components=dataset.components,
            labels=labels,
            unit=dataset.unit if set(columns) <= set(dataset.names) else "",
            sample=dataset.sample,
        )
    return _marginal(dataset, columns)


def _marginal(dataset: Dataset, columns: Sequence[str]) -> Dataset:
    """Some of the columns of generated points, with what remains of the mixture that generated them."""
    whole = dataset.whole or dataset
    missing = [name for name in columns if name not in whole.names]
    if missing or not columns or len(set(columns)) < len(columns):
        choice = f"choose among {listed(whole.names)}, each once"
        raise DataError(f"{quoted(whole.source)} has no such columns ({listed(columns)}); {choice}.")
    index = [whole.names.index(name) for name in columns]
    points = whole.points[:, index]
    points.setflags(write=False)
    truth = None if whole.truth is None else whole.truth.marginal(index)
    return replace(whole, points=points, names=tuple(columns), truth=truth, whole=whole)
