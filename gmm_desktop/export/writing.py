"""A file is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from gmm_desktop.export.report import ExportError


def write_whole(path: str | Path, content: bytes) -> None:
    """Writes a file so that its place holds, at any moment, the old content or all of the new.

    The bytes go to a new file in the same folder, which is checked, forced to the disk and renamed; Qt's own
    QSaveFile reports success on a full disk and leaves half a file. A link is followed and stays a link.

    Raises:
        ExportError: it could not be written; the old file is untouched, and no temporary one is left.
    """
    path = Path(path)
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise ExportError(f"'{path}' is a folder; give a file's name.")
    if target.exists() and not target.is_file():
        raise ExportError(f"'{path}' is not an ordinary file; give another name.")
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        _write(temporary, content, _mode(target))
        os.replace(temporary, target)
    except OSError as error:
        raise ExportError(f"'{path}' was not written: {_reason(error, path.parent)}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _write(temporary: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    written = temporary.stat().st_size
    if written != len(content):
        raise OSError(f"only {written} of {len(content)} bytes arrived")


def _mode(target: Path) -> int:
    """Who may read the file: as before where it exists; else as the user's own mask says."""
    return target.stat().st_mode & 0o777 if target.exists() else 0o666


def _sync_folder(folder: Path) -> None:
    """Forces the renaming to the disk; the file is whole already, so failing in this is no failure."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError, folder: Path) -> str:
    if isinstance(error, FileNotFoundError) and not folder.exists():
        return f"there is no folder '{folder}'; make it, or choose another one"
    if isinstance(error, PermissionError):
        return f"the folder '{folder}' may not be written to; choose another one"
    return f"{error.strerror or error}; free some space or choose another folder"
