"""Is it the best? Twenty starts on one key of the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableWidget, QToolButton
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.mixture import FitSettings, Mixture, fit
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, find, run_to_the_end, text

PETALS = ("--sample", "iris", "--columns", "Petal.Length,Petal.Width", "--components", "4")


def ended(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(window.session.snapshot().maxima), timeout=30_000)
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "paused")
    qtbot.wait(150)


def test_one_key_races_twenty_starts_and_says_that_it_is_no_proof(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*PETALS)
    run_to_the_end(window, qtbot)
    one = window.session.snapshot()
    window.session.set_rate(0.5)
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "of 20" in text(window, "status.activity"), timeout=5000)
    ended(window, qtbot)
    snapshot = window.session.snapshot()
    assert (snapshot.settings.restarts, snapshot.settings.seed) == (20, one.settings.seed)
    assert snapshot.iteration == snapshot.last_iteration
    alone = fit(snapshot.dataset.points, FitSettings(components=4, restarts=20))
    np.testing.assert_array_equal(snapshot.log_likelihoods, alone.log_likelihoods)
    ends = [
        fit(snapshot.dataset.points, FitSettings(components=4), start=maximum.mixture).log_likelihood
        for maximum in snapshot.maxima
        if maximum.regular
    ]
    assert max(ends) == pytest.approx(snapshot.log_likelihoods[-1], abs=0.02)
    best = snapshot.maxima[0].reached
    assert text(window, "data.caption").endswith(f"the best was found in {best} of 20, which is no proof.")
    table = find(window, QTableWidget, "fit_card.maxima")
    assert table.isVisible()
    cells = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert cells.index("Set aside as degenerate") > 0
    assert cells[0] == text(window, "fit_card.log_likelihood")


def test_the_run_before_stays_in_the_list_and_undo_goes_back(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    before = window.session.snapshot()
    action(window, "run.try_starts").trigger()
    ended(window, qtbot)
    assert [row.start for row in window.session.snapshot().runs] == [
        "k-means++, seed 0",
        "k-means++, seed 0, best of 20",
    ]
    assert window.session.snapshot().undo == "20 starts"
    window.session.undo()
    assert window.session.snapshot().run == before.run
    assert window.session.snapshot().iteration == before.iteration


def test_again_it_is_the_next_twenty(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--seed", "5")
    button = next(
        button
        for button in window.findChildren(QToolButton)
        if button.defaultAction() is action(window, "run.try_starts") and button.isVisible()
    )
    for seed in (5, 6):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        ended(window, qtbot)
        assert (window.session.snapshot().settings.restarts, window.session.snapshot().settings.seed) == (20, seed)
    assert button.accessibleName()


def test_a_start_by_hand_gives_way_to_twenty_others(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    data = SAMPLES["three-groups"].load()
    start = Mixture([0.5, 0.5], [[-1.0], [1.0]], [[[1.0]], [[1.0]]])
    window.session.open(data, FitSettings(components=2, initialization="manual"), start)
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    action(window, "run.try_starts").trigger()
    ended(window, qtbot)
    snapshot = window.session.snapshot()
    assert snapshot.settings.initialization == "k-means++"
    assert sum(one.reached for one in snapshot.maxima) == 20
    assert snapshot.outcome == "converged"


def test_it_is_locked_while_em_runs(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.session.set_rate(1.0)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not action(window, "run.try_starts").isEnabled())
    assert "pause" in action(window, "run.try_starts").toolTip()
    QApplication.processEvents()


def test_nobody_is_asked_about_a_start_that_another_will_replace(open_window: Open, qtbot: QtBot) -> None:
    """Before a race, and where it is paused, the start that is shown is only the first of many."""
    window = open_window(*PETALS, "--restarts", "5")
    qtbot.waitUntil(lambda: window.session.snapshot().race is not None, timeout=5000)
    asking = [action(window, name) for name in ("view.ask", "run.predict")]
    qtbot.waitUntil(lambda: not any(one.isEnabled() for one in asking), timeout=2000)
    assert all("race first" in one.toolTip() for one in asking)
    assert action(window, "run.half_step").isEnabled()
    action(window, "run.end").trigger()
    ended(window, qtbot)
    action(window, "run.reset").trigger()
    qtbot.waitUntil(lambda: all(one.isEnabled() for one in asking), timeout=2000)


def test_a_race_that_was_left_half_way_and_is_come_back_to_waits_as_it_did(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris", "--components", "8")
    window.session.try_starts()
    qtbot.waitUntil(lambda: window.session.snapshot().race is not None, timeout=5000)
    window.session.pause()
    qtbot.waitUntil(lambda: "waits. Press Space" in text(window, "data.caption"), timeout=5000)
    action(window, "edit.undo").trigger()
    qtbot.waitUntil(lambda: "Eight groups" in text(window, "data.caption"), timeout=5000)
    action(window, "edit.redo").trigger()
    qtbot.waitUntil(lambda: "Start 1 of 20 waits. Press Space" in text(window, "data.caption"), timeout=5000)
    assert window.session.snapshot().activity == "paused"
