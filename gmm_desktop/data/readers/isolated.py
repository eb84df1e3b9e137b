"""Reading in a process of its own, with limits: where a library dies or hangs on a damaged file, the window does not.

Measured with random changes to small files: HDF5 hangs on about one in 5 000, and the reader of workbooks ends the
whole process when a sheet of two cells claims 16 384 columns by 1 048 576 rows.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import gmm_desktop
from gmm_desktop.data.readers.limits import MEGABYTE
from gmm_desktop.data.readers.parcel import Parcel
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import DataError, ReadOptions, Tell, quoted

#: What a small file may take, and what each megabyte of a larger one adds.
_SECONDS, _SECONDS_A_MEGABYTE = 8.0, 1.0
_POLL_SECONDS = 0.05
#: A parcel up to this size is kept, so that a preview need not read the file again after each change.
_KEPT = 32 * MEGABYTE
_FRAME = struct.Struct("<cQ")
_kept: tuple[tuple[Any, ...], Parcel] | None = None

EXTRAS = {"parquet": ("pyarrow", "Parquet"), "hdf5": ("h5py", "HDF5"), "fcs": ("flowio", "FCS")}


def read_apart(reader: str, source: Source, options: ReadOptions, tell: Tell) -> Parcel:
    """What a reader makes of a file, in a process of its own.

    Args:
        reader: an id in ``child.UNPACKERS``.
        source: the file.
        options: the part and the number of rows are handed on.
        tell: told the share that has been read; may raise to give up.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: the file cannot be read, or takes too long or too much memory.
    """
    global _kept
    key = (reader, source.sha256, zlib.crc32(source.content), options.part, options.rows)
    kept = _kept
    if kept is not None and kept[0] == key:
        return kept[1]
    request = {"reader": reader, "name": source.name, "part": options.part, "rows": options.rows}
    parcel = _ask(request, source.content, tell)
    if sum(len(body) for body in parcel.bodies) <= _KEPT:
        _kept = (key, parcel)
    return parcel


def missing_extra(extra: str, name: str) -> DataError:
    """What is said where the library of a format is not installed."""
    kind = EXTRAS[extra][1]
    return DataError(
        f"{quoted(name)} is {'an' if kind[0] in 'HF' else 'a'} {kind} file, and what reads those is not installed; "
        f"install it with: pip install 'gmm-desktop[{extra}]'."
    )


def _ask(request: dict[str, Any], content: bytes, tell: Tell) -> Parcel:
    name = str(request["name"])
    root = str(Path(gmm_desktop.__file__).parents[1])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([root, *(path for path in sys.path if path)]),
        "OPENBLAS_NUM_THREADS": "1",  # its threads reserve memory that the limit would count
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "HDF5_PLUGIN_PRELOAD": "::",  # a file names filters, which would be looked for among the system's libraries
        "HDF5_USE_FILE_LOCKING": "FALSE",
    }
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "gmm_desktop.data.readers.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise DataError(f"{quoted(name)} cannot be read: no process to read it could be started ({error}).") from error
    try:
        return _answer(process, request, content, tell)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _answer(process: subprocess.Popen[bytes], request: dict[str, Any], content: bytes, tell: Tell) -> Parcel:
    assert process.stdin is not None
    assert process.stdout is not None
    frames: queue.Queue[tuple[bytes, bytearray]] = queue.Queue()
    threads = [
        threading.Thread(target=_write, args=(process.stdin, request, content), daemon=True),
        threading.Thread(target=_read, args=(process.stdout, frames), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        return _parcel(_frames(frames, request, len(content), tell), str(request["name"]))
    finally:
        process.kill()
        for thread in threads:
            thread.join()


def _write(stream: IO[bytes], request: dict[str, Any], content: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):
        asked = json.dumps(request).encode()
        stream.write(struct.pack("<QQ", len(asked), len(content)) + asked)
        stream.write(content)
        stream.flush()


def _read(stream: IO[bytes], frames: queue.Queue[tuple[bytes, bytearray]]) -> None:
    """Puts what comes into the queue; an empty kind is the end."""
    with contextlib.suppress(OSError, ValueError, MemoryError):
        while len(header := stream.read(_FRAME.size)) == _FRAME.size:
            kind, size = _FRAME.unpack(header)
            body = bytearray(size)
            view, done = memoryview(body), 0
            while done < size:
                count = stream.readinto(view[done:])  # type: ignore[attr-defined]
                if not count:
                    break
                done += count
            if done < size:
                break
            frames.put((kind, body))
    frames.put((b"", bytearray()))


def _frames(
    frames: queue.Queue[tuple[bytes, bytearray]], request: dict[str, Any], size: int, tell: Tell
) -> Iterator[tuple[bytes, bytearray]]:
    """What the process says until its end, telling now and then; progress is told and not handed on."""
    deadline = time.monotonic() + _SECONDS + _SECONDS_A_MEGABYTE * size / MEGABYTE
    share = 0.0
    while True:
        try:
            kind, body = frames.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            kind, body = b"P", bytearray()
        if kind == b"P":
            share = float(body.decode() or share)
            tell(share)
        else:
            yield kind, body
        if time.monotonic() > deadline:
            raise DataError(
                f"{quoted(str(request['name']))} takes too long to read and may be damaged; save it once more with the "
                "program that made it, or as CSV (text)."
            )


def _parcel(frames: Iterator[tuple[bytes, bytearray]], name: str) -> Parcel:
    head: dict[str, Any] | None = None
    bodies: list[memoryview] = []
    for kind, body in frames:
        if kind == b"H":
            head = json.loads(body)
        elif kind == b"B":
            bodies.append(memoryview(body))
        elif kind == b"D":
            raise DataError(body.decode(errors="replace"))
        elif kind == b"X":
            raise missing_extra(body.decode(), name)
        elif kind == b"M":
            raise DataError(
                f"{quoted(name)} claims more than the memory that a file of this size may take; if it is sound, save "
                "a part of it as CSV (text) and open that."
            )
        elif kind == b"E" and head is not None:
            return Parcel(head, bodies)
        elif not kind:
            break
    raise DataError(
        f"{quoted(name)} cannot be read: what reads such files broke down over it, because it is damaged or claims "
        "more memory than a file of its size may take; save it once more, or as CSV (text)."
    )
