"""The short way of an M-step: components glide to where they are now."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from gmm_desktop.ui.views.shown import ShownMixture

SECONDS = 0.18
_APART = 0.25  # seconds between the beginnings of two: steps that follow faster are shown without
_FRAME_MILLISECONDS = 16


class Glide(QObject):
    """One movement at a time; when it is over, or another step comes, the target is what is drawn."""

    def __init__(self, redraw: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._redraw = redraw
        self._began = -1e9
        self._from: ShownMixture | None = None
        self._to: ShownMixture | None = None
        self._drawn: tuple[float, ShownMixture] | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._on_frame)

    @property
    def is_moving(self) -> bool:
        """Whether it is under way."""
        return self._timer.isActive()

    def begin(self, start: ShownMixture, target: ShownMixture) -> None:
        """Move from one mixture to another with as many components, unless the last movement has just begun."""
        now = time.monotonic()
        hurried = now - self._began < _APART
        self._began = now
        self.end()
        if not hurried and start.means.shape == target.means.shape:
            self._from, self._to = start, target
            self._timer.start()

    def end(self) -> None:
        """Be there at once."""
        self._timer.stop()
        self._from = self._to = self._drawn = None

    def shown(self, target: ShownMixture) -> ShownMixture:
        """What is to be drawn now for ``target``: a mixture on the way to it, or itself."""
        if self._from is None or self._to is not target:
            return target
        share = min(1.0, (time.monotonic() - self._began) / SECONDS)
        if self._drawn is None or self._drawn[0] != share:
            self._drawn = (share, between(self._from, target, share * share * (3 - 2 * share)))
        return self._drawn[1]

    def _on_frame(self) -> None:
        if time.monotonic() - self._began >= SECONDS:
            self.end()
        self._redraw()


def between(a: ShownMixture, b: ShownMixture, share: float) -> ShownMixture:
    """The mixture at ``share`` (0 to 1) of the straight way from ``a`` to ``b`` in weights, means and covariances.

    A mean of covariances is one; a mean of their factors would bulge where an ellipse turns.
    """
    if share >= 1.0:
        return b
    first, second = (m.cholesky @ m.cholesky.transpose(0, 2, 1) for m in (a, b))
    return ShownMixture(
        a.weights + share * (b.weights - a.weights),
        a.means + share * (b.means - a.means),
        np.asarray(np.linalg.cholesky(first + share * (second - first)), dtype=np.float64),
    )
