"""The SHA-256 of many bytes, made in a thread of its own when nothing else is to be done with them."""

from __future__ import annotations

import hashlib
import threading

#: Fewer are hashed at once.
_FEW = 1 << 24


class Digest:
    """A hash that is known, or will be: whoever asks for it waits for it."""

    def __init__(self, content: bytes) -> None:
        """Of these bytes, which are held until it is known."""
        self._content: bytes | None = content
        self._known = ""
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        if len(content) < _FEW:
            self._make()

    @property
    def hexadecimal(self) -> str:
        """The hash."""
        self.begin()
        if self._thread is not None:
            self._thread.join()
        return self._known

    def begin(self) -> None:
        """Make it, unless that was begun before; returns at once."""
        with self._lock:
            if self._thread is None and not self._known:
                # A daemon, for which the end of the program does not wait.
                self._thread = threading.Thread(target=self._make, name="hash", daemon=True)
                self._thread.start()

    def _make(self) -> None:
        assert self._content is not None
        self._known = hashlib.sha256(self._content).hexdigest()
        self._content = None


def begin(digest: Digest | str) -> None:
    """Make the hash, unless it is known; returns at once."""
    if isinstance(digest, Digest):
        digest.begin()


def hexadecimal(digest: Digest | str) -> str:
    """The hash, which may be known already."""
    return digest if isinstance(digest, str) else digest.hexadecimal
