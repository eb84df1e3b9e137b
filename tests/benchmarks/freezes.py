"""How long the window is away while a person works with ten million points: the gaps of a 5 ms timer in its thread."""

from __future__ import annotations

import faulthandler
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gmm_desktop.ui import files, picturing
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.pictures import PictureLook
from tests.benchmarks.window import four_groups, opened, spin, spin_until

_ROWS, _ROWS_LABELLED = 10_000_000, 2_000_000
_BLOCK = 1_000_000
_TICK = 5  # milliseconds
_FROZEN = 0.05  # seconds, above which a person notices
_DIGITS = 8  # of a number in the file: two before the point, four behind it, the point and the sign


def run() -> None:
    """Print a line for each thing that a person does."""
    full = "--full" in sys.argv
    rows = _ROWS if full else _ROWS_LABELLED
    print(f"Freezes: gaps of a {_TICK} ms timer in the window's thread, less {_TICK} ms; {_ROWS} x 2 points, k = 4")
    print(f"{'':44} seconds |  99 %  longest ms  over 50 ms | own CPU, longest | load")
    with tempfile.TemporaryDirectory() as folder, opened(1280, 720) as window:
        _work(window, Path(folder), _ROWS)
        if rows != _ROWS:
            print(f"with {rows} rows, since {_ROWS} take minutes (all of them with --full):")
            _read(window, Path(folder), rows, GapWatch(window))
            window.session.play()
            spin_until(lambda: window.session.state.run.last > 5)
        _label(window, Path(folder), GapWatch(window))
    print(_LEGEND)


_LEGEND = """\
own CPU: the most that the window's thread worked between two ticks, in ms. What a gap has beyond it, it waited: for
    the interpreter lock, or, where the load is higher than the cores, for a core. Behind it what it was in last."""


def _work(window: MainWindow, folder: Path, rows: int) -> None:
    watch = GapWatch(window)
    _read(window, folder, rows, watch)
    session, plot = window.session, window.panel(PlotPanel).plot
    with watch.phase('fit at "max", its beginning too'):
        session.play()
        spin(8.0)
    with watch.phase("pan while it runs (Shift + drag)"):
        _drag(plot.viewport())
        spin(1.0)
    with watch.phase("zoom while it runs (Ctrl + wheel)"):
        _zoom(plot.viewport())
        spin(1.0)
    with watch.phase("resize while it runs"):
        _resize(window)
        spin(1.0)
    session.pause()
    spin(0.5)
    with watch.phase("pan, zoom and resize, paused"):
        _drag(plot.viewport())
        _zoom(plot.viewport())
        _resize(window)
        spin(1.0)
    with watch.phase("export a picture, 3000 x 2001"):
        _export(window, picturing.export_picture, folder / "picture.png")
    with watch.phase("export the parameters, json"):
        _export(window, files.export_parameters, folder / "fit.json")


def _label(window: MainWindow, folder: Path, watch: GapWatch) -> None:
    window.session.pause()
    spin(0.5)
    with watch.phase("export the labelled data, csv"):
        _export(window, files.export_data, folder / "labelled.csv")


def _read(window: MainWindow, folder: Path, rows: int, watch: GapWatch) -> None:
    path = folder / f"{rows}.csv"
    _write(path, rows)
    before = window.session.state.run.dataset
    with watch.phase(f"open {path.name} and draw it"):
        files.read(window, str(path))
        spin_until(lambda: window.session.state.run.dataset is not before)
        spin_until(lambda: window.session.state.run.ready)
        spin(2.0)  # the points of the view are counted in a thread
    path.unlink()


# What a person does -----------------------------------------------------------------------------------------------


def _paced(steps: int, act: Callable[[int], None]) -> None:
    """``act`` sixty times a second, as events come from a mouse."""
    loop, left = QEventLoop(), iter(range(steps))
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def once() -> None:
        step = next(left, None)
        if step is None:
            loop.quit()
        else:
            act(step)

    timer.timeout.connect(once)
    timer.start(16)
    loop.exec()
    timer.stop()


def _drag(onto: QWidget) -> None:
    """Press with Shift, forty moves to and fro, release."""
    middle = QPointF(onto.rect().center())
    left, none, shift = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.ShiftModifier

    def send(kind: QEvent.Type, place: QPointF, button: Qt.MouseButton, buttons: Qt.MouseButton) -> None:
        QApplication.sendEvent(onto, QMouseEvent(kind, place, onto.mapToGlobal(place), button, buttons, shift))

    def act(step: int) -> None:
        away = 5.0 * (step if step < 60 else 120 - step)
        send(QEvent.Type.MouseMove, middle + QPointF(away, away / 3), none, left)

    send(QEvent.Type.MouseButtonPress, middle, left, left)
    _paced(120, act)
    send(QEvent.Type.MouseButtonRelease, middle, left, none)


def _zoom(onto: QWidget) -> None:
    """Ten notches in and ten out."""
    place = QPointF(onto.rect().center())
    left, control = Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier

    def act(step: int) -> None:
        turn = QPoint(0, 120 if step < 10 else -120)
        phase = Qt.ScrollPhase.NoScrollPhase
        wheel = QWheelEvent(place, onto.mapToGlobal(place), QPoint(), turn, left, control, phase, False)
        QApplication.sendEvent(onto, wheel)

    _paced(20, act)


def _resize(window: MainWindow) -> None:
    """Larger and back in steps of eight pixels."""

    def act(step: int) -> None:
        wider = 8 * (step if step < 40 else 80 - step)
        window.resize(1280 + wider, 720 + wider // 2)

    _paced(81, act)


def _export(window: MainWindow, export: Callable[[MainWindow], None], path: Path) -> None:
    """Export to ``path``, as if a person had typed it in the dialogs."""
    with (
        patch.object(QFileDialog, "getSaveFileName", lambda *_: (str(path), "")),
        patch("gmm_desktop.ui.picture_dialog.ask_for_picture", lambda *_: PictureLook(1000, 667, 3.0)),
    ):
        export(window)
        spin_until(lambda: not window.pieces.is_busy and not window.background.name, 600.0)
    if not path.exists():
        raise RuntimeError(f"Nothing was written: {window.notices.text()}")


# The watch --------------------------------------------------------------------------------------------------------


class GapWatch(QObject):
    """Ticks in the window's thread, and tells of each phase how long it was away and in which of our functions."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._gaps: list[float] = []
        self._own: list[float] = []
        self._last = self._last_own = 0.0
        self._seen: dict[float, str] = {}
        self._thread = threading.get_ident()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Watch what happens inside, and print a line."""
        self._gaps, self._own, self._seen = [], [], {}
        ended = threading.Event()
        looking = threading.Thread(target=self._look, args=(ended,))
        began = self._last = time.perf_counter()
        self._last_own = time.thread_time()
        self._timer.start()
        looking.start()
        try:
            yield
            spin(0.05)  # what the last event still has on its way
        finally:
            self._timer.stop()
            ended.set()
            looking.join()
        away = np.maximum(np.array(self._gaps) * 1e3 - _TICK, 0.0)
        nearly, longest = np.percentile(away, [99, 100])
        frozen = int((away > _FROZEN * 1e3).sum())
        where = f"  {self._seen[max(self._seen)]}" if frozen and self._seen else ""
        print(
            f"{name:<44} {time.perf_counter() - began:7.1f} | {nearly:5.0f} {longest:11.0f} {frozen:11} | "
            f"{max(self._own) * 1e3:16.0f} | {os.getloadavg()[0]:.1f}{where}",
            flush=True,
        )

    def _tick(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self._gaps.append(now - self._last)
        self._own.append(own - self._last_own)
        self._last, self._last_own = now, own

    def _look(self, ended: threading.Event) -> None:
        """In a thread of its own: where the window's thread is when it has been away for long."""
        while not ended.wait(_TICK / 1e3):
            away = time.perf_counter() - self._last
            if away > _FROZEN:
                self._seen[away] = _where(self._thread)


def _where(thread: int) -> str:
    """The innermost function of this program that a thread is in.

    The tracebacks are written from C: frame objects made for another thread's frames, as sys._current_frames gives
    them, crash PySide6 6.11 on Python 3.11 in its overridden methods.
    """
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        _, _, lines = file.read().partition(f"0x{thread:016x}")
    for line in lines.partition("\n\n")[0].splitlines()[1:]:
        found = re.search(r'gmm_desktop/(.*)\.py", line (\d+) in (\w+)', line)
        if found:
            return f"in {found[3]}, {found[1]}.py:{found[2]}"
    return "in Qt's event loop"


# The file ---------------------------------------------------------------------------------------------------------


def _write(path: Path, rows: int) -> None:
    """A CSV file of ``four_groups``, digit by digit: what writes numbers one by one takes a minute."""
    points = four_groups(rows, 2)
    with path.open("wb") as file:
        file.write(b"x,y\n")
        for start in range(0, rows, _BLOCK):
            file.write(_text(points[start : start + _BLOCK]).tobytes())


def _text(points: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Numbers under 100 in magnitude as lines of fixed length with four decimals."""
    digits = np.abs(np.rint(points * 1e4)).astype(np.int64)
    text = np.full((*points.shape, _DIGITS + 1), ord("."), dtype=np.uint8)
    text[..., 0] = np.where(points < 0, ord("-"), ord("0"))
    for place in (7, 6, 5, 4, 2, 1):
        digits, digit = np.divmod(digits, 10)
        text[..., place] = digit + ord("0")
    text[:, 0, _DIGITS], text[:, 1, _DIGITS] = ord(","), ord("\n")
    return text
