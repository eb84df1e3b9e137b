"""The log-likelihood's curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import LogLikelihoodPlot
from gmm_desktop.ui.views.log_likelihood import first_after_jumps
from tests.ui.showing import Paints, count_near, mixture, snapshot, two_groups

DATA = two_groups(20)
SHOWN = mixture([[-4, 0], [4, 0]])


def history(*values: float, at: int | None = None, **changes: Any) -> Snapshot:
    last = len(values) - 1
    return snapshot(
        DATA,
        SHOWN,
        iteration=last if at is None else at,
        last_iteration=last,
        log_likelihoods=np.array(values),
        **changes,
    )


@pytest.fixture
def plot(qtbot: QtBot) -> LogLikelihoodPlot:
    made = LogLikelihoodPlot()
    qtbot.addWidget(made)
    made.resize(700, 180)
    made.show()
    qtbot.waitExposed(made)
    return made


def climb(n: int) -> list[float]:
    return [-2000.0, *(-1200.0 - 100 * 0.8**i for i in range(n))]


class TestRange:
    def test_the_first_jump_does_not_flatten_the_rest(self, plot: LogLikelihoodPlot) -> None:
        plot.show_snapshot(history(*climb(20)))
        low, high = plot.getViewBox().viewRange()[1]
        assert low > -1400
        assert high > -1200.3
        plot.set_show_all(True)
        assert plot.getViewBox().viewRange()[1][0] < -2000
        plot.set_show_all(False)
        assert plot.getViewBox().viewRange()[1][0] > -1400

    def test_what_is_left_out_is_the_leading_jump_and_little_more(self) -> None:
        assert first_after_jumps(np.array(climb(20))) == 1
        assert first_after_jumps(np.linspace(-10.0, 0.0, 30)) == 0
        assert first_after_jumps(np.array([-5.0])) == 0
        assert first_after_jumps(np.array([-5.0, -1.0])) == 0
        assert first_after_jumps(-(10.0 ** -np.arange(10.0))) <= 2

    @pytest.mark.parametrize("values", [(-5.0,), (-5.0, -5.0), (-5.0, -4.0, -4.0, -4.0), (0.0, 0.0)])
    def test_few_or_equal_values(self, plot: LogLikelihoodPlot, values: tuple[float, ...]) -> None:
        plot.show_snapshot(history(*values))
        QApplication.processEvents()
        (x_low, x_high), (y_low, y_high) = plot.getViewBox().viewRange()
        assert x_low < 0
        assert x_high > len(values) - 1
        assert y_low < values[-1] < y_high
        assert count_near(plot.grab().toImage(), LIGHT.accent) > 20

    def test_ticks_are_whole_iterations(self, plot: LogLikelihoodPlot) -> None:
        plot.show_snapshot(history(-5.0, -4.0, -3.5))
        QApplication.processEvents()
        assert all(text.isdigit() for text in plot.getAxis("bottom").ticks.strings)
        assert plot.getAxis("bottom").title == "iteration"
        assert plot.getAxis("left").title == "log-likelihood"

    def test_a_live_run_does_not_move_the_axis_with_every_step(self, plot: LogLikelihoodPlot) -> None:
        widths = set()
        for n in range(1, 41):
            plot.show_snapshot(history(*climb(n)))
            widths.add(plot.getViewBox().viewRange()[0][1])
        assert len(widths) < 10


class TestMarks:
    def test_the_marker_stands_at_the_shown_iteration(self, plot: LogLikelihoodPlot) -> None:
        plot.show_snapshot(history(*climb(20), at=7))
        QApplication.processEvents()
        image = plot.grab().toImage()
        value = climb(20)[7]
        place = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(7, value)))
        assert image.pixelColor(place).name() == LIGHT.accent

    def test_where_the_rule_fired_is_marked_in_words(self, plot: LogLikelihoodPlot) -> None:
        plot.show_snapshot(history(*climb(20), at=3))
        QApplication.processEvents()
        before = count_near(plot.grab().toImage(), LIGHT.muted, 8)
        plot.show_snapshot(history(*climb(20), at=3, stop_iteration=15, outcome="converged"))
        QApplication.processEvents()
        assert count_near(plot.grab().toImage(), LIGHT.muted, 8) > before + 100

    def test_markers_vanish_where_they_would_touch(self, plot: LogLikelihoodPlot) -> None:
        plot.show_snapshot(history(*np.linspace(-10, -1, 20_000)))
        QApplication.processEvents()
        assert count_near(plot.grab().toImage(), LIGHT.text, 8) < 4000


class TestMouse:
    @pytest.mark.parametrize("iteration", [0, 4, 9])
    def test_a_click_goes_to_the_nearest_iteration(self, qtbot: QtBot, plot: LogLikelihoodPlot, iteration: int) -> None:
        plot.show_snapshot(history(*climb(9)))
        QApplication.processEvents()
        there = plot.getViewBox().mapViewToScene(QPointF(iteration + 0.3, -1210.0))
        with qtbot.waitSignal(plot.iteration_chosen) as chosen:
            QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.mapFromScene(there))
        assert chosen.args == [iteration]

    def test_a_click_beyond_the_end_is_the_last_one(self, qtbot: QtBot, plot: LogLikelihoodPlot) -> None:
        plot.show_snapshot(history(-5.0, -4.0, -3.0))
        QApplication.processEvents()
        there = plot.getViewBox().mapViewToScene(QPointF(9.0, -4.0))
        with qtbot.waitSignal(plot.iteration_chosen) as chosen:
            QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.mapFromScene(there))
        assert chosen.args == [2]


def test_the_same_values_draw_nothing_anew(plot: LogLikelihoodPlot) -> None:
    plot.show_snapshot(history(*climb(5)))
    QApplication.processEvents()
    paints = Paints(plot)
    plot.show_snapshot(history(*climb(5)))
    QApplication.processEvents()
    assert paints.count == 0
    plot.show_snapshot(history(*climb(6)))
    QApplication.processEvents()
    assert paints.count == 1


def test_another_objective_has_its_own_title(qtbot: QtBot) -> None:
    plot = LogLikelihoodPlot(title="within-cluster sum of squares")
    qtbot.addWidget(plot)
    assert plot.getAxis("left").title == "within-cluster sum of squares"


def test_the_word_of_an_early_stop_stands_clear_of_its_line(qtbot: QtBot) -> None:
    """Beside a much longer run the stop lies near the left edge, where the word would lie on its own marker."""
    plot = LogLikelihoodPlot()
    qtbot.addWidget(plot)
    plot.resize(400, 160)
    values = np.linspace(-900.0, -800.0, 80)
    plot.show_snapshot(
        snapshot(
            two_groups(),
            mixture([[-4, 0], [4, 0]]),
            iteration=3,
            last_iteration=79,
            log_likelihoods=values,
            stop_iteration=3,
            outcome="converged",
        )
    )
    plot.grab()
    mapping = plot._layers[0].mapping(1.0)
    said = plot.stop_word(mapping)
    assert said is not None
    assert said[1].x() > float(mapping.x(np.array([3.0]))[0])
