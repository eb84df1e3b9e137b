"""What is dropped on the window, or pasted, that is no table: one sentence each, and never silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, wait_for_background

_MODES = (Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def mime(*urls: str | Path, text: str | None = None) -> QMimeData:
    made = QMimeData()
    if urls:
        made.setUrls([QUrl.fromLocalFile(str(url)) if isinstance(url, Path) else QUrl(url) for url in urls])
    if text is not None:
        made.setText(text)
    return made


def drop(window: MainWindow, dropped: QMimeData, qtbot: QtBot) -> None:
    action_, button, modifier = _MODES
    window.dragEnterEvent(enters := QDragEnterEvent(window.rect().center(), action_, dropped, button, modifier))
    assert enters.isAccepted()
    window.dropEvent(QDropEvent(QPointF(9, 9), action_, dropped, button, modifier))
    wait_for_background(window, qtbot)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "one.csv"
    path.write_text("a,b\n1,2\n3,5\n4,9\n")
    return path


@pytest.mark.parametrize(
    "dropped",
    [
        mime("https://example.org/faithful.csv"),
        mime("https://example.org/faithful.csv", text="https://example.org/faithful.csv"),
        mime(text="HTTP://example.org/a?b=1,2"),
    ],
    ids=["a link", "a link with its text", "the text of a link"],
)
def test_a_link_is_told_to_be_saved_first(open_window: Open, qtbot: QtBot, dropped: QMimeData) -> None:
    window = open_window("--sample", "faithful")
    before = window.session.state.run.dataset
    drop(window, dropped, qtbot)
    assert window.notices.text() == "A link was dropped: save the file that it leads to, and drop that file here."
    assert window.session.state.run.dataset is before


def test_a_folder_says_so_and_of_several_files_the_first_is_opened(
    open_window: Open, qtbot: QtBot, tmp_path: Path, table: Path
) -> None:
    window = open_window("--sample", "faithful")
    folder = tmp_path / "a folder"
    folder.mkdir()
    drop(window, mime(folder), qtbot)
    assert window.notices.text() == "'a folder' is a folder; choose a file in it."
    second = tmp_path / "two.csv"
    second.write_text(table.read_text())
    drop(window, mime(table, second), qtbot)
    qtbot.waitUntil(lambda: window.session.state.run.dataset.source == "one.csv", timeout=5000)
    qtbot.waitUntil(lambda: "2 files were dropped; the first" in window.notices.text(), timeout=5000)


def test_text_that_is_a_table_is_read_and_other_text_is_refused(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    drop(window, mime(text="a\tb\n1\t2\n3\t5\n4\t9\n"), qtbot)
    assert window.session.state.run.dataset.source == "the dropped text"
    drop(window, mime(text=" \n"), qtbot)
    assert "no text in the dropped text" in window.notices.text()


def test_a_drop_while_em_runs_says_why_not(open_window: Open, qtbot: QtBot, table: Path) -> None:
    window = open_window("--sample", "faithful")
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    window.session.set_rate(0.5)
    window.session.play()
    qtbot.waitUntil(lambda: window.session.snapshot().activity == "computing", timeout=5000)
    drop(window, mime(table), qtbot)
    assert "pause first" in window.notices.text()
    assert window.session.state.run.dataset.source != "one.csv"


def test_a_file_that_was_copied_is_pasted_as_a_file(open_window: Open, qtbot: QtBot, table: Path) -> None:
    window = open_window("--sample", "faithful")
    copied = mime(table, text=str(table))
    QGuiApplication.clipboard().setMimeData(copied)
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    assert window.session.state.run.dataset.source == "one.csv"
    QGuiApplication.clipboard().setText("https://example.org/faithful.csv")
    action(window, "file.paste").trigger()
    wait_for_background(window, qtbot)
    assert "clipboard holds a link" in window.notices.text()
