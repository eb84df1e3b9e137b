"""Which iteration of which other run is shown beside the shown one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.mixture import FitHistory, FitSettings, Mixture
from gmm_desktop.mixture import history as history_module
from gmm_desktop.session import Session
from gmm_desktop.session.comparison import Comparison
from gmm_desktop.session.pace import MAXIMUM
from gmm_desktop.session.state import State, new_run


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """Run 1 with k = 2 and run 2 with k = 5, both at their ends."""
    made = Session(SAMPLES["faithful"].load(), FitSettings(components=2, seed=3))
    made.set_rate(MAXIMUM)
    finish(made, qtbot)
    made.change_settings(components=5)
    finish(made, qtbot)
    yield made
    made.close()


def finish(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=10_000)


def branch(session: Session, qtbot: QtBot, iteration: int) -> None:
    """As dragging the first mean does."""
    run, state = session.state.run, session.state
    old = run.history.mixture_at(iteration)
    start = Mixture(old.weights, old.means + np.array([[0.5, 0.0]]), old.covariances)
    made = replace(new_run(state.runs, run.dataset, run.settings, start), parent=(run.id, iteration))
    session._show_run(State(state.columns, (*state.left().runs, made), made))
    finish(session, qtbot)


def other(session: Session) -> Comparison:
    found = session.snapshot().other
    assert found is not None
    return found


def history(session: Session, run: int) -> FitHistory:
    return session.state.find(run).history


def test_nothing_is_compared_until_it_is_asked_for(session: Session) -> None:
    assert session.snapshot().other is None
    assert session.counterpart() == 1
    session.compare(1)
    assert session.compared == 1
    session.compare(None)
    assert session.snapshot().other is None


def test_it_keeps_step_and_ends_with_the_shown_run(session: Session) -> None:
    session.compare(1)
    last = history(session, 1).steps[-1].iteration
    assert other(session).iteration == last
    assert other(session).ended
    for iteration, wanted in [(2, 2), (0, 0), (last + 5, last)]:
        session.show_iteration(iteration)
        found = other(session)
        assert found.iteration == wanted
        np.testing.assert_array_equal(found.mixture.means, history(session, 1).mixture_at(wanted).means)
        assert len(found.way) == wanted + 1
        np.testing.assert_array_equal(found.log_likelihoods, history(session, 1).log_likelihoods)
    assert found.words == f"run 1 (k = 2, full), iteration {last}"


def test_the_same_frame_is_the_same_object(session: Session) -> None:
    session.compare(1)
    first = other(session)
    assert other(session) is first
    session.show_iteration(1)
    assert other(session) is not first


def test_showing_the_other_run_swaps_the_two(session: Session) -> None:
    session.compare(1)
    session.show_run(1)
    assert (session.snapshot().run, session.compared) == (1, 2)
    assert session.counterpart() == 2


def test_it_ends_with_the_run_or_the_data(session: Session, qtbot: QtBot) -> None:
    session.compare(1)
    session.delete_run(1)
    assert session.snapshot().other is None
    session.undo()
    assert other(session).run == 1
    session.open(SAMPLES["three-groups"].load())
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    assert session.snapshot().other is None
    assert session.counterpart() is None


def test_a_branch_has_the_rest_of_the_old_run_as_its_ghost(session: Session, qtbot: QtBot) -> None:
    parent = history(session, 2)
    assert session.snapshot().ghost is None
    branch(session, qtbot, 6)
    session.show_iteration(0)
    ghost = session.snapshot().ghost
    assert ghost is not None
    assert (ghost.run, ghost.first, ghost.iteration) == (2, 6, 6)
    np.testing.assert_array_equal(ghost.way, parent.means[6:])
    np.testing.assert_array_equal(ghost.log_likelihoods, parent.log_likelihoods[6:])
    session.show_iteration(4)
    ghost = session.snapshot().ghost
    assert ghost is not None
    np.testing.assert_array_equal(ghost.mixture.means, parent.mixture_at(10).means)
    assert session.snapshot().runs[-1].start == "from run 2, iteration 6"
    session.delete_run(2)
    assert session.snapshot().ghost is None


def test_a_thinned_run_is_compared_at_what_is_kept(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    session.change_settings(stop_rule="iterations", max_iterations=400, components=3)
    finish(session, qtbot)
    session.change_settings(seed=4)
    finish(session, qtbot)
    session.compare(3)
    thinned, own = history(session, 3), history(session, 4)
    assert thinned.every > 1
    for iteration in range(300, 400, 7):
        session.show_iteration(iteration)
        found = other(session)
        assert thinned.is_kept(found.iteration)
        assert abs(found.iteration - session.snapshot().iteration) <= 2 * max(thinned.every, own.every)
        assert len(found.way) == (thinned.kept <= found.iteration).sum()
