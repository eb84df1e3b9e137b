"""Playing backwards and in a loop, with the keys of the real window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from gmm_desktop.session import walk
from tests.ui.driving import Open, action, run_to_the_end, text


def test_r_plays_backwards_and_space_pauses_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    assert not action(window, "run.play_back").isEnabled()
    assert "Only the start is known" in action(window, "run.play_back").toolTip()
    run_to_the_end(window, qtbot)
    last = window.session.snapshot().iteration
    window.session.set_rate(10.0)
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Pause")
    qtbot.waitUntil(lambda: text(window, "status.activity") == "Playing backwards")
    qtbot.waitUntil(lambda: window.session.snapshot().iteration < last - 1, timeout=3000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play")
    here = window.session.snapshot().iteration
    qtbot.wait(200)
    assert 0 < window.session.snapshot().iteration == here
    qtbot.keyClick(window, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    window.session.set_rate(float("inf"))
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("The start"), timeout=3000)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play")


def test_l_loops_until_it_is_pressed_again(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_HOLD", 0.05)
    window = open_window()
    run_to_the_end(window, qtbot)
    last = window.session.snapshot().iteration
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert action(window, "run.loop").isChecked()
    window.session.set_rate(500.0)
    seen: list[int] = []
    window.session.changed.connect(lambda snapshot: seen.append(snapshot.iteration))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: sum(a == last and b == 0 for a, b in pairwise(seen)) >= 2, timeout=5000)
    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play", timeout=5000)
    assert window.session.snapshot().iteration == last
    assert not action(window, "run.loop").isChecked()


def test_both_have_a_button_beside_the_timeline(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    buttons = {
        button.defaultAction().objectName(): button
        for button in window.findChildren(QToolButton)
        if button.isVisible() and button.defaultAction() is not None
    }
    for name in ("run.play_back", "run.loop"):
        assert buttons[name].accessibleName()
        assert not buttons[name].icon().isNull()
    qtbot.mouseClick(buttons["run.loop"], Qt.MouseButton.LeftButton)
    assert window.session.loops
    qtbot.mouseClick(buttons["run.play_back"], Qt.MouseButton.LeftButton)
    assert window.session.snapshot().backwards
    assert window.minimumSizeHint().width() <= 1023
