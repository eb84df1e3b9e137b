"""Kills real windows while they save a session: python tests/killed_while_keeping.py FOLDER TIMES SEED.

Each process is forked from this one, which has imported the program and made no application. It opens a session, works
on it until that is kept by itself, and saves it again and again until it is killed. Another one starts then, as a
person would, and reads what it is told. Printed is a line of JSON for each moment.
"""

# ruff: noqa: E402
from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.update(QT_QPA_PLATFORM="offscreen", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

import gmm_desktop.app
import gmm_desktop.export.writing
from gmm_desktop.data import DataError
from gmm_desktop.session.archive import open_session, save_session
from gmm_desktop.session.work import work_now
from gmm_desktop.ui.autosaving import Autosaving
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import find

NAME, OLD, KEPT = "lecture.gmm", "old", "kept"
LONGEST = 0.25  # seconds until a kill
GIVEN_UP = 60.0  # seconds
ROWS = 150_000
ENDED, HERE = "ended unexpectedly", " is here: "


def until(holds: Callable[[], object]) -> None:
    given_up = time.monotonic() + GIVEN_UP
    while not holds():
        QApplication.processEvents()
        time.sleep(1e-3)
        if time.monotonic() > given_up:
            os._exit(77)


def forked(own: Path, work: Callable[[], None]) -> int:
    """The number of a process that has settings and kept work of its own."""
    child = os.fork()
    if child:
        return child
    for name in ("CONFIG", "DATA", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(own / name.lower())
    stream = os.open(own / "stderr", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(stream, 2)
    try:
        work()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def prepare(folder: Path) -> None:
    """The old session: enough points that saving takes a while."""
    np.save(folder / "points.npy", np.random.default_rng(3).normal(size=(ROWS, 2)))

    def work() -> None:
        window = gmm_desktop.app.create_window([str(folder / "points.npy"), "--components", "2"])
        until(lambda: window.session.state.run.ready)
        window.session.name_run(1, OLD)
        save_session(folder / NAME, work_now(window.session), {})

    assert os.waitpid(forked(folder, work), 0)[1] == 0, (folder / "stderr").read_text()


def save_for_ever(window: MainWindow, path: Path, begun: int) -> None:
    until(lambda: window.windowTitle().startswith(NAME) and not window.background.name)
    window.session.name_run(1, KEPT)
    (keeps,) = window.findChildren(Autosaving)
    until(lambda: [keeps._look()] and keeps._kept == keeps._mark() and not keeps._thread)
    os.write(begun, b".")
    for number in range(10**6):
        window.session.name_run(1, f"new {number}")
        window.actions_by_id["file.save_session"].trigger()
        until(lambda: not window.background.name)


def kill_one(own: Path, wait: float) -> None:
    ready, begun = os.pipe()

    def work() -> None:
        os.close(ready)
        save_for_ever(gmm_desktop.app.create_window([str(own / NAME)]), own / NAME, begun)

    child = forked(own, work)
    os.close(begun)
    assert os.read(ready, 1) == b".", (own / "stderr").read_text()
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready)


def next_start(own: Path) -> None:
    """Reads one message after the other, and takes up the work that is offered."""
    window = gmm_desktop.app.create_window([])
    told: list[str] = []
    offered: list[Callable[[], object] | None] = []

    def read_all() -> bool:
        said = window.notices.text()
        if said:
            told.append(said)
            if HERE in said:
                offered.append(window.notices._act)
            find(window, QToolButton, "notice.close").click()
        return bool(offered) and any(ENDED in one for one in told) and not window.notices.text()

    until(read_all)
    assert offered[0] is not None
    offered[0]()
    until(lambda: not window.background.name and window.windowTitle().startswith(NAME))
    name = window.session.state.run.name
    window.actions_by_id["file.save_session"].trigger()
    until(lambda: not window.background.name and window.notices.text())
    asked = window.notices.text()
    if "changed elsewhere" in asked:
        find(window, QPushButton, "notice.button").click()
        until(lambda: not window.background.name and window.notices.text().startswith("Saved"))
    (own / "told.json").write_text(json.dumps({"told": told, "name": name, "asked": asked}))


def name_in(path: Path) -> str:
    try:
        return open_session(path).work.state.run.name
    except DataError as error:
        return f"LOST: {error}"


def run() -> None:
    folder, times, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    prepare(folder)
    for number in range(times):
        own = folder / str(number)
        own.mkdir()
        shutil.copy(folder / NAME, own / NAME)
        wait = chance.uniform(0, LONGEST)
        kill_one(own, wait)
        held, strays = name_in(own / NAME), sorted(path.name for path in own.iterdir() if path.name.endswith(".part"))
        status = os.waitpid(forked(own, lambda own=own: next_start(own)), 0)[1]  # type: ignore[misc]
        left = sorted(str(path.relative_to(own)) for path in own.rglob("*") if path.name.endswith(".part"))
        said = json.loads((own / "told.json").read_text()) if status == 0 else (own / "stderr").read_text()
        saved = name_in(own / NAME)
        one = {"wait": round(wait, 3), "held": held, "strays": strays, "left": left, "said": said, "saved": saved}
        print(json.dumps(one), flush=True)
        shutil.rmtree(own)


if __name__ == "__main__":
    run()
