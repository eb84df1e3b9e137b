"""The container of a session: a zip of one JSON document and of numpy arrays, read without trusting a byte of it."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import DataError, Tell, say_nothing
from gmm_desktop.data.table import quoted

DOCUMENT = "session.json"
SUFFIX = ".gmm"

MOST_BYTES = 2**30
"""What a session may take in memory, all arrays and stored files together; more is neither written nor opened."""

_MOST_OF_DOCUMENT = 64 * 2**20
_MOST_MEMBERS, _MOST_OF_DIRECTORY = 10_000, 2 * 2**20
_PIECE = 2**20
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same session gives the same bytes
_END, _END_LENGTH, _LONG_END, _LONG_LENGTH = b"PK\x05\x06", 22, b"PK\x06\x07", 20

Member = bytes | memoryview | NDArray[Any]


class DamagedError(ValueError):
    """What is in the file is not what this program writes; the text says what, for the curious."""


class Budget:
    """What may still be allocated while a session is opened."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """So many bytes are about to be allocated.

        Raises:
            DataError: that would be more than a session may take.
        """
        self._left -= size
        if size < 0 or self._left < 0:
            raise DataError(
                f"This session needs more than the {MOST_BYTES / 2**30:.0f} GB that one may take; it is not opened."
            )


# Writing ------------------------------------------------------------------------------------------------------------


def packed(document: dict[str, Any], members: dict[str, Member], tell: Tell = say_nothing) -> Iterator[bytes]:
    """The bytes of the container, piece by piece.

    Raises:
        DataError: it would be larger than one that is opened again.
        GivenUpError: ``tell`` raised it.
    """
    text = json.dumps(document, allow_nan=False, separators=(",", ":")).encode("ascii")
    total = len(text) + sum(_length(member) for member in members.values())
    if total > MOST_BYTES or len(text) > _MOST_OF_DOCUMENT or len(members) >= _MOST_MEMBERS:
        raise DataError(
            f"This session would take {total / 2**30:.1f} GB, more than the {MOST_BYTES / 2**30:.0f} GB that can be "
            "opened again; fit fewer rows or columns, or export the parameters."
        )
    sink, done = _Sink(), 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, member in {DOCUMENT: text, **members}.items():
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.external_attr = 0o600 << 16
            with archive.open(info, "w") as stream:
                for piece in _pieces(member):
                    tell(done / total)
                    stream.write(piece)
                    done += len(piece)
                    yield sink.taken()
    yield sink.taken()


def array_bytes(array: NDArray[Any]) -> Iterator[bytes]:
    """An array as an ``.npy`` file, piece by piece."""
    header = io.BytesIO()
    plain = np.ascontiguousarray(array)
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(plain))
    yield header.getvalue()
    if plain.nbytes:
        yield from _cut(plain.reshape(-1).view(np.uint8).data)


def _pieces(member: Member) -> Iterator[bytes]:
    if isinstance(member, np.ndarray):
        return array_bytes(member)
    return _cut(memoryview(member))


def _cut(content: memoryview) -> Iterator[bytes]:
    return (bytes(content[i : i + _PIECE]) for i in range(0, len(content), _PIECE))


def _length(member: Member) -> int:
    return member.nbytes if isinstance(member, np.ndarray | memoryview) else len(member)


class _Sink(io.RawIOBase):
    """Takes what a zip writes and hands it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        """What came since it was asked last."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


# Reading ------------------------------------------------------------------------------------------------------------


class Container:
    """An open container; what it declares is checked before anything is allocated.

    Raises:
        DamagedError: it is none, or not one that this program wrote.
        DataError: it declares more than a session may take.
    """

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        _check_end(stream)
        try:
            self._archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError) as error:
            raise DamagedError("it is no zip archive") from error
        infos = self._archive.infolist()
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) < len(infos):
            raise DamagedError("a name is there twice")
        self._budget = budget

    def document(self) -> dict[str, Any]:
        """The JSON document."""
        text = self.content(DOCUMENT, _MOST_OF_DOCUMENT)
        try:
            found = json.loads(text.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise DamagedError("its document is no JSON") from error
        if not isinstance(found, dict):
            raise DamagedError("its document is no object")
        return found

    def content(self, name: str, most: int = MOST_BYTES) -> bytes:
        """The bytes of a member."""
        info = self._infos.get(name)
        if info is None:
            raise DamagedError(f"'{name[:80]}' is missing")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
            raise DamagedError("a part is packed in an unknown way")
        if info.file_size > most:
            raise DamagedError(f"'{name[:80]}' is too large")
        self._budget.take(info.file_size)
        try:
            with self._archive.open(info) as stream:
                found = stream.read(info.file_size + 1)
        except DataError:
            raise
        except Exception as error:  # zlib, zipfile and struct have an error each
            raise DamagedError(f"'{name[:80]}' cannot be unpacked") from error
        if len(found) != info.file_size:
            raise DamagedError(f"'{name[:80]}' is not as long as it says")
        return found

    def array(self, name: str) -> NDArray[Any]:
        """The array in a member, read-only."""
        return array_of(self.content(name))


def array_of(content: bytes) -> NDArray[Any]:
    """The array in the bytes of an ``.npy`` file: numbers in C order, exactly as many as it says; read-only.

    Raises:
        DamagedError: it is none of these.
    """
    stream = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise DamagedError("an array is of an unknown version")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    except DamagedError:
        raise
    except Exception as error:  # numpy raises whatever its parser of Python literals raises
        raise DamagedError("an array has no header") from error
    if fortran or dtype.str not in ("<f8", "<i8", "<i4", "<i2", "|u1"):
        raise DamagedError("an array is of an unknown type")
    size = math.prod(shape)
    if any(length < 0 for length in shape) or len(content) - stream.tell() != size * dtype.itemsize:
        raise DamagedError("an array is not as long as it says")
    return np.frombuffer(content, dtype, size, stream.tell()).reshape(shape)


@contextlib.contextmanager
def open_container(path: Path, budget: Budget) -> Iterator[Container]:
    """The container in a regular file.

    Raises:
        DataError: the file is missing or no regular file.
        DamagedError: as ``Container``.
    """
    with open_regular(path) as stream:
        yield Container(stream, budget)


def open_regular(path: Path) -> IO[bytes]:
    """A file opened for reading, which is no pipe that would have a reader wait.

    Raises:
        DataError: it is missing, or none; one sentence.
    """
    name = quoted(path.name)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise DataError(f"There is no file {quoted(str(path), 200)}; check its name and its folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{name} cannot be opened ({reason}); choose a session that was saved as .gmm.") from error
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise DataError(f"{name} is not an ordinary file; choose a session that was saved as .gmm.")


def _check_end(stream: IO[bytes]) -> None:
    """The directory is small: zipfile would read one of any size."""
    stream.seek(0, io.SEEK_END)
    length = stream.tell()
    stream.seek(max(0, length - _END_LENGTH - _LONG_LENGTH))
    tail = stream.read()
    end = tail[-_END_LENGTH:]
    if len(end) < _END_LENGTH or not end.startswith(_END) or tail.startswith(_LONG_END):
        raise DamagedError("its end is missing")
    count, size = struct.unpack("<HI", end[10:16])
    if count > _MOST_MEMBERS or size > _MOST_OF_DIRECTORY:
        raise DamagedError("it has too many parts")
    stream.seek(0)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")
