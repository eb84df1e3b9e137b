"""The keys of the presentation and of clickers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QScrollArea, QSlider
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from tests.ui.driving import Open, action, fast, find, run_to_the_end, text
from tests.ui.presenting import present, settle


class TestKeys:
    def test_clicker_and_arrows_take_half_steps_before_a_slider_sees_them(
        self, open_window: Open, qtbot: QtBot
    ) -> None:
        window = open_window()
        run_to_the_end(window, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_Home)
        present(window, qtbot)
        for focus in (find(window, QSlider, "run.timeline"), window.panel(PlotPanel).plot):
            for forward, back in ((Qt.Key.Key_PageDown, Qt.Key.Key_PageUp), (Qt.Key.Key_Right, Qt.Key.Key_Left)):
                focus.setFocus()
                frames = []
                for key in (forward, forward, forward, back, back, back):
                    qtbot.keyClick(focus, key)
                    frames.append(window.session.snapshot().frame[:2])
                    settle()
                assert frames == [(0, "E"), (1, "M"), (1, "E"), (1, "M"), (0, "E"), (0, "start")]

    def test_outside_of_it_these_keys_are_what_they_were(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        run_to_the_end(window, qtbot)
        last = window.session.snapshot().last_iteration
        present(window, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        qtbot.keyClick(window, Qt.Key.Key_B)
        assert window.session.snapshot().iteration == last - 1
        qtbot.waitUntil(action(window, "run.step").isEnabled)
        qtbot.keyClick(window, Qt.Key.Key_Period)
        assert window.session.snapshot().iteration == last
        timeline = find(window, QSlider, "run.timeline")
        timeline.setFocus()
        qtbot.waitUntil(lambda: timeline.value() == last)
        qtbot.keyClick(timeline, Qt.Key.Key_Left)
        assert window.session.snapshot().frame[:2] == (last - 1, "E")

    def test_space_plays_and_pauses(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        present(window, qtbot)
        for running in (True, False):
            qtbot.keyClick(find(window, QSlider, "run.timeline"), Qt.Key.Key_Space)
            assert window.session.is_running == running

    def test_past_the_stop_page_down_repeats_the_reason(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        run_to_the_end(window, qtbot)
        present(window, qtbot)
        caption = find(window, QLabel, "data.caption")
        said = caption.text()
        assert "Converged" in said
        frame = window.session.snapshot().frame
        assert not caption.autoFillBackground()
        for _ in range(3):
            qtbot.keyClick(window, Qt.Key.Key_PageDown)
            assert caption.text() == said
            assert caption.autoFillBackground(), "it is seen to be said once more"
            assert window.session.snapshot().frame == frame
        qtbot.waitUntil(lambda: not caption.autoFillBackground())

    def test_what_goes_on_past_the_stop_repeats_the_stops_own_reason(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window("--stop-rule", "iterations", "--max-iterations", "3")
        run_to_the_end(window, qtbot)
        reason = text(window, "data.caption")
        assert reason.startswith("Iteration 3 · Stopped after as many iterations as were set")
        action(window, "run.go_on").trigger()
        qtbot.waitUntil(lambda: "past the stop" in text(window, "data.caption"))
        qtbot.waitUntil(lambda: not window.session.is_running)
        qtbot.waitUntil(lambda: text(window, "data.caption").startswith("Iteration 6 "))
        present(window, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_PageDown)
        assert text(window, "data.caption") == reason

    @pytest.mark.parametrize("blank", [Qt.Key.Key_B, Qt.Key.Key_Period])
    @pytest.mark.parametrize("shown", [Qt.Key.Key_B, Qt.Key.Key_Period, Qt.Key.Key_PageDown, Qt.Key.Key_Escape])
    def test_a_black_screen_and_back(self, open_window: Open, qtbot: QtBot, blank: Qt.Key, shown: Qt.Key) -> None:
        window = open_window()
        qtbot.keyClick(window, Qt.Key.Key_H)
        qtbot.waitUntil(lambda: window.session.snapshot().phase == "E")
        present(window, qtbot)
        frame = window.session.snapshot().frame
        qtbot.keyClick(find(window, QSlider, "run.timeline"), blank)
        black = window.grab().toImage()
        assert {black.pixelColor(x, y).name() for x in range(0, 1920, 40) for y in range(0, 1080, 40)} == {"#000000"}
        qtbot.keyClick(window, shown)
        assert not window.presentation.is_blank
        assert window.presentation.is_on
        assert window.session.snapshot().frame == frame
        picture = window.grab().toImage()
        assert picture.pixelColor(20, 20).lightness() > 200

    def test_what_runs_goes_on_behind_a_black_screen(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        fast(window)
        present(window, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_Space)
        qtbot.keyClick(window, Qt.Key.Key_B)
        qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=10_000)
        assert window.presentation.is_blank

    @pytest.mark.parametrize("key", [Qt.Key.Key_F5, Qt.Key.Key_F11, Qt.Key.Key_P])
    def test_each_of_its_keys_begins_and_leaves_it(self, open_window: Open, qtbot: QtBot, key: Qt.Key) -> None:
        window = open_window()
        for on in (True, False, True, False):
            qtbot.keyClick(window, key)
            assert window.presentation.is_on == on
            assert action(window, "view.presentation").isChecked() == on

    def test_escape_gives_up_a_drag_first(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window("--sample", "faithful")
        present(window, qtbot)
        plot = window.panel(PlotPanel).plot
        before = plot.getViewBox().viewRange()
        shift, left = Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
        QTest.mousePress(plot.viewport(), left, shift, QPoint(400, 200))
        for x in (430, 460, 500):
            QTest.mouseMove(plot.viewport(), QPoint(x, 220))
        settle()
        assert plot.getViewBox().viewRange() != before
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert window.presentation.is_on
        assert plot.getViewBox().viewRange() == before
        QTest.mouseMove(plot.viewport(), QPoint(600, 300))
        settle()
        assert plot.getViewBox().viewRange() == before, "the drag is over"
        QTest.mouseRelease(plot.viewport(), left, shift, QPoint(600, 300))
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert not window.presentation.is_on

    def test_what_was_asked_or_guessed_in_it_keeps_the_keyboard_after_it(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window("--sample", "faithful")
        present(window, qtbot)
        action(window, "view.ask").trigger()
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        settle()
        assert not window.presentation.is_on
        panel = window.panel(HallPanel)
        assert panel.isVisible()
        assert panel.isAncestorOf(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert not panel.isVisible()
        present(window, qtbot)
        action(window, "run.predict").trigger()
        settle()
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        settle()
        assert window.session.mode == "guessing"
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert window.session.mode == "watching"

    def test_digits_still_change_the_number_of_components(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        present(window, qtbot)
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_5)
        assert window.session.snapshot().settings.components == 5

    def test_the_mouse_that_rests_is_hidden(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        present(window, qtbot)
        window.presentation._resting.timeout.emit()  # three seconds are long for a test
        cursor = QApplication.overrideCursor()
        assert cursor is not None
        assert cursor.shape() == Qt.CursorShape.BlankCursor
        QTest.mouseMove(window.panel(PlotPanel).plot.viewport(), QPoint(300, 200))
        assert QApplication.overrideCursor() is None
        window.presentation._resting.timeout.emit()
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert QApplication.overrideCursor() is None


def test_a_dialog_keeps_its_keys(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    present(window, qtbot)
    action(window, "help.shortcuts").trigger()
    dialog = find(window, QDialog, "shortcuts")
    qtbot.waitUntil(dialog.isVisible)
    frame = window.session.snapshot().frame
    qtbot.keyClick(dialog, Qt.Key.Key_PageDown)
    assert window.session.snapshot().frame == frame
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(QDialog, "shortcuts"))
    assert window.presentation.is_on


def test_the_page_of_keys_fits_a_small_screen(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = find(window, QDialog, "shortcuts")
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.width() <= 1000
    assert dialog.height() <= 720
    page = dialog.findChild(QScrollArea, "shortcuts.page")
    assert isinstance(page, QScrollArea)
    assert page.horizontalScrollBar().maximum() == 0
    assert dialog.focusWidget() is page
    last = page.findChildren(QLabel)[-1]
    qtbot.keyClick(page, Qt.Key.Key_End)
    for _ in range(9):
        qtbot.keyClick(page, Qt.Key.Key_PageDown)
    assert not last.visibleRegion().isEmpty()
    dialog.reject()
    qtbot.waitUntil(lambda: not window.findChildren(QDialog, "shortcuts"))


def test_any_other_key_on_a_black_screen_only_shows_it_again(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    present(window, qtbot)
    before = window.session.snapshot().settings
    for key in (Qt.Key.Key_5, Qt.Key.Key_E, Qt.Key.Key_Q, Qt.Key.Key_N):
        window.presentation.blank(True)
        qtbot.keyClick(window.panel(PlotPanel).plot, key)
        assert not window.presentation.is_blank
    assert window.session.snapshot().settings == before
    assert window.session.mode == "watching"


def test_the_arrows_move_a_guess_that_the_keyboard_is_at(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    present(window, qtbot)
    plot = window.panel(PlotPanel).plot
    qtbot.keyClick(plot, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: plot.tool is not None, timeout=5000)
    plot.setFocus()
    guess = window.session.guess
    assert guess is not None
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    moved = window.session.guess
    assert moved is not None
    assert not moved.revealed
    assert moved.place[0] > guess.place[0]
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: window.session.guess is not None and window.session.guess.revealed, timeout=5000)
