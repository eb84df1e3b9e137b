"""The same arrays in many dresses: every number that is read is the one that was written."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from gmm_desktop.data import ReadOptions, read_again, read_table, read_text
from tests.data.text_files import NAMES, Dress, dresses, some_numbers

DRESSES = dresses()


def as_arrays(path: Path, options: ReadOptions | None = None) -> tuple[list[str], np.ndarray, ReadOptions]:
    table = read_table(path, options)
    values = [column.values for column in table.columns]
    assert all(one is not None for one in values), table.messages
    return [column.name for column in table.columns], np.stack(values, axis=1), table.layout  # type: ignore[arg-type]


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
def test_numbers_names_and_layout_are_those_that_were_written(tmp_path: Path, dress: Dress) -> None:
    numbers = some_numbers()
    path = tmp_path / "data.csv"
    path.write_bytes(dress.write(numbers, NAMES))
    names, values, layout = as_arrays(path)
    assert_array_equal(values, numbers)
    assert names == (NAMES if dress.header else ["column 1", "column 2", "column 3"])
    assert (layout.delimiter, layout.decimal, layout.header) == (dress.delimiter, dress.decimal, dress.header)
    assert layout.units is dress.units
    assert layout.thousands == ""
    assert layout.skip == len(dress.above.splitlines())
    if dress.header:
        table = read_table(path)
        assert [column.unit for column in table.columns] == (["mm", "°C", "µg"] if dress.units else [""] * 3)
        expected = {"utf-16-be": "utf-16-be", "utf-16-le": "utf-16-le"}.get(dress.encoding, dress.encoding)
        assert layout.encoding == expected
        again = read_again(table, table.layout)
        assert_array_equal(np.stack([c.values for c in again.columns if c.values is not None], axis=1), numbers)


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
def test_what_is_decided_needs_no_finding_out(tmp_path: Path, dress: Dress) -> None:
    """Also where the guess would be another one: two columns of integers."""
    numbers = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    path = tmp_path / "data.csv"
    path.write_bytes(dress.write(numbers, NAMES[:2]))
    decided = ReadOptions(
        delimiter=dress.delimiter,
        decimal=dress.decimal,
        thousands="",
        header=dress.header,
        units=dress.units,
        skip=len(dress.above.splitlines()),
        encoding=dress.encoding,
    )
    names, values, layout = as_arrays(path, decided)
    assert_array_equal(values, numbers)
    assert names == (NAMES[:2] if dress.header else ["column 1", "column 2"])
    assert layout == decided


@pytest.mark.parametrize(
    ("delimiter", "decimal", "thousands"),
    [
        (";", ",", "."),
        (";", ",", " "),
        (";", ".", ","),
        ("\t", ".", ","),
        ("\t", ",", "\N{NARROW NO-BREAK SPACE}"),
        (";", ".", "'"),
    ],
)
def test_thousands_separators_are_found_or_chosen(tmp_path: Path, delimiter: str, decimal: str, thousands: str) -> None:
    numbers = np.random.default_rng(3).normal(size=(20, 2)).round(6) * 1e6
    numbers = numbers.round(3)
    dress = Dress(delimiter, decimal, thousands=thousands)
    path = tmp_path / "data.csv"
    path.write_bytes(dress.write(numbers, ["x", "y"]))
    for options in (None, ReadOptions(thousands=thousands), ReadOptions(thousands=thousands, decimal=decimal)):
        _, values, layout = as_arrays(path, options)
        assert_array_equal(values, numbers)
        assert layout.thousands in (thousands, " ")
    table = read_table(path, ReadOptions(thousands="", decimal=decimal))
    assert not any(column.numeric for column in table.columns)


def test_a_chosen_separator_reads_what_would_be_a_fraction(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x;y\n1.234;2\n2.345;3\n")
    doubtful = read_table(path)
    assert doubtful.columns[0].values is not None
    assert doubtful.columns[0].values.tolist() == [1.234, 2.345]
    assert any("'1.234' is 1.234" in doubt for doubt in doubtful.doubts)
    chosen = read_table(path, ReadOptions(thousands="."))
    assert chosen.columns[0].values is not None
    assert chosen.columns[0].values.tolist() == [1234.0, 2345.0]
    assert chosen.doubts == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=2, max_size=20))
def test_every_float_survives(numbers: list[float]) -> None:
    text = "x;y\n" + "".join(f"{number!r};1.5\n" for number in numbers)
    values = read_text(text).columns[0].values
    assert values is not None
    assert values.tolist() == numbers


@settings(max_examples=150, deadline=None)
@given(st.lists(st.from_regex(r"[+-]?[0-9]{0,25}\.[0-9]{1,25}([eE][+-]?[0-9]{1,3})?", fullmatch=True), min_size=2))
def test_however_it_is_written(cells: list[str]) -> None:
    values = read_text("x;y\n" + "".join(f"{cell};1.5\n" for cell in cells)).columns[0].values
    assert values is not None
    assert values.tolist() == [float(cell) for cell in cells]


@pytest.mark.parametrize("name", ["data.csv.gz", "data.gz", "data.csv"])
def test_gzip_is_unpacked_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    numbers = some_numbers()
    path = tmp_path / name
    path.write_bytes(gzip.compress(Dress("\t", ",", "utf-16").write(numbers, NAMES)))
    names, values, _ = as_arrays(path)
    assert names == NAMES
    assert_array_equal(values, numbers)


@pytest.mark.parametrize("rows", [1, 5, 29, 30, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_some_rows_are_the_first_ones(tmp_path: Path, rows: int, encoding: str) -> None:
    numbers = some_numbers()
    path = tmp_path / "data.csv"
    path.write_bytes(Dress(encoding=encoding, end="\r\n").write(numbers, NAMES))
    table = read_table(path, ReadOptions(rows=rows))
    assert table.rows == min(rows, 30)
    assert_array_equal(np.stack([c.values for c in table.columns if c.values is not None], axis=1), numbers[:rows])
    assert len(list(table.text_rows())) == table.rows
