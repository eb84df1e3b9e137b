"""The shown fit as code: what the window copies, run by a shell and by Python, gives the same bits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gmm_desktop.__main__ import main
from gmm_desktop.mixture import Mixture
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, run_to_the_end, wait_for_background

PROGRAMS = Path(sys.executable).parent
needs_shell = pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")


def exported(window: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    path = folder / "window.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    qtbot.waitUntil(action(window, "file.export_parameters").isEnabled)  # a step later than the session knows of it
    action(window, "file.export_parameters").trigger()
    wait_for_background(window, qtbot)
    return path.read_bytes()


def by_command(window: MainWindow, folder: Path) -> bytes:
    """The copied command line, which is to write a file in the place of playing."""
    action(window, "edit.copy_command").trigger()
    text = QGuiApplication.clipboard().text()
    assert " --run" in text
    return run_by_shell(text.replace(" --run", " --export-parameters again.json"), folder)


def run_by_shell(text: str, folder: Path) -> bytes:
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", text], cwd=folder, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return (folder / "again.json").read_bytes()


def by_script(folder: Path, text: str) -> bytes:
    (folder / "repeat.py").write_text(text, "utf-8")
    done = subprocess.run([sys.executable, "repeat.py", "script.json"], cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return (folder / "script.json").read_bytes()


def copied_script(window: MainWindow) -> str:
    action(window, "edit.copy_script").trigger()
    return QGuiApplication.clipboard().text()


def results(content: bytes) -> list[Any]:
    read = json.loads(content)
    return [read[name] for name in ("mixture", "start", "result", "history")]


@needs_shell
def test_a_file_played_to_its_end(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "my data.csv"
    path.write_text("x,y,z\n" + "\n".join(f"{i % 3 * 4 + i % 7 / 5},{i % 11},{i}" for i in range(90)))
    monkeypatch.chdir(tmp_path)
    window = open_window("my data.csv", "--components", "3", "--covariance", "diag", "--seed", "3")
    run_to_the_end(window, qtbot)
    expected = exported(window, qtbot, tmp_path, monkeypatch)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert by_command(window, elsewhere) == expected
    assert "Copied the command line." in window.notices.text()
    assert by_script(elsewhere, copied_script(window)) == expected


@needs_shell
def test_a_branch_by_hand(open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.session.show_iteration(2)
    window.session.set_editing(True)
    old = window.session.state.run.history.mixture_at(2)
    window.session.place(Mixture(old.weights, old.means[::-1] + 0.25, old.covariances), "moving two means")
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    assert window.session.state.run.parent is not None
    run_to_the_end(window, qtbot)
    expected = exported(window, qtbot, tmp_path, monkeypatch)
    assert by_command(window, tmp_path) == expected
    assert "The start was placed" in window.notices.text()
    assert by_script(tmp_path, copied_script(window)) == expected


@needs_shell
def test_a_pasted_table_half_way(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    QGuiApplication.clipboard().setText("a\tb\n" + "\n".join(f"{i % 3 * 4 + i % 7 / 5}\t{i % 11}" for i in range(60)))
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: window.session.state.run.dataset.names == ("a", "b") and window.session.state.run.ready)
    for iteration in (1, 2, 3):
        action(window, "run.step").trigger()
        qtbot.waitUntil(lambda t=iteration: window.session.snapshot().iteration == t)
    expected = results(exported(window, qtbot, tmp_path, monkeypatch))
    assert results(by_command(window, tmp_path)) == expected
    said = window.notices.text()
    assert "No file holds these data" in said
    assert "stops at iteration 3" in said
    assert results(by_script(tmp_path, copied_script(window))) == expected


def test_past_the_stop_the_script_goes_on_as_the_window_did(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    stop = window.session.snapshot().iteration
    action(window, "run.go_on").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().iteration > stop + 5)
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play")
    expected = exported(window, qtbot, tmp_path, monkeypatch)
    script = copied_script(window)
    assert f"had stopped at iteration {stop} and went on" in script
    assert by_script(tmp_path, script) == expected


def test_a_script_is_saved(open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window()
    path = tmp_path / "repeat"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait_for_background(window, qtbot)
    assert path.with_suffix(".py").read_text("utf-8") == copied_script(window)
    assert list(tmp_path.glob("repeat*")) == [path.with_suffix(".py")]


def test_a_script_has_one_suffix(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "again.txt"), ""))
    action(window, "file.export_script").trigger()
    wait_for_background(window, qtbot)
    assert window.notices.text() == "'again.txt' was not written: end its name in .py."
    assert not list(tmp_path.iterdir())


@needs_shell
def test_a_file_with_weights_that_was_read_as_said(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weighed.csv"
    lines = (f"{-999 if i % 11 == 0 else i % 3 * 4 + i % 7 / 5},{i % 4},{'ab'[i % 2]}" for i in range(90))
    path.write_text("x,w,kind\n" + "\n".join(lines))
    choice = ("--weights", "w", "--labels", "kind", "--missing", "-999", "--initialization", "labels")
    window = open_window(str(path), *choice)
    run_to_the_end(window, qtbot)
    dataset = window.session.state.run.dataset
    assert (dataset.names, dataset.weights_from, dataset.points.min() >= 0) == (("x",), "w", True)
    expected = exported(window, qtbot, tmp_path, monkeypatch)
    assert by_command(window, tmp_path) == expected
    assert window.notices.text() == "Copied the command line."
    assert by_script(tmp_path, copied_script(window)) == expected


@needs_shell
def test_a_fit_that_is_used_is_used_again(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit_file = tmp_path / "old.json"
    assert main(["--sample", "faithful", "--covariance", "tied", "--export-parameters", str(fit_file)]) == 0
    window = open_window("--sample", "faithful", "--use", str(fit_file))
    qtbot.waitUntil(lambda: window.session.state.run.used == "old.json" and window.session.state.run.ready)
    qtbot.waitUntil(action(window, "file.export_parameters").isEnabled)
    expected = exported(window, qtbot, tmp_path, monkeypatch)
    fit_file.unlink()
    action(window, "edit.copy_command").trigger()
    assert "The fit in 'old.json' is not made again" in window.notices.text()
    text = QGuiApplication.clipboard().text().rstrip("\n") + " --export-parameters again.json\n"
    assert results(run_by_shell(text, tmp_path)) == results(expected)
    script = by_script(tmp_path, copied_script(window))
    assert results(script) == results(expected)
    assert json.loads(script)["messages"] == json.loads(expected)["messages"]


def test_what_has_to_be_done_first_is_told(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    points = np.random.default_rng(0).normal(size=(6000, 1))
    QGuiApplication.clipboard().setText("a\n" + "\n".join(map(repr, points[:, 0].tolist())))
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: window.session.state.run.dataset.size == 6000 and window.session.state.run.ready)
    qtbot.waitUntil(action(window, "edit.copy_script").isEnabled)
    action(window, "edit.copy_script").trigger()
    assert "save them first" in window.notices.text()
    assert "as data.csv beside the script." in window.notices.text()
    action(window, "edit.copy_command").trigger()
    assert "as DATA.csv." in window.notices.text()
