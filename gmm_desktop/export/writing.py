"""A file is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gmm_desktop.export.report import ExportError

Content = bytes | Iterable[bytes]
"""What a file is to hold, at once or piece by piece."""


def write_whole(path: str | Path, content: Content) -> None:
    """Writes a file so that its place holds, at any moment, the old content or all of the new.

    The bytes go to a new file in the same folder, which is checked, forced to the disk and renamed; Qt's own
    QSaveFile reports success on a full disk and leaves half a file. A link is followed and stays a link.

    Raises:
        ExportError: it could not be written; the old file is untouched, and no temporary one is left. The same holds
            for whatever making a piece of the content raises.
    """
    write_together([(path, content)])


def write_together(files: Sequence[tuple[str | Path, Content]]) -> None:
    """As ``write_whole`` for several files, none of which takes its place before all of them are made.

    Raises:
        ExportError: as ``write_whole``, naming the file.
    """
    made: list[tuple[str | Path, Path, Path]] = []
    try:
        for path, content in files:
            target = _target(Path(path))
            temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
            made.append((path, temporary, target))
            with _refusing(Path(path)):
                _write(temporary, content, _mode(target))
        for path, temporary, target in made:
            with _refusing(Path(path)):
                os.replace(temporary, target)
            _sync_folder(target.parent)
    finally:
        for _, temporary, _ in made:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """Where the bytes are to be, links followed."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise ExportError(f"'{path}' is a folder; give a file's name.")
    if target.exists() and not target.is_file():
        raise ExportError(f"'{path}' is not an ordinary file; give another name.")
    return target


@contextlib.contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What the system says, as a sentence about the file that was asked for."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"'{path}' was not written: {_reason(error, path.parent)}.") from error


def _write(temporary: Path, content: Content, mode: int) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    wanted = 0
    with os.fdopen(descriptor, "wb") as stream:
        for piece in (content,) if isinstance(content, bytes) else content:
            stream.write(piece)
            wanted += len(piece)
        stream.flush()
        os.fsync(stream.fileno())
    written = temporary.stat().st_size
    if written != wanted:
        raise OSError(f"only {written} of {wanted} bytes arrived")


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
