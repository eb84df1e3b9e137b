"""An archive that holds a table, or several of which one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gmm_desktop.data.readers.archive import Entry, entries, pieces, unpacked
from gmm_desktop.data.readers.limits import largest_numbers
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import DataError, ReadOptions, Table, Tell, listed, quoted

_NO_DATA = ("__MACOSX/", ".DS_Store", "Thumbs.db")
Read = Callable[[Source, ReadOptions, Tell], Table]


def read_zip(
    source: Source,
    options: ReadOptions,
    tell: Tell,
    find_reader: Callable[[str, bytes], Read | None],
) -> Table:
    """The table in an archive.

    Args:
        source: of the archive.
        options: ``part`` names the file in the archive; where there is only one, the part in that.
        tell: told the share that has been read.
        find_reader: what reads a file, by its name and its first bytes; None for what is no table.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: the archive is damaged or forged, or holds no table.
    """
    found = [entry for entry in entries(source.content, source.name) if not _is_no_data(entry)]
    beginnings = {entry.name: next(pieces(source.content, entry, source.name), b"") for entry in found if entry.size}
    readers = {name: find_reader(name, beginning) for name, beginning in beginnings.items()}
    tables = [name for name, read in readers.items() if read is not None]
    tables.sort(key=lambda name: name.lower().endswith(".txt"))  # which is seldom the data, but what is said of them
    if not tables:
        held = f"; it holds {listed([entry.name for entry in found])}" if found else ""
        raise DataError(f"{quoted(source.name)} holds no table that can be opened{held}.")
    one = len(tables) == 1
    wanted = tables[0] if one or options.part is None else options.part
    if wanted not in tables:
        raise DataError(f"{quoted(source.name)} holds no table {quoted(wanted)}; choose among {listed(tables)}.")
    entry = next(entry for entry in found if entry.name == wanted)
    content = unpacked(source.content, entry, source.name, largest_numbers(len(source.content)))
    read = readers[wanted]
    assert read is not None
    # The hash is that of the file that a person has, and so is the name.
    inner = Source(source.name, content, source.digest)
    table = read(inner, options if one else replace(options, part=None), tell)
    if one:
        return table
    said = () if options.part else (f"{quoted(wanted)} was read; the archive holds {listed(tables)}.",)
    layout = replace(table.layout, part=wanted)
    return replace(table, parts=tuple(tables), layout=layout, messages=(*said, *table.messages))


def _is_no_data(entry: Entry) -> bool:
    return entry.name.startswith(_NO_DATA[0]) or entry.name.endswith(_NO_DATA[1:]) or not entry.size
