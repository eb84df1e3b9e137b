"""A fit as a Python script that repeats it."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Choice, Dataset, ReadOptions
from gmm_desktop.export.carrying import (
    MOST_CARRIED,
    TO_SAVE,
    choice_of_file,
    file_of,
    is_drawn,
    is_sample,
    usual_columns,
)
from gmm_desktop.export.points import rows_columns
from gmm_desktop.export.repeat import can_be_cut_short
from gmm_desktop.export.report import FitReport
from gmm_desktop.export.tables import harmless, one_line
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
    labels=dataset.start_labels if settings.initialization == "labels" else None,
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
_SAVED = "data.csv"
_START = """\
# {about}.
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
    if report.is_used:
        asked, arguments = "replace(settings, max_iterations=0)", f", used={report.used!r}"
    elif stop is not None and shown > stop:
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


def to_do_first(report: FitReport) -> list[str]:
    """What has to be done before the script can run, in sentences."""
    return [TO_SAVE.format(place=f"{_SAVED} beside the script")] if _lines_of(report.dataset) is None else []


def _start(report: FitReport) -> str:
    if report.start is None and not report.is_used:
        return "start = None"
    mixture = report.history.mixture_at(0)
    used, placed = (
        f"The fit in {one_line(report.used)}, as it is",
        "The start was placed by a person or came from a file",
    )
    return _START.format(
        about=used if report.is_used else placed,
        weights=mixture.weights.tolist(),
        means=mixture.means.tolist(),
        covariances=mixture.covariances.tolist(),
    )


def _dataset(dataset: Dataset) -> str:
    """The lines that make ``dataset``."""
    lines = _lines_of(dataset)
    if lines is not None:
        return lines
    columns = "" if dataset.dimension <= 2 else f", {[harmless(name) for name in dataset.names]!r}"
    weights, labels = rows_columns(dataset)
    how = _choice(Choice(ReadOptions(header=True), weights=weights, labels=labels))
    return (
        f"# {one_line(dataset.source)} has too many points to carry along. {TO_SAVE.format(place=_SAVED)}\n"
        f"dataset = data.open_dataset({_SAVED!r}{columns}{how})"
    )


def _lines_of(dataset: Dataset) -> str | None:
    """The same, or None where something has to be done first."""
    if is_sample(dataset):
        columns = "" if dataset.names == _sample_columns(dataset) else f", columns={list(dataset.names)!r}"
        return f"dataset = data.open_dataset(sample={dataset.sample!r}{columns})"
    if (path := file_of(dataset)) is not None:
        return _from_file(dataset, path)
    if is_drawn(dataset):
        return _drawn(dataset)
    return _carried(dataset) if dataset.points.size <= MOST_CARRIED else None


def _sample_columns(dataset: Dataset) -> tuple[str, ...]:
    from gmm_desktop.data import SAMPLES

    return SAMPLES[dataset.sample].columns or (dataset.whole or dataset).names


def _from_file(dataset: Dataset, path: str) -> str:
    assert dataset.table is not None
    columns = "" if dataset.names == usual_columns(dataset) else f", {list(dataset.names)!r}"
    how = _choice(choice_of_file(dataset) or Choice())
    return (
        f"dataset = data.open_dataset({path!r}{columns}{how})\n"
        f"if dataset.table.sha256 != {dataset.table.sha256!r}:\n"
        '    sys.exit("The file has changed since it was fitted.")'
    )


def _choice(choice: Choice) -> str:
    """How a file is read and its columns of weights and labels, as an argument; "" where nothing is said of that."""
    options = _said(choice.options)
    said = [f"data.ReadOptions({options})"] if options else []
    said += [f"{name}={value!r}" for name in ("weights", "labels") if (value := getattr(choice, name))]
    return f", choice=data.Choice({', '.join(said)})" if said else ""


def _said(options: ReadOptions) -> str:
    """Its fields that differ from the usual ones, as arguments."""
    usual = ReadOptions()
    names = (field.name for field in dataclasses.fields(options))
    return ", ".join(f"{n}={getattr(options, n)!r}" for n in names if getattr(options, n) != getattr(usual, n))


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
    known += "".join(f",\n    {name}={value!r}" for name in ("unit", "messages") if (value := getattr(dataset, name)))
    return (
        "# No file holds these data, so that the points are here; the hash in a parameter file is that of the points.\n"
        f"dataset = data.dataset_from_array(\n    [\n{_rows(dataset.points)}    ],\n"
        f"    {list(dataset.names)!r},\n    {dataset.source!r}{known},\n)"
    )


def _rows(points: NDArray[np.float64]) -> str:
    return "".join(f"        {row!r},\n" for row in points.tolist())
