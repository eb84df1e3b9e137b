"""The program ends soon after its window is closed, whatever is under way then. Only for a process of its own."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from gmm_desktop.session import logbook
from gmm_desktop.session.background import finish_writing
from gmm_desktop.ui import reports

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_LONGEST = 1.7  # seconds from the closing of the window to the end of the process


class _Deadline(QObject):
    """Sees the window being closed, and ends the process if that takes too long.

    Every file is written whole or not at all, so that ending loses nothing but what was not finished; the next start
    says what that was.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:
            self._window.removeEventFilter(self)
            self._window.hide()  # what follows may take a moment
            threading.Thread(target=_end_late, args=(self._window,), name="deadline", daemon=True).start()
        return False


def watch(window: MainWindow) -> None:
    """From now on closing the window ends the process in time."""
    _Deadline(window)


def leave(status: int) -> None:
    """After the last event: let what is being written finish in a moment, or give it up.

    Where other threads are still computing, the process ends here: taking the interpreter apart below them may crash.
    """
    finish_writing()
    names = [thread.name for thread in threading.enumerate() if thread.name not in ("MainThread", "deadline")]
    if [name for name in names if not name.startswith("Dummy-")]:  # which are ended ones that Qt began
        _end(status)


def _end_late(window: MainWindow) -> None:
    time.sleep(_LONGEST)
    logbook.warn("Closing took too long; the process was ended")
    if window.pieces.is_busy:
        window.mark.writing("A picture")
    window.mark.end()
    _end(0)


def _end(status: int) -> None:
    reports.end_process()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(status)
