"""A session as a file: everything that a person did, to go on another day, on another machine, to the last bit.

The file is a zip, ending in ``.gmm``, that holds ``session.json`` and the arrays that it names, each an ``.npy`` of
numpy's version 1.0 in C order, never pickled; ``numpy.load`` opens the whole as an npz archive. The document:

    {"format": "gmm-desktop-session", "version": 2, "software": {...}, "saved": ISO time,
     "work": {"is": "Work", "state", "undo", "redo", "compared", "before", "selected", "rate", "loops", "edits",
              "draft", "paints", "canvas", "painted", "guess", "hall"},
     "objects": [...], "views": {...}}

``objects`` are the data sets, mixtures, histories, runs and states that others refer to as {"#": number}; how they are
written is told in ``archive_codec``, and what their fields are in the classes of the same names: ``State``, ``Run``,
``Dataset``, ``FitSettings``, ``FitEnding``, ``LocalMaximum``, ``Mixture``, and ``StoredHistory`` for ``FitHistory``,
``StoredTable`` for ``Table``. A version counts up when an older program could not read it. Floating-point numbers are
written so that they are read as the same bits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import DataError, Tell, say_nothing
from gmm_desktop.data.table import quoted
from gmm_desktop.mixture import prepare_matching
from gmm_desktop.session.archive_codec import Decoder, Encoder, Outside
from gmm_desktop.session.archive_data import StoredTables, TablesToStore, look_through
from gmm_desktop.session.archive_kinds import kinds_to_open, kinds_to_save
from gmm_desktop.session.archive_zip import Budget, Container, DamagedError, open_container, packed
from gmm_desktop.session.work import Work, WorkNow

FORMAT, VERSION = "gmm-desktop-session", 2

Array = NDArray[Any]


class UnreadableError(DataError):
    """What is in the file is no session, or not a whole one."""


@dataclass(frozen=True, eq=False)
class Opened:
    """What was in a session.

    Attributes:
        work: all of the person's work.
        views: how it was looked at; nothing in it has been checked.
        notes: plain sentences about what is not as it was.
    """

    work: Work
    views: dict[str, Any]
    notes: tuple[str, ...] = ()


def session_pieces(
    now: WorkNow,
    views: dict[str, Any],
    folder: Path | None,
    tell: Tell = say_nothing,
    outside: Outside = lambda member, made_of: None,
) -> Iterator[bytes]:
    """The bytes of a session, piece by piece.

    Args:
        now: the work.
        views: how it is looked at: plain JSON.
        folder: where the file goes, from which others are named.
        tell: told the share that is done.
        outside: see ``Encoder``.

    Raises:
        DataError: it is too large; one sentence.
        GivenUpError: ``tell`` raised it.
    """
    encoder = Encoder(kinds_to_save(now, TablesToStore(folder)), outside)
    work = encoder.value(now.work)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "software": _software(),
        "saved": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "work": work,
        "objects": encoder.objects,
        "views": views,
    }
    return packed(document, encoder.members, tell)


def save_session(path: Path, now: WorkNow, views: dict[str, Any], tell: Tell = say_nothing) -> None:
    """Write a session, whole or not at all.

    Raises:
        ExportError: it could not be written; one sentence.
        DataError, GivenUpError: as ``session_pieces``.
    """
    from gmm_desktop.export.writing import write_whole

    write_whole(path, session_pieces(now, views, path.absolute().parent, tell))


def open_session(path: Path, blobs: Callable[[str, Budget], Array | bytes] | None = None) -> Opened:
    """Read a session. No other file is opened, nothing is run, and no more is allocated than a session may take.

    Args:
        path: the file.
        blobs: finds what ``Encoder.outside`` has put elsewhere; None where nothing may be.

    Raises:
        UnreadableError: it is no session; one sentence.
        DataError: it cannot be read, or is one of a newer version; one sentence.
    """
    budget = Budget()
    container: AbstractContextManager[Container] = open_container(path, budget)
    try:
        with container as found:
            return _opened(found, budget, blobs)
    except DamagedError as error:
        raise UnreadableError(f"{quoted(path.name)} is no session that can be opened: {error}.") from error
    except DataError:
        raise
    except MemoryError:
        raise DataError(f"There is not enough memory to open {quoted(path.name)}.") from None
    except Exception as error:  # whatever a broken file provokes is a sentence for the person who opened it
        sentence = f"{quoted(path.name)} is no session that can be opened ({type(error).__name__})."
        raise UnreadableError(sentence) from error


def _opened(found: Container, budget: Budget, blobs: Callable[[str, Budget], Array | bytes] | None) -> Opened:
    document = found.document()
    _check_version(document)

    def array(name: str) -> Array:
        if blobs is None or not name.startswith("blobs/"):
            return found.array(name)
        blob = blobs(name, budget)
        if not isinstance(blob, np.ndarray):
            raise DamagedError("a file stands where an array belongs")
        return blob

    def content(name: str) -> bytes:
        if blobs is None or not name.startswith("blobs/"):
            return found.content(name)
        blob = blobs(name, budget)
        if not isinstance(blob, bytes):
            raise DamagedError("an array stands where a file belongs")
        return blob

    tables = StoredTables()
    decoder = Decoder(kinds_to_open(tables), document.get("objects"), array, content, budget)
    work: Work = decoder.value(document.get("work"), Work)
    views = document.get("views")
    _look_through(work)
    return Opened(work, views if isinstance(views, dict) else {}, tuple(dict.fromkeys(tables.notes)))


def _check_version(document: dict[str, Any]) -> None:
    version = document.get("version")
    if document.get("format") != FORMAT or not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DamagedError("it was not written by this program")
    if version > VERSION:
        raise DataError(
            f"This session was saved by a newer version of the program (format {version}, this one knows {VERSION}); "
            "update the program to open it. The file is as it was."
        )


def _look_through(work: Work) -> None:
    """What the first frame asks for, in the thread that reads."""
    for dataset in work.datasets():
        look_through(dataset)
    for run in work.state.listed():
        _ = run.measures, run.stop, run.outcome
    shown = work.state.run
    if shown.dataset.truth is not None:
        prepare_matching(max(shown.settings.components, shown.dataset.truth.n_components))


def _software() -> dict[str, str]:
    import platform

    from gmm_desktop.options import version

    return {"gmm-desktop": version(), "numpy": np.__version__, "python": platform.python_version()}
