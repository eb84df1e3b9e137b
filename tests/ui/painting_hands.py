"""A hand that paints in the plot of the real window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, action, find, text
from tests.ui.hands import plot_of

FAITHFUL = ("--sample", "faithful", "--components", "2")


def painting(open_window: Open, qtbot: QtBot, *arguments: str, tool: str = "") -> tuple[MainWindow, DataPlot]:
    """A window in which points are painted."""
    window = open_window(*(arguments or FAITHFUL))
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: plot_of(window).tool is plot_of(window).painting)
    QApplication.processEvents()
    if tool:
        take(window, tool)
    return window, plot_of(window)


def on_canvas(open_window: Open, qtbot: QtBot, columns: int = 2, tool: str = "") -> tuple[MainWindow, DataPlot]:
    """A window with an empty canvas."""
    window = open_window(*FAITHFUL)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    action(window, f"edit.canvas_{columns}d").trigger()
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("An empty canvas"))
    QApplication.processEvents()
    if tool:
        take(window, tool)
    return window, plot_of(window)


def take(window: MainWindow, tool: str) -> None:
    QTest.mouseClick(find(window, QAbstractButton, f"paint.{tool}"), Qt.MouseButton.LeftButton)


def points(window: MainWindow) -> NDArray[np.float64]:
    return window.session.state.run.dataset.points


def shows_all(window: MainWindow, plot: DataPlot, qtbot: QtBot) -> None:
    """Until what was painted is what is drawn."""
    wanted = window.session.state.run.dataset
    qtbot.waitUntil(lambda: plot.cloud is not None and plot.cloud.dataset is wanted, timeout=5000)
    QApplication.processEvents()


def at_inside(plot: DataPlot, pixel: QPoint) -> QPoint:
    """A pixel of the plot's inside."""
    where: QPoint = plot.mapFromScene(plot.view_box.mapToScene(QPointF(pixel)))
    return where


def pixels(plot: DataPlot, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pixels of the plot's inside at which places are."""
    box = plot.view_box
    inside = [box.mapFromView(QPointF(x, y)) for x, y in places]
    return np.array([(place.x(), place.y()) for place in inside])


def set_stamp(window: MainWindow, *, along: str, across: str, angle: int, size: int) -> None:
    for name, value in (("along", along), ("across", across)):
        field = find(window, QLineEdit, f"paint.{name}")
        field.setText(value)
        field.editingFinished.emit()
    find(window, QSpinBox, "paint.angle").setValue(angle)
    find(window, QSpinBox, "paint.sample").setValue(size)
