"""Data that a summary must bear, or leave alone, and how far it is from all points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    Mixture,
    em_steps,
)
from gmm_desktop.mixture.summary import (
    BUILD_COST,
    COMPONENT_COST,
    FIXED_COST,
)
from tests.mixture.cases import blobs, three_groups

Array = NDArray[np.float64]

N = 300_000
NORMAL = np.random.default_rng(5).standard_normal((N, 2))
FIRST = np.arange(N) % 2 == 0


def mixed(first: Array, second: Array) -> Array:
    return np.where(FIRST[:, np.newaxis], first, second)


def bridged(apart: float, share: float) -> Array:
    """Two groups, and points all along between them, where responsibilities change within a part of a tile."""
    rng = np.random.default_rng(8)
    few = int(N * share)
    ends = rng.normal(size=N - few) + apart * (np.arange(N - few) % 2 - 0.5)
    return np.concatenate([ends, rng.uniform(-apart / 2, apart / 2, few)])[:, np.newaxis]


THIN = np.array([[1.0, 0.99], [0.0, 0.05]])
# What the summary must bear by itself: (points, k).
DATA: dict[str, tuple[Array, int]] = {
    "three groups": (three_groups(N), 3),
    "the plane": (blobs(N), 3),
    "overlapping": (NORMAL * [1.0, 2.0], 4),
    "thin and slanted": (mixed(NORMAL @ THIN, NORMAL @ THIN * 1.5 + [4.0, 5.0]), 2),
    "another column unit": (blobs(N) * [1e-80, 1e60], 3),
    "far from zero": (np.round(blobs(N) * 1024) / 1024 + 2.0**20, 3),
    "heavy tails": (np.random.default_rng(1).standard_t(3, (N, 2)), 3),
    "rounded to a lattice": (np.round(NORMAL * 3), 3),
    "rounded numbers": (np.round(NORMAL[:, :1] * 3), 3),
    "a bridge between far groups": (bridged(40.0, 0.01), 2),
    "a wide gap with few points in it": (bridged(100.0, 0.005), 2),
    "a small group far away": (np.vstack([NORMAL, NORMAL[:200] + np.array([160.0, -120.0])]), 2),
}
# What a summary cannot keep the digits of, or not with fewer nodes: left to all points.
HOPELESS: dict[str, tuple[Array, Mixture]] = {
    "three columns": (np.column_stack([NORMAL, NORMAL[::-1, 0]]), Mixture([1.0], [np.zeros(3)], [np.eye(3)])),
    "thin across thin": (
        mixed(NORMAL * [1.0, 1e-3], NORMAL * [1e-3, 1.0]),
        Mixture([0.5, 0.5], np.zeros((2, 2)), [np.diag([1.0, 1e-6]), np.diag([1e-6, 1.0])]),
    ),
    "one component": (NORMAL, Mixture([1.0], [np.zeros(2)], [np.eye(2)])),
    "a component of few points": (
        np.vstack([NORMAL, NORMAL[:30] + 30.0]),
        Mixture([0.9999, 0.0001], [[0.0, 0.0], [30.0, 30.0]], [np.eye(2), np.eye(2)]),
    ),
}


def costs(points: Array, components: int, builds: int) -> float:
    """What so many summaries cost, in iterations from all points, as they were measured."""
    d = points.shape[1]
    return builds * BUILD_COST[d] / (FIXED_COST[d] + COMPONENT_COST[d] * components)


def apart_by(points: Array, start: Mixture, m_steps: int, **arguments: object) -> tuple[float, float]:
    """The largest difference from the exact path: of log-likelihood a point, and of parameters in their own units."""
    summarised: Iterator[object] = em_steps(points, start, summarise="auto", **arguments)  # type: ignore[arg-type]
    exact = em_steps(points, start, summarise="never", **arguments)  # type: ignore[arg-type]
    height = place = 0.0
    for one, other in islice(zip(summarised, exact, strict=False), m_steps + 1):
        a, b = one.mixture, other.mixture  # type: ignore[attr-defined]
        deviation = np.sqrt(np.diagonal(b.covariances, axis1=1, axis2=2))
        units = deviation[:, :, np.newaxis] * deviation[:, np.newaxis, :]
        height = max(height, abs(one.log_likelihood - other.log_likelihood) / len(points))  # type: ignore[attr-defined]
        place = max(
            place,
            np.abs(a.weights - b.weights).max(),
            (np.abs(a.means - b.means) / deviation).max(),
            (np.abs(a.covariances - b.covariances) / units).max(),
        )
    return height, place
