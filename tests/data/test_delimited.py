"""Tables of text: every number is what the file says, or the person is told."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from gmm_desktop.data import DataError, ReadOptions, Table, dataset_from_table, read_table, read_text


def read(folder: Path, text: str | bytes, name: str = "data.csv", encoding: str = "utf-8") -> Table:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_table(path)


def numbers(table: Table) -> dict[str, list[float]]:
    return {column.name: column.values.tolist() for column in table.columns if column.values is not None}


def as_array(table: Table) -> NDArray[np.float64]:
    return np.stack([column.values for column in table.columns if column.values is not None], axis=1)


#: The same two columns in many dresses.
X, Y = [1.5, -2.0, 3000.25], [79.0, 54.0, 1e-3]
SAME = {
    "comma": "x,y\n1.5,79\n-2,54\n3000.25,1e-3\n",
    "semicolon, decimal comma": "x;y\n1,5;79\n-2;54\n3000,25;1e-3\n",
    "semicolon, decimal point": "x;y\n1.5;79\n-2;54\n3000.25;1e-3\n",
    "tab": "x\ty\n1.5\t79\n-2\t54\n3000.25\t1e-3\n",
    "tab, decimal comma": "x\ty\n1,5\t79\n-2\t54\n3000,25\t0,001\n",
    "pipe": "x|y\n1.5|79\n-2|54\n3000.25|1e-3\n",
    "spaces": "  x    y\n 1.5   79\n-2     54  \n3000.25 1e-3\n",
    "spaces, decimal comma": "x y\n1,5 79\n-2 54\n3000,25 0,001\n",
    "comma and space": "x, y\n1.5, 79\n-2, 54\n3000.25, 1e-3\n",
    "quotes": '"x","y"\n"1.5","79"\n"-2","54"\n"3000.25","1e-3"\n',
    "carriage returns": "x,y\r1.5,79\r-2,54\r3000.25,1e-3\r",
    "Windows line ends": "x,y\r\n1.5,79\r\n-2,54\r\n3000.25,1e-3\r\n",
    "no last line end": "x,y\n1.5,79\n-2,54\n3000.25,1e-3",
    "blank lines": "\n\nx,y\n\n1.5,79\n   \n-2,54\n\n3000.25,1e-3\n\n\n",
    "comments": "# a file\nx,y\n1.5,79\n# in between\n-2,54\n3000.25,1e-3\n# end\n",
    "names in a comment": "# x y\n1.5 79\n-2 54\n3000.25 1e-3\n",
    "announced delimiter": "sep=;\nx;y\n1.5;79\n-2;54\n3000.25;1e-3\n",
    "row names of R": "x y\n1 1.5 79\n2 -2 54\n3 3000.25 1e-3\n",
    "row names of R, text": '"x","y"\n"one",1.5,79\n"two",-2,54\n"three",3000.25,1e-3\n',
    "typographic minus": "x,y\n1.5,79\n\N{MINUS SIGN}2,54\n3000.25,1e-3\n",
    "a row of units": "x,y\nmin,cm\n1.5,79\n-2,54\n3000.25,1e-3\n",
    "a title": "Measured in May\nx,y\n1.5,79\n-2,54\n3000.25,1e-3\n",
    "thousands, point": 'x,y\n1.5,79\n-2,54\n"3,000.25",1e-3\n',
    "thousands, comma": "x;y\n1,5;79\n-2;54\n3.000,25;0,001\n",
    "thousands, narrow space": "x,y\n1.5,79\n-2,54\n3\N{NARROW NO-BREAK SPACE}000.25,1e-3\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_every_layout_gives_the_same_numbers(tmp_path: Path, text: str) -> None:
    assert numbers(read(tmp_path, text)) == {"x": X, "y": Y}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_gives_the_same_names_and_numbers(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "Größe,y\n1.5,79\n-2,54\n", encoding=encoding)
    assert numbers(table) == {"Größe": [1.5, -2.0], "y": [79.0, 54.0]}
    assert any("Windows-1252" in said for said in table.messages) == (encoding == "cp1252")


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    assert numbers(read(tmp_path, "1.5,2\n3,4\n")) == {"column 1": [1.5, 3.0], "column 2": [2.0, 4.0]}


def test_random_numbers_survive_to_the_last_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 2)) * 10.0 ** rng.integers(-300, 300, (2000, 2))
    text = "".join(f"{a!r};{b!r}\n" for a, b in x.tolist())
    table = read(tmp_path, text)
    assert_array_equal(as_array(table), x)
    table = read(tmp_path, "a;b\n" + text.replace(".", ","))
    assert_array_equal(as_array(table), x)


@pytest.mark.parametrize(
    "cells",
    [
        ["a", "b", "c"],
        ["1", "2", "three"],
        ["True", "False", "True"],
        ["2020-01-01", "2020-01-02", "2020-01-03"],
        ["0x1F", "0x20", "0x21"],
        ["1_000", "2_000", "3_000"],
        ["1.2.3", "4.5.6", "7.8.9"],
        ["5%", "6%", "7%"],
        ["12:30", "12:31", "12:32"],
        ["1e", "2e", "3e"],
        ["12,34", "1,234", "1,2345x"],
        ["$5", "$6", "$7"],
        ["1 # note", "2", "3"],
        ["", "NA", "?"],
    ],
)
def test_text_never_becomes_numbers(tmp_path: Path, cells: list[str]) -> None:
    table = read(tmp_path, "t;y\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells)))
    text, y = table.columns
    assert (text.name, text.numeric, text.values) == ("t", False, None)
    assert list(text.text) == cells
    assert y.values is not None
    assert y.values.tolist() == [0.0, 1.0, 2.0]


def test_thousands_separators_and_another_decimal_mark_are_said(tmp_path: Path) -> None:
    table = read(tmp_path, 'x,y\n"1,234",2\n"2,345",3\n')
    assert numbers(table)["x"] == [1234.0, 2345.0]
    assert table.messages == ("In 'x' thousands separators were taken out: '1,234' is 1234.",)
    table = read(tmp_path, "x;y\n1,234;2\n2,345;3\n")
    assert numbers(table)["x"] == [1.234, 2.345]
    assert "decimal mark" in table.messages[0]
    assert "1.234" in table.messages[0]


def test_groups_that_are_no_thousands_are_not_joined(tmp_path: Path) -> None:
    """A parser that simply drops commas would read 12 here."""
    table = read(tmp_path, 'x,y\n"1,2",2\n"1,23",3\n"1,234.5",3\n')
    assert table.columns[0].values is None


def test_missing_values_are_nan_and_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "ozone,wind\n41,7.4\nNA,8\n12,\n18,11.5\nn/a,?\n")
    assert_array_equal(as_array(table)[:, 0], [41, np.nan, 12, 18, np.nan])
    assert table.rows == 5
    dataset = dataset_from_table(table, ["ozone"])
    assert dataset.points.tolist() == [[41.0], [12.0], [18.0]]
    assert dataset.rows is not None
    assert dataset.rows.tolist() == [0, 2, 3]
    assert dataset.skipped == 2
    assert dataset.messages == ("2 of 5 rows skipped: no number in 'ozone' (rows 2, 5).",)


def test_infinite_values_are_kept_apart_from_missing_ones(tmp_path: Path) -> None:
    table = read(tmp_path, "x,y\ninf,1\n2,-Infinity\n1e999,3\n4,NA\n5,6\n")
    assert numbers(table)["x"] == [math.inf, 2.0, math.inf, 4.0, 5.0]
    dataset = dataset_from_table(table)
    assert dataset.points.tolist() == [[5.0, 6.0]]
    assert dataset.messages == (
        "1 of 5 rows skipped: no number in 'y' (row 4).",
        "3 of 5 rows skipped: an infinite value in 'x' or 'y' (rows 1, 2, 3).",
    )


@pytest.mark.parametrize("number", ["9007199254740993", "18446744073709551617", "1" + "0" * 30])
def test_integers_that_do_not_fit_are_said(tmp_path: Path, number: str) -> None:
    table = read(tmp_path, f"id,x\n{number},1.5\n3,2.5\n")
    assert numbers(table)["id"] == [float(number), 3.0]
    assert "'id'" in table.messages[0]
    assert "rounded" in table.messages[0]
    assert list(table.columns[0].text) == [number, "3"]
    assert read(tmp_path, "id,x\n9007199254740991,1.5\n3,2.5\n").messages == ()


def test_ragged_rows_are_emptied_and_said_with_their_numbers(tmp_path: Path) -> None:
    rows = [f"{i},{i + 0.5}" for i in range(20)]
    rows[4], rows[9] = "4", "9,9.5,9.75"
    table = read(tmp_path, "x,y\n" + "\n".join(rows) + "\n")
    assert table.rows == 20
    assert np.flatnonzero(np.isnan(as_array(table)[:, 1])).tolist() == [4, 9]
    assert numbers(table)["x"][10] == 10.0
    assert table.messages == ("2 of 20 rows cannot be used, not having 2 values: rows 5, 10.",)
    assert [len(row) for row in table.text_rows()] == [2] * 20


def test_repeated_and_empty_names(tmp_path: Path) -> None:
    table = read(tmp_path, "a,a,,b\n1,2,3,4\n5,6,7,8\n")
    assert [column.name for column in table.columns] == ["a", "a (2)", "column 3", "b"]
    assert "'a'" in table.messages[0]


def test_a_column_that_counts_the_rows_is_pointed_out(tmp_path: Path) -> None:
    table = read(tmp_path, ",x\n0,3.5\n1,4.5\n2,1.5\n")
    assert "counts the rows" in table.messages[0]


def test_an_empty_line_in_a_single_column_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, "x\n1\n\n2\n").messages == ("1 empty line among the rows left out.",)


def test_a_guess_can_be_overruled(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("1,5\n2,25\n")
    assert "taken to separate two columns" in read_table(path).messages[0]
    assert numbers(read_table(path, ReadOptions(delimiter=";", decimal=","))) == {"column 1": [1.5, 2.25]}
    assert numbers(read_table(path, ReadOptions(header=True))) == {"1": [2.0], "5": [25.0]}


def test_the_original_cells_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, 'x,name\n3.60,"a ""b"""\n+1e0,=c\nNA,\n')
    assert list(table.text_rows()) == [["3.60", 'a "b"'], ["+1e0", "=c"], ["NA", ""]]
    assert list(table.columns[0].text) == ["3.60", "+1e0", "NA"]


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n  \n", "no rows"),
    "comments alone": (b"# x\n# y\n", "no rows"),
    "header alone": (b"x,y\n", "no row"),
    "zeros": (bytes(1000), "binary"),
    "random bytes": (np.random.default_rng(1).bytes(3000), "binary"),
    "workbook": (b"PK\x03\x04" + bytes(100), "a workbook"),
    "compressed": (b"\x1f\x8b\x08" + bytes(100), "compressed"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
    "half of UTF-16": (b"\xff\xfe1\x00,\x002", "utf-16"),
    "open quotation mark": (b'x,y\n1,"2\n3,4\n', "quotation mark"),
    "mostly ragged": (b"x,y\n1,2\n3\n4\n5,6,7\n8,9\n", "do not have 2 values"),
    "header of another length": (b"x,y\n1.5,2.5,3\n4.25,5,6\n", "names 2 columns"),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(DataError) as refusal:
        read(tmp_path, content, "bad.csv")
    sentence = str(refusal.value)
    assert said in sentence
    assert "'bad.csv'" in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_pasted_text() -> None:
    table = read_text("x\ty\n1,5\t2\n3\t4\n")
    assert numbers(table) == {"x": [1.5, 3.0], "y": [2.0, 4.0]}
    assert table.source == "the clipboard"
    with pytest.raises(DataError, match="no text in the clipboard"):
        read_text("  \n")


def test_random_changes_of_bytes_end_in_a_table_or_a_sentence(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    good = b"x;y;name\n" + b"".join(b"%d,5;%d;abc\n" % (i, i * i) for i in range(30))
    for _ in range(150):
        content = bytearray(good)
        for place in rng.integers(0, len(content), rng.integers(1, 6)):
            content[place] = rng.integers(0, 256)
        with contextlib.suppress(DataError):
            table = read(tmp_path, bytes(content))
            assert all(len(c.values) == table.rows for c in table.columns if c.values is not None)
            assert sum(1 for _ in table.text_rows()) == table.rows


def test_sentences_of_broken_files_have_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refusal:
        read(tmp_path, "x,y\n", name="a\nb.xlsx")
    assert "\n" not in str(refusal.value)
