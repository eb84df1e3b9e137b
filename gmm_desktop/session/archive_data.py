"""Data in a session: the points always, the file that they were read from by content or by reference.

The points are those that are fitted, to the last bit, so that a session needs no other file to show and compute what
it did. What else was in the file, for the export of its columns and the choice of others, comes with it where the file
is small, and is offered to be read from where it lies where it is large.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from gmm_desktop.data import SAMPLES, DataError, Dataset, ReadOptions, Table, Tell, say_nothing
from gmm_desktop.data.table import Origin, quoted

if TYPE_CHECKING:
    from gmm_desktop.data.readers.source import Source

MOST_OF_A_FILE = 64 * 2**20
"""A file of so many bytes comes with the session; a larger one is only named, with its hash."""


@dataclass(frozen=True, eq=False)
class StoredTable:
    """The file that points were read from.

    Attributes:
        source: what a person calls it.
        sha256: of its bytes.
        reader: what read it, a key of READERS.
        options: how a person wanted it read.
        content: its bytes, or None.
        path: where it was, or "".
        beside: the same, as seen from the session's folder, or "".
        sample: the bundled set that it is, or "".
        unpacked: the sha256 of ``content`` where the file was compressed and holds other bytes, or "".
    """

    source: str
    sha256: str
    reader: str = ""
    options: ReadOptions = field(default_factory=ReadOptions)
    content: bytes | None = None
    path: str = ""
    beside: str = ""
    sample: str = ""
    unpacked: str = ""


_elsewhere: WeakKeyDictionary[Dataset, StoredTable] = WeakKeyDictionary()


def elsewhere(dataset: Dataset) -> StoredTable | None:
    """The file that holds more of these data than the session they came from, or None."""
    return _elsewhere.get(dataset)


class TablesToStore:
    """What is written of each table, once; ``folder`` is where the session goes."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[int, tuple[Table, StoredTable | None]] = {}

    def of(self, dataset: Dataset) -> StoredTable | None:
        """The table of some data, or None where there is nothing more to it than the points."""
        table = dataset.table
        if table is None:
            return elsewhere(dataset)
        if id(table) not in self._known:
            self._known[id(table)] = (table, self._stored(table, dataset.sample))
        return self._known[id(table)][1]

    def _stored(self, table: Table, sample: str) -> StoredTable | None:
        origin = table.origin
        if origin is None:
            return StoredTable(table.source, table.sha256, sample=sample) if sample else None
        stored = StoredTable(table.source, table.sha256, origin.reader, origin.options)
        if origin.path is not None:
            path = os.path.abspath(origin.path)
            stored = replace(stored, path=path, beside=self._beside(path))
        content = content_to_keep(origin)
        digest = "" if content is None else hashlib.sha256(content).hexdigest()
        return replace(stored, content=content, unpacked="" if digest == stored.sha256 else digest)

    def _beside(self, path: str) -> str:
        try:
            return "" if self._folder is None else os.path.relpath(path, self._folder)
        except ValueError:  # on another drive
            return ""


def content_to_keep(origin: Origin) -> bytes | None:
    """The bytes of a file, where they are few or where there is no file that has them."""
    try:
        if origin.path is not None and _size(origin.path) > MOST_OF_A_FILE:
            return None
        content = origin.content()
    except (DataError, OSError):
        return None
    return content if origin.path is None or len(content) <= MOST_OF_A_FILE else None


def _size(path: Path) -> int:
    """In bytes; 0 where the file is gone, of which a small one's are still in memory."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


class StoredTables:
    """The tables of a session that is opened. It reads no file.

    Attributes:
        notes: plain sentences about what is not as it was.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._known: dict[int, Table | None] = {}

    def dataset(self, **values: Any) -> Dataset:
        """The data set of checked fields, its table being a ``StoredTable``.

        Raises:
            ValueError: they make none.
        """
        stored = values.pop("table", None)
        dataset = Dataset(**values)
        check_dataset(dataset)
        if stored is None or dataset.rows is None:
            return dataset
        if id(stored) not in self._known:
            self._known[id(stored)] = self._table(stored)
        table = self._known[id(stored)]
        if table is not None:
            if belongs(dataset, table):
                return replace(dataset, table=table)
            self.notes.append(f"{quoted(stored.source)} is read differently now; the points are as they were saved.")
        elif stored.path:
            _elsewhere[dataset] = stored
        return dataset

    def _table(self, stored: StoredTable) -> Table | None:
        try:
            if stored.content is not None:
                return _table_within(stored.content, stored)
            sample = SAMPLES.get(stored.sample)
            table = sample.load().table if sample is not None else None
            return table if table is not None and table.sha256 == stored.sha256 else None
        except DataError as error:
            self.notes.append(str(error))
            return None


def _table_within(content: bytes, stored: StoredTable) -> Table:
    """The bytes of a file that came with the session, read as they were.

    Raises:
        DataError: they are others, or cannot be read.
    """
    from gmm_desktop.data.readers.source import Source

    if hashlib.sha256(content).hexdigest() != (stored.unpacked or stored.sha256):
        raise DataError(_changed(stored))
    path = Path(stored.path) if stored.path else None
    return table_of(Source(stored.source, content, stored.sha256, path), stored)


def table_of(source: Source, stored: StoredTable, tell: Tell = say_nothing) -> Table:
    """The stored file, read as it was.

    Raises:
        DataError: it is another one, or cannot be read.
        GivenUpError: ``tell`` raised it.
    """
    from gmm_desktop.data.readers import read_source

    if source.sha256 != stored.sha256:
        raise DataError(_changed(stored))
    return read_source(replace(source, name=stored.source), stored.options, tell=tell)


def _changed(stored: StoredTable) -> str:
    return f"{quoted(stored.source)} has changed since the session was saved; it is not used."


def read_elsewhere(stored: StoredTable, folder: Path | None, tell: Tell = say_nothing) -> Table:
    """The file that a session names, beside the session or where it was.

    Raises:
        DataError: it is not there, has changed, or cannot be read.
        GivenUpError: ``tell`` raised it.
    """
    from gmm_desktop.data.readers.source import source_of_file

    beside = [] if folder is None or not stored.beside else [folder / stored.beside]
    places = [path for path in (*beside, Path(stored.path)) if path.is_file()]
    path = places[0] if places else Path(stored.path)
    return table_of(source_of_file(path), stored, tell)


def belongs(dataset: Dataset, table: Table) -> bool:
    """Whether the points are those of the table, bit by bit."""
    columns = {column.name: column.values for column in table.columns}
    rows = dataset.rows
    if rows is None or len(rows) == 0 or int(rows[-1]) >= table.rows:
        return False
    for points, name in zip(dataset.points.T, dataset.names, strict=True):
        values = columns.get(name)
        if values is None or not np.array_equal(values[rows], points):
            return False
    return True


def check_dataset(dataset: Dataset) -> None:
    """Refuse data that no fit could take.

    Raises:
        ValueError: saying what is wrong.
    """
    points, n = dataset.points, len(dataset.points)
    if points.ndim != 2 or 0 in points.shape or not np.isfinite(points).all():
        raise ValueError("points are no finite numbers")
    if len(set(dataset.names)) != dataset.dimension or dataset.components < 1 or dataset.skipped < 0:
        raise ValueError("columns have no names")
    for part in (dataset.rows, dataset.sample_weight, dataset.labels):
        if part is not None and part.shape != (n,):
            raise ValueError("rows, weights or labels are not as many as points")
    weight, rows = dataset.sample_weight, dataset.rows
    if weight is not None and not (np.isfinite(weight).all() and (weight >= 0).all() and weight.sum() > 0):
        raise ValueError("weights are none")
    if rows is not None and (rows[0] < 0 or (np.diff(rows) <= 0).any()):
        raise ValueError("rows are out of order")
    if dataset.truth is not None and dataset.truth.dimension != dataset.dimension:
        raise ValueError("the generating mixture is of other data")
    if dataset.seed is not None and dataset.seed < 0:
        raise ValueError("a seed is none")
    whole = dataset.whole
    if whole is not None and (whole.whole is not None or not set(dataset.names) <= set(whole.names)):
        raise ValueError("columns were chosen from other data")


def fields_of(dataset: Dataset, tables: TablesToStore) -> dict[str, Any]:
    """All fields of a data set as they are written."""
    written = {part.name: getattr(dataset, part.name) for part in fields(Dataset)}
    return {**written, "table": tables.of(dataset)}


def look_through(dataset: Dataset) -> None:
    """What views ask for with the first frame: pass over all points here, not in the window's thread."""
    _ = dataset.scale, dataset.total_weight
