"""The list of runs, with the mouse and the keys of the real window."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from tests.ui.driving import Open, action, find, run_to_the_end, text

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window: Open, qtbot: QtBot) -> MainWindow:
    """Old Faithful with k = 2 at its end and, by one key, k = 5 at its end; the list is open."""
    made = open_window("--sample", "faithful", "--components", "2")
    run_to_the_end(made, qtbot)
    plot = made.panel(PlotPanel).plot
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: made.session.state.run.ready and made.session.state.run.settings.components == 5)
    run_to_the_end(made, qtbot)
    find(made, QAbstractButton, "runs.fold").click()
    qtbot.waitUntil(lambda: table(made).rowCount() == 2)
    return made


def table(window: MainWindow) -> QTableWidget:
    return find(window, QTableWidget, "runs.list")


def cells(window: MainWindow) -> list[list[str]]:
    shown = table(window)
    items = [[shown.item(row, column) for column in range(4)] for row in range(shown.rowCount())]
    return [[item.text() for item in row if item is not None] for row in items]


def place(window: MainWindow, row: int) -> QPoint:
    middle: QPoint = table(window).visualItemRect(table(window).item(row, 1)).center()
    return middle


def click(
    window: MainWindow, qtbot: QtBot, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.mouseClick(table(window).viewport(), LEFT, keys, place(window, row))


def test_the_list_opens_with_the_keyboard_alone(window: MainWindow, qtbot: QtBot) -> None:
    fold = find(window, QAbstractButton, "runs.fold")
    fold.setFocus(Qt.FocusReason.TabFocusReason)
    for opened in (False, True):
        qtbot.keyClick(fold, Qt.Key.Key_Return)
        assert table(window).isVisible() == opened
    assert "Enter" in fold.toolTip()


def test_what_if_k_is_five_is_one_key_and_the_run_before_is_still_there(window: MainWindow, qtbot: QtBot) -> None:
    snapshot = window.session.snapshot()
    height = float(snapshot.log_likelihoods[-1])
    bic = -2 * height + (4 + 10 + 15) * math.log(272)
    assert cells(window) == [
        ["1", "2 full", "-1\u202f130.26", "2\u202f322.19"],
        ["2", "5 full", f"{height:,.2f}".replace(",", "\u202f"), f"{bic:,.2f}".replace(",", "\u202f")],
    ]
    assert "Shown now" in table(window).item(1, 0).toolTip()
    assert "Shown now" not in table(window).item(0, 0).toolTip()
    assert f"converged at {snapshot.iteration}" in table(window).item(1, 0).toolTip()
    click(window, qtbot, 0)
    qtbot.waitUntil(lambda: text(window, "fit_card.bic") == "2\u202f322.19")
    qtbot.waitUntil(lambda: "Shown now" in table(window).item(0, 0).toolTip())
    assert window.session.snapshot().settings.components == 2


def test_the_shown_run_has_a_mark_that_is_no_colour(window: MainWindow, qtbot: QtBot) -> None:
    table(window).clearSelection()

    def ink(row: int) -> int:
        rect = table(window).visualItemRect(table(window).item(row, 0))
        image = table(window).viewport().grab(rect.adjusted(0, 0, 14 - rect.width(), -rect.height() // 2)).toImage()
        background = image.pixelColor(image.width() - 1, 0)
        pixels = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(image.pixelColor(x, y) != background for x, y in pixels)

    assert ink(1) > 20
    assert ink(0) == 0


def test_enter_shows_and_arrows_walk(window: MainWindow, qtbot: QtBot) -> None:
    table(window).setFocus()
    qtbot.keyClick(table(window), Qt.Key.Key_Up)
    assert window.session.snapshot().run == 2
    qtbot.keyClick(table(window), Qt.Key.Key_Return)
    assert window.session.snapshot().run == 1
    window.session.set_rate(1.0)
    qtbot.keyClick(table(window), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Pause", timeout=3000)


@pytest.mark.parametrize("by_mouse", [True, False])
def test_a_name_is_typed_and_undone(window: MainWindow, qtbot: QtBot, by_mouse: bool) -> None:
    click(window, qtbot, 0)
    if by_mouse:
        qtbot.mouseDClick(table(window).viewport(), LEFT, pos=place(window, 0))
    else:
        qtbot.keyClick(table(window), Qt.Key.Key_F2)
    editor = table(window).findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    window.session.touch()
    qtbot.wait(50)
    editor.selectAll()
    qtbot.keyClicks(editor, "two groups")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cells(window)[0][0] == "two groups")
    assert window.session.state.find(1).name == "two groups"
    qtbot.waitUntil(lambda: action(window, "edit.undo").text() == "&Undo: naming run 1")
    action(window, "edit.undo").trigger()
    qtbot.waitUntil(lambda: cells(window)[0][0] == "1")


def test_delete_takes_a_run_away_and_undo_brings_it_back(window: MainWindow, qtbot: QtBot) -> None:
    click(window, qtbot, 0)
    qtbot.waitUntil(lambda: window.session.snapshot().run == 1)
    qtbot.keyClick(table(window), Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [row[0] for row in cells(window)] == ["2"])
    assert window.session.snapshot().run == 2
    table(window).setFocus()
    qtbot.keyClick(table(window), Qt.Key.Key_Delete)
    assert "only run" in window.notices.text()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: [row[0] for row in cells(window)] == ["1", "2"])
    assert window.session.snapshot().run == 1


def test_delete_in_the_list_is_the_runs_also_while_placing_by_hand(window: MainWindow, qtbot: QtBot) -> None:
    window.session.show_iteration(0)
    action(window, "edit.place").trigger()
    qtbot.waitUntil(action(window, "edit.remove_component").isEnabled)
    table(window).setFocus()
    qtbot.keyClick(table(window), Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [row[0] for row in cells(window)] == ["1"])
    assert window.session.snapshot().draft is None
    assert window.session.snapshot().settings.components == 2


def test_the_button_deletes_what_is_selected(window: MainWindow, qtbot: QtBot) -> None:
    button = find(window, QAbstractButton, "runs.delete")
    click(window, qtbot, 0)
    click(window, qtbot, 1, CTRL)
    assert not button.isEnabled()
    click(window, qtbot, 1)
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: [row[0] for row in cells(window)] == ["1"])
    qtbot.waitUntil(lambda: not button.isEnabled())


def test_the_list_is_copied_with_every_digit(window: MainWindow, qtbot: QtBot) -> None:
    table(window).setFocus()
    qtbot.keyClick(table(window), Qt.Key.Key_C, CTRL)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert [line[0] for line in lines] == ["run", "1", "2"]
    assert float(lines[2][5]) == window.session.snapshot().log_likelihoods[-1]


@pytest.mark.parametrize("width", [1024, 1440])
def test_no_figure_is_cut(window: MainWindow, qtbot: QtBot, width: int) -> None:
    window.resize(width, 768)
    qtbot.wait(50)
    for column in (1, 2, 3):
        assert table(window).columnWidth(column) >= table(window).sizeHintForColumn(column)
    assert window.minimumSizeHint().width() <= 1023


def test_the_folded_card_counts_the_runs(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    assert not table(window).isVisible()
    action(window, "run.new_start").trigger()
    action(window, "run.new_start").trigger()
    qtbot.waitUntil(lambda: "3 runs" in [w.text() for w in window.findChildren(type(window.header._title))])
