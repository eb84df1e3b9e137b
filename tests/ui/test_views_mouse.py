"""What the mouse does in the data plot."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.views import DataPlot
from tests.ui.showing import mixture, picture_of, snapshot, two_groups

TWO = mixture([[-4, 0], [4, 0]])


@pytest.fixture
def plot(qtbot: QtBot) -> DataPlot:
    made = DataPlot()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def ranges(plot: DataPlot) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(plot.getViewBox().viewRange())


class TestMouse:
    def drag(self, plot: DataPlot, modifier: Qt.KeyboardModifier) -> None:
        start, end = QPoint(300, 200), QPoint(380, 260)
        viewport = plot.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, modifier, start)
        for share in (0.3, 0.6, 1.0):
            QTest.mouseMove(viewport, start + (end - start) * share)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, modifier, end)

    def wheel(self, plot: DataPlot, modifier: Qt.KeyboardModifier) -> None:
        where = QPointF(300, 200)
        event = QWheelEvent(
            where,
            plot.viewport().mapToGlobal(where),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(plot.viewport(), event)

    def test_a_plain_drag_and_a_plain_wheel_do_nothing(self, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(), TWO))
        picture_of(plot)
        before = ranges(plot)
        self.drag(plot, Qt.KeyboardModifier.NoModifier)
        self.wheel(plot, Qt.KeyboardModifier.NoModifier)
        np.testing.assert_array_equal(ranges(plot), before)

    def test_a_drag_with_shift_moves_the_plot(self, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(), TWO))
        picture_of(plot)
        before = ranges(plot)
        self.drag(plot, Qt.KeyboardModifier.ShiftModifier)
        moved = ranges(plot) - before
        assert moved[0, 0] < 0 < moved[1, 0], "to the right and down shows what lies left and above"
        np.testing.assert_allclose(moved[:, 0], moved[:, 1])

    def test_the_wheel_with_ctrl_zooms_where_the_mouse_is(self, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(), TWO))
        picture_of(plot)
        before = ranges(plot)
        there = plot.getViewBox().mapSceneToView(QPointF(300, 200))
        self.wheel(plot, Qt.KeyboardModifier.ControlModifier)
        picture_of(plot)
        assert (np.diff(ranges(plot)) < 0.95 * np.diff(before)).all()
        now = plot.getViewBox().mapSceneToView(QPointF(300, 200))
        assert (now.x(), now.y()) == pytest.approx((there.x(), there.y()), abs=0.02)

    def test_pyqtgraphs_menu_and_button_are_gone(self, plot: DataPlot) -> None:
        assert not plot.getViewBox().menuEnabled()
        assert not plot.getPlotItem().menuEnabled()
        assert plot.getPlotItem().buttonsHidden

    def test_it_tells_where_the_mouse_is_in_data_coordinates(self, qtbot: QtBot, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(scale=1e-100), mixture([[0, 0]], 1e-100)))
        picture_of(plot)
        middle = plot.mapFromScene(plot.getViewBox().sceneBoundingRect().center())
        with qtbot.waitSignal(plot.hovered) as hovered:
            QTest.mouseMove(plot.viewport(), middle)
        assert np.abs(hovered.args[0]).max() < 1e-99
        with qtbot.waitSignal(plot.clicked) as clicked:
            QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert 0 < np.abs(clicked.args).max() < 1e-99
