"""Points painted on one axis: the height of the mouse means nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.data.painting import Canvas
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, find
from tests.ui.hands import a_pixel, at, click
from tests.ui.painting_hands import on_canvas, painting, points, shows_all, take


def test_in_one_column_points_land_at_x_whatever_the_height(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, columns=1, tool="point")
    for x, y in ((2, 0.1), (4, 0.9), (7, 0.5)):
        click(plot, at(plot, (x, y)))
    assert np.abs(points(window)[:, 0] - (2, 4, 7)).max() <= a_pixel(plot)[0]
    shows_all(window, plot, qtbot)
    assert plot.view_box.viewRange()[0] == [0, 10]
    take(window, "stamp")
    assert find(window, QWidget, "paint.along").isVisible()
    assert not find(window, QWidget, "paint.across").isVisible()
    assert not find(window, QWidget, "paint.angle").isVisible()
    find(window, QSpinBox, "paint.sample").setValue(4000)
    click(plot, at(plot, (5, 0.2)))
    assert points(window)[3:].std() == pytest.approx(0.8, rel=0.05)
    shows_all(window, plot, qtbot)
    take(window, "erase")
    low, high = (at_pixel(plot, at(plot, (5, 0)).x() + side * 20) for side in (-1, 1))
    click(plot, at(plot, (5, 0)))
    left = points(window)[:, 0]
    assert not ((left > low + 0.02) & (left < high - 0.02)).any()


def at_pixel(plot: DataPlot, x: int) -> float:
    return float(plot.view_box.mapSceneToView(plot.mapToScene(QPoint(x, 50))).x())


def test_the_bars_of_one_column_fit_though_nobody_painted_heights(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, columns=1, tool="stamp")
    field = find(window, QLineEdit, "paint.along")
    field.setText("0.02")
    field.editingFinished.emit()
    click(plot, at(plot, (5, 0.5)))
    shows_all(window, plot, qtbot)
    assert plot.view_box.viewRange()[0] == [0, 10]
    assert plot.view_box.viewRange()[1][1] > 10, "a hundred points within 0.1 have a density of some 20"


def test_a_press_on_a_plot_that_still_shows_two_columns_does_nothing(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="erase")
    window.session.new_canvas(Canvas(("x",)))
    window.session.paint(np.array([[1.0], [2.0]]), "painting 2 points")
    assert window.session.painted_data is window.session.state.run.dataset
    click(plot, at(plot, (3.0, 60.0)))
    assert points(window).tolist() == [[1.0], [2.0]]
    assert window.session.snapshot().undo == "painting 2 points"
