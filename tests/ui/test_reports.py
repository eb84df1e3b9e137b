"""What went wrong is logged and can be copied; what an earlier run left is told at the start, in the real window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QSlider, QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.options import version
from gmm_desktop.session import logbook
from gmm_desktop.session.places import state_folder
from gmm_desktop.ui import files
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from tests.ui.driving import Open, action, find, run_to_the_end, wait_for_background

ROOT = Path(__file__).resolve().parents[2]
DIE = (
    "import faulthandler\nfrom gmm_desktop.session.marker import Mark\nfrom gmm_desktop.session import logbook\n"
    "mark = Mark()\nmark.tell_version('0.0.7')\nlogbook.log('Something was under way')\n{}"
)


def an_earlier_run(code: str) -> None:
    subprocess.run([sys.executable, "-c", DIE.format(code)], cwd=ROOT, timeout=60)


def copied() -> str:
    return QApplication.clipboard().text()


def test_after_a_crash_a_line_offers_the_report(open_window: Open, qtbot: QtBot) -> None:
    an_earlier_run("faulthandler.enable(mark.fault_path.open('xb'))\nfaulthandler._sigsegv()")
    window = open_window()
    qtbot.waitUntil(lambda: "ended unexpectedly" in window.notices.text())
    action(window, "run.step").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 1, timeout=5000)  # it blocks nothing
    button = find(window, QAbstractButton, "notice.button")
    assert button.text() == "Copy the report"
    button.click()
    for words in (version(), "0.0.7", "Segmentation fault", "Something was under way", "most recent call first"):
        assert words in copied(), words
    assert str(state_folder()) in window.notices.text(), "it is said where the log is"
    window.close()
    again = open_window()
    qtbot.wait(400)
    assert "ended unexpectedly" not in again.notices.text(), "it is told once"
    action(again, "help.report").trigger()
    assert "Segmentation fault" in copied(), "and can still be copied"


def test_after_a_proper_end_nothing_is_told(open_window: Open, qtbot: QtBot) -> None:
    open_window().close()
    window = open_window()
    qtbot.wait(400)
    assert window.notices.text() == ""


def test_what_was_not_finished_is_told(open_window: Open, qtbot: QtBot) -> None:
    an_earlier_run("mark.writing('Writing labels.csv')\nmark.end()")
    window = open_window()
    qtbot.waitUntil(lambda: "Writing labels.csv" in window.notices.text())
    assert "Not finished" in window.notices.text()
    assert "untouched" in window.notices.text()
    assert not find(window, QAbstractButton, "notice.copy").isVisible()


def test_what_is_told_at_the_start_waits_and_comes_back(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.notices.tell_in_turn("First.", answer=("Yes", lambda: None))
    window.notices.tell_in_turn("Second.")
    assert window.notices.text() == "First."
    window.notices.tell("Something else.", passing=True)
    assert window.notices.text() == "Something else."
    window.notices.hide()
    assert window.notices.text() == "First."
    files.load_sample(window, "faithful")
    assert window.notices.text() == "First.", "it stays until a person closes it"
    find(window, QAbstractButton, "notice.close").click()
    assert window.notices.text() == "Second."
    find(window, QAbstractButton, "notice.close").click()
    assert window.notices.text() == ""


def test_escape_closes_a_message_where_nothing_nearer_takes_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    plot, table = window.panel(PlotPanel).plot, find(window, QTableWidget, "parameters.table")
    for focus in (plot, table, find(window, QSlider, "run.timeline"), find(window, QAbstractButton, "notice.close")):
        window.notices.tell("Older.")
        window.notices.tell("Newest.")
        focus.setFocus()
        qtbot.keyClick(focus, Qt.Key.Key_Escape)
        assert window.notices.text() == "", focus.objectName()

    window.notices.tell("Stays.")
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert not table.selectedItems()
    action(window, "view.inspect_next").trigger()
    qtbot.waitUntil(lambda: window.panel(PlotPanel).pointing.pinned)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert not window.panel(PlotPanel).pointing.pinned
    action(window, "run.reset").trigger()
    action(window, "edit.place").trigger()
    plot.setFocus()
    qtbot.waitUntil(lambda: plot.tool is not None)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plot.tool is None)
    action(window, "view.presentation").trigger()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert not window.presentation.is_on
    assert window.notices.text() == "Stays."
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert window.notices.text() == ""


def test_every_error_can_be_copied_with_its_details_and_is_logged(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    files.read(window, str(tmp_path / "none.csv"))
    qtbot.waitUntil(lambda: "none.csv" in window.notices.text() and "Reading" not in window.notices.text())
    wait_for_background(window, qtbot)
    find(window, QAbstractButton, "notice.copy").click()
    assert copied().startswith(window.notices.text())
    assert f"GMM Desktop {version()}" in copied()
    assert "Traceback" in copied()
    assert "none.csv" in logbook.tail()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "fit.json"), ""))
    run_to_the_end(window, qtbot)
    action(window, "file.export_parameters").trigger()
    qtbot.waitUntil(lambda: "there is no folder" in window.notices.text())
    assert find(window, QAbstractButton, "notice.copy").isVisible()
    assert "there is no folder" in logbook.tail()
    QApplication.clipboard().clear()
    action(window, "file.paste").trigger()
    assert "no text" in window.notices.text()
    assert find(window, QAbstractButton, "notice.copy").isVisible()


def test_what_passes_is_no_error(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.notices.tell("Wrote it.", passing=True)
    assert not find(window, QAbstractButton, "notice.copy").isVisible()
    assert "Wrote it" not in logbook.tail()


def test_what_nobody_foresaw_is_logged(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window()

    def fail() -> None:
        raise RuntimeError("a defect with 'a cell'")

    sys.excepthook(*_raised(fail))
    qtbot.waitUntil(lambda: "did not foresee" in window.notices.text())
    assert "RuntimeError: a defect with …" in logbook.tail()
    assert "in fail" in logbook.tail()
    assert "a cell" in capsys.readouterr().err


def _raised(fail: object) -> tuple[type[BaseException], BaseException, object]:
    try:
        fail()  # type: ignore[operator]
    except RuntimeError as error:
        return type(error), error, error.__traceback__
    raise AssertionError


def test_the_log_is_shown(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window = open_window()
    action(window, "help.log").trigger()
    assert opened == [str(state_folder())]
    assert str(logbook.path()) in window.notices.text()
    action(window, "help.report").trigger()
    assert "No crash is known" in copied()
