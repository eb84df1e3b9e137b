"""A stored fit brought to other data: their labels, and a comparison."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from sklearn.mixture import GaussianMixture

from gmm_desktop.__main__ import main
from gmm_desktop.ui.pictures import PictureLook, picture_bytes
from gmm_desktop.ui.theme import LIGHT, component_colour
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background
from tests.ui.showing import count_near


@pytest.fixture
def fit_file(tmp_path: Path) -> Path:
    """Old Faithful, three components."""
    path = tmp_path / "old.json"
    assert main(["--sample", "faithful", "--components", "3", "--export-parameters", str(path)]) == 0
    return path


@pytest.fixture
def other_data(tmp_path: Path) -> Path:
    path = tmp_path / "other.csv"
    rng = np.random.default_rng(4)
    points = np.column_stack([rng.uniform(1, 6, 80), rng.uniform(40, 100, 80)])
    path.write_text("eruptions,waiting\n" + "\n".join(f"{x!r},{y!r}" for x, y in points.tolist()))
    return path


def judged(fit_file: Path, data: Path) -> list[int]:
    """The labels that scikit-learn gives with the parameters of the file, in the file's order."""
    mixture = json.loads(fit_file.read_text())["mixture"]
    judge = GaussianMixture(3)
    judge.weights_, judge.means_ = np.array(mixture["weights"]), np.array(mixture["means"])
    judge.covariances_ = np.array(mixture["covariances"])
    judge.precisions_cholesky_ = np.linalg.inv(np.linalg.cholesky(judge.covariances_)).transpose(0, 2, 1)
    return list(judge.predict(np.loadtxt(data, delimiter=",", skiprows=1)))


def labels_of(path: Path) -> list[int]:
    with path.open(newline="") as stream:
        return ["ABC".index(row["label"]) for row in csv.DictReader(stream)]


def letters_of(window_fit: Path) -> str:
    return "".join(json.loads(window_fit.read_text())["mixture"]["names"])


def test_other_data_are_labelled_with_it(
    open_window: Open, qtbot: QtBot, tmp_path: Path, fit_file: Path, other_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(str(other_data))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(fit_file), ""))
    action(window, "file.use_fit").trigger()
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("The fit in old.json, as it is."))
    assert window.session.state.run.last == 0
    out = tmp_path / "labelled.csv"
    qtbot.waitUntil(action(window, "file.export_data").isEnabled)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    action(window, "file.export_data").trigger()
    wait_for_background(window, qtbot)
    assert labels_of(out) == judged(fit_file, other_data)


def test_it_is_compared_with_the_fit_that_was_shown(open_window: Open, qtbot: QtBot, fit_file: Path) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    from gmm_desktop.ui import files

    files.read(window, str(fit_file))
    wait_for_background(window, qtbot)
    button = find(window, QPushButton, "notice.button")
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Compare"
    button.click()
    assert window.session.compared == 1
    other = window.session.snapshot().other
    assert other is not None
    assert other.iteration == other.last_iteration > 0
    assert [row.label for row in window.session.snapshot().runs] == ["1", "old.json"]
    window.session.undo()
    assert window.session.state.run.id == 1


def test_the_command_line_labels_without_fitting(
    tmp_path: Path, fit_file: Path, other_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, parameters = tmp_path / "labelled.csv", tmp_path / "again.json"
    arguments = [str(other_data), "--use", str(fit_file), "--export-data", str(out), "--export-parameters"]
    assert main([*arguments, str(parameters)]) == 0
    assert labels_of(out) == judged(fit_file, other_data)
    old, again = (json.loads(path.read_text()) for path in (fit_file, parameters))
    assert again["mixture"] == old["mixture"]
    assert "were not fitted to these data" in capsys.readouterr().out


def test_a_fit_of_other_columns_is_one_sentence(open_window: Open, qtbot: QtBot, fit_file: Path) -> None:
    window = open_window("--sample", "galaxies")
    before = window.session.state
    from gmm_desktop.ui import using

    using.use(window, str(fit_file))
    wait_for_background(window, qtbot)
    assert "is a fit of 2 columns" in window.notices.text()
    assert window.session.state is before


@pytest.mark.parametrize("more", [["--start", "x.json"], ["--components", "2"]])
def test_settings_do_not_go_with_it(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--use", "fit.json", "--sample", "iris", *more]) == 2
    assert "--use takes a fit as it is" in capsys.readouterr().err


def test_the_window_opens_with_it(open_window: Open, qtbot: QtBot, fit_file: Path, other_data: Path) -> None:
    window = open_window(str(other_data), "--use", str(fit_file))
    qtbot.waitUntil(lambda: window.session.state.run.used == "old.json")
    assert window.session.state.run.settings.components == 3


def test_a_picture_without_a_window_shows_the_labels_as_the_window_does(
    open_window: Open, qtbot: QtBot, tmp_path: Path, fit_file: Path, other_data: Path
) -> None:
    window = open_window(str(other_data), "--use", str(fit_file))
    qtbot.waitUntil(lambda: window.session.snapshot().counts is not None)
    in_window = QImage.fromData(picture_bytes(".png", window.session.snapshot(), PictureLook(1280, 720, 2.0)))
    written, film = tmp_path / "used.png", tmp_path / "used.gif"
    arguments = [str(other_data), "--use", str(fit_file), "--export-picture", str(written), "--export-animation"]
    assert main([*arguments, str(film)]) == 0
    picture = QImage(str(written))
    assert picture == in_window.convertToFormat(picture.format())
    hues = [component_colour(LIGHT, index) for index in range(3)]
    assert all(count_near(picture, hue) > 100 for hue in hues)
    assert all(count_near(QImage(str(film)), hue) > 25 for hue in hues)


def test_a_report_without_a_window_shows_the_labels_too(
    qtbot: QtBot, tmp_path: Path, fit_file: Path, other_data: Path
) -> None:
    report = tmp_path / "used.html"
    assert main([str(other_data), "--use", str(fit_file), "--export-report", str(report)]) == 0
    text = report.read_text("utf-8")
    assert all(component_colour(LIGHT, index) in text for index in range(3))
    assert "stroke-dasharray" not in text
