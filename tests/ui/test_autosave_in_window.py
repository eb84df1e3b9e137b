"""What a person did is kept without being asked for, and the next start offers it in a line that blocks nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from gmm_desktop.session.autosave import Kept, autosave_root, kept_work
from gmm_desktop.ui.autosaving import Autosaving, words_for
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, find, run_to_the_end, wait_for_background

ROOT = Path(__file__).resolve().parents[2]

WORKING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gmm_desktop.app import create_window
from gmm_desktop.session.autosave import autosave_root
from gmm_desktop.ui import autosaving
window = create_window(["--sample", "faithful"])
window.session.change_settings(components=5, tolerance=1e-13, max_iterations=1000000)
window.session.set_rate(200.0)
autosaving._AT_LEAST_EVERY = 1.0
QTimer.singleShot(100, window.session.play)
def look():
    if list(autosave_root().glob("*/about.json")):
        print("kept", flush=True)
timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
print("begun", flush=True)
QApplication.exec()
"""


@contextmanager
def working_elsewhere() -> Iterator[subprocess.Popen[str]]:
    """Another process in which somebody works, after it has kept something."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKING], stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        try:
            assert process.stdout.readline() == "kept\n"
            yield process
        finally:
            process.kill()


def offered(window: MainWindow, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: " is here: " in window.notices.text(), timeout=5000)
    return window.notices.text()


def take(window: MainWindow, qtbot: QtBot) -> None:
    find(window, QPushButton, "notice.button").click()
    wait_for_background(window, qtbot)
    QApplication.processEvents()


def kept_by_itself(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(list(autosave_root().glob("*/about.json"))), timeout=10_000)


def test_nothing_is_kept_where_nothing_was_done(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.findChildren(Autosaving)[0]._look()
    action(window, "view.gain").trigger()
    window.close()
    assert not autosave_root().exists()


def test_the_offer_waits_while_something_else_is_said(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    other = open_window()
    offered(other, qtbot)
    other.notices.tell("Something else.", passing=True)
    assert other.notices.text() == "Something else."
    other.notices.hide()
    assert offered(other, qtbot).endswith("1 run of Old Faithful.")
    take(other, qtbot)
    assert other.session.state.run.dataset.sample == "faithful"
    assert other.notices.text() == ""


def test_what_was_left_is_offered_and_opens(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.session.change_settings(components=4)
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 2
    before = window.session.state.runs[0].history.log_likelihoods.tobytes()

    other = open_window()
    assert other.session.state.run.dataset.sample == "three-groups"
    assert offered(other, qtbot).endswith("is here: 2 runs of Old Faithful.")
    action(other, "run.step").trigger()  # the line blocks nothing
    qtbot.waitUntil(lambda: other.session.state.frame.iteration == 1)
    take(other, qtbot)
    assert [run.settings.components for run in other.session.state.runs] == [2, 4]
    assert other.session.state.runs[0].history.log_likelihoods.tobytes() == before
    assert other.isWindowModified()


def test_arguments_win(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    other = open_window("--sample", "galaxies")
    qtbot.wait(150)
    assert other.notices.text() == ""
    assert other.session.state.run.dataset.sample == "galaxies"


def test_a_draft_that_was_under_the_hand_is_kept(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    action(window, "edit.place").trigger()
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    window.session.sketch(mixture.moved(mixture.means * 0.01), "moving everything")
    window.close()
    other = open_window()
    offered(other, qtbot)
    take(other, qtbot)
    assert other.session.mode == "editing"
    assert other.session.snapshot().undo == "moving everything"


def test_a_killed_process_loses_next_to_nothing(open_window: Open, qtbot: QtBot) -> None:
    with working_elsewhere() as process:
        window = open_window()  # another one at the same time: what lives is not offered
        qtbot.wait(150)
        assert window.notices.text() == ""
        window.close()
        process.send_signal(signal.SIGKILL)
        process.wait()
    window = open_window()
    assert "2 runs of Old Faithful" in offered(window, qtbot)
    take(window, qtbot)
    assert window.session.state.run.settings.components == 5
    history = window.session.state.run.history
    assert (history.log_likelihoods[1:] >= history.log_likelihoods[:-1] - 1e-9).all()
    last = window.session.state.run.last
    assert last > 10
    assert window.session.state.run.outcome == ""
    window.session.show_iteration(last)
    action(window, "run.step").trigger()
    qtbot.waitUntil(lambda: window.session.state.run.last == last + 1, timeout=20_000)


def test_it_is_kept_at_a_quiet_moment_and_again_after_more_was_done(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    kept_by_itself(qtbot)
    (index,) = autosave_root().glob("*/session.gmm")
    first = index.read_bytes()
    window.session.name_run(1, "another name")
    qtbot.waitUntil(lambda: index.read_bytes() != first, timeout=10_000)
    assert kept_work(autosave_root()) == []  # the window lives


def test_work_that_is_safe_in_a_file_is_not_kept_twice(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.gmm"), ""))
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    kept_by_itself(qtbot)
    action(window, "file.save_session").trigger()
    wait_for_background(window, qtbot)
    window.close()
    assert list(autosave_root().iterdir()) == []


def test_what_was_taken_up_is_deleted_only_when_it_is_kept_again(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    window.close()
    (first,) = kept_work(autosave_root())
    other = open_window()
    offered(other, qtbot)
    take(other, qtbot)
    assert first.folder.exists() or list(autosave_root().glob("*/about.json"))
    qtbot.waitUntil(lambda: not first.folder.exists(), timeout=10_000)
    assert len(list(autosave_root().glob("*/session.gmm"))) == 1
    other.close()
    assert len(kept_work(autosave_root())) == 1


def test_where_nothing_can_be_kept_a_line_says_so_once(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave_root().parent.mkdir(parents=True)
    autosave_root().write_text("in the way")
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    qtbot.waitUntil(lambda: window.notices.text().startswith("Your work is not kept by itself"), timeout=10_000)
    window.notices.hide()
    window.session.name_run(1, "x")
    window.findChildren(Autosaving)[0]._begin(())
    assert window.notices.text() == ""
    window.close()


@pytest.mark.parametrize("work", ["play", "try_starts", "new_start", "to_end"])
def test_closing_in_the_middle_keeps_it_in_time(open_window: Open, qtbot: QtBot, work: str) -> None:
    window = open_window("--sample", "faithful", "--components", "6")
    getattr(window.session, work)()
    qtbot.wait(30)
    window.session.name_run(1, "before the end")
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 2
    assert len(kept_work(autosave_root())) == 1


def test_the_line_says_when() -> None:
    noon = time.mktime((2026, 5, 10, 12, 0, 0, 0, 0, -1))
    one = Kept(Path(), noon, 1, "Old Faithful", 0)
    assert words_for(one, noon + 3600) == "Your work of 12:00 is here: 1 run of Old Faithful."
    several = Kept(Path(), noon, 3, "Iris", 2)
    assert words_for(several, noon + 86_400) == "Yesterday's work is here: 3 runs of Iris, and 2 more data sets."
    assert words_for(one, noon + 9 * 86_400).startswith("Your work of 10 May is here")
    assert words_for(one, noon + 400 * 86_400).startswith("Your work of 10 May 2026 is here")


def test_a_full_disk_is_told_once_and_does_not_stop_anything(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    window = open_window("--sample", "faithful")
    monkeypatch.setattr("os.fsync", full)
    run_to_the_end(window, qtbot)
    qtbot.waitUntil(lambda: "the disk is full" in window.notices.text(), timeout=10_000)
    assert "Ctrl+S" in window.notices.text()
    action(window, "run.reset").trigger()
    assert window.session.state.frame.iteration == 0
    window.close()
    assert kept_work(autosave_root()) == []
