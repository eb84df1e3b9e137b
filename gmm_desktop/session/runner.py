"""Computes the iterations of one run at a time: from its start, or on from the last one that is known."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from gmm_desktop.mixture import EMStep, FitEnding, FitSettings, Mixture, fit_steps, prepare_matching
from gmm_desktop.session.fit_worker import FitWorker, Steps
from gmm_desktop.session.pace import AUTO, MAXIMUM
from gmm_desktop.session.retrace import retraced
from gmm_desktop.session.state import Run


class Runner(QObject):
    """Owns the worker thread. What an earlier worker still had on its way is dropped.

    Signals:
        stepped: EMStep, numbered as in the run's history.
        ended: FitEnding.
        failed: a sentence: the data cannot be fitted.
        crashed: a traceback.
    """

    stepped = Signal(object)
    ended = Signal(object)
    failed = Signal(str)
    crashed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: FitWorker | None = None
        self._ticket = 0
        self._offset = 0
        self._known = -1
        self._rate = AUTO

    @property
    def is_alive(self) -> bool:
        """Whether there is a worker, running or waiting for its turn."""
        return self._worker is not None

    @property
    def taken_up(self) -> int | None:
        """The iteration at which the worker took up the run; None where there is none."""
        return self._offset if self._worker is not None else None

    def begin(self, run: Run, beyond: bool = False) -> None:
        """Make the start of a run, or take up its history; ``beyond`` goes past its stop. It waits until allowed."""
        self.end()
        self._offset = run.last if run.ready else 0
        self._known = run.last if self._offset else -1  # a start that is made once more is told once more
        steps = _from(run, self._offset, beyond)
        if self._offset and run.taken_up is not None and not beyond:
            self._offset = run.taken_up
            steps = retraced(run, run.taken_up, _from(run, run.taken_up), steps)
        if self._offset:
            run.history.pin(self._offset)  # should it be saved meanwhile, this is where it goes on from
        worker = FitWorker(self._ticket, steps, self._rate, self)
        worker.stepped.connect(self._on_stepped)
        worker.ended.connect(self._on_ended)
        worker.failed.connect(self._on_failed)
        worker.crashed.connect(self._on_crashed)
        self._worker = worker
        worker.start()

    def allow(self, steps: int | None) -> None:
        """Let it take so many more steps; None: as many as there are; 0: pause."""
        if self._worker is not None:
            self._worker.allow(steps)

    def set_rate(self, rate: float) -> None:
        """The pace of this worker and of those to come."""
        self._rate = rate
        if self._worker is not None:
            self._worker.set_rate(rate)

    def hold(self, drawing: bool) -> None:
        """Tell the worker when the window begins and ends to draw."""
        if self._worker is not None:
            self._worker.hold(drawing)

    def hurry(self) -> None:
        """Let this worker finish as fast as it can."""
        if self._worker is not None:
            self._worker.set_rate(MAXIMUM)
            self._worker.allow(None)

    def end(self) -> None:
        """Stop the worker and wait for it."""
        worker, self._worker = self._worker, None
        self._ticket += 1
        if worker is not None:
            worker.join()

    def _on_stepped(self, ticket: int, step: EMStep) -> None:
        if ticket != self._ticket or self._worker is None:
            return
        self._worker.handled()
        if step.racing or step.iteration + self._offset > self._known:  # iteration 0 of a continuation is known
            self.stepped.emit(replace(step, iteration=step.iteration + self._offset) if self._offset else step)

    def _on_ended(self, ticket: int, ending: FitEnding) -> None:
        if ticket == self._ticket:
            self.end()
            self.ended.emit(ending)

    def _on_failed(self, ticket: int, sentence: str) -> None:
        if ticket == self._ticket:
            self.end()
            self.failed.emit(sentence)

    def _on_crashed(self, ticket: int, details: str) -> None:
        if ticket == self._ticket:
            self.end()
            self.crashed.emit(details)


def _fit_of(run: Run, settings: FitSettings, start: Mixture | None) -> Steps:
    data = run.dataset

    def steps(cancelled: Callable[[], bool]) -> Generator[EMStep, None, FitEnding]:
        # Views ask for these with the first frame: pass over all points here, not in their thread.
        _ = data.scale, data.total_weight
        if data.truth is not None:
            prepare_matching(max(settings.components, data.truth.n_components))
        return fit_steps(
            data.points,
            settings,
            start=start,
            labels=data.start_labels if settings.initialization == "labels" else None,
            sample_weight=data.sample_weight,
            cancelled=cancelled,
        )

    return steps


def _from(run: Run, at: int, beyond: bool = False) -> Steps:
    """From its own start, or from the mixture of a known iteration; past the stop no rule applies."""
    if not at:
        return _fit_of(run, run.settings, run.start)
    limit = run.settings.max_iterations
    settings = replace(run.settings, restarts=1, max_iterations=max(limit - at, 1))
    if beyond:
        settings = replace(settings, stop_rule="iterations", max_iterations=limit)
    return _fit_of(run, settings, run.history.mixture_at(at))
