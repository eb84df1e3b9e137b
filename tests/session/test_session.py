"""The session: verbs in, snapshots out, with the real worker thread."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, Dataset
from gmm_desktop.mixture import FitSettings, fit
from gmm_desktop.session import Session, Snapshot
from gmm_desktop.session.pace import AUTO, MAXIMUM, interval


@pytest.fixture
def faithful() -> Dataset:
    return SAMPLES["faithful"].load()


@pytest.fixture
def session(faithful: Dataset, qtbot: QtBot) -> Iterator[Session]:
    made = Session(faithful, FitSettings(components=2, seed=3))
    made.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: made.state.run.ready, timeout=5000)
    yield made
    made.close()


def _play_to_the_end(session: Session, qtbot: QtBot) -> Snapshot:
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=10_000)
    return session.snapshot()


def test_it_begins_unplayed_with_the_start_shown(session: Session) -> None:
    snapshot = session.snapshot()
    assert (snapshot.iteration, snapshot.last_iteration, snapshot.activity) == (0, 0, "paused")
    assert snapshot.mixture is not None
    assert snapshot.colouring is None


def test_the_window_and_the_library_take_the_same_steps(session: Session, qtbot: QtBot) -> None:
    snapshot = _play_to_the_end(session, qtbot)
    alone = fit(snapshot.dataset.points, snapshot.settings)
    assert snapshot.outcome == "converged"
    assert snapshot.last_iteration == len(alone.steps) - 1
    np.testing.assert_array_equal(snapshot.log_likelihoods, alone.log_likelihoods)
    assert snapshot.mixture is not None
    np.testing.assert_array_equal(snapshot.mixture.covariances, alone.mixture.covariances)


def test_every_iteration_is_signalled(session: Session, qtbot: QtBot) -> None:
    steps: list[int] = []
    session._runner.stepped.connect(lambda step: steps.append(step.iteration))
    snapshot = _play_to_the_end(session, qtbot)
    assert steps == list(range(1, snapshot.last_iteration + 1))


def test_a_step_takes_one_iteration_and_back_deletes_none(session: Session, qtbot: QtBot) -> None:
    session.step()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 1)
    qtbot.wait(50)
    assert session.snapshot().activity == "paused"
    assert session.snapshot().last_iteration == 1
    session.back()
    assert (session.snapshot().iteration, session.snapshot().last_iteration) == (0, 1)
    session.step()
    assert (session.snapshot().iteration, session.snapshot().last_iteration) == (1, 1)


def test_pausing_stops_and_playing_goes_on_to_the_same_end(session: Session, qtbot: QtBot) -> None:
    whole = fit(session.state.run.dataset.points, session.state.run.settings)
    session.set_rate(20.0)
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().iteration >= 3, timeout=5000)
    session.pause()
    qtbot.wait(100)
    paused = session.snapshot().last_iteration
    qtbot.wait(150)
    assert session.snapshot().last_iteration == paused
    session.set_rate(MAXIMUM)
    snapshot = _play_to_the_end(session, qtbot)
    np.testing.assert_array_equal(snapshot.log_likelihoods, whole.log_likelihoods)


def test_after_the_stop_play_replays_from_the_start(session: Session, qtbot: QtBot) -> None:
    end = _play_to_the_end(session, qtbot).last_iteration
    session.set_rate(5.0)
    session.play()
    snapshot = session.snapshot()
    assert (snapshot.activity, snapshot.iteration, snapshot.last_iteration) == ("replaying", 0, end)
    session.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=5000)
    assert session.snapshot().iteration == end


def test_the_tolerance_moves_the_stop_mark_and_recomputes_nothing(session: Session, qtbot: QtBot) -> None:
    end = _play_to_the_end(session, qtbot)
    before = end.log_likelihoods.copy()
    session.change_settings(tolerance=1e-3)
    snapshot = session.snapshot()
    assert snapshot.stop_iteration is not None
    assert 0 < snapshot.stop_iteration < end.last_iteration
    gains = np.diff(before) / end.dataset.size
    assert snapshot.stop_iteration == int(np.argmax(gains < 1e-3)) + 1
    np.testing.assert_array_equal(snapshot.log_likelihoods, before)
    session.change_settings(tolerance=1e-12)
    assert session.snapshot().outcome == ""
    more = _play_to_the_end(session, qtbot)
    assert more.last_iteration > end.last_iteration
    np.testing.assert_array_equal(more.log_likelihoods[: len(before)], before)


def test_going_on_passes_the_stop(session: Session, qtbot: QtBot) -> None:
    end = _play_to_the_end(session, qtbot)
    session.change_settings(max_iterations=end.last_iteration + 10)
    session.go_on()
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=10_000)
    snapshot = session.snapshot()
    assert snapshot.last_iteration > end.last_iteration
    assert snapshot.stop_iteration == end.last_iteration


def test_another_k_files_the_run_and_undo_brings_it_back(session: Session, qtbot: QtBot) -> None:
    end = _play_to_the_end(session, qtbot)
    session.change_settings(components=4)
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    snapshot = session.snapshot()
    assert snapshot.mixture is not None
    assert (snapshot.mixture.n_components, snapshot.iteration) == (4, 0)
    assert [run.settings.components for run in session.state.runs] == [2, 4]
    assert snapshot.undo == "number of components"
    session.undo()
    snapshot = session.snapshot()
    assert (snapshot.settings.components, snapshot.iteration) == (2, end.last_iteration)
    assert snapshot.redo == "number of components"
    session.redo()
    assert session.snapshot().settings.components == 4
    assert len(session.state.runs) == 2


def test_opening_other_data_takes_their_k_and_undo_brings_the_old_back(session: Session, qtbot: QtBot) -> None:
    other = SAMPLES["three-groups"].load()
    session.open(other)
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    assert session.snapshot().settings.components == other.components == 3
    assert session.snapshot().columns == (0,)
    session.undo()
    assert session.snapshot().dataset.source == "Old Faithful"
    assert session.snapshot().columns == (0, 1)


def test_starts_race_first_and_the_best_is_played_from_its_own_start(session: Session, qtbot: QtBot) -> None:
    session.change_settings(components=3, restarts=8)
    qtbot.waitUntil(lambda: len(session.state.run.history) == 1, timeout=5000)
    snapshot = _play_to_the_end(session, qtbot)
    alone = fit(snapshot.dataset.points, snapshot.settings)
    np.testing.assert_array_equal(snapshot.log_likelihoods, alone.log_likelihoods)
    assert any("8" in message for message in snapshot.messages)


def test_data_that_cannot_be_fitted_are_told_and_the_next_data_work(session: Session, qtbot: QtBot) -> None:
    same = replace(session.state.run.dataset, points=np.ones((5, 2)))
    session.open(same)
    qtbot.waitUntil(lambda: session.snapshot().outcome == "failed", timeout=5000)
    snapshot = session.snapshot()
    assert snapshot.mixture is None
    assert snapshot.messages[0].endswith(".")
    session.play()
    assert session.snapshot().activity == "paused"
    session.undo()
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    assert session.snapshot().outcome == ""


def test_a_setting_that_cannot_be_changes_nothing(session: Session) -> None:
    before = session.state
    with pytest.raises(ValueError, match=r"\."):
        session.change_settings(components=0)
    assert session.state is before


def test_closing_while_it_computes_joins_the_worker(faithful: Dataset, qtbot: QtBot) -> None:
    many = replace(faithful, points=np.tile(faithful.points, (1000, 1)))
    session = Session(many, FitSettings(components=8, tolerance=1e-300))
    session.set_rate(MAXIMUM)
    session.play()
    qtbot.wait(100)
    session.close()
    assert not session._runner.is_alive


def test_the_automatic_pace_begins_at_one_a_second_and_ends_within_ten() -> None:
    assert interval(AUTO, 0) == 1.0
    assert sum(interval(AUTO, t) for t in range(100_000)) < 10.0
    assert interval(2.0, 17) == 0.5
    assert interval(MAXIMUM, 0) == 0.0


def test_half_steps_show_two_mixtures_of_the_history_crosswise(session: Session, qtbot: QtBot) -> None:
    steps = fit(session.state.run.dataset.points, session.state.run.settings).steps
    seen = []
    for _ in range(5):
        session.half_step()
        qtbot.waitUntil(lambda: session.snapshot().activity == "paused")
        seen.append(session.snapshot())
    assert [(s.iteration, s.phase) for s in seen] == [(0, "E"), (1, "M"), (1, "E"), (2, "M"), (2, "E")]
    for snapshot, (drawn, colours) in zip(seen, [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)], strict=True):
        assert snapshot.mixture is not None
        assert snapshot.colouring is not None
        np.testing.assert_array_equal(snapshot.mixture.means, steps[drawn].mixture.means)
        np.testing.assert_array_equal(snapshot.colouring.means, steps[colours].mixture.means)
        responsibilities = steps[colours].mixture.responsibilities(snapshot.dataset.points)
        np.testing.assert_allclose(snapshot.counts, responsibilities.sum(axis=0))
    for wanted in [(2, "M"), (1, "E"), (1, "M"), (0, "E"), (0, "start"), (0, "start")]:
        session.half_back()
        assert (session.snapshot().iteration, session.snapshot().phase) == wanted


def test_playing_slowly_shows_the_m_step_before_the_e_step(session: Session, qtbot: QtBot) -> None:
    shown: list[tuple[int, str]] = []
    session.changed.connect(lambda snapshot: shown.append((snapshot.iteration, snapshot.phase)))
    session.set_rate(2.0)
    session.play()
    qtbot.waitUntil(lambda: (2, "E") in shown, timeout=5000)
    session.pause()
    frames = list(dict.fromkeys(shown))
    assert frames[frames.index((1, "M")) :][:4] == [(1, "M"), (1, "E"), (2, "M"), (2, "E")]


def test_a_step_that_arrives_after_pause_does_not_move_the_picture(session: Session, qtbot: QtBot) -> None:
    session.play()
    session.pause()
    session.show_iteration(0)
    qtbot.wait(100)
    assert session.snapshot().iteration == 0


def test_what_matches_many_components_is_loaded_by_the_worker(qtbot: QtBot) -> None:
    """It takes a third of a second, in which the window would stand still."""
    code = """
import sys, threading
import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from gmm_desktop.data import SAMPLES
from gmm_desktop.mixture import FitSettings
from gmm_desktop.session import Session
loading = []
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "scipy.optimize":
            loading.append(threading.current_thread() is threading.main_thread())
sys.meta_path.insert(0, Watch())
application = QCoreApplication([])
session = Session(SAMPLES["three-groups"].load(), FitSettings(components=8))
while not session.state.run.ready:
    application.processEvents()
assert len(session.snapshot().truth_order) == 8
session.close()
assert loading == [False], loading
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
