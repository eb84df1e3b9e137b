"""Data that need words, or have to come along: a shell and Python make the same fit of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gmm_desktop.data import (
    GENERATORS,
    Choice,
    Dataset,
    ReadOptions,
    dataset_from_array,
    open_dataset,
    read_fit,
    read_text,
    with_columns,
)
from gmm_desktop.data.painting import Canvas, dataset_on, with_points, without_rows
from gmm_desktop.export import FitReport
from gmm_desktop.export.points import points_csv
from gmm_desktop.export.repeat import cautions, command_line
from gmm_desktop.export.script import python_script, to_do_first
from gmm_desktop.mixture import FitHistory, FitSettings, fit_steps
from tests.export.fits import run_python
from tests.export.made import made
from tests.export.repeating import by_command, by_script, report_of, results

pytestmark = pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")
FIT = FitSettings(components=2, max_iterations=12)


def rows(line: Callable[[int], str], count: int = 60) -> str:
    return "\n".join(line(i) for i in range(count)) + "\n"


FILES: dict[str, tuple[str, ReadOptions]] = {
    "signs": (
        "a|b\n" + rows(lambda i: f"1.{i % 3 * 100:03},{i % 7}|{i % 2 * 5},5"),
        ReadOptions(delimiter="|", decimal=",", thousands="."),
    ),
    "no header": (rows(lambda i: f"{i % 3 * 4}\t{i % 7}"), ReadOptions(delimiter="\t", header=False, units=False)),
    "units, lines above": (
        "1,2\nnoise\nx,y\ncm,kg\n" + rows(lambda i: f"{i % 3 * 4},{i % 7}"),
        ReadOptions(header=True, units=True, skip=2),
    ),
    "missing": (
        "x,y\n"
        + rows(lambda i: f"{-999 if i % 9 == 0 else i % 3 * 4},{'its, no' if i % 8 == 0 else i % 7}").replace(
            "its, no", '"it\'s, no"'
        ),
        ReadOptions(missing=("-999", "it's, no")),
    ),
    "dates": (
        "when then,y\n" + rows(lambda i: f"2020-0{1 + i % 3}-{10 + i % 7},{i % 5}"),
        ReadOptions(dates=("when then",)),
    ),
    "encoding": ("größe,y\n" + rows(lambda i: f"{i % 3 * 4},{i % 7}"), ReadOptions(encoding="mac_roman")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_in_the_same_way(name: str, tmp_path: Path) -> None:
    text, options = FILES[name]
    path = tmp_path / "data file.txt"
    path.write_bytes(text.encode(options.encoding or "utf-8"))
    dataset = open_dataset(str(path), choice=Choice(options))
    report = report_of(dataset, FIT)
    expected = made(report, "fit.json", "parameters")
    assert by_command(report, tmp_path) == expected
    assert by_script(report, tmp_path) == expected
    assert cautions(report) == to_do_first(report) == []


def test_an_array_of_an_archive_is_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / "two.npz"
    np.savez(path, **{"a": rng.normal(size=(30, 2)), "-the other": rng.normal(size=(40, 2))})
    report = report_of(open_dataset(str(path), choice=Choice(ReadOptions(part="-the other"))), FIT)
    assert report.dataset.size == 40
    expected = made(report, "fit.json", "parameters")
    assert by_command(report, tmp_path) == expected
    assert by_script(report, tmp_path) == expected


GROUPS = "-w,x,kind of,y\n" + rows(lambda i: f"{i % 4},{i % 2 * 5 + i / 9},{'ab'[i % 2]},{i * i % 13}")


@pytest.mark.parametrize("columns", [None, ["y", "x"], ["y"]])
def test_weights_and_labels_of_the_rows_come_from_their_columns(columns: list[str] | None, tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_text(GROUPS)
    dataset = open_dataset(str(path), columns, choice=Choice(weights="-w", labels="kind of"))
    assert dataset.names == tuple(columns or ("x", "y"))
    initialization = "k-means++" if columns == ["y"] else "labels"
    report = report_of(dataset, replace(FIT, initialization=initialization), labels=initialization == "labels")
    expected = made(report, "fit.json", "parameters")
    assert by_command(report, tmp_path) == expected
    assert by_script(report, tmp_path) == expected
    assert ("--columns" in command_line(report)) == (columns is not None)
    assert cautions(report) == []


def of_twelve_groups() -> Dataset:
    """Of which some rows weigh more, and which a table of text must hold in their order."""
    rng = np.random.default_rng(3)
    labels = np.arange(240) % 12
    weights = rng.uniform(0.5, 2, 240)
    return dataset_from_array(
        rng.normal(size=(240, 3)) + labels[:, np.newaxis] * 3, labels=labels, sample_weight=weights
    )


def test_weights_and_labels_that_no_file_holds_come_along(tmp_path: Path) -> None:
    settings = replace(FIT, components=12, initialization="labels")
    report = report_of(of_twelve_groups(), settings, labels=True)
    expected = made(report, "fit.json", "parameters")
    assert results(by_command(report, tmp_path)) == results(expected)
    assert by_script(report, tmp_path) == expected
    known = report_of(report.dataset, FIT)
    assert "group-" not in command_line(known), "labels are for a start at them alone"
    assert results(by_command(known, tmp_path)) == results(made(known, "fit.json", "parameters"))


@pytest.mark.parametrize("d", [1, 2, 3])
def test_many_points_are_saved_first(d: int, tmp_path: Path) -> None:
    """What the sentence asks for makes both work."""
    rng = np.random.default_rng(d)
    points = rng.normal(size=(6000, d)) + 4.0 * (np.arange(6000) % 2)[:, np.newaxis]
    known = {"labels": np.arange(6000) % 2, "sample_weight": rng.uniform(0.5, 2, 6000)}
    names = ["7", "=y", "z"][:d] if d < 3 else None
    settings = replace(FIT, initialization="labels", summarise="never")
    report = report_of(dataset_from_array(points, names, **known), settings, labels=True)
    assert "save them first" in cautions(report)[0]
    assert "as DATA.csv" in cautions(report)[0]
    assert "as data.csv beside the script" in to_do_first(report)[0]
    assert "as data.csv." in python_script(report)
    for name in ("DATA.csv", "data.csv"):
        (tmp_path / name).write_bytes(b"".join(points_csv(report.dataset)))
    expected = results(made(report, "fit.json", "parameters"))
    assert results(by_command(report, tmp_path)) == expected
    assert results(by_script(report, tmp_path)) == expected


@pytest.mark.parametrize("name", GENERATORS)
def test_the_script_draws_what_was_generated(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(GENERATORS[name]().of_size(4000).dataset(6), FIT)
    assert to_do_first(report) == []
    assert len(python_script(report)) < 3000, "the points are not in it"
    monkeypatch.setattr(sys, "argv", ["repeat.py", str(tmp_path / "again.json")])
    run_python(python_script(report).encode())
    assert (tmp_path / "again.json").read_bytes() == made(report, "fit.json", "parameters")


def test_generated_points_follow_the_command(tmp_path: Path) -> None:
    report = report_of(GENERATORS["grid-ties"]().of_size(90).dataset(6), FIT)
    assert results(by_command(report, tmp_path)) == results(made(report, "fit.json", "parameters"))


def painted() -> Dataset:
    return dataset_on(Canvas(unit="cm"), np.random.default_rng(2).normal(size=(70, 2)), 2)


EDITED: dict[str, Callable[[], Dataset]] = {
    "painted": painted,
    "one column": lambda: dataset_on(Canvas(("x",)), np.random.default_rng(2).normal(size=(70, 1)), 2),
    "painted on data": lambda: with_points(open_dataset(sample="faithful"), np.array([[2.0, 60.0], [2.1, 61.0]])),
    "erased": lambda: without_rows(open_dataset(sample="iris"), np.arange(40)),
    "generated and erased": lambda: without_rows(GENERATORS["blobs"]().of_size(90).dataset(1), np.arange(9)),
    "pasted, with weights": lambda: with_points(
        Choice(weights="w").dataset(read_text("x,w\n" + rows(lambda i: f"{i % 7 + i % 2 * 9},{1 + i % 3}"))),
        np.array([[4.0]]),
    ),
}


@pytest.mark.parametrize("name", EDITED)
def test_what_was_painted_or_erased_comes_along(name: str, tmp_path: Path) -> None:
    report = report_of(EDITED[name](), FIT)
    expected = made(report, "fit.json", "parameters")
    assert results(by_command(report, tmp_path)) == results(expected)
    assert by_script(report, tmp_path) == expected
    assert "No file holds these data as they are, so that they follow the command." in cautions(report)


def used(dataset: Dataset, name: str, settings: FitSettings = FIT) -> FitReport:
    """A fit of other points of the same columns, brought to these data as it is."""
    fitted = report_of(without_rows(dataset, np.arange(dataset.size // 2)), settings)
    history = FitHistory()
    steps = fit_steps(dataset.points, replace(settings, max_iterations=0), start=fitted.mixture)
    history.append(next(steps))
    return FitReport(dataset, settings, history, 0, start=fitted.mixture, used=name)


class TestUsedFit:
    @pytest.mark.parametrize(("sample", "covariance"), [("iris", "tied"), ("faithful", "spherical")])
    def test_its_parameters_are_written_first(self, sample: str, covariance: str, tmp_path: Path) -> None:
        settings = replace(FIT, covariance=covariance, standardise=covariance == "spherical")
        report = used(open_dataset(sample=sample), "last year's fit.json", settings)
        expected = results(made(report, "fit.json", "parameters"))
        assert results(by_command(report, tmp_path)) == expected
        assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
        assert "--use gmm-desktop-used-" in command_line(report)
        assert cautions(report)[0].startswith("The fit in 'last year's fit.json' is not made again: its parameters")
        assert "--run" not in command_line(report)

    def test_other_columns(self, tmp_path: Path) -> None:
        report = used(with_columns(open_dataset(sample="iris"), ["Petal.Width"]), "a.json")
        assert results(by_command(report, tmp_path)) == results(made(report, "fit.json", "parameters"))

    def test_a_name_is_no_command(self, tmp_path: Path) -> None:
        report = used(open_dataset(sample="faithful"), 'x\ntouch pwned; \'\n"""\nimport os\n.json')
        by_command(report, tmp_path)
        by_script(report, tmp_path)
        assert not (tmp_path / "pwned").exists()

    def test_where_it_went_on_it_is_a_start(self, tmp_path: Path) -> None:
        report = used(open_dataset(sample="faithful"), "a.json")
        went_on = replace(report_of(report.dataset, FIT, report.start), used="a.json")
        expected = made(went_on, "fit.json", "parameters")
        assert by_command(went_on, tmp_path) == expected
        assert by_script(went_on, tmp_path) == expected

    def test_the_file_is_a_parameter_file(self, tmp_path: Path) -> None:
        report = used(open_dataset(sample="faithful"), "a.json")
        by_command(report, tmp_path)
        (path,) = tmp_path.glob("gmm-desktop-used-*.json")
        assert read_fit(path).columns == report.dataset.names


def test_what_cannot_be_said_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x;y\n" + rows(lambda i: f"{i % 3 * 4};{i % 7}"))
    dataset = open_dataset(str(path), choice=Choice(ReadOptions(missing=(" ", "7"))))
    report = report_of(dataset, FIT)
    assert cautions(report)[0] == "How the file was read cannot be said on the command line."
    assert results(by_command(report, tmp_path)) == results(made(report, "fit.json", "parameters"))
    assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
