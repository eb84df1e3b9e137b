"""The bytes of a large file, read into room that is taken at once."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from gmm_desktop.data.table import Tell, say_nothing

#: Less is read as Python reads it.
_LARGE = 1 << 24
#: So much is read by one thread, and so many pieces between two questions whether the rest is wanted.
_PIECE, _AT_ONCE = 1 << 22, 8
#: What both need is part of Linux alone.
_CAN = hasattr(mmap, "MADV_HUGEPAGE") and hasattr(os, "preadv")


def read_exactly(stream: IO[bytes], size: int, tell: Tell = say_nothing) -> bytes:
    """The next ``size`` bytes of a file, or fewer where it ends.

    Args:
        stream: a file of the system, not a pipe.
        size: in bytes.
        tell: told 0, now and then.

    Raises:
        GivenUpError: ``tell`` raised it.
        OSError: it cannot be read.
    """
    if size < _LARGE or not _CAN:
        return stream.read(size)
    start = stream.tell()
    content, room = _empty(size)

    def fill(first: int) -> int:
        place, last = first, min(first + _PIECE, size)
        while place < last and (count := os.preadv(stream.fileno(), [room[place:last]], start + place)):
            place += count
        return place - first

    filled = 0
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for group in range(0, size, _AT_ONCE * _PIECE):
            tell(0.0)
            filled += sum(pool.map(fill, range(group, min(group + _AT_ONCE * _PIECE, size), _PIECE)))
    stream.seek(start + filled)
    return content if filled == size else content[:filled]


def _empty(size: int) -> tuple[bytes, memoryview]:
    """Bytes that hold nothing yet, and the room to fill before anybody looks at them, as C makes bytes.

    Memory for hundreds of megabytes takes three times as long as the reading where the system hands it out in pages of
    4 KB. It hands out larger ones if it is asked to, which nothing in Python does for ``bytes``.
    """
    make = ctypes.pythonapi.PyBytes_FromStringAndSize
    make.argtypes, make.restype = [ctypes.c_void_p, ctypes.c_ssize_t], ctypes.py_object
    content: bytes = make(None, size)
    address = id(content) + sys.getsizeof(content) - size - 1  # behind them is a zero
    first = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
    pages = (address + size - first) // mmap.PAGESIZE * mmap.PAGESIZE
    # Whether the advice is followed changes nothing but the time.
    ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(pages), mmap.MADV_HUGEPAGE)
    return content, memoryview((ctypes.c_char * size).from_address(address)).cast("B")
