"""What a summary in place of the points costs and how close it stays, and how time grows with n, k and d."""

from __future__ import annotations

import threading
import time
from itertools import islice
from statistics import median

import numpy as np

import gmm_desktop.mixture.summary as summary
from gmm_desktop.mixture import FitSettings, em_steps, fit
from gmm_desktop.mixture.points import WeightedPoints
from tests.benchmarks.engine import case, one_iteration, seconds

_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_ITERATIONS = 100
_summarise = summary.summarise


def run() -> None:
    """Print the tables."""
    _print_growth()
    print()
    _print_closeness()
    print()
    _print_cancelling()
    print()
    _print_strides()


def _print_growth() -> None:
    print("Growth: median milliseconds of one iteration, from all points | as by default")
    for d, k in ((1, 3), (1, 12), (2, 3), (2, 8), (2, 20), (4, 3)):
        row = []
        for n in _SIZES:
            points, start = case(n, d, k)
            times = [seconds(one_iteration(points, start, way), 0.3) * 1e3 for way in ("never", "auto")]
            row.append(f"{times[0]:8.3f} |{times[1]:8.3f}")
        print(
            f"{d}-D, k = {k:<3}" + "   ".join(f"n = 1e{len(str(n)) - 1}: {r}" for n, r in zip(_SIZES, row, strict=True))
        )


def _print_closeness() -> None:
    print(f"Summary: {_ITERATIONS} iterations beside those from all points; builds in units of an iteration from all")
    for n, d, k in ((1_000_000, 1, 3), (1_000_000, 2, 8), (10_000_000, 1, 3), (10_000_000, 2, 8)):
        points, start = case(n, d, k)
        build_seconds: list[float] = []

        def timed(
            data: WeightedPoints, tiling: summary.Tiling, most_nodes: float, build_seconds: list[float] = build_seconds
        ) -> WeightedPoints | None:
            began = time.perf_counter()
            nodes = _summarise(data, tiling, most_nodes)
            build_seconds.append(time.perf_counter() - began)
            return nodes

        summary.summarise = timed
        try:
            exact_times, height, place = _compare(points, start)
        finally:
            summary.summarise = _summarise
        builds = sum(build_seconds) / exact_times
        print(
            f"{n:>9} {d}-D k = {k}: log-likelihood a point within {height:.0e}, parameters within {place:.0e} standard "
            f"deviations; {len(build_seconds)} builds, {builds:.1f} iterations",
            flush=True,
        )


def _compare(points: np.ndarray, start: object) -> tuple[float, float, float]:
    """Median seconds of an exact iteration, and the largest differences."""
    times, height, place = [], 0.0, 0.0
    summarised = em_steps(points, start)  # type: ignore[arg-type]
    exact = em_steps(points, start, summarise="never")  # type: ignore[arg-type]
    for one in islice(summarised, _ITERATIONS + 1):
        began = time.perf_counter()
        other = next(exact)
        times.append(time.perf_counter() - began)
        a, b = one.mixture, other.mixture
        deviation = np.sqrt(np.diagonal(b.covariances, axis1=1, axis2=2))
        units = deviation[:, :, np.newaxis] * deviation[:, np.newaxis, :]
        height = max(height, abs(one.log_likelihood - other.log_likelihood) / len(points))
        differences = (
            np.abs(a.weights - b.weights).max(),
            (np.abs(a.means - b.means) / deviation).max(),
            (np.abs(a.covariances - b.covariances) / units).max(),
        )
        place = max(place, *map(float, differences))
    return median(times), height, place


def _print_cancelling() -> None:
    print("Cancel: milliseconds until a fit of 10 000 000 x 2 has ended, asked to after so many seconds")
    points, _ = case(10_000_000, 2, 8)
    for name in ("k-means++", "k-means", "hierarchical"):
        waits = []
        for after in (0.1, 0.4, 0.8, 1.1, 1.5, 2.0):
            asked = threading.Event()
            when: list[float] = []

            def ask(asked: threading.Event = asked, when: list[float] = when) -> None:
                when.append(time.perf_counter())
                asked.set()

            timer = threading.Timer(after, ask)
            timer.start()
            settings = FitSettings(8, initialization=name, stop_rule="iterations", max_iterations=10**6)
            fit(points, settings, cancelled=asked.is_set)
            waits.append((time.perf_counter() - when[0]) * 1e3)
        print(f"{name:>14}: {', '.join(f'{wait:.0f}' for wait in waits)}", flush=True)


def _print_strides() -> None:
    print("Accelerated: passes over the points until a mean gain of 1e-11, plain EM | SQUAREM")
    rng = np.random.default_rng(3)
    for apart in (1.6, 2.0, 3.0):
        points = np.concatenate([rng.normal(0, 1, 1000), rng.normal(apart, 1, 1000)])
        settings = [FitSettings(2, tolerance=1e-11, max_iterations=10**6, acceleration=a) for a in ("none", "squarem")]
        plain, strided = (fit(points, each) for each in settings)
        print(
            f"two groups {apart} standard deviations apart: {len(plain)} | at most {3 * len(strided)}, "
            f"log-likelihood {plain.log_likelihood:.6f} | {strided.log_likelihood:.6f}"
        )
