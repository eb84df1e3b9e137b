"""Arrays that numpy saved, good and forged."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from gmm_desktop.data import DataError, ReadOptions, Table, dataset_from_table, read_table


def save(folder: Path, array: Any, **options: Any) -> Path:
    path = folder / "array.npy"
    np.save(path, array, **options)
    return path


def as_array(table: Table) -> NDArray[np.float64]:
    return np.stack([column.values for column in table.columns if column.values is not None], axis=1)


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "f4", "f2", "i8", ">i4", "u1", "i2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_any_kind_and_order(tmp_path: Path, dtype: str, order: Any) -> None:
    array = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype, order=order)
    table = read_table(save(tmp_path, array))
    assert [column.name for column in table.columns] == ["column 1", "column 2", "column 3"]
    assert_array_equal(as_array(table), array)
    written = [["1", "2", "3"], ["4", "5", "6"]] if "f" not in dtype else [["1.0", "2.0", "3.0"], ["4.0", "5.0", "6.0"]]
    assert list(table.text_rows()) == written


def test_one_dimension_is_one_column(tmp_path: Path) -> None:
    dataset = dataset_from_table(read_table(save(tmp_path, np.array([0.1, np.nan, np.inf, 0.3]))))
    assert dataset.points.tolist() == [[0.1], [0.3]]
    assert dataset.skipped == 2


def test_large_integers_are_said(tmp_path: Path) -> None:
    assert "rounded" in read_table(save(tmp_path, np.array([2**60 + 1, 3]))).messages[0]


BAD = {
    "objects": (np.array([{}, 1], dtype=object), "Python objects"),
    "records without numbers": (np.array([("x",)], dtype=[("a", "U4")]), "structured"),
    "three dimensions": (np.zeros((2, 2, 2)), "3 dimensions"),
    "a single number": (np.array(1.0), "0 dimensions"),
    "no rows": (np.zeros((0, 2)), "without numbers"),
    "no columns": (np.zeros((2, 0)), "without numbers"),
    "complex": (np.zeros(3, dtype=complex), "complex"),
    "text": (np.array(["a", "b"]), "text"),
    "truth values": (np.array([True, False]), "truth values"),
}


@pytest.mark.parametrize(("array", "said"), BAD.values(), ids=BAD.keys())
def test_other_arrays_are_refused(tmp_path: Path, array: Any, said: str) -> None:
    with pytest.raises(DataError, match=said) as refusal:
        read_table(save(tmp_path, array, allow_pickle=True))
    assert "'array.npy'" in str(refusal.value)


def forged(header: str) -> bytes:
    stream = io.BytesIO()
    stream.write(b"\x93NUMPY\x01\x00")
    padded = header.encode().ljust(117) + b"\n"
    stream.write(len(padded).to_bytes(2, "little") + padded)
    return stream.getvalue()


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000, 2), }",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (9223372036854775807, 9223372036854775807), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': __import__('os'), }",
        "{'descr': '<f8', 'fortran_order': False}",
        "not a header",
    ],
)
def test_forged_headers_cost_nothing_and_are_one_sentence(tmp_path: Path, header: str) -> None:
    path = tmp_path / "forged.npy"
    path.write_bytes(forged(header) + bytes(64))
    with pytest.raises(DataError) as refusal:
        read_table(path)
    assert "\n" not in str(refusal.value)


def test_a_cut_off_file_and_another_format(tmp_path: Path) -> None:
    path = save(tmp_path, np.arange(100.0))
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(DataError, match="cut off"):
        read_table(path)
    path.write_bytes(b"\x00\x01\x02 no array")
    with pytest.raises(DataError, match="not a numpy array"):
        read_table(path)


def test_records_have_names_and_columns_of_every_kind(tmp_path: Path) -> None:
    kinds = [("i", ">i4"), ("f", "f2"), ("s", "U4"), ("b", "?"), ("d", "M8[D]"), ("v", "f4", (2,)), ("c", "c8")]
    records = np.array([(1, 2.5, "x", True, "2020-01-01", (3, 4), 1j)], dtype=kinds)
    table = read_table(save(tmp_path, records))
    assert [column.name for column in table.columns] == ["i", "f", "s", "b", "d", "v 1", "v 2"]
    assert table.numeric_names() == ("i", "f", "v 1", "v 2")
    assert next(table.text_rows()) == ["1", "2.5", "x", "True", "2020-01-01", "3.0", "4.0"]
    assert any("'c' left out" in message for message in table.messages)


def test_dates_and_durations(tmp_path: Path) -> None:
    path = save(tmp_path, np.array(["1970-01-02T12", "NaT"], dtype="M8[ns]"))
    assert read_table(path).columns[0].values is None
    table = read_table(path, ReadOptions(dates=("column 1",)))
    assert_array_equal(table.columns[0].values, [1.5, np.nan])
    assert table.columns[0].unit == "days since 1970-01-01"
    table = read_table(save(tmp_path, np.array([1500, "NaT"], dtype="m8[ms]")))
    assert_array_equal(table.columns[0].values, [1.5, np.nan])
    assert table.columns[0].unit == "seconds"


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="long double is double here")
def test_digits_that_are_lost_are_told(tmp_path: Path) -> None:
    third = np.array([1, 2], np.longdouble) / 3
    assert "more than 16 digits" in read_table(save(tmp_path, third)).messages[0]
    assert read_table(save(tmp_path, np.array([1, 2], np.longdouble))).messages == ()


def test_headers_of_every_version(tmp_path: Path) -> None:
    for version in ((1, 0), (2, 0), (3, 0)):
        path = tmp_path / "array.npy"
        with path.open("wb") as stream:
            np.lib.format.write_array(stream, np.arange(3.0), version=version)
        assert as_array(read_table(path)).tolist() == [[0], [1], [2]]


def test_numbers_that_a_person_calls_missing(tmp_path: Path) -> None:
    path = save(tmp_path, np.array([[1, -999], [2, 3]]))
    table = read_table(path, ReadOptions(missing=("-999",)))
    assert_array_equal(as_array(table), [[1, np.nan], [2, 3]])
    assert "left out as missing" in table.messages[0]
    assert list(table.text_rows()) == [["1", "-999"], ["2", "3"]]
