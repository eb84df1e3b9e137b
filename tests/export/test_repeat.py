"""A fit as a command line and as a script: run by a shell and by Python, they write the same parameter file."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gmm_desktop.data import (
    SAMPLES,
    Dataset,
    MixtureGenerator,
    dataset_from_array,
    dataset_from_table,
    open_dataset,
    read_table,
    read_text,
    with_columns,
)
from gmm_desktop.export import FitReport
from gmm_desktop.export.repeat import cautions, command_line, start_file
from gmm_desktop.export.report_page import _settings
from gmm_desktop.export.script import python_script
from gmm_desktop.mixture import FitEnding, FitHistory, FitSettings, Mixture, fit
from gmm_desktop.options import parse
from tests.export.made import made
from tests.export.repeating import by_command, by_script, report_of, results

pytestmark = pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")


def at(report: FitReport, iteration: int) -> FitReport:
    """Paused there, the rest not computed yet."""
    history = FitHistory()
    for step in report.history.steps[: iteration + 1]:
        history.append(step)
    return replace(report, history=history)


CROSSED = Mixture([0.3, 0.7], [[4.0, 80.0], [2.0, 50.0]], [[[0.2, 0.5], [0.5, 30.1]], [[0.1, 0.3], [0.3, 29.9]]])
"""A start whose components stand in another order than left to right."""


def branched() -> FitReport:
    faithful, settings = open_dataset(sample="faithful"), FitSettings(components=3)
    mixture = report_of(faithful, settings).history.mixture_at(4)
    return report_of(faithful, replace(settings, initialization="manual"), mixture)


def of_sample(name: str | None, **settings: Any) -> FitReport:
    return report_of(open_dataset(sample=name), FitSettings(**settings), labels="initialization" in settings)


# Made in the tests: a fit while pytest collects would come before the libraries that other tests look at are loaded.
CASES: dict[str, Callable[[], FitReport]] = {
    "sample": lambda: of_sample("faithful", components=3, covariance="tied", seed=4, tolerance=1e-9),
    "columns": lambda: report_of(
        with_columns(open_dataset(sample="iris"), ["Petal.Width", "Sepal.Length"]), FitSettings(covariance="diag")
    ),
    "labels": lambda: of_sample("iris", components=3, initialization="labels"),
    "race": lambda: of_sample("faithful", components=3, restarts=4, covariance="spherical"),
    "accelerated": lambda: of_sample("faithful", acceleration="squarem", stop_rule="aitken"),
    "first iterations": lambda: of_sample("faithful", stop_rule="iterations", max_iterations=5),
    "collapse": lambda: of_sample("faithful", components=6, collapse="restart", seed=1),
    "generated": lambda: of_sample(None, components=3, initialization="quantiles"),
    "floor": lambda: of_sample("faithful", components=6, variance_floor=0.03, seed=1),
    "no floor": lambda: of_sample("faithful", components=3, variance_floor=0.0),
    "standardised": lambda: of_sample("faithful", covariance="spherical", standardise=True, summarise="always"),
    "start": lambda: report_of(open_dataset(sample="faithful"), FitSettings(initialization="manual"), CROSSED),
    "branch": branched,
}


@pytest.mark.parametrize("name", CASES)
def test_both_write_the_same_parameter_file(name: str, tmp_path: Path) -> None:
    report = CASES[name]()
    expected = made(report, "fit.json", "parameters")
    assert by_command(report, tmp_path) == expected
    assert by_script(report, tmp_path) == expected


UNUSUAL = FitSettings(3, "spherical", "quantiles", "gain", 0.3, 77, 4, 9, 0.01, "never", "restart", "squarem", True)


def test_every_setting_is_in_the_command_line_and_in_the_script() -> None:
    different = [field.name for field in fields(FitSettings) if getattr(UNUSUAL, field.name) == field.default]
    assert different == []  # a new setting is to have an unusual value here
    report = report_of(open_dataset(sample="faithful"), UNUSUAL)
    options = parse(shlex.split(command_line(report))[1:])
    assert FitSettings(**options.overrides) == UNUSUAL
    assert repr(UNUSUAL) in python_script(report)
    assert cautions(report) == []


FILE = 'a b,"it\'s; $HOME, yes",-- c,text\n' + "\n".join(f"{i % 7}.5,{(i % 2) * 9 + i / 7},{i},t" for i in range(60))


@pytest.mark.parametrize("columns", [None, ["it's; $HOME, yes", "-- c"]])
def test_files_and_columns_of_any_name_are_found_again(columns: list[str] | None, tmp_path: Path) -> None:
    folder = tmp_path / "-a folder's & $(name)"
    folder.mkdir()
    (folder / "-d 'x'.csv").write_text(FILE)
    report = report_of(dataset_from_table(read_table(folder / "-d 'x'.csv"), columns), FitSettings())
    expected = made(report, "fit.json", "parameters")
    assert by_command(report, tmp_path) == expected
    assert by_script(report, tmp_path) == expected
    assert ("--columns" in command_line(report)) == (columns is not None)
    assert cautions(report) == []


def test_whether_columns_were_chosen_shows_in_what_is_said(tmp_path: Path) -> None:
    """A column set aside for its text is told of only where nobody chose columns."""
    path = tmp_path / "stray.csv"
    path.write_text("x,y,z\n" + "\n".join(f"{i * i % 11},{i % 5},{'?x' if i == 7 else i}" for i in range(30)))
    for columns in (None, ["x", "y"]):
        report = report_of(dataset_from_table(read_table(path), columns), FitSettings())
        assert by_command(report, tmp_path) == made(report, "fit.json", "parameters")
        assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")


def test_a_file_that_has_changed_is_noticed_by_the_script(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(FILE)
    report = report_of(dataset_from_table(read_table(path)), FitSettings())
    path.write_text(FILE + "\n1,2,3,t\n")
    (tmp_path / "repeat.py").write_text(python_script(report))
    done = subprocess.run([sys.executable, "repeat.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "The file has changed since it was fitted.\n")


def generated() -> Dataset:
    generator = MixtureGenerator((0.3, 0.7), ((0.0, 1.0), (4.0, 2.0)), (((1.0, 0.2), (0.2, 1.0)),) * 2, size=150)
    return generator.dataset(7)


@pytest.mark.parametrize(
    "dataset",
    [
        pytest.param(lambda: dataset_from_table(read_text(FILE), ["a b"]), id="pasted, one column"),
        pytest.param(generated, id="generated by a form"),
        pytest.param(lambda: with_columns(generated(), ["y"]), id="one column of it"),
        pytest.param(lambda: SAMPLES["three-groups"].load(90, 5), id="another size"),
        pytest.param(lambda: dataset_from_array(np.random.default_rng(0).normal(size=(40, 3))), id="an array"),
    ],
)
def test_few_points_that_nothing_names_come_along(dataset: Callable[[], Dataset], tmp_path: Path) -> None:
    report = report_of(dataset(), FitSettings())
    expected = results(made(report, "fit.json", "parameters"))
    assert results(by_command(report, tmp_path)) == expected
    assert results(by_script(report, tmp_path)) == expected
    assert any("No file holds these data" in said for said in cautions(report))
    assert command_line(report).startswith("# No file holds")


def test_drawn_points_are_drawn_again_by_the_script(tmp_path: Path) -> None:
    report = report_of(SAMPLES["three-groups"].load(30_000, 5), FitSettings(components=3))
    assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
    assert "DATA.csv" in command_line(report)
    assert "save them first" in command_line(report)
    assert "The Python script draws them again." in cautions(report)


def test_names_that_would_not_come_back_are_not_carried_in_a_table(tmp_path: Path) -> None:
    report = report_of(dataset_from_array(generated().points, ("1", "=x\n'")), FitSettings())
    assert "DATA.csv" in command_line(report)
    assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")


class TestAnotherIteration:
    settings = FitSettings(components=3, seed=2)

    def test_of_a_fit_that_is_paused(self, tmp_path: Path) -> None:
        whole = report_of(open_dataset(sample="faithful"), self.settings)
        report = at(whole, 7)
        assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
        expected = results(made(report, "fit.json", "parameters"))
        assert results(by_command(report, tmp_path)) == expected
        assert any("stops at iteration 7" in said for said in cautions(report))

    def test_of_one_that_has_ended(self, tmp_path: Path) -> None:
        report = replace(report_of(open_dataset(sample="faithful"), self.settings), iteration=7)
        assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
        assert results(by_command(report, tmp_path)) == results(made(report, "fit.json", "parameters"))

    def test_of_a_race_the_command_runs_to_the_end_and_says_so(self, tmp_path: Path) -> None:
        settings = replace(self.settings, restarts=3)
        report = replace(report_of(open_dataset(sample="faithful"), settings), iteration=7)
        assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
        assert "--max-iterations 500" in command_line(report)
        assert "runs to the end of the fit; iteration 7 was shown" in command_line(report)

    def test_past_the_stop(self, tmp_path: Path) -> None:
        """As the window goes on: a fit of its own from where the first one stopped."""
        first = report_of(open_dataset(sample="faithful"), self.settings)
        ending, stop = first.history.ending, first.shown
        on = replace(self.settings, stop_rule="iterations", max_iterations=20)
        for step in fit(first.dataset.points, on, start=first.history.mixture).steps[1:]:
            first.history.append(replace(step, iteration=len(first.history)))
        report = replace(first, ending=ending)
        assert report.shown == stop + 20
        assert by_script(report, tmp_path) == made(report, "fit.json", "parameters")
        read = json.loads(by_command(report, tmp_path))
        assert read["result"]["iterations"] == report.shown
        assert read["result"]["log_likelihood"] == pytest.approx(report.log_likelihood, rel=1e-12)
        assert any("last digits may differ" in said for said in cautions(report))

    def test_the_start_is_shown_unplayed(self) -> None:
        report = replace(report_of(open_dataset(sample="faithful"), self.settings), iteration=0, ending=FitEnding(""))
        assert "--run" not in command_line(report)
        assert "--run" in command_line(replace(report, iteration=3))


def test_one_line_of_settings_in_full() -> None:
    report = report_of(open_dataset(sample="faithful"), FitSettings(components=2))
    assert command_line(report) == (
        "gmm-desktop --sample faithful --components 2 --covariance full --initialization k-means++ "
        "--stop-rule mean-gain --tolerance 1e-06 --max-iterations 500 --restarts 1 --seed 0 --run\n"
    )


def test_a_start_is_named_by_what_it_holds() -> None:
    dataset = open_dataset(sample="faithful")
    one, other = (
        report_of(dataset, FitSettings(max_iterations=1), start) for start in (CROSSED, CROSSED.moved(np.ones(2)))
    )
    assert start_file(one)[0] != start_file(other)[0]
    assert start_file(one) == start_file(one)
    assert "is written to gmm-desktop-start-" in command_line(one)


@pytest.mark.parametrize("covariance", ["full", "tied", "diag"])
def test_standardising_that_does_nothing_is_not_claimed(covariance: str) -> None:
    data = open_dataset(sample="faithful")
    settings = FitSettings(2, covariance, standardise=True)
    report = FitReport(data, settings, fit(data.points, settings))
    assert "--standardise" not in command_line(report)
    assert ("Constraint in standard deviations", "yes, which changes nothing here") in _settings(report).facts
    plain = fit(data.points, replace(settings, standardise=False))
    assert plain.log_likelihood == report.history.log_likelihood, "it does nothing"
    round_ones = replace(settings, covariance="spherical")
    report = FitReport(data, round_ones, fit(data.points, round_ones))
    assert "--standardise" in command_line(report)
    assert ("Constraint in standard deviations", "yes") in _settings(report).facts
