"""A hand at the plot of the real window: presses, drags, and what it should have done."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import Mixture
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, action
from tests.ui.showing import pixel_of

Array = NDArray[np.float64]
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def plot_of(window: MainWindow) -> DataPlot:
    return window.panel(PlotPanel).plot


def editing(open_window: Open, qtbot: QtBot, *arguments: str) -> tuple[MainWindow, DataPlot]:
    """A window in which the start is being placed by hand."""
    window = open_window(*arguments)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    action(window, "edit.place").trigger()
    qtbot.waitUntil(lambda: plot_of(window).tool is not None)
    QApplication.processEvents()
    return window, plot_of(window)


def shown(window: MainWindow) -> Mixture:
    mixture = window.session.snapshot().drafted.mixture
    assert mixture is not None
    return mixture


def settled(window: MainWindow, qtbot: QtBot) -> Mixture:
    """The mixture once the start is made and drawn."""
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    wanted = shown(window)
    plot = plot_of(window)
    qtbot.waitUntil(lambda: plot._content is not None and plot._content.snapshot.mixture is wanted)
    QApplication.processEvents()
    return wanted


def a_pixel(plot: DataPlot) -> Array:
    """What a pixel is in data units, across and up."""
    ranges = np.array(plot.getViewBox().viewRange())
    box = plot.getViewBox().rect()
    return np.asarray(np.diff(ranges)[:, 0] / (box.width(), box.height()))


def press(plot: DataPlot, at: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def move(plot: DataPlot, *way: QPoint) -> None:
    for at in way:
        QTest.mouseMove(plot.viewport(), at)


def release(plot: DataPlot, at: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def drag(plot: DataPlot, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
    press(plot, start, modifier)
    move(plot, *(start + (end - start) * share for share in (0.3, 0.6, 1.0)))
    release(plot, end, modifier)


def click(plot: DataPlot, at: QPoint) -> None:
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, NONE, at)


def at(plot: DataPlot, place: Iterable[float]) -> QPoint:
    x, y = place
    return pixel_of(plot, x, y)


def handle(plot: DataPlot, kind: str, axis: int = 0) -> QPoint:
    """Where a handle of the component in hand is drawn."""
    one = next(h for h in plot.placing.seen() if h.grip.kind == kind and h.grip.axis == axis and kind != "mean")
    scene = plot.getViewBox().mapToScene(one.x, one.y)
    where: QPoint = plot.mapFromScene(scene)
    return where


def deviations_away(mixture: Mixture, component: int, place: Iterable[float]) -> float:
    """How many standard deviations a place is from a mean."""
    away = np.asarray(list(place)) - mixture.means[component]
    return float(np.sqrt(away @ np.linalg.solve(mixture.covariances[component], away)))


def place_of(plot: DataPlot, at: QPoint) -> tuple[float, float]:
    """The data coordinates of a pixel."""
    view = plot.getViewBox().mapSceneToView(plot.mapToScene(at))
    return view.x(), view.y()
