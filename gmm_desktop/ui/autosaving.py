"""Keeps the work without being asked, at quiet moments and at closing, and offers what was left at the next start."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gmm_desktop.data import DataError, GivenUpError
from gmm_desktop.data.table import quoted
from gmm_desktop.session.background import Progress
from gmm_desktop.session.heartbeat import Heartbeat
from gmm_desktop.session.work import mark_of, work_now
from gmm_desktop.ui.session_views import views_of
from gmm_desktop.ui.sessions import Sessions

if TYPE_CHECKING:
    from gmm_desktop.session.autosave import Autosave, Kept
    from gmm_desktop.ui.main_window import MainWindow

_LOOK_EVERY_MILLISECONDS = 1000
_AT_LEAST_EVERY = 15.0  # seconds, while EM runs without a pause
_MOST_AT_CLOSING = 1.2  # seconds


class Autosaving(QObject):
    """Looks once a second whether there is something new, and writes it in a thread.

    Where nothing was done, nothing is written. What cannot be written is told once.
    """

    _failed = Signal(str)

    def __init__(self, window: MainWindow, sessions: Sessions) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._untouched = self._kept = self._seen = self._mark()
        self._autosave: Autosave | None = None
        self._taken_from: Kept | None = None
        self._thread: threading.Thread | None = None
        self._progress = Progress()
        self._written_at = time.monotonic()
        self._has_failed = False
        self._heartbeat = Heartbeat(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._failed.connect(self._tell)
        sessions.leaving.connect(self._leave)
        sessions.taken.connect(self._begin_anew)
        window.closing.connect(self._finish)

    def offer(self) -> None:
        """Say in a line what the last window has left."""
        from gmm_desktop.session.autosave import autosave_root, kept_work, prune

        prune(autosave_root())
        left = [kept for kept in kept_work(autosave_root()) if not kept.is_safe]
        if left:
            self._window.notices.tell_in_turn(words_for(left[0]), answer=("Open it", lambda: self.open(left[0])))

    def open(self, kept: Kept) -> None:
        """Go on from what was left. It is deleted when this window has kept it in its own place."""
        from gmm_desktop.session.autosave import open_kept

        def taken() -> None:
            self._taken_from = kept
            self._untouched = self._kept = ()

        self._sessions.take_later(
            "Opening what was kept", lambda: (open_kept(kept), kept.file, kept.is_safe), then=taken
        )

    def _mark(self) -> tuple[object, ...]:
        """What differs as soon as there is something to write."""
        return (self._sessions.file, *mark_of(self._window.session))

    def _look(self) -> None:
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
            self._heartbeat.stop()
        mark, seen = self._mark(), self._seen
        self._seen = mark
        if self._thread is not None or mark in (self._kept, self._untouched):
            return
        waited = time.monotonic() - self._written_at
        quiet = mark == seen and not self._window.session.is_running and not self._window.background.name
        if quiet or waited > _AT_LEAST_EVERY:
            self._begin(mark)

    def _begin(self, mark: tuple[object, ...]) -> None:
        """Write what there is now, in a thread that gives way to the window."""
        taken_from = self._taken_from
        now, views, progress = work_now(self._window.session), views_of(self._window), Progress()
        file, is_in_file = self._sessions.file, not self._sessions.is_modified
        progress.give_way = self._heartbeat.give_way
        self._progress, self._taken_from, self._kept = progress, None, mark

        def write() -> None:
            from gmm_desktop.export import ExportError  # here, since loading them takes longer than a frame
            from gmm_desktop.session.autosave import Autosave, autosave_root, forget

            try:
                autosave = self._autosave = self._autosave or Autosave(autosave_root())
                autosave.begin()
                autosave.write(now, views, progress.tell, file, is_in_file)
            except GivenUpError:
                return
            except OSError as error:
                self._emit(f"no folder can be made for it ({error.strerror or error})")
            except (DataError, ExportError) as error:
                self._emit(str(error))
            except MemoryError:
                self._emit("there is not enough memory")
            else:
                if taken_from is not None:
                    forget(taken_from)

        self._written_at = time.monotonic()
        self._heartbeat.start()
        self._thread = threading.Thread(target=write, name="autosave", daemon=True)
        self._thread.start()

    def _emit(self, sentence: str) -> None:
        with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
            self._failed.emit(sentence)

    def _tell(self, why: str) -> None:
        self._kept = self._untouched
        self._written_at = time.monotonic() + 2 * _AT_LEAST_EVERY  # not every second
        if not self._has_failed:
            self._has_failed = True
            why = why.rstrip(".")
            self._window.notices.tell(f"Your work is not kept by itself: {why}. Save the session (Ctrl+S).")

    def _wait(self, until: float) -> bool:
        """Whether what is being written is done by then."""
        if self._thread is not None:
            self._heartbeat.stop()  # nobody gives way to a window that waits
            self._thread.join(max(until - time.monotonic(), 0.0))
            if self._thread.is_alive():
                return False
            self._thread = None
        return True

    def _leave(self) -> None:
        """Another session takes the place of this one, which is kept as it is; what is large is written already."""
        self._finish_writing()
        if self._autosave is not None:
            self._autosave.close()
        self._autosave = self._taken_from = None

    def _begin_anew(self) -> None:
        self._untouched = self._kept = self._mark()

    def _finish_writing(self) -> None:
        until = time.monotonic() + _MOST_AT_CLOSING
        mark = self._mark()
        if mark in (self._kept, self._untouched):
            self._wait(until)
        elif self._wait(until):
            self._begin(mark)
            self._wait(until)

    def _finish(self) -> None:
        """The window closes: in time or never. What was written last stays whole."""
        self._timer.stop()
        if self._sessions.is_safe:
            self._progress.give_up()
            self._wait(time.monotonic() + _MOST_AT_CLOSING)
            if self._autosave is not None:
                self._autosave.discard()
            return
        self._finish_writing()
        self._heartbeat.stop()
        if self._autosave is not None:
            self._autosave.close()


def words_for(kept: Kept, now: float | None = None) -> str:
    """ "Yesterday's work is here: 3 runs of Old Faithful, and 1 more data set."."""
    since = " That file was changed after it." if kept.file is not None and kept.file.is_another else ""
    day, today = time.localtime(kept.saved), time.localtime(now)
    days = _day_number(today) - _day_number(day)
    clock = time.strftime("%H:%M", day)
    if days == 0:
        when = f"Your work of {clock}"
    elif days == 1:
        when = "Yesterday's work"
    else:
        when = f"Your work of {day.tm_mday} {_MONTHS[day.tm_mon - 1]}"
        when += "" if day.tm_year == today.tm_year else f" {day.tm_year}"
    if kept.file is not None:
        when += f" on {quoted(kept.file.path.name)}"
    if not kept.runs:
        return f"{when} is here.{since}"
    runs = f"{kept.runs} run{'s' * (kept.runs != 1)} of {kept.source[:60]}"
    others = f", and {kept.others} more data set{'s' * (kept.others != 1)}" if kept.others else ""
    return f"{when} is here: {runs}{others}.{since}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _day_number(when: time.struct_time) -> int:
    import datetime

    return datetime.date(when.tm_year, when.tm_mon, when.tm_mday).toordinal()
