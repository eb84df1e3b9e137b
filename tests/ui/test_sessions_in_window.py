"""A session saved and opened in the real window: the same picture, the same numbers, and the title says which."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QSlider
from pytestqt.qtbot import QtBot

from gmm_desktop.command_line import main
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels import LEFT, MIDDLE, RIGHT
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from tests.ui.describing import alike
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background
from tests.ui.hands import at, click, plot_of


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names that the dialogs answer with, one after the other."""
    names: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / names.pop(0)), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / names.pop(0)), ""))
    return names


def pictures(window: MainWindow, qtbot: QtBot) -> dict[str, QImage]:
    """Every card but the playback's, whose counter keeps the room that it needed once."""
    qtbot.waitUntil(lambda: not plot_of(window).is_counting, timeout=10_000)
    qtbot.wait(700)  # captions take their time
    QApplication.processEvents()
    cards = [card for side in (LEFT, MIDDLE, RIGHT) for card in window.panels(side) if card.isVisible()]
    return {type(card).__name__: card.grab().toImage() for card in cards if not isinstance(card, PlaybackPanel)}


def settled(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    QApplication.processEvents()


def save(window: MainWindow, qtbot: QtBot) -> None:
    action(window, "file.save_session").trigger()
    wait_for_background(window, qtbot)
    assert window.notices.text().startswith("Saved everything")
    window.notices.hide()


def prepared(open_window: Open, qtbot: QtBot) -> MainWindow:
    """Old Faithful, fitted, named, zoomed, pinned, half way through, with other choices of what is seen."""
    window = open_window("--sample", "faithful", "--components", "3", "--seed", "4")
    window.resize(1280, 800)
    run_to_the_end(window, qtbot)
    window.session.name_run(1, "in class")
    window.session.change_settings(covariance="tied")
    settled(window, qtbot)
    run_to_the_end(window, qtbot)
    window.session.show_run(1)
    window.session.show_iteration(5)
    window.session.half_step()
    window.session.select(1)
    plot = plot_of(window)
    plot.view_box.setRange(xRange=(1.4, 4.2), yRange=(44, 85), padding=0)
    QApplication.processEvents()
    click(plot, at(plot, window.session.state.run.dataset.points[10]))
    qtbot.waitUntil(lambda: window.panel(PlotPanel).pointing.pinned)
    window.panel(DisplayPanel).change(colouring="hard", contours=False)
    action(window, "view.gain").trigger()
    find(window, QSlider, "run.speed").setValue(5)
    return window


def test_an_opened_session_shows_the_same_picture_and_the_same_numbers(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str]
) -> None:
    asked.append("lecture")
    window = prepared(open_window, qtbot)
    save(window, qtbot)
    before, numbers = pictures(window, qtbot), window.session.state.run.history
    window.close()

    other = open_window()
    other.resize(1280, 800)
    action(other, "view.bound").trigger()
    asked.append("lecture.gmm")
    action(other, "file.open_session").trigger()
    settled(other, qtbot)
    after = pictures(other, qtbot)
    assert len(before) > 8
    assert [name for name, image in after.items() if not alike(image, before[name])] == []
    assert text(other, "run.counter") == "6 / 88"
    assert other.session.state.run.history.log_likelihoods.tobytes() == numbers.log_likelihoods.tobytes()
    assert [run.label for run in other.session.state.runs] == ["in class", "2"]
    assert other.panel(CurvesPanel).shown == "gain"
    assert other.panel(PlotPanel).pointing.pinned
    action(other, "run.half_step").trigger()
    assert other.session.state.frame.iteration == 6


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_the_persons_and_not_the_sessions(
    open_window: Open, qtbot: QtBot, asked: list[str], theme: str
) -> None:
    asked.append("a.gmm")
    window = open_window()
    window.choose_theme("light")
    save(window, qtbot)
    window.choose_theme(theme)
    asked.append("a.gmm")
    action(window, "file.open_session").trigger()
    settled(window, qtbot)
    assert window.theme_choice == theme


def test_the_title_tells_the_session_and_whether_it_is_saved(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str]
) -> None:
    window = open_window("--sample", "faithful")
    assert window.windowTitle() == "Old Faithful[*] – GMM Desktop"
    assert not window.isWindowModified()
    action(window, "run.step").trigger()
    qtbot.waitUntil(window.isWindowModified)
    asked.append("lecture 3.gmm")
    save(window, qtbot)
    assert window.windowTitle() == "lecture 3.gmm[*] – Old Faithful – GMM Desktop"
    assert not window.isWindowModified()
    first = (tmp_path / "lecture 3.gmm").read_bytes()
    window.session.change_settings(tolerance=1e-4)
    qtbot.waitUntil(window.isWindowModified)
    save(window, qtbot)  # asks for no name: there is none left to answer with
    assert (tmp_path / "lecture 3.gmm").read_bytes() != first
    assert not window.isWindowModified()
    asked.append("another.gmm")
    action(window, "file.save_session_as").trigger()
    wait_for_background(window, qtbot)
    assert window.windowTitle().startswith("another.gmm[*]")
    window.session.undo()
    qtbot.waitUntil(window.isWindowModified)
    window.session.redo()
    qtbot.waitUntil(lambda: not window.isWindowModified())


def test_looking_around_is_no_change(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    action(window, "view.gain").trigger()
    plot_of(window).view_box.setRange(xRange=(0, 1), padding=0)
    window.panel(DisplayPanel).toggle("truth")
    qtbot.wait(100)
    assert not window.isWindowModified()


def test_a_session_opens_from_the_command_line_by_a_drop_and_among_the_data(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str]
) -> None:
    asked.append("a.gmm")
    window = open_window("--sample", "galaxies")
    window.session.change_settings(components=5)
    settled(window, qtbot)
    save(window, qtbot)
    window.close()

    def shows_it(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: text(window, "data.title") == "Galaxies", timeout=5000)
        settled(window, qtbot)
        assert window.session.state.run.settings.components == 5
        assert window.windowTitle().startswith("a.gmm[*] – Galaxies")

    shows_it(open_window(str(tmp_path / "a.gmm")))
    dropped = open_window()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.gmm"))])
    dropped.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    shows_it(dropped)
    among = open_window()
    asked.append("a.gmm")
    action(among, "file.open").trigger()
    shows_it(among)


def test_a_session_of_the_command_line_brings_its_settings_and_may_play(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked.append("a.gmm")
    window = open_window("--sample", "faithful")
    save(window, qtbot)
    window.close()
    other = open_window(str(tmp_path / "a.gmm"), "--run")
    qtbot.waitUntil(lambda: text(other, "data.title") == "Old Faithful", timeout=5000)
    qtbot.waitUntil(lambda: other.session.state.frame.iteration > 0, timeout=5000)
    assert main([str(tmp_path / "a.gmm"), "--components", "4"]) == 2
    assert "brings its own" in capsys.readouterr().err


def test_what_cannot_be_opened_is_told_and_the_work_stays(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.gmm").write_bytes(b"PK nothing of the kind")
    window = open_window(str(tmp_path / "bad.gmm"))
    wait_for_background(window, qtbot)
    assert window.notices.text().startswith("'bad.gmm' is no session that can be opened")
    window.notices.hide()
    before = window.session.state.run
    asked.append("missing.gmm")
    action(window, "file.open_session").trigger()
    wait_for_background(window, qtbot)
    assert "no file" in window.notices.text()
    assert window.session.state.run is before
    assert main([str(tmp_path / "bad.gmm"), "--export-parameters", str(tmp_path / "p.json")]) == 1
    assert "is a session" in capsys.readouterr().err


def test_opening_another_session_loses_nothing(open_window: Open, qtbot: QtBot, asked: list[str]) -> None:
    asked.append("a.gmm")
    window = open_window("--sample", "galaxies")
    save(window, qtbot)
    window.session.change_settings(components=6)
    settled(window, qtbot)
    asked.append("a.gmm")
    action(window, "file.open_session").trigger()
    settled(window, qtbot)
    assert window.session.state.run.settings.components == 3
    menu = find_menu(window)
    menu.aboutToShow.emit()
    (kept,) = [entry for entry in menu.actions() if "2 runs of Galaxies" in entry.text()]
    kept.trigger()
    settled(window, qtbot)
    assert window.session.state.run.settings.components == 6


def find_menu(window: MainWindow) -> QMenu:
    menu = window.findChild(QMenu, "file.recent_sessions.menu")
    assert isinstance(menu, QMenu)
    return menu


def test_recent_sessions_are_one_click_away_and_one_that_is_gone_is_told(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str]
) -> None:
    window = open_window()
    for name in ("one & only.gmm", "two.gmm"):
        asked.append(name)
        action(window, "file.save_session_as").trigger()
        wait_for_background(window, qtbot)
    (tmp_path / "two.gmm").unlink()
    menu = find_menu(window)
    menu.aboutToShow.emit()
    entries = [entry.text() for entry in menu.actions()]
    assert entries[0].startswith("&1 ")
    assert entries[0].endswith("two.gmm")
    assert entries[1].endswith("one && only.gmm")
    menu.actions()[0].trigger()
    assert "is not there any more" in window.notices.text()
    menu.aboutToShow.emit()
    assert len([entry for entry in menu.actions() if entry.text().endswith(".gmm")]) == 1
    menu.actions()[0].trigger()
    settled(window, qtbot)
    assert window.windowTitle().startswith("one & only.gmm")


def test_views_that_make_no_sense_are_passed_over(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    from gmm_desktop.session.archive import save_session
    from gmm_desktop.session.work import work_now

    window = open_window("--sample", "faithful")
    views: dict[str, object] = {
        "axes": [[5, 1], ["a", None]], "display": {"bins": "many", "colouring": 3, "harm": 1, "truth": "no"},
        "folded": 7, "curve": "none", "switches": {"a": 1}, "beside": "x", "formulas": [], "pinned": {"row": 10**9},
    }  # fmt: skip
    save_session(tmp_path / "a.gmm", work_now(window.session), views)
    limits, options = plot_of(window).view_box.viewRange(), window.panel(DisplayPanel).options
    window.close()
    other = open_window(str(tmp_path / "a.gmm"))
    qtbot.waitUntil(lambda: text(other, "data.title") == "Old Faithful")
    wait_for_background(other, qtbot)
    QApplication.processEvents()
    np.testing.assert_allclose(plot_of(other).view_box.viewRange(), limits)
    assert other.panel(DisplayPanel).options == options
    assert other.notices.text() == ""


def test_a_disk_that_cannot_be_written_leaves_the_old_file(
    open_window: Open, qtbot: QtBot, tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.append("a.gmm")
    window = open_window()
    save(window, qtbot)
    before = (tmp_path / "a.gmm").read_bytes()
    window.session.change_settings(components=2)
    settled(window, qtbot)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    action(window, "file.save_session").trigger()
    wait_for_background(window, qtbot)
    assert "the disk is full" in window.notices.text()
    assert window.isWindowModified()
    assert (tmp_path / "a.gmm").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    monkeypatch.undo()


def test_the_rest_of_a_large_file_is_offered_in_a_line(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gmm_desktop.session.archive import save_session
    from gmm_desktop.session.work import work_now

    monkeypatch.setattr("gmm_desktop.session.archive_data.MOST_OF_A_FILE", 100)
    path = tmp_path / "large.csv"
    path.write_text("a,b,c\n" + "".join(f"{i % 7},{i % 5 + i / 10},{i}\n" for i in range(60)))
    window = open_window(str(path))
    run_to_the_end(window, qtbot)
    save_session(tmp_path / "a.gmm", work_now(window.session), {})
    last = window.session.state.run.last
    window.close()
    other = open_window(str(tmp_path / "a.gmm"))
    qtbot.waitUntil(lambda: "large.csv" in other.notices.text(), timeout=5000)
    assert other.session.state.run.dataset.available_columns == ("a", "b")
    assert other.session.state.run.last == last
    other.notices._button.click()
    wait_for_background(other, qtbot)
    qtbot.waitUntil(lambda: other.session.state.run.dataset.available_columns == ("a", "b", "c"))
    assert (other.session.state.run.last, other.isWindowModified()) == (last, False)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("Reading")]
