"""EM step by step: what must hold whatever the data."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    COVARIANCE_TYPES,
    CollapseError,
    EMStep,
    FitSettings,
    Mixture,
    em_steps,
    initialise,
)
from gmm_desktop.mixture.points import BLOCK_NUMBERS
from tests.mixture.cases import THREE_GROUPS, blobs, three_groups

APART = Mixture([0.2, 0.5, 0.3], [-5.0, 0.0, 5.0], [1.0, 1.0, 2.0])


def _steps(points: NDArray[np.float64], start: Mixture, m_steps: int, **arguments: object) -> list[EMStep]:
    return list(islice(em_steps(points, start, **arguments), m_steps + 1))  # type: ignore[arg-type]


def _plain_iteration(points: NDArray[np.float64], mixture: Mixture) -> Mixture:
    """One iteration as the formulas stand, with all responsibilities in memory."""
    r = mixture.responsibilities(points)
    counts = r.sum(axis=0)
    means = r.T @ points / counts[:, np.newaxis]
    covariances = [
        (r[:, c, np.newaxis] * (points - means[c])).T @ (points - means[c]) / counts[c] for c in range(len(counts))
    ]
    return Mixture(counts / len(points), means, covariances)


class TestAStep:
    def test_step_0_is_the_start_with_its_own_log_likelihood(self) -> None:
        points = three_groups()
        step = _steps(points, APART, 0)[0]
        assert step.iteration == 0
        assert step.mixture is step.model is APART
        assert step.log_likelihood == pytest.approx(APART.log_density(points).sum(), rel=1e-12)
        assert (step.objective.name, step.objective.value) == ("log-likelihood", step.log_likelihood)
        assert step.objective.rises

    def test_every_log_likelihood_and_count_is_of_its_own_mixture(self) -> None:
        points = blobs()
        for step in _steps(points, initialise(points, FitSettings(components=3)), 5):
            assert step.log_likelihood == pytest.approx(step.mixture.log_density(points).sum(), rel=1e-12)
            assert step.counts is not None
            np.testing.assert_allclose(step.counts, step.mixture.responsibilities(points).sum(axis=0), rtol=1e-10)

    def test_many_blocks_give_what_the_formulas_give(self) -> None:
        points = blobs(BLOCK_NUMBERS, 2)
        start = initialise(points, FitSettings(components=3, seed=1))
        expected = _plain_iteration(points, start)
        updated = _steps(points, start, 1)[1].mixture
        np.testing.assert_allclose(updated.weights, expected.weights, rtol=1e-10)
        np.testing.assert_allclose(updated.means, expected.means, rtol=1e-9)
        np.testing.assert_allclose(updated.covariances, expected.covariances, rtol=1e-9)

    def test_flat_points_are_one_column(self) -> None:
        points = three_groups()
        flat, column = (_steps(x, APART, 3)[-1] for x in (points[:, 0], points))
        assert flat.log_likelihood == column.log_likelihood

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_log_likelihood_never_falls(self, covariance: str) -> None:
        points = blobs(400, 2, 4)
        start = initialise(points, FitSettings(components=3, covariance=covariance, initialization="random"))
        heights = [step.log_likelihood for step in _steps(points, start, 60, covariance=covariance)]
        assert np.diff(heights).min() > -1e-9 * max(map(abs, heights))

    def test_the_points_are_not_changed(self) -> None:
        points = blobs()
        before = points.copy()
        _steps(points, initialise(points, FitSettings()), 5)
        np.testing.assert_array_equal(points, before)


class TestWeights:
    def test_a_weight_of_two_is_the_row_twice(self) -> None:
        points = blobs(100)
        weight = np.random.default_rng(0).integers(0, 4, 100).astype(float)
        start = initialise(points, FitSettings(components=3))
        weighted = _steps(points, start, 4, sample_weight=weight)[-1]
        repeated = _steps(np.repeat(points, weight.astype(int), axis=0), start, 4)[-1]
        assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-12)
        np.testing.assert_allclose(weighted.mixture.covariances, repeated.mixture.covariances, rtol=1e-9)


class TestUnits:
    """The same data in other units give the same mixture in those units."""

    @pytest.mark.parametrize("scale", [1e-100, 1e-9, 1e9, 1e100])
    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_scale(self, scale: float, covariance: str) -> None:
        points = blobs()
        start = initialise(points, FitSettings(components=3, covariance=covariance))
        scaled_start = Mixture(start.weights, start.means * scale, start.covariances * scale**2)
        plain = _steps(points, start, 20, covariance=covariance, variance_floor=1e-6)[-1]
        scaled = _steps(points * scale, scaled_start, 20, covariance=covariance, variance_floor=1e-6)[-1]
        np.testing.assert_allclose(scaled.mixture.weights, plain.mixture.weights, rtol=1e-9)
        np.testing.assert_allclose(scaled.mixture.means / scale, plain.mixture.means, rtol=1e-9)
        np.testing.assert_allclose(scaled.mixture.covariances / scale**2, plain.mixture.covariances, atol=1e-9)
        expected = plain.log_likelihood - len(points) * 2 * np.log(scale)
        assert scaled.log_likelihood == pytest.approx(expected, rel=1e-10)

    def test_an_offset_costs_no_digits(self) -> None:
        # Multiples of 1/1024, so that adding the offset loses nothing of the points themselves.
        points = np.round(blobs() * 1024) / 1024
        start = initialise(points, FitSettings(components=3))
        start = Mixture(start.weights, np.round(start.means * 1024) / 1024, start.covariances)
        shifted_start = Mixture(start.weights, start.means + 1.7e9, start.covariances)
        plain = _steps(points, start, 20)[-1].mixture
        shifted = _steps(points + 1.7e9, shifted_start, 20)[-1].mixture
        np.testing.assert_allclose(shifted.means - 1.7e9, plain.means, atol=1e-6)
        np.testing.assert_allclose(shifted.covariances, plain.covariances, rtol=1e-6, atol=1e-6)

    def test_columns_of_very_different_size(self) -> None:
        points, units = blobs(), np.array([1e-80, 1e60])
        start = initialise(points, FitSettings(components=3))
        scaled_start = Mixture(start.weights, start.means * units, start.covariances * np.outer(units, units))
        plain, scaled = _steps(points, start, 20)[-1], _steps(points * units, scaled_start, 20)[-1]
        np.testing.assert_allclose(scaled.mixture.means / units, plain.mixture.means, rtol=1e-9)
        np.testing.assert_allclose(
            scaled.mixture.covariances / np.outer(units, units), plain.mixture.covariances, atol=1e-9
        )

    def test_a_start_far_away_comes_home_without_losing_digits(self) -> None:
        points = three_groups()
        far = Mixture([0.5, 0.5], [-1e6, 1e6], [1e7, 1e7])
        after_one = _steps(points, far, 1)[1].mixture
        r = far.responsibilities(points)
        means = (r * points).sum(axis=0) / r.sum(axis=0)
        variances = (r * (points - means) ** 2).sum(axis=0) / r.sum(axis=0)
        np.testing.assert_allclose(after_one.means[:, 0], means, rtol=1e-10)
        np.testing.assert_allclose(after_one.covariances[:, 0, 0], variances, rtol=1e-10)


class TestFloor:
    # Two equal points, which a narrow component takes for itself.
    POINTS = np.concatenate([three_groups(100)[:, 0], [20.0, 20.0]])
    ONTO_THEM = Mixture([0.5, 0.5], [0.0, 20.0], [20.0, 0.01])

    def test_holds_a_collapsing_component_and_says_so(self) -> None:
        steps = _steps(self.POINTS, self.ONTO_THEM, 5, variance_floor=1e-4)
        assert steps[-1].events == ("The variance of component B was raised to the floor.",)
        assert steps[-1].mixture.covariances[1, 0, 0] == pytest.approx(1e-4 * self.POINTS.var())
        heights = [step.log_likelihood for step in steps[1:]]
        assert np.diff(heights).min() > -1e-9

    def test_without_one_the_collapse_is_an_error_that_names_the_component(self) -> None:
        steps = em_steps(self.POINTS, self.ONTO_THEM)
        next(steps)
        with pytest.raises(CollapseError, match=r"^Component B has collapsed .* set a variance floor"):
            next(steps)

    def test_scales_with_the_data(self) -> None:
        tiny = Mixture([0.5, 0.5], self.ONTO_THEM.means * 1e-50, self.ONTO_THEM.covariances * 1e-100)
        step = _steps(self.POINTS * 1e-50, tiny, 5, variance_floor=1e-4)[-1]
        assert step.mixture.covariances[1, 0, 0] == pytest.approx(1e-4 * self.POINTS.var() * 1e-100)


class TestEmptyComponents:
    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_one_that_owns_nothing_keeps_its_place_with_weight_0(self, covariance: str) -> None:
        points = blobs()
        start = Mixture([0.5, 0.5], [points.mean(axis=0), [1e6, 1e6]], [np.cov(points.T), 1e-3 * np.eye(2)])
        for step in _steps(points, start, 3, covariance=covariance, variance_floor=1e-6)[1:]:
            assert step.mixture.weights[1] == 0
            np.testing.assert_array_equal(step.mixture.means[1], [1e6, 1e6])
            assert np.isfinite(step.mixture.covariances).all()
            assert np.isfinite(step.log_likelihood)
            assert "Component B owns no points any more." in step.events

    def test_a_start_out_of_reach_is_refused_not_nan(self) -> None:
        start = Mixture([1.0], [1e100], [1e-200])
        with pytest.raises(ValueError, match="too far from the points"):
            _steps(three_groups(), start, 1)


class TestCancelling:
    def test_ends_the_iteration_between_blocks(self) -> None:
        points, asked = blobs(20 * BLOCK_NUMBERS), 0

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return asked > 100

        steps = list(em_steps(points, initialise(points, FitSettings()), cancelled=cancelled))
        assert asked == 101, "nothing is computed after a yes"
        assert len(steps) < 3

    def test_can_be_over_before_it_began(self) -> None:
        assert list(em_steps(blobs(), Mixture([1.0], [[0, 0]], [np.eye(2)]), cancelled=lambda: True)) == []


class TestDoor:
    @pytest.mark.parametrize(
        ("points", "sentence"),
        [
            ([], "no points"),
            ([[1.0, np.nan], [2.0, 3.0]], "missing or infinite"),
            ([1.0, np.inf, 2.0], "missing or infinite"),
            ([3.0, 3.0, 3.0], "All points are the same"),
            (np.zeros((2, 2, 2)), r"shape \(n, d\)"),
            (np.zeros((3, 0)), r"shape \(n, d\)"),
            (["a", "b"], "real numbers"),
            ([1.0 + 2.0j, 3.0], "real numbers"),
            (["1", "2"], "real numbers"),
            (np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"), "real numbers"),
            (np.ma.masked_greater(np.arange(5.0), 3), "without gaps"),
            ([10**400, 1, 2], "real numbers"),
            ([1e200, 2e200], "larger unit"),
            ([1e-140, 2e-140], "smaller unit"),
        ],
    )
    def test_points_that_cannot_be_fitted(self, points: object, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            em_steps(points, THREE_GROUPS)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("weight", "sentence"),
        [([1.0, -1.0, 1.0], "not negative"), ([0.0, 0.0, 0.0], "positive"), ([1.0], "each of the 3 rows")],
    )
    def test_weights_that_are_none(self, weight: list[float], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            em_steps([1.0, 2.0, 4.0], APART, sample_weight=weight)

    def test_a_start_of_another_dimension(self) -> None:
        with pytest.raises(ValueError, match="1 dimensions and the points have 2"):
            em_steps(blobs(), APART)

    def test_unknown_names(self) -> None:
        with pytest.raises(ValueError, match='covariance type "round"; there are: full, tied, diag, spherical'):
            em_steps(three_groups(), APART, covariance="round")
        with pytest.raises(ValueError, match='one of "auto", "never", "always"'):
            em_steps(three_groups(), APART, summarise="sometimes")
        with pytest.raises(ValueError, match="variance floor"):
            em_steps(three_groups(), APART, variance_floor=-1.0)

    def test_columns_without_a_covariance_need_a_floor(self) -> None:
        line = np.arange(20.0)[:, np.newaxis] * [1.0, 2.0]
        start = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
        with pytest.raises(ValueError, match=r"One column follows from the others.*set a variance floor"):
            em_steps(line, start)
        with pytest.raises(ValueError, match="Column 2 has the same value in every row"):
            em_steps(line * [1, 0], start)
        assert np.isfinite(_steps(line, start, 3, variance_floor=1e-6)[-1].log_likelihood)
