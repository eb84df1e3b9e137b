"""The real window, driven with keys and mouse as a person drives it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QSlider,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.session.pace import RATES
from gmm_desktop.ui.commands import COMMANDS
from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from tests.ui.driving import Open, action, fast, find, run_to_the_end, text

# fmt: off
ACTIONS = (
    "file.open", "file.paste", "file.save_session", "file.export_parameters", "file.export_data",
    "file.export_picture", "file.export_animation", "run.play", "run.step", "run.half_step", "run.back", "run.reset",
    "view.presentation", "help.shortcuts",
)
WIDGETS = (
    "data.sample", "data.x", "data.y", "data.size", "data.seed", "fit.components", "fit.covariance",
    "fit.initialization", "fit.stop_rule", "fit.tolerance", "fit.max_iterations", "fit.restarts", "fit.seed",
    "run.timeline", "run.speed", "parameters.table", "log_likelihood.plot", "data.plot", "data.caption",
    "point.inspector", "formulas.view", "bound.plot", "gain.plot",
)
# fmt: on


def test_space_alone_takes_a_guest_from_the_first_screen_to_convergence(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: text(window, "data.caption") == "Three groups, three guesses. Press Space.")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Pause")
    qtbot.waitUntil(lambda: "Converged" in text(window, "data.caption"), timeout=12_000)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play", timeout=300)


def test_all_that_others_rely_on_is_there_at_the_first_paint(open_window: Open) -> None:
    window = open_window()
    for name in ACTIONS:
        assert action(window, name).parent() is window
    for name in WIDGETS:
        widget = find(window, QWidget, name)
        assert widget.accessibleName(), name
        assert widget.toolTip(), name


def test_every_control_has_a_name_for_screen_readers_and_a_tool_tip(open_window: Open) -> None:
    window = open_window()
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QTableWidget)
    for kind in kinds:
        for widget in window.findChildren(kind):
            if widget.isVisible() and not widget.objectName().startswith("qt_") and widget.accessibleName() == "":
                assert type(widget.parent()).__name__ in ("QTableWidget", "_Table", "QMenuBar"), widget.parent()


def test_the_timeline_and_the_keys_walk_the_history(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    last = window.session.snapshot().last_iteration
    timeline = find(window, QSlider, "run.timeline")
    assert (timeline.value(), timeline.maximum()) == (last, last)
    timeline.setValue(2)
    assert window.session.snapshot().iteration == 2
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("Iteration 2 "))
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert window.session.snapshot().iteration == 1
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert window.session.snapshot().iteration == 2
    qtbot.keyClick(window, Qt.Key.Key_Home)
    assert window.session.snapshot().iteration == 0
    assert window.session.snapshot().last_iteration == last
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert window.session.snapshot().iteration == last


def test_plus_and_minus_change_the_speed_which_prints_its_value(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    speed = find(window, QSlider, "run.speed")
    assert speed.value() == 0
    assert window.session.rate == RATES[0]
    qtbot.keyClick(window, Qt.Key.Key_Plus)
    assert window.session.rate == RATES[1] == 0.5
    speed.setValue(speed.maximum())
    assert window.session.rate == float("inf")
    qtbot.keyClick(window, Qt.Key.Key_Minus)
    assert window.session.rate == RATES[-2]


def test_it_closes_at_once_while_it_computes(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "two-groups", "--components", "9", "--tolerance", "1e-300", "--run")
    fast(window)
    qtbot.wait(100)
    window.close()
    assert not window.session._runner.is_alive


def test_what_is_not_foreseen_is_told_with_details_and_the_window_goes_on(open_window: Open, qtbot: QtBot) -> None:
    from PySide6.QtCore import QTimer

    window = open_window()

    def fail() -> None:
        raise RuntimeError("planted for this test")

    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: bool(window.notices.text()))
    assert "did not foresee" in window.notices.text()
    find(window, QAbstractButton, "notice.copy").click()
    assert "planted for this test" in QApplication.clipboard().text()
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 1)


def test_arrangement_and_colours_are_remembered(open_window: Open) -> None:
    window = open_window()
    action(window, "view.theme_dark").trigger()
    action(window, "view.left").trigger()
    window.panel(ComponentsPanel).set_spread("variance")
    window.close()
    again = open_window()
    assert again.theme.name == "dark"
    assert not again.has_column(0)
    assert again.has_column(2)
    assert again.panel(ComponentsPanel).spread() == "variance"


def test_a_small_screen_is_enough(open_window: Open) -> None:
    window = open_window("--sample", "iris")
    hint = window.minimumSizeHint()
    assert hint.width() <= 1024
    assert hint.height() <= 700
    window.resize(1024, 740)
    QApplication.processEvents()
    for label in window.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap() and label.objectName() not in ("data.about",):
            parent = label.parentWidget()
            assert parent is not None
            assert label.geometry().right() <= parent.rect().right() + 1, label.text()


def test_no_key_has_two_commands_or_is_how_a_keyboard_writes_letters() -> None:
    keys = [keys for command in COMMANDS for keys in command.shortcut.split(" | ") if keys]
    assert len(set(keys)) == len(keys)
    assert not [one for one in keys if "Ctrl+Alt" in one], "Ctrl + Alt is AltGr, which writes letters"
