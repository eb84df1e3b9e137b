"""Starts, stops, collapses and acceleration, chosen and explained in the real window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QSpinBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import ACCELERATIONS, COLLAPSES, COVARIANCE_TYPES, INITIALIZERS, STOP_RULES
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.tool_tips import shown, tip_of
from tests.ui.driving import Open, action, find, run_to_the_end, text

PETALS = ("--sample", "iris", "--columns", "Petal.Length,Petal.Width")
COLLAPSING = (*PETALS, "--components", "6", "--initialization", "random-points")
TABLES: dict[str, Mapping[str, Any]] = {
    "fit.covariance": COVARIANCE_TYPES,
    "fit.initialization": INITIALIZERS,
    "fit.stop_rule": STOP_RULES,
    "fit.collapse": COLLAPSES,
    "fit.acceleration": ACCELERATIONS,
}


def choose(window: MainWindow, qtbot: QtBot, name: str, row: str) -> None:
    """With the keys, as a person does."""
    box = find(window, QComboBox, name)
    if not box.isVisible():
        find(window, QAbstractButton, "fit.steps").click()
    box.setFocus()
    for _ in range(box.findData(row) - box.currentIndex()):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == row


def summaries(window: MainWindow) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def overflows(label: QLabel) -> bool:
    room = label.contentsRect()
    needed = label.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), label.text())
    return needed.height() > room.height() or needed.width() > room.width()


@pytest.mark.parametrize("name", TABLES)
def test_each_row_is_explained_with_formula_and_source(open_window: Open, name: str) -> None:
    window = open_window()
    box = find(window, QComboBox, name)
    for id_, row in TABLES[name].items():
        index = box.findData(id_)
        tip = box.itemData(index, Qt.ItemDataRole.ToolTipRole)
        assert tip.split("\n") == [x for x in (row.tip, getattr(row, "formula", ""), getattr(row, "source", "")) if x]
        assert not QtText.mightBeRichText(tip)
    current = TABLES[name][box.currentData()]
    assert box.toolTip() == tip_of(current)
    assert box.accessibleName()


def test_the_box_explains_the_row_that_is_chosen_and_why_it_is_locked(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    box = find(window, QComboBox, "fit.initialization")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.toolTip() == tip_of(INITIALIZERS["k-means"])
    assert INITIALIZERS["k-means"].formula in box.toolTip()
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: not box.isEnabled())
    assert box.toolTip().startswith(tip_of(INITIALIZERS["k-means"]))
    assert "pause" in box.toolTip().splitlines()[-1]
    action(window, "run.play").trigger()
    qtbot.waitUntil(box.isEnabled)
    action(window, "edit.undo").trigger()
    qtbot.waitUntil(lambda: box.toolTip() == tip_of(INITIALIZERS["k-means++"]))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # pop-ups want more of a screen
def test_a_tip_is_shown_to_the_letter_in_the_box_and_in_its_list(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--stop-rule", "gain")
    find(window, QAbstractButton, "fit.stop").click()
    box = find(window, QComboBox, "fit.stop_rule")

    def hover(widget: QWidget, place: QPoint) -> str:
        QToolTip.hideText()
        QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
        return QToolTip.text()

    assert hover(box, QPoint(5, 5)) == shown(tip_of(STOP_RULES["gain"]))
    box.showPopup()
    view = box.view()
    row = view.visualRect(view.model().index(3, 0))
    assert hover(view.viewport(), row.center()) == shown(tip_of(STOP_RULES["aitken"]))
    assert view.width() >= view.sizeHintForColumn(0)
    box.hidePopup()
    QToolTip.hideText()


def test_what_looks_like_tags_is_shown_and_not_obeyed() -> None:
    assert "&lt;b&gt;n &lt; 3" in shown("<b>n < 3")
    assert QtText.mightBeRichText(shown("x"))


def test_acceleration_makes_a_new_start_and_the_audience_is_told(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*PETALS)
    window.resize(1024, 768)
    run_to_the_end(window, qtbot)
    plain = window.session.snapshot()
    assert "accelerated" not in text(window, "data.caption")
    choose(window, qtbot, "fit.acceleration", "squarem")
    qtbot.waitUntil(lambda: "accelerated: SQUAREM" in text(window, "data.caption"))
    snapshot = window.session.snapshot()
    assert (snapshot.iteration, snapshot.last_iteration, len(window.session.state.runs)) == (0, 0, 2)
    qtbot.waitUntil(lambda: "accelerated: SQUAREM" in summaries(window))
    assert snapshot.undo == "acceleration"
    qtbot.keyClick(find(window, QWidget, "data.plot"), Qt.Key.Key_H)
    qtbot.waitUntil(lambda: action(window, "run.half_step").iconText() == "Stride")
    run_to_the_end(window, qtbot)
    assert window.session.snapshot().last_iteration < plain.last_iteration
    for iteration in range(window.session.snapshot().last_iteration + 1):
        window.session.show_iteration(iteration)
        qtbot.waitUntil(lambda i=iteration: not i or text(window, "data.caption").startswith(f"Iteration {i} "))
        assert "accelerated: SQUAREM" in text(window, "data.caption")
        assert not overflows(find(window, QLabel, "data.caption")), text(window, "data.caption")
    action(window, "edit.undo").trigger()
    qtbot.waitUntil(lambda: "accelerated" not in text(window, "data.caption"))
    assert window.session.snapshot().last_iteration == plain.last_iteration


def test_a_collapse_can_end_the_fit_which_says_which_component(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*COLLAPSING)
    window.resize(1024, 768)
    choose(window, qtbot, "fit.collapse", "stop")
    qtbot.waitUntil(lambda: len(window.session.state.runs) == 2 and window.session.state.run.ready)
    assert window.session.snapshot().iteration == 0
    qtbot.waitUntil(lambda: "as it is taught\ncollapse: stop" in summaries(window))
    run_to_the_end(window, qtbot)
    snapshot = window.session.snapshot()
    assert snapshot.outcome == "failed"
    assert snapshot.iteration == snapshot.last_iteration > 0
    qtbot.waitUntil(lambda: "collapsed" in text(window, "data.caption"))
    assert text(window, "data.caption").startswith(f"Iteration {snapshot.last_iteration} · Component")
    assert "collapsed" in text(window, "fit_card.messages")
    assert not overflows(find(window, QLabel, "data.caption"))
    assert not action(window, "run.go_on").isEnabled()
    assert not action(window, "run.step").isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith(f"Iteration {snapshot.last_iteration - 1} · "))
    assert "collapsed" not in text(window, "data.caption")
    qtbot.keyClick(window, Qt.Key.Key_Home)
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == snapshot.last_iteration, timeout=5000)


def test_a_collapsed_component_can_start_again(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*COLLAPSING, "--collapse", "restart")
    assert find(window, QComboBox, "fit.collapse").currentData() == "restart"
    run_to_the_end(window, qtbot)
    assert window.session.snapshot().outcome in ("converged", "stopped")


@pytest.mark.parametrize("height", [768, 900])
def test_nothing_is_cut_with_the_cards_open(open_window: Open, qtbot: QtBot, height: int) -> None:
    window = open_window(*PETALS, "--acceleration", "squarem", "--collapse", "restart")
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700
    window.resize(1024, height)
    for name in ("fit.steps", "fit.stop"):
        find(window, QAbstractButton, name).click()
    qtbot.wait(50)
    area = window.column(0)
    for widget in area.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QComboBox | QSpinBox | QAbstractButton | QLabel):
            right = widget.mapTo(area, widget.rect().topRight()).x()
            if area.isAncestorOf(widget) and not widget.objectName().startswith("qt_"):
                assert right <= area.viewport().width(), widget  # type: ignore[attr-defined]
            if isinstance(widget, QLabel):
                assert not overflows(widget), widget.text()


def pick_by_keys(box: QComboBox, qtbot: QtBot, row: str) -> bool:
    """Go down the list by the arrow key, which passes over what cannot be picked; whether the row was reached."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.count()):
        if box.currentData() == row:
            return True
        qtbot.keyClick(box, Qt.Key.Key_Down)
    return box.currentData() == row


def test_known_labels_can_be_the_start_where_the_data_have_them(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*PETALS, "--components", "3")
    assert pick_by_keys(find(window, QComboBox, "fit.initialization"), qtbot, "labels")
    qtbot.waitUntil(lambda: window.session.state.run.ready and window.session.state.run.settings.seed == 0)
    qtbot.waitUntil(lambda: window.session.snapshot().settings.initialization == "labels")
    qtbot.waitUntil(lambda: window.session.snapshot().mixture is not None)
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    # The means of the three species, as the literature has them: 1.462, 4.260, 5.552 cm.
    assert mixture.means[:, 0] == pytest.approx([1.462, 4.260, 5.552], abs=1e-3)


def test_they_cannot_where_there_are_none(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    assert not pick_by_keys(find(window, QComboBox, "fit.initialization"), qtbot, "labels")
