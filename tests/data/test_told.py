"""What a person meets in tables from spreadsheets, and what is asked about whatever kind of file it is in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gmm_desktop.data import DataError, Suspect, read_table, read_text
from tests.data.made_files import hdf5, mat, npy, npz, ods_of, parquet, unzipped, xls_of, xlsx, zipped

COLUMN = [12.5, 13.0, 11.25, -999.0, 19.0, 7.5, -999.0, 8.25]
DAYS = [20240101.0, 20240102.0, 20240103.0, 20240229.0]


def rows(numbers: list[float]) -> list[list[object]]:
    return [["t"], *([number] for number in numbers)]


KINDS: dict[str, Callable[[list[float]], bytes]] = {
    "t.csv": lambda numbers: "\n".join(["t", *map(str, numbers)]).encode(),
    "t.xlsx": lambda numbers: xlsx(rows(numbers)),
    "t.xls": lambda numbers: xls_of(rows(numbers)),
    "t.ods": lambda numbers: ods_of(rows(numbers)),
    "t.npy": lambda numbers: npy(np.array([(number,) for number in numbers], [("t", "f8")])),
    "t.npz": lambda numbers: npz(t=np.array(numbers)),
    "t.parquet": lambda numbers: parquet({"t": numbers}),
    "t.h5": lambda numbers: hdf5(t=np.array(numbers)),
    "t.mat": lambda numbers: mat(t=np.array(numbers)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_codes_for_missing_values_are_asked_about_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / kind).write_bytes(KINDS[kind](COLUMN))
    table = read_table(tmp_path / kind)
    (suspect,) = table.suspects
    assert (suspect.column, float(suspect.cell), suspect.count) == (table.columns[0].name, -999.0, 2)
    assert [said for said in table.messages if "stands in 2 rows, far from all other numbers" in said]


@pytest.mark.parametrize("kind", KINDS)
def test_dates_written_as_integers_are_told_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / kind).write_bytes(KINDS[kind](DAYS))
    table = read_table(tmp_path / kind)
    assert [said for said in table.messages if "look like dates" in said]


@pytest.mark.parametrize("code", ["-9999.9", "9999.9", "-9999.99", "99999.99"])
def test_nines_with_decimals_are_asked_about(code: str) -> None:
    table = read_text("\n".join(["t", *map(str, [*COLUMN[:3], code, *COLUMN[4:6], code])]))
    assert table.suspects == (Suspect("t", code, 2),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " "])
@pytest.mark.parametrize("error", ["#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"])
def test_an_error_of_a_spreadsheet_at_the_beginning_of_a_row_is_no_comment(error: str, delimiter: str) -> None:
    lines = [["a", "b"], ["1.5", "2"], [error, "3"], ["2.5", "4"], [error, "5"], ["3.5", "6"]]
    table = read_text("\n".join(map(delimiter.join, lines)))
    b = table.column("b").values
    assert b is not None
    assert b.tolist() == [2, 3, 4, 5, 6]
    a = table.column("a")
    if error in ("#N/A", "#NA"):
        assert a.values is not None
        np.testing.assert_array_equal(a.values, [1.5, np.nan, 2.5, np.nan, 3.5])
    else:
        assert a.values is None
        assert a.stray == (error, 1)
    assert not [said for said in table.messages if "beginning with #" in said]


def test_comments_stay_comments() -> None:
    table = read_text("# measured\na,b\n1,2\n#NA was a sad day\n#3,4\n5,6\n% end\n")
    a = table.column("a").values
    assert a is not None
    assert a.tolist() == [1, 5]
    assert "3 lines beginning with # or % among the rows left out: lines 4, 5, 7." in table.messages


@pytest.mark.parametrize(
    "title",
    ["Experiment 5\nTaken in May, 2023\n", "Experiment 5\nTaken in May, by hand\n", "Station\t4\n\nby A, B and C\n"],
)
def test_a_title_set_off_by_an_empty_line_is_no_row_of_names(title: str) -> None:
    table = read_text(title + "\na,b\n1,2\n3,4\n5,6\n")
    assert [column.name for column in table.columns] == ["a", "b"]
    values = [column.values.tolist() for column in table.columns if column.values is not None]
    assert values == [[1, 3, 5], [2, 4, 6]]
    assert [said for said in table.messages if said.startswith("2 lines above the table left out")]


def test_rows_twice_as_long_as_the_names_are_a_doubt() -> None:
    """Decimal commas between commas: nobody can tell, so that the person is told."""
    table = read_text("x,y\n1,5,2,5\n3,5,4,5\n2,5,7,5\n")
    (doubt,) = table.doubts
    assert "'x', 'y'" in doubt
    assert "4 values" in doubt
    assert json.dumps(doubt) in json.dumps(table.messages)


@pytest.mark.parametrize(
    "value", ["1<!-- c -->5", "1&#53;", "&#49;5", "1<?p?>5", "<![CDATA[15]]>", "1<![CDATA[5]]>", "1&amp;5"]
)
def test_a_number_in_pieces_is_never_read_as_one_of_them(value: str, tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    files = unzipped(xlsx([["a", "b"], [15, 2.5], [3, 4]]))
    assert b"<v>15</v>" in files[sheet]
    changed = files[sheet].replace(b"<v>15</v>", f"<v>{value}</v>".encode())
    (tmp_path / "t.xlsx").write_bytes(zipped(files | {sheet: changed}))
    with pytest.raises(DataError, match="holds a number in pieces"):
        read_table(tmp_path / "t.xlsx")


def test_text_and_comments_beside_numbers_are_no_numbers_in_pieces(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    files = unzipped(xlsx([["a", "b"], [15, "p & q"], [3, "r < s"]]))
    changed = files[sheet].replace(b'<c r="A2"', b'<!-- 16 --><c r="A2"')
    changed = changed.replace(
        b'<c r="B3" t="inlineStr"><is><t>r &lt; s</t></is></c>', b'<c r="B3" t="str"><v>r &lt; s</v></c>'
    )
    assert b't="str"' in changed
    (tmp_path / "t.xlsx").write_bytes(zipped(files | {sheet: changed}))
    table = read_table(tmp_path / "t.xlsx")
    assert table.columns[0].values is not None
    assert table.columns[0].values.tolist() == [15.0, 3.0]
    assert next(iter(table.columns[1].text)) == "p & q"
