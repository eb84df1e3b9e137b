"""The ways to data all lead through the same preview, and what was chosen there is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.ui import files
from gmm_desktop.ui.importing.dialog import ImportDialog
from tests.ui.driving import Open, action, find, wait_for_background
from tests.ui.previewing import (
    AIR,
    cells,
    gone,
    headers,
    held,
    large,
    opened,
    part,
    pick,
    preview,
    said,
    settle,
    stand_in,
    tick,
)


def _urls(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def _text(content: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(content)
    return mime


def test_a_number_that_may_mean_missing_is_asked_about(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gmm_desktop.data.read_source", stand_in)
    rows = "\n".join(f"{-999 if i in (2, 5) else i},{i * 3 % 7}" for i in range(30))
    path = tmp_path / "coded.csv"
    window, dialog = opened(open_window, qtbot, path, f"a,b\n{rows}\n")
    assert cells(dialog, 0)[2] == "−999"
    assert "-999" in said(dialog)
    tick(dialog, "import.questions", "-999 is missing (2 times in 'a')", qtbot)
    settle(dialog, qtbot)
    assert cells(dialog, 0)[2] == "missing"
    assert "2 of 30 rows skipped: no number in 'a' (rows 3, 6)." in said(dialog)
    assert part(dialog, QLineEdit, "import.missing").text() == "-999"
    tick(dialog, "import.questions", "-999", qtbot)
    settle(dialog, qtbot)
    assert cells(dialog, 0)[2] == "−999"
    tick(dialog, "import.questions", "-999", qtbot)
    settle(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 28
    files.read(window, str(path))
    wait_for_background(window, qtbot)
    assert not window.findChildren(ImportDialog)
    assert window.session.state.run.dataset.size == 28
    assert window.notices.text() == "'coded.csv' was read as the last time: 'a', 'b'."


def test_a_file_is_read_as_the_last_time_until_its_columns_go(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "air.csv"
    window, dialog = opened(open_window, qtbot, path, AIR)
    pick(dialog, "import.y", "wind", qtbot)
    settle(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    window.session.undo()
    files.read(window, str(path))
    wait_for_background(window, qtbot)
    assert window.session.state.run.dataset.names == ("ozone", "wind")
    find(window, QPushButton, "notice.button").click()
    dialog = preview(window, qtbot)
    assert headers(dialog)[2] == "wind\ny"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)
    path.write_text(AIR.replace("wind", "breeze"))
    files.read(window, str(path))
    dialog = preview(window, qtbot)
    assert headers(dialog)[:3] == ["ozone\nx", "solar\nnumbers", "breeze\nnumbers"]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)


def test_the_loaded_file_is_read_in_another_way(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("1,2\n3,5\n4,4\n7,1\n")
    window = open_window(str(path))
    assert window.session.state.run.dataset.size == 4
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    dialog = preview(window, qtbot)
    pick(dialog, "import.header", "yes", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog)[0] == "1\nx"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.names == ("1", "2")
    assert window.session.state.run.dataset.size == 3


def test_what_came_from_no_file_has_no_other_way(open_window: Open) -> None:
    window = open_window("--sample", "iris")
    assert not action(window, "file.reopen").isEnabled()
    assert find(window, QPushButton, "data.reopen").isHidden()


def test_a_paste_and_a_drop_have_the_same_preview(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    QApplication.clipboard().setText(AIR.replace(",", "\t"))
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    dialog = preview(window, qtbot)
    assert "the clipboard" in part(dialog, QLabel, "import.about").text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 38
    path = tmp_path / "air.csv"
    path.write_text(AIR)
    for drop in (_urls(path), _text(AIR)):
        window.dropEvent(
            QDropEvent(
                QPointF(9, 9), Qt.DropAction.CopyAction, drop, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            )
        )
        dialog = preview(window, qtbot)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        gone(window, qtbot)


def test_a_large_file_shows_its_beginning_and_can_be_taken_before_its_end(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = held(monkeypatch)
    window = open_window()
    files.read(window, str(large(tmp_path, "1,2,3")))
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=20_000)
    dialog = window.findChildren(ImportDialog)[-1]
    about = part(dialog, QLabel, "import.about")
    qtbot.waitUntil(lambda: "the first 500 rows" in about.text() and "reading the rest" in about.text(), timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    qtbot.waitUntil(lambda: window.notices.text().startswith("Reading large.csv …"))
    released()
    wait_for_background(window, qtbot)
    assert window.session.state.run.dataset.size == 120_001


def test_what_only_the_end_of_a_large_file_brings_up_is_asked(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = held(monkeypatch)
    window = open_window()
    before = window.session.state
    files.read(window, str(large(tmp_path, "-999,2,3")))
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=20_000)
    dialog = window.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(lambda: "reading the rest" in part(dialog, QLabel, "import.about").text(), timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    released()
    dialog = preview(window, qtbot)
    assert window.session.state is before
    assert "120001 rows" in part(dialog, QLabel, "import.about").text()
    listed = part(dialog, QListWidget, "import.questions")
    assert listed.item(0).text() == "-999 is missing (1 time in 'a')"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 120_001


def test_what_is_remembered_is_bounded_and_may_be_nonsense(tmp_path: Path) -> None:
    from gmm_desktop.data.choice import Choice
    from gmm_desktop.ui import memory
    from gmm_desktop.ui.importing import remembered

    for i in range(60):
        remembered.keep(tmp_path / f"{i}.csv", Choice(columns=("a",)))
    assert remembered.recall(tmp_path / "9.csv") is None
    assert remembered.recall(tmp_path / "10.csv") == Choice(columns=("a",))
    for nonsense in ("{", "[]", "[[1, 2], 3]", json.dumps([[str(tmp_path / "10.csv"), {"columns": 7}]])):
        memory.settings().setValue("files", nonsense)
        assert remembered.recall(tmp_path / "10.csv") is None
