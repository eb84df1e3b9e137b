"""What a race of starts found, in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import LocalMaximum, Mixture
from gmm_desktop.ui.maxima_table import MOST_DEGENERATE, MOST_REGULAR, MaximaTable
from tests.ui.driving import Open, find, run_to_the_end, text

PETALS = ("--sample", "iris", "--columns", "Petal.Length,Petal.Width", "--components", "4")
DEGENERATE = "Set aside as degenerate"


def rows(table: QTableWidget) -> list[list[str]]:
    columns = range(table.columnCount())
    items = [[table.item(row, column) for column in columns] for row in range(table.rowCount())]
    return [[item.text() for item in row if item is not None] for row in items]


def maximum(height: float, regular: bool = True, reached: int = 1) -> LocalMaximum:
    mixture = Mixture([1.0], [[0.0]], [[[1.0]]])
    return LocalMaximum(height, reached, 0, 12.25, 0.5 if regular else 1e-6, regular, mixture)


@pytest.mark.parametrize("width", [1024, 1440])
def test_a_race_shows_every_maximum_the_degenerate_ones_apart(open_window: Open, qtbot: QtBot, width: int) -> None:
    window = open_window(*PETALS, "--restarts", "10", "--seed", "1")
    window.resize(width, 768)
    table = find(window, QTableWidget, "fit_card.maxima")
    assert not table.isVisible()
    run_to_the_end(window, qtbot)
    qtbot.waitUntil(table.isVisible)
    assert table.accessibleName()
    assert table.toolTip()
    maxima = window.session.snapshot().maxima
    regular = sum(one.regular for one in maxima)
    assert 1 <= regular < len(maxima)
    shown = rows(table)
    assert shown[regular] == [DEGENERATE]
    best = [f"{maxima[0].log_likelihood:.2f}", f"{maxima[0].reached} of 10", f"{maxima[0].smallest_count:.1f}"]
    assert shown[0][:3] == best
    assert shown[0][0] == text(window, "fit_card.log_likelihood")
    qtbot.wait(50)
    for column in range(table.columnCount()):
        assert table.columnWidth(column) >= table.sizeHintForColumn(column)
    assert not table.horizontalScrollBar().isVisible()
    last = table.visualItemRect(table.item(table.rowCount() - 1, 0))
    assert last.bottom() <= table.viewport().height()


def test_they_stay_while_one_looks_back_and_go_with_the_next_run(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*PETALS, "--restarts", "4", "--seed", "1")
    table = find(window, QTableWidget, "fit_card.maxima")
    run_to_the_end(window, qtbot)
    qtbot.waitUntil(table.isVisible)
    window.session.show_iteration(1)
    qtbot.wait(50)
    assert table.isVisible()
    window.session.change_settings(tolerance=1e-8)
    run_to_the_end(window, qtbot)
    assert table.isVisible()
    find(window, QSpinBox, "fit.restarts").setValue(1)
    qtbot.waitUntil(lambda: not table.isVisible())


def test_one_start_has_no_table(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*PETALS)
    run_to_the_end(window, qtbot)
    assert not find(window, QTableWidget, "fit_card.maxima").isVisible()


def test_ctrl_c_copies_all_with_every_digit(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*PETALS, "--restarts", "5", "--seed", "1")
    table = find(window, QTableWidget, "fit_card.maxima")
    run_to_the_end(window, qtbot)
    qtbot.waitUntil(table.isVisible)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    maxima = window.session.snapshot().maxima
    assert [float(line[0]) for line in lines[1:]] == [one.log_likelihood for one in maxima]
    assert [line[5] for line in lines[1:]] == ["no" if one.regular else "yes" for one in maxima]
    assert {line[2] for line in lines[1:]} == {"5"}


def test_many_are_counted_and_all_are_copied(qtbot: QtBot) -> None:
    table = MaximaTable()
    qtbot.addWidget(table)
    heights = np.linspace(-1e5, -2e5, 9)
    maxima = (*map(maximum, heights), *(maximum(height, regular=False) for height in heights))
    table.show_maxima(maxima, 1000)
    shown = rows(table)
    assert len(shown) == MOST_REGULAR + 1 + 1 + MOST_DEGENERATE + 1
    assert shown[MOST_REGULAR] == ["and 4 more"]
    assert shown[MOST_REGULAR + 1] == [DEGENERATE]
    assert shown[-1] == ["and 6 more"]
    assert shown[0] == ["-100\u202f000.00", "1 of 1\u202f000", "12.2", "0.5"]
    table.copies.copy()
    assert len(QApplication.clipboard().text().splitlines()) == 19


def test_none_regular_is_said_by_the_heading(qtbot: QtBot) -> None:
    table = MaximaTable()
    qtbot.addWidget(table)
    table.show_maxima((maximum(-1.0, regular=False, reached=3),), 3)
    assert rows(table) == [[DEGENERATE], ["-1.00", "3 of 3", "12.2", "1e-6"]]
