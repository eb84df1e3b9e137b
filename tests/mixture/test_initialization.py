"""Every way to start gives a valid mixture from any data that can be fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import COVARIANCE_TYPES, INITIALIZERS, FitSettings, Initializer, Mixture, fit, initialise
from tests.mixture.cases import blobs, bundled, three_groups

NEEDS_NO_START = [row for row in INITIALIZERS.values() if row.id != "manual"]

DATA = {
    "three groups": three_groups(),
    "the plane": blobs(),
    "four columns": blobs(120, 4),
    "ties": np.random.default_rng(0).integers(0, 3, (200, 2)).astype(float),
    "mostly one value": np.concatenate([np.zeros(200), np.arange(1.0, 11.0)])[:, np.newaxis],
    "as many points as components": np.array([[0.0, 0.0], [1.0, 5.0], [4.0, 1.0]]),
    "collinear": np.arange(40.0)[:, np.newaxis] * [1.0, 3.0],
    "one constant column": np.stack([np.linspace(0, 1, 50) ** 2, np.full(50, 7.0)], axis=1),
    "an outlier": np.append(three_groups(), [[1e12]], axis=0),
    "large": 1e100 * blobs(),
    "small": 1e-100 * blobs(),
    "far from zero": 1.7e9 + blobs(),
}


def _labels(points: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.argsort(np.argsort(points[:, 0], kind="stable"), kind="stable") * 3 // len(points)


@pytest.mark.parametrize("row", NEEDS_NO_START, ids=lambda row: row.id)
class TestEveryInitializer:
    def test_has_words_for_a_person(self, row: Initializer) -> None:
        assert INITIALIZERS[row.id] is row
        assert row.label
        assert row.tip.endswith(".")
        assert row.formula
        assert row.source

    @pytest.mark.parametrize("name", DATA)
    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_gives_a_mixture_to_begin_with(self, row: Initializer, name: str, covariance: str) -> None:
        points = DATA[name]
        settings = FitSettings(components=3, covariance=covariance, initialization=row.id, seed=4)
        start = initialise(points, settings, labels=_labels(points))

        assert start.n_components == 3
        assert start.dimension == points.shape[1]
        assert start.weights.sum() == pytest.approx(1)
        assert (start.weights > 0).all()
        if row.offered:
            assert len(np.unique(start.means, axis=0)) == 3, "equal ones would stay together for good"
        assert (np.diff(start.means[:, 0]) >= 0).all(), "components come from left to right"
        lowest, highest = points.min(axis=0), points.max(axis=0)
        slack = 1e-6 * (highest - lowest) + 1e-12 * np.abs(highest)
        assert (start.means >= lowest - slack).all()
        assert (start.means <= highest + slack).all()
        of_type = COVARIANCE_TYPES[covariance].constrain(start.covariances * 10, np.full(3, 10.0))
        np.testing.assert_allclose(of_type, start.covariances, rtol=1e-9)

    def test_the_seed_decides(self, row: Initializer) -> None:
        points = np.random.default_rng(0).uniform(size=(200, 2))
        settings = FitSettings(components=3, initialization=row.id)
        seeds = (8, 8, 9, 10, 11, 12)
        starts = [initialise(points, replace(settings, seed=seed), labels=_labels(points)) for seed in seeds]
        np.testing.assert_array_equal(starts[0].means, starts[1].means)
        np.testing.assert_array_equal(starts[0].covariances, starts[1].covariances)
        different = len({start.means.tobytes() for start in starts})
        assert different > 1 if row.random else different == 1

    def test_rows_of_weight_zero_do_not_count(self, row: Initializer) -> None:
        points = np.concatenate([three_groups(90), np.full((60, 1), 1e6)])
        weight = np.concatenate([np.ones(90), np.zeros(60)])
        settings = FitSettings(components=3, initialization=row.id)
        labels = np.concatenate([np.arange(90) % 3, np.full(60, 3)])
        start = initialise(points, settings, sample_weight=weight, labels=labels)
        assert np.abs(start.means).max() < 20
        assert start.covariances.max() < 100


class TestWhatTheNamesPromise:
    def test_quantiles_are_those_of_the_column(self) -> None:
        points = np.random.default_rng(1).permutation(np.arange(1.0, 101.0))
        start = initialise(points, FitSettings(components=4, initialization="quantiles"))
        np.testing.assert_allclose(start.means[:, 0], [13, 38, 63, 88])
        np.testing.assert_allclose(start.weights, 0.25)
        np.testing.assert_allclose(start.covariances, points.var() / 16)

    @pytest.mark.parametrize("name", ["random", "random-points"])
    def test_random_means_are_points_and_weights_are_equal(self, name: str) -> None:
        points = blobs()
        start = initialise(points, FitSettings(components=3, initialization=name, seed=2))
        for mean in start.means:
            assert (points == mean).all(axis=1).any()
        np.testing.assert_allclose(start.weights, 1 / 3)

    def test_random_variances_differ_and_stay_within_those_of_the_data(self) -> None:
        points = three_groups()
        start = initialise(points, FitSettings(components=3, initialization="random"))
        shares = start.covariances[:, 0, 0] / points.var()
        assert len(set(shares)) == 3
        assert shares.min() >= 0.05
        assert shares.max() <= 1

    def test_labels_give_the_moments_of_their_groups(self) -> None:
        points, names = blobs(), np.array(["setosa", "virginica", "versicolor"])
        labels = names[_labels(points)]
        start = initialise(points, FitSettings(components=3, initialization="labels"), labels=labels)
        groups = sorted((points[labels == name] for name in names), key=lambda group: float(group[:, 0].mean()))
        for c, group in enumerate(groups):
            assert start.weights[c] == pytest.approx(len(group) / len(points))
            np.testing.assert_allclose(start.means[c], group.mean(axis=0))
            np.testing.assert_allclose(start.covariances[c], np.cov(group.T, bias=True))

    def test_labels_may_be_of_any_kind(self) -> None:
        points = blobs()
        kinds = np.array([None, "a", 7.5], dtype=object)[_labels(points)]
        plain = initialise(points, FitSettings(components=3, initialization="labels"), labels=_labels(points))
        mixed = initialise(points, FitSettings(components=3, initialization="labels"), labels=kinds)
        np.testing.assert_array_equal(mixed.means, plain.means)

    def test_missing_labels_are_said_to_be(self) -> None:
        labels = np.where(np.arange(300) < 5, np.nan, np.arange(300) % 3)
        with pytest.raises(ValueError, match="Some labels are missing"):
            initialise(blobs(), FitSettings(components=3, initialization="labels"), labels=labels)

    def test_k_means_finds_clear_groups(self) -> None:
        points = np.concatenate([blobs(100, 2, 1, seed) + np.array([30.0 * seed, 0.0]) for seed in range(4)])
        start = initialise(points, FitSettings(components=4, initialization="k-means"))
        np.testing.assert_allclose(start.weights, 0.25)

    def test_small_em_starts_higher_than_what_it_grew_from(self) -> None:
        points = bundled("iris.csv", ("Petal.Length", "Petal.Width"))

        def first_height(name: str) -> float:
            return fit(points, FitSettings(3, initialization=name, max_iterations=0)).log_likelihood

        assert first_height("small-em") > first_height("random-points") + 50

    def test_later_starts_differ_from_the_first(self) -> None:
        points = three_groups()
        starts = [initialise(points, FitSettings(components=3), run=run) for run in range(4)]
        assert len({start.means.tobytes() for start in starts}) == 4


class TestRefusals:
    def test_manual_needs_a_start(self) -> None:
        with pytest.raises(ValueError, match="needs a start"):
            initialise(three_groups(), FitSettings(initialization="manual"))
        start = Mixture([0.5, 0.5], [-5.0, 5.0], [1.0, 1.0])
        assert fit(three_groups(), FitSettings(initialization="manual"), start=start).outcome == "converged"

    def test_labels_need_labels_as_many_as_components(self) -> None:
        settings = FitSettings(components=2, initialization="labels")
        with pytest.raises(ValueError, match="no labels"):
            initialise(three_groups(), settings)
        with pytest.raises(ValueError, match="choose 3 components"):
            initialise(three_groups(), settings, labels=np.arange(300) % 3)
        with pytest.raises(ValueError, match="one label for each of the 300 rows"):
            initialise(three_groups(), settings, labels=[0, 1])
