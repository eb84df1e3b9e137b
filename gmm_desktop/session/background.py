"""Work that takes long and is not EM: reading a file, writing one."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from gmm_desktop.data import GivenUpError
from gmm_desktop.session.heartbeat import Heartbeat
from gmm_desktop.session.marker import Mark

Result = TypeVar("Result")

_PATIENCE, _LAST = 0.8, 0.4  # seconds for what is being written when the program ends, and to give it up
_writing: dict[threading.Thread, Progress] = {}


@atexit.register
def finish_writing(patience: float = _PATIENCE) -> bool:
    """Wait a moment for what is being written, then give it up; whether nothing is left.

    What it was to replace stays whole: see ``export.writing``.
    """
    for last, wait in ((False, patience), (True, _LAST)):
        until = time.monotonic() + wait
        for thread, progress in list(_writing.items()):
            if last:
                progress.give_up()
            thread.join(max(0.0, until - time.monotonic()))
    return not any(thread.is_alive() for thread in list(_writing))


class Progress:
    """How far a piece of work has come, told by its thread, and whether the rest of it is wanted.

    Attributes:
        share: of the work that is done, 0 to 1.
        give_way: waits while the window has something to do.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self.give_way: Callable[[], None] = lambda: None
        self._given_up = threading.Event()

    def tell(self, share: float) -> None:
        """From the work's thread; returns when the window's thread can spare the interpreter.

        Raises:
            GivenUpError: the rest is not wanted.
        """
        self.give_way()
        if self._given_up.is_set():
            raise GivenUpError
        self.share = share

    def give_up(self) -> None:
        """From any thread: the rest is not wanted."""
        self._given_up.set()

    @property
    def is_given_up(self) -> bool:
        """Whether the rest is not wanted."""
        return self._given_up.is_set()


class Background(QObject):
    """Runs one piece of work at a time in a thread; a newer one makes the older one's result unwanted.

    What tells of its progress ends there; what does not runs on for nothing, and does not keep the program from ending.
    What must finish, because it is being written, does both: only a person who cancels it, or the end of the program,
    for which it has a moment, ends it early.

    Attributes:
        mark: is told what is being written, so that the next start can say what was not finished.

    Signals:
        ended: the name of the work that has ended or was given up.
    """

    ended = Signal(str)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticket = 0
        self._job: _Job[object] | None = None
        self._running = 0
        self._heartbeat = Heartbeat(self)
        self.mark: Mark | None = None
        self._done.connect(self._on_done)

    @property
    def name(self) -> str:
        """What is being done, or ""."""
        return self._job.name if self._job is not None else ""

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1; 0 where it does not tell."""
        return self._job.progress.share if self._job is not None else 0.0

    def start(
        self,
        name: str,
        work: Callable[[], Result],
        take: Callable[[Result], object],
        fail: Callable[[Exception], object],
        *,
        progress: Progress | None = None,
        must_finish: bool = False,
    ) -> None:
        """Do ``work`` in a thread; in this one, ``take`` its result or be told its exception by ``fail``.

        With ``must_finish`` the program waits for it a moment before it ends. ``progress`` is what the work tells.
        """
        self._drop()
        ticket = self._ticket
        progress = progress or Progress()
        progress.give_way = self._heartbeat.give_way
        job = _Job(name, work, take, fail, progress, must_finish, self.mark if must_finish else None)
        self._job = job  # type: ignore[assignment]
        self._running += 1
        self._heartbeat.start()

        def run() -> None:
            job.do()
            with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
                self._done.emit(ticket, job)
            _writing.pop(threading.current_thread(), None)

        thread = threading.Thread(target=run, name=name, daemon=True)
        if must_finish:
            _writing[thread] = progress
        thread.start()

    def give_up(self) -> None:
        """A person cancels it: whatever it is, the rest is not wanted."""
        if self._job is not None:
            self._job.progress.give_up()
            self._job.forget()
        self.leave()

    def leave(self) -> None:
        """Nobody waits for the result any more."""
        name = self.name
        self._drop()
        if name:
            self.ended.emit(name)

    def _drop(self) -> None:
        if self._job is not None and not self._job.must_finish:
            self._job.progress.give_up()
        self._ticket += 1
        self._job = None

    def _on_done(self, ticket: int, job: _Job[object]) -> None:
        self._running -= 1
        if not self._running:
            self._heartbeat.stop()
        if ticket == self._ticket:
            self._job = None
            self.ended.emit(job.name)
            job.deliver()
        elif job.must_finish and not job.progress.is_given_up:
            job.deliver()  # other work has begun meanwhile, but whether a file was written is not to be missed


class _Job(Generic[Result]):
    """One piece of work, and who takes what comes of it."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Result],
        take: Callable[[Result], object],
        fail: Callable[[Exception], object],
        progress: Progress,
        must_finish: bool,
        mark: Mark | None,
    ) -> None:
        self.name = name
        self._mark = mark
        if mark is not None:
            mark.writing(name)
        self.progress = progress
        self.must_finish = must_finish
        self._work = work
        self._take = take
        self._fail = fail
        self._results: list[Result] = []
        self._error: Exception | None = None

    def do(self) -> None:
        """In the thread."""
        try:
            self._results.append(self._work())
            self.forget()
        except Exception as error:
            self._error = error

    def deliver(self) -> None:
        """In the window's thread."""
        if self._error is not None:
            self.forget()
            self._fail(self._error)
        else:
            self._take(self._results[0])

    def forget(self) -> None:
        """The next start need not speak of it: it is whole, or the person knows that it is not."""
        if self._mark is not None:
            self._mark.written(self.name)
