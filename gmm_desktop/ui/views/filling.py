"""Values of each iteration that need a pass over many points, computed bit by bit."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gmm_desktop.mixture.points import FitCancelledError
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views.errand import Cancelled, Errand

Array = NDArray[np.float64]
# (snapshot, first iteration, last iteration, cancelled) -> (rows, last - first + 1)
Compute = Callable[[Snapshot, int, int, Cancelled], Array]

# Numbers, each worth some 50 ns, that an iteration may need to be computed at once, and that an errand takes at a time.
AT_ONCE, _AN_ERRAND = 20_000, 2_000_000
_MOST_TOGETHER = 256
_BUDGET = 0.003  # seconds a frame


class Filling(QObject):
    """Rows of values along a history: those near the shown iteration first, the rest in a thread.

    Signals:
        changed: values have come from the thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject, rows: int, first: int, compute: Compute) -> None:
        """Args:
        parent: the plot.
        rows: how many values an iteration has.
        first: the first iteration that has any.
        compute: makes them; called in a thread too.
        """
        super().__init__(parent)
        self._rows, self._first, self._compute = rows, first, compute
        self._snapshot: Snapshot | None = None
        self._errand: Errand[tuple[int, Array]] = Errand(self)
        self._busy = False
        self._values = np.empty((rows, 0))
        self._known = np.zeros(0, dtype=bool)
        self._length = 0

    @property
    def values(self) -> Array:
        """(rows, T + 1), NaN where they are not known yet."""
        return self._values[:, : self._length]

    @property
    def missing(self) -> int:
        """How many iterations have no values yet."""
        return int(np.count_nonzero(~self._known[: self._length]))

    def follow(self, snapshot: Snapshot, cost: float) -> None:
        """Take the iterations of a snapshot.

        Args:
            snapshot: whose history it is.
            cost: how many numbers one iteration needs.
        """
        if self._snapshot is None or not _continues(self._snapshot, snapshot):
            self.forget()
        self._snapshot = snapshot
        self._extend(len(snapshot.trace.log_likelihoods))
        ends = time.perf_counter() + _BUDGET
        while cost <= AT_ONCE and time.perf_counter() < ends and (span := self._next(AT_ONCE / cost)):
            self._fill(span[0], self._compute(snapshot, *span, lambda: False))
        self._send(cost)

    def forget(self) -> None:
        """Begin anew: what the values mean has changed."""
        self.rest()
        self._length = 0
        self._known[:] = False
        self._snapshot = None

    def rest(self) -> None:
        """Compute nothing until the next snapshot."""
        self._errand.cancel()
        self._busy = False

    def _extend(self, length: int) -> None:
        if length > self._known.size:
            grown = np.full((self._rows, max(64, 2 * length)), np.nan)
            grown[:, : self._length] = self.values
            known = np.zeros(grown.shape[1], dtype=bool)
            known[: self._length] = self._known[: self._length]
            self._values, self._known = grown, known
        self._values[:, self._length : length] = np.nan
        self._length = length
        self._known[: min(self._first, length)] = True

    def _next(self, most: float) -> tuple[int, int] | None:
        """The iterations in a row, at most so many, that are missing nearest to the shown one."""
        assert self._snapshot is not None
        missing = np.flatnonzero(~self._known[: self._length])
        if not missing.size:
            return None
        at = int(np.argmin(np.abs(missing - self._snapshot.iteration)))
        half = int(min(max(most, 1), _MOST_TOGETHER)) - 1
        low, high = max(0, at - half // 2), min(missing.size - 1, at + half - half // 2)
        together = missing - np.arange(missing.size) == missing[at] - at
        row = np.flatnonzero(together[low : high + 1]) + low
        return int(missing[row[0]]), int(missing[row[-1]])

    def _send(self, cost: float) -> None:
        snapshot, span = self._snapshot, None if self._busy else self._next(_AN_ERRAND / cost)
        if snapshot is None or span is None:
            return
        self._busy = True

        def work(cancelled: Cancelled) -> tuple[int, Array] | None:
            try:
                return span[0], self._compute(snapshot, *span, cancelled)
            except FitCancelledError:
                return None

        def then(result: tuple[int, Array]) -> None:
            self._busy = False
            self._fill(*result)
            self._send(cost)
            self.changed.emit()

        self._errand.run(work, then)

    def _fill(self, first: int, values: Array) -> None:
        part = slice(first, first + values.shape[1])
        self._values[:, part] = np.where(np.isfinite(values), values, np.nan)
        self._known[part] = True


def _continues(earlier: Snapshot, later: Snapshot) -> bool:
    """Whether a snapshot has the same history as an earlier one, or more of it."""
    known, values = earlier.log_likelihoods, later.log_likelihoods
    if earlier.run != later.run or earlier.dataset is not later.dataset or values.size < known.size:
        return False
    return not known.size or bool(known[0] == values[0] and known[-1] == values[known.size - 1])
