"""Work that takes long and is not EM: reading a file, writing one."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

Result = TypeVar("Result")


class Background(QObject):
    """Runs one piece of work at a time in a thread; a newer one makes the older one's result unwanted.

    What a library reads cannot be interrupted, and does not keep the program from ending; what is being written does.

    Signals:
        ended: the name of the work that has ended or was given up.
    """

    ended = Signal(str)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticket = 0
        self._job: _Job[object] | None = None
        self._done.connect(self._on_done)

    @property
    def name(self) -> str:
        """What is being done, or ""."""
        return self._job.name if self._job is not None else ""

    def start(
        self,
        name: str,
        work: Callable[[], Result],
        take: Callable[[Result], object],
        fail: Callable[[Exception], object],
        *,
        must_finish: bool = False,
    ) -> None:
        """Do ``work`` in a thread; in this one, ``take`` its result or be told its exception by ``fail``.

        With ``must_finish`` the program does not end before the work has.
        """
        self._ticket += 1
        ticket = self._ticket
        job = _Job(name, work, take, fail)
        self._job = job  # type: ignore[assignment]

        def run() -> None:
            job.do()
            with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
                self._done.emit(ticket, job)

        threading.Thread(target=run, name=name, daemon=not must_finish).start()

    def give_up(self) -> None:
        """The result is not wanted any more."""
        self._ticket += 1
        name, self._job = self.name, None
        if name:
            self.ended.emit(name)

    def _on_done(self, ticket: int, job: _Job[object]) -> None:
        if ticket == self._ticket:
            self._job = None
            self.ended.emit(job.name)
            job.deliver()


class _Job(Generic[Result]):
    """One piece of work, and who takes what comes of it."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Result],
        take: Callable[[Result], object],
        fail: Callable[[Exception], object],
    ) -> None:
        self.name = name
        self._work = work
        self._take = take
        self._fail = fail
        self._results: list[Result] = []
        self._error: Exception | None = None

    def do(self) -> None:
        """In the thread."""
        try:
            self._results.append(self._work())
        except Exception as error:
            self._error = error

    def deliver(self) -> None:
        """In the window's thread."""
        if self._error is not None:
            self._fail(self._error)
        else:
            self._take(self._results[0])
