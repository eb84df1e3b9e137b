"""Work of the window's thread in pieces, between which the window lives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

Result = TypeVar("Result")
Pieces = Generator[Callable[[], object] | None, None, Result]
"""Each piece ends with None, or with work that is to be done before the next one, in whatever thread."""

_LOOK_EVERY = 5  # milliseconds


def all_at_once(pieces: Pieces[Result]) -> Result:
    """Do all pieces here and now. Raises what they raise."""
    try:
        while True:
            work = next(pieces)
            if work is not None:
                work()
    except StopIteration as end:
        result: Result = end.value
        return result


class PieceByPiece(QObject):
    """Does one piece for each turn of the event loop, and the work between them in a thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: Pieces[object] | None = None
        self._turn: Callable[[bool], None] = lambda at_once: None
        self._work: _Work | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_turn)

    def start(
        self, pieces: Pieces[Result], take: Callable[[Result], object], fail: Callable[[Exception], object]
    ) -> None:
        """Begin; ``take`` gets the result, or ``fail`` what was raised. What was under way before is finished first."""
        self.finish()

        def turn(at_once: bool) -> None:
            try:
                work = self._next(pieces, at_once)
            except StopIteration as end:
                self._end()
                take(end.value)
            except Exception as error:
                self._end()
                fail(error)
            else:
                self._work = work
                self._timer.start(_LOOK_EVERY if work else 0)

        self._turn = turn
        self._pieces = pieces
        self._timer.start(0)

    @property
    def is_busy(self) -> bool:
        """Whether pieces are left."""
        return self._pieces is not None

    def finish(self) -> None:
        """Do the rest here and now."""
        while self._pieces is not None:
            self._turn(True)

    def _next(self, pieces: Pieces[Result], at_once: bool) -> _Work | None:
        if self._work is not None:
            work, self._work = self._work, None
            work.wait()
        step = next(pieces)
        if step is None:
            return None
        if at_once:
            step()
            return None
        return _Work(step)

    def _end(self) -> None:
        self._timer.stop()
        self._pieces = self._work = None

    def _on_turn(self) -> None:
        if self._work is None or self._work.is_done:
            self._turn(False)


class _Work:
    """Something done in a thread."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._error: BaseException | None = None
        self._call = work
        self._thread = threading.Thread(target=self._run, name="piece", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Until it is done; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as error:
            self._error = error
