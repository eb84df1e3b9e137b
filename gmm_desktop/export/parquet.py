"""The data with a label and the responsibilities of each row, as Parquet."""

from __future__ import annotations

import importlib.util
import io
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Tell
from gmm_desktop.export.labelled import has_changed
from gmm_desktop.export.labels import Labels, file_rows, kept_cells, labels, new_names
from gmm_desktop.export.report import ExportError, FitReport

if TYPE_CHECKING:
    import pyarrow as pa

NO_PARQUET = (
    "Parquet files need pyarrow, which is not installed: pip install 'gmm-desktop[parquet]' brings it, "
    "or end the name in .csv."
)
#: How many rows are held, and written as one row group.
_BLOCK = 65_536


def no_parquet() -> str:
    """ "" where Parquet files can be written on this machine, else the sentence that says what is missing."""
    return "" if importlib.util.find_spec("pyarrow") is not None else NO_PARQUET


def data_parquet(report: FitReport, tell: Tell) -> Iterator[bytes]:
    """The columns and rows of ``data_csv``: numbers as 64-bit floats, text and dates as they are in the file.

    "skipped" is true or false. A missing number, and what is not known of a skipped row, is null.

    Yields:
        Some ten thousand rows at a time; ``tell`` is told the share of the rows before each.

    Raises:
        ExportError: pyarrow is not installed, or the file that was read has changed since.
    """
    if missing := no_parquet():
        raise ExportError(missing)
    return _pieces(report, tell)


def _pieces(report: FitReport, tell: Tell) -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = report.dataset
    schema, rows, sink = _schema(report), file_rows(data), _Drained()
    text = iter(data.table.text_rows()) if data.table and any(kept_cells(data.table)) else None
    with pq.ParquetWriter(sink, schema) as writer:
        for block in labels(report, _BLOCK):
            tell(block.first / rows)
            original = _original(report, block, None if text is None else list(islice(text, block.last - block.first)))
            arrays = [*original, *_new(report, block)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield sink.drain()
            time.sleep(0)  # the window's thread may want the interpreter
    yield sink.drain()


def _schema(report: FitReport) -> pa.Schema:
    import pyarrow as pa

    table, names = report.dataset.table, list(report.dataset.names)
    kinds = [pa.float64()] * len(names)
    if table:
        names = [column.name for column in table.columns]
        kinds = [pa.string() if kept else pa.float64() for kept in kept_cells(table)]
    added = [pa.string(), *[pa.float64()] * (2 + len(report.letters)), pa.bool_()]
    new = new_names(names, report.letters)
    return pa.schema(list(zip(map(_whole, [*names, *new]), [*kinds, *added], strict=True)))


def _original(report: FitReport, block: Labels, text: list[Sequence[str]] | None) -> list[pa.Array[Any]]:
    """The columns of the file in these rows."""
    import pyarrow as pa

    table, rows = report.dataset.table, slice(block.first, block.last)
    if table is None:
        return [pa.array(column) for column in report.dataset.points[rows].T]
    if text is not None and len(text) != block.last - block.first:
        raise ExportError(has_changed(report.dataset))
    arrays = []
    for place, (column, kept) in enumerate(zip(table.columns, kept_cells(table), strict=True)):
        if column.values is not None and not kept:
            arrays.append(pa.array(column.values[rows], from_pandas=True))
        else:
            assert text is not None
            arrays.append(pa.array([_whole(row[place]) for row in text], pa.string()))
    return arrays


def _new(report: FitReport, block: Labels) -> list[pa.Array[Any]]:
    """What the fit says of these rows."""
    import pyarrow as pa

    skipped = ~block.present
    letters = np.full(len(skipped), None, dtype=object)
    letters[block.present] = np.array(report.letters, dtype=object)[block.label]

    def numbers(values: NDArray[np.float64]) -> pa.Array[Any]:
        spread = np.full(len(skipped), np.nan)
        spread[block.present] = values
        return pa.array(spread, mask=skipped)

    shares = [numbers(column) for column in block.responsibilities.T]
    return [
        pa.array(letters, pa.string()),
        numbers(block.largest),
        *shares,
        numbers(block.log_density),
        pa.array(skipped),
    ]


def _whole(text: str) -> str:
    """Text that the file can hold: what is half of a character is not."""
    return text.encode(errors="replace").decode()


class _Drained(io.RawIOBase):
    """A file that keeps what is written only until it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """It is written to, and nothing else."""
        return True

    def write(self, piece: Any) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(piece))
        self._size += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        """How many bytes have been written."""
        return self._size

    def drain(self) -> bytes:
        """What has come since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole
