"""The fit beside the mixture that generated the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scipy.stats import multivariate_normal

from gmm_desktop.data import MixtureGenerator
from gmm_desktop.mixture import FitSettings, Mixture, fit
from gmm_desktop.session import Snapshot
from gmm_desktop.session.snapshot import snapshot_of
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import TruthPlot
from gmm_desktop.ui.views import filling as filling_module
from gmm_desktop.ui.views import truth_level as truth_level_module
from tests.ui.driving import Open, action, run_to_the_end, text
from tests.ui.showing import Paints, count_near

GENERATOR = MixtureGenerator((0.4, 0.6), ((-2.0,), (2.0,)), (((1.0,),), ((1.5,),)), 200)
DATA = GENERATOR.dataset(4)
SETTINGS = FitSettings(2, max_iterations=40)
HISTORY = fit(DATA.points, SETTINGS)


def frame(iteration: int) -> Snapshot:
    return snapshot_of(DATA, SETTINGS, HISTORY, iteration)


def log_density(mixture: Mixture, points: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """A point, by scipy."""
    joint = [
        np.log(w) + multivariate_normal(m, c).logpdf(points)
        for w, m, c in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    ]
    return float(np.logaddexp.reduce(joint).mean())


@pytest.fixture
def plot(qtbot: QtBot) -> TruthPlot:
    made = TruthPlot()
    qtbot.addWidget(made)
    made.resize(700, 180)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def filled(plot: TruthPlot, qtbot: QtBot) -> TruthPlot:
    plot.show_snapshot(frame(3))
    qtbot.waitUntil(lambda: np.isfinite(plot.divergences).all() and np.isfinite(plot.leads).all())
    return plot


def test_leads_on_both_samples_are_those_of_the_log_likelihoods(filled: TruthPlot) -> None:
    own, fresh = filled.leads
    truth = DATA.truth
    assert truth is not None
    assert filled._fresh is not None
    points = filled._fresh.points
    assert len(points) == DATA.size
    assert not np.isin(points, DATA.points).any()
    for t in (0, 3, len(HISTORY) - 1):
        mixture = HISTORY.mixture_at(t)
        assert own[t] == pytest.approx(log_density(mixture, DATA.points) - log_density(truth, DATA.points), abs=1e-10)
        assert fresh[t] == pytest.approx(log_density(mixture, points) - log_density(truth, points), abs=1e-10)


def test_behind_a_canvas_the_truth_waits(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "three-groups")
    action(window, "edit.canvas_1d").trigger()
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("An empty canvas"))
    action(window, "view.truth_curves").trigger()
    plot = window.panel(CurvesPanel).findChild(TruthPlot)
    assert isinstance(plot, TruthPlot)
    qtbot.waitUntil(lambda: plot.isVisible() and bool(plot.sentence))
    window.session.restore()
    qtbot.waitUntil(lambda: plot.divergences.size > 0 and bool(np.isfinite(plot.divergences).all()))


def test_the_fit_overtakes_the_truth_on_its_own_sample_alone(filled: TruthPlot) -> None:
    own, fresh = filled.leads
    assert own[0] < 0 < own[-1]
    filled.show_snapshot(frame(len(HISTORY) - 1))
    assert fresh[-1] < 0
    assert filled.sentence.startswith("On this sample the fit leads by ")
    assert ", on a fresh one the truth leads by " in filled.sentence
    values, errors = filled.divergences
    assert values[0] > values[-1] > 4 * errors[-1]
    QApplication.processEvents()
    assert count_near(filled.grab().toImage(), LIGHT.truth, 40) > 100


def test_every_fresh_sample_is_another_one(filled: TruthPlot, qtbot: QtBot) -> None:
    own, fresh = (values.copy() for values in filled.leads)
    divergences = filled.divergences.copy()
    filled.draw_fresh_sample()
    qtbot.waitUntil(lambda: bool(np.isfinite(filled.leads[1]).all()))
    np.testing.assert_array_equal(filled.leads[0], own)
    np.testing.assert_array_equal(filled.divergences, divergences)
    assert not np.isin(filled.leads[1], fresh).any()


def test_means_are_compared_with_their_counterparts(filled: TruthPlot) -> None:
    t = len(HISTORY) - 1
    shown = frame(t)
    filled.show_snapshot(shown)
    assert shown.mixture is not None
    assert DATA.truth is not None
    nearest = [
        min(abs(m - centre) / np.sqrt(v) for centre, v in ((-2.0, 1.0), (2.0, 1.5))) for m in shown.mixture.means[:, 0]
    ]
    words = filled.distances.rpartition("means off by ")[2].replace(",", "").split()
    assert words[0::2] == ["A", "B", "SD"]
    np.testing.assert_allclose([float(words[1]), float(words[3])], nearest, rtol=0.06)
    assert filled.distances in filled.accessibleDescription()


def test_data_of_unknown_origin_have_a_sentence_instead(plot: TruthPlot, qtbot: QtBot) -> None:
    unknown = replace(DATA, truth=None)
    plot.show_snapshot(snapshot_of(unknown, SETTINGS, HISTORY, 3))
    QApplication.processEvents()
    assert plot.sentence.startswith("Only for generated data")
    assert plot.y_axis.ticks.strings == []
    assert count_near(plot.grab().toImage(), LIGHT.truth, 40) == 0
    plot.show_snapshot(frame(3))
    qtbot.waitUntil(lambda: plot.sentence.startswith("On this sample"))
    assert plot.y_axis.ticks.strings


def test_many_points_take_their_pass_in_a_thread(
    plot: TruthPlot, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(truth_level_module, "AT_ONCE", 0)
    monkeypatch.setattr(filling_module, "AT_ONCE", 0)
    plot.show_snapshot(frame(3))
    assert plot.sentence.startswith("Computing")
    assert np.isnan(plot.leads[0]).all()
    qtbot.waitUntil(lambda: plot.sentence.startswith("On this sample"))
    plot.hide()
    plot.show()
    plot.draw_fresh_sample()
    qtbot.waitUntil(lambda: bool(np.isfinite(plot.leads[1]).all()))


def test_the_same_frame_draws_nothing_anew(filled: TruthPlot) -> None:
    QApplication.processEvents()
    paints = Paints(filled)
    filled.show_snapshot(frame(3))
    QApplication.processEvents()
    assert paints.count == 0


def test_a_click_goes_to_the_nearest_iteration(qtbot: QtBot, filled: TruthPlot) -> None:
    there = filled.mapFromScene(filled.view_box.mapViewToScene(QPointF(2.2, 0.7)))
    with qtbot.waitSignal(filled.iteration_chosen) as chosen:
        QTest.mouseClick(filled.viewport(), Qt.MouseButton.LeftButton, pos=there)
    assert chosen.args == [2]


def test_the_window_draws_fresh_samples_with_a_key(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert window.panel(CurvesPanel).shown == "truth_curves"
    plot = window.panel(CurvesPanel).plot("truth_curves")
    qtbot.waitUntil(lambda: plot.sentence.startswith("On this sample the fit leads by "))
    first = plot.sentence
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: plot.sentence.startswith("On this sample the fit leads by ") and plot.sentence != first)
    assert window.session.snapshot().settings.seed == 0


def test_without_a_truth_there_is_nothing_to_draw_from(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    qtbot.waitUntil(lambda: "groups" in text(window, "data.caption"))
    fresh = action(window, "view.fresh_sample")
    assert not fresh.isEnabled()
    assert "Only for generated data" in fresh.toolTip()
