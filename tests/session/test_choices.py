"""What a session makes of a collapse, of acceleration, and of what a race found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import Dataset, open_dataset
from gmm_desktop.mixture import FitSettings, Mixture, fit
from gmm_desktop.session import Session, Snapshot
from gmm_desktop.session.change import change_between
from gmm_desktop.session.conditions import can_go_on, can_play, can_step
from gmm_desktop.session.pace import MAXIMUM

COLLAPSING = FitSettings(components=6, initialization="random-points", collapse="stop")


@pytest.fixture(scope="module")
def petals() -> Dataset:
    return open_dataset(None, ("Petal.Length", "Petal.Width"), "iris")


@pytest.fixture
def session(petals: Dataset, qtbot: QtBot) -> Iterator[Session]:
    made = Session(petals, COLLAPSING)
    made.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: made.state.run.ready, timeout=5000)
    yield made
    made.close()


def _play_to_the_end(session: Session, qtbot: QtBot) -> Snapshot:
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=20_000)
    return session.snapshot()


def test_a_run_that_collapsed_can_be_walked_but_not_gone_on_with(session: Session, qtbot: QtBot) -> None:
    end = _play_to_the_end(session, qtbot)
    assert (end.outcome, end.stop_iteration, end.broke_off) == ("failed", end.last_iteration, True)
    assert can_go_on(end)
    assert "collapsed" in can_step(end)
    session.go_on()
    assert session.snapshot().activity == "paused"
    session.show_iteration(2)
    early = session.snapshot()
    assert not early.broke_off
    assert not can_play(early)
    assert not can_step(early)
    session.to_end()
    assert session.snapshot().iteration == end.last_iteration


def test_a_stop_before_the_collapse_makes_it_a_fit_that_stopped(session: Session, qtbot: QtBot) -> None:
    end = _play_to_the_end(session, qtbot)
    session.change_settings(max_iterations=end.last_iteration - 2)
    assert session.snapshot().outcome == "stopped"
    session.change_settings(max_iterations=end.last_iteration + 20)
    assert session.snapshot().outcome == "failed"
    session.change_settings(tolerance=1e6)
    assert session.snapshot().outcome == "converged"


@pytest.mark.parametrize("changes", [{"collapse": "floor"}, {"acceleration": "squarem"}])
def test_either_choice_files_the_run_and_shows_the_start(
    session: Session, qtbot: QtBot, changes: dict[str, str]
) -> None:
    _play_to_the_end(session, qtbot)
    session.change_settings(**changes)
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    snapshot = session.snapshot()
    assert (snapshot.iteration, snapshot.last_iteration, snapshot.outcome) == (0, 0, "")
    assert len(session.state.runs) == 2
    session.undo()
    assert session.snapshot().outcome == "failed"


def test_a_start_that_a_person_gave_is_kept() -> None:
    plain = FitSettings()
    for changes in ({"collapse": "stop"}, {"acceleration": "squarem"}, {"summarise": "never"}):
        change = change_between(plain, replace(plain, **changes))  # type: ignore[arg-type]
        assert change.keeps_the_start
        assert not change.moves_only_the_stop
        assert change.name != "settings"


def test_the_accelerated_steps_are_those_of_the_library(session: Session, qtbot: QtBot, petals: Dataset) -> None:
    start = Mixture([0.5, 0.5], [[1.4, 0.2], [5.0, 1.7]], [[[1.0, 0.0], [0.0, 1.0]]] * 2)
    settings = FitSettings(components=2, acceleration="squarem")
    session.open(petals, settings, start)
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    end = _play_to_the_end(session, qtbot)
    assert end.log_likelihoods.tolist() == fit(petals.points, settings, start=start).log_likelihoods.tolist()
    assert any("SQUAREM" in message for message in end.messages)


def test_what_a_race_found_is_told_and_outlives_a_smaller_tolerance(session: Session, qtbot: QtBot) -> None:
    session.change_settings(components=4, restarts=5, collapse="floor", seed=1)
    qtbot.waitUntil(lambda: len(session.state.run.history) > 0, timeout=5000)
    assert session.snapshot().maxima == ()
    end = _play_to_the_end(session, qtbot)
    assert sum(one.reached for one in end.maxima) == 5
    assert end.maxima[0].log_likelihood == end.log_likelihoods[-1]
    session.change_settings(tolerance=1e-9)
    assert _play_to_the_end(session, qtbot).last_iteration > end.last_iteration
    assert session.snapshot().maxima is end.maxima
