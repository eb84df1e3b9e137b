"""The real window for a benchmark: opened with settings of its own, shown data that EM never finishes, and closed."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gmm_desktop.app import create_window
from gmm_desktop.data import Dataset, dataset_from_array
from gmm_desktop.ui.main_window import MainWindow

ENDLESS = ["--components", "4", "--stop-rule", "iterations", "--max-iterations", "1000000"]
"""Arguments of a fit that does not stop while somebody measures."""

# They overlap, so that EM creeps and every frame differs from the one before.
_MEANS = ((0.0, 0.0), (2.0, 1.0), (4.5, -1.0), (-3.0, 0.5))
_SPREADS = ((1.0, 1.0), (1.4, 0.7), (0.8, 1.2), (1.1, 0.9))


def four_groups(n: int, d: int) -> NDArray[np.float64]:
    """Points (n, d) of four overlapping components, d = 1 or 2."""
    rng = np.random.default_rng(3)
    labels = rng.integers(4, size=n)
    points = rng.standard_normal((n, d))
    points *= np.array(_SPREADS)[labels, :d]
    points += np.array(_MEANS)[labels, :d]
    return points


def four_group_data(n: int, d: int) -> Dataset:
    """``four_groups`` as the window takes them, with no generating mixture to draw."""
    return dataset_from_array(four_groups(n, d), source="four groups", components=4)


@contextmanager
def opened(width: int, height: int) -> Iterator[MainWindow]:
    """The shown window with the first start made; afterwards closed and forgotten."""
    window = create_window(ENDLESS)
    window.resize(width, height)
    window.session.set_rate(float("inf"))
    spin_until(lambda: window.session.state.run.ready)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


def spin(seconds: float) -> None:
    """Let the window live."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def spin_until(done: Callable[[], bool], seconds: float = 120.0) -> None:
    """Let the window live until ``done``.

    Raises:
        TimeoutError: it takes longer than ``seconds``.
    """
    for _ in range(int(seconds / 0.02)):
        if done():
            return
        spin(0.02)
    raise TimeoutError(f"Not done within {seconds:g} s.")


def resident() -> float:
    """Bytes of memory that this process holds; NaN where the system does not tell."""
    if not os.path.exists("/proc/self/status"):
        return float("nan")
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024.0 for line in file if line.startswith("VmRSS"))
