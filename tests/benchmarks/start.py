"""Time from the start of the process to the first painted window, each in a process of its own, warm."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

_RUNS = 7
_CHILD = """
import sys, time
from gmm_desktop.app import create_window
from gmm_desktop.ui.panels import PlotPanel
from PySide6.QtCore import QEvent, QObject, QTimer
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: (print(time.time()), sys.stdout.flush(), app.exit()))
            window.panel(PlotPanel).plot.viewport().removeEventFilter(self)
        return False
window = create_window([])
from PySide6.QtWidgets import QApplication
app = QApplication.instance()
first = FirstPaint()
window.panel(PlotPanel).plot.viewport().installEventFilter(first)
app.exec()
window.close()
"""


def run() -> None:
    """Print the median."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_CONFIG_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a warm start has its modules compiled
        times = [_once(environment) for _ in range(_RUNS + 2)][2:]
    print(f"Start: {median(times):.2f} s to the first painted window (median of {_RUNS}, {min(times):.2f} at best)")
    imports = sorted(_imports(environment))
    print(f"       not imported before it: {', '.join(imports)}")


def _once(environment: dict[str, str]) -> float:
    began = time.time()
    result = subprocess.run([sys.executable, "-c", _CHILD], env=environment, capture_output=True, text=True, check=True)
    return float(result.stdout.splitlines()[-1]) - began


def _imports(environment: dict[str, str]) -> set[str]:
    code = _CHILD + "\nprint(*[m for m in ('scipy', 'pandas', 'sklearn', 'PIL') if m not in sys.modules])"
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "XDG_CONFIG_HOME": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    return set(result.stdout.splitlines()[-1].split())
