"""How a file is read, said on the command line."""

from __future__ import annotations

import codecs
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gmm_desktop.data import Choice, ReadOptions
from gmm_desktop.data.read_arguments import arguments_of
from gmm_desktop.options import parse


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--delimiter", "semicolon"], ReadOptions(delimiter=";")),
        (["--delimiter", "|"], ReadOptions(delimiter="|")),
        (["--delimiter", "tab", "--decimal", ","], ReadOptions(delimiter="\t", decimal=",")),
        (["--thousands", "none"], ReadOptions(thousands="")),
        (["--header", "--no-units"], ReadOptions(header=True, units=False)),
        (["--no-header", "--skip", "0"], ReadOptions(header=False, skip=0)),
        (["--encoding", "Latin-1"], ReadOptions(encoding="iso8859-1")),
        (["--sheet", "May 2020"], ReadOptions(part="May 2020")),
        (["--missing", "-999,-1"], ReadOptions(missing=("-999", "-1"))),
        (["--missing", "-999"], ReadOptions(missing=("-999",))),
        (['--missing="a, b",c'], ReadOptions(missing=("a, b", "c"))),
        (["--dates", "when"], ReadOptions(dates=("when",))),
    ],
)
def test_each_thing_that_can_be_decided(arguments: list[str], options: ReadOptions) -> None:
    assert parse(["data.csv", *arguments]).choice == Choice(options)


@pytest.mark.parametrize(
    "choice",
    [
        Choice(ReadOptions(delimiter=sign)) for sign in (",", ";", "\t", "|", " ", "")
    ] + [
        Choice(ReadOptions(decimal=",", thousands=sign)) for sign in ("", ",", ".", " ", "'")
    ] + [
        Choice(ReadOptions(header=False, units=True, skip=0)),
        Choice(ReadOptions(encoding="Latin-1"), weights="-w", labels='a "b", c'),
        Choice(ReadOptions(part="--May's", missing=("-999", "a, b", '"'), dates=("when", "-"))),
        Choice(),
    ],
)  # fmt: skip
def test_a_choice_becomes_the_arguments_that_make_it(choice: Choice) -> None:
    arguments = arguments_of(choice)
    assert arguments is not None
    made = parse(["data.csv", *arguments]).choice or Choice()
    name = choice.options.encoding
    assert made == replace(choice, options=replace(choice.options, encoding=name and codecs.lookup(name).name))


@pytest.mark.parametrize(
    "options", [{"missing": (" ",)}, {"part": ""}, {"delimiter": "x"}, {"encoding": "klingon"}, {"dates": ("a\0",)}]
)
def test_what_cannot_be_said_makes_none(options: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    assert arguments_of(Choice(ReadOptions(**options))) is None
    assert capfd.readouterr() == ("", "")


def test_weights_and_labels() -> None:
    assert parse(["d.csv", "--weights", "w", "--labels", "g"]).choice == Choice(weights="w", labels="g")
    assert parse(["d.csv"]).choice is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("d.csv --delimiter x", "there is no 'x'; choose among comma"),
        ("d.csv --decimal ;", "choose among point, comma"),
        ("d.csv --skip -1", "whole number of at least 0"),
        ("d.csv --encoding klingon", "there is no encoding 'klingon'"),
        ("d.csv --missing a,,b", "put commas between them"),
        ("--weights w", "give DATA"),
        ("--sample iris --labels Species", "give DATA"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: str, said: str) -> None:
    with pytest.raises(SystemExit) as end:
        parse(arguments.split())
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_the_data_are_read_as_said(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_text("1;2,5;3\n2;3,5;1\n4;9,5;2\n")
    arguments = [str(path), "--delimiter", "semicolon", "--decimal", "comma", "--no-header", "--columns", "column 2"]
    dataset, _, _ = parse([*arguments, "--weights", "column 3"]).load()
    assert dataset.points[:, 0].tolist() == [2.5, 3.5, 9.5]
    assert dataset.sample_weight is not None
    assert dataset.sample_weight.tolist() == [3, 1, 2]
