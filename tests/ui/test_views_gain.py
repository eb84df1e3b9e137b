"""What the stop rule looks at, and the tolerance that a person drags."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import STOP_RULES, FitSettings, fit
from gmm_desktop.session import Snapshot
from gmm_desktop.session.snapshot import snapshot_of
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import GainPlot
from tests.ui.driving import Open, action, find, run_to_the_end
from tests.ui.showing import Paints, count_near, mixture, snapshot, two_groups


@pytest.fixture
def plot(qtbot: QtBot) -> GainPlot:
    made = GainPlot()
    qtbot.addWidget(made)
    made.resize(700, 180)
    made.show()
    qtbot.waitExposed(made)
    return made


def measured(*measures: float, at: int | None = None, **changes: object) -> Snapshot:
    last = len(measures) - 1
    values = np.concatenate([[-900.0], -900.0 + np.cumsum(np.nan_to_num(measures[1:]))])
    shown = mixture([[-4, 0], [4, 0]])
    return snapshot(
        two_groups(20),
        shown,
        iteration=last if at is None else at,
        last_iteration=last,
        log_likelihoods=values,
        measures=np.array(measures),
        **changes,
    )


def place_of(plot: GainPlot, iteration: float, value: float) -> QPoint:
    place: QPoint = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(iteration, np.log10(value))))
    return place


def drag(plot: GainPlot, value: float, iteration: float = 0.5) -> None:
    """Take the line and move it to a value, without letting it go."""
    viewport = plot.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place_of(plot, iteration, plot.tolerance))
    for _ in range(2):
        QTest.mouseMove(viewport, place_of(plot, iteration, value))
        QApplication.processEvents()


def let_go(plot: GainPlot, value: float, iteration: float = 0.5) -> None:
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=place_of(plot, iteration, value))


class TestPlot:
    @pytest.mark.parametrize("rule", STOP_RULES)
    def test_what_is_plotted_is_what_the_rule_looks_at(self, rule: str) -> None:
        data = two_groups(60, far=3.0)
        settings = FitSettings(2, stop_rule=rule, tolerance=1e-4, max_iterations=40)
        history = fit(data.points, settings)
        values = history.log_likelihoods
        measures = snapshot_of(data, settings, history, 3).measures
        gains = np.diff(values)
        if rule in ("mean-gain", "iterations"):
            np.testing.assert_array_equal(measures[1:], gains / 60)
        elif rule == "gain":
            np.testing.assert_array_equal(measures[1:], gains)
        elif rule == "relative-gain":
            np.testing.assert_array_equal(measures[1:], gains / (1 + np.abs(values[1:])))
        elif rule == "aitken":
            ratio = gains[1:] / gains[:-1]
            expected = np.where((ratio > 0) & (ratio < 1), gains[1:] * ratio / (1 - ratio), np.nan)
            np.testing.assert_allclose(measures[2:], expected, rtol=1e-6)
        else:
            moved = np.abs(np.diff(history.means / data.points.std(axis=0), axis=0)).max(axis=(1, 2))
            assert (measures[1:] >= moved * (1 - 1e-12)).all()
        if rule != "iterations":
            assert history.outcome == "converged"
            assert np.flatnonzero(np.abs(measures) < 1e-4)[0] == len(history) - 1

    def test_the_axis_says_what_it_shows_in_powers_of_ten(self, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-3, 1e-5))
        assert plot.y_axis.title == "gain per point"
        assert len(plot.y_axis.ticks.strings) >= 2
        for position, text in zip(plot.y_axis.ticks.positions, plot.y_axis.ticks.strings, strict=True):
            assert text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) == f"10{round(position)}"

    def test_a_gain_that_is_none_is_a_hollow_mark_at_the_edge(self, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-3, 1e-3, 1e-3, at=1))
        QApplication.processEvents()
        edge = plot.view_box.mapViewToScene(QPointF(3.0, plot.view_box.viewRange()[1][0]))
        place = plot.mapFromScene(edge) - QPoint(0, 5)
        around = [place + QPoint(0, dy) for dy in range(-4, 4)]

        def inked() -> bool:
            image = plot.grab().toImage()
            return any(image.pixelColor(p).lightness() < 190 for p in around)

        assert not inked()
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-3, -1e-14, 0.0, at=1))
        QApplication.processEvents()
        assert inked()
        assert plot.grab().toImage().pixelColor(place).name() == LIGHT.card

    @pytest.mark.parametrize("measures", [(np.nan,), (np.nan, 0.0), (np.nan, -1.0, -2.0), (np.nan, 1e-320, 1e300)])
    def test_few_or_extreme_values(self, plot: GainPlot, measures: tuple[float, ...]) -> None:
        plot.show_snapshot(measured(*measures))
        QApplication.processEvents()
        assert count_near(plot.grab().toImage(), LIGHT.accent) > 20
        assert "nan" not in plot.sentence.lower()

    def test_the_same_values_draw_nothing_anew(self, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-3))
        QApplication.processEvents()
        paints = Paints(plot)
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-3))
        QApplication.processEvents()
        assert paints.count == 0

    def test_a_click_goes_to_the_nearest_iteration(self, qtbot: QtBot, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-2, 1e-3))
        for value in (1e-1, 1e-6):  # away from the line, and on it
            with qtbot.waitSignal(plot.iteration_chosen) as chosen:
                QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place_of(plot, 2.3, value))
            assert chosen.args == [2]


class TestTrying:
    def test_dragging_says_what_would_have_been_and_letting_go_tells_it(self, qtbot: QtBot, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-2, 1e-3, 1e-4))
        said: list[tuple[str, object]] = []
        plot.setting_chosen.connect(lambda name, value: said.append((name, value)))
        drag(plot, 0.05)
        assert plot.sentence.startswith("Would have stopped at iteration 2, with weights 0.50, 0.50; then 0.00110 was ")
        assert "(5.5e-5 a point)" in plot.sentence
        assert not said
        let_go(plot, 0.05)
        [(name, value)] = said
        assert name == "tolerance"
        assert value == float(f"{value:.1e}") == pytest.approx(0.05, rel=0.2)

    def test_the_line_stays_above_zero_however_far_it_is_dragged(self, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-2))
        drag(plot, 1e-300)
        assert plot.tolerance > 0
        assert plot.sentence == "Would not have stopped within the 2 iterations known."

    def test_keys_move_it_by_a_quarter_of_a_decade_or_a_whole_one(self, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-2))
        plot.setFocus()
        said: list[object] = []
        plot.setting_chosen.connect(lambda _, value: said.append(value))
        QTest.keyClick(plot, Qt.Key.Key_Up)
        assert plot.tolerance == 1.8e-6
        QTest.keyClick(plot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert plot.tolerance == 1.8e-7
        QTest.keyClick(plot, Qt.Key.Key_Escape)
        assert plot.tolerance == 1e-6
        assert said == []
        QTest.keyClick(plot, Qt.Key.Key_Up)
        QTest.keyClick(plot, Qt.Key.Key_Return)
        assert said == [1.8e-6]

    def test_it_is_locked_while_em_runs(self, plot: GainPlot) -> None:
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-2, activity="computing"))
        drag(plot, 0.05)
        QTest.keyClick(plot, Qt.Key.Key_Up)
        assert plot.tolerance == 1e-6

    def test_a_rule_without_a_tolerance_has_no_line(self, plot: GainPlot) -> None:
        settings = FitSettings(2, stop_rule="iterations", max_iterations=40)
        plot.show_snapshot(measured(np.nan, 1e-1, 1e-2, settings=settings))
        assert plot.sentence.startswith("This stop rule measures nothing")
        QTest.keyClick(plot, Qt.Key.Key_Up)
        assert plot.tolerance == settings.tolerance


class TestWindow:
    def plot_of(self, window: MainWindow) -> GainPlot:
        action(window, "view.gain").trigger()
        QApplication.processEvents()
        plot = window.panel(CurvesPanel).plot("gain")
        assert isinstance(plot, GainPlot)
        assert plot.isVisible()
        return plot

    def test_dragging_the_line_moves_the_stop_and_can_be_undone(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        run_to_the_end(window, qtbot)
        plot, before = self.plot_of(window), window.session.snapshot()
        qtbot.waitUntil(lambda: plot.sentence.startswith(f"Stops at iteration {before.last_iteration},"))
        wanted = float(np.sqrt(before.measures[4] * before.measures[5]))  # 5 is the first below it
        drag(plot, wanted, iteration=2.0)
        assert plot.sentence.startswith("Would have stopped at iteration 5,")
        assert window.session.snapshot().settings.tolerance == 1e-6
        let_go(plot, wanted, iteration=2.0)
        after = window.session.snapshot()
        assert (after.stop_iteration, after.run) == (5, before.run)
        assert after.last_iteration == before.last_iteration
        assert after.settings.tolerance == float(f"{after.settings.tolerance:.1e}")
        qtbot.waitUntil(lambda: plot.sentence.startswith("Stops at iteration 5,"))
        field = find(window, QLineEdit, "fit.tolerance")
        qtbot.waitUntil(lambda: float(field.text()) == after.settings.tolerance)
        action(window, "edit.undo").trigger()
        assert window.session.snapshot().settings.tolerance == 1e-6

    def test_the_place_of_the_plot_is_there_before_it_is_looked_at(self, open_window: Open) -> None:
        window = open_window()
        place = find(window, QWidget, "gain.plot")
        assert not place.isVisible()
        self.plot_of(window)
        assert place.isVisible()

    def test_space_still_plays_while_the_plot_has_the_focus(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        self.plot_of(window).setFocus()
        qtbot.keyClick(window.panel(CurvesPanel).plot("gain"), Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: window.session.snapshot().last_iteration > 0)
