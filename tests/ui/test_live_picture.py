"""The picture while EM runs at full speed, and while many points are counted for another view."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import EMStep
from gmm_desktop.session import Snapshot
from gmm_desktop.session import fit_worker as worker
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.theme import LIGHT, component_colour
from gmm_desktop.ui.views import DataPlot, ViewOptions
from gmm_desktop.ui.views import point_image as module
from tests.ui.driving import Open, action, fast
from tests.ui.showing import Paints, count_near, mixture, picture_of, pixel_of, snapshot, two_groups

ENDLESS = ("--components", "4", "--stop-rule", "iterations", "--max-iterations", "1000000")


def test_at_full_speed_every_iteration_is_kept_and_none_is_drawn_twice(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*ENDLESS)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    frames: list[Snapshot] = []
    steps: list[int] = []
    window.session._runner.stepped.connect(lambda step: steps.append(step.iteration))
    window.session.changed.connect(frames.append)
    paints = Paints(window.panel(PlotPanel).plot)
    fast(window)
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: len(frames) > 30, timeout=10_000)
    while_running = [frame.iteration for frame in frames if frame.activity == "computing" and frame.iteration]
    painted = paints.count
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "paused", timeout=5000)
    qtbot.wait(100)
    assert steps == list(range(1, window.session.state.run.last + 1))
    assert len(steps) > 5 * len(frames), "many iterations for each frame"
    assert len(set(while_running)) == len(while_running), "no frame twice"
    assert painted <= len(frames) + 2


def test_no_more_steps_wait_than_a_bound_while_the_window_is_away(open_window: Open, qtbot: QtBot) -> None:
    """The worker stops for a window that does not come to handle its steps, and loses none."""
    window = open_window(*ENDLESS)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    sent: list[int] = []
    runner: Any = window.session._runner
    emitting = worker.FitWorker._emit

    def emit(self: worker.FitWorker, step: EMStep) -> bool:
        if emitted := emitting(self, step):
            sent.append(step.iteration)
        return emitted

    runner._worker._emit = emit.__get__(runner._worker)
    fast(window)
    waiting: list[int] = []

    def stay_away() -> None:
        time.sleep(0.4)
        waiting.append(len(sent) - window.session.state.run.last)

    action(window, "run.play").trigger()
    QTimer.singleShot(100, window, stay_away)
    qtbot.waitUntil(lambda: bool(waiting), timeout=5000)
    assert 0 < waiting[0] <= worker._MOST_UNHANDLED + 1
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "paused", timeout=5000)


def test_while_other_counts_are_made_the_old_image_follows_the_view(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = DataPlot()
    qtbot.addWidget(plot)
    plot.resize(800, 500)
    plot.show()
    plot.set_options(ViewOptions(ellipses=False, contours=False, trails=False))
    plot.show_snapshot(snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]])))
    left = component_colour(LIGHT, 0)
    qtbot.waitUntil(lambda: count_near(picture_of(plot), left) > 3000, timeout=5000)
    counting, threads = threading.Event(), []
    really_count = module.count_cells

    def slowly(*arguments: Any, **named: Any) -> Any:
        threads.append(threading.current_thread())
        counting.wait(5)
        return really_count(*arguments, **named)

    monkeypatch.setattr(module, "count_cells", slowly)
    before = picture_of(plot)
    plot.getViewBox().setRange(xRange=(-6, -2), yRange=(-1.5, 1.5), padding=0)
    meanwhile = picture_of(plot)
    assert threads
    assert threading.main_thread() not in threads
    assert count_near(meanwhile, left, 60) > 2 * count_near(before, left, 60), "the old image is larger at once"
    assert meanwhile.pixelColor(pixel_of(plot, -4, -0.6)).hue() == pytest.approx(210, abs=25)
    counting.set()
    qtbot.waitUntil(lambda: picture_of(plot) != meanwhile, timeout=5000)
    sharp = picture_of(plot)
    strength = np.array([sharp.pixelColor(x, 250).lightness() for x in range(150, 700)])
    assert np.abs(np.diff(strength)).max() > 60, "the new one has edges"


def test_the_old_image_stays_in_its_place_however_large_it_becomes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = DataPlot()
    qtbot.addWidget(plot)
    plot.resize(800, 500)
    plot.show()
    plot.set_options(ViewOptions(ellipses=False, contours=False, trails=False))
    plot.show_snapshot(snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]])))
    right = component_colour(LIGHT, 1)
    qtbot.waitUntil(lambda: count_near(picture_of(plot), right) > 3000, timeout=5000)
    counting = threading.Event()
    really_count = module.count_cells

    def slowly(*arguments: Any, **named: Any) -> Any:
        counting.wait(5)
        return really_count(*arguments, **named)

    monkeypatch.setattr(module, "count_cells", slowly)
    for nearer in (1e-2, 1e-4, 1e-6):
        plot.getViewBox().setRange(xRange=(4 - nearer, 4 + nearer), yRange=(-nearer, nearer), padding=0)
        meanwhile = picture_of(plot)
        assert count_near(meanwhile, right, 40) > 300 * 700, "it is the middle of the right group"
    counting.set()
    qtbot.waitUntil(lambda: picture_of(plot) != meanwhile, timeout=5000)


def test_points_do_not_move_among_each_other_while_the_view_is_moved(qtbot: QtBot) -> None:
    plot = DataPlot()
    qtbot.addWidget(plot)
    plot.resize(800, 500)
    plot.show()
    plot.set_options(ViewOptions(ellipses=False, contours=False, trails=False))
    plot.show_snapshot(snapshot(two_groups(300_000), None))
    qtbot.waitUntil(lambda: plot.cloud is not None and not plot.is_counting, timeout=5000)
    box = plot.getViewBox()

    def shown(right: int, down: int) -> NDArray[np.uint8]:
        """The middle of the plot after a move by whole pixels."""
        x, y = 0.4 * right / box.width(), 0.3 * down / box.height()
        box.setRange(xRange=(3.8 - x, 4.2 - x), yRange=(-0.15 + y, 0.15 + y), padding=0)
        picture_of(plot)
        qtbot.waitUntil(lambda: not plot.is_counting, timeout=5000)
        image = picture_of(plot).convertToFormat(QImage.Format.Format_Grayscale8)
        whole = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        return whole[100 + down : 300 + down, 200 + right : 600 + right].astype(np.uint8)

    before = shown(0, 0)
    assert (before < 250).sum() > 1000
    for right, down in ((1, 0), (0, 1), (3, 5)):
        assert (shown(right, down) != before).mean() < 0.01
