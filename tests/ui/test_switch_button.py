"""A button that is in is told from one that is out."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.switch_button import SwitchButton
from tests.ui.driving import Open, action, find


def greys(button: QToolButton) -> QImage:
    QApplication.processEvents()
    return button.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def bar(image: QImage) -> int:
    """The longest level run of pixels near the foot that stands out from what is above it, without colours."""
    longest = 0
    for y in range(image.height() * 2 // 3, image.height() - 2):
        run = 0
        for x in range(8, image.width() - 8):
            apart = abs(image.pixelColor(x, y).lightness() - image.pixelColor(x, image.height() // 4).lightness())
            run = run + 1 if apart > 60 else 0
            longest = max(longest, run)
    return longest


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_bar_shows_without_colours_which_curve_is_chosen(open_window: Open, qtbot: QtBot, theme: str) -> None:
    window = open_window()
    action(window, f"view.theme_{theme}").trigger()
    shown, other = (find(window, QToolButton, f"curve.{name}") for name in ("log_likelihood", "gain"))
    assert bar(greys(shown)) > 20
    assert bar(greys(other)) < 12
    other.click()
    assert bar(greys(shown)) < 12
    assert bar(greys(other)) > 20


def test_every_button_of_a_switch_has_one(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    plain = [
        button.objectName() or button.text() or button.accessibleName()
        for button in window.findChildren(QToolButton)
        if button.isCheckable() and not isinstance(button, SwitchButton) and button.arrowType().value == 0
    ]
    assert [name for name in plain if name != "Present"] == []  # never seen while it is in
