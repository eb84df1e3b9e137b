"""Thousands of data sets for the properties: recipes that hypothesis draws, and the fits that they pose.

Hypothesis draws recipes, numpy makes the numbers: drawn one by one, a hundred rows would take a second.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, reject, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    COVARIANCE_TYPES,
    INITIALIZERS,
    CollapseError,
    EMStep,
    FitHistory,
    FitSettings,
    Mixture,
    em_steps,
    fit,
    fit_steps,
    initialise,
)

Array = NDArray[np.float64]

MULTIPLIER = max(1, int(os.environ.get("GMM_PROPERTIES", "1")))

# --- Data -----------------------------------------------------------------------------------------------------------


def _groups(rng: np.random.Generator, n: int, d: int) -> Array:
    places, widths = 4 * rng.standard_normal((5, d)), 10 ** rng.uniform(-2, 0.5, (5, d))
    owner = rng.integers(0, 5, n)
    return places[owner] + widths[owner] * rng.standard_normal((n, d))


def _ties(rng: np.random.Generator, n: int, d: int) -> Array:
    return np.round(rng.standard_normal((n, d)), 1)


def _grid(rng: np.random.Generator, n: int, d: int) -> Array:
    side = int(np.ceil(n ** (1 / d))) + 1
    return np.stack(np.unravel_index(np.arange(n), (side,) * d), axis=1).astype(np.float64)


def _collinear(rng: np.random.Generator, n: int, d: int) -> Array:
    return rng.standard_normal((n, 1)) * rng.uniform(0.5, 2.0, d) + rng.integers(-3, 4, d)


def _constant_column(rng: np.random.Generator, n: int, d: int) -> Array:
    points = rng.standard_normal((n, d))
    points[:, rng.integers(d)] = 7.1
    return points


def _outlier(rng: np.random.Generator, n: int, d: int) -> Array:
    points = rng.standard_normal((n, d))
    points[rng.integers(n)] = 1e12
    return points


def _heavy_tails(rng: np.random.Generator, n: int, d: int) -> Array:
    return rng.standard_cauchy((n, d))


def _duplicated(rng: np.random.Generator, n: int, d: int) -> Array:
    few = rng.standard_normal((int(rng.integers(1, 25)), d))
    return few[rng.integers(0, len(few), n)]


KINDS: dict[str, Callable[[np.random.Generator, int, int], Array]] = {
    "groups": _groups,
    "ties": _ties,
    "grid": _grid,
    "collinear": _collinear,
    "constant column": _constant_column,
    "outlier": _outlier,
    "heavy tails": _heavy_tails,
    "duplicated": _duplicated,
}

WEIGHTINGS: dict[str, Callable[[np.random.Generator, int], Array | None]] = {
    "none": lambda rng, n: None,
    "integers": lambda rng, n: rng.integers(1, 6, n).astype(np.float64),
    "all sizes": lambda rng, n: 10 ** rng.uniform(-6, 6, n),
    "with zeros": lambda rng, n: rng.integers(0, 3, n).astype(np.float64),
}

# Most are small, where the odd cases are; a few are as large as a person's data.
SIZES = (*range(1, 61), *range(1, 61), *range(65, 500, 3), 1_000, 2_000, 5_000, 20_000, 100_000)


@dataclass(frozen=True)
class Recipe:
    """How to make one data set.

    Attributes:
        kind: a key of ``KINDS``.
        rows: n.
        columns: d.
        offset: added to all numbers.
        magnitude: the power of ten that everything is then multiplied by.
        unlike: whether each column is multiplied by another power of ten besides.
        weighting: a key of ``WEIGHTINGS``.
        seed: of the numbers.
    """

    kind: str
    rows: int
    columns: int
    offset: float
    magnitude: int
    unlike: bool
    weighting: str
    seed: int

    def points(self) -> Array:
        """(n, d)."""
        points = KINDS[self.kind](np.random.default_rng(self.seed), self.rows, self.columns)
        units = np.random.default_rng([self.seed, 2]).integers(-15, 16, self.columns) if self.unlike else 0
        return (points + self.offset) * 10.0 ** (self.magnitude + np.asarray(units))

    def weights(self) -> Array | None:
        """(n,), or None."""
        return WEIGHTINGS[self.weighting](np.random.default_rng([self.seed, 1]), self.rows)


RECIPES = st.builds(
    Recipe,
    kind=st.sampled_from(list(KINDS)),
    rows=st.sampled_from(SIZES),
    columns=st.integers(1, 5),
    offset=st.sampled_from((0.0, 0.0, 0.0, 1.0, -1e3, 1e6, -1e9, 1e12)),
    magnitude=st.sampled_from((0, 0, 0, 3, -9, 50, -100, 100)),
    unlike=st.sampled_from((False, False, False, True)),
    weighting=st.sampled_from(list(WEIGHTINGS)),
    seed=st.integers(0, 10_000),
)

SETTINGS = st.builds(
    FitSettings,
    components=st.integers(1, 20),
    covariance=st.sampled_from(list(COVARIANCE_TYPES)),
    # What a person places by hand is a start like any other.
    initialization=st.sampled_from([name for name in INITIALIZERS if name != "manual"]),
    max_iterations=st.sampled_from((3, 8, 8, 40)),
    tolerance=st.just(1e-12),
    restarts=st.sampled_from((1,) * 9 + (2,)),
    seed=st.integers(0, 100),
    variance_floor=st.sampled_from((0.0, 1e-6, 1e-6, 1e-2)),
    summarise=st.sampled_from(("never", "never", "always")),
    acceleration=st.sampled_from(("none", "none", "squarem")),
)

LARGE = Recipe("groups", 100_000, 2, 1e6, 0, False, "all sizes", 1)


def properties(examples: int) -> Callable[[Any], Any]:
    """How often hypothesis tries a property, and that it does so in the same way each time."""
    return settings(
        max_examples=examples * MULTIPLIER,
        derandomize=MULTIPLIER == 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def _present(points: Array, weight: Array | None) -> Array:
    """The different rows that count."""
    return np.unique(points if weight is None else points[weight > 0], axis=0)


def column_deviations(points: Array, weight: Array | None) -> Array:
    """(d,) standard deviations of the columns; exactly 0 for a constant one."""
    present = _present(points, weight)
    shifted = points - present[0]
    mean = np.average(shifted, axis=0, weights=weight)
    deviations = np.sqrt(np.average((shifted - mean) ** 2, axis=0, weights=weight))
    return np.where(np.ptp(present, axis=0) > 0, deviations, 0.0)


def _too_fine(points: Array, weight: Array | None) -> bool:
    """Whether a column varies so little against its size that a mean cannot be placed within it.

    Doubles near m lie 2e-16 m apart. A mean that is rounded by r standard deviations of its component costs r^2 / 2
    of log-likelihood a point; with a floor of 1e-6 a component may be a thousand times narrower than its column.
    """
    deviations = column_deviations(points, weight)
    return bool(((deviations > 0) & (deviations < 1e-10 * np.abs(_present(points, weight)).max(axis=0))).any())


def _degenerate(points: Array, weight: Array | None, covariance: str) -> bool:
    """Whether the data have no covariance matrix of this type in double precision, or hardly one."""
    deviations = column_deviations(points, weight)
    if covariance == "spherical" or (deviations == 0).any() or covariance == "diag":
        return bool((deviations == 0).any()) and covariance != "spherical"
    shifted = (points - _present(points, weight)[0]) / deviations
    scaled = shifted - np.average(shifted, axis=0, weights=weight)
    w = np.ones(len(points)) if weight is None else weight
    return bool(np.linalg.eigvalsh((w[:, np.newaxis] * scaled).T @ scaled / w.sum())[0] < 1e-10)


def some_labels(components: int, rows: int, weight: Array | None) -> NDArray[np.intp]:
    """Each label on rows that count."""
    labels = np.zeros(rows, dtype=np.intp)
    present = np.arange(rows) if weight is None else np.flatnonzero(weight)
    labels[present] = np.arange(len(present)) % components
    return labels


@dataclass(frozen=True, eq=False)
class Problem:
    """Data that have a fit, and settings that suit them.

    Attributes:
        points: (n, d).
        weight: (n,), or None.
        labels: (n,), as many different ones as components.
        settings: of the fit.
    """

    points: Array
    weight: Array | None
    labels: NDArray[np.intp]
    settings: FitSettings

    @classmethod
    def of(cls, recipe: Recipe, wanted: FitSettings) -> Problem:
        """The points and weights of a recipe."""
        return cls.of_points(recipe.points(), recipe.weights(), wanted)

    @classmethod
    def of_points(cls, points: Array, weight: Array | None, wanted: FitSettings) -> Problem:
        """The settings with no more components than different points.

        Where double precision hardly carries the data, the engine may refuse them in a sentence; where it takes them,
        everything must hold. Where it asks for a floor, it gets one.
        """
        different = _present(points, weight)
        assume(len(different) > 1)
        suited = replace(wanted, components=min(wanted.components, len(different)))
        problem = cls(points, weight, some_labels(suited.components, len(points), weight), suited)
        try:
            fit_steps(points, suited, sample_weight=weight, labels=problem.labels)
        except ValueError as refusal:
            assert_says_what_to_do(str(refusal))
            if _too_fine(points, weight):
                reject()
            assert suited.variance_floor == 0
            assert _degenerate(points, weight, suited.covariance)
            return replace(problem, settings=replace(suited, variance_floor=1e-6))
        return problem

    @property
    def total(self) -> float:
        """n; with weights, their sum."""
        return float(len(self.points) if self.weight is None else self.weight.sum())

    @property
    def deviations(self) -> Array:
        """(d,) of the columns; for a constant one, which has none, its size."""
        deviations = column_deviations(self.points, self.weight)
        return np.where(deviations > 0, deviations, np.abs(self.points).max(axis=0) + 1.0)

    def start(self) -> Mixture:
        """The first mixture of the settings' initialisation."""
        with self._excuse_for_no_start():
            return initialise(self.points, self.settings, sample_weight=self.weight, labels=self.labels)

    def fit(self) -> FitHistory:
        """The whole fit."""
        with self._excuse_for_no_start():
            return fit(self.points, self.settings, sample_weight=self.weight, labels=self.labels)

    @contextmanager
    def _excuse_for_no_start(self) -> Iterator[None]:
        """Without a floor a start may be refused: a group of too few points has no covariance matrix."""
        try:
            yield
        except ValueError as refusal:
            assert self.settings.variance_floor == 0
            assert_says_what_to_do(str(refusal))
            reject()

    def steps(self, start: Mixture | None = None) -> list[EMStep]:
        """The first steps of EM; up to the collapse, where there is no floor to prevent it."""
        steps: list[EMStep] = []
        try:
            for step in islice(
                em_steps(
                    self.points,
                    start or self.start(),
                    covariance=self.settings.covariance,
                    sample_weight=self.weight,
                    variance_floor=self.settings.variance_floor,
                    summarise="never",
                ),
                self.settings.max_iterations + 1,
            ):
                steps.append(step)  # noqa: PERF402 - what came before a collapse is kept
        except CollapseError:
            assert self.settings.variance_floor == 0
        return steps


def _assert_is_sentence(text: str) -> None:
    assert re.fullmatch(r"[A-Z][^\n]*\.", text), text
    assert not re.search(r"[.!?] ", text), f"more than one sentence: {text}"


def assert_says_what_to_do(text: str) -> None:
    _assert_is_sentence(text)
    assert re.search(r"\b(choose|give|leave|remove|set|subtract|use)\b", text), f"does not say what to do: {text}"
