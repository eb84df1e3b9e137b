"""Which sheet of a workbook is read, what is said of the others, and of what a spreadsheet program hides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gmm_desktop.command_line import main
from gmm_desktop.data import DataError, ReadOptions, Table, read_again, read_table
from tests.data.made_files import ods, ods_cell, saved, xlsx

openpyxl = pytest.importorskip("openpyxl", reason="what writes workbooks is not installed")

NOTES = [["These are the data of 2021."], ["Ask Ann."], ["Version", 2]]
TABLE = [["height", "width"], [1.5, 2.0], [2.5, 4.0], [3.5, 7.0]]


def ods_sheets(**sheets: list[list[Any]]) -> bytes:
    """An ods workbook of several sheets."""
    rows = [
        "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in one)
        for one in sheets.values()
    ]
    between = [f'</table:table><table:table table:name="{name}">' for name in sheets]
    return ods("".join(f"{start}{inner}" for start, inner in zip(["", *between[1:]], rows, strict=True)))


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_sheets_of_notes_are_passed_over_and_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"book.{kind}"
    path.write_bytes(xlsx(NOTES, TABLE, TABLE) if kind == "xlsx" else ods_sheets(Notes=NOTES, Sheet2=TABLE, Sheet3=[]))
    table = read_table(path)
    assert table.layout.part == "Sheet2"
    assert table.numeric_names() == ("height", "width")
    said = table.messages[0]
    assert said.startswith("The sheet 'Sheet2' was read, one of 3 sheets, beside 'Sheet1'")
    assert said.endswith("; there is no table in 'Sheet1'.")
    assert read_again(table, ReadOptions(part="Sheet1")).layout.part == "Sheet1"


def test_numbers_stored_as_text_and_dates_make_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx(NOTES, [["x"], ["1,5"], ["2,5"]], TABLE))
    assert read_table(path).layout.part == "Sheet2"


def test_where_no_sheet_holds_a_table_the_first_filled_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx([], NOTES, [["only"], ["words"], ["here"]]))
    assert read_table(path).layout.part == "Sheet2"


def test_a_refused_sheet_names_the_others_and_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx(NOTES[:2], TABLE, []))
    status = main([str(path), "--sheet", "Sheet1", "--export-parameters", str(tmp_path / "fit.json")])
    said = capsys.readouterr().err
    assert (status, said.count("\n")) == (1, 1)
    assert "no column of numbers in 'Sheet1' of 'book.xlsx'" in said
    assert "it also holds 'Sheet2', 'Sheet3', which the preview and --sheet offer" in said
    with pytest.raises(DataError, match=r"'Sheet3' .*is empty; it also holds 'Sheet1', 'Sheet2', .*--sheet"):
        read_table(path, ReadOptions(part="Sheet3"))
    path.write_bytes(xlsx([["x", "y"]], NOTES))
    with pytest.raises(DataError, match=r"no rows.*it also holds 'Sheet2'.*--sheet"):
        read_table(path, ReadOptions(header=True))


def said_of_hidden(table: Table) -> list[str]:
    return [said for said in table.messages if "hidden" in said]


def test_hidden_rows_and_columns_of_xlsx_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["a", "b", "c"], *([i, 2 * i, 3 * i] for i in range(10))]:
        sheet.append(row)
    for row in (3, 5, 6, 400):  # the last of which is empty
        sheet.row_dimensions[row].hidden = True
    for column in ("B", "K"):  # the second of which is empty
        sheet.column_dimensions[column].hidden = True
    path = tmp_path / "book.xlsx"
    path.write_bytes(saved(book))
    table = read_table(path)
    assert said_of_hidden(table) == ["3 hidden rows and 1 hidden column of the sheet 'Sheet' are read too."]
    assert (table.rows, len(table.columns)) == (10, 3)
    path.write_bytes(xlsx(TABLE))
    assert not said_of_hidden(read_table(path))


def test_hidden_rows_and_columns_of_ods_are_told(tmp_path: Path) -> None:
    row = f"<table:table-row{{}}>{ods_cell(1.0)}{ods_cell(2.0)}</table:table-row>"
    hidden = ' table:visibility="filter" table:number-rows-repeated="4"'
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    path = tmp_path / "book.ods"
    path.write_bytes(ods(columns + row.format("") + row.format(hidden) + row.format("")))
    table = read_table(path)
    assert table.rows == 6
    assert said_of_hidden(table) == ["4 hidden rows and 1 hidden column of the sheet 'Sheet1' are read too."]
    other = '</table:table><table:table table:name="other">' + row.format(hidden)
    path.write_bytes(ods(row.format("") * 2 + other))
    assert not said_of_hidden(read_table(path))


def test_a_hidden_sheet_that_is_asked_for_is_said_to_be_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    sheet = book.create_sheet("kept back")
    sheet.sheet_state = "hidden"
    for row in TABLE:
        sheet.append(row)
    path = tmp_path / "book.xlsx"
    path.write_bytes(saved(book))
    assert said_of_hidden(read_table(path)) == [
        "The sheet 'Sheet' was read, one of 2 sheets, 1 of them hidden, beside 'kept back'."
    ]
    assert said_of_hidden(read_table(path, ReadOptions(part="kept back"))) == [
        "The sheet 'kept back' is hidden in the workbook."
    ]
