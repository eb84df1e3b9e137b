"""Components placed by hand with keys, and what Escape gives back, in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.driving import Open, action, text
from tests.ui.hands import (
    SHIFT,
    a_pixel,
    at,
    deviations_away,
    drag,
    editing,
    handle,
    move,
    place_of,
    plot_of,
    press,
    release,
    settled,
    shown,
)
from tests.ui.presenting import present, settle

FAITHFUL = ("--sample", "faithful", "--components", "2")
ACROSS = QPoint(70, -40)


def test_the_last_component_stays(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, "--sample", "faithful", "--components", "1")
    QTest.keyClick(plot, Qt.Key.Key_Delete)
    assert "one component at the least" in window.notices.text()
    assert len(window.session.state.runs) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_Insert])
def test_a_key_adds_a_component_in_the_middle(open_window: Open, qtbot: QtBot, key: Qt.Key) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    QTest.keyClick(plot, key)
    placed = settled(window, qtbot)
    middle = np.mean(plot.getViewBox().viewRange(), axis=1)
    np.testing.assert_allclose(placed.means[2], middle, rtol=1e-9)


def test_escape_restores_and_the_mouse_may_go_on_moving(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    before, start = shown(window), at(plot, shown(window).means[0])
    press(plot, start)
    move(plot, start + QPoint(30, 10), start + ACROSS)
    assert shown(window) is not before
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    move(plot, start + QPoint(90, 90))
    release(plot, start + QPoint(90, 90))
    assert settled(window, qtbot) is before
    assert len(window.session.state.runs) == 1
    assert window.session.mode == "editing"
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert window.session.mode == "watching"


def test_a_drag_can_be_cancelled_from_outside(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    before, start = shown(window), at(plot, shown(window).means[0])
    assert not plot.cancel_drag()
    press(plot, start)
    move(plot, start + ACROSS)
    assert plot.cancel_drag()
    assert not plot.cancel_drag()
    release(plot, start + ACROSS)
    assert settled(window, qtbot) is before


def test_keys_visit_the_handles_nudge_and_accept(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    before, spans = shown(window), np.diff(plot.getViewBox().viewRange())[:, 0]
    assert plot.hasFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Up, SHIFT)
    np.testing.assert_allclose(shown(window).means[0], before.means[0] + spans * (0.01, 0.1))
    assert len(window.session.state.runs) == 1
    assert plot.accessibleDescription().startswith("mean of A at (")
    QTest.keyClick(plot, Qt.Key.Key_Return)
    placed = settled(window, qtbot)
    np.testing.assert_allclose(placed.means[0], before.means[0] + spans * (0.01, 0.1))
    assert window.session.snapshot().undo == "moving the mean of A"
    visited = []
    for _ in range(7):
        QTest.keyClick(plot, Qt.Key.Key_Tab)
        visited.append((plot.placing.grip.component, plot.placing.grip.kind))
    assert visited[:4] == [(0, "axis"), (0, "axis"), (0, "turn"), (1, "mean")]
    assert visited[4:] == [(1, "axis"), (1, "axis"), (1, "turn")]
    QTest.keyClick(plot, Qt.Key.Key_Backtab, SHIFT)
    assert plot.placing.grip.kind == "axis"
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert "axis of B" in plot.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert shown(window) is placed
    QTest.keyClick(plot, Qt.Key.Key_Tab)
    QTest.keyClick(plot, Qt.Key.Key_Tab)
    assert not plot.hasFocus(), "after the last handle the keyboard leaves the plot"


def test_longer_keeps_to_the_same_axis_when_it_becomes_the_longest(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    for _ in range(2):
        QTest.keyClick(plot, Qt.Key.Key_Tab)
    first = handle(plot, "axis", 0) - at(plot, shown(window).means[0])
    for _ in range(6):
        QTest.keyClick(plot, Qt.Key.Key_Right, SHIFT)
    assert deviations_away(shown(window), 0, place_of(plot, at(plot, shown(window).means[0]) + first)) == pytest.approx(
        1.0, abs=0.05
    )


def test_playing_goes_on_from_what_was_nudged(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    QTest.keyClick(plot, Qt.Key.Key_Left, SHIFT)
    nudged = shown(window)
    QTest.keyClick(plot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot().last_iteration >= 1, timeout=5000)
    np.testing.assert_array_equal(window.session.state.run.history.mixture_at(0).means, nudged.means)
    assert window.session.mode == "watching"


def test_half_steps_while_placing_say_what_they_did(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    QTest.keyClick(plot, Qt.Key.Key_Up)
    for begins in ("Iteration 0 · E-step: ", "Iteration 1 · M-step: the mean of "):
        QTest.keyClick(window, Qt.Key.Key_PageDown)
        qtbot.waitUntil(lambda words=begins: text(window, "data.caption").startswith(words))
    assert window.session.mode == "editing"
    QTest.keyClick(plot, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("Mean of A at"))


def test_in_the_presentation_a_handle_is_taken_wherever_it_is_drawn(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    present(window, qtbot, (3840, 2160))
    action(window, "edit.place").trigger()
    plot = plot_of(window)
    qtbot.waitUntil(lambda: plot.tool is plot.placing)
    settle()
    seen = [QPointF(one.x, one.y) for one in plot.placing.seen() if one.grip.component == 0]
    radius = 13 * window.presentation.scale  # of the ring of a mean
    apart = [QLineF(a, b).length() for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert len(seen) == 4
    assert min(apart) > radius
    before, edge = shown(window), QPoint(-round(0.9 * radius), 0)
    start = at(plot, before.means[0]) + edge
    drag(plot, start, start + QPoint(200, -100))
    after = settled(window, qtbot)
    assert after.n_components == 2
    moved = (after.means[0] - before.means[0]) / a_pixel(plot)
    np.testing.assert_allclose(moved, (200, 100), rtol=0.02)
