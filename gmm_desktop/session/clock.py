"""Time on the screen: when a frame is due."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_FRAME_MILLISECONDS = 16
_LONGEST_MILLISECONDS = 200


class FrameClock(QObject):
    """Ticks at the screen's rate from the first request on, and rests when told to.

    Signals:
        ticked: a frame may be drawn now.
    """

    ticked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self.ticked)

    def wake(self) -> None:
        """Tick from now on."""
        if not self._timer.isActive():
            self._timer.start()

    def leave_room(self, drawing: float) -> None:
        """A frame took so many seconds: the next waits as long again, so that EM and the person get their turn."""
        self._timer.setInterval(max(_FRAME_MILLISECONDS, min(round(2000 * drawing), _LONGEST_MILLISECONDS)))

    def rest(self) -> None:
        """Tick no more until woken."""
        self._timer.stop()
