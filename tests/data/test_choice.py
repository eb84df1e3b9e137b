"""What a person decides about a file: when to ask, what to remember, what of it still holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gmm_desktop.data import Choice, DataError, ReadOptions, Suspect, Table, dataset_from_table, open_dataset, read_text
from gmm_desktop.data.choice import adapted, choice_behind, from_plain, needs_a_look, questions, settled, to_plain

TWO = read_text("name,a,b\nx,1,2\ny,2,3\n")
THREE = read_text("a,b,c\n1,2,3\n2,3,5\n")


@pytest.mark.parametrize(
    ("table", "needed"),
    [
        (TWO, False),
        (THREE, True),
        (read_text("name,a\nx,1\ny,2\n"), False),
        (read_text("name,other\nx,z\ny,z\n"), False),
        (read_text("a,b,c\n1,2,3\n2,3,x\n4,5,6\n6,7,7\n"), True),
        (replace(TWO, doubts=("The comma may be a decimal mark.",)), True),
        (replace(TWO, suspects=(Suspect("a", "-999", 3),)), True),
        (replace(TWO, parts=("one", "two")), True),
        (replace(TWO, parts=("one",)), False),
    ],
    ids=["two", "three", "one", "none", "nearly three", "doubt", "suspect", "parts", "part"],
)
def test_what_is_plain_needs_no_look(table: Table, needed: bool) -> None:
    assert needs_a_look(table, Choice()) is needed


def test_who_has_chosen_is_asked_only_what_is_new() -> None:
    doubtful = replace(THREE, doubts=("Perhaps.",), suspects=(Suspect("c", "-999", 3),))
    chosen = Choice(columns=("a", "c"))
    assert questions(doubtful, chosen) == ("Perhaps.", "Is '-999', 3 times in 'c', a missing value?")
    assert questions(doubtful, Choice(columns=("a", "b"))) == ("Perhaps.",)
    answered = settled(doubtful, chosen)
    assert not needs_a_look(doubtful, answered)
    assert needs_a_look(replace(doubtful, suspects=(Suspect("c", "-999", 4),)), answered)
    assert needs_a_look(TWO, answered)


def test_a_choice_survives_being_written() -> None:
    options = ReadOptions(delimiter="\t", thousands="", header=False, skip=0, missing=("-999", "a, b"), part="Sheet 2")
    choice = Choice(options, ("a", "b"), "w", "g", ("Perhaps.",))
    assert from_plain(to_plain(choice)) == choice
    assert to_plain(Choice()) == {}


@pytest.mark.parametrize(
    "plain",
    [
        None,
        7,
        [],
        {"columns": "ab"},
        {"columns": [1]},
        {"weights": 3, "options": 4},
        {"options": {"skip": "1", "header": 2, "delimiter": 3, "rows": 5, "missing": [None], "other": 1}},
    ],
)
def test_nonsense_is_no_choice(plain: object) -> None:
    assert from_plain(plain) == Choice()


def test_a_choice_adapts_to_the_columns_that_are_there() -> None:
    choice = Choice(columns=("c", "gone", "a"), weights="b", labels="gone")
    assert adapted(choice, THREE) == Choice(columns=("c", "a"), weights="b")
    assert adapted(Choice(columns=("gone",), weights="name"), TWO) == Choice(columns=("a", "b"))
    assert adapted(Choice(weights="a"), TWO).columns == ("b",)
    assert adapted(Choice(), read_text("name\nx\ny\n")).columns is None


def test_the_choice_behind_data_makes_them_again(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b,w,g\n1,2,1,x\n2,3,2,y\n3,5,1,y\n")
    first = open_dataset(str(path), ["b", "a"], choice=Choice(ReadOptions(delimiter=","), weights="w", labels="g"))
    assert first.table is not None
    choice = choice_behind(first)
    assert choice == Choice(ReadOptions(delimiter=","), ("b", "a"), "w", "g")
    assert choice.dataset(first.table).points.tolist() == first.points.tolist()


def test_a_choice_of_what_is_not_there_is_refused() -> None:
    assert not Choice(columns=("z",)).fits(TWO)
    assert not Choice(columns=("name",)).fits(TWO)
    assert Choice(columns=("a",), labels="name").fits(TWO)
    with pytest.raises(DataError, match="no column 'z'"):
        dataset_from_table(TWO, ["z"])
