"""Whether the window's thread gets its turns, so that work in pure Python knows when to give way."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

_EVERY_MILLISECONDS = 4
_LATE = 8e-3  # seconds without a beat, after which the window is taken to be busy
_NAP = 1e-3
_LONGEST = 0.1


class Heartbeat(QObject):
    """Beats in the window's thread while somebody works in another.

    Python changes threads only so often: a frame, which asks for the interpreter some hundred times, waits each time
    for its turn while another thread computes. Late beats tell that thread to rest until the frame is done.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last = time.monotonic()
        self._missed = 0.0
        self._beats = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Beat from now on."""
        self._beat()
        self._beats = True
        self._timer.start()

    def stop(self) -> None:
        """Beat no more; nobody waits then."""
        self._beats = False
        self._timer.stop()

    def give_way(self) -> None:
        """From another thread: return when the window has had its turn, after a tenth of a second at the latest.

        A beat that did not come then is not waited for again: there may be no window any more.
        """
        last, given_up = self._last, time.monotonic() + _LONGEST
        if last == self._missed:
            return
        while self._beats and self._last + _LATE < time.monotonic():
            if time.monotonic() > given_up:
                self._missed = last
                return
            time.sleep(_NAP)

    def _beat(self) -> None:
        self._last = time.monotonic()
