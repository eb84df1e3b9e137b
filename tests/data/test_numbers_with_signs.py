"""Text that a person may take for numbers: percentages, currencies, units, Fortran's exponents, marks of two kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gmm_desktop.data import Table, read_table
from tests.data.made_files import npz, xlsx


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_one(*cells: str) -> Table:
        path = tmp_path / "x.csv"
        rows = "".join(f"{cell};{row * row}\n" for row, cell in enumerate(cells))
        path.write_text(f"x;y\n{rows}")
        return read_table(path)

    return read_one


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (("12%", "50%", "7.5%"), "%"),
        (("12 %", "NA", "7,5 %"), "%"),
        (("$12.50", "$1,150.25"), "$"),
        (("12,50 €", "50,25 €"), "€"),
        (("USD 12", "USD 13"), "USD"),
        (("12 cm", "13 cm"), "cm"),
        (("3.5kg/m2", "1e-3kg/m2"), "kg/m2"),
        (("21.5°C", "-3°C"), "°C"),
    ],
)
def test_a_sign_beside_each_number_is_told_and_the_column_stays_text(
    read: Any, cells: tuple[str, ...], sign: str
) -> None:
    table = read(*cells)
    assert table.column("x").values is None
    assert list(table.column("x").text) == list(cells)
    assert len(table.doubts) == 1
    assert f"'{sign}' stands beside each number, such as '{cells[0]}'" in table.doubts[0]


@pytest.mark.parametrize(
    "cells",
    [
        ("A1", "A2"),
        ("No. 1", "No. 2"),
        ("1a", "2b"),
        ("red", "blue"),
        ("1/2", "3/4"),
        ("12:30", "13:45"),
        ("1.2.3a", "4.5"),
        ("5 cm", "3 kg"),
    ],
)
def test_names_and_words_are_plain_text(read: Any, cells: tuple[str, ...]) -> None:
    table = read(*cells)
    assert table.column("x").values is None
    assert not [doubt for doubt in table.doubts if "left as text" in doubt]


def test_fortran_s_exponents_are_numbers_and_told(read: Any) -> None:
    table = read("1.5D+03", "-.25d-2", "2.0D5", "1E3", "7")
    assert table.column("x").values.tolist() == [1500, -0.0025, 200000, 1000, 7]
    assert table.messages == ("In 'x' D stands before an exponent: '1.5D+03' is 1500.",)
    assert read("1D2", "3D4").column("x").values is None, "these are names"


def test_decimal_marks_of_both_kinds_are_told_and_make_text(read: Any) -> None:
    table = read("1,5", "1.5", "2,5", "3")
    assert table.column("x").values is None
    assert (
        "'x' was left as text: its numbers are written in more than one way, such as '1,5' and '1.5'" in table.doubts[0]
    )


def test_a_sheet_and_an_array_of_percentages_as_text_are_told_too(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="what writes workbooks is not installed")
    (tmp_path / "x.xlsx").write_bytes(xlsx([["x", "y"], ["12%", 1], ["50%", 2], ["50%", 4]]))
    (tmp_path / "x.npz").write_bytes(npz(x=np.array(["12%", "50%", "50%"]), y=np.array([1.0, 2, 4])))
    for name in ("x.xlsx", "x.npz"):
        table = read_table(tmp_path / name)
        assert table.column("x").values is None
        assert any("'%' stands beside each number, such as '12%'" in said for said in table.messages), name
