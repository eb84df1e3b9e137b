"""Files that can be opened: one module a format, and the table of their suffixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gmm_desktop.data.readers.delimited import read_delimited
from gmm_desktop.data.readers.encoding import ADVICE
from gmm_desktop.data.readers.numpy_file import MAGIC, read_numpy
from gmm_desktop.data.readers.source import Source, source_of_bytes, source_of_file, source_of_stdin
from gmm_desktop.data.table import (
    Column,
    DataError,
    GivenUpError,
    ReadOptions,
    Table,
    Tell,
    quoted,
    say_nothing,
)


@dataclass(frozen=True)
class Reader:
    """One format: the words of a file dialog, its suffixes, and what reads it."""

    label: str
    suffixes: tuple[str, ...]
    read: Callable[[Source, ReadOptions, Tell], Table]


READERS: dict[str, Reader] = {
    "text": Reader("Tables of text", (".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".asc"), read_delimited),
    "numpy": Reader("numpy arrays", (".npy",), read_numpy),
}

#: Suffixes of formats that come with a later version, and what to do until then.
LATER: dict[str, str] = {
    ".xlsx": "save the sheet as CSV",
    ".xls": "save the sheet as CSV",
    ".ods": "save the sheet as CSV",
    ".parquet": "save the table as CSV",
    ".npz": "save one array with numpy.save as .npy",
    ".mat": "save the matrix as CSV",
    ".h5": "save the table as CSV",
    ".hdf5": "save the table as CSV",
    ".fcs": "save the events as CSV",
    ".gz": "unpack the file first",
    ".zip": "unpack the file first",
    ".gmm": "open the data that it was made from",
}


def read_table(path: str | Path, options: ReadOptions | None = None, *, tell: Tell = say_nothing) -> Table:
    """Reads a file; "-" is standard input.

    Args:
        path: the suffix decides the format; an unknown one is tried as text.
        options: what a person has decided already; the rest is found out.
        tell: told the share of the file that has been read, now and then.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it cannot be read; the text is one sentence saying what is wrong and what to try.
    """
    if str(path) == "-":
        return _read(source_of_stdin(), "", options, tell)
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in LATER and path.is_file():
        raise DataError(
            f"{quoted(path.name)} is not opened: {suffix} files come with a later version; {LATER[suffix]}."
        )
    return _read(source_of_file(path), suffix, options, tell)


def read_text(text: str, source: str = "the clipboard", options: ReadOptions | None = None) -> Table:
    """Reads a table of text that is no file, such as rows copied from a spreadsheet.

    Raises:
        DataError: as ``read_table``.
    """
    if not text.strip():
        raise DataError(f"There is no text in {source}; copy some rows of numbers first.")
    return _read(source_of_bytes(text.encode(errors="replace"), source), "", options, say_nothing)


def _read(source: Source, suffix: str, options: ReadOptions | None, tell: Tell) -> Table:
    offered = [reader for reader in READERS.values() if suffix in reader.suffixes]
    if not offered:
        offered = [READERS["numpy" if source.content.startswith(MAGIC) else "text"]]
    try:
        return replace(offered[0].read(source, options or ReadOptions(), tell), path=source.path)
    except (DataError, GivenUpError):
        raise
    except MemoryError:
        raise DataError(f"{quoted(source.name)} does not fit into memory; take a part of its rows.") from None
    except Exception as error:  # whatever a parser throws at a broken file is a sentence for the person who opened it
        raise DataError(f"{quoted(source.name)} cannot be read ({type(error).__name__}); {ADVICE}.") from error


__all__ = [
    "LATER",
    "READERS",
    "Column",
    "DataError",
    "GivenUpError",
    "ReadOptions",
    "Reader",
    "Table",
    "Tell",
    "read_table",
    "read_text",
    "say_nothing",
]
