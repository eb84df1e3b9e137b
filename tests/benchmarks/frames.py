"""Time of a whole frame: the snapshot taken, every panel told, everything painted."""

from __future__ import annotations

import time
from statistics import median

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gmm_desktop.app import create_window
from gmm_desktop.data import MixtureGenerator
from gmm_desktop.ui.main_window import MainWindow

_SIZES = (300, 3_000, 30_000, 1_000_000, 10_000_000)
_FRAMES = 24


def run() -> None:
    """Print the table."""
    print("Frames: median CPU time of the window's thread for a whole frame at 1280 x 800")
    window = create_window([])
    window.resize(1280, 800)
    for d in (1, 2):
        for n in _SIZES:
            print(f"{n:>9} points, {d}-D: {_frame(window, n, d) * 1e3:6.1f} ms")
    window.close()


def _frame(window: MainWindow, n: int, d: int) -> float:
    rng = np.random.default_rng(3)
    factors = rng.normal(size=(4, d, d))
    generator = MixtureGenerator(
        (0.25,) * 4,
        tuple(map(tuple, rng.normal(size=(4, d)) * 4)),
        tuple(tuple(map(tuple, f @ f.T + np.eye(d) * 0.5)) for f in factors),
        n,
    )
    window.session.open(generator.dataset(1))
    _spin(0.4 + n / 2e6)
    for _ in range(_FRAMES):
        window.session.step()
        _wait_for_step(window)
    times = []
    for iteration in range(window.session.state.run.last):
        window.session.show_iteration(iteration)
        snapshot = window.session.snapshot()
        QApplication.processEvents()
        began = time.thread_time()
        window.show_snapshot(snapshot)
        QApplication.processEvents()  # paints what has changed
        times.append(time.thread_time() - began)
    return median(times)


def _wait_for_step(window: MainWindow) -> None:
    wanted = window.session.state.run.last + 1
    for _ in range(1000):
        if window.session.state.run.last >= wanted or window.session.state.run.outcome:
            return
        _spin(0.01)


def _spin(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
