"""Figures that stand in no table widget: on the clipboard by keys and by mouse, judged by others."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QScrollArea, QTableView, QTableWidget, QWidget
from pytestqt.qtbot import QtBot
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from gmm_desktop.ui.copying import MENU
from gmm_desktop.ui.generate_dialog import GenerateDialog
from gmm_desktop.ui.importing.dialog import ImportDialog
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.theme import LIGHT
from tests.ui.driving import Open, action, find, run_to_the_end, text
from tests.ui.hands import at, editing, move, press, release, settled
from tests.ui.hands import shown as placed
from tests.ui.previewing import part, preview

# What the off-screen platform says of every menu; nothing is wrong.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window: Open, qtbot: QtBot) -> MainWindow:
    made = open_window("--sample", "faithful")
    run_to_the_end(made, qtbot)
    return made


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def cells() -> list[list[str]]:
    return list(csv.reader(io.StringIO(clipboard()), delimiter="\t"))


def right_click(widget: QWidget, owner: QWidget, qtbot: QtBot, letter: Qt.Key) -> None:
    """Open the menu where the mouse is, and choose by the key that an entry underlines."""
    place = QPoint(12, 6)
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place)))
    qtbot.waitUntil(lambda: any(menu.isVisible() for menu in owner.findChildren(QMenu, MENU)))
    (menu,) = [menu for menu in owner.findChildren(QMenu, MENU) if menu.isVisible()]
    qtbot.keyClick(menu, letter)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_the_figures_of_a_fit_have_every_digit(window: MainWindow, qtbot: QtBot) -> None:
    snapshot = window.session.snapshot()
    mixture, points = snapshot.mixture, snapshot.dataset.points
    assert mixture is not None
    judge = GaussianMixture(2)
    judge.weights_, judge.means_, judge.covariances_ = mixture.weights, mixture.means, mixture.covariances
    judge.precisions_cholesky_ = np.linalg.inv(np.linalg.cholesky(mixture.covariances)).transpose(0, 2, 1)
    expected = {
        "Iteration": snapshot.iteration,
        "Log-likelihood": judge.score(points) * len(points),
        "Log-likelihood per point": judge.score(points),
        "Free parameters": 11,
        "AIC": judge.aic(points),
        "BIC": judge.bic(points),
    }
    figures = find(window, QWidget, "fit_card.figures")
    figures.setFocus()
    qtbot.keyClick(figures, Qt.Key.Key_C, CTRL)
    assert cells()[0] == ["figure", "value"]
    copied = {name: float(value) for name, value in cells()[1:]}
    assert copied == pytest.approx(expected, rel=1e-12)
    assert copied["Log-likelihood"] == float(snapshot.log_likelihoods[-1])
    shown = {"Log-likelihood": "log_likelihood", "AIC": "aic", "BIC": "bic"}
    for name, key in shown.items():
        on_screen = text(window, f"fit_card.{key}").replace("\u202f", "").replace("−", "-")
        assert float(on_screen) == round(copied[name], 2)


def test_the_mouse_offers_them_over_name_and_number(window: MainWindow, qtbot: QtBot) -> None:
    figures, number = find(window, QWidget, "fit_card.figures"), find(window, QLabel, "fit_card.bic")
    right_click(figures, figures, qtbot, Qt.Key.Key_M)
    assert "| BIC | 2322." in clipboard()
    right_click(number, figures, qtbot, Qt.Key.Key_L)
    assert re.search(r"BIC & \$?2322\.", clipboard())
    number.setFocus()
    qtbot.keyClick(number, Qt.Key.Key_C, CTRL)
    assert clipboard().startswith("figure\tvalue\n"), "nothing of it is marked"
    number.setSelection(0, 1)
    qtbot.keyClick(number, Qt.Key.Key_C, CTRL)
    assert clipboard() == "2", "what is marked is what is copied"


def test_nothing_is_copied_of_a_start_that_is_being_placed(open_window: Open, qtbot: QtBot) -> None:
    window, plot = editing(open_window, qtbot, "--sample", "faithful")
    start = at(plot, placed(window).means[0])
    press(plot, start)
    for i in range(1, 10):
        move(plot, start + QPoint(2 * i, -i))
    qtbot.waitUntil(lambda: text(window, "fit_card.bic") == "–")
    qtbot.keyClick(find(window, QWidget, "fit_card.figures"), Qt.Key.Key_C, CTRL)
    assert clipboard() == "figure\tvalue"
    release(plot, start + QPoint(18, -9))
    settled(window, qtbot)


def test_the_responsibilities_of_a_point(window: MainWindow, qtbot: QtBot) -> None:
    action(window, "view.inspect_next").trigger()
    area = find(window, QScrollArea, "point.numbers")
    qtbot.waitUntil(area.isVisible)
    right_click(area.widget(), area, qtbot, Qt.Key.Key_C)
    header, *rows = cells()
    assert header == ["component", "weight", "density", "log density", "responsibility"]
    mixture, points = window.session.snapshot().mixture, window.session.snapshot().dataset.points
    assert mixture is not None
    place = points[np.lexsort(points.T[::-1])[0]]  # the leftmost one
    densities = [multivariate_normal.pdf(place, m, c) for m, c in zip(mixture.means, mixture.covariances, strict=True)]
    products = mixture.weights * densities
    expected = np.column_stack([mixture.weights, densities, np.log(densities), products / products.sum()])
    np.testing.assert_allclose(np.array([row[1:] for row in rows], dtype=float), expected, rtol=1e-9)
    assert [row[0] for row in rows] == ["A", "B"]


def test_the_first_rows_of_a_file(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    content = "x,name,y\n" + "\n".join(
        f"{i / 7!r},{'=1+1' if i == 3 else 'a|b'},{'' if i == 5 else i}" for i in range(9)
    )
    path = tmp_path / "rows.csv"
    path.write_text(content)
    window = open_window(str(path))
    action(window, "file.reopen").trigger()
    dialog = preview(window, qtbot)
    assert isinstance(dialog, ImportDialog)
    table = part(dialog, QTableView, "import.rows")
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL)
    header, *rows = cells()
    assert header == ["x", "name", "y", "skipped"]
    assert [float(row[0]) for row in rows] == [i / 7 for i in range(9)]
    assert rows[3][1] == "'=1+1"
    assert rows[5][2] == ""
    assert [bool(row[3]) for row in rows] == [i == 5 for i in range(9)]
    right_click(table.viewport(), table, qtbot, Qt.Key.Key_M)
    assert r"a\|b" in clipboard()
    dialog.reject()


def test_the_mixture_that_is_typed(qtbot: QtBot) -> None:
    dialog = GenerateDialog(LIGHT)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    table = dialog.findChild(QTableWidget, "mixture.table")
    assert isinstance(table, QTableWidget)
    item = table.item(1, 1)
    assert item is not None
    item.setText("5,25")
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL)
    assert clipboard() == "Component\tWeight\tMean\tVariance\nA\t0.5\t0.0\t1.0\nB\t0.5\t5.25\t1.0"
    right_click(table.viewport(), table, qtbot, Qt.Key.Key_L)
    assert clipboard().startswith(r"\begin{tabular}{lrrr}")
