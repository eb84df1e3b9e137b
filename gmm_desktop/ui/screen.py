"""The application, large enough to read on the screen that it is on."""

from __future__ import annotations

import os

from PySide6.QtWidgets import QApplication
from shiboken6 import delete

_CHOSEN = ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI", "QT_USE_PHYSICAL_DPI")
"""Whoever has set one of these has chosen the size of everything."""

_USUAL_HEIGHT, _LARGE_HEIGHT = 1080, 1800  # pixels
_USUAL_DPI = 110.0


def application() -> QApplication:
    """The QApplication, made where there is none.

    A 4K screen of which the system says that nothing is to be enlarged, as many X11 desktops do, would show
    everything at half of its size. There it is drawn larger. Qt reads the factor only when an application is made.
    """
    existing = QApplication.instance()
    if existing is not None:
        assert isinstance(existing, QApplication)
        return existing
    made = QApplication(["gmm-desktop"])
    factor = 1.0 if any(os.environ.get(name) for name in _CHOSEN) else _factor(made)
    if factor > 1.0:
        delete(made)  # shutdown() would take every QObject with it
        os.environ["QT_SCALE_FACTOR"] = str(factor)
        made = QApplication(["gmm-desktop"])
        del os.environ["QT_SCALE_FACTOR"]  # for this process, not for those that it starts
    return made


def _factor(made: QApplication) -> float:
    """How much larger than the system says everything is to be: in quarters, 1.0 where the screen is no larger."""
    screen = made.primaryScreen()
    if screen is None or screen.devicePixelRatio() != 1.0 or screen.logicalDotsPerInch() > _USUAL_DPI:
        return 1.0
    height = screen.size().height()
    return round(4 * height / _USUAL_HEIGHT) / 4 if height >= _LARGE_HEIGHT else 1.0
