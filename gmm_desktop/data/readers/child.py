"""The process in which files are read that other libraries take apart: ``python -m gmm_desktop.data.readers.child``.

It is given a request and the bytes of a file on standard input and answers on standard output, once.
"""

from __future__ import annotations

import importlib
import json
import os
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from gmm_desktop.data.readers.isolated import EXTRAS
from gmm_desktop.data.readers.limits import MEGABYTE
from gmm_desktop.data.readers.parcel import Parcel
from gmm_desktop.data.table import DataError, quoted

#: id -> the module whose function ``unpack`` reads the format.
UNPACKERS = {
    "workbook": "gmm_desktop.data.readers.sheets",
    "parquet": "gmm_desktop.data.readers.parquet_file",
    "hdf5": "gmm_desktop.data.readers.hdf5_file",
    "fcs": "gmm_desktop.data.readers.fcs_file",
    "matlab": "gmm_desktop.data.readers.matlab_file",
}
#: Memory above what the libraries take, for a file that claims little.
_MEMORY = 512 * MEGABYTE


@dataclass(frozen=True)
class Request:
    """What is wanted of a file.

    Attributes:
        name: of the file, for sentences.
        part: the sheet or array, or None for the usual one.
        rows: at most so many, or None.
        tell: told the share that has been read.
        allow: told how many bytes of memory the file needs beside the usual.
    """

    name: str
    part: str | None = None
    rows: int | None = None
    tell: Callable[[float], None] = lambda share: None
    allow: Callable[[int], None] = lambda size: None


def unpack(reader: str, content: bytes, request: Request) -> Parcel:
    """What the reader makes of the bytes.

    Raises:
        DataError: whatever the library throws is a sentence.
        ImportError: the library is not installed.
        MemoryError: the file wants more than it may have.
    """
    parcel: Parcel
    try:
        module = importlib.import_module(UNPACKERS[reader])
        parcel = module.unpack(content, request)
    except (DataError, MemoryError, ImportError):
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a library written in Rust is no Exception
        if _is_about_memory(error):
            raise MemoryError from error
        raise DataError(
            f"{quoted(request.name)} is damaged or of an unknown kind ({type(error).__name__}); save it once more with "
            "the program that made it, or as CSV (text)."
        ) from error
    return parcel


def _is_about_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or "alloc" in str(error).lower() or "out of memory" in str(error).lower()


def _limit(more: int) -> None:
    """At most so many bytes of memory beside what is taken now; where the system knows no such limit, none."""
    try:
        import resource

        with open("/proc/self/statm") as stream:
            taken = int(stream.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = taken + more
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    except (ImportError, OSError, ValueError):
        return


def _send(out: IO[bytes], kind: bytes, body: bytes | memoryview = b"") -> None:
    out.write(struct.pack("<cQ", kind, len(body)))
    out.write(body)
    out.flush()


def main() -> None:
    """Reads one file and ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints does not disturb the answer
    asked_size, size = struct.unpack("<QQ", sys.stdin.buffer.read(16))
    asked: dict[str, Any] = json.loads(sys.stdin.buffer.read(asked_size))
    content = sys.stdin.buffer.read(size)
    extra = EXTRAS.get(asked["reader"])
    try:
        if extra:
            importlib.import_module(extra[0])
        importlib.import_module(UNPACKERS[asked["reader"]])
    except ImportError:
        if extra is None:
            raise
        _send(out, b"X", asked["reader"].encode())
        return
    _limit(_MEMORY)
    request = Request(
        asked["name"],
        asked["part"],
        asked["rows"],
        tell=lambda share: _send(out, b"P", repr(share).encode()),
        allow=lambda more: _limit(_MEMORY + more),
    )
    try:
        parcel = unpack(asked["reader"], content, request)
        _send(out, b"H", json.dumps(parcel.head).encode())
        for body in parcel.bodies:
            _send(out, b"B", body)
        _send(out, b"E")
    except DataError as error:
        _send(out, b"D", str(error).encode(errors="replace"))
    except MemoryError:
        _send(out, b"M")


if __name__ == "__main__":
    main()
