"""Reads for the preview: the beginning of a file at once, the whole of it meanwhile, both in threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from gmm_desktop.data import DataError, GivenUpError, ReadOptions, Table
from gmm_desktop.data.choice import Choice
from gmm_desktop.session.background import Background, Progress
from gmm_desktop.ui.importing.look import Look, first_cells, look_at
from gmm_desktop.ui.importing.opened import FIRST_ROWS, SMALL, Opened
from gmm_desktop.ui.views.errand import Errand

_LOOK_EVERY = 0.02  # seconds


@dataclass(eq=False)
class Whole:
    """The whole table on its way, which outlives whoever began to read it."""

    options: ReadOptions
    progress: Progress = field(default_factory=Progress)
    done: threading.Event = field(default_factory=threading.Event)
    table: Table | None = None
    refusal: str = ""

    def read(self, opened: Opened) -> None:
        """From a thread: read it."""
        from gmm_desktop.data import read_source

        try:
            self.table = read_source(opened.source, self.options, tell=self.progress.tell)
        except DataError as error:
            self.refusal = str(error)
        except GivenUpError:
            self.refusal = "Reading was given up."
        finally:
            self.done.set()

    def wait(self, progress: Progress) -> Table:
        """From another thread: the table, when it has been read; ``progress`` tells and gives up.

        Raises:
            GivenUpError: a person has given up.
            DataError: it cannot be read.
        """
        while not self.done.wait(_LOOK_EVERY):
            try:
                progress.tell(self.progress.share)
            except GivenUpError:
                self.progress.give_up()
                raise
        if self.table is None:
            raise DataError(self.refusal or "The file could not be read.")
        return self.table


Beginning = tuple[Table, tuple[Sequence[str], ...]]


class Reading(QObject):
    """Reads one source in the ways that a person tries.

    Signals:
        looked: a Look: of the beginning first, where the file is large, then of the whole.
    """

    looked = Signal(object)

    def __init__(self, opened: Opened, parent: QObject) -> None:
        super().__init__(parent)
        self._opened = opened
        self._beginning: tuple[ReadOptions, Beginning] | None = None
        self._whole: Whole | None = None
        self._choice = opened.choice
        self._errand: Errand[Look] = Errand(self)
        self._background = Background(self)
        if opened.table is not None and opened.whole:
            self._whole = Whole(opened.choice.options, table=opened.table)
            self._whole.done.set()

    @property
    def share(self) -> float | None:
        """How much of the whole has been read, 0 to 1; None where nothing is being read."""
        return None if self._whole is None or self._whole.done.is_set() else self._whole.progress.share

    @property
    def whole(self) -> Whole | None:
        """The whole table, read or on its way."""
        return self._whole

    def look(self, choice: Choice) -> None:
        """Ask for a look at the file as the choice reads it."""
        self._choice = choice
        large = len(self._opened.source.content) > SMALL
        if self._whole is None or self._whole.options != choice.options:
            self._give_up()
            if large:
                self._read_whole(choice.options)
            else:
                self._whole = Whole(choice.options)
        whole = self._whole
        assert whole is not None
        known = self._beginning if self._beginning and self._beginning[0] == choice.options else None
        opened = self._opened
        self._errand.run(lambda cancelled: _look(opened, choice, whole, known, large), self._take)

    def stop(self) -> None:
        """Nobody looks any more; the whole table is read on."""
        self._errand.cancel()

    def give_up(self) -> None:
        """Nobody wants the file."""
        self._errand.cancel()
        self._give_up()

    def _give_up(self) -> None:
        if self._whole is not None:
            self._whole.progress.give_up()

    def _read_whole(self, options: ReadOptions) -> None:
        whole = Whole(options)
        self._whole = whole

        def finished(_: None) -> None:
            if whole is self._whole:
                self.look(self._choice)

        self._background.start(
            "Reading", lambda: whole.read(self._opened), finished, lambda error: None, progress=whole.progress
        )

    def _take(self, look: Look) -> None:
        if look.table is not None:
            self._beginning = (look.asked.options, (look.table, look.cells))
        self.looked.emit(look)


def _look(
    opened: Opened, choice: Choice, whole: Whole, known: tuple[ReadOptions, Beginning] | None, large: bool
) -> Look:
    """In a thread: at the whole table where it is there, else at its beginning."""
    if not large and not whole.done.is_set():
        whole.read(opened)
    if whole.done.is_set() and whole.table is None:
        return Look(choice, choice, None, True, refusal=whole.refusal)
    try:
        beginning, cells = known[1] if known is not None else _beginning(opened, choice, whole)
        return look_at(whole.table or beginning, choice, whole.table is not None, cells)
    except DataError as error:
        return Look(choice, choice, None, False, refusal=str(error))
    except MemoryError:
        return Look(choice, choice, None, False, refusal="There is not enough memory for this; choose fewer columns.")


def _beginning(opened: Opened, choice: Choice, whole: Whole) -> Beginning:
    """The first rows; the whole where the file is small, whose cells are found at once."""
    from gmm_desktop.data import read_source

    small = len(opened.source.content) <= SMALL
    table = whole.table if small else read_source(opened.source, replace(choice.options, rows=FIRST_ROWS))
    assert table is not None
    return table, first_cells(table)
