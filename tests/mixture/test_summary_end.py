"""A run that was summarised ends on all points, and what was known stays known."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    FitHistory,
    FitSettings,
    Mixture,
    em_steps,
    fit,
    initialise,
    stop_iteration,
)
from gmm_desktop.mixture.points import check_points
from tests.mixture.cases import three_groups
from tests.mixture.summaries import DATA, N

Array = NDArray[np.float64]


class TestTheEnd:
    @pytest.mark.parametrize("stop_rule", ["mean-gain", "aitken", "parameters"])
    @pytest.mark.parametrize("name", ["three groups", "the plane"])
    def test_is_from_all_points_at_the_iteration_where_the_rule_fires(
        self, name: str, stop_rule: str, used: list[bool]
    ) -> None:
        points, k = DATA[name]
        tolerance = 1e-4 * N if stop_rule == "aitken" else 1e-8
        settings = FitSettings(components=k, stop_rule=stop_rule, tolerance=tolerance)
        history = fit(points, settings)
        iterations = len(history) - 1
        assert any(used)
        assert len(used) <= iterations, "the last ones asked no summary"
        exact = fit(points, replace(settings, summarise="never"))
        assert (history.outcome, exact.outcome) == ("converged", "converged")
        assert len(history) == len(exact)
        data = check_points(points)
        assert stop_iteration(history, settings, data.total, data.scale) == iterations
        # From the mixture of the last iteration but one, all points lead to the last one.
        again = next(islice(em_steps(points, history.mixture_at(iterations - 1), summarise="never"), 1, None))
        np.testing.assert_allclose(again.mixture.means, history.mixture.means, rtol=1e-13)
        assert again.log_likelihood == pytest.approx(history.log_likelihood, rel=1e-14)

    def test_is_from_all_points_at_the_maximum_of_iterations(self, used: list[bool]) -> None:
        points, k = DATA["the plane"]
        settings = FitSettings(components=k, stop_rule="iterations", max_iterations=20)
        history = fit(points, settings)
        assert len(history) == 21
        # The last steps are made twice; the summary had those up to 20, and none after.
        assert sum(used) == 20
        exact = fit(points, replace(settings, summarise="never"))
        assert history.log_likelihood == pytest.approx(exact.log_likelihood, rel=1e-12)

    def test_a_run_shorter_than_that_is_exact_altogether(self) -> None:
        points, k = DATA["the plane"]
        settings = FitSettings(components=k, stop_rule="iterations", max_iterations=2)
        history, exact = fit(points, settings), fit(points, replace(settings, summarise="never"))
        np.testing.assert_allclose(history.log_likelihoods, exact.log_likelihoods, rtol=1e-15)

    def test_a_collapse_without_a_floor_comes_in_the_iteration_in_which_all_points_show_it(self) -> None:
        points = np.concatenate([three_groups(40_000), np.full((200, 1), 30.0)])
        start = Mixture([0.9, 0.1], [0.0, 30.0], [20.0, 1.0])
        settings = FitSettings(variance_floor=0.0)
        history, exact = (fit(points, replace(settings, summarise=way), start=start) for way in ("auto", "never"))
        assert history.outcome == exact.outcome == "failed"
        assert history.messages[0] == exact.messages[0]
        assert len(history) == len(exact)


class TestHandingOver:
    """What was known at the last summarised step is known to the steps from all points that follow it."""

    POINTS = np.concatenate([three_groups(30_000)[:, 0] + 5.0, np.full(400, 20.0), three_groups(29_600, 1)[:, 0]])
    START = Mixture([0.4, 0.4, 0.2], [-5.0, 5.0, 20.0], [3.0, 3.0, 0.5])

    def _both(self, settings: FitSettings) -> tuple[FitHistory, FitHistory]:
        return tuple(fit(self.POINTS, replace(settings, summarise=way), start=self.START) for way in ("auto", "never"))  # type: ignore[return-value]

    @pytest.mark.parametrize("m_steps", range(9))
    @pytest.mark.parametrize("collapse", ["floor", "restart"])
    def test_no_event_is_lost_and_chance_falls_the_same(self, m_steps: int, collapse: str) -> None:
        settings = FitSettings(3, max_iterations=m_steps, variance_floor=1e-3, collapse=collapse, tolerance=1e-14)
        summarised, exact = self._both(settings)
        assert [step.events for step in summarised.steps] == [step.events for step in exact.steps]
        np.testing.assert_allclose(summarised.means, exact.means, rtol=1e-8, atol=1e-8)
        assert summarised.messages == exact.messages

    @pytest.mark.parametrize("m_steps", range(8))
    def test_strides_are_as_long_as_they_were(self, m_steps: int) -> None:
        points, k = DATA["the plane"]
        start = initialise(points, FitSettings(components=k, seed=1))
        settings = FitSettings(k, max_iterations=m_steps, acceleration="squarem", tolerance=1e-14)
        summarised, exact = (fit(points, replace(settings, summarise=way), start=start) for way in ("auto", "never"))
        np.testing.assert_allclose(summarised.means, exact.means, rtol=1e-6, atol=1e-6)
