"""The data are copied and saved from the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gmm_desktop.data.generators import UniformGenerator
from gmm_desktop.ui import data_out
from tests.ui.driving import Open, action, text, wait_for_background
from tests.ui.painting_hands import on_canvas
from tests.ui.previewing import gone, preview

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def to_save(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (asked.append(given), (str(path), ""))[1])
    return asked


@pytest.mark.parametrize("sample", ["three-groups", "overlapping-groups", "iris", "faithful"])
def test_what_is_copied_can_be_pasted_and_is_the_same(open_window: Open, qtbot: QtBot, sample: str) -> None:
    window = open_window("--sample", sample)
    before = window.session.state.run.dataset
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL)
    wait_for_background(window, qtbot)
    assert "Copied" in window.notices.text()
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == before.size + 1
    labels = ["label"] if before.labels is not None else []
    assert lines[0].split("\t") == [*before.names, *labels]
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    if before.dimension > 2:  # more columns than two are seen before they are taken
        qtbot.keyClick(preview(window, qtbot), Qt.Key.Key_Return)
        gone(window, qtbot)
    pasted = window.session.state.run.dataset
    assert pasted is not before
    assert_array_equal(pasted.points, before.points[:, :2])


def test_too_many_rows_for_a_clipboard_leave_it_alone(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    QApplication.clipboard().setText("before")
    monkeypatch.setattr(data_out, "MOST_COPIED", 299)
    action(window, "file.copy_data").trigger()
    assert "these are 300. Save them as CSV instead (Ctrl+Shift+D)." in window.notices.text()
    assert not window.background.name
    assert QApplication.clipboard().text() == "before"


def test_the_points_are_saved_with_every_digit_and_open_again(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    before = window.session.state.run.dataset
    path = tmp_path / "points.csv"
    asked = to_save(path, monkeypatch)
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL | SHIFT)
    wait_for_background(window, qtbot)
    assert str(asked[0][2]).endswith("three-groups-1-d-points.csv")
    assert f"Wrote 300 rows to {path}." in window.notices.text()
    table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8")
    assert table.dtype.names == ("x", "label")
    assert table["x"].tobytes() == before.points.tobytes()
    assert before.labels is not None
    assert [int(label.split("-")[1]) - 1 for label in table["label"]] == before.labels.tolist()
    window.close()
    again = open_window(str(path))
    assert_array_equal(again.session.state.run.dataset.points, before.points)


def test_the_chosen_columns_and_the_rows_that_count_are_saved(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source.csv"
    source.write_text("u,=v,w\n1,2,3\n4,,6\n7,8,9\n")
    window = open_window(str(source), "--columns", "=v,w")
    path = tmp_path / "points.csv"
    to_save(path, monkeypatch)
    action(window, "file.save_data").trigger()
    wait_for_background(window, qtbot)
    assert path.read_bytes() == b"'=v,w\n2.0,3.0\n8.0,9.0\n"


@pytest.mark.parametrize(
    ("name", "said"), [("points.xlsx", "end its name in .csv"), ("nowhere/points.csv", "there is no folder")]
)
def test_what_cannot_be_written_is_one_sentence(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    window = open_window()
    to_save(tmp_path / name, monkeypatch)
    action(window, "file.save_data").trigger()
    wait_for_background(window, qtbot)
    assert said in window.notices.text()
    assert list(tmp_path.glob("*points*")) == []


def test_changing_ones_mind_writes_nothing(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    action(window, "file.save_data").trigger()
    assert not window.background.name
    assert window.notices.text() == ""


def test_a_save_that_is_given_up_leaves_the_old_file(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window.session.open(UniformGenerator(400_000).dataset(0))
    qtbot.waitUntil(lambda: text(window, "data.about").startswith("400"))
    path = tmp_path / "points.csv"
    path.write_text("old")
    to_save(path, monkeypatch)
    action(window, "file.save_data").trigger()
    qtbot.waitUntil(lambda: window.background.share > 0)
    window.background.give_up()
    qtbot.waitUntil(lambda: not list(tmp_path.glob("*.part")), timeout=10_000)
    assert path.read_text() == "old"


def test_on_an_empty_canvas_there_is_nothing_to_take(open_window: Open, qtbot: QtBot) -> None:
    window, _ = on_canvas(open_window, qtbot)
    for name in ("file.copy_data", "file.save_data"):
        assert not action(window, name).isEnabled()
    QApplication.clipboard().setText("before")
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL)
    wait_for_background(window, qtbot)
    assert QApplication.clipboard().text() == "before"
    window.session.undo()
    qtbot.waitUntil(action(window, "file.copy_data").isEnabled)
