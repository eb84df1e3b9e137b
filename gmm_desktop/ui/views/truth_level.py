"""The log-likelihood that the generating mixture has on the points that are fitted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from gmm_desktop.mixture.divergence import mean_log_likelihood
from gmm_desktop.mixture.points import FitCancelledError
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views.errand import Cancelled, Errand

Array = NDArray[np.float64]

AT_ONCE = 200_000
"""Points up to which the pass over them, some milliseconds, is made in the window's thread."""

_PLACES = 9  # that a word may have from left to right


class TruthLevel(QObject):
    """Computed once for each data set, which takes a pass over all points.

    Attributes:
        mean: a point; NaN where it is not known yet, or where nobody knows the truth.

    Signals:
        changed: it has come from the thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.mean = math.nan
        self._dataset: object = None
        self._passing: Errand[float] = Errand(self)

    @property
    def is_under_way(self) -> bool:
        """Whether it is being computed."""
        return self._passing.is_under_way

    def follow(self, snapshot: Snapshot, *, at_once: bool = False) -> None:
        """Take the data of a snapshot; ``at_once`` computes here and now, however many points there are."""
        truth, dataset = snapshot.truth, snapshot.dataset
        if dataset is not self._dataset:
            self.rest()
            self._dataset, self.mean = dataset, math.nan
        if truth is None or not math.isnan(self.mean):
            return

        def work(cancelled: Cancelled) -> float | None:
            try:
                return mean_log_likelihood(truth, dataset.points, dataset.sample_weight, cancelled)
            except FitCancelledError:
                return None

        def then(value: float) -> None:
            if self._dataset is dataset:
                self.mean = value
                self.changed.emit()

        if at_once or dataset.size <= AT_ONCE:
            self.rest()
            self.mean = mean_log_likelihood(truth, dataset.points, dataset.sample_weight)
        elif not self._passing.is_under_way:
            self._passing.run(work, then)

    def know(self, snapshot: Snapshot, mean: float) -> None:
        """Take what somebody has computed for the data of a snapshot."""
        self.rest()
        self._dataset, self.mean = snapshot.dataset, mean

    def rest(self) -> None:
        """Compute nothing until the next snapshot."""
        self._passing.cancel()


def place_of_word(
    wide: float, high: float, room: QRectF, level: float, curve: tuple[Array, Array], taken: Sequence[QRectF]
) -> QPointF:
    """Where a word about a level begins (its base line): beside it, and where it covers least.

    Args:
        wide: of the word, in pixels as all else.
        high: of the word.
        room: what there is.
        level: the line that the word is about.
        curve: x and y of (m,) places of a curve, from left to right.
        taken: where other words are.
    """
    margin, gap = 8.0, 0.4 * high
    lefts = np.linspace(room.left() + margin, max(room.right() - wide - margin, room.left() + margin), _PLACES)
    level = min(max(level, room.top() - gap), room.bottom() + gap)
    nearest = (level - high - gap, level + gap, level - 2 * (high + gap), level + high + 2 * gap)
    tops = [top for top in nearest if room.top() <= top <= room.bottom() - high] or [room.top()]
    boxes = [QRectF(left, top, wide, high) for top in tops for left in lefts.tolist()]
    rim = 0.3 * high

    def covered(box: QRectF) -> int:
        wider = box.adjusted(-rim, 0, rim, 0)
        return sum(wider.intersects(other) for other in taken) + _covers(wider, *curve)

    best = min(boxes, key=covered)
    return QPointF(best.left(), best.bottom() - 0.2 * high)


def _covers(box: QRectF, x: Array, y: Array) -> bool:
    """Whether a box covers a part of a curve."""
    if not x.size or box.right() < x[0] or box.left() > x[-1]:
        return False
    inside = (x > box.left()) & (x < box.right())
    heights = np.concatenate([np.interp([box.left(), box.right()], x, y), y[inside]])
    return bool(heights.max() > box.top() and heights.min() < box.bottom())
