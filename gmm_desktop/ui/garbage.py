"""Garbage is collected in the window's thread alone.

Python looks for garbage in whatever thread happens to make objects. Where that is the one that runs EM or reads a file,
Qt's objects are taken apart there while the window paints, and the program dies at some later moment.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QCoreApplication, QObject, QTimer

_LOOK_EVERY = 50  # milliseconds
_SHARE = 0.02  # of the time at most, spent on looking through everything there is


class GarbageCollector(QObject):
    """Collects when Python would, but between two events of the window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rests_until = 0.0
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(_LOOK_EVERY)

    def look(self) -> None:
        """Collect what is due: the young often, the old seldom."""
        young, middle, old = (count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True))
        began = time.perf_counter()
        if young and middle and old and began >= self._rests_until:
            gc.collect()
            now = time.perf_counter()
            self._rests_until = now + (now - began) / _SHARE
        elif young:
            gc.collect(1 if middle else 0)


def install(application: QCoreApplication) -> None:
    """Collect in the thread of ``application`` from now on, and nowhere else; once is enough."""
    gc.disable()
    if application.findChild(GarbageCollector) is None:
        GarbageCollector(application)
