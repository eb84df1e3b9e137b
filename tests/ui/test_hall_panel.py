"""Asking the hall, in the real window with keys."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from tests.ui.driving import Open, action, find, run_to_the_end, text
from tests.ui.presenting import present, settle
from tests.ui.showing import count_near

HALF = Qt.Key.Key_H


def press(window: MainWindow, qtbot: QtBot, *keys: Qt.Key) -> None:
    """Keys, wherever the keyboard is."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, key)
        settle()


def ask(window: MainWindow, qtbot: QtBot) -> HallPanel:
    panel = window.panel(HallPanel)
    qtbot.waitUntil(action(window, "view.ask").isEnabled)
    press(window, qtbot, Qt.Key.Key_Q)
    assert panel.isVisible()
    qtbot.waitUntil(lambda: "Before" in text(window, "hall.question"))
    return panel


def type_hands(window: MainWindow, qtbot: QtBot, *hands: int) -> None:
    """Digits and Tab, from the first field on."""
    for place, number in enumerate(hands):
        focus = QApplication.focusWidget()
        assert isinstance(focus, QSpinBox)
        assert focus.objectName() == f"hall.hands_{place + 1}"
        qtbot.keyClicks(focus, str(number))
        if place < len(hands) - 1:
            press(window, qtbot, Qt.Key.Key_Tab)


def half(window: MainWindow, qtbot: QtBot) -> None:
    frame = window.session.snapshot().frame
    press(window, qtbot, HALF)
    qtbot.waitUntil(lambda: window.session.snapshot().frame != frame)


def marked(panel: HallPanel) -> list[str]:
    """What the choices read, of those that wear a tick."""
    ticked = [label for label in panel.findChildren(QLabel) if label.isVisible() and not label.pixmap().isNull()]
    words = []
    for tick in ticked:
        choice = tick.parentWidget()
        assert choice is not None
        words += [label.text() for label in choice.findChildren(QLabel) if label.text()]
    return words


def test_whose_point_asked_typed_revealed_and_counted_with_keys_alone(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    panel = ask(window, qtbot)
    assert text(window, "hall.question") == "Before the E-step: whose is the ringed point?"
    row = window.panel(PlotPanel).plot.ring.row
    assert row is not None
    snapshot = window.session.snapshot()
    assert snapshot.mixture is not None
    type_hands(window, qtbot, 12, 5, 3)
    assert window.session.snapshot().settings.components == 2, "digits are hands now"
    assert marked(panel) == []
    press(window, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(marked(panel)))
    assert window.session.snapshot().frame[:2] == (0, "E")
    shares = snapshot.mixture.responsibilities(snapshot.dataset.points[row : row + 1])[0]
    owner = "A (blue)" if shares[0] > shares[1] else "B (orange)"
    assert marked(panel) == [f"right: {owner}"]
    said = text(window, "hall.question")
    assert said.startswith(f"It is {owner}'s: responsibilities A {shares[0]:.2f}, B {shares[1]:.2f}.")
    right = 12 if owner.startswith("A") else 5
    assert f"{right} of 20 hands were right." in said
    won = int(right == 12)
    assert text(window, "hall.tally") == f"The hall was right {won} of 1 time; {right} of 20 hands."


def test_which_way_is_computed_ahead_and_shown_only_when_revealed(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    half(window, qtbot)
    shown = window.session.snapshot()
    panel = ask(window, qtbot)
    found = re.fullmatch(
        r"Before the M-step: which way does the mean of ([ABC]) \((blue|orange|green)\) go\?",
        text(window, "hall.question"),
    )
    assert found is not None
    assert window.session.snapshot().frame == shown.frame
    assert window.session.snapshot().mixture is shown.mixture
    type_hands(window, qtbot, 4, 9, 1)
    press(window, qtbot, Qt.Key.Key_PageDown)  # a clicker reveals too
    qtbot.waitUntil(lambda: bool(marked(panel)))
    after = window.session.snapshot()
    assert after.frame[:2] == (1, "M")
    assert shown.mixture is not None
    assert after.mixture is not None
    component = "ABC".index(found[1])
    move = float((after.mixture.means - shown.mixture.means)[component, 0])
    assert marked(panel) == [f"right: to the {'left' if move < 0 else 'right'}"]
    assert text(window, "hall.question").startswith(f"{found[1]} ({found[2]}) moved ")
    press(window, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "whose" in text(window, "hall.question"))
    assert marked(panel) == []
    assert find(window, QSpinBox, "hall.hands_1").value() == 0


def test_the_tally_grows_and_can_be_copied(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    panel = ask(window, qtbot)
    for times in range(1, 4):
        type_hands(window, qtbot, 1, 2, 3)
        press(window, qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(marked(panel)))
        assert len(panel.tally.answers) == times
        assert re.fullmatch(
            rf"The hall was right [0-3] of {times} times?; \d+ of {6 * times} hands\.", text(window, "hall.tally")
        )
        qtbot.waitUntil(find(window, QAbstractButton, "hall.reveal").isEnabled)
        press(window, qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "Before" in text(window, "hall.question"))
    qtbot.mouseClick(find(window, QAbstractButton, "hall.copy"), Qt.MouseButton.LeftButton)
    lines = QApplication.clipboard().text().splitlines()
    assert [len(line.split("\t")) for line in lines[:4]] == [6] * 4
    assert [line.split("\t")[1] for line in lines[1:4]] == ["E-step", "M-step", "E-step"]
    assert lines[4] == text(window, "hall.tally")
    press(window, qtbot, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert len(panel.tally.answers) == 3, "the tally stays"


def test_the_ring_is_around_the_point_in_both_dimensions(open_window: Open, qtbot: QtBot) -> None:
    for arguments in (("--sample", "faithful"), ()):
        window = open_window(*arguments)
        plot = window.panel(PlotPanel).plot
        settle()
        ask(window, qtbot)
        settle()
        with_ring = plot.grab().toImage()
        row = plot.ring.row
        assert row is not None
        point = window.session.snapshot().dataset.points[row]
        scene = plot.getViewBox().mapViewToScene(QPointF(point[0], point[1] if len(point) == 2 else 0.0))
        place = plot.mapFromScene(scene)
        press(window, qtbot, Qt.Key.Key_Escape)
        settle()
        assert plot.ring.row is None
        plot.resize(with_ring.size())
        around = QRect(place - QPoint(16, 24), place + QPoint(16, 24))
        dark = count_near(with_ring.copy(around), window.theme.text, 60)
        window.close()
        assert dark > 40


def test_another_frame_withdraws_the_question(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    press(window, qtbot, Qt.Key.Key_Home)
    panel = ask(window, qtbot)
    window.session.show_iteration(5)
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert window.panel(PlotPanel).plot.ring.row is None
    ask(window, qtbot)
    window.session.change_settings(components=4)
    qtbot.waitUntil(lambda: not panel.isVisible())
    press(window, qtbot, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=10_000)
    qtbot.waitUntil(lambda: not action(window, "view.ask").isEnabled())
    assert "stopped here" in action(window, "view.ask").toolTip()


def test_asking_pauses_and_the_same_key_closes(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    press(window, qtbot, Qt.Key.Key_Space)
    assert window.session.is_running
    panel = ask(window, qtbot)
    assert not window.session.is_running
    press(window, qtbot, Qt.Key.Key_Q)
    assert not panel.isVisible()
    assert window.focusWidget() is window.panel(PlotPanel).plot
    assert window.panel(CurvesPanel).isVisible(), "which gave its room to the question"


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080), (3840, 2160)])
def test_it_has_the_sizes_of_the_presentation_and_nothing_is_cut(
    open_window: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window("--components", "10")
    present(window, qtbot, size)
    panel = ask(window, qtbot)
    type_hands(window, qtbot, 1234, 5, 61)
    for revealed in (False, True):
        if revealed:
            press(window, qtbot, Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: bool(marked(panel)))
            settle()
        for part in panel.findChildren(QWidget):
            if not part.isVisible():
                continue
            if isinstance(part, QLabel | QAbstractButton | QSpinBox):
                assert part.font().pixelSize() >= size[1] / 40, part.objectName()
            if isinstance(part, QLabel) and part.text():
                assert part.heightForWidth(part.width()) <= part.height(), part.text()
            assert panel.rect().contains(QRect(part.mapTo(panel, QPoint()), part.size())), part
        assert not window.panel(CurvesPanel).isVisible()
        assert window.panel(PlotPanel).plot.getViewBox().height() > size[1] / 4
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.presentation.is_on
    assert panel.isVisible(), "leaving does not close what is asked"
    panel.close_question()
    settle()
    assert window.panel(CurvesPanel).isVisible()


def test_a_small_window_has_room_for_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris", "--components", "12")
    window.resize(1024, 740)
    panel = ask(window, qtbot)
    type_hands(window, qtbot, 120, 55, 61)
    press(window, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(marked(panel)))
    settle()
    assert window.minimumSizeHint().width() <= 1023
    assert (window.width(), window.height()) == (1024, 740)
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.heightForWidth(label.width()) <= label.height(), label.text()
