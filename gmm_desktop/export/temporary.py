"""Temporary files: without a name where the system can, and swept away where a killed process has left some."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_OURS = re.compile(r"\..+\.gmm-[0-9a-f]{12}\.part", re.DOTALL)
_LONGEST = 100  # bytes of the file's own name
_A_DAY = 86_400.0  # seconds: no write takes longer
_PATIENCE, _NAP = 1.0, 0.01  # seconds


def temporary_name(name: str) -> str:
    """A name beside ``name`` that no other writer takes, hidden on Unix."""
    short = os.fsencode(name)[:_LONGEST].decode(errors="ignore")
    return f".{short}.gmm-{secrets.token_hex(6)}.part"


@contextlib.contextmanager
def folder_in_use(folder: Path) -> Iterator[None]:
    """While temporary files are made in a folder: nobody sweeps it; before, what dead writers left is swept away.

    All writers hold a shared lock on the folder, which the system takes from a process that dies. Whoever gets it
    alone knows that none of the temporary files has a writer. Where folders cannot be locked, files older than a day
    are swept on Windows, none elsewhere.
    """
    if fcntl is None:
        _sweep(folder, older_than=_A_DAY)
        yield
        return
    descriptor = -1
    try:
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            _sweep_alone(descriptor, folder)
            _share(descriptor)
        yield
    finally:
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)  # and the lock with it


def sweep(folder: Path) -> None:
    """Remove what dead writers have left in a folder, if nobody writes there now. Never raises."""
    with contextlib.suppress(OSError), folder_in_use(folder):
        pass


def can_be_nameless(folder: Path) -> bool:
    """Whether a file can be made in a folder first and named afterwards (Linux, on most of its file systems)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return _takes_nameless(os.stat(folder).st_dev, os.fspath(folder))
    except OSError:
        return False


def open_nameless(folder: Path, mode: int) -> int:
    """The descriptor of a new file that has no name: it is gone when nobody holds it any more."""
    return os.open(folder, os.O_WRONLY | os.O_TMPFILE, mode)


def give_name(descriptor: int, path: Path) -> None:
    """Name what ``open_nameless`` made; a file of that name must not exist."""
    # With a folder's descriptor Python calls linkat, which follows the link in /proc; link would not.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.link(f"/proc/self/fd/{descriptor}", path.name, dst_dir_fd=folder)
    finally:
        with contextlib.suppress(OSError):
            os.close(folder)


@lru_cache(maxsize=64)
def _takes_nameless(device: int, folder: str) -> bool:
    """Tried with an empty file, since some file systems make one and then refuse to name it."""
    name = Path(folder) / temporary_name("trial")
    try:
        descriptor = open_nameless(Path(folder), 0o600)
    except OSError:
        return False
    try:
        give_name(descriptor, name)
        os.unlink(name)
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    return True


def _sweep_alone(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody writes there now, or it is a network's folder
        return
    _sweep(folder)


def _share(descriptor: int) -> None:
    """Wait for the lock as long as a sweep may take."""
    given_up = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > given_up:
                return
            time.sleep(_NAP)


def _sweep(folder: Path, older_than: float = 0.0) -> None:
    """Only ordinary files of ours, of this person, with a name that nobody else gives."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and _is_left(entry, older_than):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _is_left(entry: os.DirEntry[str], older_than: float) -> bool:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    own = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
    return own and stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime >= older_than
