"""What follows from the parameters of a mixture alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gmm_desktop.mixture import Mixture, component_letter
from tests.mixture.cases import THREE_GROUPS

CORRELATED = Mixture([0.3, 0.7], [[0.0, 0.0], [2.0, 1.0]], [[[1.0, 0.7], [0.7, 1.0]], [[0.5, -0.2], [-0.2, 0.4]]])


class TestDensity:
    def test_agrees_with_scipy(self) -> None:
        points = np.random.default_rng(0).normal(size=(20, 2))
        expected = sum(
            w * multivariate_normal(m, c).pdf(points)
            for w, m, c in zip(CORRELATED.weights, CORRELATED.means, CORRELATED.covariances, strict=True)
        )
        np.testing.assert_allclose(np.exp(CORRELATED.log_density(points)), expected, rtol=1e-12)

    def test_is_finite_far_out_where_the_density_underflows(self) -> None:
        log_density = CORRELATED.log_density([[1e4, -1e4]])
        assert np.isfinite(log_density).all()
        assert (log_density < -1e6).all()

    @pytest.mark.parametrize("scale", [1e-100, 1e100])
    def test_is_exact_where_determinants_underflow_or_overflow(self, scale: float) -> None:
        scaled = Mixture(CORRELATED.weights, CORRELATED.means * scale, CORRELATED.covariances * scale**2)
        points = np.random.default_rng(1).normal(size=(20, 2))
        expected = CORRELATED.log_density(points) - 2 * np.log(scale)
        np.testing.assert_allclose(scaled.log_density(points * scale), expected, rtol=1e-12)

    def test_flat_points_will_do_in_one_dimension(self) -> None:
        flat = np.linspace(-6, 6, 7)
        np.testing.assert_array_equal(THREE_GROUPS.log_density(flat), THREE_GROUPS.log_density(flat[:, np.newaxis]))

    def test_points_of_another_dimension_are_refused(self) -> None:
        with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
            CORRELATED.log_joint(np.zeros((3, 4)))


class TestResponsibilities:
    def test_rows_sum_to_one_even_far_out(self) -> None:
        r = CORRELATED.responsibilities([[0.0, 0.0], [50.0, -80.0], [1e5, 1e5]])
        np.testing.assert_allclose(r.sum(axis=1), 1.0, rtol=1e-14)
        assert (r >= 0).all()

    def test_a_component_without_weight_owns_nothing(self) -> None:
        mixture = Mixture([0.0, 1.0], [0.0, 3.0], [1.0, 1.0])
        np.testing.assert_array_equal(mixture.responsibilities([0.0, 3.0]), [[0.0, 1.0], [0.0, 1.0]])


class TestSample:
    def test_has_the_moments_of_the_mixture(self) -> None:
        points, labels = CORRELATED.sample(200_000, np.random.default_rng(3))
        for c in range(2):
            own = points[labels == c]
            assert len(own) / len(points) == pytest.approx(CORRELATED.weights[c], abs=0.005)
            np.testing.assert_allclose(own.mean(axis=0), CORRELATED.means[c], atol=0.02)
            np.testing.assert_allclose(np.cov(own.T), CORRELATED.covariances[c], atol=0.02)

    def test_the_seed_decides(self) -> None:
        first, again = (CORRELATED.sample(10, np.random.default_rng(5)) for _ in range(2))
        np.testing.assert_array_equal(first[0], again[0])
        np.testing.assert_array_equal(first[1], again[1])


class TestMarginal:
    def test_has_the_parameters_of_the_chosen_columns(self) -> None:
        second = CORRELATED.marginal([1])
        np.testing.assert_array_equal(second.means, [[0.0], [1.0]])
        np.testing.assert_array_equal(second.covariances, [[[1.0]], [[0.4]]])

    def test_columns_can_change_places(self) -> None:
        points = np.array([[0.3, -1.0], [2.0, 0.5]])
        swapped = CORRELATED.marginal([1, 0])
        np.testing.assert_allclose(swapped.log_density(points[:, ::-1]), CORRELATED.log_density(points))


class TestConstruction:
    def test_sorted_by_first_mean_ties_by_the_next(self) -> None:
        means = [[2.0, 0.0], [1.0, 5.0], [1.0, 4.0]]
        mixture = Mixture([0.2, 0.3, 0.5], means, np.tile(np.eye(2), (3, 1, 1))).sorted()
        np.testing.assert_array_equal(mixture.means, [[1.0, 4.0], [1.0, 5.0], [2.0, 0.0]])
        np.testing.assert_array_equal(mixture.weights, [0.5, 0.3, 0.2])

    def test_arrays_cannot_be_written_to_and_are_copies(self) -> None:
        weights = np.array([0.5, 0.5])
        mixture = Mixture(weights, [0.0, 1.0], [1.0, 1.0])
        weights[0] = 9.0
        assert mixture.weights[0] == 0.5
        for array in (mixture.weights, mixture.means, mixture.covariances, mixture.cholesky):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1.0

    @pytest.mark.parametrize(
        ("weights", "means", "covariances", "sentence"),
        [
            ([0.5, 0.4], [0.0, 1.0], [1.0, 1.0], "sum to 1"),
            ([1.5, -0.5], [0.0, 1.0], [1.0, 1.0], "negative"),
            ([1.0], [0.0], [0.0], "positive definite"),
            ([1.0], [np.nan], [1.0], "finite"),
            ([1.0], [[0.0, 0.0]], [[[1.0, 0.5], [0.2, 1.0]]], "symmetric"),
            ([1.0], [[0.0, 0.0]], [1.0], "weights .* means .* covariances"),
        ],
    )
    def test_what_is_no_mixture_is_refused(
        self, weights: object, means: object, covariances: object, sentence: str
    ) -> None:
        with pytest.raises(ValueError, match=sentence):
            Mixture(weights, means, covariances)  # type: ignore[arg-type]


def test_letters_go_on_after_z() -> None:
    assert [component_letter(i) for i in (0, 1, 25, 26, 27, 701, 702)] == ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]
