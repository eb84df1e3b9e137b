"""Quotation marks that are opened and not closed, which would make one cell of a whole file."""

from __future__ import annotations

from collections.abc import Iterator

from gmm_desktop.data.readers.dialect import LONGEST_LINE
from gmm_desktop.data.readers.prepared import Prepared
from gmm_desktop.data.table import DataError


def check_quotes(prepared: Prepared) -> None:
    """Whether every quoted cell ends before it is longer than a line may be.

    Raises:
        DataError: one does not.
    """
    content = prepared.content
    if not prepared.quotes or len(content) <= LONGEST_LINE:
        return
    place, opening = -1, ("\n", prepared.dialect.delimiter)
    for following in _far_quotes(content):
        place = following
        before = content[place - 1 : place].decode(errors="replace") if place else "\n"
        if before in opening:
            line = content.count(b"\n", 0, place) + 1
            raise DataError(
                f"A quotation mark in line {line} is not closed within {LONGEST_LINE // 1024**2} million characters; "
                "close it or remove it."
            )


def _far_quotes(content: bytes) -> Iterator[int]:
    """The quotation marks after which none comes for as long as a line may be."""
    place = content.find(b'"')
    while place >= 0:
        last = content.rfind(b'"', place, place + LONGEST_LINE + 1)
        if last > place:
            place = last
            continue
        if place + LONGEST_LINE < len(content):
            yield place
        place = content.find(b'"', place + 1)
