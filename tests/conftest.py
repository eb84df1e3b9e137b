"""What all tests share: Qt off screen, settings of their own, and nothing left behind."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gmm_desktop.ui.main_window import MainWindow


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of what never ends is tried: little by default, more with a flag."""
    group = parser.getgroup("gmm-desktop")
    group.addoption("--moments", type=int, default=50, help="at how many random moments the window is closed")
    group.addoption("--actions", type=int, default=2000, help="how many random actions are tried on the window")
    group.addoption("--mutations", type=int, default=0, help="how many mutated files are read; 0: the usual number")
    group.addoption("--soak", type=float, default=0.0, help="for how many minutes the window is soaked; 0: not at all")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings and the kept work of the person who runs it."""
    from PySide6.QtCore import QSettings

    home = tmp_path_factory.mktemp("home")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "settings"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Opens the real window with the arguments of a command line; closes it and looks for what it left behind."""
    from PySide6.QtWidgets import QApplication, QLabel

    from gmm_desktop.app import create_window

    windows: list[MainWindow] = []

    def open_one(*arguments: str) -> MainWindow:
        window = create_window(list(arguments))
        windows.append(window)
        qtbot.waitExposed(window)
        caption = window.findChild(QLabel, "data.caption")
        assert isinstance(caption, QLabel)
        qtbot.waitUntil(lambda: not caption.text().startswith("Making"), timeout=5000)
        return window

    yield open_one
    for window in windows:
        window.close()
        window.deleteLater()
    windows.clear()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, 52)  # QEvent.Type.DeferredDelete
    gc.collect()
    gc.enable()  # tests without a window have nobody to collect for them
    assert [w.objectName() or type(w).__name__ for w in QApplication.topLevelWidgets() if w.isVisible()] == []
    from gmm_desktop.session.fit_worker import _alive

    assert not [worker for worker in _alive if worker.isRunning()]
