"""Curves and films of a run whose history was thinned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import fit
from gmm_desktop.mixture import history as history_module
from gmm_desktop.mixture.bound import bound_gaps
from gmm_desktop.ui.film_view import FilmLook
from gmm_desktop.ui.filming import plan_film
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.views.layer import Layer
from tests.ui.driving import Open, action, run_to_the_end, wait_for_background

LONG = ("--stop-rule", "iterations", "--max-iterations", "400")


@pytest.fixture
def window(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    made = open_window(*LONG)
    run_to_the_end(made, qtbot)
    assert made.session.state.run.history.every > 1
    return made


def test_the_gap_is_that_of_the_pairs_that_are_kept(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    action(window, "view.bound").trigger()
    plot = window.panel(CurvesPanel).plot("bound")
    qtbot.waitUntil(lambda: not plot._gaps.missing, timeout=5000)
    history = window.session.state.run.history
    monkeypatch.setattr(history_module, "MOST_BYTES", 1 << 30)
    points = window.session.state.run.dataset.points
    whole = fit(points, window.session.state.run.settings)
    expected = bound_gaps(points, whole.trace())
    for t in range(1, len(history)):
        if history.is_kept(t) and history.is_kept(t - 1):
            assert plot.gaps[t] == pytest.approx(expected[t - 1], rel=1e-6, abs=1e-13)
        else:
            assert np.isnan(plot.gaps[t])


@pytest.mark.parametrize("curve", ["bound", "gain", "truth_curves", "log_likelihood"])
def test_every_curve_is_drawn(window: MainWindow, qtbot: QtBot, curve: str) -> None:
    action(window, f"view.{curve}").trigger()
    plot = window.panel(CurvesPanel).plot(curve)
    for shown in (400, 200, 137, 3, 0):
        window.session.show_iteration(shown)
        qtbot.wait(60)
        plot.grab()
    layers = [item for item in plot.scene().items() if isinstance(item, Layer)]
    assert layers
    assert not any(layer.failed for layer in layers)


@pytest.mark.parametrize("halves", [False, True])
def test_a_film_shows_what_is_kept(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, halves: bool
) -> None:
    plan = plan_film(FilmLook(480, 360), 400, halves=halves, every=50, rate=4)
    monkeypatch.setattr("gmm_desktop.ui.animation_dialog.ask_for_film", lambda *_: plan)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "run.gif"), ""))
    action(window, "file.export_animation").trigger()
    wait_for_background(window, qtbot)
    with Image.open(tmp_path / "run.gif") as film:
        assert film.n_frames == len(plan.frames)  # type: ignore[attr-defined]
