"""A summary in place of the points: EM cannot tell the difference."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    COVARIANCE_TYPES,
    FitSettings,
    Mixture,
    em_steps,
    fit,
    fit_steps,
    initialise,
)
from gmm_desktop.mixture.engine import Ascent, Engine, em_from
from gmm_desktop.mixture.points import FitCancelledError, check_points
from gmm_desktop.mixture.summary import (
    MOST_TILES,
    Q,
    Tiling,
    summarise,
)
from tests.mixture.cases import blobs, three_groups
from tests.mixture.summaries import DATA, HOPELESS, NORMAL, N, apart_by, bridged, costs

Array = NDArray[np.float64]


class TestCloseToAllPoints:
    @pytest.mark.parametrize("name", DATA)
    def test_over_a_hundred_iterations(self, name: str, used: list[bool], builds: list[int]) -> None:
        points, k = DATA[name]
        start = initialise(points, FitSettings(components=k, seed=1))
        height, place = apart_by(points, start, 100)
        assert height < 1e-9
        assert place < 1e-8
        assert sum(used) > 80, "the summary must have served"
        assert costs(points, k, len(builds)) <= 30

    @pytest.mark.parametrize("covariance", ["tied", "diag", "spherical"])
    def test_with_every_covariance_type(self, covariance: str, used: list[bool]) -> None:
        points, k = DATA["the plane"]
        start = initialise(points, FitSettings(components=k, covariance=covariance))
        height, place = apart_by(points, start, 40, covariance=covariance)
        assert (height < 1e-9, place < 1e-8, all(used)) == (True, True, True)

    @pytest.mark.parametrize("name", ["three groups", "the plane"])
    def test_with_weights_of_rows(self, name: str, used: list[bool]) -> None:
        points, k = DATA[name]
        weight = np.random.default_rng(2).integers(0, 4, len(points)).astype(float)
        start = initialise(points, FitSettings(components=k, seed=1), sample_weight=weight)
        height, place = apart_by(points, start, 40, sample_weight=weight)
        assert (height < 1e-9, place < 1e-8, all(used)) == (True, True, True)

    def test_count_mean_and_covariance_are_kept_to_rounding(self) -> None:
        points = blobs(N)
        data = check_points(points)
        start = initialise(points, FitSettings(components=3)).moved(-data.origin)
        nodes = summarise(data, Tiling.for_mixture(start, 1.0), N)
        assert nodes is not None
        assert nodes.size < N / 3
        assert nodes.sample_weight is not None
        assert nodes.sample_weight.sum() == pytest.approx(N, rel=1e-13)
        mean = nodes.sample_weight @ nodes.points / N
        np.testing.assert_allclose(mean + data.origin, data.mean, atol=1e-12)
        second = (nodes.points - mean).T @ (nodes.sample_weight[:, np.newaxis] * (nodes.points - mean)) / N
        np.testing.assert_allclose(second, data.covariance, rtol=1e-11, atol=1e-11)

    def test_tiles_of_few_points_keep_them_and_so_do_those_beyond_the_last_tile(self) -> None:
        far = np.array([[3e3, 0.0], [-1e9, 1e9]])
        data = check_points(np.vstack([NORMAL, far]))
        tiling = Tiling(np.eye(2), 1.0)
        nodes = summarise(data, tiling, N)
        assert nodes is not None
        assert MOST_TILES[2] < 3e3
        for point in far:
            assert (np.abs(nodes.points + data.origin - point).max(axis=1) == 0).sum() == 1
        crowded = nodes.size % Q**2
        assert crowded != 0, "some tiles keep their points"


class TestProof:
    @pytest.mark.parametrize("apart", [20.0, 40.0])
    def test_a_bridge_in_the_plane_is_summarised_rightly_or_not_at_all(self, apart: float) -> None:
        points = np.column_stack([bridged(apart, 0.1)[:, 0], NORMAL[:, 1]])
        start = Mixture([0.5, 0.5], [[-apart / 2, 0.0], [apart / 2, 0.0]], [np.eye(2), np.eye(2)])
        height, place = apart_by(points, start, 40)
        assert height < 1e-9
        assert place < 1e-8

    def test_a_summary_that_is_wrong_is_found_out_and_replaced(
        self, monkeypatch: pytest.MonkeyPatch, used: list[bool], builds: list[int]
    ) -> None:
        # Tiles ten times too large for these components.
        monkeypatch.setattr("gmm_desktop.mixture.summary.SIDE", {1: 5.0, 2: 5.0})
        monkeypatch.setattr("gmm_desktop.mixture.summary.LARGEST_SIDE", {1: 10.0, 2: 10.0})
        points, k = DATA["three groups"]
        height, place = apart_by(points, initialise(points, FitSettings(components=k, seed=1)), 60)
        assert height < 1e-9
        assert place < 1e-8
        assert len(builds) > 1
        assert sum(used) > 40

    def test_one_that_serves_for_another_run_is_put_to_the_proof_again(self) -> None:
        points, k = DATA["three groups"]
        data = check_points(points)
        engine = Engine(data, k, "auto")
        ascent = Ascent(engine, COVARIANCE_TYPES["full"], 0.0)
        exact = Ascent(Engine(data, k), COVARIANCE_TYPES["full"], 0.0)
        for seed in range(4):
            start = initialise(points, FitSettings(components=k, initialization="random", seed=seed))
            engine.begin()
            for one, other in islice(zip(em_from(ascent, start), em_from(exact, start), strict=False), 40):
                assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-9 * N)


def test_a_run_that_spent_all_it_may_leaves_the_next_one_its_own(builds: list[int]) -> None:
    points = np.concatenate([NORMAL[:, 0], 1e-3 * NORMAL[: N // 4, 1]])
    narrowing = Mixture([0.5, 0.5], [0.5, 0.0], [1.0, 0.01])
    engine = Engine(check_points(points), 2, "auto")
    ascent = Ascent(engine, COVARIANCE_TYPES["full"], 0.0)
    spent = []
    for _ in range(3):
        engine.begin()
        list(islice(em_from(ascent, narrowing), 30))
        spent.append(len(builds))
    assert spent[0] < spent[1] < spent[2]


class TestLeftToAllPoints:
    @pytest.mark.parametrize("name", HOPELESS)
    def test_by_itself(self, name: str, used: list[bool]) -> None:
        points, start = HOPELESS[name]
        height, place = apart_by(points, start, 5, variance_floor=1e-12)
        assert (height, place) == (0.0, 0.0), "the very same sums"
        assert not any(used)

    def test_a_component_that_narrows_is_followed_with_finer_tiles_and_then_left(
        self, used: list[bool], builds: list[int]
    ) -> None:
        points = np.concatenate([NORMAL[:, 0], 1e-3 * NORMAL[: N // 4, 1]])
        start = Mixture([0.5, 0.5], [0.5, 0.0], [1.0, 0.01])
        height, place = apart_by(points, start, 30)
        assert height < 1e-9
        assert place < 1e-8
        assert used[0]
        assert not used[-1]
        assert len(builds) > 1
        assert costs(points[:, np.newaxis], 2, len(builds)) <= 30

    def test_few_points_are_not_summarised_unless_asked_for(self, used: list[bool]) -> None:
        points = three_groups(3000)
        start = initialise(points, FitSettings(components=3))
        list(islice(em_steps(points, start), 5))
        assert not used
        list(islice(em_steps(points, start, summarise="always"), 5))
        assert all(used)
        assert used


def test_several_starts_share_the_work_and_find_what_all_points_find() -> None:
    points, k = DATA["three groups"]
    settings = FitSettings(components=k, restarts=3)
    history, exact = fit(points, settings), fit(points, replace(settings, summarise="never"))
    assert history.log_likelihood == pytest.approx(exact.log_likelihood, rel=1e-10)
    assert [m.reached for m in history.maxima] == [m.reached for m in exact.maxima]


def test_making_a_summary_can_be_cancelled() -> None:
    points, asked = blobs(1_000_000), 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    data = replace(check_points(points), cancelled=cancelled)
    with pytest.raises(FitCancelledError):
        summarise(data, Tiling(np.eye(2), 1.0), 1e6)
    assert asked == 4


def test_a_cancelled_fit_ends_where_it_is() -> None:
    points, taken = blobs(N), 0
    steps = fit_steps(points, FitSettings(components=3, tolerance=1e-14), cancelled=lambda: taken > 5)
    for _ in steps:
        taken += 1
    assert taken == 6
