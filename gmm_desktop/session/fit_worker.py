"""The one thread: it takes EM's steps at the pace that it is told and emits a signal for each."""

from __future__ import annotations

import atexit
import threading
import time
import traceback
from collections.abc import Callable, Generator

from PySide6.QtCore import QObject, QThread, Signal

from gmm_desktop.mixture import EMStep, FitEnding
from gmm_desktop.session.pace import AUTO, interval

Steps = Callable[[Callable[[], bool]], Generator[EMStep, None, FitEnding]]
"""Makes the steps; its argument is asked whether to give up."""

_MOST_UNHANDLED = 256
_UNLIMITED = -1
_SHORT = 2e-3  # seconds: a longer step spends its time in numpy, which does not hold the lock
_LONGEST_FRAME = 0.1  # seconds

_alive: set[FitWorker] = set()


@atexit.register
def _stop_all() -> None:
    """A thread that still runs when the process ends would abort it."""
    for worker in _alive:
        worker.stop()
        worker.wait()


class FitWorker(QThread):
    """Runs one fit. Pause, pace and stop act between two steps, or within one through ``cancelled``.

    The start is made at once and shown; what follows waits until it is allowed. The steps of a race among
    restarts wait for that first permission only.
    """

    stepped = Signal(int, object)
    """(ticket, EMStep): every iteration."""
    ended = Signal(int, object)
    """(ticket, FitEnding)."""
    failed = Signal(int, str)
    """(ticket, sentence): the data cannot be fitted."""
    crashed = Signal(int, str)
    """(ticket, traceback): a defect of ours."""

    def __init__(self, ticket: int, steps: Steps, rate: float = AUTO, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ticket = ticket
        self._steps = steps
        self._rate = rate
        self._allowed = 0
        self._stopping = threading.Event()
        self._wake = threading.Condition()
        self._window_rests = threading.Event()
        self._window_rests.set()
        self._unhandled = threading.Semaphore(_MOST_UNHANDLED)
        _alive.add(self)

    def allow(self, steps: int | None) -> None:
        """Let it take so many more steps; None: as many as there are; 0: pause."""
        with self._wake:
            if steps is None:
                self._allowed = _UNLIMITED
            elif steps == 0 or self._allowed == _UNLIMITED:
                self._allowed = steps
            else:
                self._allowed += steps
            self._wake.notify()

    def set_rate(self, rate: float) -> None:
        """Change the pace; acts at once."""
        with self._wake:
            self._rate = rate
            self._wake.notify()

    def handled(self) -> None:
        """One emitted step has been dealt with."""
        self._unhandled.release()

    def hold(self, drawing: bool) -> None:
        """While the window draws, short steps wait: they would take the interpreter lock from it many times a frame."""
        if drawing:
            self._window_rests.clear()
        else:
            self._window_rests.set()

    def stop(self) -> None:
        """Ask it to end; wait() then returns within a block's time."""
        self._stopping.set()
        self._window_rests.set()
        with self._wake:
            self._wake.notify()

    def join(self) -> None:
        """End it, and give it back."""
        self.stop()
        self.wait()
        _alive.discard(self)
        self.deleteLater()

    def run(self) -> None:
        """The thread's body."""
        try:
            self._take_steps()
        except ValueError as error:
            self.failed.emit(self.ticket, str(error))
        except MemoryError:
            self.failed.emit(
                self.ticket, "There is not enough memory to fit these data; fewer rows or components may fit."
            )
        except Exception:
            self.crashed.emit(self.ticket, traceback.format_exc())

    def _take_steps(self) -> None:
        steps = self._steps(self._stopping.is_set)
        taken = time.monotonic()
        while not self._stopping.is_set():
            try:
                step = next(steps)
            except StopIteration as stop:
                if not self._stopping.is_set():
                    self.ended.emit(self.ticket, stop.value)
                return
            if not self._emit(step) or not self._wait_for_turn(step, time.monotonic()):
                return
            # A short step must not starve the window of the interpreter lock.
            now = time.monotonic()
            if now - taken < _SHORT:
                time.sleep(0)
                self._window_rests.wait(_LONGEST_FRAME)
                now = time.monotonic()
            taken = now

    def _emit(self, step: EMStep) -> bool:
        while not self._unhandled.acquire(timeout=0.05):
            if self._stopping.is_set():
                return False
        if self._stopping.is_set():
            return False
        self.stepped.emit(self.ticket, step)
        return True

    def _wait_for_turn(self, step: EMStep, shown: float) -> bool:
        """Wait until the step after ``step`` is allowed and due; False: give up."""
        with self._wake:
            while self._allowed == 0 and not self._stopping.is_set():
                self._wake.wait()
            if step.racing:
                return not self._stopping.is_set()
            while not self._stopping.is_set():
                left = shown + interval(self._rate, step.iteration) - time.monotonic()
                if self._allowed == 0:
                    self._wake.wait()
                elif self._allowed > 0 or left <= 0:  # a single step is due at once
                    break
                else:
                    self._wake.wait(left)
            if self._allowed > 0:
                self._allowed -= 1
            return not self._stopping.is_set()
