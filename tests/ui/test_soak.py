"""Hours of use: memory, threads, timers and objects return to where they were. Only with ``--soak MINUTES``."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.app import create_window
from gmm_desktop.session import fit_worker
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.acting import Actor

A_ROUND = 150  # actions with one window, after which it is closed
WARM = 20  # rounds after which everything that is made once is made
LEAST = 60  # rounds
SLACK_BYTES = 80_000_000
"""Memory goes up and down by hundreds of megabytes, as films and pictures come and go: the low tides are compared."""


def held() -> int:
    """Bytes that this process holds in memory, without what is kept for later: by caches, and by the allocator."""
    for one in gc.get_objects():
        if type(one).__name__ == "_lru_cache_wrapper" and one.__module__.startswith("gmm_desktop"):
            one.cache_clear()
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def alive() -> Counter[str]:
    """What must not grow, each with how many there are."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, 52)  # QEvent.Type.DeferredDelete
    gc.collect()
    kinds = {QTimer: "timers", QThread: "QThreads", QWidget: "widgets", QObject: "QObjects"}
    counts: Counter[str] = Counter(workers=len(fit_worker._alive))
    counts["threads"] = len(os.listdir("/proc/self/task"))
    counts["windows"] = len(QApplication.topLevelWidgets())
    for one in gc.get_objects():
        if isinstance(one, QObject):
            counts[next(name for kind, name in kinds.items() if isinstance(one, kind))] += 1
    counts["open files"] = len(os.listdir("/proc/self/fd"))
    return counts


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="this system does not tell what a process holds")
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_everything_returns_to_where_it_was(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    minutes = request.config.getoption("--soak")
    if not minutes:
        pytest.skip("with --soak MINUTES")
    folder = tmp_path / "files"
    folder.mkdir()
    until, chance, rounds = time.monotonic() + 60 * minutes, random.Random(3), 0
    before, tides = alive(), []
    while time.monotonic() < until or rounds < LEAST:
        _a_round(create_window([]), chance.randrange(10**6), folder)
        _wait_for_threads(qtbot)
        rounds += 1
        tides.append(held())
        if rounds == WARM:
            before = alive()
    after, middle = alive(), (WARM + rounds) // 2
    first, last = min(tides[WARM:middle]), min(tides[middle:])
    print(f"\n{rounds} windows: {first / 1e6:.0f} MB, then {last / 1e6:.0f} MB; {dict(before)}, then {dict(after)}")
    assert {name: count for name, count in (after - before).items() if count > 10} == {}
    assert last - first < SLACK_BYTES


def _wait_for_threads(qtbot: QtBot) -> None:
    """What is being written when a window is closed is finished."""

    def others() -> list[str]:
        names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
        return [name for name in names if not name.startswith("Dummy-")]  # what Python remembers of ended QThreads

    until = time.monotonic() + 20
    while others() and time.monotonic() < until:
        qtbot.wait(20)
    assert others() == []


def _a_round(window: MainWindow, seed: int, folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        actor = Actor(window, seed, folder, patch)
        for _ in range(A_ROUND):
            actor.act()
        assert not actor.crashes, "\n".join([*actor.done, actor.crashes[0]])
        actor.settle()
    window.close()
    window.deleteLater()
