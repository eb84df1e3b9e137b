"""Time of one EM iteration beside scikit-learn: same data, same start, same process, in turn."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from itertools import islice
from statistics import median

import numpy as np
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture

from gmm_desktop.mixture import Mixture, em_steps
from gmm_desktop.mixture.kernel import MOST_ROWS

_CASES = ((300, 1, 3), (10_000, 1, 3), (1_000_000, 1, 3), (300, 2, 8), (10_000, 2, 8), (1_000_000, 2, 8))
_SECONDS = 4.0
_BATCH = 0.03  # seconds


def run() -> None:
    """Print the table."""
    print("Engine: median time of one iteration, full covariances; batches of scikit-learn's and of ours in turn.")
    print("Floor: one exp a point and component, one log a point, in blocks that fit the cache.")
    print(f"{'points':>9} {'d':>2} {'k':>2} {'scikit-learn':>13} {'way':>11} {'here':>10} {'ratio':>7} {'floor':>10}")
    for n, d, k in _CASES:
        points, start = case(n, d, k)
        for way in ("never",) if n < 1_000_000 else ("never", "auto"):
            ours, theirs = in_turn(one_iteration(points, start, way), _theirs(points, start))
            name = "all points" if way == "never" else "summary"
            print(
                f"{n:>9} {d:>2} {k:>2} {theirs * 1e3:>10.3f} ms {name:>11} {ours * 1e3:>7.3f} ms "
                f"{theirs / ours:>6.1f}x {_floor(n, k) * 1e3:>7.3f} ms",
                flush=True,
            )


def case(n: int, d: int, k: int) -> tuple[NDArray[np.float64], Mixture]:
    """Overlapping groups and a start that is not their maximum."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(k, d)) * 3
    points = np.empty((n, d))
    for first in range(0, n, 1 << 18):  # in parts, so that peaks of memory are not of our own making
        part = points[first : first + (1 << 18)]
        part[:] = centres[rng.integers(k, size=len(part))] + rng.normal(size=part.shape)
    start = Mixture(np.full(k, 1 / k), centres + rng.normal(size=(k, d)), np.tile(np.eye(d) * 2, (k, 1, 1)))
    return points, start


def one_iteration(points: NDArray[np.float64], start: Mixture, way: str) -> Callable[[], object]:
    """What takes the next iteration, after the first two, in which a summary is made."""
    steps = em_steps(points, start, summarise=way)
    list(islice(steps, 3))
    return lambda: next(steps)


def _theirs(points: NDArray[np.float64], start: Mixture) -> Callable[[], object]:
    model = GaussianMixture(
        start.n_components,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=np.linalg.inv(start.covariances),
        max_iter=1,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one iteration does not converge
        model.fit(points)

    def iteration() -> None:
        _, log_responsibilities = model._e_step(points)
        model._m_step(points, log_responsibilities)

    return iteration


def _floor(n: int, k: int) -> float:
    rows = min(n, MOST_ROWS)
    exponents, densities = np.full((k, rows), -1.5), np.full(rows, 0.5)

    def once() -> None:
        np.exp(exponents)
        np.log(densities)

    return seconds(once, 0.3) * n / rows


def seconds(function: Callable[[], object], during: float) -> float:
    """Median seconds of a call."""
    times: list[float] = []
    end = time.perf_counter() + during
    while time.perf_counter() < end or len(times) < 5:
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return median(times)


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of each, in short batches by turns, so that both see the same state of the machine."""
    batches: tuple[list[float], list[float]] = ([], [])
    end = time.perf_counter() + _SECONDS
    while time.perf_counter() < end or len(batches[0]) < 3:
        for function, kept in zip((first, second), batches, strict=True):
            kept.append(seconds(function, _BATCH))
    return median(batches[0]), median(batches[1])
