"""Files that can be opened: one module a format, and the table of their suffixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gmm_desktop.data.digest import begin
from gmm_desktop.data.readers.delimited import read_delimited
from gmm_desktop.data.readers.encoding import ADVICE
from gmm_desktop.data.readers.fcs_file import read_fcs
from gmm_desktop.data.readers.hdf5_file import read_hdf5
from gmm_desktop.data.readers.kinds import kind_of, said_of_name
from gmm_desktop.data.readers.matlab_file import read_matlab
from gmm_desktop.data.readers.numpy_file import read_npz, read_numpy
from gmm_desktop.data.readers.parquet_file import read_parquet
from gmm_desktop.data.readers.source import Source, again, source_of_bytes, source_of_file, source_of_stdin
from gmm_desktop.data.readers.workbook import read_workbook
from gmm_desktop.data.readers.zip_file import Read, read_zip
from gmm_desktop.data.table import (
    Column,
    DataError,
    GivenUpError,
    Origin,
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


def _read_zip(source: Source, options: ReadOptions, tell: Tell) -> Table:
    return read_zip(source, options, tell, _reader_in_archive)


READERS: dict[str, Reader] = {
    "text": Reader("Tables of text", (".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".asc"), read_delimited),
    "workbook": Reader("Workbooks", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), read_workbook),
    "numpy": Reader("numpy arrays", (".npy",), read_numpy),
    "npz": Reader("Archives of numpy arrays", (".npz",), read_npz),
    "parquet": Reader("Parquet", (".parquet", ".pq"), read_parquet),
    "hdf5": Reader("HDF5", (".h5", ".hdf5", ".hdf", ".nc"), read_hdf5),
    "fcs": Reader("Flow cytometry", (".fcs",), read_fcs),
    "matlab": Reader("MATLAB matrices", (".mat",), read_matlab),
    "zip": Reader("Zip archives", (".zip",), _read_zip),
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
    return read_source(open_source(path, tell=tell), options, tell=tell)


def open_source(path: str | Path, *, tell: Tell = say_nothing) -> Source:
    """The bytes of a file, to be read in one way and, where a person wants that, in another; "-" is standard input.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: as ``read_table``.
    """
    if str(path) == "-":
        return source_of_stdin(tell)
    path = Path(path)
    if path.suffix.lower() == ".gmm" and path.is_file():
        raise DataError(f"{quoted(path.name)} is a session and not a table; open it in the window.")
    return source_of_file(path, tell)


def read_source(source: Source, options: ReadOptions | None = None, *, tell: Tell = say_nothing) -> Table:
    """Reads bytes that ``open_source`` gave, as ``read_table``.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: as ``read_table``.
    """
    return _read(source, None, options or ReadOptions(), tell)


def read_again(table: Table, options: ReadOptions, *, tell: Tell = say_nothing) -> Table:
    """The same file read in another way.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: as ``read_table``, or the file has changed since, or the table came from none.
    """
    origin = table.origin
    if origin is None:
        raise DataError(f"{quoted(table.source)} came from no file; it cannot be read in another way.")
    source = Source(table.source, origin.content(), table.digest, origin.path)
    return _read(source, origin.reader, options, tell)


def read_text(text: str, source: str = "the clipboard", options: ReadOptions | None = None) -> Table:
    """Reads a table of text that is no file, such as rows copied from a spreadsheet.

    Raises:
        DataError: as ``read_table``.
    """
    if not text.strip():
        raise DataError(f"There is no text in {source}; copy some rows of numbers first.")
    return read_source(source_of_bytes(text.encode(errors="replace"), source), options)


def open_filters() -> str:
    """The words of a dialog that opens files: all at once, then format by format."""
    suffixes = [suffix for reader in READERS.values() for suffix in reader.suffixes]
    every = " ".join(f"*{suffix}" for suffix in (*suffixes, ".gz"))
    rows = [f"{reader.label} ({' '.join(f'*{suffix}' for suffix in reader.suffixes)})" for reader in READERS.values()]
    return ";;".join([f"Tables of numbers ({every})", *rows, "All files (*)"])


def _reader_of_suffix(suffix: str) -> str | None:
    """The id that a file's suffix speaks for."""
    return next((id_ for id_, reader in READERS.items() if suffix in reader.suffixes), None)


def _reader_of(source: Source) -> str:
    """The id of what reads a file: by its first bytes, else by its suffix."""
    return kind_of(source.content, _reader_of_suffix(source.suffix) if source.path else None, source.name)


def _reader_in_archive(name: str, beginning: bytes) -> Read | None:
    """What reads a file in an archive; None where it is none of ours, or an archive again."""
    by_name = _reader_of_suffix(Path(name).suffix.lower())
    id_ = by_name if beginning.startswith(b"PK") else kind_of(beginning, by_name, name)
    return None if id_ in (None, "zip") or (by_name is None and id_ == "text") else READERS[id_ or ""].read


def _read(source: Source, reader: str | None, options: ReadOptions, tell: Tell) -> Table:
    try:
        reader = reader or _reader_of(source)
        table = READERS[reader].read(source, options, tell)
        if options.rows is None:  # after a preview the bytes are read once more, and a hash would be in the way
            begin(source.digest)
        said = said_of_name(reader, _reader_of_suffix(source.suffix) if source.path else None, source.name)
        messages = (*source.messages, *said, *table.messages)
        return replace(table, messages=messages, origin=Origin(reader, options, source.path, again(source).content))
    except (DataError, GivenUpError):
        raise
    except MemoryError:
        raise DataError(f"{quoted(source.name)} does not fit into memory; take a part of its rows.") from None
    except Exception as error:  # whatever a parser throws at a broken file is a sentence for the person who opened it
        raise DataError(f"{quoted(source.name)} cannot be read ({type(error).__name__}); {ADVICE}.") from error


__all__ = [
    "READERS",
    "Column",
    "DataError",
    "GivenUpError",
    "ReadOptions",
    "Reader",
    "Table",
    "Tell",
    "open_filters",
    "open_source",
    "read_again",
    "read_source",
    "read_table",
    "read_text",
    "say_nothing",
]
