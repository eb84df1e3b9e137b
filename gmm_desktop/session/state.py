"""What the session knows, as one frozen value that a verb replaces."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import FitEnding, FitHistory, FitSettings, Mixture
from gmm_desktop.session.stop_watch import watch
from gmm_desktop.session.timeline import START, Frame


@dataclass(frozen=True, eq=False)
class Run:
    """One fit of one data set: its settings, its start and what EM did from there.

    Attributes:
        id: counts up from 1 in the order of the runs' making.
        dataset: what is fitted.
        settings: the settings that it runs under.
        start: a start that a person gave, or None where the initialisation makes it.
        history: grows while the run computes; empty until the worker has made the start.
        ready: whether ``history`` begins at the start that counts (False until the race of restarts is over).
        ending: how the engine ended it, or None.
        parent: (run id, iteration) that it branched from, or None.
        name: what a person calls it, or "".
        frame: the one that was shown when another run took its place.
        deleted: whether it is out of the list of runs; undo can bring it back.
        used: the name of the file whose fit it begins at and was made to show, or "".
        taken_up: of a run from a file that was still computing: the iteration from which that had been computed in
            one go, so that going on takes the same way; None where nothing was under way.
    """

    id: int
    dataset: Dataset
    settings: FitSettings
    start: Mixture | None
    history: FitHistory
    ready: bool
    ending: FitEnding | None = None
    parent: tuple[int, int] | None = None
    name: str = ""
    frame: Frame = START
    deleted: bool = False
    used: str = ""
    taken_up: int | None = None

    @property
    def label(self) -> str:
        """What it is called: its name, or its number."""
        return self.name or str(self.id)

    @property
    def last(self) -> int:
        """The last iteration computed so far."""
        return max(len(self.history) - 1, 0)

    @property
    def stop(self) -> int | None:
        """The iteration at which this run stops under its settings, or None while it can go on."""
        if not self.ready or not len(self.history):
            return None
        fired = self._fired()
        limit = self.settings.max_iterations
        if fired is not None:
            return min(fired, limit)
        return min(self.last, limit) if self.last >= limit or self._collapsed else None

    @property
    def outcome(self) -> str:
        """ "" while it can go on; else "converged", "stopped" or "failed"."""
        stop = self.stop
        if stop is None:
            return "failed" if self._collapsed else ""
        fired = self._fired()
        if fired is not None and fired <= stop:
            return "converged"
        return "failed" if self._collapsed and stop == self.last else "stopped"

    @property
    def measures(self) -> NDArray[np.float64]:
        """What the stop rule looks at, for each iteration; see ``StopWatch``."""
        return watch(self.history, self.settings, self.dataset).measures()

    @property
    def _collapsed(self) -> bool:
        """Whether the engine could not go on from the last iteration."""
        return self.ending is not None and self.ending.outcome == "failed"

    def ended(self, ending: FitEnding) -> Run:
        """This run with its ending; a continuation, which raced nothing, keeps what the race had found."""
        if self.ending is not None and not ending.maxima:
            ending = replace(ending, maxima=self.ending.maxima)
        return replace(self, ending=ending)

    def _fired(self) -> int | None:
        return watch(self.history, self.settings, self.dataset).fired()


@dataclass(frozen=True, eq=False)
class State:
    """Everything that undo brings back.

    Attributes:
        columns: the indices of the one or two columns shown.
        runs: all runs of this session, oldest first; some are deleted from the list, and those of painted data are
            dropped with the acts that undo has no room for.
        run: the shown one.
        frame: the frame of the timeline that is shown.
    """

    columns: tuple[int, ...]
    runs: tuple[Run, ...]
    run: Run
    frame: Frame = START

    def with_run(self, run: Run) -> State:
        """This state with ``run`` in the place of the run of the same id, and shown if that was."""
        runs = tuple(run if old.id == run.id else old for old in self.runs)
        return replace(self, runs=runs, run=run if run.id == self.run.id else self.run)

    def left(self) -> State:
        """This state with the frame remembered at which the shown run is left."""
        return self.with_run(replace(self.run, frame=self.frame))

    def listed(self) -> tuple[Run, ...]:
        """The runs of the shown data that are not deleted, oldest first."""
        return tuple(run for run in self.runs if not run.deleted and same_data(run.dataset, self.run.dataset))

    def find(self, run_id: int) -> Run:
        """The run with an id.

        Raises:
            KeyError: there is none.
        """
        for run in self.runs:
            if run.id == run_id:
                return run
        raise KeyError(run_id)


def same_data(a: Dataset, b: Dataset) -> bool:
    """Whether two data sets hold the same points: one and the same, or the same columns of the same table."""
    if a is b:
        return True
    of_one = (a.table is not None and a.table is b.table) or (a.whole is not None and a.whole is b.whole)
    return of_one and a.names == b.names


def first_pair(dataset: Dataset) -> tuple[int, ...]:
    """The columns that are shown where nobody chose others: one, or the first two."""
    return (0,) if dataset.dimension == 1 else (0, 1)


def new_run(runs: tuple[Run, ...], dataset: Dataset, settings: FitSettings, start: Mixture | None) -> Run:
    """A run that has not begun, with the next id."""
    return Run(max((run.id for run in runs), default=0) + 1, dataset, settings, start, FitHistory(), ready=False)
