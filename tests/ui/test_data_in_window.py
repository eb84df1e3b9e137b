"""Data come into the real window: files, drops, the clipboard, samples, columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import open_dataset
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background


def test_a_file_can_be_dropped_and_takes_its_place(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    path = tmp_path / "two columns.csv"
    path.write_text("height,weight\n" + "\n".join(f"{i % 7},{i % 5 + i / 10}" for i in range(40)))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: text(window, "data.title") == "two columns.csv")
    assert find(window, QComboBox, "data.x").currentText() == "height"
    assert find(window, QComboBox, "data.y").currentText() == "weight"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),
        ("text.csv", "a,b\nred,green\nblue,white\n"),
        ("empty.csv", ""),
        ("noise.npy", "\x93NUMPY nonsense"),
        ("one.xlsx", "PK\x03\x04"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_the_old_data_stay(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None
) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 1)
    qtbot.waitUntil(action(window, "file.open").isEnabled)
    before = window.session.state
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="latin-1")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    action(window, "file.open").trigger()
    wait_for_background(window, qtbot)
    assert window.notices.text().endswith(".")
    assert "Traceback" not in window.notices.text()
    assert window.session.state is before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a\n" + "3\n" * 20, "the same"),
        ("a\n1\n2\n1\n2\n", "different points for 3 components"),
    ],
)
def test_data_that_cannot_be_fitted_get_a_sentence_and_no_nan(
    open_window: Open, qtbot: QtBot, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content)
    window = open_window()
    window.session.change_settings(components=3)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: text(window, "data.title") == "data.csv")
    window.session.change_settings(components=3)
    qtbot.waitUntil(lambda: words in text(window, "data.caption"), timeout=5000)
    shown = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "nan" not in shown.lower().split()


def test_skipped_rows_are_counted_on_screen(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("u,v\n" + "\n".join(f"{i},{'' if i in (3, 7) else i * i % 11}" for i in range(30)))
    window = open_window(str(path))
    qtbot.waitUntil(lambda: "2 of 30 rows" in text(window, "data.note"))
    assert text(window, "data.about").startswith("28 points")


def test_paste_takes_cells_of_a_spreadsheet(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    QApplication.clipboard().setText("x\ty\n" + "\n".join(f"{i}\t{i * 7 % 13}" for i in range(25)))
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: text(window, "data.about").startswith("25 points"))
    QApplication.clipboard().setText("no numbers here")
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    assert window.notices.text().endswith(".")
    assert window.session.state.run.dataset.size == 25


def test_iris_is_fitted_in_four_dimensions_and_shown_as_a_pair(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris")
    assert window.session.state.run.dataset.dimension == 4
    assert "projection" in text(window, "data.about")
    x, y = find(window, QComboBox, "data.x"), find(window, QComboBox, "data.y")
    x.setCurrentIndex(x.findText("Petal.Length"))
    y.setCurrentIndex(y.findText("Petal.Width"))
    snapshot = window.session.snapshot()
    assert snapshot.dataset.dimension == 4
    assert [snapshot.dataset.names[i] for i in snapshot.columns] == ["Petal.Length", "Petal.Width"]
    run_to_the_end(window, qtbot)
    assert window.session.snapshot().mixture.dimension == 4  # type: ignore[union-attr]


def test_columns_of_a_pair_are_what_is_fitted(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    y = find(window, QComboBox, "data.y")
    y.setCurrentIndex(0)
    assert window.session.state.run.dataset.names == ("eruptions",)
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    y.setCurrentIndex(y.findText("waiting"))
    assert window.session.state.run.dataset.names == ("eruptions", "waiting")


def test_another_size_and_seed_draw_other_points_from_the_same_mixture(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    size, seed = find(window, QSpinBox, "data.size"), find(window, QSpinBox, "data.seed")
    first = window.session.state.run.dataset.points
    size.setValue(600)
    data = window.session.state.run.dataset
    assert data.size == 600
    size.setValue(300)
    np.testing.assert_array_equal(window.session.state.run.dataset.points, first)
    seed.setValue(1)
    assert not np.array_equal(window.session.state.run.dataset.points, first)
    assert window.session.state.run.dataset.truth is not None


def test_unknown_data_on_the_command_line_open_the_example_and_say_so(open_window: Open, tmp_path: Path) -> None:
    window = open_window(str(tmp_path / "nothing.csv"))
    assert "nothing.csv" in window.notices.text()
    assert window.session.state.run.dataset.sample == "three-groups"


def test_it_begins_at_a_start_from_a_file(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    path = tmp_path / "fit.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action(window, "file.export_parameters").trigger()
    wait_for_background(window, qtbot)
    fitted = window.session.snapshot().mixture
    window.close()
    again = open_window("--start", str(path))
    start = again.session.snapshot().mixture
    assert start is not None
    assert fitted is not None
    np.testing.assert_array_equal(np.sort(start.means[:, 0]), np.sort(fitted.means[:, 0]))


def test_the_size_of_a_sample_is_changed_while_other_data_come(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the act and the next frame the box of the old data can still be typed into."""
    crashes: list[str] = []
    monkeypatch.setattr("gmm_desktop.app._tell_crash", lambda _, details: crashes.append(details))
    window = open_window()
    action(window, "run.step").trigger()
    find(window, QSpinBox, "data.size").setValue(77)
    qtbot.waitUntil(lambda: window.session.state.run.dataset.size == 77)
    window.session.open(open_dataset(sample="faithful"))
    find(window, QSpinBox, "data.size").setValue(88)
    qtbot.waitUntil(lambda: text(window, "data.title").startswith("Old Faithful"))
    QApplication.processEvents()
    assert crashes == []
    assert window.session.state.run.dataset.sample == "faithful"
