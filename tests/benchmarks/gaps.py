"""How long the window's event loop is away while EM runs at full speed: the gaps of a 10 ms timer."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

from gmm_desktop.app import create_window
from gmm_desktop.data import MixtureGenerator

_SECONDS = 8.0
_CASES = ((300, 1), (300, 2), (1_000_000, 1), (1_000_000, 2))


def run() -> None:
    """Print the table."""
    print("Gaps of a 10 ms timer in the window's thread while EM runs at full speed")
    for n, d in _CASES:
        gaps, iterations = _gaps(n, d)
        half, nearly, longest = np.percentile(gaps, [50, 99, 100]) * 1e3
        print(
            f"{n:>9} points, {d}-D: median {half:.0f} ms, 99 % {nearly:.0f} ms, longest {longest:.0f} ms "
            f"({iterations / _SECONDS:.0f} iterations a second)"
        )


def _gaps(n: int, d: int) -> tuple[np.ndarray, int]:
    window = create_window(
        ["--components", "4", "--tolerance", "1e-300", "--stop-rule", "iterations", "--max-iterations", "1000000"]
    )
    window.resize(1280, 800)
    means = ((0.0,) * d, (2.0,) * d, (5.0,) * d, (-3.0,) * d)
    unit = tuple(tuple(float(i == j) for j in range(d)) for i in range(d))
    generator = MixtureGenerator((0.25,) * 4, means, (unit,) * 4, n)
    window.session.open(generator.dataset(1))
    _spin(1.0 + n / 5e5)
    window.session.set_rate(float("inf"))
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(10)
    window.session.play()
    _spin(_SECONDS)
    timer.stop()
    iterations = window.session.state.run.last
    window.close()
    window.deleteLater()
    return np.array(gaps[1:]), iterations


def _spin(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
