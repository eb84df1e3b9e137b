"""A summary in place of the points: EM cannot tell the difference, and the end is from all points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    COVARIANCE_TYPES,
    FitHistory,
    FitSettings,
    Mixture,
    em_steps,
    fit,
    fit_steps,
    initialise,
    stop_iteration,
)
from gmm_desktop.mixture.engine import Ascent, Engine, em_from
from gmm_desktop.mixture.points import FitCancelledError, WeightedPoints, check_points
from gmm_desktop.mixture.statistics import Statistics
from gmm_desktop.mixture.summary import (
    BUILD_COST,
    COMPONENT_COST,
    FIXED_COST,
    MOST_TILES,
    Q,
    Summariser,
    Tiling,
    summarise,
)
from tests.mixture.cases import blobs, three_groups

Array = NDArray[np.float64]

N = 300_000
NORMAL = np.random.default_rng(5).standard_normal((N, 2))
FIRST = np.arange(N) % 2 == 0


def _mixed(first: Array, second: Array) -> Array:
    return np.where(FIRST[:, np.newaxis], first, second)


def _bridged(apart: float, share: float) -> Array:
    """Two groups, and points all along between them, where responsibilities change within a part of a tile."""
    rng = np.random.default_rng(8)
    few = int(N * share)
    ends = rng.normal(size=N - few) + apart * (np.arange(N - few) % 2 - 0.5)
    return np.concatenate([ends, rng.uniform(-apart / 2, apart / 2, few)])[:, np.newaxis]


THIN = np.array([[1.0, 0.99], [0.0, 0.05]])
# What the summary must bear by itself: (points, k).
DATA: dict[str, tuple[Array, int]] = {
    "three groups": (three_groups(N), 3),
    "the plane": (blobs(N), 3),
    "overlapping": (NORMAL * [1.0, 2.0], 4),
    "thin and slanted": (_mixed(NORMAL @ THIN, NORMAL @ THIN * 1.5 + [4.0, 5.0]), 2),
    "another column unit": (blobs(N) * [1e-80, 1e60], 3),
    "far from zero": (np.round(blobs(N) * 1024) / 1024 + 2.0**20, 3),
    "heavy tails": (np.random.default_rng(1).standard_t(3, (N, 2)), 3),
    "rounded to a lattice": (np.round(NORMAL * 3), 3),
    "rounded numbers": (np.round(NORMAL[:, :1] * 3), 3),
    "a bridge between far groups": (_bridged(40.0, 0.01), 2),
    "a wide gap with few points in it": (_bridged(100.0, 0.005), 2),
    "a small group far away": (np.vstack([NORMAL, NORMAL[:200] + np.array([160.0, -120.0])]), 2),
}
# What a summary cannot keep the digits of, or not with fewer nodes: left to all points.
HOPELESS: dict[str, tuple[Array, Mixture]] = {
    "three columns": (np.column_stack([NORMAL, NORMAL[::-1, 0]]), Mixture([1.0], [np.zeros(3)], [np.eye(3)])),
    "thin across thin": (
        _mixed(NORMAL * [1.0, 1e-3], NORMAL * [1e-3, 1.0]),
        Mixture([0.5, 0.5], np.zeros((2, 2)), [np.diag([1.0, 1e-6]), np.diag([1e-6, 1.0])]),
    ),
    "one component": (NORMAL, Mixture([1.0], [np.zeros(2)], [np.eye(2)])),
    "a component of few points": (
        np.vstack([NORMAL, NORMAL[:30] + 30.0]),
        Mixture([0.9999, 0.0001], [[0.0, 0.0], [30.0, 30.0]], [np.eye(2), np.eye(2)]),
    ),
}


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a summary served, for each time that one was asked."""
    answers: list[bool] = []
    ask = Summariser.statistics

    def asked(self: Summariser, mixture: Mixture) -> Statistics | None:
        found = ask(self, mixture)
        answers.append(found is not None)
        return found

    monkeypatch.setattr(Summariser, "statistics", asked)
    return answers


def _costs(points: Array, components: int, builds: int) -> float:
    """What so many summaries cost, in iterations from all points, as they were measured."""
    d = points.shape[1]
    return builds * BUILD_COST[d] / (FIXED_COST[d] + COMPONENT_COST[d] * components)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The points of each summary that was begun."""
    begun: list[int] = []

    def counted(data: WeightedPoints, tiling: Tiling, most_nodes: float) -> WeightedPoints | None:
        begun.append(data.size)
        return summarise(data, tiling, most_nodes)

    monkeypatch.setattr("gmm_desktop.mixture.summary.summarise", counted)
    return begun


def _apart(points: Array, start: Mixture, m_steps: int, **arguments: object) -> tuple[float, float]:
    """The largest difference from the exact path: of log-likelihood a point, and of parameters in their own units."""
    summarised: Iterator[object] = em_steps(points, start, summarise="auto", **arguments)  # type: ignore[arg-type]
    exact = em_steps(points, start, summarise="never", **arguments)  # type: ignore[arg-type]
    height = place = 0.0
    for one, other in islice(zip(summarised, exact, strict=False), m_steps + 1):
        a, b = one.mixture, other.mixture  # type: ignore[attr-defined]
        deviation = np.sqrt(np.diagonal(b.covariances, axis1=1, axis2=2))
        units = deviation[:, :, np.newaxis] * deviation[:, np.newaxis, :]
        height = max(height, abs(one.log_likelihood - other.log_likelihood) / len(points))  # type: ignore[attr-defined]
        place = max(
            place,
            np.abs(a.weights - b.weights).max(),
            (np.abs(a.means - b.means) / deviation).max(),
            (np.abs(a.covariances - b.covariances) / units).max(),
        )
    return height, place


class TestCloseToAllPoints:
    @pytest.mark.parametrize("name", DATA)
    def test_over_a_hundred_iterations(self, name: str, used: list[bool], builds: list[int]) -> None:
        points, k = DATA[name]
        start = initialise(points, FitSettings(components=k, seed=1))
        height, place = _apart(points, start, 100)
        assert height < 1e-9
        assert place < 1e-8
        assert sum(used) > 80, "the summary must have served"
        assert _costs(points, k, len(builds)) <= 30

    @pytest.mark.parametrize("covariance", ["tied", "diag", "spherical"])
    def test_with_every_covariance_type(self, covariance: str, used: list[bool]) -> None:
        points, k = DATA["the plane"]
        start = initialise(points, FitSettings(components=k, covariance=covariance))
        height, place = _apart(points, start, 40, covariance=covariance)
        assert (height < 1e-9, place < 1e-8, all(used)) == (True, True, True)

    @pytest.mark.parametrize("name", ["three groups", "the plane"])
    def test_with_weights_of_rows(self, name: str, used: list[bool]) -> None:
        points, k = DATA[name]
        weight = np.random.default_rng(2).integers(0, 4, len(points)).astype(float)
        start = initialise(points, FitSettings(components=k, seed=1), sample_weight=weight)
        height, place = _apart(points, start, 40, sample_weight=weight)
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
        points = np.column_stack([_bridged(apart, 0.1)[:, 0], NORMAL[:, 1]])
        start = Mixture([0.5, 0.5], [[-apart / 2, 0.0], [apart / 2, 0.0]], [np.eye(2), np.eye(2)])
        height, place = _apart(points, start, 40)
        assert height < 1e-9
        assert place < 1e-8

    def test_a_summary_that_is_wrong_is_found_out_and_replaced(
        self, monkeypatch: pytest.MonkeyPatch, used: list[bool], builds: list[int]
    ) -> None:
        # Tiles ten times too large for these components.
        monkeypatch.setattr("gmm_desktop.mixture.summary.SIDE", {1: 5.0, 2: 5.0})
        monkeypatch.setattr("gmm_desktop.mixture.summary.LARGEST_SIDE", {1: 10.0, 2: 10.0})
        points, k = DATA["three groups"]
        height, place = _apart(points, initialise(points, FitSettings(components=k, seed=1)), 60)
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
        height, place = _apart(points, start, 5, variance_floor=1e-12)
        assert (height, place) == (0.0, 0.0), "the very same sums"
        assert not any(used)

    def test_a_component_that_narrows_is_followed_with_finer_tiles_and_then_left(
        self, used: list[bool], builds: list[int]
    ) -> None:
        points = np.concatenate([NORMAL[:, 0], 1e-3 * NORMAL[: N // 4, 1]])
        start = Mixture([0.5, 0.5], [0.5, 0.0], [1.0, 0.01])
        height, place = _apart(points, start, 30)
        assert height < 1e-9
        assert place < 1e-8
        assert used[0]
        assert not used[-1]
        assert len(builds) > 1
        assert _costs(points[:, np.newaxis], 2, len(builds)) <= 30

    def test_few_points_are_not_summarised_unless_asked_for(self, used: list[bool]) -> None:
        points = three_groups(3000)
        start = initialise(points, FitSettings(components=3))
        list(islice(em_steps(points, start), 5))
        assert not used
        list(islice(em_steps(points, start, summarise="always"), 5))
        assert all(used)
        assert used


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
