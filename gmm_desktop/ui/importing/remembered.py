"""What was decided about files, remembered from one opening to the next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gmm_desktop.data.choice import Choice, from_plain, to_plain
from gmm_desktop.ui import memory

_KEY = "files"
_MOST = 50


def recall(path: str | Path) -> Choice | None:
    """What was decided about the file at that path; None where nothing was."""
    plain = dict(_entries()).get(_name(path))
    choice = from_plain(plain)
    return None if plain is None or choice.columns is None else choice


def keep(path: str | Path, choice: Choice) -> None:
    """Remember a choice; of the others the newest are kept."""
    name = _name(path)
    entries = [[name, to_plain(choice)], *([key, plain] for key, plain in _entries() if key != name)]
    memory.settings().setValue(_KEY, json.dumps(entries[:_MOST]))


def _name(path: str | Path) -> str:
    return str(Path(path).absolute())


def _entries() -> list[tuple[str, Any]]:
    try:
        entries = json.loads(str(memory.settings().value(_KEY, "[]")))
    except (ValueError, RecursionError):
        return []
    if not isinstance(entries, list):
        return []
    return [
        (pair[0], pair[1]) for pair in entries if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)
    ]
