"""The list of runs: showing, naming, deleting, and what undo makes of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.mixture import FitSettings, Mixture, fit
from gmm_desktop.session import Session, Snapshot
from gmm_desktop.session.pace import MAXIMUM
from gmm_desktop.session.runs import RunRow


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """Two runs of Old Faithful, k = 2 at its end and k = 5 at its start."""
    made = Session(SAMPLES["faithful"].load(), FitSettings(components=2, seed=3))
    made.set_rate(MAXIMUM)
    ready(made, qtbot)
    play(made, qtbot)
    made.change_settings(components=5)
    ready(made, qtbot)
    yield made
    made.close()


def ready(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)


def play(session: Session, qtbot: QtBot) -> Snapshot:
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=10_000)
    return session.snapshot()


def labels(session: Session) -> list[str]:
    return [row.label for row in session.snapshot().runs]


def row(session: Session, run_id: int) -> RunRow:
    return next(row for row in session.snapshot().runs if row.id == run_id)


def test_figures_are_those_of_the_run_at_its_stop(session: Session, qtbot: QtBot) -> None:
    play(session, qtbot)
    points = session.state.run.dataset.points
    for run_id, k in ((1, 2), (2, 5)):
        alone = fit(points, FitSettings(components=k, seed=3))
        told = row(session, run_id)
        assert told.log_likelihood == alone.log_likelihood
        density = sum(
            w
            * math.tau**-1
            / np.sqrt(np.linalg.det(c))
            * np.exp(-0.5 * ((points - m) @ np.linalg.inv(c) * (points - m)).sum(1))
            for w, m, c in zip(alone.mixture.weights, alone.mixture.means, alone.mixture.covariances, strict=True)
        )
        height = float(np.log(density).sum())
        free = (k - 1) + 2 * k + 3 * k
        assert told.log_likelihood == pytest.approx(height)
        assert told.bic == pytest.approx(-2 * height + free * math.log(272))
        assert told.ended == f"converged at {len(alone) - 1}"
    session.change_settings(tolerance=1e-2)
    moved = row(session, 2)
    assert moved.iteration < len(alone) - 1
    assert moved.log_likelihood == alone.log_likelihoods[moved.iteration]


def test_what_has_not_been_played_has_no_figures(session: Session, qtbot: QtBot) -> None:
    told = row(session, 2)
    assert (told.log_likelihood, told.bic, told.ended, told.shown) == (None, None, "not played yet", True)
    session.step()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 1)
    assert row(session, 2).ended == "1 so far"
    assert row(session, 2).log_likelihood == session.snapshot().log_likelihoods[1]


def test_where_a_run_began_is_told(session: Session, qtbot: QtBot) -> None:
    assert row(session, 1).start == "k-means++, seed 3"
    session.change_settings(restarts=4, initialization="random-points")
    assert row(session, 3).start == "Random points, seed 3, best of 4"
    start = Mixture([0.5, 0.5], [[2.0, 55.0], [4.0, 80.0]], [np.diag([0.1, 30.0])] * 2)
    data = session.state.run.dataset
    session.open(data, FitSettings(components=2), start)
    assert row(session, 4).start == "by hand"
    branch = replace(session.state.run, parent=(1, 5))
    session._state = session.state.with_run(branch)
    session.name_run(1, "two groups")
    assert row(session, 4).start == "from run two groups, iteration 5"


def test_each_run_is_shown_where_it_was_left(session: Session, qtbot: QtBot) -> None:
    end = session.state.find(1).last
    play(session, qtbot)
    session.show_iteration(7)
    session.half_back()
    session.show_run(1)
    snapshot = session.snapshot()
    assert (snapshot.run, snapshot.iteration, snapshot.settings.components) == (1, end, 2)
    session.show_iteration(2)
    session.show_run(2)
    assert (session.snapshot().run, session.state.frame[:2]) == (2, (7, "M"))
    session.show_run(1)
    assert session.snapshot().iteration == 2
    assert [told.shown for told in session.snapshot().runs] == [True, False]


def test_showing_another_run_stops_the_one_that_computes_which_can_go_on(session: Session, qtbot: QtBot) -> None:
    session.set_rate(20.0)
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().iteration >= 3, timeout=5000)
    session.show_run(1)
    assert session.snapshot().activity == "paused"
    known = session.state.find(2).last
    qtbot.wait(150)
    assert session.state.find(2).last == known
    session.show_run(2)
    session.set_rate(MAXIMUM)
    snapshot = play(session, qtbot)
    alone = fit(snapshot.dataset.points, snapshot.settings)
    np.testing.assert_allclose(snapshot.log_likelihoods, alone.log_likelihoods, rtol=1e-12)


def test_only_runs_of_the_shown_data_are_listed(session: Session, qtbot: QtBot) -> None:
    session.open(SAMPLES["three-groups"].load())
    ready(session, qtbot)
    assert labels(session) == ["3"]
    session.undo()
    assert labels(session) == ["1", "2"]


def test_names_are_given_taken_back_and_survive(session: Session, qtbot: QtBot) -> None:
    session.name_run(1, "  two   groups ")
    assert labels(session) == ["two groups", "2"]
    assert session.snapshot().undo == "naming run 1"
    session.change_settings(components=3)
    ready(session, qtbot)
    session.undo()
    assert labels(session) == ["two groups", "2", "3"]
    session.undo()
    assert labels(session) == ["1", "2", "3"]
    session.redo()
    assert labels(session) == ["two groups", "2", "3"]
    session.name_run(1, "two groups")
    assert session.snapshot().undo == "naming run 1"
    session.name_run(1, "")
    assert labels(session)[0] == "1"


def test_a_name_typed_while_the_run_went_on_takes_nothing_from_it(session: Session, qtbot: QtBot) -> None:
    session.name_run(2, "five")
    end = play(session, qtbot)
    session.undo()
    snapshot = session.snapshot()
    assert (snapshot.outcome, snapshot.messages) == (end.outcome, end.messages)
    assert labels(session) == ["1", "2"]


def test_deleting_and_undo(session: Session, qtbot: QtBot) -> None:
    session.delete_run(1)
    assert labels(session) == ["2"]
    assert session.snapshot().undo == "deleting run 1"
    session.undo()
    assert labels(session) == ["1", "2"]
    assert row(session, 1).ended.startswith("converged")
    session.redo()
    assert labels(session) == ["2"]
    with pytest.raises(ValueError, match="only run"):
        session.delete_run(2)
    session.new_start()
    ready(session, qtbot)
    assert labels(session) == ["2", "3"]
    session.undo()
    assert labels(session) == ["2", "3"], "a new start stays in the list, a deleted run stays away"
    session.undo()
    assert labels(session) == ["1", "2", "3"]


def test_deleting_the_shown_run_shows_the_newest_other(session: Session, qtbot: QtBot) -> None:
    session.change_settings(components=3)
    ready(session, qtbot)
    session.show_run(1)
    end = session.snapshot().iteration
    session.show_run(3)
    session.show_run(2)
    session.delete_run(2)
    assert session.snapshot().run == 3
    session.delete_run(3)
    assert (session.snapshot().run, session.snapshot().iteration) == (1, end)
    session.undo()
    assert session.snapshot().run == 3
    assert labels(session) == ["1", "3"]
    session.step()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 1)


def test_a_run_of_other_data_brings_its_columns(session: Session, qtbot: QtBot) -> None:
    """A list that is about to change still offers it."""
    session.open(SAMPLES["galaxies"].load())
    ready(session, qtbot)
    one_column = session.state.run.id
    session.open(SAMPLES["faithful"].load())
    assert session.snapshot().columns == (0, 1)
    session.show_run(one_column)
    assert session.snapshot().columns == (0,)
    session.show_run(1)
    assert session.snapshot().columns == (0, 1)
