"""The picture while EM runs at full speed: what a painted frame costs, and that none is lost, doubled or queued up."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractScrollArea

from gmm_desktop.mixture import EMStep, FitHistory
from gmm_desktop.session import Snapshot
from gmm_desktop.session.fit_worker import FitWorker
from gmm_desktop.session.runner import Runner
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels import CurvesPanel, PlotPanel
from tests.benchmarks import blitting
from tests.benchmarks.window import four_group_data, opened, resident, spin, spin_until

WIDTH, HEIGHT = 1280, 720
_CASES = (
    *((2, n) for n in (300, 3_000, 30_000, 300_000, 1_000_000, 10_000_000)),
    *((1, n) for n in (300, 3_000, 30_000, 1_000_000, 10_000_000)),
)
_LARGE_CASES = ((2, 3_000), (2, 30_000), (2, 1_000_000), (2, 10_000_000), (1, 1_000_000))
_SECONDS = 5.0
_COMPARED = (300, 3_000, 30_000, 300_000)
_HEAD = "d    points |  median   95 % | all a frame | frames/s  paints/frame  twice | iterations/s  lost  under way | "


def run() -> None:
    """Print the tables."""
    print(f'Frames: the window at {WIDTH} x {HEIGHT}, k = 4, EM at "max" for {_SECONDS:g} s')
    print(f"{_HEAD}memory (history)")
    kept: dict[int, tuple[float, blitting.Played]] = {}
    for d, n in _CASES:
        with opened(WIDTH, HEIGHT) as window:
            cost = _measure(window, n, d)
            if d == 2 and n in _COMPARED:
                kept[n] = (cost, blitting.played(window))
    print(f"The plot of the data alone at {WIDTH} x {HEIGHT}, in a window as large as that needs:")
    for d, n in _LARGE_CASES:
        with opened(WIDTH, HEIGHT) as window:
            plot = window.panel(PlotPanel).plot
            window.resize(2 * WIDTH - plot.width(), 2 * HEIGHT - plot.height())
            _measure(window, n, d)
    print(_LEGEND)
    _compare(kept)


_LEGEND = """\
median, 95 %: ms of CPU in the window's thread, from the snapshot taken to the event after the painting: every panel
    told, both plots and all labels that changed painted; without the slots that append iterations.
all a frame: all CPU of that thread in ms by frames: with appending, timers, labels that change ten times a second.
paints/frame, twice: paintings of each plot for a frame told; how often a plot painted a frame that it had painted.
lost: iterations emitted by the worker that the history does not hold; under way: the most emitted, not yet appended.
memory: growth of the process in MB while it ran, and what its iterations take in the history, whose arrays double:
    the ones before, as large again, stay with the process."""


def _compare(kept: dict[int, tuple[float, blitting.Played]]) -> None:
    if not blitting.available():
        print("matplotlib is not installed, so there is nothing to compare with: pip install -e '.[test]'")
        return
    print("\nThe same frames by matplotlib's blitting, ms of CPU, median")
    print("   points |   ours  matplotlib   ratio")
    for n, (ours, played) in kept.items():
        theirs = float(np.median(blitting.frame_seconds(played, frames=20 if n < 100_000 else 3))) * 1e3
        print(f"{n:>9} | {ours:6.1f} {theirs:11.1f} {theirs / ours:7.1f}")


def _measure(window: MainWindow, n: int, d: int) -> float:
    """Print the line of a case; returns the median in ms."""
    session = window.session
    with _counted() as counts:
        session.open(four_group_data(n, d))
        spin_until(lambda: session.state.run.ready)
        spin(1.0 + n / 2e6)  # the points of the view are counted in a thread
        watch = FrameWatch(window, counts)
        session.play()
        spin_until(lambda: session.state.run.last > 20)
        watch.begin()
        spin(_SECONDS)
        watch.end()
        session.pause()
        spin(0.3)
    history = session.state.run.history
    times = np.array(watch.frames) * 1e3
    half, nearly = np.percentile(times, [50, 95])
    told = len(times)
    grown, explained = watch.grown / 1e6, watch.iterations * _bytes_an_iteration(history) / 1e6
    print(
        f"{d} {n:>9} | {half:7.1f} {nearly:6.1f} | {watch.spent / told * 1e3:11.1f} | "
        f"{told / watch.seconds:8.0f} {watch.paints / 2 / told:13.2f} {watch.twice:6} | "
        f"{watch.iterations / watch.seconds:12.0f} {counts.emitted - len(history):5} {counts.most:10} | "
        f"{grown:+.1f} ({explained:.1f})",
        flush=True,
    )
    return float(half)


def _bytes_an_iteration(history: FitHistory) -> int:
    """The log-likelihood, and weights, means, covariances and counts of the k components."""
    k, d = history.mixture.means.shape
    return 8 * (1 + k * (1 + d + d * d + 1))


@dataclass
class _Counts:
    """Of the iterations on their way.

    Attributes:
        emitted: by the worker.
        appended: by the window's thread.
        most: emitted and not yet appended.
        spent: seconds of CPU of the slots that append.
    """

    emitted: int = 0
    appended: int = 0
    most: int = 0
    spent: float = 0.0


@contextmanager
def _counted() -> Iterator[_Counts]:
    """Count what workers emit from now on, and what arrives."""
    counts = _Counts()
    emit, handle = FitWorker._emit, Runner._on_stepped

    @functools.wraps(emit)
    def counted(self: FitWorker, step: EMStep) -> bool:
        done = emit(self, step)
        counts.emitted += done
        counts.most = max(counts.most, counts.emitted - counts.appended)
        return done

    @functools.wraps(handle)  # Qt finds a slot by its name
    def timed(self: Runner, ticket: int, step: EMStep) -> None:
        began = time.thread_time()
        handle(self, ticket, step)
        counts.appended += 1
        counts.spent += time.thread_time() - began

    with patch.object(FitWorker, "_emit", counted), patch.object(Runner, "_on_stepped", timed):
        yield counts


class FrameWatch(QObject):
    """Measures the frames between ``begin`` and ``end``.

    Attributes:
        frames: seconds of CPU of the window's thread for each frame in which the data were painted.
        paints: of both plots.
        twice: paintings of a frame that this plot had painted before.
        iterations, seconds, spent, grown: in all: iterations appended, time, CPU of the window's thread, bytes.
    """

    def __init__(self, window: MainWindow, counts: _Counts) -> None:
        super().__init__(window)
        self._session, self._counts = window.session, counts
        self._take = window.session.snapshot
        self._asked: list[tuple[Snapshot, float]] = []
        self._told: Snapshot | None = None
        self._painted: dict[QObject, tuple[object, ...]] = {}
        self._active = False
        window.session.snapshot = self._snapshot  # type: ignore[method-assign]
        window.session.changed.connect(self._on_changed)
        curve = window.panel(CurvesPanel).plot("log_likelihood")
        plots: tuple[QAbstractScrollArea, ...] = (window.panel(PlotPanel).plot, curve)
        for plot in plots:
            plot.viewport().installEventFilter(self)

    def begin(self) -> None:
        """Count from now on."""
        self.frames: list[float] = []
        self.paints = self.twice = 0
        self._active = True
        self.iterations = -self._session.state.run.last
        self.grown = -resident()
        self.seconds, self.spent = -time.perf_counter(), -time.thread_time()

    def end(self) -> None:
        """Count no more."""
        self.seconds += time.perf_counter()
        self.spent += time.thread_time()
        self.grown += resident()
        self.iterations += self._session.state.run.last
        self._active = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._active and self._told is not None:
            shown = (self._told.run, *self._told.frame)
            self.paints += 1
            self.twice += self._painted.get(watched) == shown
            self._painted[watched] = shown
        return False

    def _clock(self) -> float:
        """CPU of this thread, but for what appending took."""
        return time.thread_time() - self._counts.spent

    def _snapshot(self) -> Snapshot:
        began = self._clock()
        snapshot = self._take()
        self._asked = [*self._asked[-3:], (snapshot, began)]
        return snapshot

    def _on_changed(self, snapshot: Snapshot) -> None:
        self._told = snapshot
        began = next(began for asked, began in self._asked if asked is snapshot)
        paints = self.paints if self._active else -1
        # What has to be painted is painted before a timer of no duration.
        QTimer.singleShot(0, self, lambda: self._on_drawn(began, paints))

    def _on_drawn(self, began: float, paints: int) -> None:
        if self._active and 0 <= paints < self.paints:
            self.frames.append(self._clock() - began)
