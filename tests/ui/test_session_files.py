"""The file that work belongs to: after a crash too, and never written over when somebody else has changed it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from gmm_desktop.session.archive import open_session
from gmm_desktop.session.autosave import autosave_root, kept_work
from gmm_desktop.ui.autosaving import Autosaving, words_for
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file that every dialog answers with, once; a second question fails."""
    path = tmp_path / "lecture.gmm"
    answers = [str(path)]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers.pop(), ""))
    return path


def save(window: MainWindow, qtbot: QtBot) -> str:
    action(window, "file.save_session").trigger()
    wait_for_background(window, qtbot)
    QApplication.processEvents()
    return window.notices.text()


def name_in(path: Path) -> str:
    return open_session(path).work.state.run.name


def crashed(window: MainWindow, qtbot: QtBot) -> None:
    """What a dead process leaves: its autosave as it was, held by nobody."""
    window.findChildren(Autosaving)[0]._look()
    window.findChildren(Autosaving)[0]._look()
    qtbot.waitUntil(lambda: window.findChildren(Autosaving)[0]._thread is not None or _is_kept(window))
    qtbot.waitUntil(lambda: _is_kept(window), timeout=10_000)
    (folder,) = (path for path in autosave_root().iterdir() if (path / "lock").exists())
    left = folder.with_name("left")
    shutil.copytree(folder, left, ignore=lambda *_: ["lock"])
    about = left / "about.json"
    about.write_text(about.read_text())


def _is_kept(window: MainWindow) -> bool:
    saving = window.findChildren(Autosaving)[0]
    done = saving._thread is None or not saving._thread.is_alive()
    return done and saving._kept == saving._mark()


def worked_on(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    """Saved, worked on, and gone without a word."""
    run_to_the_end(window, qtbot)
    window.session.name_run(1, "saved")
    assert save(window, qtbot).startswith("Saved everything")
    window.session.name_run(1, "worked on")
    qtbot.waitUntil(window.isWindowModified)
    crashed(window, qtbot)


def recovered(open_window: Open, qtbot: QtBot) -> MainWindow:
    window = open_window()
    qtbot.waitUntil(lambda: " is here: " in window.notices.text(), timeout=5000)
    assert " on 'lecture.gmm' is here: 1 run of Old Faithful." in window.notices.text()
    find(window, QPushButton, "notice.button").click()
    wait_for_background(window, qtbot)
    QApplication.processEvents()
    return window


def test_recovered_work_belongs_to_its_file(open_window: Open, qtbot: QtBot, file: Path) -> None:
    worked_on(open_window("--sample", "faithful"), file, qtbot)
    window = recovered(open_window, qtbot)
    assert window.windowTitle() == "lecture.gmm[*] – Old Faithful – GMM Desktop"
    assert window.isWindowModified()
    assert name_in(file) == "saved"
    assert save(window, qtbot).startswith("Saved everything"), "it asks for no name"
    assert name_in(file) == "worked on"
    assert not window.isWindowModified()


def test_a_file_that_was_changed_since_is_not_written_over_unasked(open_window: Open, qtbot: QtBot, file: Path) -> None:
    worked_on(open_window("--sample", "faithful"), file, qtbot)
    window = recovered(open_window, qtbot)
    file.write_bytes(b"what somebody else has written meanwhile")
    (left,) = (kept for kept in kept_work(autosave_root()) if kept.file)
    assert words_for(left).endswith("1 run of Old Faithful. That file was changed after it.")
    said = save(window, qtbot)
    assert said.startswith("'lecture.gmm' was changed elsewhere")
    assert file.read_bytes() == b"what somebody else has written meanwhile"
    assert window.isWindowModified()
    find(window, QPushButton, "notice.button").click()
    wait_for_background(window, qtbot)
    QApplication.processEvents()
    assert name_in(file) == "worked on"
    assert not window.isWindowModified()


def test_of_two_windows_with_one_file_the_second_to_save_is_asked(open_window: Open, qtbot: QtBot, file: Path) -> None:
    first = open_window("--sample", "faithful")
    save(first, qtbot)
    second = open_window(str(file))
    wait_for_background(second, qtbot)
    qtbot.waitUntil(lambda: text(second, "data.title") == "Old Faithful")
    second.session.name_run(1, "the second's")
    assert save(second, qtbot).startswith("Saved everything")
    first.session.name_run(1, "the first's")
    assert "changed elsewhere" in save(first, qtbot)
    assert name_in(file) == "the second's"
    file.unlink()
    assert save(first, qtbot).startswith("Saved everything"), "there is nothing that could be lost"
    assert name_in(file) == "the first's"


def test_work_that_the_file_has_is_not_offered_after_a_crash(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    crashed(window, qtbot)
    shutil.rmtree(autosave_root() / "left")
    save(window, qtbot)
    crashed(window, qtbot)
    other = open_window()
    qtbot.wait(150)
    assert other.notices.text() == ""
    other.close()
    file.unlink()
    other = open_window()
    qtbot.waitUntil(lambda: " is here: " in other.notices.text(), timeout=5000)


def test_work_whose_file_has_vanished_is_kept_at_closing(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    save(window, qtbot)
    file.unlink()
    window.close()
    assert len(kept_work(autosave_root())) == 1


@pytest.mark.parametrize("harm", ["garbage", "half", "blob"])
def test_what_cannot_be_read_is_set_aside_once_and_told_in_a_sentence(
    open_window: Open, qtbot: QtBot, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if harm == "blob":
        monkeypatch.setattr("gmm_desktop.session.autosave._LARGE", 100)
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    (kept,) = kept_work(autosave_root())
    spoilt = kept.folder / "session.gmm"
    if harm == "blob":
        spoilt = next((kept.folder / "blobs").iterdir())
    content = spoilt.read_bytes()
    spoilt.write_bytes(b"PK and nothing more" if harm == "garbage" else content[: len(content) // 2])
    before = spoilt.read_bytes()

    other = open_window()
    qtbot.waitUntil(lambda: " is here: " in other.notices.text(), timeout=5000)
    find(other, QPushButton, "notice.button").click()
    wait_for_background(other, qtbot)
    QApplication.processEvents()
    aside = kept.folder.with_name(kept.folder.name + ".unreadable")
    assert other.notices.text().startswith("What was kept by itself cannot be read")
    assert f"set aside as '{aside}'" in other.notices.text()
    assert (aside / spoilt.relative_to(kept.folder)).read_bytes() == before
    other.close()

    third = open_window()
    qtbot.wait(150)
    assert third.notices.text() == ""
    assert kept_work(autosave_root()) == []
    third.close()
    assert aside.is_dir()


def test_work_of_a_newer_version_is_refused_and_stays_where_it_is(open_window: Open, qtbot: QtBot) -> None:
    from tests.session.test_archive_asked import rewrite

    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    (kept,) = kept_work(autosave_root())
    rewrite(kept.folder / "session.gmm", lambda document: document.update(version=99))
    other = open_window()
    qtbot.waitUntil(lambda: " is here: " in other.notices.text(), timeout=5000)
    find(other, QPushButton, "notice.button").click()
    wait_for_background(other, qtbot)
    QApplication.processEvents()
    assert "newer version" in other.notices.text()
    assert kept.folder.is_dir()


@pytest.mark.parametrize("about", [None, b"", b"{}", b"\xff", b'{"saved": "x"}'])
def test_work_is_offered_also_where_what_is_said_of_it_is_spoilt(
    open_window: Open, qtbot: QtBot, about: bytes | None
) -> None:
    """A process may be killed between the two files."""
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    (kept,) = kept_work(autosave_root())
    (kept.folder / "about.json").unlink() if about is None else (kept.folder / "about.json").write_bytes(about)
    other = open_window()
    qtbot.waitUntil(lambda: other.notices.text().endswith(" is here."), timeout=5000)
    find(other, QPushButton, "notice.button").click()
    wait_for_background(other, qtbot)
    QApplication.processEvents()
    assert other.session.state.run.dataset.sample == "faithful"


def test_a_path_in_what_was_kept_is_taken_with_care(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    (kept,) = kept_work(autosave_root())
    about = json.loads((kept.folder / "about.json").read_text())
    for file in (7, {"path": ""}, {"path": "a\0b", "size": 1, "changed": 1}, {"path": "x", "size": "1", "changed": 1}):
        (kept.folder / "about.json").write_text(json.dumps({**about, "file": file}))
        (found,) = kept_work(autosave_root())
        assert (found.file, found.runs) == (None, 1)
    assert os.listdir(kept.folder)
