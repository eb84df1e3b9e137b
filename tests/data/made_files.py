"""Small files of every kind beside text, written here, and by hand where no library that the tests need writes them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBERS: NDArray[np.float64] = np.random.default_rng(6).normal(size=(12, 2))
ROWS = [["height", "width"], *NUMBERS.tolist()]

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Sheet1">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def zipped(files: dict[str, bytes], packed: bool = True) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xlsx(*sheets: Sequence[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of an openpyxl workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_cell(value: object) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'


def ods(content: str) -> bytes:
    """A workbook whose one sheet has the given markup as its rows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", _ODS.format(content))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return stream.getvalue()


def ods_of(rows: Sequence[Sequence[Any]]) -> bytes:
    return ods("".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, str):
        text = value.encode("latin-1")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text)
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls(cells: Sequence[tuple[int, int, object]]) -> bytes:
    """A workbook of the old kind (BIFF 8 in a compound file), of cells with their row and column."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0))
    sheet += b"".join(_xls_cell(*cell) for cell in cells) + _record(0x000A, b"")
    beginning = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0))
    bound = struct.pack("<IHBB", 0, 0, 6, 0) + b"Sheet1"
    end = _record(0x000A, b"")
    place = len(beginning) + len(_record(0x0085, bound)) + len(end)
    stream = beginning + _record(0x0085, struct.pack("<I", place) + bound[4:]) + end + sheet
    return _compound(b"Workbook", stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0"))


def _compound(name: bytes, stream: bytes) -> bytes:
    """A compound file with one stream: header, one sector of allocations, one of names, then the stream."""
    sectors = len(stream) // 512
    assert sectors + 2 <= 128
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table, end, *(i + 3 for i in range(sectors - 1)), end]
    allocations = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *([free] * 108))

    def entry(label: bytes, kind: int, child: int, start: int, size: int) -> bytes:
        wide = label.decode().encode("utf-16-le")
        length = len(wide) + 2 if label else 0
        return (
            wide.ljust(64, b"\0")
            + struct.pack("<HBBIII", length, kind, 1, free, free, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    names = entry(b"Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream)) + 2 * entry(b"", 0, free, 0, 0)
    return header + allocations + names + stream


def xls_of(rows: Sequence[Sequence[Any]]) -> bytes:
    return xls([(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row)])


def parquet(columns: dict[str, Any], **how: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **how)
    return stream.getvalue()


def hdf5(**sets: Any) -> bytes:
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        for name, data in sets.items():
            file[name] = data
    return stream.getvalue()


def fcs(columns: dict[str, Sequence[float]]) -> bytes:
    import flowio

    stream = io.BytesIO()
    events = np.stack([np.asarray(column, np.float64) for column in columns.values()], axis=1)
    flowio.create_fcs(stream, events.ravel().tolist(), list(columns))
    return stream.getvalue()


def mat(**matrices: Any) -> bytes:
    import scipy.io

    stream: Any = io.BytesIO()
    scipy.io.savemat(stream, matrices, do_compression=True)
    return bytes(stream.getvalue())


def made_files() -> Iterator[tuple[str, bytes]]:
    """A good file of each kind, all holding NUMBERS in two columns."""
    named = {"height": NUMBERS[:, 0], "width": NUMBERS[:, 1]}
    text = "height,width\n" + "\n".join(f"{a!r},{b!r}" for a, b in NUMBERS.tolist()) + "\n"
    records = np.zeros(len(NUMBERS), [("height", "f8"), ("width", "f8")])
    records["height"], records["width"] = NUMBERS.T
    yield "plain.npy", npy(NUMBERS)
    yield "records.npy", npy(records)
    yield "arrays.npz", npz(**named)
    yield "book.xlsx", xlsx(ROWS)
    yield "inside.xlsx", xlsx(ROWS)
    yield "inside.ods", ods_of(ROWS)
    yield "book.ods", ods_of(ROWS)
    yield "old.xls", xls_of(ROWS)
    yield "table.parquet", parquet(named)
    yield "sets.h5", hdf5(both=NUMBERS)
    yield "records.h5", hdf5(both=records)
    yield "events.fcs", fcs({name: column.astype(np.float32) for name, column in named.items()})
    yield "matrix.mat", mat(both=NUMBERS)
    yield "table.zip", zipped({"folder/table.csv": text.encode()})
