"""The hierarchical start against other ways to compute the same groups, and on data that are hard to group."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from gmm_desktop.mixture import COVARIANCE_TYPES, FitSettings, Mixture, fit, initialise
from gmm_desktop.mixture.hierarchical import MOST, hierarchical
from gmm_desktop.mixture.points import FitCancelledError, check_points
from gmm_desktop.mixture.starts import StartRequest
from gmm_desktop.mixture.ward import cut, ward_merges
from tests.mixture.cases import COVARIANCE_IDS, blobs, bundled, case_points, reference, three_groups

Array = NDArray[np.float64]

BEST = [case for case in reference("best_fits.json") if case["confidence"] == "high" and case["k"] > 1]
GRID = np.array([[x, y] for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])


def start(points: Array, components: int = 3, covariance: str = "full", seed: int = 0, **arguments: Any) -> Mixture:
    settings = FitSettings(components, covariance, initialization="hierarchical", seed=seed)
    return initialise(points, settings, **arguments)


def partition(labels: NDArray[Any]) -> set[frozenset[int]]:
    """The groups as sets of rows, whatever their numbers."""
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)}


def within(points: Array, groups: set[frozenset[int]]) -> Array:
    """The pooled sum of squares (d, d) about the groups' means."""
    return np.asarray(sum(len(g) * np.cov(points[sorted(g)].T, bias=True) for g in groups if len(g) > 1))


def criterion(covariance: str, points: Array, groups: set[frozenset[int]], prior: Array) -> float:
    """What the module's text says is kept small, with one point of the prior in each scatter."""
    if covariance == "tied":
        return float(np.linalg.slogdet(within(points, groups) + prior)[1])
    total = 0.0
    for group in groups:
        scatter = within(points, {group}) if len(group) > 1 else np.zeros_like(prior)
        matrix = (scatter + prior) / (len(group) + 1)
        if covariance == "spherical":
            total += len(group) * np.log(np.trace(matrix))
        elif covariance == "diag":
            total += len(group) * np.log(np.diagonal(matrix)).sum()
        else:
            total += len(group) * np.linalg.slogdet(matrix)[1]
    return total


def agglomerate(covariance: str, points: Array, k: int) -> set[frozenset[int]]:
    """Brute force: at each merge the whole criterion of every partition that one more merge can make."""
    scale = points.std(axis=0).max() if covariance == "spherical" else points.std(axis=0)
    of_ward = partition(fcluster(linkage(points / scale, "ward"), k, "maxclust"))
    prior = within(points, of_ward) / len(points)
    groups = {frozenset([row]) for row in range(len(points))}
    while len(groups) > k:
        merged = [(groups - {one, other}) | {one | other} for one, other in combinations(sorted(groups, key=min), 2)]
        groups = min(merged, key=lambda candidate: criterion(covariance, points, candidate, prior))
    return groups


class TestAgainstOthers:
    @pytest.mark.parametrize("seed", range(3))
    def test_ward_merges_like_scipy(self, seed: int) -> None:
        points = np.random.default_rng(seed).standard_normal((80, 3))
        merges = ward_merges(points, np.ones(80), check_points(points))
        tree = linkage(points, "ward")
        for groups in (60, 30, 10, 5, 2, 1):
            assert partition(cut(merges, groups)) == partition(fcluster(tree, groups, "maxclust"))

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    @pytest.mark.parametrize("seed", range(4))
    def test_later_merges_are_those_of_brute_force(self, covariance: str, seed: int) -> None:
        rng = np.random.default_rng(seed)
        points = rng.standard_normal((12, 2)) * [1.0, 3.0] + np.repeat([[0.0, 0.0], [3.0, 1.0], [0.0, 9.0]], 4, axis=0)
        groups = agglomerate(covariance, points, 3)
        expected = sorted((points[sorted(g)].mean(axis=0).tolist(), len(g) / 12) for g in groups)
        found = start(points, 3, covariance)
        np.testing.assert_allclose(found.means, [mean for mean, _ in expected], rtol=1e-9)
        np.testing.assert_allclose(found.weights, [weight for _, weight in expected])

    def test_em_from_it_reaches_two_in_three_of_the_best_known_maxima(self) -> None:
        reached = 0
        for case in BEST:
            covariance = COVARIANCE_IDS[case["cov_type"]]
            settings = FitSettings(case["k"], covariance, initialization="hierarchical", tolerance=1e-8)
            reached += fit(case_points(case), settings).log_likelihood > case["loglik"] - 0.01
        assert reached >= 2 / 3 * len(BEST)

    def test_old_faithful_needs_only_a_few_iterations(self) -> None:
        points = bundled("faithful.csv", ("eruptions", "waiting"))
        history = fit(points, FitSettings(2, initialization="hierarchical", tolerance=1e-9))
        assert history.log_likelihood == pytest.approx(-1130.264, abs=1e-3)
        assert len(history) <= 20
        assert len(fit(points, FitSettings(2, initialization="random-points", tolerance=1e-9))) > 20

    def test_iris_petals_start_within_a_few_log_units(self) -> None:
        points = bundled("iris.csv", ("Petal.Length", "Petal.Width"))
        [best] = [case["loglik"] for case in BEST if case["id"] == "iris_petal/2d/k3/full"]
        history = fit(points, FitSettings(3, initialization="hierarchical", max_iterations=0))
        assert history.log_likelihood > best - 6

    def test_long_thin_groups_are_found_where_k_means_fails(self) -> None:
        rng = np.random.default_rng(5)
        along, across = np.array([1.0, 1.0]), np.array([1.0, -1.0])
        side = np.repeat([-1.0, 1.0], 200)
        points = np.outer(8 * rng.standard_normal(400), along) + np.outer(
            2 * side + 0.3 * rng.standard_normal(400), across
        )
        for covariance in ("full", "tied"):
            found = start(points, 2, covariance)
            np.testing.assert_allclose(np.sort(found.means @ across), [-4, 4], atol=0.5)
        k_means = initialise(points, FitSettings(2, initialization="k-means"))
        assert np.ptp(k_means.means @ across) < 4


class TestHardData:
    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    @pytest.mark.parametrize("components", range(1, 10))
    def test_a_symmetric_grid_gives_different_means(self, covariance: str, components: int) -> None:
        found = start(np.repeat(GRID, 3, axis=0), components, covariance)
        assert len(np.unique(found.means, axis=0)) == components

    def test_rounding_beside_a_correlation_of_zero_does_no_harm(self) -> None:
        rng = np.random.default_rng(0)
        for _ in range(300):
            start(rng.integers(-2, 3, (26, 2)).astype(float), 4)

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_points_that_an_outlier_makes_indistinguishable(self, covariance: str) -> None:
        points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1e20, 1e20]])
        assert len(np.unique(start(points, 4, covariance).means, axis=0)) == 4

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_an_outlier_does_not_hide_the_groups(self, covariance: str) -> None:
        points = np.concatenate([blobs(200, 2, 1) - 40, blobs(200, 2, 1) + 40, [[1e9, 0.0]]])
        weights = start(points, 3, covariance).weights
        np.testing.assert_allclose(weights, [200 / 401, 200 / 401, 1 / 401])

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_several_outliers_in_all_directions(self, covariance: str) -> None:
        points = np.concatenate([blobs(100), [[1e12, 0.0], [0.0, 1e9], [-1e15, 1e13], [3e7, -3e7]]])
        found = start(points, 3, covariance)
        assert len(np.unique(found.means, axis=0)) == 3

    def test_groups_on_parallel_lines(self) -> None:
        x = np.random.default_rng(0).standard_normal(60)
        points = np.stack([np.tile(x, 2), np.repeat([0.0, 3.0], 60)], axis=1)
        np.testing.assert_allclose(np.sort(start(points, 2).means[:, 1]), [0, 3], atol=1e-9)

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    @pytest.mark.parametrize(("factor", "offset"), [(1e100, 0.0), (1e-100, 0.0), (1.0, 1.7e9)])
    def test_units_do_not_matter(self, covariance: str, factor: float, offset: float) -> None:
        plain, other = start(blobs(), 3, covariance), start(factor * blobs() + offset, 3, covariance)
        np.testing.assert_allclose(other.weights, plain.weights)
        np.testing.assert_allclose((other.means - offset) / factor, plain.means, rtol=1e-5)

    def test_other_units_for_one_column_do_not_matter_unless_components_are_round(self) -> None:
        points = np.concatenate([blobs(60, 2, 1, seed) + 4.0 * seed for seed in range(3)])
        for covariance in ("full", "tied", "diag"):
            scaled = start(points * [1.0, 1e6], 3, covariance)
            np.testing.assert_allclose(scaled.means / [1.0, 1e6], start(points, 3, covariance).means)

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_many_columns(self, covariance: str) -> None:
        points = blobs(300, 30, 4)
        np.testing.assert_allclose(start(points, 4, covariance).weights.sum(), 1)


class TestWeights:
    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_a_weight_of_two_is_two_rows(self, covariance: str) -> None:
        points = blobs(150)
        twice = np.arange(150) % 3 == 0
        repeated = start(np.concatenate([points, points[twice]]), 3, covariance)
        weighted = start(points, 3, covariance, sample_weight=1.0 + twice)
        np.testing.assert_allclose(weighted.means, repeated.means)
        np.testing.assert_allclose(weighted.covariances, repeated.covariances, rtol=1e-9, atol=1e-12)

    def test_the_order_of_the_rows_does_not_matter(self) -> None:
        points = blobs(400)
        shuffled = np.random.default_rng(1).permutation(points)
        np.testing.assert_allclose(start(shuffled).means, start(points).means)

    def test_heavy_points_draw_the_means(self) -> None:
        points = np.arange(10.0)
        weight = np.where(np.isin(points, [2, 7]), 1e6, 1.0)
        np.testing.assert_allclose(start(points, 2, sample_weight=weight).means[:, 0], [2, 7], atol=1e-4)


class TestManyPoints:
    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_the_groups_of_a_sample_serve_all(self, covariance: str) -> None:
        points = np.concatenate([blobs(4000, 2, 1) + 60.0 * group for group in range(3)])
        found = start(points, 3, covariance)
        np.testing.assert_allclose(found.weights, 1 / 3, rtol=1e-3)
        np.testing.assert_allclose(np.diff(found.means, axis=0), 60, rtol=1e-3)

    def test_the_seed_decides_only_above_the_limit(self) -> None:
        points = np.random.default_rng(0).uniform(size=(MOST + 1, 2))
        np.testing.assert_array_equal(start(points, seed=1).means, start(points, seed=1).means)
        assert (start(points, seed=1).means != start(points, seed=2).means).any()
        np.testing.assert_array_equal(start(points[1:], seed=1).means, start(points[1:], seed=2).means)

    def test_rare_values_are_found_outside_the_sample(self) -> None:
        points = np.concatenate([np.zeros(50_000), [3.0, 5.0], np.zeros(50_000)])
        assert len(np.unique(start(points, 3).means)) == 3

    def test_rows_of_weight_zero_do_not_count(self) -> None:
        points = np.concatenate([three_groups(3000), np.full((3000, 1), 1e6)])
        found = start(points, 3, sample_weight=np.repeat([1.0, 0.0], 3000))
        assert np.abs(found.means).max() < 20


class TestCancel:
    @staticmethod
    def _request(points: Array, cancelled: Callable[[], bool], covariance: str) -> StartRequest:
        data = check_points(points)
        data = type(data)(**{**vars(data), "cancelled": cancelled})
        return StartRequest(data, 4, COVARIANCE_TYPES[covariance], 1e-6, np.random.default_rng(0), None)

    @pytest.mark.parametrize("covariance", ["full", "tied"])
    def test_it_asks_at_every_merge_and_obeys(self, covariance: str) -> None:
        points, asked = blobs(600, 2, 4), 0

        def run(limit: float) -> None:
            def cancelled() -> bool:
                nonlocal asked
                asked += 1
                return asked > limit

            hierarchical(self._request(points, cancelled, covariance))

        run(np.inf)
        assert asked > 2 * len(points)
        for limit in (0, 5, 500, asked // 2, asked - 20):
            asked = 0
            with pytest.raises(FitCancelledError):
                run(limit)
