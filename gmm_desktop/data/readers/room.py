"""Bytes that are read into room taken at once."""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import IO

from gmm_desktop.data.table import Tell, say_nothing

#: Less is read as Python reads it; so much is read between two questions whether the rest is wanted.
LARGE = 1 << 24


def read_exactly(stream: IO[bytes], size: int, tell: Tell = say_nothing) -> bytes:
    """The next ``size`` bytes of a stream, or fewer where it ends.

    The memory of hundreds of megabytes costs three times as much as the reading, when the system hands it out in pages
    of 4 KB. It hands out larger ones where it is asked to, which ``bytes`` does not do. So they are made empty, as C
    makes them, and filled before anybody sees them.

    Raises:
        GivenUpError: ``tell`` raised it.
    """
    if size < LARGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return stream.read(size)
    make = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_ssize_t)(
        ("PyBytes_FromStringAndSize", ctypes.pythonapi)
    )
    content: bytes = make(None, size)
    address = id(content) + sys.getsizeof(content) - size - 1  # a zero ends them
    first = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
    whole_pages = (address + size - first) // mmap.PAGESIZE * mmap.PAGESIZE
    # Whether the system follows the advice makes it faster or not, and nothing else.
    ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(whole_pages), mmap.MADV_HUGEPAGE)
    room = memoryview((ctypes.c_char * size).from_address(address)).cast("B")
    filled = 0
    while filled < size:
        tell(0.0)
        count = stream.readinto(room[filled : filled + LARGE])  # type: ignore[attr-defined]
        if not count:
            return content[:filled]
        filled += count
    return content
