"""Work that is kept without being asked for: a folder a window, in the data folder of the person's account.

    autosave/20260503-140512-4711-a3f9/
        session.gmm     as it was when it was kept last; small, written whole or not at all
        blobs/...       what does not change from time to time, such as points, each under its sha256; written once
        about.json      what to say of it, and which file the work was saved in before
        lock            held while the window is open; the system tells when its process is dead

So programs that run at the same time do not meet, and what a dead one has left can be told from what a living one
still holds. The last ``KEPT`` are kept; what cannot be read is set aside as ``....unreadable``, and never deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLockFile, QStandardPaths

from gmm_desktop.data import DataError, Tell, say_nothing
from gmm_desktop.session.archive import Opened, UnreadableError, open_session, session_pieces
from gmm_desktop.session.archive_data import content_to_keep
from gmm_desktop.session.archive_zip import (
    MOST_BYTES,
    Budget,
    DamagedError,
    Member,
    array_bytes,
    array_of,
    open_regular,
)
from gmm_desktop.session.saved_in import SavedIn
from gmm_desktop.session.work import WorkNow

KEPT = 3
"""So many autosaves are kept; the oldest goes when another one comes."""

_INDEX, _ABOUT, _BLOBS, _LOCK = "session.gmm", "about.json", "blobs", "lock"
_LARGE = 2**20  # smaller members are written with the index each time
_MOST_ABOUT = 10_000
_ASIDE = ".unreadable"


@dataclass(frozen=True)
class Kept:
    """Work that a window has left.

    Attributes:
        folder: where it is.
        saved: when, in seconds since 1970.
        runs: how many runs of the shown data.
        source: what a person calls these data.
        others: how many more data sets.
        file: the session's file that the work belongs to, as it was when that was written or read last, or None.
        is_in_file: whether that file had all of the work.
    """

    folder: Path
    saved: float
    runs: int
    source: str
    others: int
    file: SavedIn | None = None
    is_in_file: bool = False

    @property
    def is_safe(self) -> bool:
        """Whether there is nothing in it that its file does not have."""
        return self.is_in_file and self.file is not None and self.file.is_as_it_was


def autosave_root() -> Path:
    """The folder of all autosaves."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)) / "autosave"


class Autosave:
    """The autosave of one window. Its folder is made with the first thing that is written."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        self._names: dict[int, tuple[Any, str]] = {}

    @property
    def folder(self) -> Path | None:
        """Where it is, or None where nothing has been written yet."""
        return self._folder

    def begin(self) -> None:
        """Take a folder of its own, from the window's thread.

        Raises:
            OSError: none can be made.
        """
        if self._folder is not None:
            return
        folder = self._root / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(2)}"
        (folder / _BLOBS).mkdir(parents=True, mode=0o700)
        self._lock = _lock(folder)
        if self._lock is None:
            shutil.rmtree(folder, ignore_errors=True)  # on a full disk it would be one a second
            raise OSError("the folder cannot be locked")
        self._folder = folder

    def write(
        self,
        now: WorkNow,
        views: dict[str, Any],
        tell: Tell = say_nothing,
        file: SavedIn | None = None,
        is_in_file: bool = False,
    ) -> None:
        """Keep the work, from any thread, after ``begin``; ``file`` and ``is_in_file`` as in ``Kept``.

        Raises:
            ExportError, DataError: it could not be written, or is too large; one sentence.
            GivenUpError: ``tell`` raised it.
        """
        from gmm_desktop.export.writing import write_whole

        assert self._folder is not None
        folder, used, total = self._folder, set(), 0
        constant = _constant(now)

        def outside(member: Member, made_of: Member) -> str | None:
            nonlocal total
            if id(made_of) not in constant or _size(member) < _LARGE:
                return None
            total += _size(member)
            if total > MOST_BYTES:
                raise DataError("These data are too large to be kept by themselves; export what matters.")
            name = self._name(member, made_of)
            used.add(name)
            path = folder / _BLOBS / name
            if not path.exists():
                write_whole(path, _told(member, tell))
            return f"{_BLOBS}/{name}"

        write_whole(folder / _INDEX, session_pieces(now, views, None, tell, outside))
        write_whole(folder / _ABOUT, json.dumps(_about(now, file, is_in_file)).encode())
        for path in (folder / _BLOBS).iterdir():
            if path.name not in used:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave it for the next start."""
        if self._lock is not None:
            self._lock.unlock()
        self._folder = self._lock = None
        self._names.clear()

    def discard(self) -> None:
        """There is nothing in it that is not safe elsewhere."""
        folder = self._folder
        self.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _name(self, member: Member, made_of: Member) -> str:
        """The name of a blob: the hash of its content, looked up once for each object that it is made of."""
        known = self._names.get(id(made_of))
        if known is None:
            digest = hashlib.sha256()
            kind = "npy" if isinstance(member, np.ndarray) else "bin"
            for piece in array_bytes(member) if isinstance(member, np.ndarray) else (member,):
                digest.update(piece)
            known = self._names[id(made_of)] = (made_of, f"{digest.hexdigest()}.{kind}")
        return known[1]


def kept_work(root: Path) -> list[Kept]:
    """What windows have left that are closed, or whose process is dead; the newest first."""
    found = []
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            about = _read_about(folder)
            if about is not None and not _is_held(folder):
                found.append(about)
    return sorted(found, key=lambda one: one.saved, reverse=True)


def open_kept(kept: Kept) -> Opened:
    """The work that was left. What is spoilt is set aside, so that it is offered only once.

    Raises:
        DataError: it cannot be read; one sentence.
    """
    try:
        return _open_kept(kept)
    except UnreadableError as error:
        aside = _set_aside(kept.folder)
        raise DataError(f"What was kept by itself cannot be read: {error} {aside}") from error


def _set_aside(folder: Path) -> str:
    """Rename it; where it is now, in a sentence."""
    aside = folder.with_name(folder.name + _ASIDE)
    try:
        os.replace(folder, aside)
    except OSError as error:
        return f"It stays in '{folder}', which cannot be renamed ({error.strerror or error})."
    return f"It is set aside as '{aside}' and not offered again."


def _open_kept(kept: Kept) -> Opened:

    def blob(name: str, budget: Budget) -> NDArray[Any] | bytes:
        path = kept.folder / _BLOBS / Path(name).name
        if not path.exists():
            raise DamagedError("its data are missing")
        with open_regular(path) as stream:
            budget.take(os.fstat(stream.fileno()).st_size)
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != path.stem:
            raise DamagedError("its data have changed")
        return array_of(content) if path.suffix == ".npy" else content

    return open_session(kept.folder / _INDEX, blob)


def forget(kept: Kept) -> None:
    """Delete what was left, unless somebody has taken it up."""
    if not _is_held(kept.folder):
        shutil.rmtree(kept.folder, ignore_errors=True)


def prune(root: Path, most: int = KEPT) -> None:
    """Delete all but the newest of what was left; what is safe in its file goes first."""
    for old in sorted(kept_work(root), key=lambda one: one.is_safe)[most:]:
        forget(old)


def _told(member: Member, tell: Tell) -> Iterator[bytes]:
    pieces = array_bytes(member) if isinstance(member, np.ndarray) else iter((bytes(member),))
    for piece in pieces:
        tell(0.0)
        yield piece


def _constant(now: WorkNow) -> set[int]:
    """The ids of what never changes: the arrays of data sets, and the files that they were read from."""
    arrays = [
        part
        for dataset in now.work.datasets()
        for part in (dataset.points, dataset.sample_weight, dataset.labels, dataset.rows)
        if part is not None
    ]
    origins = [dataset.table.origin for dataset in now.work.datasets() if dataset.table is not None]
    files = [content for origin in origins if origin is not None and (content := content_to_keep(origin)) is not None]
    return {id(part) for part in (*arrays, *files)}


def _size(member: Member) -> int:
    return member.nbytes if isinstance(member, np.ndarray | memoryview) else len(member)


def _about(now: WorkNow, file: SavedIn | None, is_in_file: bool) -> dict[str, Any]:
    state = now.work.state
    sources = {run.dataset.source for run in state.runs if not run.deleted}
    return {
        "saved": time.time(),
        "runs": len(state.listed()),
        "source": state.run.dataset.source,
        "others": max(len(sources) - 1, 0),
        "file": None if file is None else {"path": str(file.path), "size": file.size, "changed": file.changed},
        "is_in_file": is_in_file,
    }


def _read_about(folder: Path) -> Kept | None:
    """What is known of what was kept; where that is missing or spoilt, that there is something."""
    try:
        found = (folder / _INDEX).stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or not found.st_size or folder.name.endswith(_ASIDE):
        return None
    try:
        if (folder / _ABOUT).stat().st_size > _MOST_ABOUT:
            raise ValueError("it is too long")
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        saved, runs, others = float(about["saved"]), int(about["runs"]), int(about["others"])
        time.localtime(saved)
        file, whole = _file_of(about.get("file")), about.get("is_in_file") is True
        return Kept(folder, saved, max(runs, 1), str(about["source"]), max(others, 0), file, whole)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Kept(folder, found.st_mtime, 0, "", 0)


def _file_of(written: object) -> SavedIn | None:
    match written:
        case {"path": str(path), "size": int(size), "changed": int(changed)} if path and "\0" not in path:
            return SavedIn(Path(path), size, changed)
    return None


def _lock(folder: Path) -> QLockFile | None:
    lock = QLockFile(str(folder / _LOCK))
    lock.setStaleLockTime(0)  # however old: what counts is whether its process lives
    return lock if lock.tryLock(0) else None


def _is_held(folder: Path) -> bool:
    """Whether a living process has it."""
    lock = _lock(folder)
    if lock is not None:
        lock.unlock()
    return lock is None
