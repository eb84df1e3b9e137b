"""What was opened lately: a short list that outlives the window."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gmm_desktop.ui import memory
from gmm_desktop.ui.mnemonics import literal

MOST = 10
_WIDEST = 64
"""Characters of an entry; a path that has more is cut in its middle."""


class RecentFiles:
    """The paths of files that were opened, the newest first; kept where the window's arrangement is."""

    def __init__(self, kind: str) -> None:
        """``kind``: which list it is, such as "data"."""
        self._key = f"recent/{kind}"

    def paths(self) -> list[str]:
        """At most ``MOST`` absolute paths."""
        try:
            kept = json.loads(str(memory.settings().value(self._key, "[]")))
        except ValueError:
            return []
        paths = kept if isinstance(kept, list) else []
        return [path for path in paths if isinstance(path, str) and path][:MOST]

    def add(self, path: str) -> None:
        """Put a path at the head; one that is there already moves up."""
        new = os.path.abspath(path)
        self._keep([new, *(old for old in self.paths() if old != new)])

    def remove(self, path: str) -> None:
        """Take a path off the list."""
        self._keep([old for old in self.paths() if old != path])

    def clear(self) -> None:
        """Forget all."""
        self._keep([])

    def _keep(self, paths: list[str]) -> None:
        # As JSON, which writes names that are no valid text in plain letters.
        memory.settings().setValue(self._key, json.dumps(paths[:MOST]))


DATA = RecentFiles("data")
"""The data files that were opened, from wherever."""


def visible(path: str) -> str:
    """A path in characters that can be seen, the home folder as ~."""
    home = str(Path.home())
    path = f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in path)


def short(path: str) -> str:
    """A path with its middle left out where it is long."""
    text = visible(path)
    half = (_WIDEST - 1) // 2
    return text if len(text) <= _WIDEST else f"{text[:half]}…{text[-half:]}"


def plain(path: str) -> str:
    """A path as a menu shows it to the letter."""
    return literal(short(path))
