"""Sheets of workbooks: what their cells hold is what is read, and the rest is told."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gmm_desktop.data import DataError, ReadOptions, Suspect, Table, dataset_from_table, read_again, read_table
from tests.data.made_files import ods, ods_cell, ods_of, saved, unzipped, xls_of, xlsx, zipped

openpyxl = pytest.importorskip("openpyxl", reason="what writes workbooks is not installed")
nan = np.nan
DAYS = "days since 1970-01-01"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Reads a sheet of some rows, or the bytes of a workbook."""

    def read_one(written: Sequence[Sequence[Any]] | bytes, **options: Any) -> Table:
        path = tmp_path / "book.xlsx"
        path.write_bytes(written if isinstance(written, bytes) else xlsx(written))
        return read_table(path, ReadOptions(**options))

    return read_one


def values(table: Table, name: str) -> Any:
    found = table.column(name).values
    assert found is not None
    return found


def text(table: Table, name: str) -> list[str]:
    column = table.column(name)
    assert column.values is None
    return list(column.text)


@pytest.mark.parametrize("write", [xlsx, ods_of, xls_of], ids=["xlsx", "ods", "xls"])
def test_every_kind_of_workbook(tmp_path: Path, write: Any) -> None:
    path = tmp_path / f"book.{'xls' if write is xls_of else 'ods' if write is ods_of else 'xlsx'}"
    path.write_bytes(write([["x", "y", "who"], [1.0, 0.1, "Ann"], [2.5, 1e-300, "Bo"], [-3.0, 1.25e300, "Cy"]]))
    table = read_table(path)
    assert values(table, "x").tolist() == [1.0, 2.5, -3.0]
    assert values(table, "y").tolist() == [0.1, 1e-300, 1.25e300]
    assert text(table, "who") == ["Ann", "Bo", "Cy"]
    assert [list(row) for row in table.text_rows()] == [
        ["1", "0.1", "Ann"],
        ["2.5", "1e-300", "Bo"],
        ["-3", "1.25e+300", "Cy"],
    ]
    assert table.messages == ()
    assert table.parts == ()


def test_text_that_looks_like_numbers_stays_text_until_its_decimal_mark_is_named(read: Any) -> None:
    rows = [["x", "y"], ["1,5", 1], ["2", 2], [3.25, 3]]
    table = read(rows)
    assert text(table, "x") == ["1,5", "2", "3.25"]
    assert any("Numbers stored as text in 2 cells of 'x', such as '1,5'" in message for message in table.messages)
    assert values(read_again(table, ReadOptions(decimal=",")), "x").tolist() == [1.5, 2, 3.25]


def test_one_word_among_numbers_makes_a_column_of_text_and_is_named(read: Any) -> None:
    column = read([["x", "y"], [1, 1], [2, 2], ["oops", 3], [4, 4]]).column("x")
    assert column.values is None
    assert column.stray == ("oops", 2)


def test_marks_for_missing_values_and_those_that_a_person_names(read: Any) -> None:
    rows = [["x", "y"], [1, "NA"], ["-", 2], [-999, 3], ["gone", 4], [5, None]]
    assert read(rows).column("x").values is None
    table = read(rows, missing=("-999", "gone"))
    assert_array_equal(values(table, "x"), [1, nan, nan, nan, 5])
    assert_array_equal(values(table, "y"), [nan, 2, 3, 4, nan])
    assert list(table.column("x").text) == ["1", "-", "-999", "gone", "5"]


def test_what_may_stand_for_a_missing_value_is_asked_about(read: Any) -> None:
    table = read([["x"], [1.5], [2.5], [-999], [3.5], [-999]])
    assert table.suspects == (Suspect("x", "-999", 2),)
    assert read([["x"], [-950], [999], [-999], [3.5], [700]]).suspects == ()


def test_dates_are_offered_as_numbers(read: Any) -> None:
    days = [datetime.datetime(1970, 1, 2), datetime.datetime(2020, 1, 1, 6), datetime.datetime(1969, 12, 31)]
    table = read([["when", "x"], *([day, 1] for day in days), [None, 2]])
    assert table.column("when").dates == DAYS
    assert text(table, "when") == ["1970-01-02", "2020-01-01T06:00:00", "1969-12-31", ""]
    table = read_again(table, ReadOptions(dates=("when",)))
    assert_array_equal(values(table, "when"), [1, 18262.25, -1, nan])
    assert table.column("when").unit == DAYS
    assert any("Dates in 'when'" in message for message in table.messages)


def test_both_beginnings_of_time(read: Any) -> None:
    """A workbook that counts its days from 1904 has the same dates with other numbers in its cells."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (["when", "x"], [datetime.date(2020, 1, 1), 1], [datetime.date(2020, 1, 2), 2]):
        book.active.append(row)
    assert b"<v>42369" in unzipped(saved(book))["xl/worksheets/sheet1.xml"]
    assert values(read(saved(book), dates=("when",)), "when").tolist() == [18262, 18263]


def test_durations_are_hours_and_truth_values_are_text(read: Any) -> None:
    rows = [["took", "ok"], [datetime.timedelta(hours=30), True], [datetime.time(1, 30), False]]
    table = read(rows)
    assert values(table, "took").tolist() == [30, 1.5]
    assert table.column("took").unit == "hours"
    assert list(table.column("took").text) == ["30:00:00", "1:30:00"]
    assert text(table, "ok") == ["TRUE", "FALSE"]
    assert any("hours" in message for message in table.messages)


def test_errors_and_formulas_without_a_result_are_counted(read: Any) -> None:
    table = read([["x", "y"], [1, 1], ["#DIV/0!", 2], ["=A2+1", 3], [4, 4]])
    assert_array_equal(values(table, "x"), [1, nan, nan, 4])
    assert any("1 cell of 'x' with an error" in message for message in table.messages)
    assert any("1 formula of 'x' without a stored result" in message for message in table.messages)


def test_percentages_are_fractions_and_that_is_said(read: Any) -> None:
    book = openpyxl.Workbook()
    for row in (["share", "x"], [0.5, 1], [0.25, 2]):
        book.active.append(row)
    book.active["A2"].number_format = "0.0%"
    table = read(saved(book))
    assert values(table, "share").tolist() == [0.5, 0.25]
    assert [message for message in table.messages if "percent" in message and "'share'" in message]


def test_long_integers_are_said(read: Any) -> None:
    assert any("Integers in 'id'" in message for message in read([["id"], [2**60], [2**60 + 256]]).messages)
    assert read([["id"], [2**52], [5]]).messages == ()


def test_titles_units_and_empty_rows_and_columns(read: Any) -> None:
    rows = [
        [],
        [None, "Results of 2020"],
        [],
        [None, "height", None, "width"],
        [None, "cm", None, "kg"],
        [None, 1, None, 2],
        [],
        [None, 3, None, 4],
        [],
    ]
    table = read(rows)
    assert [(column.name, column.unit) for column in table.columns] == [("height", "cm"), ("width", "kg")]
    assert values(table, "height").tolist() == [1, 3]
    assert (table.layout.header, table.layout.units, table.layout.skip) == (True, True, 3)
    assert len(table.doubts) == 2
    assert set(table.doubts) < set(table.messages)
    assert any("1 empty row" in message for message in table.messages)
    assert values(read_again(table, ReadOptions(skip=4, header=False, units=False, missing=("cm",))), "column 1").size


def test_what_a_person_decides_about_names_and_units_holds(read: Any) -> None:
    rows = [[2001, 2002], [1, 2], [3, 4]]
    assert [column.name for column in read(rows).columns] == ["column 1", "column 2"]
    assert [column.name for column in read(rows, header=True).columns] == ["2001", "2002"]
    named = [["a", "b"], [1, 2], [3, 4]]
    assert text(read(named, header=False), "column 1") == ["a", "1", "3"]
    assert read(named, header=True, units=True).rows == 1
    assert read(named, rows=1).rows == 1


def test_the_first_filled_sheet_that_can_be_seen_is_read_and_others_are_a_choice(read: Any) -> None:
    book = openpyxl.Workbook()
    book.active.title = "empty"
    for name, state, number in (("hidden", "hidden", 1), ("first", "visible", 2), ("second", "visible", 3)):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet["C4"], sheet["C5"] = "x", number
    table = read(saved(book))
    assert table.parts == ("empty", "hidden", "first", "second")
    assert table.layout.part == "first"
    assert values(table, "x").tolist() == [2]
    assert "one of 4 sheets, 1 of them hidden" in table.messages[0]
    assert values(read_again(table, ReadOptions(part="hidden")), "x").tolist() == [1]
    with pytest.raises(DataError, match="empty"):
        read_again(table, ReadOptions(part="empty"))
    with pytest.raises(DataError, match="choose among 'empty', 'hidden'"):
        read_again(table, ReadOptions(part="third"))


def test_merged_cells_are_told(read: Any) -> None:
    book = openpyxl.Workbook()
    for row in (["group", "x"], ["a", 1], [None, 2], ["b", 3]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    table = read(saved(book))
    assert text(table, "group") == ["a", "", "b"]
    assert any("1 group of merged cells" in message for message in table.messages)


def test_repeated_cells_and_rows_of_ods(tmp_path: Path) -> None:
    cell = ods_cell(7.0).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="2"')
    names = f"<table:table-row>{ods_cell('x')}{ods_cell('y')}</table:table-row>"
    repeated = f'<table:table-row table:number-rows-repeated="3">{cell}</table:table-row>'
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    path = tmp_path / "book.ods"
    path.write_bytes(ods(names + repeated + empty))
    assert values(read_table(path), "y").tolist() == [7, 7, 7]


def test_names_that_repeat_and_strange_ones_are_plain_text(read: Any) -> None:
    table = read([["<img src=x>", "<img src=x>", "\u202eabc"], [1, 2, 3], [4, 5, 7]])
    assert [column.name for column in table.columns] == ["<img src=x>", "<img src=x> (2)", "\u202eabc"]
    assert dataset_from_table(table, ["\u202eabc"]).points.tolist() == [[3], [7]]


@pytest.mark.parametrize("rows", [[["x", "y"]], []], ids=["names alone", "nothing"])
def test_sheets_without_rows_are_refused(read: Any, rows: Any) -> None:
    with pytest.raises(DataError, match=r"no (column of numbers|filled sheet|rows)"):
        dataset_from_table(read(rows))


def test_a_workbook_with_a_part_missing_is_refused(read: Any) -> None:
    files = unzipped(xlsx([["x"], [1]]))
    with pytest.raises(DataError, match="damaged"):
        read(zipped({name: content for name, content in files.items() if "sheet1" not in name}))
