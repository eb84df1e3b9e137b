"""Names of columns that are more or fewer than the columns: read as they are meant, or told; never dropped silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gmm_desktop.data import DataError, Table, read_table


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_one(text: str, name: str = "x.txt") -> Table:
        path = tmp_path / name
        path.write_text(text)
        return read_table(path)

    return read_one


def numbers(table: Table) -> dict[str, list[float]]:
    return {column.name: column.values.tolist() for column in table.columns if column.values is not None}


@pytest.mark.parametrize("mark", [",", ";", "\t", " "])
def test_names_without_a_column_are_told_of(read: Any, mark: str) -> None:
    table = read("a,b,c\n1,2\n3,4\n5,6\n".replace(",", mark))
    assert numbers(table) == {"column 1": [1, 3, 5], "column 2": [2, 4, 6]}
    assert any("names 3 columns, 'a', 'b', 'c', but they have 2 values" in doubt for doubt in table.doubts)


def test_names_that_end_in_a_delimiter_are_names(read: Any) -> None:
    table = read("a;b;\n1;2\n3;4\n5;6\n")
    assert numbers(table) == {"a": [1, 3, 5], "b": [2, 4, 6]}
    assert table.messages == ()


def test_a_title_in_words_is_no_line_of_names(read: Any) -> None:
    table = read("The eruptions of Old Faithful\n1.5 2\n3 4\n5 6\n")
    assert numbers(table) == {"column 1": [1.5, 3, 5], "column 2": [2, 4, 6]}
    assert table.doubts == ()


@pytest.mark.parametrize("names", [("10", "12", "17"), ("3", "1", "2")])
def test_numbered_rows_of_a_part_of_an_r_table_are_names_and_in_doubt(read: Any, names: tuple[str, ...]) -> None:
    table = read("a b\n{} 1.5 2.5\n{} 2.5 3.5\n{} 4 5\n".format(*names))
    assert numbers(table) == {"a": [1.5, 2.5, 4], "b": [2.5, 3.5, 5]}
    assert list(table.columns[0].text) == list(names)
    assert any("first column" in doubt and "names of the rows" in doubt for doubt in table.doubts)


def test_quoted_row_names_as_r_writes_them_are_plain(read: Any) -> None:
    table = read('"a" "b"\n"1" 1.5 2.5\n"2" 2.5 3.5\n"3" 4 5\n')
    assert numbers(table) == {"a": [1.5, 2.5, 4], "b": [2.5, 3.5, 5]}
    assert table.doubts == ()


def test_fewer_names_above_columns_of_measurements_are_refused(read: Any) -> None:
    with pytest.raises(DataError, match="names 2 columns, but the rows have 3 values"):
        read("a,b\n0.5,1,2\n1.5,3,4\n0.5,5,6\n")


@pytest.mark.parametrize("kind", ["array real general\n3 2\n", "coordinate real general\n% a remark\n3 2 6\n"])
def test_a_matrix_market_file_is_told_by_its_name(read: Any, kind: str) -> None:
    with pytest.raises(DataError, match=r"Matrix Market file.*CSV"):
        read(f"%%MatrixMarket matrix {kind}" + "1 1 1.5\n" * 6, "x.mtx")


def test_a_line_that_may_tell_the_size_is_doubted(read: Any) -> None:
    rows = "".join(f"{i}.5 {i * i}.25\n" for i in range(3))
    assert any("may tell the size" in doubt for doubt in read(f"3 2\n{rows}").doubts)
    assert not read(f"4 2\n{rows}").doubts
    many = "".join(f"{i}.5 {i * i}.25\n" for i in range(500))
    assert any("may tell the size" in doubt for doubt in read(f"500 2\n{many}").doubts)


def test_the_decimal_comma_of_a_single_column_is_told(read: Any) -> None:
    table = read("x\n1,2\n3,4\n5,7\n")
    assert numbers(table) == {"x": [1.2, 3.4, 5.7]}
    assert table.messages == ("The comma was taken for a decimal mark: '1,2' is 1.2.",)
