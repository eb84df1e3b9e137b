"""Two runs over each other and side by side, and the ghost of a branch, in the real window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import Mixture
from gmm_desktop.session.state import State, new_run
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, action, find, run_to_the_end, text
from tests.ui.presenting import present, settle
from tests.ui.showing import Paints, count_near, picture_of, pixel_of

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=["faithful", "three-groups"])
def window(request: pytest.FixtureRequest, open_window: Open, qtbot: QtBot) -> MainWindow:
    """Two runs at their ends, k = 2 and k = 4, shown in light colours."""
    made = open_window("--sample", str(request.param), "--components", "2")
    made.choose_theme("light")
    run_to_the_end(made, qtbot)
    made.session.change_settings(components=4)
    qtbot.waitUntil(lambda: made.session.state.run.ready)
    run_to_the_end(made, qtbot)
    return made


def plot(window: MainWindow) -> DataPlot:
    return window.panel(PlotPanel).plot


def grey(window: MainWindow) -> tuple[int, int]:
    """How much of the plot of the data and of the curve has the grey of another run."""
    QApplication.processEvents()
    curve: QImage = window.panel(CurvesPanel).plot("log_likelihood").grab().toImage()
    return count_near(picture_of(plot(window)), window.theme.muted, 6), count_near(curve, window.theme.muted, 6)


def press_v(window: MainWindow, qtbot: QtBot, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.waitUntil(action(window, "view.compare").isEnabled)
    qtbot.keyClick(window, Qt.Key.Key_V, keys)
    qtbot.wait(50)


def test_v_lays_the_run_before_over_this_one_and_takes_it_away_again(window: MainWindow, qtbot: QtBot) -> None:
    before = grey(window)
    press_v(window, qtbot)
    assert action(window, "view.compare").isChecked()
    assert window.session.compared == 1
    over = grey(window)
    assert over[0] > before[0] + 300
    assert over[1] > before[1] + 50
    press_v(window, qtbot)
    assert not action(window, "view.compare").isChecked()
    assert grey(window) == pytest.approx(before, abs=8)


def test_with_one_run_it_says_why_not(open_window: Open) -> None:
    window = open_window()
    for name in ("view.compare", "view.side_by_side"):
        assert not action(window, name).isEnabled()
        assert "There is one run" in action(window, name).toolTip()


def test_the_other_run_lies_where_its_mixture_is(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "2")
    window.choose_theme("light")
    run_to_the_end(window, qtbot)
    window.session.change_settings(components=1)
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    run_to_the_end(window, qtbot)
    press_v(window, qtbot)
    other = window.session.snapshot().other
    assert other is not None
    image = picture_of(plot(window))
    for mean, factor in zip(other.mixture.means, other.mixture.cholesky, strict=True):
        seen = 0
        for angle in np.linspace(0, 2 * np.pi, 120):
            place = pixel_of(plot(window), *(mean + 2 * factor @ [np.cos(angle), np.sin(angle)]))
            near = image.copy(place.x() - 1, place.y() - 1, 3, 3)
            seen += count_near(near, window.theme.muted, 40) > 0
        assert 30 < seen < 115, "dashes, with gaps between them"


def test_nothing_is_painted_where_nothing_changed(window: MainWindow, qtbot: QtBot) -> None:
    press_v(window, qtbot)
    paints = Paints(plot(window))
    window.show_snapshot(window.session.snapshot())
    QApplication.processEvents()
    assert paints.count == 0


def test_side_by_side_has_the_same_axes_whoever_moves_them(window: MainWindow, qtbot: QtBot) -> None:
    alone = plot(window).view_box.viewRange()
    press_v(window, qtbot, SHIFT)
    second = find(window, DataPlot, "data.plot.other")
    qtbot.waitUntil(second.isVisible)
    assert action(window, "view.side_by_side").isChecked()
    assert not action(window, "view.compare").isChecked()
    assert second.view_box.viewRange() == plot(window).view_box.viewRange() == alone
    for moved in (plot(window), second):
        before = moved.view_box.viewRange()
        middle = QPointF(moved.viewport().rect().center())
        turned = QWheelEvent(
            middle, moved.viewport().mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(moved.viewport(), turned)
        assert moved.view_box.viewRange() != before
        assert second.view_box.viewRange() == plot(window).view_box.viewRange()
    qtbot.keyClick(window, Qt.Key.Key_0)
    qtbot.wait(20)
    assert second.view_box.viewRange() == plot(window).view_box.viewRange() == alone
    assert second.width() == pytest.approx(plot(window).width(), abs=2)
    assert text(window, "beside.other").startswith("run 1 (k = 2, full), iteration ")
    assert text(window, "beside.shown").startswith("run 2 (k = 4, full), iteration ")
    press_v(window, qtbot, SHIFT)
    assert not second.isVisible()
    assert window.session.compared is None


def test_a_long_name_makes_neither_plot_nor_window_wider(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 768)
    for run in (1, 2):
        window.session.name_run(run, f"{run}: nobody reads such a name to the end of it, but it stands here")
    press_v(window, qtbot, SHIFT)
    second = find(window, DataPlot, "data.plot.other")
    qtbot.waitUntil(second.isVisible)
    qtbot.wait(50)
    assert window.width() == 1024
    assert second.width() == pytest.approx(plot(window).width(), abs=2)
    title = find(window, QLabel, "beside.other")
    before = title.grab().toImage()
    window.session.name_run(1, window.session.state.find(1).name.replace("the end of it", "its very last word"))
    qtbot.waitUntil(lambda: "very last" in title.text())
    assert title.grab().toImage() == before, "the middle is left out"


def test_alone_again_the_plot_has_the_whole_width_again(window: MainWindow, qtbot: QtBot) -> None:
    whole = plot(window).width()
    for keys in (SHIFT, Qt.KeyboardModifier.NoModifier):
        press_v(window, qtbot, SHIFT)
        qtbot.waitUntil(lambda: plot(window).width() < 0.6 * whole)
        press_v(window, qtbot, keys)
        qtbot.waitUntil(lambda: plot(window).width() == whole)


def test_from_over_to_beside_and_back(window: MainWindow, qtbot: QtBot) -> None:
    before = grey(window)
    press_v(window, qtbot)
    press_v(window, qtbot, SHIFT)
    second = find(window, DataPlot, "data.plot.other")
    qtbot.waitUntil(second.isVisible)
    assert window.session.compared == 1
    assert count_near(picture_of(plot(window)), window.theme.muted, 6) < before[0] + 100
    press_v(window, qtbot)
    assert not second.isVisible()
    assert action(window, "view.compare").isChecked()


def test_two_selected_rows_are_the_two(window: MainWindow, qtbot: QtBot) -> None:
    window.session.change_settings(components=3)
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    run_to_the_end(window, qtbot)
    find(window, QAbstractButton, "runs.fold").click()
    table = find(window, QTableWidget, "runs.list")
    qtbot.waitUntil(lambda: table.rowCount() == 3)

    def click(row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        there = table.visualItemRect(table.item(row, 1)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, there)

    click(0)
    click(1, CTRL)
    press_v(window, qtbot)
    assert (window.session.snapshot().run, window.session.compared) == (1, 2)
    click(1, CTRL)
    click(2, CTRL)
    assert (window.session.snapshot().run, window.session.compared) == (1, 3)
    click(2)
    assert (window.session.snapshot().run, window.session.compared) == (3, 1)


def test_the_window_need_not_be_wider_for_two_plots(window: MainWindow, qtbot: QtBot) -> None:
    press_v(window, qtbot, SHIFT)
    assert window.minimumSizeHint().width() <= 1023


def branch(window: MainWindow, qtbot: QtBot, iteration: int) -> None:
    """As dragging the first mean does, far away."""
    session = window.session
    run, state = session.state.run, session.state
    old = run.history.mixture_at(iteration)
    means = old.means.copy()
    means[0] += 1.5 * run.dataset.scale
    start = Mixture(old.weights, means, old.covariances)
    made = replace(new_run(state.runs, run.dataset, run.settings, start), parent=(run.id, iteration))
    session._show_run(State(state.columns, (*state.left().runs, made), made))
    qtbot.waitUntil(lambda: session.state.run.ready)
    session.step()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 1)
    qtbot.waitUntil(lambda: _is_still(window, qtbot))


def _is_still(window: MainWindow, qtbot: QtBot) -> bool:
    """Whether nothing glides any more: some frames later the plot is the same."""
    window.show_snapshot(window.session.snapshot())
    before = picture_of(plot(window))
    qtbot.wait(60)
    return before == picture_of(plot(window))


def test_a_branch_shows_where_the_old_run_went_dotted(window: MainWindow, qtbot: QtBot) -> None:
    parent = window.session.state.run.history
    branch(window, qtbot, 2)
    snapshot = window.session.snapshot()
    with_ghost = grey(window)
    window.show_snapshot(replace(snapshot, ghost=None))
    without = grey(window)
    assert with_ghost[0] > without[0] + 60
    assert with_ghost[1] > without[1] + 60
    window.show_snapshot(snapshot)
    curve = window.panel(CurvesPanel).plot("log_likelihood")
    QApplication.processEvents()
    image = curve.grab().toImage()
    heights = parent.log_likelihoods[2:]
    (_, x_high), (y_low, y_high) = curve.view_box.viewRange()
    assert x_high >= len(heights) - 1
    assert y_low < heights[-1] < y_high
    last = curve.mapFromScene(curve.view_box.mapViewToScene(QPointF(len(heights) - 1, heights[-1])))
    assert count_near(image.copy(last.x() - 6, last.y() - 3, 13, 7), window.theme.muted, 30) > 0


@pytest.mark.parametrize("presented_first", [True, False])
def test_both_plots_have_the_sizes_of_the_presentation(window: MainWindow, qtbot: QtBot, presented_first: bool) -> None:
    acts = [lambda: present(window, qtbot), action(window, "view.side_by_side").trigger]
    for act in acts if presented_first else reversed(acts):
        act()
        settle()
    plot, other = window.panel(PlotPanel).plot, find(window, DataPlot, "data.plot.other")
    qtbot.waitUntil(other.isVisible)
    assert plot.plot_style.scale == other.plot_style.scale == window.presentation.scale > 1.3
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    settle()
    assert other.plot_style.scale == 1.0
