"""A mark that the program is running: what finds one of a dead process knows that it did not end properly.

Each run holds a file ``run-*.json`` in the state folder, with a lock on it that the system takes from a process that
dies. ``Mark.end`` removes it, unless a file was still being written: the next start says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from gmm_desktop.session.places import state_folder

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed
    fcntl = None  # type: ignore[assignment]

_LARGEST = 100_000  # bytes


@dataclass(frozen=True)
class LastRun:
    """What an earlier run has left behind.

    Attributes:
        crashed: whether it ended without closing its window.
        version: of the program; "" where that is not known.
        began: when, as local time; "" where that is not known.
        unfinished: the names of files that were being written.
        fault: what Python wrote when the process was killed by a fault of its own; "" where it was not.
    """

    crashed: bool
    version: str
    began: str
    unfinished: tuple[str, ...]
    fault: str


class Mark:
    """The mark of this run. Where it cannot be written, there is none; nothing here raises."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._about = {"version": "", "began": time.strftime("%Y-%m-%d %H:%M:%S"), "pid": os.getpid()}
        self._writing: list[str] = []
        self._ended = False
        self.path = state_folder() / f"run-{os.getpid()}-{secrets.token_hex(4)}.json"
        self._descriptor = -1
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            if fcntl is not None:
                fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            self._put()

    @property
    def fault_path(self) -> Path:
        """Where a fault of the process is to be written down."""
        return self.path.with_suffix(".fault")

    def tell_version(self, version: str) -> None:
        """The version of the program, which takes too long to find out before the first picture."""
        with self._lock:
            self._about["version"] = version
            self._put()

    def writing(self, name: str) -> None:
        """A file of this name is being written; from any thread."""
        with self._lock:
            self._writing.append(name)
            self._put()

    def written(self, name: str) -> None:
        """It is whole, or the person knows that it is not; from any thread."""
        with self._lock:
            if name in self._writing:
                self._writing.remove(name)
            self._put()
            self._end_if_done()

    def end(self) -> None:
        """The run has ended properly; what is still being written is remembered until it is whole."""
        with self._lock:
            self._ended = True
            self._put()
            self._end_if_done()

    def _end_if_done(self) -> None:
        if not self._ended or self._writing or self._descriptor < 0:
            return
        with contextlib.suppress(OSError):
            os.close(self._descriptor)
        self._descriptor = -1
        for path in (self.path, self.fault_path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _put(self) -> None:
        if self._descriptor < 0:
            return
        text = json.dumps({**self._about, "unfinished": self._writing, "ended": self._ended}).encode()
        with contextlib.suppress(OSError):
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, text)
            os.ftruncate(self._descriptor, len(text))


def left_behind() -> list[LastRun]:
    """What earlier runs have left, the oldest first; their marks are removed. Runs that go on are not among them."""
    found: list[tuple[float, LastRun]] = []
    with contextlib.suppress(OSError):
        for path in state_folder().glob("run-*.json"):
            with contextlib.suppress(OSError):
                found.append((path.stat().st_mtime, _taken(path)))
    return [run for _, run in sorted(found, key=lambda pair: pair[0])]


def _taken(path: Path) -> LastRun:
    """Read and remove a mark. Raises OSError where its run goes on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        text = os.read(descriptor, _LARGEST)
        if fcntl is not None:
            path.unlink()
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    fault = path.with_suffix(".fault")
    said = ""
    with contextlib.suppress(OSError):
        said = fault.read_bytes()[:_LARGEST].decode(errors="replace")
        fault.unlink()
    return _understood(text, said)


def _understood(text: bytes, fault: str) -> LastRun:
    try:
        values = json.loads(text)
    except ValueError:  # killed in the middle of writing it
        values = {}
    values = values if isinstance(values, dict) else {}
    names = values.get("unfinished")
    unfinished = tuple(str(name) for name in names) if isinstance(names, list) else ()
    version, began = (str(values.get(key, ""))[:40] for key in ("version", "began"))
    return LastRun(values.get("ended") is not True, version, began, unfinished, fault)
