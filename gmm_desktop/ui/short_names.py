"""Names of columns where there is little room: known by their beginnings, and still told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

#: They join letters or keep them apart, which some writings need, and turn nothing around.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_WORDS = re.compile(r"[^\W_]+|[\W_]+")


def seen(text: str) -> str:
    """A name from a file on one line, without the marks that turn what stands beside it around."""
    if text.isprintable():
        return text
    shown = (
        c if c.isprintable() or c in _JOINERS else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return "".join(shown)


def short_names(names: Sequence[str], cut: Callable[[str], str], cut_inside: Callable[[str], str]) -> list[str]:
    """The names, each cut to the room there is.

    Args:
        names: all that are seen beside each other.
        cut: shortens a text at its end, where it has to be.
        cut_inside: shortens a text in its middle.

    The first way that tells them apart is taken: cut at the end, with single letters for all words but the last
    (Sepal.Length becomes S.Length), cut in the middle; where none does, the first.
    """
    ways: tuple[list[str], ...] = (
        [cut(name) for name in names],
        [cut(_with_initials(name)) for name in names],
        [cut_inside(name) for name in names],
    )
    different = len(set(names))
    return next((way for way in ways if len(set(way)) == different), ways[0])


def _with_initials(name: str) -> str:
    """Single letters for all words but the last."""
    parts = _WORDS.findall(name)
    last = max((i for i, part in enumerate(parts) if part[0].isalnum()), default=-1)
    return "".join(part[0] if i < last and part[0].isalnum() else part for i, part in enumerate(parts))
