"""Numbers that may mean something else: codes for a missing value, names, dates, what no number can hold."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from gmm_desktop.data import Column, DataError, ReadOptions, Suspect, Table, read_again, read_text


def column_of(cells: list[str], options: ReadOptions | None = None) -> tuple[Table, Column]:
    table = read_text("t;y\n" + "".join(f"{cell};{i}.5\n" for i, cell in enumerate(cells)), options=options)
    return table, table.columns[0]


def said(table: Table, words: str) -> str:
    return next((message for message in table.messages if words in message), "")


USUAL = ["12.5", "13", "11.25", "19", "7.5"]


@pytest.mark.parametrize(
    "code", ["-999", "-9999", "-99", "999", "9999", "-999.0", "-999.25", "-99.9", "99999", "-1e30"]
)
def test_a_code_for_a_missing_value_is_asked_about_and_left(code: str) -> None:
    table, column = column_of([*USUAL, code, code])
    assert column.values is not None
    assert column.values.tolist()[-2:] == [float(code)] * 2
    assert table.suspects == (Suspect("t", code, 2),)
    assert f"'{code}' stands in 2 rows" in said(table, "it may mean that the value is missing")


@pytest.mark.parametrize(
    "code", ["1e20", "1e308", "9.96921e36", "3.4028235e38", "-32768", "2147483647", "-1.7976931348623157e308"]
)
def test_what_machines_write_is_asked_about_even_once(code: str) -> None:
    code = "9.969209968386869e36" if code == "9.96921e36" else code
    assert column_of([*USUAL, code])[0].suspects == (Suspect("t", code, 1),)


@pytest.mark.parametrize(
    "cells",
    [
        USUAL,
        ["997", "998", "999", "1000", "1001"],
        ["100", "500", "999"],
        ["-99", "-98", "-97", "-50", "3"],
        ["-1000", "-999", "0", "1000"],
        ["-999", "-999", "-999"],
        ["9998", "9999", "10000", "9999"],
        ["0", "1", "0", "1"],
    ],
)
def test_such_a_number_among_its_likes_is_nothing_strange(cells: list[str]) -> None:
    assert column_of(cells)[0].suspects == ()


def test_two_codes_in_one_column() -> None:
    table, _ = column_of([*USUAL, "-999", "9999", "-999"])
    assert table.suspects == (Suspect("t", "-999", 2), Suspect("t", "9999", 1))


@pytest.mark.parametrize("mark", ["-999", "-999.0", "-9.99e2"])
def test_a_code_is_missing_where_a_person_says_so(mark: str) -> None:
    table, _ = column_of([*USUAL, "-999", "-999.0", "-99"])
    again = read_again(table, ReadOptions(missing=(mark,)))
    values = again.columns[0].values
    assert values is not None
    assert np.flatnonzero(np.isnan(values)).tolist() == [5, 6]
    assert "2 times" in said(again, "was taken as missing")
    assert again.suspects == (Suspect("t", "-99", 1),)


def test_a_word_is_missing_where_a_person_says_so() -> None:
    table, column = column_of(["1", "n.d.", "3"], ReadOptions(missing=("n.d.",)))
    assert column.values is not None
    assert np.isnan(column.values).tolist() == [False, True, False]
    assert column_of(["1", "n.d.", "3"])[1].values is None
    table = read_text("x;y\n-999,0;1\n2,5;2\n", options=ReadOptions(missing=("-999",)))
    assert table.columns[0].values is not None
    assert np.isnan(table.columns[0].values).tolist() == [True, False]


def test_identifiers_are_told() -> None:
    assert "'00123'" in said(column_of(["00123", "00124", "17"])[0], "begin with zeros")
    assert "'00123'" in said(column_of(["17", "NA", "00123"])[0], "begin with zeros")
    assert not said(column_of(["0", "0.5", "10", "-0.25"])[0], "begin with zeros")
    assert not said(column_of(["0", "10", "100"])[0], "begin with zeros")
    assert "'9007199254740993'" in said(column_of(["9007199254740993", "1"])[0], "rounded")
    assert "'9007199254740993'" in said(column_of(["9007199254740993", "NA"])[0], "rounded")
    assert "'9007199254740993.0'" in said(column_of(["9007199254740993.0", "1"])[0], "rounded")
    assert "'9007199254740993,00'" in said(column_of(["9007199254740993,00", "1,5"])[0], "rounded")
    for exact in ("9007199254740992", "9007199254740994", "1e20", "100000000000000000000", "1e300"):
        assert not said(column_of([exact, "1.5"])[0], "rounded"), exact


def test_numbers_that_cannot_be_held_are_told() -> None:
    table, column = column_of(["1e400", "-1e400", "inf", "2"])
    assert column.values is not None
    assert column.values.tolist() == [np.inf, -np.inf, np.inf, 2.0]
    assert said(table, "became infinite").startswith("2 numbers in 't'")
    assert said(column_of(["1e-400", "0", "1"])[0], "became 0").startswith("1 number in 't'")
    assert said(column_of(["3e-320", "0", "1"])[0], "2.2e-308").startswith("Of 1 number in 't'")
    assert column_of(["0", "0.0", "0e-999", "1.25e-5"])[0].messages == ()


@pytest.mark.parametrize(
    "cells",
    [
        ["1e5x", "2", "3"],
        ["١٢٣", "٤", "٥"],
        ["½", "¼", "¾"],
        ["1/2", "1/3", "1/4"],
        ["192.168.0.1", "10.0.0.1", "10.0.0.2"],
        ["+49 30 123", "+49 30 124", "+49 30 125"],
        ["+49 301 234", "+49 301 235", "+49 301 236"],
        ["1,234,5", "2", "3"],
        ["True", "NA", "False"],
        ["1_000", "2_000", "3_000"],
        ["0x10", "0x11", "0x12"],
        ["５", "６", "７"],
        ["1e5e5", "1", "2"],
        ["1 2", "3 4", "5 6"],
        ["--5", "1", "2"],
        ["0b1", "0o7", "1"],
        ["1d5", "2d5", "3d5"],
        ["12:30", "12:45", "13:00"],
    ],
)
def test_text_stays_text(cells: list[str]) -> None:
    _, column = column_of(cells)
    assert column.values is None
    assert list(column.text) == cells
    assert column.dates == ""


def days(*dates: str) -> list[float]:
    return [float((datetime.fromisoformat(date) - datetime(1970, 1, 1)).days) for date in dates]


DATES = {
    "ISO": (["2024-01-31", "1969-12-31", ""], days("2024-01-31", "1969-12-31")),
    "slashes, year first": (["2024/1/31", "2024/02/29", "NA"], days("2024-01-31", "2024-02-29")),
    "day first": (["31.12.2024", "01.02.2024", ""], days("2024-12-31", "2024-02-01")),
    "month first": (["12/31/2024", "01/02/2024", ""], days("2024-12-31", "2024-01-02")),
    "month in letters": (["31-Dec-2024", "1 February 2024", ""], days("2024-12-31", "2024-02-01")),
}


@pytest.mark.parametrize(("cells", "expected"), DATES.values(), ids=DATES.keys())
def test_dates_are_offered_and_read_when_asked_for(cells: list[str], expected: list[float]) -> None:
    table, column = column_of(cells)
    assert (column.values, column.dates, column.unit) == (None, "days since 1970-01-01", "")
    assert "can be read as numbers: days since 1970-01-01" in said(table, "'t' holds dates")
    again = read_again(table, ReadOptions(dates=("t",)))
    values = again.columns[0].values
    assert values is not None
    assert values[:2].tolist() == expected
    assert np.isnan(values[2])
    assert again.columns[0].unit == "days since 1970-01-01"
    assert said(again, "were read as days since 1970-01-01")
    assert list(again.columns[0].text) == cells


def test_times_are_seconds_and_zones_are_heeded() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    moments = [datetime(2024, 2, 29, 23, 59, 59, 250_000, zone), datetime(1969, 7, 20, 20, 17, 40, 0, UTC)]
    cells = ["2024-02-29T23:59:59.25+05:30", "1969-07-20 20:17:40Z"]
    _, column = column_of(cells, ReadOptions(dates=("t",)))
    assert column.values is not None
    assert column.values.tolist() == [moment.timestamp() for moment in moments]
    assert column.unit == "seconds since 1970-01-01 UTC"
    _, column = column_of(["31.12.2024 08:00", "01.01.2025 00:00:30"], ReadOptions(dates=("t",)))
    assert column.values is not None
    assert column.values.tolist() == [
        datetime(2024, 12, 31, 8, tzinfo=UTC).timestamp(),
        datetime(2025, 1, 1, 0, 0, 30, tzinfo=UTC).timestamp(),
    ]
    assert column.unit == "seconds since 1970-01-01"


def test_day_and_month_that_cannot_be_told_apart_are_a_doubt() -> None:
    table, column = column_of(["01.02.2024", "03.04.2024"])
    assert (column.values, column.dates) == (None, "")
    assert any("cannot be told apart, such as '01.02.2024'" in doubt for doubt in table.doubts)
    again = read_again(table, ReadOptions(dates=("t",)))
    assert again.columns[0].values is None
    assert said(again, "no column 't' of dates")


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-02-30", "2024-01-01"],
        ["31.12.2024", "12/31/2024"],
        ["31.12.2024", "12.31.2024"],
        ["2024-01-01", "2024-01-01T10:00"],
        ["2024-01-01T10:00", "2024-01-01T10:00Z"],
        ["2024-01-01T25:00", "2024-01-01T10:00"],
        ["2024-01-01", "yesterday"],
        ["1.2.3", "4.5.6"],
        ["31.12.24", "01.01.25"],
    ],
)
def test_what_is_no_column_of_dates_is_not_offered(cells: list[str]) -> None:
    assert column_of(cells)[1].dates == ""


def test_dates_without_marks_stay_integers_and_are_told() -> None:
    table, column = column_of(["20240131", "20231201"])
    assert column.values is not None
    assert column.values.tolist() == [20240131.0, 20231201.0]
    assert said(table, "look like dates")
    assert not said(column_of(["20240131", "20245099"])[0], "look like dates")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ReadOptions(encoding="klingon"), "no encoding 'klingon'"),
        (ReadOptions(encoding="zip"), "no encoding 'zip'"),
        (ReadOptions(encoding="ascii"), "is not ascii"),
        (ReadOptions(encoding="utf-32"), "is not utf-32"),
        (ReadOptions(skip=10), "leave out fewer"),
        (ReadOptions(skip=-1), "leave out fewer"),
        (ReadOptions(delimiter="ab"), "cannot separate cells"),
        (ReadOptions(delimiter="\n"), "cannot separate cells"),
        (ReadOptions(decimal=";"), "a point or a comma"),
        (ReadOptions(decimal=",", thousands=","), "at once"),
        (ReadOptions(thousands="1"), "cannot separate thousands"),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(options: ReadOptions, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_text("ä,y\n1,2\n3,4\n", options=options)


def test_doubts_are_told_where_two_layouts_fit() -> None:
    assert any("names" in doubt for doubt in read_text("0,1\n1.5,2.5\n3.5,4.25\n").doubts)
    assert any("number is among them" in doubt for doubt in read_text("x,2019\n1.5,2.5\n3.5,4.25\n").doubts)
    assert any("fit nearly as well" in doubt for doubt in read_text("1 000,2 000\n3 000,4 500\n").doubts)
    assert any("separate two columns" in doubt for doubt in read_text("1,5\n2,25\n").doubts)
    assert read_text("x;y\n1,5;2,5\n2,5;3,25\n").doubts == ()
    assert read_text("x, y\n1, 2.5\n2, 3.25\n").doubts == ()
    assert read_text("x\ty\n1 000\t2.5\n2 000\t3.25\n").doubts == ()


def test_pandas_is_told_nothing_but_what_the_file_says() -> None:
    """A fresh interpreter, without what other tests have set: the same numbers, and no warning."""
    code = (
        "import json, warnings; warnings.simplefilter('error')\n"
        "from gmm_desktop.data import read_text\n"
        "t = read_text('x,y\\n0.1,1e-5\\n0.30000000000000004,2\\n')\n"
        "print(json.dumps([c.values.tolist() for c in t.columns]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[0.1, 0.30000000000000004], [1e-5, 2.0]]
