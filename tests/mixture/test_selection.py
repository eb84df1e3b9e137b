"""Criteria, regularity, and which fitted component is which generating one."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.mixture import Mixture, classification_entropy, criteria, match_components
from gmm_desktop.mixture.points import BLOCK_NUMBERS
from gmm_desktop.mixture.selection import irregular_components, thinnest_variances
from tests.mixture.cases import THREE_GROUPS, case_points, reference, three_groups


class TestCriteria:
    def test_formulas(self) -> None:
        result = criteria(THREE_GROUPS, -780.0, 300, "full", icl_term=12.5)
        assert result.parameters == 8
        assert result.aic == 1560 + 16
        assert result.aicc == pytest.approx(1576 + 2 * 8 * 9 / (300 - 9))
        assert result.bic == pytest.approx(1560 + 8 * np.log(300))
        assert result.icl == pytest.approx(result.bic + 12.5)

    @pytest.mark.parametrize(("n", "exists"), [(9, False), (10, True)])
    def test_aicc_needs_more_points_than_parameters(self, n: int, exists: bool) -> None:
        assert (criteria(THREE_GROUPS, -30.0, n, "full").aicc is not None) is exists

    def test_icl_only_where_its_term_is_given(self) -> None:
        assert criteria(THREE_GROUPS, -780.0, 300, "full").icl is None

    def test_entropy_counts_uncertain_labels_over_all_blocks(self) -> None:
        points = three_groups(3 * BLOCK_NUMBERS)
        weight = np.linspace(0, 2, len(points))
        largest = THREE_GROUPS.responsibilities(points).max(axis=1)
        entropy = classification_entropy(THREE_GROUPS, points, weight)
        assert entropy == pytest.approx(-2 * (weight * np.log(largest)).sum())
        assert classification_entropy(Mixture([1.0], [0.0], [1.0]), points) == 0.0


class TestRegularity:
    def test_agrees_with_the_reference(self) -> None:
        for case in reference("best_fits.json"):
            mixture = Mixture(case["weights"], case["means"], case["covariances"])
            covariance = np.atleast_2d(np.cov(case_points(case).T, bias=True))
            counts = case["n"] * mixture.weights
            assert irregular_components(mixture, counts, covariance) == {}
            ratio = case["local_maxima"][0]["min_variance_ratio"]
            if case["local_maxima"][0]["cls"] == "regular":
                assert thinnest_variances(mixture, covariance).min() == pytest.approx(ratio, rel=1e-2)

    def test_too_few_points_and_too_thin(self) -> None:
        thin = np.diag([1.0, 1e-4])
        mixture = Mixture([0.1, 0.5, 0.4], np.zeros((3, 2)), [np.eye(2), thin, np.eye(2)])
        faults = irregular_components(mixture, np.array([3.4, 20.0, 3.6]), np.eye(2))
        assert set(faults) == {0, 1}
        assert "3.4 points" in faults[0]
        assert "thinnest" in faults[1]

    def test_thin_is_relative_to_the_data(self) -> None:
        mixture = Mixture([1.0], [[0.0, 0.0]], [np.diag([1e-8, 1e8])])
        assert irregular_components(mixture, np.array([50.0]), np.diag([1e-7, 1e9])) == {}


class TestMatching:
    @pytest.mark.parametrize("components", [3, 9])
    def test_finds_the_permutation(self, components: int) -> None:
        rng = np.random.default_rng(components)
        means = 10 * rng.normal(size=(components, 2))
        truth = Mixture(np.full(components, 1 / components), means, np.tile(np.eye(2), (components, 1, 1)))
        order = rng.permutation(components)
        fitted = Mixture(truth.weights, means[order] + 0.1, truth.covariances)
        assert match_components(fitted, truth) == tuple(order)

    def test_the_cheapest_overall_not_the_nearest_first(self) -> None:
        truth = Mixture([0.5, 0.5], [0.0, 3.0], [1.0, 1.0])
        fitted = Mixture([0.5, 0.5], [1.4, -40.0], [1.0, 1.0])
        assert match_components(fitted, truth) == (1, 0)

    def test_covariances_decide_where_means_agree(self) -> None:
        truth = Mixture([0.5, 0.5], [0.0, 0.0], [1.0, 100.0])
        assert match_components(Mixture([0.5, 0.5], [0.0, 0.0], [90.0, 1.2]), truth) == (1, 0)

    def test_more_components_than_true_ones(self) -> None:
        fitted = Mixture([0.25] * 4, [-5.0, 20.0, 0.1, 5.0], [1.0] * 4)
        assert match_components(fitted, THREE_GROUPS) == (0, -1, 2, 1)
        assert match_components(Mixture([1.0], [4.0], [1.0]), THREE_GROUPS) == (1,)

    def test_other_dimensions_are_refused(self) -> None:
        with pytest.raises(ValueError, match="cannot be compared"):
            match_components(THREE_GROUPS, Mixture([1.0], [[0.0, 0.0]], [np.eye(2)]))
