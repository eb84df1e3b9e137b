"""Gzip: what is compressed is unpacked in pieces, and given up before it fills the memory."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from gmm_desktop.data.table import DataError, Tell, quoted, say_nothing

MAGIC = b"\x1f\x8b"
#: More is not unpacked; tables shrink to between a half and a tenth, so that the file itself is large then.
LARGEST_UNPACKED = 2 * 1024**3
#: From this size on a file that unpacks to more than so many times its own size holds no measurements.
_SUSPICIOUS, _MOST_TIMES = 64 * 1024**2, 100
#: While no more than this is unpacked it is kept; a larger file is measured first and unpacked again.
_KEPT = 512 * 1024**2
_IN, _OUT = 1 << 16, 1 << 22


def is_gzip(content: bytes) -> bool:
    """Whether the bytes begin as gzip does, whatever the file is called."""
    return content.startswith(MAGIC)


def unpack(content: bytes, name: str, tell: Tell = say_nothing) -> tuple[bytes, tuple[str, ...]]:
    """What a gzip file holds, of one member or several.

    Args:
        content: the compressed bytes.
        name: of the file, for sentences.
        tell: told the share of the compressed bytes that is done.

    Returns:
        The bytes, and plain sentences about what was strange.

    Raises:
        DataError: it is broken, incomplete or unpacks to more than LARGEST_UNPACKED.
    """
    kept, messages = _unpack(content, name, _KEPT, tell)
    if kept is None:
        kept, messages = _unpack(content, name, LARGEST_UNPACKED, tell)
    assert kept is not None
    if not kept.tell():
        raise DataError(f"{quoted(name)} is empty once it is unpacked; choose a file that holds data.")
    return kept.getvalue(), messages


def _unpack(content: bytes, name: str, keep: int, tell: Tell) -> tuple[io.BytesIO | None, tuple[str, ...]]:
    """As ``unpack``; None instead of the bytes where they are more than ``keep``."""
    kept: io.BytesIO | None = io.BytesIO()
    size = 0
    messages: list[str] = []
    try:
        for piece, used in _pieces(content, messages):
            tell(used / len(content))
            size += len(piece)
            if size > LARGEST_UNPACKED or (size > _SUSPICIOUS and size > _MOST_TIMES * used):
                raise DataError(_too_large(name))
            if kept is not None:
                if size > keep:
                    kept = None
                else:
                    kept.write(piece)
    except EOFError:
        raise DataError(
            f"{quoted(name)} is cut off: its compressed data end too early; copy or download it again."
        ) from None
    except zlib.error as error:
        raise DataError(f"{quoted(name)} is damaged and cannot be unpacked; copy or download it again.") from error
    return kept, tuple(messages)


def _pieces(content: bytes, messages: list[str]) -> Iterator[tuple[bytes, int]]:
    """What is unpacked, piece by piece, with the number of compressed bytes used for it.

    Raises:
        EOFError: the last member is not complete.
        zlib.error: the bytes are damaged.
    """
    place = 0
    while True:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            if place >= len(content):
                raise EOFError
            given = content[place : place + _IN]
            piece = member.decompress(given, _OUT)
            place += len(given) - len(member.unconsumed_tail) - len(member.unused_data)
            yield piece, place
        place = _after_zeros(content, place)  # which tapes and some programs fill up with
        if not content.startswith(MAGIC, place):
            if place < len(content):
                messages.append("What follows the compressed data is not compressed and was left out.")
            return


def _after_zeros(content: bytes, place: int) -> int:
    """The first byte from ``place`` on that is not zero, or the end."""
    while place < len(content):
        piece = content[place : place + _IN]
        rest = piece.lstrip(b"\0")
        if rest:
            return place + len(piece) - len(rest)
        place += len(piece)
    return place


def _too_large(name: str) -> str:
    return (
        f"{quoted(name)} unpacks to more than the {LARGEST_UNPACKED // 1024**3} GB that can be opened, or to more than "
        f"{_MOST_TIMES} times its size, as no measurements do; unpack it yourself and take a part of it."
    )
