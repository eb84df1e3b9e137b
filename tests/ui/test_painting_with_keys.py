"""Points painted with the keyboard alone, and the strip that offers the tools."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.paint_tools import PAINT_FIELDS, PAINT_TOOLS
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, action, find, text
from tests.ui.hands import at, plot_of, press, release
from tests.ui.painting_hands import painting, points
from tests.ui.presenting import present

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def canvas(open_window: Open, qtbot: QtBot) -> tuple[MainWindow, DataPlot]:
    window = open_window("--sample", "faithful")
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: plot_of(window).tool is plot_of(window).painting)
    QApplication.processEvents()
    return window, plot_of(window)


def test_arrows_move_a_cross_and_enter_puts_a_point_there(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    assert plot.hasFocus()
    qtbot.keyClick(plot, Qt.Key.Key_1)
    for key, modifier in ((Qt.Key.Key_Right, SHIFT), (Qt.Key.Key_Right, SHIFT), (Qt.Key.Key_Up, SHIFT)):
        qtbot.keyClick(plot, key, modifier)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    np.testing.assert_allclose(window.session.state.run.dataset.points, [[6.9, 6.0]], atol=1e-9)
    assert window.session.snapshot().undo == "painting 1 point"
    assert "1 point in all" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Z, CTRL)
    assert window.session.snapshot().canvas is not None


def test_the_cross_stays_within_the_axes(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    qtbot.keyClick(plot, Qt.Key.Key_1)
    for _ in range(12):
        qtbot.keyClick(plot, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(plot, Qt.Key.Key_Enter)
    np.testing.assert_allclose(window.session.state.run.dataset.points, [[10.0, 5.0]], atol=1e-9)


def test_keys_alone_paint_a_data_set_and_erase_of_it(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    qtbot.keyClick(plot, Qt.Key.Key_5)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert window.session.snapshot().undo == "a stamp of 100 points"
    qtbot.keyClick(plot, Qt.Key.Key_4)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert window.session.snapshot().undo.startswith("erasing ")
    assert window.session.state.run.dataset.size < 100
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    qtbot.waitUntil(lambda: action(window, "run.play").isEnabled())
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    assert window.session.mode == "watching"
    qtbot.waitUntil(lambda: window.session.snapshot().iteration > 0, timeout=5000)


def test_in_one_column_the_cross_moves_along_the_axis_alone(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL | SHIFT)
    qtbot.waitUntil(lambda: "one column" in text(window, "data.caption"))
    qtbot.keyClick(plot, Qt.Key.Key_1)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(plot, key, SHIFT)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    np.testing.assert_allclose(window.session.state.run.dataset.points, [[4.0]], atol=1e-9)


def test_numbers_take_tools_and_plus_and_minus_their_size(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    k, rate = window.session.state.run.settings.components, window.session.rate
    for number, tool in enumerate(PAINT_TOOLS):
        qtbot.keyClick(plot, Qt.Key(Qt.Key.Key_1.value + number))
        assert find(window, QAbstractButton, f"paint.{tool}").isChecked()
        assert plot.painting.settings.tool == tool
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert (plot.painting.settings.along, plot.painting.settings.across) == (1.0, 0.5)
    qtbot.keyClick(plot, Qt.Key.Key_2)
    qtbot.keyClick(plot, Qt.Key.Key_Minus)
    assert plot.painting.settings.radius == find(window, QSpinBox, "paint.radius").value() == 16
    for _ in range(30):
        qtbot.keyClick(plot, Qt.Key.Key_Minus)
    assert plot.painting.settings.radius == 2
    assert (window.session.state.run.settings.components, window.session.rate) == (k, rate)


def test_the_numbers_are_those_of_components_again_when_painting_ends(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    qtbot.keyClick(plot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: plot.tool is None)
    assert window.session.snapshot().canvas is None
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_4)
    assert window.session.state.run.settings.components == 4


@pytest.mark.parametrize("tool", PAINT_TOOLS)
def test_every_control_of_a_tool_is_named_and_seen_whole_on_a_small_screen(
    open_window: Open, qtbot: QtBot, tool: str
) -> None:
    window, _ = canvas(open_window, qtbot)
    window.resize(1024, 768)
    find(window, QAbstractButton, f"paint.{tool}").click()
    QApplication.processEvents()
    assert window.width() == 1024
    shown = [find(window, QWidget, f"paint.{name}") for name in (*PAINT_TOOLS, "canvas", "leave", *PAINT_FIELDS)]
    shown = [widget for widget in shown if widget.isVisible()]
    assert len(shown) == len(PAINT_TOOLS) + 2 + len(PAINT_TOOLS[tool].fields)
    for widget in shown:
        assert widget.accessibleName()
        assert widget.toolTip()
        assert widget.width() >= widget.minimumSizeHint().width(), widget.objectName()
        parent = widget.parentWidget()
        assert parent is not None
        assert parent.rect().contains(widget.geometry()), widget.objectName()


def test_tab_goes_from_the_plot_to_its_tools(open_window: Open, qtbot: QtBot) -> None:
    window, _ = canvas(open_window, qtbot)
    reached = set()
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget().objectName())
    assert {"paint.point", "paint.stamp", "paint.radius", "paint.leave"} <= reached


def test_the_strip_is_there_in_a_presentation_too(open_window: Open, qtbot: QtBot) -> None:
    window, plot = canvas(open_window, qtbot)
    present(window, qtbot)
    assert find(window, QWidget, "paint.stamp").isVisible()
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_1)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert window.session.state.run.dataset.size == 1
    window.presentation.leave()
    assert window.session.mode == "painting"


def test_escape_ends_painting_wherever_the_keyboard_is(open_window: Open, qtbot: QtBot) -> None:
    window, _ = painting(open_window, qtbot, tool="brush")
    radius = find(window, QSpinBox, "paint.radius")
    radius.setFocus()
    qtbot.keyClick(radius, Qt.Key.Key_Escape)
    assert window.session.mode == "watching"
    window.session.set_painting(True)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.session.mode == "watching"


def test_in_the_presentation_escape_ends_painting_first_and_then_leaves(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="brush")
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.presentation.is_on)
    press(plot, at(plot, (3, 60)))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    release(plot, at(plot, (3, 60)))
    assert (len(points(window)), window.session.mode) == (272, "painting"), "the stroke alone is given up"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert (window.session.mode, window.presentation.is_on) == ("watching", True)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.presentation.is_on


def test_keys_on_a_plot_that_has_no_room_do_no_harm(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="brush")
    plot.setMinimumHeight(0)
    plot.resize(plot.width(), 1)
    plot.settle()
    assert plot.view_box.rect().height() <= 0 or plot.view_box.rect().width() <= 0
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(plot, key)
    assert np.isfinite(points(window)).all()
