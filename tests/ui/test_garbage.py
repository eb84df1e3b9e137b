"""What Qt has is taken apart in the window's thread, whoever makes the garbage."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.ui import garbage
from tests.ui.driving import Open

MANY = 200_000
"""More than makes Python look through everything."""


class _Knot(QObject):
    """Only a search for garbage finds it."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def _make_garbage() -> None:
    kept = []
    for _ in range(MANY):
        knot: list[object] = []
        knot.append(knot)
        kept.append([knot])


def test_another_thread_takes_no_object_of_qt_apart(open_window: Open, qtbot: QtBot) -> None:
    open_window()
    threads: list[threading.Thread] = []
    _Knot().destroyed.connect(lambda: threads.append(threading.current_thread()), Qt.ConnectionType.DirectConnection)
    worker = threading.Thread(target=_make_garbage)
    worker.start()
    worker.join()
    assert threads == []
    _make_garbage()  # in this thread nobody looks before the window's turn either
    qtbot.waitUntil(lambda: bool(threads), timeout=5000)
    assert threads == [threading.main_thread()]


def test_what_lived_long_is_found_too(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    garbage.install(qapp)
    ended: list[bool] = []
    knot = _Knot()
    knot.destroyed.connect(lambda: ended.append(True))
    gc.collect()
    gc.collect()
    monkeypatch.setattr(gc, "get_threshold", lambda: (0, 0, 0))
    assert ended == []
    del knot
    qtbot.waitUntil(lambda: bool(ended), timeout=5000)
    gc.enable()
