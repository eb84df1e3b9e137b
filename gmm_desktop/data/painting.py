"""Points put down and taken away by hand: where they fall, and what a data set is after it.

Places are in data units; a ``reach`` gives, for each column, how far a brush reaches along it, so that a brush that is
round on the screen is round on axes of any units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.data.dataset import Dataset
from gmm_desktop.data.growing import appended
from gmm_desktop.data.table import listed

Array = NDArray[np.float64]
Kind = TypeVar("Kind", bound=np.generic)

MOST_PAINTED = 1_000_000
"""Points above which a stroke, which makes the data set anew, would hold up the window."""

PAINTED = "Painted by hand."
EDITED = "Edited by hand: these are no longer the data that were read or drawn."
_EDITED_SOURCE = ", edited"


@dataclass(frozen=True)
class Canvas:
    """An empty surface to paint on, which is no data set before there is a point on it.

    Attributes:
        names: of its one or two columns.
        unit: a word for their unit, or "".
        limits: the lowest and the highest value on each axis; None: the axes stay as they are.
        act: what undo calls the making of it.
    """

    names: tuple[str, ...] = ("x", "y")
    unit: str = ""
    limits: tuple[float, float] | None = (0.0, 10.0)
    act: str = "a new canvas"


# Where points fall ----------------------------------------------------------------------------------------------------


def dab(rng: np.random.Generator, centre: ArrayLike, reach: ArrayLike, size: int) -> Array:
    """(size, d) points spread evenly over the ellipse with half axes ``reach`` (d,); in one column over an interval."""
    middle, half = np.asarray(centre, dtype=np.float64), np.asarray(reach, dtype=np.float64)
    if middle.size == 1:
        return np.asarray(middle + half * rng.uniform(-1.0, 1.0, (size, 1)))
    angle, radius = rng.uniform(0.0, 2 * math.pi, size), np.sqrt(rng.uniform(0.0, 1.0, size))
    return np.asarray(middle + half * (radius * np.array([np.cos(angle), np.sin(angle)])).T)


def puff(rng: np.random.Generator, centre: ArrayLike, reach: ArrayLike, size: int) -> Array:
    """(size, d) points densest in the middle: Gaussian with a standard deviation of half of ``reach`` (d,)."""
    middle, half = np.asarray(centre, dtype=np.float64), np.asarray(reach, dtype=np.float64)
    return np.asarray(middle + 0.5 * half * rng.standard_normal((size, middle.size)))


def stamp_factor(along: float, across: float, degrees: float, ratio: float = 1.0) -> Array:
    """The (2, 2) matrix F by which a stamp is drawn: mean + F z with standard normal z; its covariance is F F'.

    Args:
        along: a standard deviation, at 0 degrees that of the first column.
        across: the other, at 0 degrees that of the second column.
        degrees: by which the ellipse is turned against the clock.
        ratio: how many units of the second column are as long as one of the first. It is turned as it looks then:
            columns of unlike units have no angle between them otherwise.
    """
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.asarray(np.diag([1.0, ratio]) @ turn @ np.diag([along, across / ratio]))


def stamp(rng: np.random.Generator, mean: ArrayLike, factor: ArrayLike, size: int) -> Array:
    """(size, d) points of the Gaussian with this mean (d,) and covariance F F', F (d, d)."""
    f = np.atleast_2d(np.asarray(factor, dtype=np.float64))
    return np.asarray(np.asarray(mean, dtype=np.float64) + rng.standard_normal((size, len(f))) @ f.T)


def rows_along(points: Array, start: ArrayLike, end: ArrayLike, reach: ArrayLike) -> NDArray[np.intp]:
    """The rows of ``points`` (n, d) that a brush with half axes ``reach`` (d,) meets on its way to ``end``."""
    half = np.asarray(reach, dtype=np.float64)
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    # Most points are far away, and one column tells it quickly.
    low, high = min(first[0], last[0]) - half[0], max(first[0], last[0]) + half[0]
    rows = np.flatnonzero((points[:, 0] >= low) & (points[:, 0] <= high))
    way, away = (last - first) / half, (points[rows] - first) / half
    length = float(way @ way)
    share = np.clip(away @ way / length, 0.0, 1.0) if length > 0 else np.zeros(len(rows))
    away -= share[:, np.newaxis] * way
    return np.asarray(rows[np.einsum("ij,ij->i", away, away) <= 1.0])


def on_the_way(start: ArrayLike, end: ArrayLike, reach: ArrayLike) -> Array:
    """(m, d) places after ``start`` to ``end``, a half ``reach`` apart: none where that is still near."""
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    halves = 2 * float(np.linalg.norm((last - first) / np.asarray(reach, dtype=np.float64)))
    if halves < 1:
        return np.empty((0, first.size))
    shares = np.arange(1, math.floor(halves) + 1) / halves
    return np.asarray(first + shares[:, np.newaxis] * (last - first))


# What a data set is after it ------------------------------------------------------------------------------------------


def dataset_on(canvas: Canvas, points: Array, components: int) -> Dataset:
    """The first points on an empty canvas."""
    return Dataset(
        _read_only(points), canvas.names, "Painted points", components, unit=canvas.unit, messages=(PAINTED,)
    )


def with_points(dataset: Dataset, points: Array) -> Dataset:
    """The data with points (m, d) added at their end; those that stay are shared, and not copied for every stroke."""
    added, said = len(points), []
    weight = dataset.sample_weight
    if weight is not None:
        usual = dataset.total_weight / dataset.size
        weight = appended(weight, np.full(added, usual))
        said.append("A painted point weighs as much as the rows do on average.")
    if dataset.labels is not None:
        said.append("The known labels were dropped: painted points have none.")
    changed = _edited(dataset, appended(dataset.points, points), said)
    return replace(changed, sample_weight=weight, labels=None)


def without_rows(dataset: Dataset, rows: NDArray[np.intp]) -> Dataset:
    """The data without some of their rows; at least one has to stay.

    Raises:
        ValueError: none would be left.
    """
    keeps = np.ones(dataset.size, dtype=bool)
    keeps[rows] = False
    if not keeps.any():
        raise ValueError("Erasing every point would leave no data: begin a new canvas instead.")
    weight, labels = dataset.sample_weight, dataset.labels
    changed = _edited(dataset, _read_only(np.compress(keeps, dataset.points, axis=0)), [])
    return replace(
        changed,
        sample_weight=None if weight is None else _read_only(weight[keeps]),
        labels=None if labels is None else _read_only(labels[keeps]),
    )


def most_components(points: Array, wanted: int) -> int:
    """``wanted``, or as many as there are different points in (n, d) where those are fewer; at least 1."""
    seen, block = np.empty((0, points.shape[1])), 256
    for start in range(0, len(points), block):
        seen = np.unique(np.concatenate([seen, points[start : start + block]]), axis=0)
        if len(seen) >= wanted:
            return wanted
    return max(1, len(seen))


def _edited(dataset: Dataset, points: Array, said: list[str]) -> Dataset:
    """The data with other points, claiming nothing that held for the old ones alone."""
    by_hand = PAINTED in dataset.messages or EDITED in dataset.messages
    messages = list(dataset.messages) if by_hand else [*_said_of_reading(dataset), EDITED]
    if dataset.truth is not None:
        said.append("The mixture that generated the points was dropped: it no longer is what they came from.")
    left = [name for name in dataset.available_columns if name not in dataset.names]
    if left:
        said.append(f"Only {listed(dataset.names)} went along: the other columns know nothing of the edit.")
    source = dataset.source if by_hand else f"{dataset.source}{_EDITED_SOURCE}"
    return Dataset(
        points,
        dataset.names,
        source,
        dataset.components,
        unit=dataset.unit,
        messages=tuple(dict.fromkeys((*messages, *said))),
    )


def _said_of_reading(dataset: Dataset) -> list[str]:
    """What still holds after an edit: how the file was read, and which of its rows were left out."""
    of_file = () if dataset.table is None else dataset.table.messages
    return [sentence for sentence in dataset.messages if sentence in of_file or " skipped: " in sentence]


def _read_only(array: NDArray[Kind]) -> NDArray[Kind]:
    array.setflags(write=False)
    return array
