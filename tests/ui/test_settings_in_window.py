"""Settings of the fit, changed in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.driving import Open, action, find, run_to_the_end


def test_space_plays_from_a_numeric_field_too(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    field = find(window, QSpinBox, "fit.components")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Pause")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play")


def test_digits_set_k_only_while_the_plot_has_the_focus(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    plot = find(window, QWidget, "data.plot")
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: find(window, QSpinBox, "fit.components").value() == 5)
    find(window, QTableWidget, "parameters.table").setFocus()
    qtbot.keyClick(find(window, QTableWidget, "parameters.table"), Qt.Key.Key_2)
    assert window.session.state.run.settings.components == 5


def test_settings_are_locked_only_while_it_computes_and_say_why(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    field = find(window, QSpinBox, "fit.components")
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: not field.isEnabled())
    assert "pause" in field.toolTip().lower()
    action(window, "run.play").trigger()
    qtbot.waitUntil(field.isEnabled)
    assert "Locked" not in field.toolTip()


@pytest.mark.parametrize("text", ["0", "abc", "-1", "nan", "inf", ""])
def test_a_tolerance_that_cannot_be_is_told_and_the_old_one_stays(open_window: Open, qtbot: QtBot, text: str) -> None:
    window = open_window()
    before = window.session.state
    find(window, QAbstractButton, "fit.stop").click()
    field = find(window, QLineEdit, "fit.tolerance")
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    errors = [label.text() for label in window.findChildren(QLabel, "fit.error") if label.isVisible()]
    assert len(errors) == 1
    assert "tolerance" in errors[0]
    assert "above 0" in errors[0]
    assert window.session.state is before


def test_a_tolerance_typed_by_hand_moves_the_stop_mark(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    end = window.session.snapshot().stop_iteration
    field = find(window, QLineEdit, "fit.tolerance")
    field.selectAll()
    qtbot.keyClicks(field, "1e-3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    snapshot = window.session.snapshot()
    assert snapshot.settings.tolerance == 1e-3
    assert end is not None
    assert snapshot.stop_iteration is not None
    assert snapshot.stop_iteration < end == snapshot.last_iteration


def test_undo_names_the_act_and_takes_it_back(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    assert not action(window, "edit.undo").isEnabled()
    find(window, QSpinBox, "fit.components").setValue(4)
    qtbot.waitUntil(lambda: "number of components" in action(window, "edit.undo").text())
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: find(window, QSpinBox, "fit.components").value() == 3)


def test_new_start_is_the_next_seed(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--initialization", "random-points")
    before = window.session.snapshot().mixture
    qtbot.keyClick(window, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: window.session.state.run.ready and window.session.state.run.settings.seed == 1)
    after = window.session.snapshot().mixture
    assert before is not None
    assert after is not None
    assert not np.array_equal(before.means, after.means)


@pytest.mark.parametrize("name", ["seed", "max_iterations", "restarts"])
def test_a_number_that_no_field_holds_is_shown_as_it_is(open_window: Open, qtbot: QtBot, name: str) -> None:
    window = open_window("--sample", "faithful", f"--{name.replace('_', '-')}", "5000000000")
    field = find(window, QSpinBox, f"fit.{name}")
    assert field.text() == "5000000000"
    field.setFocus()
    window.setFocus()
    qtbot.wait(20)
    assert getattr(window.session.state.run.settings, name) == 5_000_000_000
    window.session.change_settings(**{name: 7})
    qtbot.waitUntil(lambda: field.text() == "7")
