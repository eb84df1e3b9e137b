"""Work that would hold up the window, done in a thread of its own."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY = 10  # milliseconds

T = TypeVar("T")
Cancelled = Callable[[], bool]


class _Job(Generic[T]):
    """One piece of work: it is asked for its result, and never touches what Qt may have deleted."""

    def __init__(self, work: Callable[[Cancelled], T | None], then: Callable[[T], None]) -> None:
        self._work = work
        self.then = then
        self.result: T | None = None
        self.error: BaseException | None = None
        self.done = False
        self.cancelled = threading.Event()

    def do(self) -> None:
        try:
            self.result = self._work(self.cancelled.is_set)
        except BaseException as error:  # told in the window's thread
            self.error = error
        finally:
            self.done = True


class Errand(QObject, Generic[T]):
    """Does one job at a time; of those that come meanwhile only the newest waits, for the others are out of date."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: _Job[T] | None = None
        self._next: _Job[T] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to come of it."""
        return self._job is not None

    def run(self, work: Callable[[Cancelled], T | None], then: Callable[[T], None]) -> None:
        """Do ``work`` in a thread, and ``then`` here with what it gave; None means that it was given up."""
        job = _Job(work, then)
        if self._job is None:
            self._start(job)
        else:
            self._next = job

    def cancel(self) -> None:
        """Give up what is under way and what waits."""
        self._next = None
        if self._job is not None:
            self._job.cancelled.set()
            self._job = None
            self._timer.stop()

    def _start(self, job: _Job[T]) -> None:
        self._job = job
        threading.Thread(target=job.do, name="errand", daemon=True).start()
        self._timer.start()

    def _look(self) -> None:
        job = self._job
        if job is None or not job.done:
            return
        self._job, waiting, self._next = None, self._next, None
        self._timer.stop()
        if waiting is not None:
            self._start(waiting)
        if job.error is not None:
            sys.excepthook(type(job.error), job.error, job.error.__traceback__)
        elif job.result is not None:
            job.then(job.result)
