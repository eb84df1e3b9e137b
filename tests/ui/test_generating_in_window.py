"""Data are made up in the real window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import GENERATORS
from gmm_desktop.data.generators import BlobsGenerator, UniformGenerator
from gmm_desktop.ui.generate_dialog import GenerateDialog
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.theme import DARK, LIGHT
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, action, find, text, wait_for_background
from tests.ui.generating import NAMES, enter, part, pick, previewed, settle
from tests.ui.showing import count_near, picture_of


def asked_in(window: MainWindow, qtbot: QtBot) -> GenerateDialog:
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    dialog = find(window, QDialog, "generate_dialog")
    qtbot.waitUntil(dialog.isVisible)
    assert isinstance(dialog, GenerateDialog)
    return dialog


@pytest.mark.parametrize("name", NAMES)
def test_the_points_are_taken_with_their_own_k(open_window: Open, qtbot: QtBot, name: str) -> None:
    window = open_window("--sample", "faithful")
    dialog = asked_in(window, qtbot)
    pick(dialog, name)
    expected = previewed(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: text(window, "data.title") == GENERATORS[name].label)
    data = window.session.state.run.dataset
    assert_array_equal(data.points, expected.points)
    assert window.session.snapshot().settings.components == expected.components
    qtbot.waitUntil(lambda: not window.findChildren(QDialog, "generate_dialog"))

    size, seed = find(window, QSpinBox, "data.size"), find(window, QSpinBox, "data.seed")
    assert (size.value(), seed.value()) == (data.size, 0)
    size.setValue(50)
    assert window.session.state.run.dataset.size == 50
    few = window.session.state.run.dataset.points
    qtbot.mouseClick(find(window, QAbstractButton, "data.new_seed"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: seed.value() == 1)
    assert not np.array_equal(window.session.state.run.dataset.points, few)
    action(window, "edit.undo").trigger()
    assert_array_equal(window.session.state.run.dataset.points, few)


def test_it_begins_with_what_drew_the_shown_data(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "overlapping-groups")
    dialog = asked_in(window, qtbot)
    assert_array_equal(previewed(dialog).points, window.session.state.run.dataset.points)
    dialog.reject()
    blobs = replace(BlobsGenerator(), groups=5, deviation=0.75).of_size(77)
    window.session.open(blobs.dataset(12))
    dialog = fresh(window, qtbot)
    assert previewed(dialog).generator == blobs
    assert part(dialog, QSpinBox, "generate.seed").value() == 12
    dialog.reject()


def fresh(window: MainWindow, qtbot: QtBot) -> GenerateDialog:
    qtbot.waitUntil(lambda: not window.findChildren(QDialog, "generate_dialog"))
    qtbot.waitUntil(lambda: action(window, "file.generate").isEnabled())
    action(window, "file.generate").trigger()  # the window may not be the active one yet
    dialog = find(window, QDialog, "generate_dialog")
    assert isinstance(dialog, GenerateDialog)
    return dialog


def test_cancelling_changes_nothing(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    before = window.session.state
    dialog = asked_in(window, qtbot)
    pick(dialog, "rings")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(QDialog, "generate_dialog"))
    assert window.session.state is before


def test_the_data_set_box_leads_to_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    box = find(window, QComboBox, "data.sample")
    box.setCurrentIndex(box.findText("Generate data …"))
    dialog = find(window, QDialog, "generate_dialog")
    qtbot.waitUntil(dialog.isVisible)
    assert box.currentText() == "Three groups (1-D)"
    dialog.reject()


def test_many_points_are_drawn_in_the_background(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    dialog = asked_in(window, qtbot)
    pick(dialog, "uniform")
    enter(qtbot, dialog, "generate.size", "300000")
    dialog.accept()
    assert window.background.name == "Drawing 300000 points"
    wait_for_background(window, qtbot)
    data = window.session.state.run.dataset
    assert_array_equal(data.points, UniformGenerator(300_000).dataset(0).points)
    qtbot.waitUntil(lambda: text(window, "data.about").startswith("300\u202f000 points"))


def test_the_open_dialog_follows_a_change_of_theme(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    window.choose_theme("light")
    dialog = asked_in(window, qtbot)
    settle(dialog)
    for choice, theme, other in (("dark", DARK, LIGHT), ("light", LIGHT, DARK)):
        window.choose_theme(choice)
        image = picture_of(part(dialog, DataPlot, "generate.preview"))
        assert count_near(image, theme.card, 2) > image.width() * image.height() / 2
        assert count_near(image, other.card, 2) < 1000
    dialog.reject()
