"""Every generator keeps the contract, and what each draws is what judges from outside would draw."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from sklearn.datasets import make_circles, make_moons

from gmm_desktop.data import GENERATORS, DataError
from gmm_desktop.data.generators import (
    AnisotropicGenerator,
    BlobsGenerator,
    GridTiesGenerator,
    HeavyTailsGenerator,
    MixtureGenerator,
    MoonsGenerator,
    OutliersGenerator,
    PointGenerator,
    RingsGenerator,
    UniformGenerator,
    entries_of,
)

MIXTURES = {"mixture", "blobs", "anisotropic"}
UNGROUPED = {"uniform"}
KINDS = pytest.mark.parametrize("name", GENERATORS)
TWO_DIMENSIONAL = [name for name, kind in GENERATORS.items() if "dimensions" in entries_of(kind)]
SURE = 1e-4  # a test that holds fails once in ten thousand seeds; these seeds are fixed


def labels_of(generator: PointGenerator, seed: int = 0) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    dataset = generator.dataset(seed)
    assert dataset.labels is not None
    return dataset.points, dataset.labels


class TestContract:
    @KINDS
    def test_its_defaults_give_a_data_set(self, name: str) -> None:
        generator = GENERATORS[name]()
        dataset = generator.dataset(3, "a name")
        assert dataset.size == generator.size
        assert np.isfinite(dataset.points).all()
        assert not dataset.points.flags.writeable
        assert (dataset.source, dataset.seed, dataset.generator) == ("a name", 3, generator)
        assert dataset.messages == ()
        assert dataset.names == ("x", "y")[: dataset.dimension]
        assert dataset.components == generator.components >= 2

    @KINDS
    def test_a_seed_decides_every_bit(self, name: str) -> None:
        generator = GENERATORS[name]()
        first, again, other = (generator.dataset(seed) for seed in (5, 5, 6))
        assert first.points.tobytes() == again.points.tobytes()
        assert first.points.tobytes() != other.points.tobytes()

    @KINDS
    @pytest.mark.parametrize("size", [1, 2, 7, 1000])
    def test_it_draws_as_many_as_asked(self, name: str, size: int) -> None:
        generator = GENERATORS[name]().of_size(size)
        assert type(generator) is GENERATORS[name]
        dataset = generator.dataset(0)
        assert dataset.points.shape[0] == size
        assert dataset.labels is None or dataset.labels.shape == (size,)

    @KINDS
    def test_the_truth_is_known_exactly_where_it_was_a_mixture(self, name: str) -> None:
        dataset = GENERATORS[name]().dataset(0)
        assert (dataset.truth is not None) == (name in MIXTURES)
        assert (dataset.labels is None) == (name in UNGROUPED)

    @KINDS
    def test_it_is_frozen_and_says_what_it_is(self, name: str) -> None:
        kind = GENERATORS[name]
        assert is_dataclass(kind)
        assert kind() == kind()
        assert all(text.endswith(".") for text in (kind.tip, kind.lesson))
        with pytest.raises(AttributeError):
            kind().size = 7  # type: ignore[misc]

    @KINDS
    def test_every_field_can_be_entered(self, name: str) -> None:
        kind = GENERATORS[name]
        entries = entries_of(kind)
        assert all(about.label and about.tip.endswith(".") for about in entries.values())
        entered = {"weights", "means", "covariances"} | set(entries) if name == "mixture" else set(entries)
        assert entered == {field.name for field in fields(kind)}

    @KINDS
    def test_the_ends_of_every_range_draw_finite_points_and_beyond_is_one_sentence(self, name: str) -> None:
        usual = GENERATORS[name]().of_size(40)
        for field, about in entries_of(GENERATORS[name]).items():
            for value in (about.low, about.high):
                if field != "size":
                    changed: Any = replace(usual, **{field: type(getattr(usual, field))(value)})  # type: ignore[type-var]
                    assert np.isfinite(changed.dataset(1).points).all(), (field, value)
            for value in (about.low - 1, about.high + 1, float("nan")):
                with pytest.raises(DataError) as refusal:
                    replace(usual, **{field: value})  # type: ignore[type-var]
                assert str(refusal.value).endswith(".")
                assert about.label.lower() in str(refusal.value).lower()

    @pytest.mark.parametrize("name", TWO_DIMENSIONAL)
    def test_one_dimension_and_two(self, name: str) -> None:
        for d in (1, 2):
            dataset = GENERATORS[name](dimensions=d).dataset(0)  # type: ignore[call-arg]
            assert dataset.dimension == d
            assert dataset.truth is None or dataset.truth.dimension == d

    def test_the_data_panel_can_draw_any_of_them_anew(self) -> None:
        assert all(kind().of_size(9).dataset(1, "again").size == 9 for kind in GENERATORS.values())


class TestMixtures:
    @pytest.mark.parametrize(
        "generator",
        [
            BlobsGenerator(size=40_000, deviation=0.5),
            BlobsGenerator(size=40_000, dimensions=1, groups=4),
            AnisotropicGenerator(size=40_000, turn=50.0),
            AnisotropicGenerator(size=40_000, angle=-70.0, elongation=20.0, groups=2),
        ],
        ids=str,
    )
    def test_the_points_are_drawn_from_the_truth(self, generator: PointGenerator) -> None:
        """Whitened by the truth, each group is standard normal, judged by Kolmogorov and Smirnov."""
        dataset = generator.dataset(2)
        assert dataset.truth is not None
        assert dataset.labels is not None
        counts = np.bincount(dataset.labels, minlength=dataset.components)
        assert stats.chisquare(counts, dataset.truth.weights * dataset.size).pvalue > SURE
        for c in range(dataset.components):
            away = dataset.points[dataset.labels == c] - dataset.truth.means[c]
            white = np.linalg.solve(np.linalg.cholesky(dataset.truth.covariances[c]), away.T)
            for row in white:
                assert stats.kstest(row, "norm").pvalue > SURE
            if len(white) == 2:
                assert stats.pearsonr(*white).pvalue > SURE

    def test_blobs_are_round_and_lie_where_the_seed_wants(self) -> None:
        generator = BlobsGenerator(reach=3.0, deviation=0.25)
        truths = [generator.dataset(seed).truth for seed in range(200)]
        centres = np.concatenate([truth.means for truth in truths if truth is not None])
        assert len(centres) == 600
        for column in centres.T:
            assert stats.kstest(column, stats.uniform(-3, 6).cdf).pvalue > SURE
        assert truths[0] is not None
        assert_allclose(truths[0].covariances, [0.0625 * np.eye(2)] * 3)

    def test_other_points_of_one_seed_come_from_the_same_blobs(self) -> None:
        few, many = (BlobsGenerator().of_size(size).dataset(4).truth for size in (10, 1000))
        assert few is not None
        assert many is not None
        assert_array_equal(few.means, many.means)

    def test_long_groups_lie_side_by_side_at_their_angle(self) -> None:
        truth = AnisotropicGenerator(angle=30.0, turn=20.0, elongation=5.0, deviation=0.4, gap=6.0).dataset(0).truth
        assert truth is not None
        for c, covariance in enumerate(truth.covariances):
            variances, axes = np.linalg.eigh(covariance)
            assert_allclose(variances, [0.16, 4.0])
            angle = np.degrees(np.arctan2(axes[1, 1], axes[0, 1])) % 180
            assert_allclose(angle, 30.0 + 20.0 * c)
        steps = np.diff(truth.means, axis=0)
        assert_allclose(np.linalg.norm(steps, axis=1), 6.0 * 0.4)
        assert_allclose(steps @ [np.cos(np.radians(30)), np.sin(np.radians(30))], 0, atol=1e-12)


class TestShapes:
    def test_moons_are_those_of_scikit_learn(self) -> None:
        points, labels = labels_of(MoonsGenerator(size=4000, noise=0.0))
        theirs, their_labels = make_moons(40_000, noise=None, random_state=0)
        for moon in (0, 1):
            mine, other = points[labels == moon], theirs[their_labels == moon]
            assert len(mine) == 2000
            for axis in (0, 1):
                assert stats.ks_2samp(mine[:, axis], other[:, axis]).pvalue > SURE

    def test_noise_is_the_scatter_about_the_half_circles(self) -> None:
        points, labels = labels_of(MoonsGenerator(size=60_000, noise=0.05))
        upper = points[(labels == 0) & (points[:, 1] > 0.3)]
        assert_allclose(np.std(np.hypot(*upper.T) - 1.0), 0.05, rtol=0.03)

    def test_rings_are_those_of_scikit_learn(self) -> None:
        points, labels = labels_of(RingsGenerator(size=4000, rings=2, gap=0.5, noise=0.0))
        theirs, _ = make_circles(40_000, noise=None, factor=0.5, random_state=0)
        assert_allclose(np.hypot(*points.T), 0.5 * (1 + labels))
        for axis in (0, 1):
            assert stats.ks_2samp(points[:, axis], theirs[:, axis]).pvalue > SURE

    def test_each_ring_has_its_share_of_points_in_all_directions(self) -> None:
        points, labels = labels_of(RingsGenerator(size=3001, rings=4, noise=0.02))
        assert sorted(Counter(labels.tolist()).values()) == [750, 750, 750, 751]
        for ring in range(4):
            own = points[labels == ring]
            turn = (np.arctan2(own[:, 1], own[:, 0]) + np.pi) / (2 * np.pi)
            assert stats.kstest(turn, "uniform").pvalue > SURE
            assert_allclose(np.hypot(*own.T).mean(), ring + 1, atol=0.01)

    def test_uniform_noise_fills_its_rectangle_evenly(self) -> None:
        points = UniformGenerator(size=20_000, width=4.0, height=1.0).dataset(0).points
        assert stats.kstest(points[:, 0], stats.uniform(-2, 4).cdf).pvalue > SURE
        assert stats.kstest(points[:, 1], stats.uniform(-0.5, 1).cdf).pvalue > SURE
        assert stats.pearsonr(*points.T).pvalue > SURE


class TestFaults:
    @pytest.mark.parametrize("freedom", [1.0, 2.0, 7.5])
    def test_heavy_tails_are_those_of_students_distribution(self, freedom: float) -> None:
        points, labels = labels_of(HeavyTailsGenerator(size=20_000, dimensions=1, distance=50.0, freedom=freedom))
        for group, centre in enumerate((-25.0, 25.0)):
            assert stats.kstest(points[labels == group, 0] - centre, stats.t(freedom).cdf).pvalue > SURE

    def test_in_two_dimensions_squared_distances_follow_the_distribution_of_fisher(self) -> None:
        """For the multivariate t distribution in d dimensions |x|^2 / d is F distributed with d and df degrees."""
        points, _ = labels_of(HeavyTailsGenerator(size=20_000, groups=1, freedom=3.0))
        assert stats.kstest((points**2).sum(axis=1) / 2, stats.f(2, 3).cdf).pvalue > SURE
        assert stats.kstest(points[:, 1], stats.t(3).cdf).pvalue > SURE

    @pytest.mark.parametrize("dimensions", [1, 2])
    def test_outliers_are_as_many_and_as_far_as_asked(self, dimensions: int) -> None:
        generator = OutliersGenerator(size=4000, dimensions=dimensions, share=0.1, far=40.0, distance=7.0)
        points, labels = labels_of(generator)
        assert Counter(labels.tolist()) == {0: 1800, 1: 1800, 2: 400}
        away = np.linalg.norm(points[labels == 2], axis=1)
        assert stats.kstest(away, stats.uniform(40, 20).cdf).pvalue > SURE
        for group, centre in ((0, -3.5), (1, 3.5)):
            inside = points[labels == group]
            assert stats.kstest(inside[:, 0] - centre, "norm").pvalue > SURE
        assert abs(np.sign(points[labels == 2, 0]).sum()) < 100, "on all sides"

    def test_no_outliers_and_a_single_point(self) -> None:
        assert Counter(labels_of(OutliersGenerator(share=0.0))[1].tolist()) == {0: 200, 1: 200}
        assert OutliersGenerator(size=1).dataset(0).size == 1

    @pytest.mark.parametrize("spacing", [0.1, 0.5, 3.0])
    def test_values_on_a_grid_tie(self, spacing: float) -> None:
        points, labels = labels_of(GridTiesGenerator(size=5000, dimensions=1, distance=20.0, spacing=spacing))
        multiples = points[:, 0] / spacing
        assert_allclose(multiples, np.round(multiples), atol=1e-9)
        assert not np.signbit(points[points == 0]).any()
        assert len(np.unique(points)) < 150
        edges = (np.unique(np.round(multiples[labels == 1])) - 0.5) * spacing
        expected = np.diff(stats.norm(10).cdf([*edges, np.inf])) * 2500
        counts = np.unique(points[labels == 1], return_counts=True)[1]
        seen = expected > 5
        assert stats.chisquare(counts[seen], expected[seen] * counts[seen].sum() / expected[seen].sum()).pvalue > SURE

    @pytest.mark.parametrize("groups", [1, 2, 3, 6])
    def test_neighbours_are_as_far_apart_as_asked(self, groups: int) -> None:
        for d in (1, 2):
            points, labels = labels_of(GridTiesGenerator(60_000, d, groups, distance=9.0, spacing=0.001))
            centres = np.array([points[labels == c].mean(axis=0) for c in range(groups)])
            assert_allclose(centres.mean(axis=0), 0, atol=0.05)
            assert_allclose(np.linalg.norm(np.diff(centres, axis=0), axis=1), 9.0, atol=0.1)


def test_what_a_mixture_draws_has_not_changed() -> None:
    """The bundled samples are drawn by it: their points are in lecture notes."""
    generator = MixtureGenerator((0.5, 0.5), ((0.0,), (5.0,)), (((1.0,),), ((4.0,),)), 4, exact=True)
    rng = np.random.default_rng(9)
    expected = [*(0.0 + rng.standard_normal(2)), *(5.0 + 2.0 * rng.standard_normal(2))]
    assert_array_equal(generator.dataset(9).points[:, 0], expected)
