"""Starts and branches that a person placed, and guesses: the session's verbs, with the real worker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.mixture import FitSettings, Mixture, em_steps
from gmm_desktop.session import Session
from gmm_desktop.session.conditions import can_repeat
from gmm_desktop.session.editing import Rules, add_component, move_mean, remove_component
from gmm_desktop.session.guessing import judge
from gmm_desktop.session.pace import MAXIMUM


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(SAMPLES["faithful"].load(), FitSettings(components=2, seed=3))
    made.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: made.state.run.ready, timeout=5000)
    yield made
    made.close()


def shown(session: Session) -> Mixture:
    mixture = session.snapshot().mixture
    assert mixture is not None
    return mixture


def ready(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)


def walk_to(session: Session, qtbot: QtBot, iteration: int) -> None:
    while session.state.frame.iteration < iteration:
        before = session.state.frame.iteration
        session.step()
        qtbot.waitUntil(lambda at=before: session.state.frame.iteration > at, timeout=5000)


def test_em_runs_from_exactly_the_start_that_was_placed(session: Session, qtbot: QtBot) -> None:
    placed = move_mean(shown(session), 1, (0, 1), (2.0, 90.0))
    session.place(placed, "moving the mean of B")
    ready(session, qtbot)
    run = session.state.run
    assert (run.settings.initialization, run.settings.components, run.parent) == ("manual", 2, None)
    assert session.snapshot().undo == "moving the mean of B"
    for name in ("weights", "means", "covariances"):
        np.testing.assert_array_equal(getattr(shown(session), name), getattr(placed, name))
    walk_to(session, qtbot, 1)
    steps = em_steps(run.dataset.points, placed, variance_floor=run.settings.variance_floor)
    next(steps)
    expected = next(steps).mixture
    np.testing.assert_array_equal(shown(session).means, expected.means)
    np.testing.assert_array_equal(shown(session).covariances, expected.covariances)


def test_from_a_later_iteration_it_branches_and_the_old_run_stays(session: Session, qtbot: QtBot) -> None:
    walk_to(session, qtbot, 5)
    old = session.state.run
    placed = move_mean(shown(session), 0, (0, 1), (3.0, 80.0))
    session.place(placed, "moving the mean of A")
    ready(session, qtbot)
    branch = session.state.run
    assert branch.parent == (old.id, 5)
    assert session.state.runs[0].history is old.history
    assert len(old.history) == 6
    np.testing.assert_array_equal(shown(session).means, placed.means)
    session.place(move_mean(placed, 1, (0, 1), (4.0, 60.0)), "moving the mean of B")
    ready(session, qtbot)
    assert session.state.run.parent == (old.id, 5), "its start is still a branch of that iteration"
    session.undo()
    assert session.state.run.id == branch.id
    session.undo()
    assert (session.state.run.id, session.state.frame.iteration) == (old.id, 5)
    session.redo()
    session.redo()
    assert len(session.state.runs) == 3


def test_a_branch_without_a_change_begins_at_the_shown_mixture(session: Session, qtbot: QtBot) -> None:
    walk_to(session, qtbot, 3)
    before, old = shown(session), session.state.run.id
    session.begin_branch()
    ready(session, qtbot)
    assert session.state.run.parent == (old, 3)
    assert session.state.frame.iteration == 0
    np.testing.assert_array_equal(shown(session).covariances, before.covariances)


def test_a_draft_makes_no_run_until_it_is_accepted(session: Session, qtbot: QtBot) -> None:
    before = session.state
    session.set_editing(True)
    placed = move_mean(shown(session), 0, (0, 1), (3.0, 80.0))
    session.sketch(placed, "moving the mean of A", "mean of A at (3, 80)")
    snapshot = session.snapshot()
    assert session.state is before
    assert snapshot.drafted.mixture is placed
    assert snapshot.drafted.colouring is None
    assert snapshot.undo == "moving the mean of A"
    assert session.restore()
    assert not session.restore()
    assert session.snapshot().drafted.mixture is shown(session)
    session.sketch(placed, "moving the mean of A")
    session.undo()
    assert session.state is before
    assert session.snapshot().draft is None
    session.sketch(placed, "moving the mean of A")
    session.accept()
    ready(session, qtbot)
    np.testing.assert_array_equal(shown(session).means, placed.means)
    assert session.mode == "editing"


def test_a_placed_start_is_known_before_the_worker_has_looked_at_the_points(session: Session, qtbot: QtBot) -> None:
    placed = move_mean(shown(session), 0, (0, 1), (3.0, 80.0))
    session.place(placed, "moving the mean of A")
    assert not session.state.run.ready
    assert session.snapshot().mixture is placed
    ready(session, qtbot)


def test_playing_goes_on_from_the_draft_and_watches_again(session: Session, qtbot: QtBot) -> None:
    session.set_editing(True)
    placed = move_mean(shown(session), 0, (0, 1), (3.0, 80.0))
    session.sketch(placed, "moving the mean of A")
    session.play()
    assert session.mode == "watching"
    qtbot.waitUntil(lambda: bool(session.snapshot().outcome) and not session.is_running, timeout=10_000)
    np.testing.assert_array_equal(session.state.run.history.mixture_at(0).means, placed.means)


def test_what_is_looked_at_instead_drops_the_draft(session: Session, qtbot: QtBot) -> None:
    walk_to(session, qtbot, 2)
    session.set_editing(True)
    session.sketch(move_mean(shown(session), 0, (0, 1), (3.0, 80.0)), "moving the mean of A")
    session.back()
    assert session.snapshot().draft is None
    assert len(session.state.runs) == 1


def test_editing_pauses(session: Session, qtbot: QtBot) -> None:
    session.set_rate(5.0)
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().iteration >= 1, timeout=5000)
    session.set_editing(True)
    assert session.snapshot().activity == "paused"
    assert session.snapshot().mode == "editing"


@pytest.mark.parametrize("changes", [{"seed": 9}, {"components": 4}, {"restarts": 3}])
def test_a_start_that_no_hand_placed_is_made_as_before(session: Session, qtbot: QtBot, changes: dict[str, int]) -> None:
    session.change_settings(initialization="quantiles")
    ready(session, qtbot)
    session.place(remove_component(shown(session), 0), "removing A")
    ready(session, qtbot)
    session.change_settings(**changes)
    qtbot.waitUntil(lambda: len(session.state.run.history) > 0, timeout=5000)
    assert session.state.run.settings.initialization == "quantiles"
    assert session.state.run.start is None


def test_a_placed_start_stays_where_only_what_follows_it_changes(session: Session, qtbot: QtBot) -> None:
    placed = move_mean(shown(session), 0, (0, 1), (3.0, 80.0))
    session.place(placed, "moving the mean of A")
    ready(session, qtbot)
    session.change_settings(covariance="diag")
    ready(session, qtbot)
    assert session.state.run.settings.initialization == "manual"
    np.testing.assert_array_equal(shown(session).means, placed.means)


def test_other_data_begin_without_the_hands_start(session: Session, qtbot: QtBot) -> None:
    session.place(move_mean(shown(session), 0, (0, 1), (3.0, 80.0)), "moving the mean of A")
    ready(session, qtbot)
    session.open(SAMPLES["three-groups"].load())
    ready(session, qtbot)
    assert session.snapshot().outcome == ""
    assert session.state.run.settings.initialization == "k-means++"


def test_a_guess_is_judged_by_where_the_m_step_goes(session: Session, qtbot: QtBot) -> None:
    session.predict(1)
    snapshot = session.snapshot()
    assert (snapshot.iteration, snapshot.phase, snapshot.mode) == (0, "E", "guessing"), "the E-step comes first"
    before = shown(session)
    assert snapshot.guess is not None
    assert snapshot.guess.place == tuple(before.means[1])
    session.move_guess((4.0, 79.0))
    session.predict()
    qtbot.waitUntil(lambda: session.snapshot().phase == "M", timeout=5000)
    snapshot = session.snapshot()
    assert snapshot.mode == "guessing"
    assert snapshot.guess is not None
    assert snapshot.colouring is not None
    steps = em_steps(session.state.run.dataset.points, before, variance_floor=1e-6)
    next(steps)
    truth = next(steps).mixture.means[1]
    verdict = judge(snapshot.guess, snapshot.colouring, shown(session))
    assert verdict.place == tuple(truth)
    assert verdict.off == pytest.approx(np.hypot(truth[0] - 4.0, truth[1] - 79.0))
    assert verdict.moved == pytest.approx(np.hypot(*(truth - before.means[1])))
    session.half_step()
    assert session.snapshot().guess is None
    assert session.mode == "watching"
    session.half_back()
    assert session.snapshot().guess is None, "it does not come back with its frame"


def test_each_step_reveals_a_guess(session: Session, qtbot: QtBot) -> None:
    session.predict()
    session.step()
    qtbot.waitUntil(lambda: session.snapshot().phase == "M", timeout=5000)
    assert session.snapshot().guess is not None
    session.predict(0)
    assert (session.snapshot().iteration, session.snapshot().phase) == (1, "E")
    session.end_guess()
    assert session.mode == "watching"


def test_what_was_made_of_other_data_is_not_placed(session: Session, qtbot: QtBot) -> None:
    """The hand still holds what was shown before the data changed."""
    held = shown(session)
    session.open(SAMPLES["galaxies"].load())
    ready(session, qtbot)
    runs = len(session.state.runs)
    session.sketch(held, "moving A")
    session.place(held, "moving A")
    session.accept()
    assert len(session.state.runs) == runs
    assert shown(session).dimension == 1


def test_a_draft_with_another_component_is_matched_with_the_truth_as_it_is(session: Session, qtbot: QtBot) -> None:
    session.open(SAMPLES["three-groups"].load())
    session.change_settings(components=2)
    ready(session, qtbot)
    three = add_component(shown(session), [0], [2.0], Rules("full", np.ones(1), 1e-6, 300))
    session.sketch(three, "adding a component")
    order = session.snapshot().drafted.truth_order
    assert sorted(order) == [0, 1, 2]


def test_what_has_no_start_yet_cannot_be_repeated(session: Session, qtbot: QtBot) -> None:
    start = shown(session)
    other = Session(SAMPLES["faithful"].load(), FitSettings(components=2, initialization="manual"), start)
    assert other.snapshot().mixture is not None
    assert can_repeat(other.snapshot())
    qtbot.waitUntil(lambda: other.state.run.ready, timeout=5000)
    assert not can_repeat(other.snapshot())
    other.close()
