"""The evidence lower bound, half step by half step."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from scipy.special import logsumexp, rel_entr

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import FitHistory, FitSettings, fit
from gmm_desktop.session import Snapshot
from gmm_desktop.session.snapshot import take_snapshot
from gmm_desktop.session.state import Run, State, first_pair
from gmm_desktop.session.timeline import Frame
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import BoundPlot
from gmm_desktop.ui.views import filling as filling_module
from tests.ui.driving import Open, action, find, run_to_the_end
from tests.ui.showing import Paints, count_near, two_groups

DATA = two_groups(60, far=2.5)
SETTINGS = FitSettings(2, tolerance=1e-6, max_iterations=60)
HISTORY = fit(DATA.points, SETTINGS)


def frame(
    iteration: int,
    phase: str = "E",
    history: FitHistory = HISTORY,
    settings: FitSettings = SETTINGS,
    dataset: Dataset = DATA,
) -> Snapshot:
    run = Run(1, dataset, settings, None, history, ready=True)
    shown = Frame(iteration, phase, halves=True)  # type: ignore[arg-type]
    return take_snapshot(State(first_pair(dataset), (run,), run, shown))


@pytest.fixture
def plot(qtbot: QtBot) -> BoundPlot:
    made = BoundPlot()
    qtbot.addWidget(made)
    made.resize(700, 180)
    made.show()
    qtbot.waitExposed(made)
    return made


def judged(t: int) -> float:
    """KL of all points from the responsibilities before iteration t to those after, by scipy."""
    logs = [HISTORY.mixture_at(i).log_joint(DATA.points) for i in (t - 1, t)]
    before, after = (np.exp(j - logsumexp(j, axis=1, keepdims=True)) for j in logs)
    return float(rel_entr(before, after).sum())


def test_the_gap_is_the_divergence_of_the_responsibilities(plot: BoundPlot) -> None:
    plot.show_snapshot(frame(3))
    assert np.isnan(plot.gaps[0])
    np.testing.assert_allclose(plot.gaps[1:], [judged(t) for t in range(1, len(HISTORY))], rtol=1e-6, atol=1e-12)


def test_each_half_step_is_told_in_numbers(plot: BoundPlot) -> None:
    plot.show_snapshot(frame(2, "M"))
    rise = HISTORY.log_likelihoods[2] - HISTORY.log_likelihoods[1]
    beginning, _, said = plot.sentence.rstrip(".").partition(": ")
    assert beginning == "M-step 2"
    numbers = [float(word.rstrip(",;")) for word in said.split() if word[0].isdigit()]
    np.testing.assert_allclose(numbers, [rise, rise - judged(2), judged(2)], rtol=0.02)
    plot.show_snapshot(frame(2))
    assert plot.sentence.startswith("E-step 2: the bound rose by ")
    assert float(plot.sentence.split()[6]) == pytest.approx(judged(2), rel=0.02)
    plot.show_snapshot(frame(0, "start"))
    assert "touches the log-likelihood once" in plot.sentence


def test_the_upper_part_holds_both_and_the_lower_one_counts_in_powers_of_ten(plot: BoundPlot) -> None:
    plot.show_snapshot(frame(3))
    strings = dict(zip(plot.y_axis.ticks.positions, plot.y_axis.ticks.strings, strict=True))
    assert any(text.startswith("10") for place, text in strings.items() if place < 0.4)
    assert any(text.startswith("−") for place, text in strings.items() if place > 0.4)


def test_step_by_step_names_the_half_steps_and_writes_the_gap(plot: BoundPlot) -> None:
    plot.set_by_step(True)
    plot.show_snapshot(frame(2, "M"))
    assert plot.x_axis.ticks.strings == ["E-step 1", "M-step 2", "E-step 2"]
    low, high = plot.view_box.viewRange()[0]
    assert low < 1.0
    assert high > 2.0
    plot.show_snapshot(frame(2))
    assert plot.x_axis.ticks.strings == ["M-step 2", "E-step 2", "M-step 3"]
    assert count_near(plot.grab().toImage(), LIGHT.text) > 100
    plot.set_by_step(False)
    assert plot.view_box.viewRange()[0][1] > 5


def test_accelerated_the_m_half_is_called_a_stride(plot: BoundPlot) -> None:
    settings = FitSettings(2, acceleration="squarem", max_iterations=20)
    history = fit(DATA.points, settings)
    plot.show_snapshot(frame(1, "M", history, settings))
    assert plot.sentence.startswith("Stride 1: ")
    assert plot.x_axis.title == "iteration (a stride of SQUAREM)"


def test_the_same_frame_draws_nothing_anew(plot: BoundPlot) -> None:
    plot.show_snapshot(frame(2))
    QApplication.processEvents()
    paints = Paints(plot)
    plot.show_snapshot(frame(2))
    QApplication.processEvents()
    assert paints.count == 0


def test_a_click_goes_to_the_nearest_iteration(qtbot: QtBot, plot: BoundPlot) -> None:
    plot.show_snapshot(frame(2))
    there = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(4.2, 0.7)))
    with qtbot.waitSignal(plot.iteration_chosen) as chosen:
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=there)
    assert chosen.args == [4]


@pytest.mark.parametrize("length", [1, 2])
def test_a_run_that_has_hardly_begun(plot: BoundPlot, length: int) -> None:
    history = FitHistory()
    for step in HISTORY.steps[:length]:
        history.append(step)
    plot.show_snapshot(frame(length - 1, "E" if length > 1 else "start", history))
    QApplication.processEvents()
    assert count_near(plot.grab().toImage(), LIGHT.accent) > 20
    assert not any(layer.failed for layer in plot._layers)


class TestManyPoints:
    """Where a pass over the points takes long, it is made in a thread, and until then nothing is drawn in its place."""

    @pytest.fixture(autouse=True)
    def _nothing_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filling_module, "AT_ONCE", 0)
        monkeypatch.setattr(filling_module, "_AN_ERRAND", 1)

    def test_those_near_the_shown_iteration_come_first(
        self, plot: BoundPlot, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go, asked = threading.Semaphore(0), []
        compute = plot._gaps._compute

        def slow(snapshot: Snapshot, first: int, last: int, cancelled: object) -> object:
            assert threading.current_thread() is not threading.main_thread()
            assert go.acquire(timeout=5)
            asked.append((first, last))
            return compute(snapshot, first, last, cancelled)  # type: ignore[arg-type]

        monkeypatch.setattr(plot._gaps, "_compute", slow)
        plot.show_snapshot(frame(4))
        assert plot.sentence == "Computing the gap of iteration 4 from all points …"
        assert np.isnan(plot.gaps).all()
        go.release()
        qtbot.waitUntil(lambda: plot.sentence.startswith("E-step 4: the bound rose by "))
        assert asked == [(4, 4)]
        assert np.isfinite(plot.gaps).sum() == 1
        for _ in range(len(HISTORY)):
            go.release()
        qtbot.waitUntil(lambda: np.isfinite(plot.gaps[1:]).all())
        assert sorted(asked) == [(t, t) for t in range(1, len(HISTORY))]
        np.testing.assert_allclose(plot.gaps[1:], [judged(t) for t in range(1, len(HISTORY))], rtol=1e-6, atol=1e-12)

    def test_what_nobody_sees_is_not_computed(self, plot: BoundPlot, qtbot: QtBot) -> None:
        go, told = threading.Event(), []

        def slow(snapshot: Snapshot, first: int, last: int, cancelled: object) -> object:
            go.wait(5)
            told.append(cancelled())  # type: ignore[operator]
            return np.zeros((1, last - first + 1))

        plot._gaps._compute = slow  # type: ignore[assignment]
        plot.show_snapshot(frame(4))
        plot.hide()
        go.set()
        qtbot.waitUntil(lambda: told == [True])
        qtbot.wait(30)
        assert np.isnan(plot.gaps).all()

    def test_another_run_begins_anew(self, plot: BoundPlot, qtbot: QtBot) -> None:
        plot.show_snapshot(frame(4))
        qtbot.waitUntil(lambda: np.isfinite(plot.gaps[1:]).all())
        settings = FitSettings(2, initialization="random-points", seed=3, max_iterations=60)
        other = fit(DATA.points, settings)
        assert other.log_likelihoods[0] != HISTORY.log_likelihoods[0]
        plot.show_snapshot(frame(1, "E", other, settings))
        assert np.isnan(plot.gaps).all()
        assert plot.gaps.size == len(other)


def test_the_window_shows_it_from_the_keyboard_and_by_step(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    switch = find(window, QAbstractButton, "bound.by_step")
    assert not switch.isVisible()
    action(window, "view.bound").trigger()
    assert window.panel(CurvesPanel).shown == "bound"
    assert switch.isVisible()
    switch.click()
    window.session.show_iteration(2)
    qtbot.waitUntil(action(window, "run.half_step").isEnabled)
    action(window, "run.half_step").trigger()
    plot = window.panel(CurvesPanel).plot("bound")
    qtbot.waitUntil(lambda: plot.sentence.startswith("M-step 3: log-likelihood up by "))
    assert plot.x_axis.ticks.strings[1] == "M-step 3"


def test_by_step_there_is_nothing_to_see_before_the_start_is_made(plot: BoundPlot) -> None:
    data = two_groups(60)
    nothing = Run(2, data, SETTINGS, None, FitHistory(), ready=False)
    plot.set_by_step(True)
    plot.show_snapshot(take_snapshot(State(first_pair(data), (nothing,), nothing, Frame(0, "start"))))
    QApplication.processEvents()
    assert not any(layer.failed for layer in plot._layers)
    plot.show_snapshot(frame(2))
