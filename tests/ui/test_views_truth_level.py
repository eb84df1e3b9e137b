"""The generating mixture's own log-likelihood in the plot that EM climbs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scipy.stats import norm

from gmm_desktop.data import MixtureGenerator
from gmm_desktop.mixture import FitSettings, fit
from gmm_desktop.session import Snapshot
from gmm_desktop.session.snapshot import snapshot_of
from gmm_desktop.ui.film_view import FilmLook, FilmView
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import LogLikelihoodPlot, ViewOptions
from gmm_desktop.ui.views import truth_level as truth_level_module
from gmm_desktop.ui.views.truth_level import place_of_word
from tests.ui.driving import Open, run_to_the_end
from tests.ui.showing import count_near

DATA = MixtureGenerator((0.4, 0.6), ((-2.0,), (2.0,)), (((1.0,),), ((1.5,),)), 200).dataset(4)
SETTINGS = FitSettings(2, max_iterations=40)
HISTORY = fit(DATA.points, SETTINGS)
X = DATA.points[:, 0]
TRUTH = float(np.log(0.4 * norm.pdf(X, -2.0, 1.0) + 0.6 * norm.pdf(X, 2.0, np.sqrt(1.5))).sum())


def frame(iteration: int) -> Snapshot:
    return snapshot_of(DATA, SETTINGS, HISTORY, iteration)


def with_likelihoods(*values: float) -> Snapshot:
    return replace(frame(0), log_likelihoods=np.array(values), last_iteration=len(values) - 1)


@pytest.fixture
def plot(qtbot: QtBot) -> LogLikelihoodPlot:
    made = LogLikelihoodPlot()
    qtbot.addWidget(made)
    made.resize(700, 180)
    made.show()
    qtbot.waitExposed(made)
    return made


def picture(plot: LogLikelihoodPlot) -> QImage:
    QApplication.processEvents()
    image: QImage = plot.grab().toImage()
    return image


def reds_along(plot: LogLikelihoodPlot, level: float) -> int:
    """Red pixels in the row of a log-likelihood."""
    image = picture(plot)
    y = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(0.0, level))).y()
    colours = [QColor(image.pixelColor(x, y)) for x in range(image.width())]
    return sum(colour.red() > 180 and colour.green() < 60 for colour in colours)


def test_the_line_is_at_the_truths_own_log_likelihood_on_this_sample(plot: LogLikelihoodPlot) -> None:
    plot.show_snapshot(frame(3))
    assert plot.truth_level == pytest.approx(TRUTH, abs=1e-8)
    assert HISTORY.log_likelihoods[0] < TRUTH < HISTORY.log_likelihoods[-1]
    low, high = plot.getViewBox().viewRange()[1]
    assert low < TRUTH < high
    assert 150 < reds_along(plot, TRUTH) < 600  # dashes, not a solid line
    assert "the fit leads by" in plot.accessibleDescription()


def test_it_goes_with_the_option(plot: LogLikelihoodPlot) -> None:
    plot.show_snapshot(frame(3))
    plot.set_truth_shown(False)
    assert count_near(picture(plot), LIGHT.truth, 40) == 0
    assert plot.accessibleDescription() == ""
    plot.set_truth_shown(True)
    assert reds_along(plot, TRUTH) > 150


def test_data_of_unknown_origin_have_no_line(plot: LogLikelihoodPlot) -> None:
    plot.show_snapshot(frame(3))
    plot.show_snapshot(snapshot_of(replace(DATA, truth=None), SETTINGS, HISTORY, 3))
    assert np.isnan(plot.truth_level)
    assert count_near(picture(plot), LIGHT.truth, 40) == 0


@pytest.mark.parametrize("far", [-500.0, 500.0])
def test_a_truth_far_away_flattens_nothing_and_is_named_at_the_edge(plot: LogLikelihoodPlot, far: float) -> None:
    values = TRUTH + far + np.array([0.0, 4.0, 6.0, 7.0, 7.5])
    plot.show_snapshot(with_likelihoods(*values))
    low, high = plot.getViewBox().viewRange()[1]
    assert high - low < 2 * (values[-1] - values[0])
    assert count_near(picture(plot), LIGHT.truth, 40) > 30  # the word
    plot.set_show_all(True)
    low, high = plot.getViewBox().viewRange()[1]
    assert low < TRUTH < high
    assert reds_along(plot, TRUTH) > 150


def test_many_points_take_their_pass_in_a_thread(
    plot: LogLikelihoodPlot, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(truth_level_module, "AT_ONCE", 0)
    plot.show_snapshot(frame(3))
    assert np.isnan(plot.truth_level)
    plot.hide()  # gives it up
    plot.show()
    qtbot.waitUntil(lambda: bool(np.isfinite(plot.truth_level)))
    assert plot.truth_level == pytest.approx(TRUTH, abs=1e-8)
    assert reds_along(plot, TRUTH) > 150


@pytest.mark.parametrize("shown", [True, False])
def test_a_film_shows_what_the_window_shows(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, shown: bool) -> None:
    monkeypatch.setattr(truth_level_module, "AT_ONCE", 0)
    view = FilmView(FilmLook(640, 480, options=ViewOptions(truth=shown)), waits=True)
    drawn = view.draw(frame(3))
    view.close()
    assert drawn is not None
    image = QImage(drawn, 640, 480, QImage.Format.Format_RGB32)
    curve = image.copy(0, 360, 640, 120)
    assert (count_near(curve, LIGHT.truth, 40) > 100) is shown


def test_a_film_waits_for_the_truth(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth_level_module, "AT_ONCE", 0)
    view = FilmView(FilmLook(640, 480), waits=False)
    assert view.draw(frame(3)) is None
    qtbot.waitUntil(lambda: view.draw(frame(3)) is not None)
    view.close()


def test_in_the_window_u_hides_and_shows_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    plot = window.panel(CurvesPanel).plot("log_likelihood")
    assert count_near(picture(plot), LIGHT.truth, 40) > 100
    QTest.keyClick(window, Qt.Key.Key_U)
    assert count_near(picture(plot), LIGHT.truth, 40) == 0
    QTest.keyClick(window, Qt.Key.Key_U)
    assert count_near(picture(plot), LIGHT.truth, 40) > 100


@pytest.mark.parametrize("level", [-900.0, 3.0, 40.0, 97.0, 900.0])
def test_the_word_stays_in_the_room_and_off_what_is_there(level: float) -> None:
    room = QRectF(0, 0, 400, 100)
    taken = [QRectF(60, 80, 120, 15)]
    curve = np.array([10.0, 50.0, 400.0]), np.array([300.0, 60.0, 50.0])
    base = place_of_word(90, 14, room, level, curve, taken)
    box = QRectF(base.x(), base.y() - 11.2, 90, 14)
    assert room.contains(box)
    assert not box.intersects(taken[0])
    assert box.bottom() < 50 or box.top() > 50
