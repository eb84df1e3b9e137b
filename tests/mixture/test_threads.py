"""One thread of linear algebra while a fit is under way, and as many as before after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from gmm_desktop.mixture import FitSettings, em_steps, fit, fit_steps, initialise
from gmm_desktop.mixture.threads import one_thread
from tests.mixture.cases import blobs


def _threads() -> int:
    return max((library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"), default=1)


@pytest.fixture(autouse=True)
def _two_threads() -> Iterator[None]:
    with threadpool_limits(2, user_api="blas"):
        if _threads() != 2:
            pytest.skip("this linear algebra has one thread in any case")
        yield


def test_a_fit_leaves_as_many_as_there_were() -> None:
    fit(blobs(), FitSettings(3))
    assert _threads() == 2


def test_the_steps_of_a_fit_are_made_on_one() -> None:
    steps = fit_steps(blobs(), FitSettings(3, restarts=2))
    next(steps)
    assert _threads() == 1
    steps.close()
    assert _threads() == 2


def test_so_are_those_of_em() -> None:
    points = blobs()
    steps = em_steps(points, initialise(points, FitSettings(3)))
    next(steps)
    assert _threads() == 1
    del steps
    assert _threads() == 2


def test_the_last_of_several_gives_them_back() -> None:
    first, second = (fit_steps(blobs(), FitSettings(3)) for _ in range(2))
    next(first), next(second)
    first.close()
    assert _threads() == 1
    second.close()
    assert _threads() == 2


def test_a_fit_in_another_thread_does_not_keep_the_next_one_from_it() -> None:
    # A thread of Qt lives on, as Python sees it, when it has ended.
    begun = []
    other = threading.Thread(target=lambda: begun.append(list(fit_steps(blobs(), FitSettings(3)))))
    other.start()
    other.join()
    other.is_alive = lambda: True  # type: ignore[method-assign]
    assert begun
    steps = fit_steps(blobs(), FitSettings(3))
    next(steps)
    assert _threads() == 1
    steps.close()
    assert _threads() == 2


def test_also_after_an_error() -> None:
    with pytest.raises(RuntimeError), one_thread():
        raise RuntimeError
    assert _threads() == 2


@pytest.mark.parametrize("dimension", [2, 7])
def test_the_bits_do_not_depend_on_the_threads_of_others(dimension: int) -> None:
    points = blobs(3000, dimension)
    settings = FitSettings(4, restarts=2, max_iterations=30)
    with_two = fit(points, settings)
    with threadpool_limits(1, user_api="blas"):
        with_one = fit(points, settings)
    np.testing.assert_array_equal(with_two.log_likelihoods, with_one.log_likelihoods)
    np.testing.assert_array_equal(with_two.mixture.covariances, with_one.mixture.covariances)
