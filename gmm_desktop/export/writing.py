"""A file is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gmm_desktop.export.report import ExportError
from gmm_desktop.export.temporary import can_be_nameless, folder_in_use, give_name, open_nameless, temporary_name

Content = bytes | Iterable[bytes]
"""What a file is to hold, at once or piece by piece."""

_AT_ONCE = 1 << 22  # bytes
_MOST_NAMELESS = 64  # each holds a descriptor, of which a process may have some hundred


@dataclass
class _Made:
    """A file on its way.

    Attributes:
        path: what was asked for.
        temporary: the name of the file that holds the bytes until all files are made.
        target: where they are to be.
        nameless: whether the temporary file has no name yet.
        descriptor: of the temporary file, or -1 where it is closed.
    """

    path: Path
    temporary: Path
    target: Path
    nameless: bool
    descriptor: int = -1

    def close(self) -> None:
        """Some file systems find out only now that the bytes have no room."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def write_whole(path: str | Path, content: Content) -> None:
    """Writes a file so that its place holds, at any moment, the old content or all of the new.

    The bytes go to a new file in the same folder, which is checked, forced to the disk, closed and renamed; Qt's own
    QSaveFile reports success on a full disk and leaves half a file. A link is followed and stays a link. Where the
    system can make a file that has no name yet, a process that is killed while it writes leaves nothing behind;
    what it leaves elsewhere, the next write into the same folder removes.

    Raises:
        ExportError: it could not be written; the old file is untouched, and no temporary one is left. The same holds
            for whatever making a piece of the content raises.
    """
    write_together([(path, content)])


def write_together(files: Sequence[tuple[str | Path, Content]]) -> None:
    """As ``write_whole`` for several files, none of which takes its place before all of them are made.

    Raises:
        ExportError: as ``write_whole``, naming the file. Where it had to be the renaming that failed, some files may
            have taken their places before: the sentence names them.
    """
    made: list[_Made] = []
    with contextlib.ExitStack() as folders:
        try:
            used: set[Path] = set()
            for path, content in files:
                with _refusing(Path(path)):
                    target = _target(Path(path))
                    if target.parent not in used:
                        used.add(target.parent)
                        folders.enter_context(folder_in_use(target.parent))
                    nameless = len(files) <= _MOST_NAMELESS and can_be_nameless(target.parent)
                    made.append(_Made(Path(path), target.with_name(temporary_name(target.name)), target, nameless))
                    _write(made[-1], content)
            _rename(made)
        finally:
            for one in made:
                with contextlib.suppress(OSError):
                    one.close()
                with contextlib.suppress(OSError):
                    os.unlink(one.temporary)


def _rename(made: Sequence[_Made]) -> None:
    """From here on it takes no time: a process that is killed before leaves nothing of what had no name."""
    for one in made:
        with _refusing(one.path):
            if one.nameless:
                give_name(one.descriptor, one.temporary)
            one.close()
    for done, one in enumerate(made):
        with _refusing(one.path, [before.path for before in made[:done]]):
            os.replace(one.temporary, one.target)
    for folder in {one.target.parent for one in made}:
        _sync_folder(folder)


def _target(path: Path) -> Path:
    """Where the bytes are to be, links followed."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise ExportError(f"'{path}' is a folder; give a file's name.")
    if target.exists() and not target.is_file():
        raise ExportError(f"'{path}' is not an ordinary file; give another name.")
    return target


@contextlib.contextmanager
def _refusing(path: Path, done: Sequence[Path] = ()) -> Iterator[None]:
    """What the system says, as a sentence about the file that was asked for, and those that are written already."""
    try:
        yield
    except OSError as error:
        sentence = f"'{path}' was not written: {_reason(error, path)}."
        if done:
            names = ", ".join(f"'{each}'" for each in done[:3]) + (f" and {len(done) - 3} more" if done[3:] else "")
            sentence += f" New and whole before that: {names}."
        raise ExportError(sentence) from error


def _write(one: _Made, content: Content) -> None:
    mode = _mode(one.target)
    if one.nameless:
        one.descriptor = open_nameless(one.target.parent, mode)
    else:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        one.descriptor = os.open(one.temporary, flags, mode)
    wanted = sum(_pour(one.descriptor, piece) for piece in ((content,) if isinstance(content, bytes) else content))
    os.fsync(one.descriptor)
    written = os.fstat(one.descriptor).st_size
    if written != wanted:
        raise OSError(f"only {written} of {wanted} bytes arrived")
    if not one.nameless:
        one.close()


def _pour(descriptor: int, piece: bytes) -> int:
    """Write all of a piece, however little the system takes at once; how long it is."""
    rest = memoryview(piece)
    while rest:
        taken = os.write(descriptor, rest[:_AT_ONCE])
        if taken <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest = rest[taken:]
    return len(piece)


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


_GONE = tuple(getattr(errno, name) for name in ("EIO", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN") if hasattr(errno, name))

_FULL = {errno.ENOSPC: "the disk is full"}
if hasattr(errno, "EDQUOT"):
    _FULL[errno.EDQUOT] = "all that you may use of the disk is in use"


def _reason(error: OSError, path: Path) -> str:
    """What went wrong and what to do about it."""
    folder = path.parent
    if isinstance(error, FileNotFoundError) and not os.path.exists(folder):
        return f"there is no folder '{folder}'; make it, or choose another one"
    if isinstance(error, NotADirectoryError):
        return f"'{folder}' is not a folder; choose one"
    if isinstance(error, PermissionError) and path.exists() and os.access(folder, os.W_OK):
        return (
            "it may not be replaced, perhaps because another program has it open; close it there, or give another name"
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"the folder '{folder}' may not be written to; choose another one"
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long; give a shorter one"
    if error.errno == errno.EFBIG:
        return "the disk takes no file as large as this; choose another folder"
    if error.errno in _FULL:
        return f"{_FULL[error.errno]}; free some space or choose another folder"
    words = error.strerror or str(error)
    if error.errno in _GONE:
        return f"the disk does not answer ({words}); look whether it is still there, or choose another folder"
    return f"{words}; free some space or choose another folder"
