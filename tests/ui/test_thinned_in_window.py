"""A history past its bound, in the real window: what can be shown, what is said, what is written."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QSlider
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import FitHistory, fit
from gmm_desktop.mixture import history as history_module
from gmm_desktop.ui.captions import thinned
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background

LONG = ("--sample", "faithful", "--stop-rule", "iterations", "--max-iterations", "700")


@pytest.fixture
def window(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A run of 700 iterations of which some sixty are kept."""
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    made = open_window(*LONG)
    run_to_the_end(made, qtbot)
    return made


def history(window: MainWindow) -> FitHistory:
    return window.session.state.run.history


def alone(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> FitHistory:
    """The same fit, of which all is kept."""
    monkeypatch.setattr(history_module, "MOST_BYTES", 1 << 30)
    return fit(window.session.state.run.dataset.points, window.session.state.run.settings)


def test_it_is_said_and_the_curve_has_every_value(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = history(window).every
    assert every > 1
    assert f"history thinned: every {every}" in text(window, "status.activity")
    assert text(window, "status.activity").endswith("pair kept")
    assert thinned(every) in find(window, QLabel, "status.activity").toolTip()
    label = find(window, QLabel, "status.activity")
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: label.width() >= label.sizeHint().width())
    assert window.minimumSizeHint().width() <= 1023
    whole = alone(window, monkeypatch)
    np.testing.assert_array_equal(window.session.snapshot().log_likelihoods, whole.log_likelihoods)


def test_steps_visit_what_is_kept_both_ways(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, kept = alone(window, monkeypatch), history(window).kept.tolist()
    assert kept[-1] == 700
    qtbot.keyClick(window, Qt.Key.Key_Home)
    qtbot.waitUntil(action(window, "run.step").isEnabled)
    forward = [0]
    for _ in kept[1:]:
        qtbot.keyClick(window, Qt.Key.Key_S)
        snapshot = window.session.snapshot()
        forward.append(snapshot.iteration)
        assert snapshot.mixture is not None
        np.testing.assert_array_equal(snapshot.mixture.means, whole.mixture_at(snapshot.iteration).means)
    assert forward == kept
    qtbot.waitUntil(action(window, "run.back").isEnabled)
    back = [700]
    for _ in kept[1:]:
        qtbot.keyClick(window, Qt.Key.Key_B)
        back.append(window.session.snapshot().iteration)
    assert back == kept[::-1]


def test_half_steps_draw_two_mixtures_of_a_pair_and_never_of_two(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, kept = alone(window, monkeypatch), history(window).kept.tolist()
    window.session.show_iteration(0)
    qtbot.waitUntil(action(window, "run.half_step").isEnabled)
    halves = [(0, "E")]
    for earlier, t in pairwise(kept):
        halves += [(t, "M"), (t, "E")] if t == earlier + 1 else [(t, "E")]
    frames = []
    for _ in halves:
        qtbot.keyClick(window, Qt.Key.Key_H)
        shown = window.session.snapshot()
        frames.append((shown.iteration, shown.phase))
        assert shown.mixture is not None
        assert shown.colouring is not None
        before = shown.iteration - 1 if shown.phase == "M" else shown.iteration
        np.testing.assert_array_equal(shown.colouring.means, whole.mixture_at(before).means)
    assert frames == halves
    qtbot.waitUntil(action(window, "run.half_back").isEnabled)
    back = []
    for _ in halves[1:]:
        qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
        back.append((window.session.state.frame.iteration, window.session.state.frame.phase))
    assert back == halves[-2::-1]


def test_the_timeline_shows_the_nearest_and_its_arrows_never_stick(window: MainWindow, qtbot: QtBot) -> None:
    timeline = find(window, QSlider, "run.timeline")
    dropped = next(t for t in range(300, 700) if not history(window).is_kept(t) and history(window).is_kept(t + 1))
    timeline.setValue(dropped)
    assert window.session.snapshot().iteration == history(window).nearest(dropped)
    qtbot.waitUntil(lambda: timeline.value() == window.session.snapshot().iteration)
    timeline.setFocus()
    for key, later in ((Qt.Key.Key_Right, True), (Qt.Key.Key_Left, False)):
        for _ in range(3):
            before = window.session.snapshot().iteration
            qtbot.keyClick(timeline, key)
            assert (window.session.snapshot().iteration > before) == later
            assert window.session.snapshot().iteration != before
            qtbot.waitUntil(lambda: timeline.value() == window.session.snapshot().iteration)


def test_dragging_the_timeline_never_jumps_back_and_forth(window: MainWindow, qtbot: QtBot) -> None:
    timeline = find(window, QSlider, "run.timeline")
    qtbot.waitUntil(lambda: timeline.value() == 700)
    action(window, "run.reset").trigger()
    qtbot.waitUntil(lambda: timeline.value() == 0)
    seen = []
    y, across = timeline.height() // 2, range(6, timeline.width() - 6)
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(across[0], y))
    for x in across:
        qtbot.mouseMove(timeline, QPoint(x, y))
        seen.append(window.session.snapshot().iteration)
        window.show_snapshot(window.session.snapshot())
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(across[-1], y))
    assert len(set(seen)) > 15
    assert seen == sorted(seen)


def test_a_click_on_the_curve_shows_what_is_nearest_however_often(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.panel(CurvesPanel).plot("log_likelihood")
    wanted = next(t for t in range(300, 690) if not history(window).is_kept(t))
    limits = plot.view_box.viewRange()
    place = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(wanted, sum(limits[1]) / 2)))
    clicked = round(plot.view_box.mapSceneToView(plot.mapToScene(place)).x())
    for _ in range(3):
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert window.session.snapshot().iteration == history(window).nearest(clicked)


def test_the_caption_tells_no_move_that_is_not_known(window: MainWindow, qtbot: QtBot) -> None:
    kept = history(window)
    lone = next(t for t in range(300, 690) if kept.is_kept(t) and not kept.is_kept(t - 1))
    window.session.show_iteration(lone)
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith(f"Iteration {lone} "))
    assert text(window, "data.caption").endswith(f"{thinned(kept.every)}.")
    window.session.show_iteration(lone + 1)
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith(f"Iteration {lone + 1} "))
    assert "thinned" not in text(window, "data.caption")


def test_rounding_is_no_fall_of_the_log_likelihood(window: MainWindow, qtbot: QtBot) -> None:
    """At the maximum the last bits of a sum go up and down; EM does not."""
    gains = np.diff(window.session.snapshot().log_likelihoods)
    kept = history(window)
    for wanted in (next(t for t in range(650, 701) if kept.is_kept(t) and gains[t - 1] < 0), 5):
        window.session.show_iteration(wanted)
        qtbot.waitUntil(lambda wanted=wanted: text(window, "data.caption").startswith(f"Iteration {wanted} "))  # type: ignore[misc]
        assert ("the log-likelihood stays at" in text(window, "data.caption")) == (wanted > 5)
        assert ("rose by" in text(window, "data.caption")) == (wanted == 5)


def test_playing_backwards_and_forwards_goes_from_end_to_end(window: MainWindow, qtbot: QtBot) -> None:
    window.session.set_rate(500.0)
    seen: list[int] = []
    window.session.changed.connect(lambda snapshot: seen.append(snapshot.iteration))
    window.session.play_back()
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "paused", timeout=5000)
    assert window.session.snapshot().iteration == 0
    assert len(set(seen)) > 3  # not in one leap; how many frames there are is for the machine to say
    assert seen == sorted(seen, reverse=True)
    window.session.play()
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "paused", timeout=5000)
    assert window.session.snapshot().iteration == 700


def test_the_stop_stays_when_the_run_goes_far_past_it(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    window = open_window("--sample", "faithful", "--components", "3", "--tolerance", "1e-7")
    run_to_the_end(window, qtbot)
    stop = window.session.snapshot().stop_iteration
    assert stop is not None
    action(window, "run.go_on").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "paused", timeout=20_000)
    assert history(window).every > 1
    window.session.show_iteration(stop)
    assert window.session.snapshot().iteration == stop
    qtbot.waitUntil(lambda: "Converged" in text(window, "data.caption"))
    window.session.half_back()
    assert window.session.state.frame[:2] == (stop, "M")


def test_exported_parameters_have_the_whole_curve(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fit.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    kept = history(window)
    middle = kept.nearest(400)
    whole = alone(window, monkeypatch)
    for shown in (700, middle):
        window.session.show_iteration(shown)
        action(window, "file.export_parameters").trigger()
        wait_for_background(window, qtbot)
        stored = json.loads(path.read_text())
        assert stored["result"]["iterations"] == shown
        assert stored["history"]["log_likelihood"] == whole.log_likelihoods[: shown + 1].tolist()
        order = np.argsort(whole.mixture_at(shown).means[:, 0])
        assert stored["mixture"]["means"] == whole.mixture_at(shown).means[order].tolist()
        assert stored["start"]["means"] == whole.mixture_at(0).means[order].tolist()


def test_a_smaller_tolerance_moves_the_stop_along_all_iterations(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = alone(window, monkeypatch)
    window.session.change_settings(stop_rule="mean-gain", tolerance=1e-9)
    gains = np.diff(whole.log_likelihoods) / 272
    assert window.session.snapshot().stop_iteration == int(np.argmax(np.abs(gains) < 1e-9)) + 1


@pytest.mark.parametrize(
    ("every", "words"), [(2, "2nd"), (4, "4th"), (32, "32nd"), (512, "512th"), (1024, "1\u202f024th")]
)
def test_the_sentence(every: int, words: str) -> None:
    assert thinned(every) == f"history thinned: every {words} pair of iterations is kept"
