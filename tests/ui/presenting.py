"""The window as a presentation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow


def present(window: MainWindow, qtbot: QtBot, size: tuple[int, int] = (1920, 1080)) -> None:
    """F5, on a screen of that size."""
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert window.presentation.is_on
    assert window.isFullScreen()
    settle()
    window.resize(*size)
    settle()
    assert (window.width(), window.height()) == size


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()
