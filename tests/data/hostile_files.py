"""Files that claim or unpack to far more than they hold, or reach for what is not theirs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.data.made_files import ROWS, hdf5, mat, ods, ods_cell, parquet, saved, unzipped, xls, xlsx, zipped

_SHEET = "xl/worksheets/sheet1.xml"
_ONE = ods_cell(1.0)
GIGABYTES = 3 * 1024**3


def _inflating(size: int, byte: bytes = b" ", beginning: bytes = b"") -> bytes:
    """A deflated stream of a beginning and one byte again and again."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    first = deflater.compress(beginning) + deflater.flush(zlib.Z_FULL_FLUSH)
    block = deflater.compress(byte * 2**20) + deflater.flush(zlib.Z_FULL_FLUSH)  # which can follow itself
    return first + block * (size // 2**20) + deflater.flush()


def _zip_of(name: str, packed: bytes, size: int) -> bytes:
    """A zip archive of one entry that says that it has ``size`` bytes."""
    label = name.encode()
    fields = struct.pack("<HHHHIIIHH", 0, 8, 0, 0, 0, len(packed), size, len(label), 0)
    local = b"PK\x03\x04" + struct.pack("<H", 20) + fields + label + packed
    central = b"PK\x01\x02" + struct.pack("<HH", 20, 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + label
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def _with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    files = unzipped(xlsx(ROWS))
    return zipped({name: change(content) if name == _SHEET else content for name, content in files.items()})


def large_sheet() -> bytes:
    row = b'<row><c t="n"><v>1</v></c></row>'
    body = b"<worksheet><sheetData>" + row * (200 * 2**20 // len(row)) + b"</sheetData></worksheet>"
    return _with_sheet(lambda _: body)


def far_cells() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    return saved(book)


def far_reference() -> bytes:
    return _with_sheet(lambda sheet: sheet.replace(b'r="B3"', b'r="ZZZZZZ99999999999999"'))


def laughing_sheet() -> bytes:
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(10))
    head = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + entities + b"]>"
    return _with_sheet(lambda sheet: head + sheet.replace(b"<v>", b"<v>&k;", 1))


def ods_of_one_cell_everywhere() -> bytes:
    cell = _ONE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
    return ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


def ods_of_many_repeats() -> bytes:
    cell = _ONE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
    return ods(f'<table:table-row table:number-rows-repeated="9000">{cell}</table:table-row>' * 100)


def ods_that_laughs() -> bytes:
    files = unzipped(ods(f"<table:table-row>{_ONE}</table:table-row>"))
    text = files["content.xml"]
    end = text.index(b"?>") + 2
    laugh = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return zipped(files | {"content.xml": text[:end] + laugh + text[end:]})


def overlapping_entries() -> bytes:
    """Two hundred names for the same packed bytes."""
    one = bytearray(zipped({"table.csv": b"1,2\n" * 100_000}))
    at = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    central = bytes(one[at:end])
    last = struct.pack("<HHHHIIH", 0, 0, 200, 200, 200 * len(central), at, 0)
    return bytes(one[:at]) + central * 200 + b"PK\x05\x06" + last


def million_entries() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(66_000):
            archive.writestr(f"{number}.csv", b"")
    return stream.getvalue()


def nested_archives() -> bytes:
    inner = zipped({"table.csv": b"1,2\n3,4\n"})
    for _ in range(5):
        inner = zipped({f"{number}.zip": inner for number in range(3)})
    return inner


def _npy_header(shape: tuple[int, ...]) -> bytes:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape!r}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def unwritten_set() -> bytes:
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_dataset("huge", shape=(10**12, 2), chunks=(1000, 2), dtype="f8", compression="gzip")
    return stream.getvalue()


def set_with_one_chunk() -> bytes:
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        data = file.create_dataset("huge", shape=(10**10,), chunks=(1000,), dtype="f8", fillvalue=7.0)
        data[:10] = 1.0
    return stream.getvalue()


def set_with_a_giant_chunk() -> bytes:
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        chunk = 3 * 2**27
        data = file.create_dataset("huge", (chunk,), chunks=(chunk,), dtype="f8", compression="gzip")
        data.id.write_direct_chunk((0,), zlib.compress(b"\0" * 1000))
    return stream.getvalue()


def repeated_dictionary() -> bytes:
    """A long text that each of many rows points to."""
    import pyarrow as pa

    codes = pa.array(np.zeros(5_000_000, np.int32))
    texts = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * 10_000_000]))
    return parquet({"text": texts, "number": pa.array(np.zeros(5_000_000))}, compression="zstd", store_schema=False)


def many_equal_rows() -> bytes:
    import pyarrow as pa

    return parquet({f"c{i}": pa.array(np.zeros(10_000_000)) for i in range(6)}, compression="zstd")


def fcs_that_claims(change: Callable[[bytes], bytes]) -> bytes:
    from tests.data.made_files import fcs

    return change(fcs({"A": [1.0, 2.0, 3.0], "B": [4.0, 5.0, 6.0]}))


def packed_matrix() -> bytes:
    """A compressed matrix of zeros."""
    return mat(x=np.zeros((20_000_000, 4)))


def _swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change


HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb.zip": lambda: _zip_of("table.csv", _inflating(GIGABYTES), GIGABYTES),
    "small_claim.zip": lambda: _zip_of("table.csv", _inflating(GIGABYTES), 1000),
    "overlapping.zip": overlapping_entries,
    "million.zip": million_entries,
    "nested.zip": nested_archives,
    "bomb.npz": lambda: _zip_of("x.npy", _inflating(GIGABYTES, b"\0", _npy_header((GIGABYTES // 8,))), GIGABYTES + 128),
    "claim.npz": lambda: zipped({"x.npy": _npy_header((10**13, 2)) + bytes(64)}),
    "claim.npy": lambda: _npy_header((10**13, 2)) + bytes(64),
    "bomb.xlsx": large_sheet,
    "lying_entry.xlsx": lambda: _zip_of("xl/workbook.xml", _inflating(GIGABYTES), 1000),
    "far_cells.xlsx": far_cells,
    "laughs.xlsx": laughing_sheet,
    "everywhere.ods": ods_of_one_cell_everywhere,
    "repeats.ods": ods_of_many_repeats,
    "laughs.ods": ods_that_laughs,
    "far_cells.xls": lambda: xls([(0, 0, 1.0), (65535, 65535, 2.0)]),
    "unwritten.h5": unwritten_set,
    "one_chunk.h5": set_with_one_chunk,
    "giant_chunk.h5": set_with_a_giant_chunk,
    "dictionary.parquet": repeated_dictionary,
    "equal_rows.parquet": many_equal_rows,
    "events.fcs": lambda: fcs_that_claims(_swap(b"$TOT/3/", b"$TOT/999999999999/")),
    "channels.fcs": lambda: fcs_that_claims(_swap(b"$PAR/2/", b"$PAR/99999999/")),
    "packed.mat": packed_matrix,
}


def outward_hdf5(path: str) -> dict[str, Any]:
    """What in an HDF5 file names another file."""
    import h5py

    layout = h5py.VirtualLayout(shape=(3,), dtype="f8")
    layout[:] = h5py.VirtualSource(path, "secret", shape=(3,))
    return {"link": h5py.ExternalLink(path, "/secret"), "layout": layout}


__all__ = ["HOSTILE", "hdf5", "outward_hdf5"]
