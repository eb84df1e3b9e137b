"""What the files for people and for other programs say of a fit, before any of them words it."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.data.read_arguments import comma_list
from gmm_desktop.export.report import FitReport
from gmm_desktop.export.tables import Cell, TextTable, exact, one_line
from gmm_desktop.mixture import COVARIANCE_TYPES
from gmm_desktop.options import version

_STANDARDISED = ", in columns divided by their standard deviations"


def components_table(report: FitReport) -> TextTable:
    """One row a component: its letter, weight, means and the upper triangle of its covariance matrix."""
    names, mixture = report.dataset.names, report.mixture
    pairs = list(combinations_with_replacement(range(len(names)), 2))
    header = ["component", "weight", *(f"mean {name}" for name in names)]
    header += [f"variance {names[i]}" if i == j else f"covariance {names[i]} {names[j]}" for i, j in pairs]
    rows: list[tuple[Cell, ...]] = []
    for letter, index in zip(report.letters, report.order, strict=True):
        covariance = mixture.covariances[index]
        numbers = [mixture.weights[index], *mixture.means[index], *(covariance[pair] for pair in pairs)]
        rows.append((letter, *map(float, numbers)))
    return TextTable(tuple(header), tuple(rows))


def figures_table(report: FitReport) -> TextTable:
    """What was fitted, how it ended and how good it is: one figure a row."""
    data, result = report.dataset, report.criteria
    rows: list[tuple[str, Cell]] = [
        ("data", data.source),
        ("columns", comma_list(data.names)),
        ("points", data.size),
        ("rows skipped", data.skipped),
        *([("sum of the rows' weights", data.total_weight)] if data.sample_weight is not None else []),
        ("covariance type", kind_in_words(report)),
        ("outcome", report.outcome),
        ("iterations", report.shown),
        ("log-likelihood", report.log_likelihood),
        ("free parameters", result.parameters),
        ("AIC", result.aic),
        ("AICc", result.aicc),
        ("BIC", result.bic),
        ("ICL", result.icl),
    ]
    return TextTable(("figure", "value"), tuple(rows))


def notes(report: FitReport) -> list[str]:
    """Plain sentences that a person should read about the data and the fit."""
    return [*report.dataset.messages, *_said_of_weights(report.dataset), *report.messages]


def comments(report: FitReport, mark: str, made: str) -> list[str]:
    """Lines that a program leaves alone, each after its ``mark``: what this is, its figures, its notes."""
    lines = [f"{made}, written by GMM Desktop {version()}.", ""]
    lines += [f"{name}: {cell if isinstance(cell, str) else exact(cell)}" for name, cell in _known(report)]
    lines += ["Lower AIC, AICc, BIC and ICL are better; covariances divide by N_c, not by N_c - 1.", *notes(report)]
    return [f"{mark} {one_line(line)}".rstrip() for line in lines]


def constrained(report: FitReport) -> tuple[str, NDArray[np.float64]]:
    """The covariances with as many numbers as their type has, components sorted.

    Returns:
        "full" and (k, d, d), "tied" and (d, d), "diag" and (k, d), or "spherical" and (k,). Where matrices do not obey
        the constraint, as those of a start that a person placed may not, they are "full"; spheres of standardised
        columns are "diag" in data units.
    """
    kind, matrices = report.settings.covariance, report.mixture.covariances[report.order]
    if standardises(report):
        kind = "diag"
    d = matrices.shape[1]
    variances = np.diagonal(matrices, axis1=1, axis2=2)
    short = {"tied": matrices[0], "diag": variances, "spherical": variances[:, 0]}.get(kind, matrices)
    if kind == "diag":
        whole = short[:, :, np.newaxis] * np.eye(d)
    elif kind == "spherical":
        whole = short[:, np.newaxis, np.newaxis] * np.eye(d)
    else:
        whole = np.broadcast_to(short, matrices.shape)
    return (kind, short) if np.array_equal(whole, matrices) else ("full", matrices)


def kind_in_words(report: FitReport) -> str:
    """The covariance type of the settings, and in which columns it constrains."""
    return report.settings.covariance + _STANDARDISED * standardises(report)


def said_of_type(report: FitReport) -> list[str]:
    """Why the covariances are given as another type than that of the settings, where they are."""
    kind, _ = constrained(report)
    if kind == report.settings.covariance:
        return []
    if kind == "diag":
        return [
            "Spheres in columns divided by their standard deviations are not round in the columns' own units: the "
            "covariances are given as diagonal ones."
        ]
    return [f"The covariances are not {report.settings.covariance} at this iteration, so they are given in full."]


def standardises(report: FitReport) -> bool:
    """Whether standardising makes a difference: where it is set, and the covariance type mixes columns of a unit each.

    Then the components are to be round in standardised columns, which in data units is another shape.
    """
    settings = report.settings
    mixes = COVARIANCE_TYPES[settings.covariance].mixes_columns
    return mixes and settings.standardise and report.dataset.dimension > 1


def _known(report: FitReport) -> list[tuple[Cell, str | float]]:
    return [(name, cell) for name, cell in figures_table(report).rows if cell is not None]


def _said_of_weights(dataset: Dataset) -> list[str]:
    if dataset.sample_weight is None:
        return []
    return [f"The rows have weights; n in the criteria is their sum, {dataset.total_weight:.15g}."]
