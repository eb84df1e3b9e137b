"""The list of recent files, and its menu in the real window."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.recent import DATA, MOST, RecentFiles, plain, short
from tests.ui.driving import Open, action, find, text, wait_for_background


def table(folder: Path, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text("u,v\n" + "\n".join(f"{i},{i * i % 11}" for i in range(30)))
    return path


def entries(window: MainWindow) -> list[QAction]:
    menu = find(window, QMenu, "file.open_recent.menu")
    menu.aboutToShow.emit()
    return [entry for entry in menu.actions() if entry.objectName()[-1:].isdigit()]


def drop(window: MainWindow, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, left, none))


class TestList:
    def test_the_newest_is_first_and_none_is_there_twice(self) -> None:
        recent = RecentFiles("test")
        assert recent.paths() == []
        for name in ("/a", "/b", "/c", "/a"):
            recent.add(name)
        assert recent.paths() == ["/a", "/c", "/b"]
        recent.remove("/c")
        assert RecentFiles("test").paths() == ["/a", "/b"]
        assert RecentFiles("other").paths() == []
        recent.clear()
        assert recent.paths() == []

    def test_it_keeps_ten(self) -> None:
        recent = RecentFiles("test")
        for number in range(25):
            recent.add(f"/{number}")
        assert recent.paths() == [f"/{number}" for number in range(24, 24 - MOST, -1)]

    @pytest.mark.parametrize(
        "name", ["a & b, c.csv", "ü 漢字.csv", "no text \udcff.csv", "\N{RIGHT-TO-LEFT OVERRIDE}vsc", "x" * 10_000]
    )
    def test_any_name_comes_back_as_it_was(self, name: str) -> None:
        RecentFiles("test").add(f"/folder/{name}")
        assert RecentFiles("test").paths() == [f"/folder/{name}"]

    def test_a_name_without_a_folder_is_kept_with_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        RecentFiles("test").add("x.csv")
        assert RecentFiles("test").paths() == [str(tmp_path / "x.csv")]

    @pytest.mark.parametrize("kept", ["nonsense", "7", '{"a": 1}', '[1, null, "", "/a"]'])
    def test_what_cannot_be_read_is_passed_over(self, kept: str) -> None:
        from gmm_desktop.ui import memory

        memory.settings().setValue("recent/test", kept)
        assert RecentFiles("test").paths() == (["/a"] if "/a" in kept else [])


class TestWords:
    def test_a_path_is_shown_to_the_letter(self) -> None:
        assert plain("/R&D/<img src=x>.csv") == "/R&&D/<img src=x>.csv"
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in plain("/a\N{RIGHT-TO-LEFT OVERRIDE}b")
        assert "\t" not in plain("/a\tCtrl+Q")

    def test_a_long_one_keeps_its_beginning_and_its_end(self) -> None:
        words = short("/folder/" + "y" * 10_000 + "/end.csv")
        assert len(words) < 70
        assert words.startswith("/folder/")
        assert words.endswith("/end.csv")

    def test_the_home_folder_is_a_tilde(self) -> None:
        assert short(os.path.join(Path.home(), "x.csv")) == os.path.join("~", "x.csv")
        assert short(f"{Path.home()}x.csv") == f"{Path.home()}x.csv"


class TestMenu:
    def test_it_is_empty_at_first_and_says_so(self, open_window: Open) -> None:
        window = open_window()
        submenu = action(window, "file.open_recent").menu()
        assert isinstance(submenu, QMenu)
        assert [entry.text() for entry in submenu.actions()] == ["Nothing was opened yet", "", "&Clear list"]
        assert not any(entry.isEnabled() for entry in submenu.actions() if not entry.isSeparator())

    def test_files_come_in_from_everywhere(
        self, open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, two, three = (table(tmp_path, f"{name}.csv") for name in ("one", "two & more", "three"))
        window = open_window(str(one))
        assert DATA.paths() == [str(one)]
        drop(window, two)
        wait_for_background(window, qtbot)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(three), ""))
        action(window, "file.open").trigger()
        wait_for_background(window, qtbot)
        for i, (entry, name) in enumerate(zip(entries(window), ("three", "two && more", "one"), strict=True), 1):
            assert entry.text().startswith(f"&{i} /")
            assert entry.text().endswith(f"/{name}.csv")
        assert DATA.paths() == [str(three), str(two), str(one)]
        assert [entry.objectName() for entry in entries(window)] == [f"file.open_recent.{i}" for i in (1, 2, 3)]

    def test_an_entry_opens_its_file_and_moves_up(self, open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
        one, two = table(tmp_path, "one.csv"), table(tmp_path, "two.csv")
        open_window(str(one)).close()
        window = open_window(str(two))
        assert text(window, "data.title") == "two.csv"
        entries(window)[1].trigger()
        qtbot.waitUntil(lambda: text(window, "data.title") == "one.csv")
        assert DATA.paths() == [str(one), str(two)]

    def test_a_file_that_is_gone_is_told_and_taken_off(self, open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
        one, two = table(tmp_path, "one.csv"), table(tmp_path, "two.csv")
        DATA.add(str(two))
        window = open_window(str(one))
        two.unlink()
        entries(window)[1].trigger()
        wait_for_background(window, qtbot)
        assert "two.csv is not there any more" in window.notices.text()
        assert text(window, "data.title") == "one.csv"
        assert DATA.paths() == [str(one)]

    def test_what_could_not_be_read_and_what_is_no_file_are_not_listed(
        self, open_window: Open, qtbot: QtBot, tmp_path: Path
    ) -> None:
        bad = tmp_path / "bad.csv"
        bad.write_text("a\nred\nblue\n")
        window = open_window(str(tmp_path / "missing.csv"))
        drop(window, bad)
        wait_for_background(window, qtbot)
        QApplication.clipboard().setText("x\ty\n" + "\n".join(f"{i}\t{i * 7 % 13}" for i in range(25)))
        action(window, "file.paste").trigger()
        wait_for_background(window, qtbot)
        qtbot.waitUntil(lambda: text(window, "data.about").startswith("25 points"))
        assert DATA.paths() == []

    def test_the_list_can_be_cleared(self, open_window: Open, tmp_path: Path) -> None:
        window = open_window(str(table(tmp_path)))
        entries(window)
        menu = find(window, QMenu, "file.open_recent.menu")
        clear = next(entry for entry in menu.actions() if entry.objectName() == "file.open_recent.clear")
        clear.trigger()
        assert entries(window) == []
        assert DATA.paths() == []

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    def test_a_key_shows_it_and_a_number_opens(self, open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
        DATA.add(str(table(tmp_path, "one.csv")))
        window = open_window()
        menu = find(window, QMenu, "file.open_recent.menu")
        qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(menu.isVisible)
        qtbot.keyClick(menu, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: text(window, "data.title") == "one.csv")

    def test_nothing_is_opened_while_em_runs(self, open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
        DATA.add(str(table(tmp_path, "one.csv")))
        window = open_window("--tolerance", "1e-300")
        entry = entries(window)[0]
        action(window, "run.play").trigger()
        qtbot.waitUntil(lambda: window.session.snapshot().activity == "computing")
        before = window.session.state.run.dataset
        entry.trigger()
        assert "Locked while EM runs" in window.notices.text()
        assert window.session.state.run.dataset is before
        qtbot.waitUntil(lambda: not action(window, "file.open_recent").isEnabled())
        action(window, "run.play").trigger()

    def test_every_entry_says_what_it_does(self, open_window: Open, tmp_path: Path) -> None:
        DATA.add("/R&D/<img src=x>.csv")
        (entry,) = entries(open_window())
        assert "&lt;img src=x&gt;" in entry.toolTip()
        assert entry.statusTip().endswith(".")
        assert np.all([entry.isEnabled(), entry.text() == "&1 /R&&D/<img src=x>.csv"])
