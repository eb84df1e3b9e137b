"""Saving everything, and going on from it: the session's file, its name in the title, what was left by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from gmm_desktop.data import Dataset
from gmm_desktop.data.table import quoted
from gmm_desktop.session.background import Progress
from gmm_desktop.session.saved_in import SavedIn, saved_in
from gmm_desktop.session.work import mark_of, take_work, work_now
from gmm_desktop.ui import files
from gmm_desktop.ui.recent import RecentFiles
from gmm_desktop.ui.session_views import show_views, views_of
from gmm_desktop.ui.short_names import seen

if TYPE_CHECKING:
    from gmm_desktop.session.archive import Opened
    from gmm_desktop.ui.main_window import MainWindow

SUFFIX = ".gmm"
RECENT = RecentFiles("sessions")
"""The sessions that were saved or opened."""

Found = tuple["Opened", SavedIn | None, bool]
"""What was read, the file that it belongs to, and whether that file has all of it."""

_OFFERED = f"Sessions (*{SUFFIX});;All files (*)"


class Sessions(QObject):
    """What the window knows of the file that its work is saved in.

    Attributes:
        file: the file, as it was when it was written or read here last, or None.

    Signals:
        leaving: another session is about to take the place of the window's.
        taken: it has.
    """

    leaving = Signal()
    taken = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.file: SavedIn | None = None
        self._window = window
        self._clean = mark_of(window.session)
        window.session.changed.connect(lambda _: self.refresh())
        self.refresh()

    @property
    def path(self) -> Path | None:
        """Where the file is, or None where there is none yet."""
        return None if self.file is None else self.file.path

    @property
    def is_safe(self) -> bool:
        """Whether all of the work is in a file that is still as it was."""
        return self.file is not None and not self.is_modified and self.file.is_as_it_was

    @property
    def is_modified(self) -> bool:
        """Whether there is something that the file does not have; without a file, that was not there at first."""
        return mark_of(self._window.session) != self._clean

    def refresh(self) -> None:
        """Title and mark."""
        data = self._window.session.painted_data
        title = window_title(self.path, "Empty canvas" if data is None else data.source)
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)
        self._window.setWindowModified(self.is_modified)

    def keeping_clean(self, change: Callable[[], object]) -> None:
        """Do what changes nothing that a person would save."""
        clean = not self.is_modified
        change()
        if clean:
            self._clean = mark_of(self._window.session)

    def save(self) -> None:
        """To the file that is known, unless it was changed elsewhere; where there is none, to one that is asked for."""
        if self.file is None:
            self.save_as()
        else:
            self._write(self.file.path, over=self.file)

    def save_as(self) -> None:
        """Ask for a file, and save there."""
        window = self._window
        name = self.path.stem if self.path is not None else files.stem(window.session.state.run.dataset)
        path = files.ask_where(window, "Save session", name, [(SUFFIX, "Session")])
        if path:
            self._write(Path(path) if path.endswith(SUFFIX) else Path(path + SUFFIX))

    def _write(self, path: Path, over: SavedIn | None = None) -> None:
        """Write it; where that would replace another file than ``over``, ask in a line."""
        from gmm_desktop.session.archive import save_session

        window, progress = self._window, Progress()
        now, views, mark = work_now(window.session), views_of(window), mark_of(window.session)

        def write() -> SavedIn | None:
            if over is not None and over.is_another:
                return None
            save_session(path, now, views, progress.tell)
            return saved_in(path) or SavedIn(path, 0, 0)

        def saved(file: SavedIn | None) -> None:
            if file is None:
                self._ask_about_another(path)
                return
            self.file, self._clean = file, mark
            RECENT.add(str(path))
            self.refresh()
            window.notices.tell(f"Saved everything to {path}.", passing=True)

        files.later(window, f"Saving {path.name}", write, saved, progress, must_finish=True)

    def _ask_about_another(self, path: Path) -> None:
        self._window.notices.tell(
            f"{quoted(path.name)} was changed elsewhere since it was opened or saved here; nothing was written. "
            "Save to another file (Ctrl+Shift+S), or replace what is there now.",
            answer=("Replace it", lambda: self._write(path)),
        )

    def read(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Open a session in the place of the window's own, which is left where it can be opened again."""
        from gmm_desktop.session.archive import open_session

        def work() -> Found:
            from gmm_desktop.export.temporary import sweep

            sweep(path.parent)  # what a process has left that was killed while it saved
            file = saved_in(path)
            return open_session(path), file, True

        def take() -> None:
            RECENT.add(str(path))
            if then is not None:
                then()

        self._window.folder = str(path.parent)
        self.take_later(f"Opening {path.name}", work, take)

    def take_later(self, name: str, work: Callable[[], Found], then: Callable[[], object] | None = None) -> None:
        """Read work in the background, go on from it, and call ``then``."""

        def take(found: Found) -> None:
            self.leaving.emit()
            self._take(*found)
            self.taken.emit()
            if then is not None:
                then()

        files.later(self._window, name, work, take)

    def _take(self, opened: Opened, file: SavedIn | None, is_in_file: bool) -> None:
        """Go on from work that was read, and that belongs to a file or to none."""
        window = self._window
        window.notices.hide()
        take_work(window.session, opened.work)
        show_views(window, opened.views)
        self.file, self._clean = file, mark_of(window.session) if is_in_file else ()
        self.refresh()
        if opened.notes:
            window.notices.tell(" ".join(opened.notes))
        elif not offer_rest(window, self.path) and opened.views.get("presented") is True:
            offer_presentation(window)


def window_title(path: Path | None, source: str) -> str:
    """ "lecture.gmm[*] – Old Faithful – GMM Desktop"; Qt puts a mark in the place of [*]."""
    data = seen(source[:60]).replace("[*]", "[*][*]")
    if path is None:
        return f"{data}[*] – GMM Desktop"
    return f"{seen(path.name[:60]).replace('[*]', '[*][*]')}[*] – {data} – GMM Desktop"


def offer_presentation(window: MainWindow) -> None:
    """A session that was presented takes over no screen by itself."""
    if not window.presentation.is_on:
        window.notices.tell(
            "This session was presented when it was kept.", answer=("Present", window.presentation.begin)
        )


def offer_rest(window: MainWindow, path: Path | None) -> bool:
    """Where the session only names the file of its data, offer to read the other columns; whether that is so."""
    from gmm_desktop.session.archive_data import elsewhere, read_elsewhere
    from gmm_desktop.session.rest import joined, take_datasets

    stored = elsewhere(window.session.state.run.dataset)
    if stored is None:
        return False
    folder = None if path is None else path.parent

    def read() -> None:
        progress, datasets = Progress(), work_now(window.session).work.datasets()
        work = lambda: joined(datasets, read_elsewhere(stored, folder, progress.tell), stored)  # noqa: E731
        files.later(window, f"Reading {stored.source}", work, take, progress)

    def take(instead: dict[int, Dataset]) -> None:
        views = views_of(window)
        window.notices.hide()
        sessions_of(window).keeping_clean(lambda: take_datasets(window.session, instead))
        show_views(window, views)

    window.notices.tell(
        f"The points are here. The other columns of {stored.source} are in the file itself, which is large.",
        answer=("Open it", read),
    )
    return True


def sessions_of(window: MainWindow) -> Sessions:
    """The one of a window."""
    found = window.findChild(Sessions)
    assert isinstance(found, Sessions)
    return found


def is_session(path: str | Path) -> bool:
    """Whether a file's name is that of a session."""
    return Path(path).suffix.lower() == SUFFIX


def save(window: MainWindow) -> None:
    """Save everything."""
    sessions_of(window).save()


def save_as(window: MainWindow) -> None:
    """Save everything to another file."""
    sessions_of(window).save_as()


def open_session_file(window: MainWindow) -> None:
    """Ask for a session and open it."""
    path, _ = QFileDialog.getOpenFileName(window, "Open session", window.folder, _OFFERED)
    if path:
        read(window, path)


def read(window: MainWindow, path: str | Path, then: Callable[[], object] | None = None) -> None:
    """Open a session; ``then`` is called when it is there."""
    sessions_of(window).read(Path(path), then)
