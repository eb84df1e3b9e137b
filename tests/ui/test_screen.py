"""The size of everything on the screen that there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_CODE = """
from gmm_desktop.app import create_window
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from PySide6.QtWidgets import QApplication
window = create_window([])
QApplication.processEvents()
print(window.devicePixelRatio(), window.panel(PlotPanel).plot.grab().devicePixelRatio())
window.close()
"""


def ratio_on(tmp_path: Path, width: int, height: int, **chosen: str) -> list[float]:
    """The device pixel ratio of the window and of its plot on a screen of that many pixels."""
    screen = {
        "name": "one",
        "x": 0,
        "y": 0,
        "width": width,
        "height": height,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    (tmp_path / "screens.json").write_text(json.dumps({"screens": [screen]}))
    platform = f"offscreen:configfile={tmp_path / 'screens.json'}"
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), **chosen}
    code = f"import os\nos.environ['QT_QPA_PLATFORM'] = {platform!r}\n{_CODE}"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [float(part) for part in done.stdout.split()]


@pytest.mark.parametrize(
    ("width", "height", "ratio"), [(1024, 768, 1.0), (1920, 1080, 1.0), (2560, 1440, 1.0), (3840, 2160, 2.0)]
)
def test_on_a_4k_screen_that_enlarges_nothing_everything_is_drawn_larger(
    tmp_path: Path, width: int, height: int, ratio: float
) -> None:
    assert ratio_on(tmp_path, width, height) == [ratio, ratio]


def test_who_has_chosen_a_size_has_it(tmp_path: Path) -> None:
    assert ratio_on(tmp_path, 3840, 2160, QT_SCALE_FACTOR="1.5") == [1.5, 1.5]
