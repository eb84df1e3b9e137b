"""The bytes of a file, from regular files only, and where to find them again."""

from __future__ import annotations

import io
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gmm_desktop.data.digest import Digest, hexadecimal
from gmm_desktop.data.readers.room import read_exactly
from gmm_desktop.data.readers.unpacking import is_gzip, unpack
from gmm_desktop.data.table import DataError, Tell, counted, quoted, say_nothing

#: Larger files are refused before memory is spent on them.
LARGEST_FILE = 4 * 1024**3
#: As much is taken from a pipe, whose size nobody knows beforehand.
LARGEST_PIPED = 1024**3
#: Smaller files are kept in memory, so that exporting the rows does not depend on the file being there still.
KEPT_IN_MEMORY = 64 * 1024**2
_PIECE = 1 << 24
#: No format begins with so many zeros; a file that was only reserved on the disk does.
_ZEROS, _FEW_ZEROS = bytes(1 << 16), 1 << 12
#: A file larger than this of which less than one part in so many is on the disk was only reserved there.
_SPARSE, _MOSTLY = 1 << 26, 50


@dataclass(frozen=True, eq=False)
class Source:
    """The bytes that were read.

    Attributes:
        name: what a person calls it: the file's name, "standard input", "the clipboard".
        content: the bytes, unpacked where they were compressed.
        digest: the SHA-256 of the bytes as the file holds them, or what will be it once it is asked for.
        path: where they came from, or None.
        messages: plain sentences about how they were read, where that was not plain.
    """

    name: str
    content: bytes
    digest: Digest | str
    path: Path | None = None
    messages: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the bytes as the file holds them, in hexadecimal."""
        return hexadecimal(self.digest)

    @property
    def suffix(self) -> str:
        """The end of the name that says what the bytes are, in small letters; ".csv" of "data.csv.gz"."""
        name = Path(self.name if self.path is None else self.path.name)
        return Path(name.stem).suffix.lower() if name.suffix.lower() == ".gz" else name.suffix.lower()


@dataclass(frozen=True, eq=False)
class Again:
    """A way back to the bytes of a source that does not keep a large file in memory."""

    source: Source | None
    name: str
    digest: Digest | str
    path: Path | None

    def content(self) -> bytes:
        """The bytes as they were read.

        Raises:
            DataError: the file has changed since, or is gone.
        """
        if self.source is not None:
            return self.source.content
        assert self.path is not None
        again = source_of_file(self.path)
        if again.sha256 != hexadecimal(self.digest):
            raise DataError(
                f"{quoted(self.name)} has changed since it was opened; open it again and repeat the export."
            )
        return again.content


def again(source: Source) -> Again:
    """A way back to the bytes: the bytes themselves where they are few or have no file, else the file."""
    keep = source.path is None or len(source.content) <= KEPT_IN_MEMORY
    return Again(source if keep else None, source.name, source.digest, source.path)


def source_of_bytes(content: bytes, name: str, path: Path | None = None, tell: Tell = say_nothing) -> Source:
    """Bytes with their hash, unpacked if they are compressed.

    Raises:
        DataError: there are none, or they cannot be unpacked.
    """
    return _source(content, Digest(content), name, path, (), tell)


def source_of_stdin(tell: Tell = say_nothing) -> Source:
    """All of standard input.

    Raises:
        DataError: it is empty, too large, a device, or cannot be read.
    """
    name = "standard input"
    try:
        stream: IO[bytes] | None = sys.stdin.buffer if sys.stdin is not None else None
        if stream is None:
            content, grown = b"", 0
        else:
            content, grown = _bytes_of(stream, name, tell)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"Standard input could not be read ({_reason(error)}); give a file's name instead of '-'."
        ) from error
    if not content:
        raise DataError("Standard input is empty; pipe a table into it, or give a file's name instead of '-'.")
    return _source(content, Digest(content), name, None, _said_of_growth(name, grown), tell)


def source_of_file(path: Path, tell: Tell = say_nothing) -> Source:
    """All of a regular file.

    Args:
        path: of the file.
        tell: told the share that is unpacked, where the file is compressed; 0 while it is read.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it is missing, a folder, a device or a pipe, not readable, empty, too large, or being written.
    """
    name = quoted(path.name or str(path))
    descriptor = _opened(path, name)
    try:
        before = os.fstat(descriptor)
        if stat.S_ISDIR(before.st_mode):
            raise DataError(f"{name} is a folder; choose a file in it.")
        with os.fdopen(descriptor, "rb", len(_ZEROS), closefd=False) as stream:
            content, grown = _bytes_of(stream, name, tell)
        changed = stat.S_ISREG(before.st_mode) and os.fstat(descriptor).st_mtime_ns != before.st_mtime_ns
    except OSError as error:
        raise DataError(f"{name} cannot be read ({_reason(error)}); copy it elsewhere and try again.") from error
    finally:
        os.close(descriptor)
    said = _said_of_growth(name, grown) or _said_of_change(name, changed)
    return _source(content, Digest(content), path.name, path, said, tell)


def _opened(path: Path, name: str) -> int:
    try:
        # Opening a pipe would wait for a writer; the kind is asked of what was opened, which nobody can swap.
        return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise DataError(f"There is no file {quoted(str(path), 200)}; check its name and its folder.") from None
    except PermissionError:
        if path.is_dir():
            raise DataError(f"{name} is a folder; choose a file in it.") from None
        raise DataError(f"{name} may not be read by you; ask its owner for permission, or copy it.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{name} cannot be opened ({_reason(error)}); check its name and its folder.") from error


def _bytes_of(stream: IO[bytes], name: str, tell: Tell) -> tuple[bytes, int]:
    """What a stream holds.

    Returns:
        The bytes, and by how many the file grew meanwhile.

    Raises:
        DataError: a device, too large, nothing but zeros, or a file that became shorter meanwhile.
    """
    expected = _expected(stream, name)
    limit = LARGEST_FILE if expected else LARGEST_PIPED
    tell(0.0)
    content = b""
    if expected:
        if isinstance(stream, io.BufferedReader):
            _check_beginning(stream.peek(len(_ZEROS)), name)
        content = read_exactly(stream, expected, tell)
    more = io.BytesIO()
    while piece := stream.read(_PIECE):
        if not content and not more.tell():
            _check_beginning(piece, name)
        more.write(piece)
        if len(content) + more.tell() > limit:
            raise DataError(_too_large(name, len(content) + more.tell(), limit))
        tell(0.0)
        if expected and more.tell() >= _PIECE:
            break  # who writes is as fast as this
    missing = (expected or 0) - len(content)
    if missing > 0:
        raise DataError(
            f"{_begin(name)} became {counted(missing, 'byte')} shorter while it was read; wait until it is complete "
            "and open it again."
        )
    return (content + more.getvalue() if content else more.getvalue()), more.tell() if expected else 0


def _check_beginning(beginning: bytes, name: str) -> None:
    if len(beginning) >= _FEW_ZEROS and _ZEROS.startswith(beginning[: len(_ZEROS)]):
        raise DataError(f"{_begin(name)} begins with nothing but zeros and is no table; copy or download it again.")


def _expected(stream: IO[bytes], name: str) -> int | None:
    """How many bytes a stream will give; None where nobody knows.

    Raises:
        DataError: it is a device, or more than is read.
    """
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):  # no file of the system, such as a test's
        return None
    piped = name == "standard input"
    if not stat.S_ISREG(status.st_mode) and not (piped and (stream.isatty() or not stat.S_ISCHR(status.st_mode))):
        if piped and os.path.exists(os.devnull) and os.path.samestat(status, os.stat(os.devnull)):
            return None
        raise DataError(
            f"{_begin(name)} is a device or a pipe and not an ordinary file; choose a file, or pipe it into '-'."
        )
    if not stat.S_ISREG(status.st_mode):
        return None
    size = status.st_size - (stream.tell() if piped else 0)
    if size > LARGEST_FILE:
        raise DataError(_too_large(name, size, LARGEST_FILE))
    stored = getattr(status, "st_blocks", 0) * 512  # 0 on systems that do not say
    if size > _SPARSE and 0 < stored * _MOSTLY < size:
        raise DataError(f"{_begin(name)} is mostly holes and no table; copy or download it again.")
    return size


def _source(
    content: bytes, digest: Digest, name: str, path: Path | None, messages: tuple[str, ...], tell: Tell
) -> Source:
    if not content:
        raise DataError(f"{quoted(name)} is empty; choose a file that holds data.")
    if is_gzip(content):
        content, said = unpack(content, name, tell)
        messages += said
        if content.startswith(_ZEROS):
            raise DataError(f"{quoted(name)} holds nothing but zeros and is no table; copy or download it again.")
    elif path is not None and path.suffix.lower() == ".gz":
        messages += (f"{quoted(name)} is not compressed, although its name says so, and was read as it is.",)
    return Source(name, content, digest, path, messages)


def _said_of_growth(name: str, grown: int) -> tuple[str, ...]:
    if not grown:
        return ()
    return (
        f"{_begin(name)} grew by {counted(grown, 'byte')} while it was read, so that its last row may not be complete; "
        "open it again when it is.",
    )


def _said_of_change(name: str, changed: bool) -> tuple[str, ...]:
    if not changed:
        return ()
    return (
        f"{_begin(name)} was written to while it was read, so that its rows may be old and new ones; open it "
        "again when it is complete.",
    )


def _too_large(name: str, size: int, limit: int) -> str:
    return (
        f"{_begin(name)} has {'' if limit == LARGEST_FILE else 'more than '}{size / 1024**3:.1f} GB, more than the "
        f"{limit // 1024**3} GB that can be opened; take a part of its rows or columns."
    )


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]


def _reason(error: Exception) -> str:
    """What the operating system says, without number and path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
