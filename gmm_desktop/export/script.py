"""A fit as a Python script that repeats it."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.export.carrying import MOST_CARRIED, file_of, is_drawn, is_sample, usual_columns
from gmm_desktop.export.repeat import can_be_cut_short
from gmm_desktop.export.report import FitReport
from gmm_desktop.export.tables import one_line
from gmm_desktop.options import version

_CODE = """\
# Repeats a fit of GMM Desktop: to the last bit with version {version}, numpy {numpy} and the same processor.
# It needs gmm-desktop installed. Arguments are files to write, such as fit.json, fit.csv or fit.py.
import sys
from dataclasses import replace

import numpy as np

from gmm_desktop import data
from gmm_desktop.export import FitReport, export
from gmm_desktop.mixture import FitEnding, FitSettings, Mixture, fit

{dataset}
settings = {settings}
{start}

history = fit(
    dataset.points,
    {asked},
    start=start,
    labels=dataset.labels if settings.initialization == "labels" else None,
    sample_weight=dataset.sample_weight,
)
{further}report = FitReport(dataset, settings, history{shown})

print(f"Iteration {{report.shown}}: log-likelihood {{report.log_likelihood!r}}, BIC {{report.criteria.bic!r}}")
for letter, component in zip(report.letters, report.order):
    print(letter, report.mixture.weights[component], report.mixture.means[component].tolist())
for path in sys.argv[1:]:
    export(report, path, "parameters")
"""
_GO_ON = """\
# The fit had stopped at iteration {stop} and went on from there past its stop, as a fit of its own.
on = replace(settings, restarts=1, stop_rule="iterations", max_iterations={more})
for step in fit(dataset.points, on, start=history.mixture, sample_weight=dataset.sample_weight).steps[1:]:
    history.append(replace(step, iteration=len(history)))
"""
_START = """\
# The start was placed by a person or came from a file.
weights, means, covariances = (np.array(numbers) for numbers in (
    {weights!r},
    {means!r},
    {covariances!r},
))
start = Mixture.trusted(weights, means, covariances, np.linalg.cholesky(covariances))"""


def python_script(report: FitReport) -> str:
    """A script that makes the same fit with ``gmm_desktop.mixture.fit`` and writes the same parameter files.

    The data are named where the program knows their name or their file, and drawn where they were drawn; else few
    points are carried along, and for many a comment says what to do first.
    """
    settings, stop, shown = report.settings, report.stop, report.shown
    asked, further, arguments = "settings", "", ""
    if stop is not None and shown > stop:
        further = _GO_ON.format(stop=stop, more=shown - stop)
    elif shown != stop:
        arguments = f", iteration={shown}"
        if not report.has_ending:
            arguments += ', ending=FitEnding("")'
            if shown and can_be_cut_short(report):
                asked = f"replace(settings, max_iterations={shown})"  # no further than was shown
    return _CODE.format(
        version=version(),
        numpy=np.__version__,
        dataset=_dataset(report.dataset),
        settings=repr(settings),
        start=_start(report),
        asked=asked,
        further=further,
        shown=arguments,
    )


def _start(report: FitReport) -> str:
    if report.start is None:
        return "start = None"
    mixture = report.history.mixture_at(0)
    return _START.format(
        weights=mixture.weights.tolist(), means=mixture.means.tolist(), covariances=mixture.covariances.tolist()
    )


def _dataset(dataset: Dataset) -> str:
    """The lines that make ``dataset``."""
    if dataset.sample_weight is None:
        if is_sample(dataset):
            columns = "" if dataset.names == _sample_columns(dataset) else f", columns={list(dataset.names)!r}"
            return f"dataset = data.open_dataset(sample={dataset.sample!r}{columns})"
        if (path := file_of(dataset)) is not None:
            return _from_file(dataset, path)
        if is_drawn(dataset):
            return _drawn(dataset)
    if dataset.points.size <= MOST_CARRIED:
        return _carried(dataset)
    return (
        f"# {one_line(dataset.source)} is not named by anything and has too many points to carry along: export it as\n"
        "# labelled data first, as data.csv beside this script.\n"
        f"dataset = data.open_dataset('data.csv', {list(dataset.names)!r})"
    )


def _sample_columns(dataset: Dataset) -> tuple[str, ...]:
    from gmm_desktop.data import SAMPLES

    return SAMPLES[dataset.sample].columns or (dataset.whole or dataset).names


def _from_file(dataset: Dataset, path: str) -> str:
    assert dataset.table is not None
    columns = "" if dataset.names == usual_columns(dataset) else f", {list(dataset.names)!r}"
    return (
        f"dataset = data.open_dataset({path!r}{columns})\n"
        f"if dataset.table.sha256 != {dataset.table.sha256!r}:\n"
        '    sys.exit("The file has changed since it was fitted.")'
    )


def _drawn(dataset: Dataset) -> str:
    generator = dataset.generator
    assert dataclasses.is_dataclass(generator)
    kind = type(generator)
    lines = [
        f"from {kind.__module__} import {kind.__name__}  # what drew the points",
        "",
        f"dataset = {generator!r}.dataset({dataset.seed!r}, {dataset.source!r})",
    ]
    if dataset.names != (dataset.whole or dataset).names:
        lines.append(f"dataset = data.with_columns(dataset, {list(dataset.names)!r})")
    return "\n".join(lines)


def _carried(dataset: Dataset) -> str:
    known = "".join(
        f",\n    {name}=np.array({array.tolist()!r})"
        for name, array in (("sample_weight", dataset.sample_weight), ("labels", dataset.labels))
        if array is not None
    )
    return (
        "# No file holds these data, so that the points are here; the hash in a parameter file is that of the points.\n"
        f"dataset = data.dataset_from_array(\n    [\n{_rows(dataset.points)}    ],\n"
        f"    {list(dataset.names)!r},\n    {dataset.source!r}{known},\n)"
    )


def _rows(points: NDArray[np.float64]) -> str:
    return "".join(f"        {row!r},\n" for row in points.tolist())
