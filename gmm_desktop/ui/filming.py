"""A run becomes a film: drawn frame by frame in the window's thread, encoded in another as the frames come."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from gmm_desktop.data import GivenUpError, Tell
from gmm_desktop.export.animations import (
    ANIMATIONS,
    animation,
    numbered_paths,
    numbered_pictures,
    order_of_drawing,
)
from gmm_desktop.export.film import Film, Picture
from gmm_desktop.export.writing import write_together, write_whole
from gmm_desktop.mixture import FitHistory
from gmm_desktop.session.background import Progress
from gmm_desktop.session.film import film_frames, film_steps, usual_rate
from gmm_desktop.session.snapshot import Snapshot, snapshot_at
from gmm_desktop.session.timeline import Frame
from gmm_desktop.ui.film_view import FilmLook, FilmView

NUMBERED = ".png"
"""The suffix that stands for numbered pictures."""

_AHEAD = 2  # pictures drawn before they are encoded; a large one takes 15 MB
_WAIT_MILLISECONDS = 5
_PATIENCE_SECONDS = 0.1


@dataclass(frozen=True)
class FilmPlan:
    """What a film shows and how.

    Attributes:
        look: size, colours, type.
        frames: what is shown, in order.
        rate: frames a second.
    """

    look: FilmLook
    frames: tuple[Frame, ...]
    rate: float

    @property
    def steps(self) -> int:
        """How many iterations are shown, the start among them."""
        return len({frame.iteration for frame in self.frames})

    def film(self, components: int) -> Film:
        """What an encoder is told."""
        look = self.look
        return Film(look.width, look.height, len(self.frames), self.rate, look.exact_colours(components))


def plan_film(look: FilmLook, last: int, *, rate: float = 0.0, halves: bool = False, every: int = 0) -> FilmPlan:
    """A film of a run up to iteration ``last``; see ``film_steps``. A rate of 0 is one that suits its length."""
    frames = tuple(film_frames(film_steps(last, every), halves))
    return FilmPlan(look, frames, rate or usual_rate(len(frames)))


def file_filters() -> list[tuple[str, str]]:
    """The suffix and the label of each format, for a file dialog."""
    return [*((row.id, row.label) for row in ANIMATIONS.values()), (NUMBERED, "Numbered pictures")]


class Filming:
    """One run on its way to one file, or to many numbered ones.

    Made and drawn in the window's thread, by ``begin``; ``write`` runs in another.

    Attributes:
        plan: what is shown.
        path: where it goes.
        refusal: why it cannot go to a file of this name, in a sentence; "" where it can.
    """

    def __init__(self, plan: FilmPlan, run: Snapshot, history: FitHistory, path: str) -> None:
        assert run.mixture is not None
        self.plan = plan
        self.path = path
        self._run = run
        self._history = history
        self._film = plan.film(run.mixture.n_components)
        suffixes, suffix = [*ANIMATIONS, NUMBERED], Path(path).suffix.lower()
        self._format = ANIMATIONS.get(suffix)
        unknown = f"'{Path(path).name}' was not written: end its name in {' or '.join(suffixes)}."
        self.refusal = "" if suffix in suffixes else unknown
        self._reel: _Reel | None = None

    def in_the_way(self) -> list[Path]:
        """Files that numbered pictures would replace: a dialog asks about a name that none of them has."""
        if self._format is not None:
            return []
        return [path for path in numbered_paths(self.path, len(self.plan.frames)) if path.exists()]

    def begin(self, window: QWidget, progress: Progress) -> None:
        """Draw from now on, a frame each time that the window has nothing else to do.

        Raises:
            ValueError: the frames would be too large.
        """
        self._reel = _Reel(progress)
        _Camera(window, FilmView(self.plan.look, waits=False), self._snapshots(), self._reel)

    def write(self) -> None:
        """Encode and write what is drawn.

        Raises:
            ExportError: it could not be encoded or written; nothing is left.
            GivenUpError: nobody wants it any more; nothing is left either.
        """
        reel = self._reel
        assert reel is not None
        try:
            pictures = reel.pictures(len(self._order()))
            if self._format is not None:
                write_whole(self.path, animation(self._format, self._film, pictures, reel.progress.tell))
            else:
                write_together(list(numbered_pictures(self.path, self._film, pictures, reel.progress.tell)))
        finally:
            reel.is_over.set()

    def content(self, tell: Tell) -> Iterator[bytes]:
        """The pieces of the file, drawn and encoded in this thread, which shows no window."""
        assert self._format is not None
        view = FilmView(self.plan.look, waits=True)
        try:
            drawn = (view.draw(snapshot) for snapshot in self._snapshots())
            pictures = (picture for picture in drawn if picture is not None)
            yield from animation(self._format, self._film, pictures, tell)
        finally:
            view.close()

    def _order(self) -> Sequence[int]:
        return order_of_drawing(self._format, len(self.plan.frames))

    def _snapshots(self) -> Iterator[Snapshot]:
        for number in self._order():
            yield snapshot_at(self._run, self._history, self.plan.frames[number])


class _Reel:
    """Takes pictures from the thread that draws to the one that encodes, few at a time.

    Attributes:
        progress: whether the film is still wanted.
        is_over: set when nothing more is taken.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.is_over = threading.Event()
        self._queue: Queue[Picture | Exception] = Queue(_AHEAD)

    def has_room(self) -> bool:
        return not self._queue.full()

    def put(self, picture: Picture | Exception) -> None:
        """Hand a picture over, or what went wrong instead; there must be room."""
        self._queue.put_nowait(picture)

    def pictures(self, count: int) -> Iterator[Picture]:
        for _ in range(count):
            picture = self._next()
            if isinstance(picture, Exception):
                raise picture
            yield picture

    def _next(self) -> Picture | Exception:
        while True:
            try:
                return self._queue.get(timeout=_PATIENCE_SECONDS)
            except Empty:
                self.progress.tell(self.progress.share)
                if not threading.main_thread().is_alive():  # nobody draws any more
                    raise GivenUpError from None


class _Camera(QObject):
    """Draws the frames of a film one a turn of the event loop, as long as the reel has room and the window is open."""

    def __init__(self, window: QWidget, view: FilmView, snapshots: Iterator[Snapshot], reel: _Reel) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._snapshots = snapshots
        self._reel = reel
        self._next = next(snapshots, None)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self._timer.start(0)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A film is not worth keeping the program for: closing the window gives it up."""
        if event.type() == QEvent.Type.Close:
            self._reel.progress.give_up()
            self._stop()
        return False

    def _turn(self) -> None:
        if self._reel.is_over.is_set():
            self._stop()
            return
        drawn = False
        if self._next is not None and self._reel.has_room():
            try:
                drawn = self._draw(self._next)
            except Exception as error:  # whatever it is, the one who writes must not wait for ever
                self._reel.put(error)
                self._next = None
        self._timer.setInterval(0 if drawn else _WAIT_MILLISECONDS)

    def _draw(self, snapshot: Snapshot) -> bool:
        picture = self._view.draw(snapshot)
        if picture is None:
            return False
        self._reel.put(picture)
        self._next = next(self._snapshots, None)
        return True

    def _stop(self) -> None:
        self._timer.stop()
        self._window.removeEventFilter(self)
        self._view.close()
        self.deleteLater()
