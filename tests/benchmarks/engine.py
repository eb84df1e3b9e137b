"""Time of one EM iteration beside scikit-learn: same data, same start, same process, in turn."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture

from gmm_desktop.mixture import Mixture, em_steps

_CASES = ((300, 1, 3), (10_000, 1, 3), (1_000_000, 1, 3), (300, 2, 8), (10_000, 2, 8), (1_000_000, 2, 8))
_SECONDS = 4.0


def run() -> None:
    """Print the table."""
    print("Engine: median time of one iteration, full covariances")
    print(f"{'points':>9} {'d':>2} {'k':>2} {'scikit-learn':>13} {'here':>10} {'ratio':>7}")
    for n, d, k in _CASES:
        points, start = case(n, d, k)
        ours, theirs = _in_turn(_ours(points, start), _theirs(points, start))
        print(f"{n:>9} {d:>2} {k:>2} {theirs * 1e3:>10.3f} ms {ours * 1e3:>7.3f} ms {theirs / ours:>6.1f}x")


def case(n: int, d: int, k: int) -> tuple[NDArray[np.float64], Mixture]:
    """Overlapping groups and a start that is not their maximum."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(k, d)) * 3
    points = centres[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    start = Mixture(np.full(k, 1 / k), centres + rng.normal(size=(k, d)), np.tile(np.eye(d) * 2, (k, 1, 1)))
    return points, start


def _ours(points: NDArray[np.float64], start: Mixture) -> Callable[[], object]:
    steps = em_steps(points, start)
    next(steps)
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


def _in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of each, one call of each at a time, so that both see the same state of the machine."""
    times: tuple[list[float], list[float]] = ([], [])
    first(), second()
    end = time.perf_counter() + _SECONDS
    while time.perf_counter() < end or len(times[0]) < 5:
        for function, kept in zip((first, second), times, strict=True):
            began = time.perf_counter()
            function()
            kept.append(time.perf_counter() - began)
        if len(times[0]) >= 2000:
            break
    return median(times[0]), median(times[1])
