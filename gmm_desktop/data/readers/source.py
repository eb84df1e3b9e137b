"""The bytes of a file, from regular files only, and where to find them again."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gmm_desktop.data.table import DataError, quoted

#: Larger files are refused before memory is spent on them.
LARGEST_FILE = 4 * 1024**3
#: Smaller files are kept in memory, so that exporting the rows does not depend on the file being there still.
KEPT_IN_MEMORY = 64 * 1024**2


@dataclass(frozen=True, eq=False)
class Source:
    """The bytes that were read.

    Attributes:
        name: what a person calls it: the file's name, "standard input", "the clipboard".
        content: the bytes.
        sha256: of the bytes, in hexadecimal.
        path: where they came from, or None.
    """

    name: str
    content: bytes
    sha256: str
    path: Path | None = None


@dataclass(frozen=True, eq=False)
class Again:
    """A way back to the bytes of a source that does not keep a large file in memory."""

    source: Source | None
    name: str
    sha256: str
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
        if again.sha256 != self.sha256:
            raise DataError(
                f"{quoted(self.name)} has changed since it was opened; open it again and repeat the export."
            )
        return again.content


def again(source: Source) -> Again:
    """A way back to the bytes: the bytes themselves where they are few or have no file, else the file."""
    keep = source.path is None or len(source.content) <= KEPT_IN_MEMORY
    return Again(source if keep else None, source.name, source.sha256, source.path)


def source_of_bytes(content: bytes, name: str, path: Path | None = None) -> Source:
    """Bytes with their hash.

    Raises:
        DataError: there are none.
    """
    if not content:
        raise DataError(f"{quoted(name)} is empty; choose a file that holds data.")
    return Source(name, content, hashlib.sha256(content).hexdigest(), path)


def source_of_stdin() -> Source:
    """All of standard input.

    Raises:
        DataError: it is empty, too large, or cannot be read.
    """
    try:
        stream: IO[bytes] | None = sys.stdin.buffer if sys.stdin is not None else None
        content = b"" if stream is None else stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise DataError(f"Standard input could not be read ({error}); give a file's name instead of '-'.") from error
    if not content:
        raise DataError("Standard input is empty; pipe a table into it, or give a file's name instead of '-'.")
    if len(content) > LARGEST_FILE:
        raise DataError(_too_large("standard input", len(content)))
    return source_of_bytes(content, "standard input")


def source_of_file(path: Path) -> Source:
    """All of a regular file.

    Raises:
        DataError: it is missing, a folder, a device or a pipe, not readable, empty or too large.
    """
    name = quoted(path.name or str(path))
    try:
        # Opening a pipe would wait for a writer; the kind is asked of what was opened, which nobody can swap.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise DataError(f"There is no file {quoted(str(path), 200)}; check its name and its folder.") from None
    except PermissionError:
        if path.is_dir():
            raise DataError(f"{name} is a folder; choose a file in it.") from None
        raise DataError(f"{name} may not be read by you; ask its owner for permission, or copy it.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{name} cannot be opened ({_reason(error)}); check its name and its folder.") from error
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise DataError(f"{name} is a folder; choose a file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise DataError(
                f"{name} is a device or a pipe and not an ordinary file; choose a file, or pipe it into '-'."
            )
        if status.st_size > LARGEST_FILE:
            raise DataError(_too_large(name, status.st_size))
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise DataError(f"{name} cannot be read ({_reason(error)}); copy it elsewhere and try again.") from error
    finally:
        os.close(descriptor)
    return source_of_bytes(content, path.name, path)


def _too_large(name: str, size: int) -> str:
    return (
        f"{name} has {size / 1024**3:.1f} GB, more than the {LARGEST_FILE // 1024**3} GB that can be opened; "
        "take a part of its rows or columns."
    )


def _reason(error: Exception) -> str:
    """What the operating system says, without number and path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
