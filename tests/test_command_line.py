"""The command line as a person or a script meets it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gmm_desktop import command_line
from gmm_desktop.command_line import main, no_display
from gmm_desktop.mixture import FitSettings
from gmm_desktop.options import Options
from gmm_desktop.ui.loading import missing_library, unsupported_qt

FAITHFUL = Path(__file__).parent.parent / "resources" / "data" / "faithful.csv"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


class Ran:
    """What a call printed and returned."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.status = main(list(arguments))
        self.out, self.err = capsys.readouterr()


def failed(capsys: pytest.CaptureFixture[str], status: int, *arguments: str) -> str:
    """Runs what must fail with one sentence and leave no file."""
    before = sorted(os.listdir())
    ran = Ran(capsys, *arguments)
    assert ran.status == status, ran.err
    assert ran.err.startswith("gmm-desktop: ")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
    assert sorted(os.listdir()) == before
    return ran.err


def test_a_fit_from_file_to_files(capsys: pytest.CaptureFixture[str]) -> None:
    exports = "--export-parameters fit.json --export-parameters fit.csv --export-data data.csv"
    ran = Ran(capsys, str(FAITHFUL), *f"--columns eruptions,waiting --components 2 {exports}".split())
    assert (ran.status, ran.err) == (0, "")
    content = json.loads(Path("fit.json").read_text())
    assert content["result"]["outcome"] == "converged"
    assert_allclose(content["result"]["log_likelihood"], -1130.264, atol=1e-3)
    assert_allclose(content["result"]["bic"], 2322.19, atol=0.01)
    assert content["data"]["source"] == "faithful.csv"
    with Path("data.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 272
    assert rows[0]["eruptions"] == "3.6"
    assert "'faithful.csv': 272 points" in ran.out
    assert "lower is better" in ran.out
    assert ran.out.splitlines()[-3:] == ["Wrote fit.json", "Wrote fit.csv", "Wrote data.csv"]


def test_the_same_seed_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    fit = ["--sample", "iris", "--components", "3", "--restarts", "3", "--seed", "5"]
    arguments = [*fit, "--max-iterations", "20", "--export-parameters"]
    for name in ("a.json", "b.json"):
        assert Ran(capsys, *arguments, name).status == 0
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()


PETALS = ["--sample", "iris", "--columns", "Petal.Length,Petal.Width", "--export-parameters", "fit.json"]


def test_every_setting_is_in_the_parameter_file(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, *PETALS, "--collapse", "restart", "--acceleration", "squarem", "--summarise", "always")
    assert (ran.status, ran.err) == (0, "")
    settings = json.loads(Path("fit.json").read_text())["settings"]
    assert set(settings) == {field.name for field in fields(FitSettings)}
    chosen = {name: settings[name] for name in ("collapse", "acceleration", "summarise")}
    assert chosen == {"collapse": "restart", "acceleration": "squarem", "summarise": "always"}
    assert "Accelerated by SQUAREM" in ran.out


def test_the_maxima_that_starts_reached_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, *PETALS, "--components", "4", "--restarts", "10", "--seed", "1")
    lines = [line for line in ran.out.splitlines() if line.startswith("Regular maxima")]
    assert len(lines) == 1
    assert "of the 10 starts" in lines[0]
    content = json.loads(Path("fit.json").read_text())
    assert f"each: {content['result']['log_likelihood']:.2f} (" in lines[0]
    assert lines[0] in content["messages"]
    assert "Regular maxima" not in Ran(capsys, *PETALS, "--components", "4").out


def test_a_fit_that_a_collapse_ends_names_the_component(capsys: pytest.CaptureFixture[str]) -> None:
    line = failed(capsys, 1, *PETALS, "--components", "6", "--initialization", "random-points", "--collapse", "stop")
    assert "Component B" in line
    assert "collapsed" in line


def test_going_on_from_a_stored_fit(capsys: pytest.CaptureFixture[str]) -> None:
    first = ["--sample", "overlapping-groups", "--max-iterations", "7", "--export-parameters", "first.json"]
    assert Ran(capsys, *first).status == 0
    on = ["--sample", "overlapping-groups", "--max-iterations", "5", "--start", "first.json"]
    assert Ran(capsys, *on, "--export-parameters", "on.json").status == 0
    whole = ["--sample", "overlapping-groups", "--max-iterations", "12", "--export-parameters", "whole.json"]
    assert Ran(capsys, *whole).status == 0
    first_fit, on_fit, whole_fit = (json.loads(Path(f"{name}.json").read_text()) for name in ("first", "on", "whole"))
    assert on_fit["start"] == first_fit["mixture"]
    assert on_fit["result"]["outcome"] == "stopped"
    assert_allclose(on_fit["mixture"]["means"], whole_fit["mixture"]["means"], rtol=1e-12)
    assert_allclose(on_fit["history"]["log_likelihood"], whole_fit["history"]["log_likelihood"][7:], rtol=1e-13)


def test_with_nothing_named_the_three_groups_are_fitted(capsys: pytest.CaptureFixture[str]) -> None:
    assert Ran(capsys, "--export-parameters", "fit.json").status == 0
    content = json.loads(Path("fit.json").read_text())
    assert content["data"]["source"] == "Three groups (1-D)"
    assert_allclose(np.ravel(content["mixture"]["means"]), [-5, 0, 5], atol=0.8)


def test_what_was_skipped_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data.csv").write_text("x\n1\nNA\n2\ninf\n7\n8\n9\n2.5\n")
    ran = Ran(capsys, "data.csv", "--export-data", "out.csv")
    assert ran.status == 0
    assert "1 of 8 rows skipped: no number in 'x' (row 2)." in ran.out
    assert "1 of 8 rows skipped: an infinite value in 'x' (row 4)." in ran.out
    assert len(Path("out.csv").read_text().splitlines()) == 9


BAD_DATA = {
    "missing": (None, "There is no file"),
    "empty": (b"", "is empty"),
    "text": (b"x,y\na,b\nc,d\n", "no column of numbers"),
    "binary": (bytes(range(256)) * 4, "binary"),
    "all missing": (b"x,y\nNA,1\n2,\n", "No row"),
    "constant": (b"x,y\n5,1\n5,1\n5,1\n5,1\n", "cannot be fitted"),
    "too few": (b"x\n1\n1\n", "cannot be fitted"),
}


@pytest.mark.parametrize(("content", "said"), BAD_DATA.values(), ids=BAD_DATA.keys())
def test_data_that_cannot_be_used(capsys: pytest.CaptureFixture[str], content: bytes | None, said: str) -> None:
    if content is not None:
        Path("bad.csv").write_bytes(content)
    assert said in failed(capsys, 1, "bad.csv", "--export-parameters", "fit.json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--columns z", "has no column 'z'; choose among 'eruptions', 'waiting'"),
        ("--components 300", "cannot be fitted"),
        ("--start none.json", "There is no file"),
    ],
)
def test_what_does_not_fit_the_data(capsys: pytest.CaptureFixture[str], arguments: str, said: str) -> None:
    line = failed(capsys, 1, str(FAITHFUL), *arguments.split(), "--export-parameters", "fit.json")
    assert said in line


@pytest.mark.parametrize(
    "arguments",
    [
        "--tolerance 0",
        "--tolerance abc",
        "--sample titanic",
        "--covariance round",
        "--export-parameters fit.xyz",
        "--export-data fit.xlsx",
        "--export-animation run.avi",
        "--export-parameters fit.json --export-animation run",
    ],
)
def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str], arguments: str) -> None:
    assert "later version" not in failed(capsys, 2, *arguments.split())


def test_a_file_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    line = failed(capsys, 1, "--export-parameters", "none/fit.json")
    assert "there is no folder 'none'" in line


def test_all_files_are_made_before_one_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gmm_desktop.data import readers

    monkeypatch.setattr(readers.source, "KEPT_IN_MEMORY", 0, raising=False)
    Path("data.csv").write_text("x\n1\n2\n7\n8\n9\n2.5\n")
    real = command_line._fit

    def change_the_file(options: Options) -> object:
        report = real(options)
        Path("data.csv").write_text("x\n1\n")
        return report

    monkeypatch.setattr(command_line, "_fit", change_the_file)
    line = failed(capsys, 1, "data.csv", "--export-parameters", "fit.json", "--export-data", "out.csv")
    assert "has changed since" in line


def test_the_data_are_never_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data.csv").write_text("x\n1\n2\n7\n8\n9\n2.5\n")
    line = failed(capsys, 1, "data.csv", "--export-data", "./data.csv")
    assert "holds the data" in line
    assert Path("data.csv").read_text().startswith("x\n1\n2\n")


def test_an_interruption_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "_fit", interrupt)
    ran = Ran(capsys, "--export-parameters", "fit.json")
    assert (ran.status, ran.out, ran.err) == (130, "", "")


def test_what_nobody_foresaw_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TypeError("a\nb")

    monkeypatch.setattr(command_line, "_fit", fail)
    assert "(TypeError: a b)" in failed(capsys, 1, "--export-parameters", "fit.json")


class TestProcesses:
    """The same in processes of their own: standard input, exit status, what reaches the terminal."""

    @staticmethod
    def run(*arguments: str, piped: str | None = None) -> subprocess.CompletedProcess[str]:
        screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        environment = {name: value for name, value in os.environ.items() if name not in screens}
        return subprocess.run(
            [sys.executable, "-m", "gmm_desktop", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            input=piped,
        )

    def test_standard_input(self) -> None:
        ran = self.run("-", "--export-parameters", "fit.json", piped=FAITHFUL.read_text())
        assert (ran.returncode, ran.stderr) == (0, "")
        assert json.loads(Path("fit.json").read_text())["data"]["source"] == "standard input"

    def test_a_missing_file(self) -> None:
        ran = self.run("none.csv", "--export-parameters", "fit.json")
        assert (ran.returncode, ran.stdout) == (1, "")
        assert ran.stderr == "gmm-desktop: There is no file 'none.csv'; check its name and its folder.\n"

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
    def test_without_a_display_old_faithful_is_fitted(self) -> None:
        ran = self.run()
        assert (ran.returncode, ran.stderr) == (0, "")
        assert sorted(os.listdir()) == ["old-faithful.json", "old-faithful.png"]
        assert Path("old-faithful.png").read_bytes().startswith(b"\x89PNG")
        assert json.loads(Path("old-faithful.json").read_text())["settings"]["components"] == 2
        for words in ("no display", "old-faithful.png", "old-faithful.json"):
            assert words in ran.stdout

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
    def test_without_a_display_the_data_given_are_fitted(self) -> None:
        Path("my data.csv").write_text("x\n1\n2\n7\n8\n9\n2.5\n")
        ran = self.run("my data.csv")
        assert (ran.returncode, ran.stderr) == (0, "")
        assert sorted(os.listdir()) == ["my data.csv", "my-data-fit.json", "my-data-fit.png"]

    def test_a_reader_that_leaves_early(self) -> None:
        program = f"{sys.executable} -m gmm_desktop --export-parameters fit.json"
        ran = subprocess.run(
            f"({program}; echo status $? >&2) | true", shell=True, capture_output=True, text=True, timeout=60
        )
        assert ran.stderr == "status 0\n"


def test_a_display_is_what_the_environment_says() -> None:
    assert no_display({}, "linux")
    assert no_display({"DISPLAY": ""}, "linux")
    assert not no_display({"DISPLAY": ":0"}, "linux")
    assert not no_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert not no_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert not no_display({}, "darwin")
    assert not no_display({}, "win32")


@pytest.mark.parametrize(
    ("python", "pyside", "refused"),
    [
        ((3, 11), "6.10.0", True),
        ((3, 11), "6.10.1", False),
        ((3, 11), "6.11.3", False),
        ((3, 11), "6.12.0", True),
        ((3, 11), "6.13.1", True),
        ((3, 12), "6.12.0", False),
        ((3, 14), "6.12.0", False),
        ((3, 12), "6.9.3", True),
        ((3, 13), "7.0.0", False),
    ],
)
def test_pairs_of_python_and_pyside(python: tuple[int, int], pyside: str, refused: bool) -> None:
    sentence = unsupported_qt(python, pyside)
    assert (sentence is not None) == refused
    if sentence:
        assert "PySide6-Essentials>=6.10.1" in sentence
        assert ("<6.12" in sentence) == (python < (3, 12))


def test_a_missing_library_is_named() -> None:
    complaint = "libEGL.so.1: cannot open shared object file: No such file or directory"
    assert "libEGL.so.1 is missing" in missing_library(complaint)
    assert "sh setup.sh run" in missing_library(complaint)
    assert "undefined symbol" in missing_library("undefined symbol: x")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("No module named 'PySide6'"), "PySide6 is not installed"),
        (ImportError("libGL.so.1: cannot open shared object file: No such file"), "libGL.so.1 is missing"),
    ],
)
def test_a_qt_that_cannot_be_loaded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    import builtins

    real = builtins.__import__

    def without_qt(name: str, *rest: object) -> object:
        if name.startswith("PySide6"):
            raise error
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_qt)
    assert said in failed(capsys, 1)
