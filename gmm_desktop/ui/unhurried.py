"""Numbers that a person reads need not change with every frame."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from gmm_desktop.session import Snapshot
from gmm_desktop.session.conditions import is_running

_APART = 0.1  # seconds


class Unhurried(QObject):
    """Passes snapshots on at most ten times a second while EM runs, and at once when it rests.

    Nobody reads digits that change sixty times a second, and painting them would cost as much as the plot. What is
    shown last is always the newest.
    """

    def __init__(self, show: Callable[[Snapshot], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._shown = float("-inf")
        self._waiting: Snapshot | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_waiting)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show it now or soon."""
        self._waiting = snapshot
        left = self._shown + _APART - time.monotonic()
        if left <= 0 or not is_running(snapshot):
            self._show_waiting()
        elif not self._timer.isActive():
            self._timer.start(round(left * 1e3) + 1)

    def _show_waiting(self) -> None:
        snapshot, self._waiting = self._waiting, None
        self._timer.stop()
        if snapshot is not None:
            self._shown = time.monotonic()
            self._show(snapshot)
