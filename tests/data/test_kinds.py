"""Files that are something else than their name says: read as what they are with a word, or refused in one sentence."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
from pathlib import Path

import numpy as np
import pytest

from gmm_desktop.data import DataError, Table, read_table
from tests.data.made_files import NUMBERS, fcs, hdf5, mat, npy, npz, ods_of, parquet, xls_of, xlsx, zipped
from tests.data.made_files import ROWS as SHEET

TEXT = ("height,width\n" + "".join(f"{a!r},{b!r}\n" for a, b in NUMBERS.tolist())).encode()
SUFFIXES = (
    *(".csv", ".txt", ".xlsx", ".xls", ".ods", ".npy", ".npz", ".parquet", ".h5", ".fcs", ".mat", ".zip"),
    *(".csv.gz", ".gz"),
)
_NAMED = {"height": NUMBERS[:, 0], "width": NUMBERS[:, 1]}
GOOD = {
    "text": lambda: TEXT,
    "gzip": lambda: gzip.compress(TEXT),
    "npy": lambda: npy(NUMBERS),
    "npz": lambda: npz(**_NAMED),
    "xlsx": lambda: xlsx(SHEET),
    "ods": lambda: ods_of(SHEET),
    "xls": lambda: xls_of(SHEET),
    "parquet": lambda: parquet(_NAMED),
    "hdf5": lambda: hdf5(both=NUMBERS),
    "fcs": lambda: fcs({name: column.astype(np.float32) for name, column in _NAMED.items()}),
    "mat": lambda: mat(both=NUMBERS),
    "zip": lambda: zipped({"table.csv": TEXT}),
}
FOREIGN = {
    "a web page": b"<html><table><tr><td>1</td><td>2</td></tr></table></html>",
    "a PDF document": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a compressed file": bz2.compress(TEXT),
    "a compressed file ": lzma.compress(TEXT),
    "a JSON document": b'{"a": [1, 2], "b": [3, 4]}',
    "a Python pickle": pickle.dumps({"a": [1, 2, 3]}),
    "a database": b"SQLite format 3\0" + bytes(200),
    "a Feather": b"ARROW1\0\0" + bytes(200),
    "a NetCDF file of the old kind": b"CDF\x01" + bytes(200),
    "an R object": gzip.compress(b"X\n\0\0\0\x02\0\x04\x02\x01" + bytes(200)),
    "an SPSS file": b"$FL2@(#) SPSS DATA FILE" + bytes(200),
    "an archive": b"Rar!\x1a\x07\x01\x00" + bytes(range(200)),
    "a document of a word processor": zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<x/>"}),
}
#: By which suffixes a file of a kind is called rightly.
_RIGHT = {
    "text": (".csv", ".txt"),
    "gzip": (".csv", ".txt", ".csv.gz", ".gz"),
    **dict.fromkeys(("xlsx", "ods", "xls"), (".xlsx", ".xls", ".ods")),
    "npy": (".npy",),
    "npz": (".npz",),
    "parquet": (".parquet",),
    **dict.fromkeys(("hdf5", "mat"), (".h5", ".mat")),
    "fcs": (".fcs",),
    "zip": (".zip",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pairs")


def read(folder: Path, name: str, content: bytes) -> Table:
    path = folder / name
    path.write_bytes(content)
    return read_table(path)


@pytest.mark.parametrize("kind", list(GOOD))
def test_a_table_is_read_as_what_it_is_with_a_word_whatever_its_name(folder: Path, kind: str) -> None:
    for module in {"xlsx": ["openpyxl"], "parquet": ["pyarrow"], "hdf5": ["h5py"], "fcs": ["flowio"]}.get(kind, []):
        pytest.importorskip(module)
    content = GOOD[kind]()
    for suffix in SUFFIXES:
        table = read(folder, f"x{suffix}", content)
        columns = [column.values for column in table.columns if column.values is not None]
        assert np.allclose(np.stack(columns, axis=1), NUMBERS, rtol=1e-6), suffix
        wrong = suffix not in _RIGHT[kind]
        said = [one for one in table.messages if "although its name says" in one]
        assert bool(said) == wrong, (suffix, table.messages)


@pytest.mark.parametrize("what", list(FOREIGN))
def test_what_is_no_table_is_refused_by_what_it_is_whatever_its_name(folder: Path, what: str) -> None:
    for suffix in SUFFIXES:
        with pytest.raises(DataError) as refused:
            read(folder, f"x{suffix}", FOREIGN[what])
        said = str(refused.value)
        assert f"x{suffix}" in said
        assert what.strip() in said, suffix
        assert "save" in said
        assert "Error" not in said


def test_what_is_nothing_at_all_is_not_called_by_a_parsers_name(folder: Path) -> None:
    content = np.random.default_rng(1).bytes(2000)
    for suffix in SUFFIXES:
        with pytest.raises(DataError) as refused:
            read(folder, f"x{suffix}", content)
        assert "PK" not in str(refused.value)
        assert "cut off" not in str(refused.value), suffix


def test_a_column_may_be_called_as_another_format_begins(folder: Path) -> None:
    for name in ("PAR1", "FCS2.0", "BZh", "ARROW1", "GIF8", "$FL2"):
        table = read(folder, "x.csv", f"{name},y\n1,2\n3,5\n".encode())
        assert table.numeric_names() == (name, "y")


def test_an_hdf5_file_may_begin_behind_a_long_block(folder: Path) -> None:
    pytest.importorskip("h5py")
    table = read(folder, "x.h5", bytes([7]) * 4096 + hdf5(both=NUMBERS))
    assert table.rows == len(NUMBERS)
