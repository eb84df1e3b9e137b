"""Files changed at random, ten thousand together with the binary ones; more with --mutations."""

from __future__ import annotations

import math
from zlib import crc32

import pytest

from gmm_desktop.data import DataError, Table, read_again
from gmm_desktop.data.readers.numbers import MISSING
from tests.data.mutations import Corpus, Judge, survive
from tests.data.text_files import text_files


def numbers_are_those_of_the_cells(name: str, content: bytes, table: Table) -> None:
    """Every number is its cell as Python reads it, and every missing one a cell that says so, or a ragged row."""
    if table.layout.decimal != "." or table.layout.thousands != "":
        return
    rows = list(table.text_rows())
    ragged = any("cannot be used" in message for message in table.messages)
    for i, column in enumerate(table.columns):
        if column.values is None:
            continue
        for row, number in zip(rows, column.values.tolist(), strict=True):
            cell = row[i].strip().replace("\N{MINUS SIGN}", "-")
            if math.isnan(number):
                assert cell in MISSING or ragged, (column.name, cell)
            else:
                assert cell.isascii()
                assert "_" not in cell
                assert float(cell.replace("D", "E").replace("d", "e")) == number, (column.name, cell, number)


def and_the_layout_gives_the_same_table(name: str, content: bytes, table: Table) -> None:
    numbers_are_those_of_the_cells(name, content, table)
    if crc32(content) % 5 or name.endswith(".gz") or content.count(b'"') % 2:
        return
    try:
        again = read_again(table, table.layout)
    except DataError as refusal:
        raise AssertionError(f"{refusal} {table.layout}") from refusal
    assert [column.name for column in again.columns] == [column.name for column in table.columns]
    for one, other in zip(again.columns, table.columns, strict=True):
        assert one.numeric == other.numeric, (one.name, table.layout)
        if one.values is not None and other.values is not None:
            assert one.values.tobytes() == other.values.tobytes(), (one.name, table.layout)


_USUAL = 6_000
#: Files of each kind, and what must hold of them where they can still be read.
CORPORA: dict[str, tuple[Corpus, Judge | None]] = {"text": (text_files, and_the_layout_gives_the_same_table)}


@pytest.mark.parametrize("kind", CORPORA)
def test_files_changed_at_random_are_read_or_refused(kind: str, request: pytest.FixtureRequest) -> None:
    corpus, judge = CORPORA[kind]
    count = (request.config.getoption("--mutations") or _USUAL) // len(CORPORA)
    assert survive(corpus, count, seed=count, judge=judge) > count / 10
