"""The file that work was saved in, and whether somebody else has changed it since."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SavedIn:
    """A file as it was when it was written or read.

    Attributes:
        path: where it is.
        size: in bytes.
        changed: when it was changed last, in nanoseconds since 1970.
    """

    path: Path
    size: int
    changed: int

    @property
    def is_as_it_was(self) -> bool:
        """Whether the same is still there."""
        return saved_in(self.path) == self

    @property
    def is_another(self) -> bool:
        """Whether something else is there now, which was not seen yet; what is gone is nothing."""
        found = saved_in(self.path)
        return found is not None and found != self


def saved_in(path: Path) -> SavedIn | None:
    """A file as it is now; None where there is none to be seen."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return SavedIn(path, found.st_size, found.st_mtime_ns)
