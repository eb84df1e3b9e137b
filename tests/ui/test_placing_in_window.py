"""Components placed by hand in two columns, with real mouse and keys in the real window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import em_steps
from gmm_desktop.ui.pictures import draw_picture
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import ViewOptions
from tests.ui.driving import Open, action, find, text
from tests.ui.hands import (
    SHIFT,
    a_pixel,
    at,
    click,
    deviations_away,
    drag,
    editing,
    handle,
    move,
    place_of,
    plot_of,
    press,
    release,
    settled,
    shown,
)

FAITHFUL = ("--sample", "faithful", "--components", "2")
IRIS = ("--sample", "iris", "--columns", "Petal.Length,Petal.Width,Sepal.Length", "--components", "3")
ACROSS = QPoint(70, -40)


def test_a_mean_lies_where_it_was_dropped_and_em_starts_from_there(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    before = shown(window)
    end = at(plot, (2.2, 85.0))
    drag(plot, at(plot, before.means[1]), end)
    placed = settled(window, qtbot)
    assert (np.abs(placed.means[1] - (2.2, 85.0)) <= a_pixel(plot)).all()
    np.testing.assert_array_equal(placed.means[0], before.means[0])
    np.testing.assert_array_equal(placed.covariances, before.covariances)
    run = window.session.state.run
    assert (run.settings.initialization, len(window.session.state.runs)) == ("manual", 2)
    table = find(window, QTableWidget, "parameters.table")
    qtbot.waitUntil(lambda: table.item(2, 3) is not None and table.item(2, 3).text() == f"{placed.means[1, 0]:.3f}")
    np.testing.assert_array_equal(run.history.mixture_at(0).means, placed.means)
    window.session.step()
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 1)
    steps = em_steps(run.dataset.points, placed, variance_floor=1e-6)
    next(steps)
    np.testing.assert_array_equal(shown(window).means, next(steps).mixture.means)


def test_where_the_handle_is_taken_does_not_matter(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    before = shown(window)
    beside = at(plot, before.means[0]) + QPoint(9, 6)
    drag(plot, beside, beside + ACROSS)
    placed = settled(window, qtbot)
    np.testing.assert_allclose(placed.means[0] - before.means[0], (70, 40) * a_pixel(plot), rtol=1e-6)


@pytest.mark.parametrize("covariance", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize("axis", [0, 1])
def test_an_axis_ends_where_its_square_was_dropped(open_window: Open, qtbot: QtBot, covariance: str, axis: int) -> None:
    # Columns of like units, so that a radius can be seen in both.
    window, plot = editing(open_window, qtbot, *IRIS[:3], "Petal.Length,Petal.Width", "--covariance", covariance)
    click(plot, at(plot, shown(window).means[0]))
    start, mean = handle(plot, "axis", axis), at(plot, shown(window).means[0])
    end = mean + (start - mean) * 1.6
    drag(plot, start, end)
    placed = settled(window, qtbot)
    assert deviations_away(placed, 0, place_of(plot, end)) == pytest.approx(1.0, abs=0.04)
    off = placed.covariances[:, 0, 1]
    if covariance == "diag":
        assert not off.any()
    if covariance == "spherical":
        assert not off.any()
        assert placed.covariances[0, 0, 0] == placed.covariances[0, 1, 1]
    if covariance == "tied":
        assert (placed.covariances == placed.covariances[0]).all()
        assert window.session.snapshot().undo == "stretching all components"
    else:
        assert window.session.snapshot().undo == "stretching A"


def test_the_round_handle_turns_the_ellipse(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    click(plot, at(plot, shown(window).means[0]))
    square, mean = handle(plot, "axis", 0) - at(plot, shown(window).means[0]), at(plot, shown(window).means[0])
    start = handle(plot, "turn")
    arm = start - mean
    quarter = QPoint(arm.y(), -arm.x())  # a quarter against the clock; y points down
    drag(plot, start, mean + quarter)
    placed = settled(window, qtbot)
    turned = mean + QPoint(square.y(), -square.x())
    assert deviations_away(placed, 0, place_of(plot, turned)) == pytest.approx(1.0, abs=0.05)
    np.testing.assert_array_equal(placed.means, window.session.state.runs[0].history.mixture_at(0).means)


@pytest.mark.parametrize("covariance", ["diag", "spherical"])
def test_what_cannot_be_turned_has_no_round_handle(open_window: Open, qtbot: QtBot, covariance: str) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL, "--covariance", covariance)
    assert {h.grip.kind for h in plot.placing.seen()} == {"mean", "axis"}
    assert "turns" not in text(window, "status.mouse")


def test_more_columns_than_shown_stay_positive_definite(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *IRIS)
    before = shown(window)
    click(plot, at(plot, before.means[0, :2]))
    square = handle(plot, "axis", 0)
    drag(plot, square, square + QPoint(90, 0))
    placed = settled(window, qtbot)
    assert (np.linalg.eigvalsh(placed.covariances) > 0).all()
    assert placed.covariances[0, 2, 2] == before.covariances[0, 2, 2]
    assert placed.covariances[0, 0, 2] != before.covariances[0, 0, 2]


def test_a_click_on_an_empty_place_adds_a_component_there(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    click(plot, at(plot, (4.5, 55.0)))
    placed = settled(window, qtbot)
    assert placed.n_components == 3
    assert (np.abs(placed.means[2] - (4.5, 55.0)) <= a_pixel(plot)).all()
    assert find(window, QSpinBox, "fit.components").value() == 3
    assert action(window, "edit.undo").text() == "&Undo: adding C"
    assert plot.placing.grip.component == 2
    QTest.keyClick(plot, Qt.Key.Key_Delete)
    assert settled(window, qtbot).n_components == 2
    action(window, "edit.undo").trigger()
    assert settled(window, qtbot).n_components == 3
    action(window, "edit.undo").trigger()
    assert settled(window, qtbot).n_components == 2
    assert len(window.session.state.runs) == 3


def test_the_plot_shows_the_draft_and_one_run_is_made_when_it_is_let_go(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    start = at(plot, shown(window).means[0])
    press(plot, start)
    for i in range(1, 40):
        move(plot, start + QPoint(2 * i, -i))
    qtbot.waitUntil(lambda: plot._content is not None and plot._content.snapshot.mixture is shown(window))
    content = plot._content
    assert content is not None
    assert content.snapshot.mixture is not window.session.snapshot().mixture
    assert not content.started, "dashed, and the points are grey"
    assert len(window.session.state.runs) == 1
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("Mean of A at ("))
    assert text(window, "fit_card.log_likelihood") == "–", "that of the draft is not known"
    release(plot, start + QPoint(78, -39))
    settled(window, qtbot)
    assert len(window.session.state.runs) == 2
    action(window, "edit.undo").trigger()
    assert window.session.state.run.id == 1
    qtbot.waitUntil(lambda: action(window, "edit.redo").isEnabled())
    action(window, "edit.redo").trigger()
    assert window.session.state.run.id == 2


def test_the_plot_never_pans_while_editing_and_nothing_is_dragged_while_watching(
    open_window: Open, qtbot: QtBot
) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)
    ranges, empty = plot.getViewBox().viewRange(), at(plot, (2.0, 90.0))
    for modifier in (SHIFT, Qt.KeyboardModifier.NoModifier):
        drag(plot, empty, empty + ACROSS, modifier)
    mean = at(plot, shown(window).means[0])
    drag(plot, mean, mean + ACROSS, SHIFT)
    settled(window, qtbot)
    assert plot.getViewBox().viewRange() == ranges
    assert len(window.session.state.runs) == 2, "only the handle was dragged"
    action(window, "edit.place").trigger()
    qtbot.waitUntil(lambda: plot.tool is None)
    mean = at(plot, shown(window).means[0])
    drag(plot, mean, mean + ACROSS)
    click(plot, empty)
    assert plot.getViewBox().viewRange() == ranges
    qtbot.wait(50)  # pyqtgraph passes over moves that follow each other too fast
    drag(plot, mean, mean + ACROSS, SHIFT)
    assert plot.getViewBox().viewRange() != ranges
    assert len(window.session.state.runs) == 2


def test_it_zooms_while_editing_but_not_under_what_is_dragged(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL)

    def wheel(where: QPoint) -> None:
        down, ctrl = QPoint(0, 120), Qt.KeyboardModifier.ControlModifier
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        place = plot.viewport().mapToGlobal(where)
        QApplication.sendEvent(
            plot.viewport(), QWheelEvent(QPointF(where), QPointF(place), QPoint(), down, none, ctrl, phase, False)
        )

    mean, ranges = at(plot, shown(window).means[0]), plot.getViewBox().viewRange()
    press(plot, mean)
    move(plot, mean + ACROSS)
    wheel(mean + ACROSS)
    assert plot.getViewBox().viewRange() == ranges
    release(plot, mean + ACROSS)
    placed = settled(window, qtbot)
    wheel(mean)
    assert plot.getViewBox().viewRange() != ranges
    start = at(plot, placed.means[0])
    drag(plot, start, start + ACROSS)
    assert (np.abs(settled(window, qtbot).means[0] - place_of(plot, start + ACROSS)) <= a_pixel(plot)).all()


def test_cursor_and_status_bar_say_what_the_mouse_does(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    plot = plot_of(window)
    assert "moves the plot" in text(window, "status.mouse")
    QTest.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: text(window, "status.mouse").startswith("Editing: drag a mean"))
    assert action(window, "edit.place").isChecked()
    mean, empty = at(plot, shown(window).means[0]), at(plot, (2.0, 90.0))
    move(plot, empty)
    assert plot.viewport().cursor().shape() == Qt.CursorShape.CrossCursor
    move(plot, mean + QPoint(11, 0))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    press(plot, mean)
    move(plot, mean + QPoint(20, 20))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
    release(plot, mean + QPoint(20, 20))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: "moves the plot" in text(window, "status.mouse"))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_change_at_a_later_iteration_branches(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    plot = plot_of(window)
    for wanted in range(1, 6):
        window.session.step()
        qtbot.waitUntil(lambda at=wanted: window.session.snapshot().iteration == at, timeout=5000)
    old = window.session.state.run
    QTest.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: "begins a branch" in text(window, "data.caption"))
    before = settled(window, qtbot)
    start = at(plot, before.means[1])
    drag(plot, start, start + QPoint(-60, 30))
    placed = settled(window, qtbot)
    state = window.session.state
    assert state.run.parent == (old.id, 5)
    assert state.frame.iteration == 0
    assert [run.last for run in state.runs] == [5, 0]
    np.testing.assert_allclose(placed.means[1] - before.means[1], (-60, -30) * a_pixel(plot), rtol=1e-6)
    np.testing.assert_array_equal(placed.means[0], before.means[0])
    action(window, "edit.undo").trigger()
    assert (window.session.state.run.id, window.session.state.frame.iteration) == (old.id, 5)


def test_editing_pauses_and_the_commands_say_when_they_can_be_used(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    for name in ("edit.add_component", "edit.remove_component"):
        assert not action(window, name).isEnabled()
        assert "Press E first" in action(window, name).toolTip()
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: window.session.is_running)
    QTest.keyClick(window, Qt.Key.Key_E)
    assert not window.session.is_running
    qtbot.waitUntil(lambda: action(window, "edit.remove_component").isEnabled())


def test_handles_can_be_taken_24_pixels_across_and_stay_in_sight(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, *FAITHFUL, "--covariance", "spherical")
    click(plot, at(plot, shown(window).means[0]))
    # One radius in both columns is far out of sight across: its square waits at the edge.
    box = plot.getViewBox().sceneBoundingRect()
    for axis in (0, 1):
        assert box.contains(plot.mapToScene(handle(plot, "axis", axis)))
    square = handle(plot, "axis", 1)
    drag(plot, square + QPoint(12, 0), square + QPoint(12, -20))
    placed = settled(window, qtbot)
    assert deviations_away(placed, 0, place_of(plot, square + QPoint(0, -20))) == pytest.approx(1.0, abs=0.04)


def test_a_picture_shows_no_handles(open_window: Open, qtbot: QtBot) -> None:
    window, _ = editing(open_window, qtbot, *FAITHFUL)
    snapshot = window.session.snapshot()
    assert snapshot.mode == "editing"
    watched = draw_picture(replace(snapshot, mode="watching"), ViewOptions(), LIGHT, 400, 300)
    assert draw_picture(snapshot, ViewOptions(), LIGHT, 400, 300) == watched


def test_the_status_bar_fits_in_the_narrowest_window(open_window: Open, qtbot: QtBot) -> None:
    window, _ = editing(open_window, qtbot, *FAITHFUL)
    qtbot.waitUntil(lambda: "Editing" in text(window, "status.mouse"))
    window.resize(1024, 740)
    qtbot.wait(20)
    assert window.width() == 1024
    label = find(window, QLabel, "status.mouse")
    assert label.width() >= label.sizeHint().width()
