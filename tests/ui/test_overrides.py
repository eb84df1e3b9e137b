"""An exception in what Qt calls is shown, and the window lives on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os
import sys
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from gmm_desktop.app import create_window
from gmm_desktop.ui.panels.plot_panel import PlotPanel

window = create_window([])
QTest.qWait(50)
plot = window.panel(PlotPanel).plot
broken = lambda *_: np.zeros((1, 1))[:, 1]  # raised in C
try:
    {act}
except IndexError as error:
    sys.excepthook(type(error), error, error.__traceback__)
QTest.qWait(100)
print(window.isVisible(), window.notices.isVisible(), window.notices.text(), flush=True)
os._exit(0)  # what follows is not what is tried here
"""


@pytest.mark.parametrize(
    "act",
    [
        "plot.use(plot.placing); plot._inside = broken; QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton)",
        "window.session.make_room = broken; window.resize(window.width() + 50, window.height())",
    ],
)
def test_an_error_from_c_in_what_qt_calls_is_shown_and_the_window_lives_on(act: str, tmp_path: Path) -> None:
    program = PROGRAM.replace("{act}", act)
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True True Something went wrong"), done.stderr
    assert "index 1 is out of bounds for axis 1 with size 1" in done.stderr
