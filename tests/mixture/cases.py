"""Data and reference values that several tests of the mathematics use."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import FitSettings, Mixture, fit_steps
from gmm_desktop.mixture.step import EMStep, FitEnding

REFERENCE = Path(__file__).parent.parent / "reference"

# In one dimension tied and full go by other names in the reference files.
COVARIANCE_IDS = {"equal": "tied", "unequal": "full", "full": "full", "tied": "tied", "diag": "diag"} | {
    "spherical": "spherical"
}

THREE_GROUPS = Mixture([1 / 3, 1 / 3, 1 / 3], [-5.0, 5.0, 0.0], [1.2, 1.8, 1.6])


@cache
def reference(name: str) -> list[dict[str, Any]]:
    """The cases of one reference file."""
    cases: list[dict[str, Any]] = json.loads((REFERENCE / name).read_text())["cases"]
    return cases


@cache
def bundled(name: str, columns: tuple[str, ...]) -> NDArray[np.float64]:
    """Columns (n, d) of a bundled data set, read without the code of the application."""
    text = (files("gmm_desktop.resources") / "data" / name).read_text()
    points = np.array([[float(row[column]) for column in columns] for row in csv.DictReader(text.splitlines())])
    points.setflags(write=False)
    return points


def case_points(case: dict[str, Any]) -> NDArray[np.float64]:
    """The points (n, d) of a reference case."""
    return bundled(case["csv"], tuple(case["columns"]))


def three_groups(size: int = 300, seed: int = 0) -> NDArray[np.float64]:
    """Points (size, 1) of the articles' three groups."""
    return THREE_GROUPS.sample(size, np.random.default_rng(seed))[0]


def blobs(size: int = 300, dimension: int = 2, components: int = 3, seed: int = 0) -> NDArray[np.float64]:
    """Points (size, dimension) of well separated groups of different shape."""
    rng = np.random.default_rng(seed)
    means = 6 * rng.standard_normal((components, dimension))
    shapes = rng.standard_normal((components, dimension, dimension))
    covariances = shapes @ shapes.transpose(0, 2, 1) + 0.5 * np.eye(dimension)
    mixture = Mixture(np.full(components, 1 / components), means, covariances)
    return mixture.sample(size, rng)[0]


def collect(points: Any, settings: FitSettings, **arguments: Any) -> tuple[list[EMStep], FitEnding]:
    """All steps that ``fit_steps`` yields, and the ending that it returns."""
    steps, generator = [], fit_steps(points, settings, **arguments)
    while True:
        try:
            steps.append(next(generator))
        except StopIteration as end:
            return steps, end.value
