"""Tables of the real window on the clipboard, by mouse and by keys, in each way that is offered."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.copying import MENU
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, find, run_to_the_end

# What the off-screen platform says of every menu; nothing is wrong.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)

TABLES = ("parameters.table", "fit_card.maxima", "runs.list")
SHIFT_F10 = (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
MENU_KEY = (Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def window(open_window: Open, qtbot: QtBot) -> MainWindow:
    """Old Faithful after a race of four starts, every table in sight."""
    made = open_window("--sample", "faithful", "--components", "3", "--restarts", "4")
    run_to_the_end(made, qtbot)
    find(made, QAbstractButton, "runs.fold").click()
    qtbot.waitUntil(lambda: all(find(made, QTableWidget, name).isVisible() for name in TABLES))
    qtbot.waitUntil(lambda: find(made, QTableWidget, "runs.list").rowCount() == 1)
    return made


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def shown_menu(table: QTableWidget, qtbot: QtBot) -> QMenu:
    qtbot.waitUntil(lambda: any(menu.isVisible() for menu in table.findChildren(QMenu, MENU)))
    (menu,) = [menu for menu in table.findChildren(QMenu, MENU) if menu.isVisible()]
    return menu


def choose(menu: QMenu, qtbot: QtBot, letter: Qt.Key) -> None:
    """By the key that its entry underlines."""
    qtbot.keyClick(menu, letter)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def expected(window: MainWindow, name: str) -> list[float]:
    """A column of numbers that each table holds to the last bit."""
    snapshot = window.session.snapshot()
    assert snapshot.mixture is not None
    if name == "parameters.table":
        return snapshot.mixture.means.ravel().tolist()
    if name == "fit_card.maxima":
        return [one.log_likelihood for one in snapshot.maxima]
    return [float(snapshot.log_likelihoods[-1])]


PLACE = {"parameters.table": 3, "fit_card.maxima": 0, "runs.list": 5}
"""Where that column is."""


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("keys", [SHIFT_F10, MENU_KEY], ids=["shift-f10", "menu"])
def test_keys_alone_copy_each_table_in_each_way(
    window: MainWindow, qtbot: QtBot, name: str, keys: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    table, numbers, place = find(window, QTableWidget, name), expected(window, name), PLACE[name]
    table.setFocus()
    qtbot.keyClick(table, *keys)
    choose(shown_menu(table, qtbot), qtbot, Qt.Key.Key_C)
    lines = [line.split("\t") for line in clipboard().splitlines()]
    assert [float(line[place]) for line in lines[-len(numbers) :]] == numbers

    qtbot.keyClick(table, *keys)
    choose(shown_menu(table, qtbot), qtbot, Qt.Key.Key_M)
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in clipboard().splitlines()]
    assert set(rows[1][place].strip()) == {"-", ":"}
    assert [float(row[place]) for row in rows[-len(numbers) :]] == numbers

    qtbot.keyClick(table, *keys)
    choose(shown_menu(table, qtbot), qtbot, Qt.Key.Key_L)
    text = clipboard()
    assert text.startswith(r"\begin{tabular}")
    body = text.split(r"\hline")[2].strip().splitlines()
    assert [float(row.split("&")[place].strip(" $\\")) for row in body[-len(numbers) :]] == numbers


@pytest.mark.parametrize("name", TABLES)
def test_the_right_mouse_button_offers_the_same(window: MainWindow, qtbot: QtBot, name: str) -> None:
    table = find(window, QTableWidget, name)
    place = QPoint(20, 10)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.viewport().mapToGlobal(place))
    QApplication.sendEvent(table.viewport(), event)
    menu = shown_menu(table, qtbot)
    words = [entry.text().partition("\t")[0].replace("&", "") for entry in menu.actions()]
    assert words == ["Copy", "Copy as Markdown", "Copy as LaTeX"]
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not table.findChildren(QMenu, MENU)


@pytest.mark.parametrize("name", TABLES)
def test_a_word_processor_gets_a_table_and_a_spreadsheet_cells(window: MainWindow, qtbot: QtBot, name: str) -> None:
    table, numbers = find(window, QTableWidget, name), expected(window, name)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    content = QGuiApplication.clipboard().mimeData()
    assert content.hasHtml()
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in content.html().split("<tr>")[1:]]
    rows = [row for row in rows if row]
    assert rows == [line.split("\t") for line in content.text().splitlines()[-len(rows) :]]
    assert [float(row[PLACE[name]]) for row in rows[-len(numbers) :]] == numbers


def test_the_commands_copy_the_parameters(window: MainWindow) -> None:
    action(window, "edit.copy_markdown").trigger()
    assert clipboard().startswith("|  | Weight |  | Mean | SD |\n")
    assert "| eruptions |" in clipboard()
    action(window, "edit.copy_latex").trigger()
    assert clipboard().startswith("\\begin{tabular}{lrlrr}")
    assert "eruptions" in clipboard()


def test_selected_rows_alone_are_copied(window: MainWindow) -> None:
    table = find(window, QTableWidget, "parameters.table")
    table.selectRow(2)
    action(window, "edit.copy_markdown").trigger()
    assert len(clipboard().splitlines()) == 2 + 1
    action(window, "edit.copy_table").trigger()
    assert len(clipboard().splitlines()) == 1


def test_names_of_columns_run_nothing_and_are_no_markup(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    rng = np.random.default_rng(1)
    np.savetxt(path, rng.normal(size=(60, 2)), delimiter=",", header='=cmd(),"<b>|&$"', comments="")
    window = open_window(str(path))
    action(window, "edit.copy_table").trigger()
    content = QGuiApplication.clipboard().mimeData()
    assert "\t'=cmd()\t" in content.text()
    assert "&lt;b&gt;|&amp;$" in content.html()
    action(window, "edit.copy_markdown").trigger()
    assert r"| \<b\>\|\&\$ |" in clipboard()
    action(window, "edit.copy_latex").trigger()
    assert r"$<$b$>$$|$\&\$" in clipboard()


def test_a_table_without_anything_copies_its_headings(open_window: Open) -> None:
    window = open_window()
    table = find(window, QTableWidget, "fit_card.maxima")
    table.copies.copy()  # type: ignore[attr-defined]
    assert clipboard().startswith("log-likelihood\treached")
