"""Covariance types: constraints, free parameters, floors."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import COVARIANCE_TYPES, CovarianceType, free_parameters

COUNTS = np.array([30.0, 70.0])


def _scatters(dimension: int) -> NDArray[np.float64]:
    a = np.random.default_rng(dimension).normal(size=(2, dimension, 3 * dimension))
    return a @ a.transpose(0, 2, 1)


def _expected_log_likelihood(covariances: NDArray[np.float64], scatters: NDArray[np.float64]) -> float:
    """What the M-step maximises over covariances: -1/2 sum_c (N_c ln det S_c + trace S_c^-1 scatter_c)."""
    log_det = np.linalg.slogdet(covariances)[1]
    traces = np.trace(np.linalg.solve(covariances, scatters), axis1=1, axis2=2)
    return float(-0.5 * (COUNTS * log_det + traces).sum())


@pytest.mark.parametrize("row", COVARIANCE_TYPES.values(), ids=lambda row: row.id)
class TestEveryType:
    def test_has_words_for_a_person(self, row: CovarianceType) -> None:
        assert COVARIANCE_TYPES[row.id] is row
        assert row.label
        assert row.tip.endswith(".")

    @pytest.mark.parametrize("dimension", [1, 2, 4])
    def test_the_constrained_ones_are_the_best_of_their_kind(self, row: CovarianceType, dimension: int) -> None:
        scatters = _scatters(dimension)
        best = row.constrain(scatters, COUNTS)
        height = _expected_log_likelihood(best, scatters)
        rng = np.random.default_rng(1)
        for _ in range(20):
            noise = rng.normal(0, 0.02, (2, dimension, dimension)) * best.mean()
            nearby = best + noise + noise.transpose(0, 2, 1)
            # Constraining what obeys the constraint already changes nothing, so this is a neighbour of the type.
            neighbour = row.constrain(nearby * COUNTS[:, np.newaxis, np.newaxis], COUNTS)
            assert _expected_log_likelihood(neighbour, scatters) < height

    @pytest.mark.parametrize("dimension", [1, 2, 4])
    def test_the_floor_holds_in_standardised_columns(self, row: CovarianceType, dimension: int) -> None:
        scale = 10.0 ** np.arange(dimension)
        scatters = _scatters(dimension) * 1e-9
        scatters[0] *= 1e9 * scale.max() ** 2
        covariances = row.constrain(scatters, COUNTS)
        raised, which = row.raise_to_floor(covariances, scale, 1e-3)
        lowest = np.linalg.eigvalsh(raised / np.outer(scale, scale))[:, 0]
        assert (lowest >= 1e-3 * (1 - 1e-9)).all()
        # Still of the type: the constraint has nothing to change.
        np.testing.assert_allclose(row.constrain(raised * COUNTS[:, np.newaxis, np.newaxis], COUNTS), raised)
        np.testing.assert_array_equal(which, [False, row.id != "tied"])
        if row.id != "tied":
            np.testing.assert_array_equal(raised[0], covariances[0])

    def test_a_little_under_the_floor_is_under_it(self, row: CovarianceType) -> None:
        covariances = np.tile(0.99e-3 * np.eye(2), (2, 1, 1))
        raised, which = row.raise_to_floor(covariances, np.ones(2), 1e-3)
        np.testing.assert_allclose(raised, np.tile(1e-3 * np.eye(2), (2, 1, 1)))
        assert which.all()

    def test_nothing_happens_above_the_floor(self, row: CovarianceType) -> None:
        covariances = row.constrain(_scatters(2), COUNTS)
        same, which = row.raise_to_floor(covariances, np.ones(2), 1e-6)
        assert same is covariances
        assert not which.any()


@pytest.mark.parametrize(
    ("covariance", "expected"),
    [("full", 2 + 6 + 9), ("tied", 2 + 6 + 3), ("diag", 2 + 6 + 6), ("spherical", 2 + 6 + 3)],
)
def test_free_parameters_of_three_components_in_the_plane(covariance: str, expected: int) -> None:
    assert free_parameters(3, 2, covariance) == expected
