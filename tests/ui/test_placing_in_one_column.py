"""Components placed by hand in one column: the peak is mean and weight, the square beside it the width."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import Mixture
from tests.ui.driving import Open, action, text
from tests.ui.hands import SHIFT, a_pixel, at, click, drag, editing, handle, place_of, settled, shown


def height(mixture: Mixture, component: int) -> float:
    """The density of one component at its mean."""
    deviation = math.sqrt(mixture.covariances[component, 0, 0])
    return float(mixture.weights[component]) / (deviation * math.sqrt(2 * math.pi))


def peak(mixture: Mixture, component: int) -> tuple[float, float]:
    return float(mixture.means[component, 0]), height(mixture, component)


def test_a_peak_dragged_across_moves_the_mean_alone(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot)
    before = shown(window)
    start = at(plot, peak(before, 1))
    end = start + QPoint(60, 2)
    drag(plot, start, end)
    placed = settled(window, qtbot)
    assert placed.means[1, 0] == pytest.approx(place_of(plot, end)[0], abs=a_pixel(plot)[0])
    np.testing.assert_array_equal(placed.weights, before.weights)
    np.testing.assert_array_equal(placed.covariances, before.covariances)
    assert window.session.snapshot().undo == "moving the mean of B"


def test_a_peak_dragged_up_takes_weight_from_the_others(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot)
    before = shown(window)
    start = at(plot, peak(before, 1))
    end = start + QPoint(0, -35)
    drag(plot, start, end)
    placed = settled(window, qtbot)
    assert height(placed, 1) == pytest.approx(place_of(plot, end)[1], abs=1.5 * a_pixel(plot)[1])
    assert placed.weights.sum() == pytest.approx(1.0)
    assert placed.weights[0] < before.weights[0]
    assert placed.weights[0] / placed.weights[2] == pytest.approx(before.weights[0] / before.weights[2])


def test_a_peak_pulled_to_the_ground_keeps_a_little_weight(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot)
    start = at(plot, peak(shown(window), 0))
    drag(plot, start, at(plot, (shown(window).means[0, 0], -1.0)))
    placed = settled(window, qtbot)
    assert 0 < placed.weights[0] < 0.01


@pytest.mark.parametrize("covariance", ["full", "tied"])
def test_the_square_is_one_standard_deviation_from_the_mean(open_window: Open, qtbot: QtBot, covariance: str) -> None:
    window, plot = editing(open_window, qtbot, "--covariance", covariance)
    before = shown(window)
    click(plot, at(plot, peak(before, 1)))
    start = handle(plot, "width")
    x, y = place_of(plot, start)
    deviation = math.sqrt(before.covariances[1, 0, 0])
    assert x == pytest.approx(before.means[1, 0] + deviation, abs=a_pixel(plot)[0])
    assert y == pytest.approx(height(before, 1) * math.exp(-0.5), abs=2 * a_pixel(plot)[1])
    end = start + QPoint(30, 15)
    drag(plot, start, end)
    placed = settled(window, qtbot)
    wanted = place_of(plot, end)[0] - before.means[1, 0]
    assert math.sqrt(placed.covariances[1, 0, 0]) == pytest.approx(wanted, abs=1.5 * a_pixel(plot)[0])
    changed = (placed.covariances != before.covariances)[:, 0, 0]
    assert changed.tolist() == ([True] * 3 if covariance == "tied" else [False, True, False])
    np.testing.assert_array_equal(placed.weights, before.weights)


def test_arrows_move_peak_and_width(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot)
    before, spans = shown(window), np.diff(plot.getViewBox().viewRange())[:, 0]
    assert "square sets the width" in text(window, "status.mouse")
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert shown(window).means[0, 0] == pytest.approx(before.means[0, 0] - 0.01 * spans[0])
    QTest.keyClick(plot, Qt.Key.Key_Up, SHIFT)
    assert height(shown(window), 0) == pytest.approx(height(before, 0) + 0.1 * spans[1])
    assert "weight" in plot.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Tab)
    QTest.keyClick(plot, Qt.Key.Key_Right, SHIFT)
    wider = math.sqrt(shown(window).covariances[0, 0, 0]) - math.sqrt(before.covariances[0, 0, 0])
    assert wider == pytest.approx(0.1 * spans[0])
    assert plot.accessibleDescription().startswith("width of A: standard deviation ")
    assert len(window.session.state.runs) == 1
    QTest.keyClick(plot, Qt.Key.Key_Enter)
    settled(window, qtbot)
    assert len(window.session.state.runs) == 2
    action(window, "edit.undo").trigger()
    assert shown(window) is before


def test_a_click_adds_a_curve_there(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot)
    where = at(plot, (2.6, 0.12))
    click(plot, where)
    placed = settled(window, qtbot)
    assert placed.n_components == 4
    assert placed.means[3, 0] == pytest.approx(2.6, abs=a_pixel(plot)[0])
    assert placed.weights[3] == pytest.approx(0.25)


def test_a_peak_out_of_sight_can_still_be_taken(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot)
    click(plot, at(plot, peak(shown(window), 0)))
    for _ in range(9):
        QTest.keyClick(plot, Qt.Key.Key_Tab if plot.placing.grip.kind == "mean" else Qt.Key.Key_Left, SHIFT)
        if plot.placing.grip.component:
            break
    while plot.placing.grip != (0, "width", 0):
        QTest.keyClick(plot, Qt.Key.Key_Tab)
    for _ in range(3):
        QTest.keyClick(plot, Qt.Key.Key_Left, SHIFT)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    thin = settled(window, qtbot)
    assert height(thin, 0) > plot.getViewBox().viewRange()[1][1], "higher than the plot"
    mean = next(h for h in plot.placing.seen() if h.grip == (0, "mean", 0))
    box = plot.getViewBox()
    taken = plot.mapFromScene(box.mapToScene(mean.x, mean.y))
    assert box.sceneBoundingRect().contains(plot.mapToScene(taken))
    drag(plot, taken, taken + QPoint(40, 0))
    moved = settled(window, qtbot)
    assert moved.means[0, 0] - thin.means[0, 0] == pytest.approx(40 * a_pixel(plot)[0], rel=1e-6)
    np.testing.assert_array_equal(moved.weights, thin.weights)
