"""The history gives back what was put in, and the stop rule reads it."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.mixture import (
    STOP_RULES,
    EMStep,
    FitHistory,
    FitSettings,
    Mixture,
    StopRule,
    column_scale,
    fit,
    quantities,
    stop_iteration,
)
from gmm_desktop.mixture.step import FitEnding
from tests.mixture.cases import blobs, collect, three_groups

SETTINGS = FitSettings(components=3, stop_rule="iterations", max_iterations=200)


class TestHistory:
    def test_every_step_comes_back_as_it_went_in(self) -> None:
        steps, _ = collect(blobs(), SETTINGS)
        history = FitHistory()
        for step in steps:
            history.append(step)
        assert len(history) == len(history.steps) == 201
        for given, kept in zip(steps, history.steps, strict=True):
            assert given.iteration == kept.iteration
            assert given.log_likelihood == kept.log_likelihood
            assert given.events == kept.events
            for name in ("weights", "means", "covariances", "cholesky"):
                np.testing.assert_array_equal(getattr(given.mixture, name), getattr(kept.mixture, name))
            np.testing.assert_array_equal(given.counts, kept.counts)
        assert history.mixture is steps[-1].mixture
        assert history.log_likelihood == steps[-1].log_likelihood

    def test_views_cannot_be_written_to_and_outlive_growth(self) -> None:
        steps, _ = collect(blobs(), SETTINGS)
        history = FitHistory()
        for step in steps[:60]:
            history.append(step)
        early, means = history.log_likelihoods, history.means
        for step in steps[60:]:
            history.append(step)
        np.testing.assert_array_equal(early, [step.log_likelihood for step in steps[:60]])
        assert means.shape == (60, 3, 2)
        for view in (early, means):
            with pytest.raises(ValueError, match="read-only"):
                view[0] = 0

    def test_steps_behave_as_a_sequence(self) -> None:
        history = fit(three_groups(), SETTINGS)
        assert history.steps[-1].iteration == 200
        assert [step.iteration for step in history.steps[2:5]] == [2, 3, 4]
        with pytest.raises(IndexError):
            history.steps[201]
        with pytest.raises(IndexError):
            history.mixture_at(-1)

    def test_refuses_a_step_out_of_order(self) -> None:
        history = FitHistory()
        with pytest.raises(ValueError, match="cannot follow 0 iterations"):
            history.append(EMStep(1, Mixture([1.0], [0.0], [1.0]), 0.0))

    def test_ends_once_told(self) -> None:
        history = FitHistory()
        assert (history.outcome, history.messages) == ("", ())
        history.end(FitEnding("converged", ("Done.",)))
        assert (history.outcome, history.messages) == ("converged", ("Done.",))

    def test_counts_that_were_not_told_are_none(self) -> None:
        history = FitHistory()
        history.append(EMStep(0, Mixture([1.0], [0.0], [1.0]), 0.0))
        assert history.counts_at(0) is None


@pytest.mark.parametrize("row", STOP_RULES.values(), ids=lambda row: row.id)
class TestEveryStopRule:
    def test_has_words_for_a_person(self, row: StopRule) -> None:
        assert STOP_RULES[row.id] is row
        assert row.label
        assert row.tip.endswith(".")
        assert row.formula
        assert row.source

    @pytest.mark.parametrize("tolerance", [1e-2, 1e-4, 1e-7])
    def test_a_longer_history_says_where_the_fit_would_have_stopped(self, row: StopRule, tolerance: float) -> None:
        points = blobs(seed=2)
        settings = FitSettings(components=3, stop_rule=row.id, tolerance=tolerance, initialization="random")
        long = fit(points, FitSettings(components=3, stop_rule="iterations", initialization="random"))
        mark = stop_iteration(long, settings, len(points), column_scale(points))
        stopped = fit(points, settings)
        if row.needs_tolerance:
            assert mark == len(stopped) - 1
        else:
            assert mark is None

    def test_quantities_begin_undefined(self, row: StopRule) -> None:
        points = blobs()
        history = fit(points, SETTINGS)
        values = quantities(history, row.id, len(points), column_scale(points))
        assert values.shape == (201,)
        assert np.isnan(values[0])
        assert np.isfinite(values[row.depth : 10]).any() == row.needs_tolerance


class TestQuantities:
    def test_gains(self) -> None:
        history = fit(three_groups(), SETTINGS)
        gain = np.diff(history.log_likelihoods)
        scale = np.ones(1)
        np.testing.assert_array_equal(quantities(history, "gain", 300, scale)[1:], gain)
        np.testing.assert_allclose(quantities(history, "mean-gain", 300, scale)[1:], gain / 300)
        relative = gain / (1 + np.abs(history.log_likelihoods[1:]))
        np.testing.assert_allclose(quantities(history, "relative-gain", 300, scale)[1:], relative)

    def test_parameters_are_compared_in_units_of_the_columns(self) -> None:
        history = FitHistory()
        unit = np.array([10.0, 1.0])
        history.append(EMStep(0, Mixture([0.5, 0.5], [[0, 0], [5, 5]], [np.eye(2), np.eye(2)]), -10.0))
        moved = Mixture([0.5, 0.5], [[0, 0], [5 + 2, 5 + 0.1]], [np.eye(2), np.diag([4.0, 1.0])])
        history.append(EMStep(1, moved, -9.0))
        assert quantities(history, "parameters", 2, unit)[1] == pytest.approx(0.2)

    def test_a_fall_larger_than_the_tolerance_is_no_convergence(self) -> None:
        history = FitHistory()
        mixture = Mixture([1.0], [0.0], [1.0])
        for t, height in enumerate([-10.0, -12.0, -11.0, -11.0 + 1e-9]):
            history.append(EMStep(t, mixture, height))
        assert stop_iteration(history, FitSettings(stop_rule="gain", tolerance=1e-6), 5, np.ones(1)) == 3
