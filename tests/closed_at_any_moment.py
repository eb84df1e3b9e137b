"""Closes the window of a real process at random moments: python tests/closed_at_any_moment.py FOLDER TIMES SEED.

Each process is forked from this one, which has imported the program and made no application, runs the program's own
``main``, and ends as it does. Printed is a line of JSON for each: what it did, when it was closed (seconds), how long
that took, its exit status, what it wrote on standard error, and what is in the folder that it wrote into.
"""

# ruff: noqa: E402
from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.update(QT_QPA_PLATFORM="offscreen", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import pandas  # noqa: F401  loaded here once, and not by each process
import PIL.Image  # noqa: F401
from PySide6.QtCore import QTimer

import gmm_desktop.app
import gmm_desktop.export.animations
import gmm_desktop.mixture.fit
from gmm_desktop.command_line import main
from gmm_desktop.ui import animation_dialog, files, filming, picture_dialog, picturing
from gmm_desktop.ui.film_view import FilmLook
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.pictures import PictureLook

LONGEST = 0.8  # seconds after the first picture
NOTHING = "This plugin does not support propagateSizeHints"
GIVEN_UP = 20_000  # milliseconds until it has begun
ENDS = {"made.csv": b"\n", "made.gif": b";", "made.png": b"IEND\xaeB`\x82"}
ROWS = 150_000
STEPS = 8
OLD = "the old content"


Begin = Callable[[], None]
"""Called when what the moment is of has begun."""


def _when_ready(window: MainWindow, act: Callable[[], object], begun: Begin) -> None:
    timer = QTimer(window)

    def look() -> None:
        if window.session.snapshot().last_iteration >= STEPS:
            timer.stop()
            window.session.pause()
            act()
            begun()

    timer.timeout.connect(look)
    timer.start(10)


def nothing(window: MainWindow, folder: Path, begun: Begin) -> None:
    begun()


def load(window: MainWindow, folder: Path, begun: Begin) -> None:
    files.read(window, str(folder.parent / "large.csv"))
    begun()


def export(window: MainWindow, folder: Path, begun: Begin) -> None:
    files.ask_where = lambda *_: str(folder / "made.csv")
    _when_ready(window, lambda: files.export_data(window), begun)


def film(window: MainWindow, folder: Path, begun: Begin) -> None:
    files.ask_where = lambda *_: str(folder / "made.gif")
    animation_dialog.ask_for_film = lambda *_: filming.plan_film(FilmLook(480, 360), STEPS, halves=True)
    _when_ready(window, lambda: files.export_animation(window), begun)


def picture(window: MainWindow, folder: Path, begun: Begin) -> None:
    files.ask_where = lambda *_: str(folder / "made.png")
    picture_dialog.ask_for_picture = lambda *_: PictureLook(750, 500, 4.0)
    picturing.export_picture(window)
    begun()


MOMENTS: dict[str, tuple[tuple[str, ...], Callable[[MainWindow, Path, Begin], None]]] = {
    "start": ((), nothing),
    "load": ((), load),
    "fit": (("large.npy", "--components", "6", "--tolerance", "1e-300", "--run"), nothing),
    "fit exactly": (("large.npy", "--components", "8", "--tolerance", "1e-300", "--run"), nothing),
    "race": (("--sample", "faithful", "--components", "4", "--restarts", "500", "--run"), nothing),
    "hierarchical": (("--sample", "overlapping-groups", "--initialization", "hierarchical", "--run"), nothing),
    "export": (("large.npy", "--components", "3", "--run"), export),
    "film": (("--sample", "overlapping-groups", "--tolerance", "1e-300", "--run"), film),
    "picture": (("large.npy", "--components", "3"), picture),
}


def prepare(folder: Path) -> None:
    points = np.random.default_rng(3).normal(size=(ROWS, 2))
    points[:100_000] += 4
    np.save(folder / "large.npy", points)
    lines = "\n".join(f"{x:.6f},{y:.6f}" for x, y in points.tolist())
    (folder / "large.csv").write_text(f"x,y\n{lines}\n")


def begin(folder: Path, number: int, name: str, wait: float) -> int:
    """The number of a process in which the window is closed so many seconds after its start."""
    own = folder / str(number)
    own.mkdir()
    for old in ENDS:
        (own / old).write_text(OLD)
    child = os.fork()
    if child:
        return child
    os.environ.update(XDG_CONFIG_HOME=str(own / "config"), XDG_STATE_HOME=str(own / "state"))
    stream = os.open(own / "stderr", os.O_WRONLY | os.O_CREAT)
    os.dup2(stream, 2)
    os.chdir(folder)
    arguments, script = MOMENTS[name]
    real = gmm_desktop.app.create_window

    def create(arguments: list[str]) -> MainWindow:
        window = real(arguments)

        def close() -> None:
            (own / "closed").write_text(str(time.monotonic()))
            window.close()

        script(window, own, lambda: QTimer.singleShot(round(1000 * wait), window, close))
        QTimer.singleShot(GIVEN_UP, window, lambda: os._exit(77))
        return window

    gmm_desktop.app.create_window = create
    sys.exit(main(arguments))


def told(folder: Path, number: int, name: str, wait: float, status: int, ended: float) -> str:
    own = folder / str(number)
    closed = own / "closed"
    lines = [line for line in (own / "stderr").read_text().splitlines() if NOTHING not in line]
    made = {path.name for path in own.iterdir() if path.is_file()} - {"closed", "stderr"}
    held = {each: (own / each).read_bytes() for each in ENDS}
    old = [each for each, content in held.items() if content == OLD.encode()]
    broken = [each for each, content in held.items() if each not in old and not content.endswith(ENDS[each])]
    if "made.csv" not in old and held["made.csv"].count(b"\n") != ROWS + 1:
        broken.append("made.csv")
    state = own / "state" / "gmm-desktop"
    return json.dumps(
        {
            "name": name,
            "wait": round(wait, 3),
            "took": round(ended - float(closed.read_text()), 2) if closed.exists() else None,
            "status": os.waitstatus_to_exitcode(status),
            "said": lines,
            "files": sorted(made),
            "new": sorted(set(ENDS) - set(old)),
            "broken": broken,
            "state": sorted(path.name for path in state.iterdir()) if state.exists() else [],
        }
    )


def run() -> None:
    folder, times, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    prepare(folder)
    todo = [(number, list(MOMENTS)[number % len(MOMENTS)], chance.uniform(0, LONGEST)) for number in range(times)]
    under_way: dict[int, tuple[int, str, float]] = {}
    while todo or under_way:
        while todo and len(under_way) < 1 + (os.cpu_count() or 1):
            one = todo.pop(0)
            under_way[begin(folder, *one)] = one
        child, status = os.wait()
        print(told(folder, *under_way.pop(child), status, time.monotonic()), flush=True)


if __name__ == "__main__":
    run()
