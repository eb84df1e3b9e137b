"""The arguments: what they mean, and one sentence for what they cannot mean."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from gmm_desktop.data import SAMPLES, DataError
from gmm_desktop.mixture import (
    ACCELERATIONS,
    COLLAPSES,
    COVARIANCE_TYPES,
    INITIALIZERS,
    STOP_RULES,
    FitSettings,
)
from gmm_desktop.mixture.settings import SUMMARISE
from gmm_desktop.options import SUFFIXES, Export, Options, parse


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as exit_:
        parse(arguments)
    captured = capsys.readouterr()
    assert exit_.value.code == 2
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("gmm-desktop: ")
    return captured.err


def test_nothing_given() -> None:
    assert parse([]) == Options()
    assert not parse([]).exports_anything


def test_everything_given() -> None:
    data = "data.csv --columns a,b --start fit.json --run"
    fit = "--components 3 --covariance tied --initialization quantiles --stop-rule gain --tolerance 1e-4"
    engine = "--collapse restart --acceleration squarem --summarise never --variance-floor 1e-3"
    options = parse(f"{data} {fit} {engine} --max-iterations 50 --restarts 4 --seed 7".split())
    assert options.data == "data.csv"
    assert options.columns == ("a", "b")
    assert options.start == "fit.json"
    assert options.run
    assert FitSettings(**options.overrides) == FitSettings(
        components=3,
        covariance="tied",
        initialization="quantiles",
        stop_rule="gain",
        tolerance=1e-4,
        max_iterations=50,
        restarts=4,
        seed=7,
        variance_floor=1e-3,
        collapse="restart",
        acceleration="squarem",
        summarise="never",
    )


def test_exports_repeat_and_keep_their_order() -> None:
    first, then = "--export-picture a.png --export-parameters a.json", "--export-parameters b.CSV"
    options = parse(f"{first} {then} --export-data c.csv".split())
    assert options.exports == (
        Export("picture", "a.png"),
        Export("parameters", "a.json"),
        Export("parameters", "b.CSV"),
        Export("data", "c.csv"),
    )
    assert options.exports_anything


@pytest.mark.parametrize(
    ("option", "table"),
    [
        ("--covariance", COVARIANCE_TYPES),
        ("--stop-rule", STOP_RULES),
        ("--sample", SAMPLES),
        ("--collapse", COLLAPSES),
        ("--acceleration", ACCELERATIONS),
        ("--summarise", SUMMARISE),
    ],
)
def test_every_id_of_a_table_is_known(option: str, table: Iterable[str]) -> None:
    for name in table:
        parse([option, name])


def test_every_initialization_is_known() -> None:
    for name in INITIALIZERS:
        parse(["--initialization", name, "--start", "fit.json"])


@pytest.mark.parametrize("kind", SUFFIXES)
def test_every_suffix_that_is_promised_is_known(kind: str) -> None:
    for suffix in SUFFIXES[kind]:
        assert parse([f"--export-{kind}", f"name{suffix}"]).exports[0].kind == kind


def test_columns_may_hold_commas_in_quotes() -> None:
    assert parse(["--columns", '"a, b", c']).columns == ("a, b", "c")


def test_samples_have_aliases() -> None:
    assert parse(["--sample", "Old Faithful"]).sample == "faithful"


@pytest.mark.parametrize("tolerance", ["0", "-1", "abc", "nan", "inf", "", "1e-6x"])
def test_tolerances_that_are_none(capsys: pytest.CaptureFixture[str], tolerance: str) -> None:
    assert f"'{tolerance}' is not a number above 0" in refusal(capsys, f"--tolerance={tolerance}")


@pytest.mark.parametrize("option", ["components", "max-iterations", "restarts"])
@pytest.mark.parametrize("number", ["0", "-2", "1.5", "two", ""])
def test_numbers_that_are_none(capsys: pytest.CaptureFixture[str], option: str, number: str) -> None:
    assert "whole number of at least 1" in refusal(capsys, f"--{option}={number}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--covariance round", "there is no 'round'; choose among full, tied, diag, spherical"),
        ("--stop-rule never", "choose among mean-gain, gain"),
        ("--collapse off", "there is no 'off'; choose among floor, stop, restart"),
        ("--acceleration on", "there is no 'on'; choose among none, squarem"),
        ("--summarise yes", "there is no 'yes'; choose among auto, never, always"),
        ("--initialization guess", "choose among k-means++"),
        ("--initialization manual", "--start FIT.json"),
        ("--sample titanic", "'faithful', 'iris', 'galaxies'"),
        ("--seed -1", "whole number of at least 0"),
        ("data.csv --sample iris", "either a file or --sample"),
        ("data.csv more.csv", "unrecognized arguments: more.csv"),
        ("--component 3", "unrecognized arguments"),
        ("--components", "expected one argument"),
        ("--columns a,,b", "with commas between them"),
        ("--columns a,a", "named twice"),
        ("--export-parameters fit", "has no suffix"),
        ("--export-parameters fit.png", "'.png' is not a format"),
        ("--export-picture fit.jpeg", ".png .svg .pdf"),
        ("--export-data d.json", ".csv .parquet"),
        ("--export-parameters a.csv --export-data ./a.csv", "name the same file"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: str, said: str) -> None:
    assert said in refusal(capsys, *arguments.split())


def test_ends_of_lines_among_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["--columns", "a\nb,c"]).columns == ("a b", "c")
    assert "with commas between them" in refusal(capsys, "--columns", "\n")
    assert "put commas between them" in refusal(capsys, "d.csv", "--missing", "a\nb")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out.startswith("gmm-desktop ")
    with pytest.raises(SystemExit) as exit_:
        parse(["--help"])
    assert exit_.value.code == 0
    text = capsys.readouterr().out
    for word in (
        "--columns",
        "spherical",
        "quantiles",
        "three-groups",
        ".parquet",
        "Exit status",
        "squarem",
        "--collapse",
        "never",
    ):
        assert word in text


class TestLoad:
    def test_the_default_is_the_three_groups_with_their_own_number_of_components(self) -> None:
        dataset, settings, start = parse([]).load()
        assert (dataset.sample, settings, start) == ("three-groups", FitSettings(components=3), None)

    def test_what_is_given_counts(self) -> None:
        dataset, settings, _ = parse(["--sample", "iris", "--columns", "Petal.Width", "--components", "5"]).load()
        assert (dataset.names, settings.components) == (("Petal.Width",), 5)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ("--sample iris", "is for 1 column, but 4 of 'Iris' would be fitted"),
            ("--sample galaxies --components 3", "has 2 components, but --components is 3"),
            ("--sample iris --columns Species", "holds text"),
            ("--sample two-groups --columns y", "choose among 'x'"),
            ("none.csv", "There is no file 'none.csv'"),
        ],
    )
    def test_what_does_not_fit_together(self, tmp_path: Path, arguments: str, said: str) -> None:
        fit = tmp_path / "fit.json"
        mixture = {"weights": [0.5, 0.5], "means": [[0], [5]], "covariances": [[[1]], [[1]]]}
        fit.write_text(json.dumps({"format": "gmm-desktop-fit", "version": 1, "mixture": mixture}))
        with pytest.raises(DataError, match=said):
            parse([*arguments.split(), "--start", str(fit)]).load()
        _, settings, start = parse(["--sample", "galaxies", "--start", str(fit)]).load()
        assert settings.components == 2
        assert start is not None
        assert start.means.tolist() == [[0], [5]]

    def test_labels_that_are_not_known(self) -> None:
        parse(["--sample", "iris", "--initialization", "labels"]).load()
        with pytest.raises(DataError, match="No labels are known for 'Old Faithful'"):
            parse(["--sample", "faithful", "--initialization", "labels"]).load()
