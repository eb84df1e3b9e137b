"""Questions to a hall, judged by what EM then does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, Dataset, dataset_from_array
from gmm_desktop.mixture import FitSettings, Mixture
from gmm_desktop.session import Session, Snapshot
from gmm_desktop.session.conditions import can_ask
from gmm_desktop.session.questions import HARDLY, UNDECIDED, Question, Tally, question

Open = Callable[..., Session]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    made: list[Session] = []

    def open_one(data: Dataset | str, start: Mixture | None = None, **settings: object) -> Session:
        dataset = SAMPLES[data].load() if isinstance(data, str) else data
        session = Session(dataset, FitSettings(**{"seed": 3, **settings}), start)  # type: ignore[arg-type]
        made.append(session)
        qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
        return session

    yield open_one
    for session in made:
        session.close()


def half_step(session: Session, qtbot: QtBot) -> Snapshot:
    before = session.state.frame
    session.half_step()
    qtbot.waitUntil(lambda: session.state.frame != before, timeout=5000)
    return session.snapshot()


def densities(mixture: Mixture, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight times density of each component at one point, written out."""
    result = []
    for weight, mean, covariance in zip(mixture.weights, mixture.means, mixture.covariances, strict=True):
        away = point - mean
        exponent = away @ np.linalg.inv(covariance) @ away
        result.append(weight * np.exp(-exponent / 2) / np.sqrt(np.linalg.det(2 * np.pi * covariance)))
    return np.array(result)


def test_the_next_iteration_is_computed_and_not_shown(opened: Open, qtbot: QtBot) -> None:
    session = opened("faithful", components=2)
    shown = half_step(session, qtbot)
    assert (shown.phase, shown.last_iteration) == ("E", 0)
    assert question(shown) is None, "the answer is not known yet"
    session.look_ahead()
    qtbot.waitUntil(lambda: session.snapshot().last_iteration == 1, timeout=5000)
    after = session.snapshot()
    assert (after.frame, after.activity) == (shown.frame, "paused")
    assert after.mixture is shown.mixture
    session.look_ahead()
    qtbot.wait(30)
    assert session.snapshot().last_iteration == 1, "it is known already"


@pytest.mark.parametrize(("sample", "k"), [("three-groups", 3), ("faithful", 2), ("iris", 3), ("galaxies", 4)])
def test_every_answer_is_what_em_then_does(opened: Open, qtbot: QtBot, sample: str, k: int) -> None:
    session = opened(sample, components=k)
    snapshot, asked_before = session.snapshot(), {"E": 0, "M": 0}
    for _ in range(14):
        if can_ask(snapshot):
            break
        if snapshot.phase == "E":
            session.look_ahead()
            qtbot.waitUntil(lambda at=snapshot: session.snapshot().last_iteration > at.iteration, timeout=5000)
            snapshot = session.snapshot()
        asked = question(snapshot)
        assert asked is not None
        before, snapshot = snapshot, half_step(session, qtbot)
        assert asked.before == snapshot.phase
        assert asked.is_answered_by(snapshot.run, snapshot.frame)
        assert not asked.is_answered_by(before.run, before.frame)
        asked_before[asked.before] += 1
        (judge_move if asked.before == "M" else judge_owner)(asked, before, snapshot)
    assert min(asked_before.values()) >= 3


def judge_move(asked: Question, before: Snapshot, after: Snapshot) -> None:
    assert before.mixture is not None
    assert after.mixture is not None
    component = asked.component
    assert component is not None
    columns = list(before.columns)
    moves = (after.mixture.means - before.mixture.means)[:, columns] / before.dataset.points[:, columns].std(axis=0)
    assert np.linalg.norm(moves, axis=1).argmax() == component, "the one that moves furthest"
    ways = [choice.way for choice in asked.choices]
    assert ways in (["left", "right", "hardly"], ["down", "up", "hardly"])
    axis = 0 if ways[0] == "left" else 1
    assert np.abs(moves[component]).argmax() == axis
    along = moves[component, axis]
    expected = "hardly" if abs(along) < HARDLY else ways[0] if along < 0 else ways[1]
    assert asked.choices[asked.right].way == expected


def judge_owner(asked: Question, before: Snapshot, after: Snapshot) -> None:
    assert after.colouring is not None
    assert asked.point is not None
    joint = densities(after.colouring, after.dataset.points[asked.point])
    shares = joint / joint.sum()
    ranked = np.argsort(-shares)
    named = [choice.component for choice in asked.choices]
    assert named == [*sorted(ranked[:3]), None][:3], "in an order that tells nothing"
    if shares[ranked[0]] >= UNDECIDED or len(shares) > 2:
        assert named[asked.right] == ranked[0]
    else:
        assert named[asked.right] is None
    for component, amount in zip(named, asked.amounts, strict=True):
        assert amount == pytest.approx(0.0 if component is None else shares[component], abs=1e-9)


def test_a_point_in_doubt_that_changes_its_owner_is_preferred(opened: Open, qtbot: QtBot) -> None:
    session = opened("three-groups", components=3)
    for _ in range(2):
        snapshot = half_step(session, qtbot)
    assert snapshot.phase == "M"
    asked = question(snapshot)
    assert asked is not None
    assert asked.point is not None
    assert snapshot.colouring is not None
    assert snapshot.mixture is not None
    points = snapshot.dataset.points
    owners = np.array([[densities(m, x).argmax() for x in points] for m in (snapshot.colouring, snapshot.mixture)])
    joint = np.array([densities(snapshot.mixture, x) for x in points])
    largest = (joint / joint.sum(axis=1, keepdims=True)).max(axis=1)
    changing = (owners[0] != owners[1]) & (largest >= UNDECIDED) & (largest <= 0.9)
    assert changing.any(), "else this test says nothing"
    assert changing[asked.point]


def test_only_points_that_can_be_seen_are_asked_about(opened: Open) -> None:
    snapshot = opened("faithful", components=2).snapshot()
    within = [(2.0, 2.2), (40.0, 60.0)]
    asked = question(snapshot, within)
    assert asked is not None
    assert asked.point is not None
    for value, (low, high) in zip(snapshot.dataset.points[asked.point], within, strict=True):
        assert low < value < high
    assert question(snapshot, [(100.0, 200.0), (40.0, 60.0)]) is None


def test_a_selected_component_is_the_one_asked_about(opened: Open, qtbot: QtBot) -> None:
    session = opened("three-groups", components=3)
    half_step(session, qtbot)
    session.look_ahead()
    qtbot.waitUntil(lambda: session.snapshot().last_iteration == 1, timeout=5000)
    for component in range(3):
        session.select(component)
        asked = question(session.snapshot())
        assert asked is not None
        assert asked.component == component


def test_a_mean_that_stays_where_it_is_hardly_moves(opened: Open, qtbot: QtBot) -> None:
    points = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0] * 5)[:, np.newaxis]
    start = Mixture(np.ones(1), np.zeros((1, 1)), np.full((1, 1, 1), 9.0))
    session = opened(dataset_from_array(points, ("x",), "symmetric"), start, components=1)
    assert "every point" in can_ask(session.snapshot()), "with one component nobody need be asked whose a point is"
    assert question(session.snapshot()) is None
    half_step(session, qtbot)
    session.look_ahead()
    qtbot.waitUntil(lambda: session.snapshot().last_iteration == 1, timeout=5000)
    asked = question(session.snapshot())
    assert asked is not None
    assert asked.choices[asked.right].way == "hardly"


def test_a_toss_up_between_two_is_nobodys(opened: Open) -> None:
    points = np.array([-5.0, -4.0, 0.01, 4.0, 5.0])[:, np.newaxis]
    start = Mixture(np.full(2, 0.5), np.array([[-1.0], [1.0]]), np.ones((2, 1, 1)))
    session = opened(dataset_from_array(points, ("x",), "one in the middle"), start, components=2)
    asked = question(session.snapshot())
    assert asked is not None
    assert asked.point == 2
    assert asked.choices[asked.right].component is None


def test_the_tally_counts_hands_and_majorities(opened: Open) -> None:
    asked = question(opened("three-groups", components=3).snapshot())
    assert asked is not None
    tally = Tally()
    for right, hands in ((0, (10, 3, 2)), (1, (7, 7, 1)), (2, (0, 0, 4)), (2, (9, 1, 5)), (0, (0, 0, 0))):
        tally = tally.with_answer(replace(asked, right=right), hands)
    assert len(tally.answers) == 4, "without hands nothing is counted"
    assert tally.right == 2, "as many hands for something else is not right"
    assert (tally.correct, tally.hands) == (10 + 7 + 4 + 5, 15 + 15 + 4 + 15)
