"""All that a view may know, at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import Canvas
from gmm_desktop.mixture import FitHistory, FitSettings, LocalMaximum, Mixture, Trace, match_components
from gmm_desktop.session.comparison import Comparison
from gmm_desktop.session.editing import Draft
from gmm_desktop.session.guessing import Guess
from gmm_desktop.session.runs import RunRow
from gmm_desktop.session.state import Run, State, first_pair
from gmm_desktop.session.timeline import Frame, Phase, whole

Activity = Literal["starting", "racing", "computing", "replaying", "paused"]
Mode = Literal["watching", "editing", "guessing", "painting"]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One shown frame and everything around it. Objects are compared by identity: the same object as in the last
    snapshot need not be drawn again.

    Attributes:
        dataset: what is being fitted, all columns.
        columns: the indices of the one or two columns shown; (x,) or (x, y).
        settings: the settings of the shown run (edited settings that have not begun a run are shown unplayed).
        run: the id of the shown run; letters, colours and axes stay for a run.
        iteration: the iteration whose mixture is drawn; 0 is the start.
        phase: "start", "E" or "M": see ``timeline``.
        halves: whether the frame was come to by half steps.
        last_iteration: the last iteration computed so far.
        mixture: what is drawn: all d dimensions, component i has letter and colour i. None while a start is made.
        colouring: the mixture whose responsibilities colour the points and give ``counts``; None: no E-step has
            happened, so points and bars are grey and the mixture is drawn dashed.
        counts: (k,) effective number of points of each component under ``colouring``, or None.
        log_likelihoods: (last_iteration + 1,) total log-likelihood of each iteration's mixture.
        means: (m, k, d) the means of each kept iteration: trails; see ``kept``.
        truth: the mixture that generated the data, or None.
        truth_order: for each component the index of the matched component of ``truth``; -1 where none is left.
        stop_iteration: the first iteration at which the stop rule fires along the history, or the last one that a
            collapse allowed; else None.
        outcome: "" while it can go on; else "converged", "stopped" or "failed".
        activity: what is going on.
        race: (start now computed, starts in all) while restarts race, else None.
        rate: iterations a second lately, 0.0 when nothing runs.
        messages: plain sentences about this fit, in order.
        selected: the component highlighted, or None.
        undo: the name of the act that undo would reverse, or "".
        redo: the name of the act that redo would repeat, or "".
        maxima: every distinct local maximum that several starts found, the regular ones first; empty until their
            best has been played to its end, and with one start.
        before: in an E frame that was come to by half steps, the mixture that coloured the points before it; else None.
        trace: the parameters of each iteration, and the log-likelihood, (last_iteration + 1, ...).
        measures: (last_iteration + 1,) what the stop rule looks at, NaN where it is not defined; with a rule that
            looks at nothing the gain a point.
        mode: what the mouse does in the plot of the data.
        draft: what a person is still at, or None.
        guess: where a person thinks that a mean goes, or None.
        backwards: whether what is known is being replayed from later iterations to earlier ones.
        kept: (m,) the iterations that ``means`` belong to; None: all, m = last_iteration + 1.
        every: 1, or where the history was thinned out, at least every ``every``-th pair of iterations can be shown.
        runs: the list of the runs of these data, oldest first; none on an empty canvas.
        other: the run that this one is compared with, or None.
        used: the name of the file whose fit is shown as it is, or "".
        ghost: how the run that this one branched from went on, or None.
        canvas: the empty surface that is painted on, behind which the data wait, or None.
    """

    dataset: Dataset
    columns: tuple[int, ...]
    settings: FitSettings
    run: int
    iteration: int
    phase: Phase
    halves: bool
    last_iteration: int
    mixture: Mixture | None
    colouring: Mixture | None
    counts: NDArray[np.float64] | None
    log_likelihoods: NDArray[np.float64]
    means: NDArray[np.float64]
    truth: Mixture | None
    truth_order: tuple[int, ...]
    stop_iteration: int | None
    outcome: str
    activity: Activity
    race: tuple[int, int] | None
    rate: float
    messages: tuple[str, ...]
    selected: int | None
    undo: str = ""
    redo: str = ""
    maxima: tuple[LocalMaximum, ...] = ()
    before: Mixture | None = None
    trace: Trace = field(default_factory=lambda: FitHistory().trace())
    measures: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    mode: Mode = "watching"
    draft: Draft | None = None
    guess: Guess | None = None
    backwards: bool = False
    kept: NDArray[np.intp] | None = None
    every: int = 1
    runs: tuple[RunRow, ...] = ()
    other: Comparison | None = None
    ghost: Comparison | None = None
    used: str = ""
    canvas: Canvas | None = None

    @property
    def sketched(self) -> str:
        """What undo calls that which is no run yet: a draft or an empty canvas; or ""."""
        if self.canvas is not None:
            return self.canvas.act
        return "" if self.draft is None else self.draft.name

    @property
    def frame(self) -> Frame:
        """The shown frame of the timeline."""
        return Frame(self.iteration, self.phase, self.halves)

    @property
    def way(self) -> NDArray[np.float64]:
        """(m, k, d) the means from the start to the shown iteration, those that are kept."""
        return self.means[: self._rows_until(self.iteration)]

    def means_at(self, iteration: int) -> NDArray[np.float64] | None:
        """(k, d) the means of a known iteration, or None where they were thinned out."""
        row = self._rows_until(iteration) - 1
        return self.means[row] if self.kept is None or self.kept[row] == iteration else None

    def _rows_until(self, iteration: int) -> int:
        return iteration + 1 if self.kept is None else int(np.searchsorted(self.kept, iteration, side="right"))

    @property
    def provisional(self) -> bool:
        """Whether the shown iteration lies before the one at which the fit stopped."""
        return self.stop_iteration is None or self.iteration < self.stop_iteration

    @property
    def broke_off(self) -> bool:
        """Whether this is where the fit could not go on: the first of the messages says why."""
        return self.outcome == "failed" and (self.stop_iteration is None or not self.provisional)

    @property
    def drafted(self) -> Snapshot:
        """With the draft, if there is one, in the place of the mixture: a start, by which no point is coloured yet."""
        if self.draft is None:
            return self
        mixture = self.draft.mixture
        order = _truth_order(mixture, self.truth) if self.truth else ()
        return replace(self, mixture=mixture, truth_order=order, colouring=None, counts=None)


def take_snapshot(
    state: State,
    *,
    activity: Activity = "paused",
    race: tuple[int, int] | None = None,
    rate: float = 0.0,
    selected: int | None = None,
    failure: str = "",
    undo: str = "",
    redo: str = "",
    backwards: bool = False,
) -> Snapshot:
    """The frame that ``state`` shows; ``failure`` is the sentence of a fit that could not go on."""
    run = state.run
    history, frame = run.history, state.frame
    # A start that a person gave is known before the worker has looked at the points.
    mixture = _mixture_at(history, frame.iteration) if len(history) else None if failure else run.start
    colouring = frame.colouring if len(history) else None
    truth = run.dataset.truth
    trace = history.trace()
    return Snapshot(
        dataset=run.dataset,
        columns=state.columns,
        settings=run.settings,
        run=run.id,
        iteration=frame.iteration,
        phase=frame.phase,
        halves=frame.halves,
        last_iteration=run.last,
        mixture=mixture,
        colouring=None if colouring is None else _mixture_at(history, colouring),
        counts=None if colouring is None else history.counts_at(colouring),
        log_likelihoods=trace.log_likelihoods,
        means=trace.means,
        kept=history.kept if history.every > 1 else None,
        every=history.every,
        truth=truth,
        truth_order=_truth_order(mixture, truth) if mixture and truth else (),
        stop_iteration=None if failure else run.stop,
        outcome="failed" if failure else run.outcome,
        used="" if frame.iteration else run.used,
        activity=activity,
        race=race,
        rate=rate,
        messages=_messages(run, failure),
        selected=selected,
        undo=undo,
        redo=redo,
        maxima=run.ending.maxima if run.ending is not None else (),
        before=_before(history, frame),
        trace=trace,
        measures=run.measures,
        backwards=backwards,
    )


def snapshot_of(
    dataset: Dataset,
    settings: FitSettings,
    history: FitHistory,
    iteration: int,
    columns: tuple[int, ...] | None = None,
    used: str = "",
) -> Snapshot:
    """A frame of a fit that no session holds, for pictures drawn without a window.

    ``used`` is the name of the file whose fit it is, as it is: that one labels the points, as in the window.
    """
    run = Run(1, dataset, settings, None, history, ready=True, used=used)
    return take_snapshot(State(columns or first_pair(dataset), (run,), run, _complete(iteration, used)))


def _complete(iteration: int, used: str) -> Frame:
    """The frame in which an iteration is complete; a fit that is used as it is has no start without labels."""
    return Frame(0, "E") if used and not iteration else whole(iteration)


def snapshot_at(snapshot: Snapshot, history: FitHistory, frame: Frame) -> Snapshot:
    """Another frame of the run that a snapshot shows, at rest; all else is as it was when that was taken.

    Where ``history``, that of the same run, was thinned, the nearest iteration that is kept.

    Raises:
        IndexError: there is no such iteration.
    """
    if snapshot.used and frame.phase == "start":
        frame = _complete(0, snapshot.used)
    needed = (frame.iteration, frame.colouring if frame.colouring is not None else frame.iteration)
    if not all(history.is_kept(t) for t in needed):
        frame = whole(history.nearest(frame.iteration))
    mixture, colouring = _mixture_at(history, frame.iteration), frame.colouring
    return replace(
        snapshot,
        iteration=frame.iteration,
        phase=frame.phase,
        halves=frame.halves,
        mixture=mixture,
        colouring=None if colouring is None else _mixture_at(history, colouring),
        counts=None if colouring is None else history.counts_at(colouring),
        truth_order=_truth_order(mixture, snapshot.truth) if snapshot.truth else (),
        activity="paused",
        race=None,
        mode="watching",
        draft=None,
        guess=None,
        other=None,
        ghost=None,
        canvas=None,
        before=_before(history, frame),
    )


def _before(history: FitHistory, frame: Frame) -> Mixture | None:
    """What coloured the points before the E-step that a frame shows alone."""
    earlier = frame.iteration - 1
    return _mixture_at(history, earlier) if frame.recolours and history.is_kept(earlier) else None


def _messages(run: Run, failure: str) -> tuple[str, ...]:
    ending = run.ending.messages if run.ending is not None else ()
    return (*((failure,) if failure else ()), *ending)


@lru_cache(maxsize=8)
def _mixture_at(history: FitHistory, iteration: int) -> Mixture:
    """The same object for the same frame, by which views know that nothing has to be drawn again."""
    return history.mixture_at(iteration)


@lru_cache(maxsize=8)
def _truth_order(mixture: Mixture, truth: Mixture) -> tuple[int, ...]:
    return match_components(mixture, truth)
