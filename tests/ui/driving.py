"""Finding and using what is in the window, by the names that others rely on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QLabel,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel

Open = Callable[..., MainWindow]


def action(window: MainWindow, name: str) -> QAction:
    action = window.findChild(QAction, name)
    assert isinstance(action, QAction)
    return action


def text(window: MainWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


T = TypeVar("T", bound=QWidget)


def find(window: MainWindow, kind: type[T], name: str) -> T:
    widget = window.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def fast(window: MainWindow) -> None:
    speed = find(window, QSlider, "run.speed")
    speed.setValue(speed.maximum())


def wait_for_background(window: MainWindow, qtbot: QtBot) -> None:
    """Until what is read or written in the background is done."""
    qtbot.waitUntil(lambda: not window.pieces.is_busy and not window.background.name, timeout=10_000)


def run_to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    fast(window)
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=20_000)
    qtbot.waitUntil(lambda: action(window, "run.play").text() == "Play", timeout=5000)
    qtbot.waitUntil(lambda: _curve_shows_the_end(window), timeout=5000)
    qtbot.wait(50)


def _curve_shows_the_end(window: MainWindow) -> bool:
    shown = window.panel(CurvesPanel).plot("log_likelihood").shown_snapshot
    return shown is not None and shown.outcome == window.session.snapshot().outcome
