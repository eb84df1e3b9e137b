"""Fits of every covariance type, with column names that are a nuisance, and what a file of theirs must hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmm_desktop.data import dataset_from_array
from gmm_desktop.export import FitReport
from gmm_desktop.mixture import FitSettings, fit

NASTY = ('a|b, "c" & \\d$', "=x\nλ_2 \u202e'%", "</x> 漢 #{é}")
"""Names of columns that are a nuisance in one language or another."""
COVARIANCES = ("full", "tied", "diag", "spherical")
CASES = {"three columns": (NASTY, 3), "one column": (('a|b, "c" & \\d$',), 2), "one component": (("x", "y"), 1)}
Arrays = dict[str, Any]


def report_of(names: tuple[str, ...], components: int, covariance: str) -> FitReport:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(200, len(names))) * 10.0 ** -np.arange(len(names))
    points[:80] -= 4.0
    settings = FitSettings(components=components, covariance=covariance, max_iterations=20)
    return FitReport(dataset_from_array(points, names), settings, fit(points, settings))


def wanted(report: FitReport) -> Arrays:
    order = report.order
    mixture = report.mixture
    return {
        "weights": mixture.weights[order],
        "means": mixture.means[order],
        "covariances": mixture.covariances[order],
    }


def run_python(content: bytes) -> Any:
    names: dict[str, Any] = {"__name__": "the_export"}
    exec(compile(content, "fit.py", "exec"), names)
    return names
