"""Work in a thread gives way to the window."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from gmm_desktop.session.background import Background, Progress


def test_work_waits_while_the_window_is_busy(qtbot: QtBot) -> None:
    """While one turn of the event loop takes its time, the work tells nothing."""
    owner = QObject()
    background = Background(owner)
    progress, told, ends = Progress(), [0], threading.Event()

    def work() -> None:
        while not ends.is_set():
            progress.tell(0.5)
            told[0] += 1
            time.sleep(0.001)

    busy: list[int] = []

    def keep_busy() -> None:
        time.sleep(0.015)  # longer than it takes to be noticed
        before = told[0]
        time.sleep(0.05)
        busy.append(told[0] - before)

    background.start("work", work, lambda _: None, lambda error: None, progress=progress)
    qtbot.waitUntil(lambda: told[0] > 20, timeout=5000)
    for wait in (50, 150):
        QTimer.singleShot(wait, owner, keep_busy)
    qtbot.waitUntil(lambda: len(busy) == 2, timeout=5000)
    ends.set()
    qtbot.waitUntil(lambda: not background.name, timeout=5000)
    assert min(busy) == 0
    assert told[0] > 20


def test_work_does_not_wait_for_a_window_that_is_gone(qtbot: QtBot) -> None:
    """What is still being written when the window has closed is written at full speed."""
    background, progress, done = Background(), Progress(), threading.Event()

    def work() -> None:
        time.sleep(0.02)  # longer than it takes to be noticed
        for step in range(50):  # each would wait a tenth of a second
            progress.tell(step / 50)
        done.set()

    background.start("work", work, lambda _: None, lambda error: None, progress=progress, must_finish=True)
    assert done.wait(2.0), "nothing beats: this thread turns no event loop"
    qtbot.waitUntil(lambda: not background.name, timeout=5000)
