"""The list of runs: what is told of each, in a row."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from gmm_desktop.mixture import INITIALIZERS, free_parameters
from gmm_desktop.session.state import Run, State

_WORDS = {"converged": "converged", "stopped": "stopped", "failed": "collapsed"}


@dataclass(frozen=True)
class RunRow:
    """A run in the list.

    Attributes:
        id: counts up from 1.
        label: its name, or its number.
        components: k.
        covariance: a key of ``COVARIANCE_TYPES``.
        start: in a few words.
        iteration: where it stopped, or the last one that is known.
        log_likelihood: of that iteration; None before the first one.
        bic: of that iteration; None before the first one.
        outcome: "" while it can go on; else "converged", "stopped" or "failed".
        shown: whether it is the one on the screen.
    """

    id: int
    label: str
    components: int
    covariance: str
    start: str
    iteration: int
    log_likelihood: float | None
    bic: float | None
    outcome: str
    shown: bool

    @property
    def mixture(self) -> str:
        """ "k = 3, full"."""
        return f"k = {self.components}, {self.covariance}"

    @property
    def ended(self) -> str:
        """How it ended, in a few words."""
        if self.outcome:
            return f"{_WORDS[self.outcome]} at {self.iteration}"
        return f"{self.iteration} so far" if self.iteration else "not played yet"


def run_rows(state: State) -> tuple[RunRow, ...]:
    """The runs of the shown data, oldest first."""
    return tuple(_row(run, state) for run in state.listed())


def start_of(run: Run, state: State) -> str:
    """Where a run began: how its start was made, by whom, or from which other run."""
    if run.parent is not None:
        return f"from run {state.find(run.parent[0]).label}, iteration {run.parent[1]}"
    if run.start is not None:
        return "by hand"
    settings = run.settings
    made = INITIALIZERS[settings.initialization].label.partition(":")[0]
    best = f", best of {settings.restarts}" if settings.restarts > 1 else ""
    return f"{made}, seed {settings.seed}{best}"


def _row(run: Run, state: State) -> RunRow:
    result = _result(run)
    return RunRow(
        run.id,
        run.label,
        run.settings.components,
        run.settings.covariance,
        start_of(run, state),
        result.iteration,
        result.log_likelihood,
        result.bic,
        result.outcome,
        run.id == state.run.id,
    )


@dataclass(frozen=True)
class _Result:
    known: int
    iteration: int
    log_likelihood: float | None
    bic: float | None
    outcome: str


_results: WeakKeyDictionary[Run, _Result] = WeakKeyDictionary()


def _result(run: Run) -> _Result:
    """Looked up anew only where the run has changed: the list is made for every frame."""
    known = _results.get(run)
    if known is None or known.known != len(run.history):
        known = _results[run] = _looked_up(run)
    return known


def _looked_up(run: Run) -> _Result:
    length, stop, outcome = len(run.history), run.stop, run.outcome
    iteration = run.last if stop is None else stop
    if not run.ready or not iteration:
        return _Result(length, 0, None, None, outcome)
    height = float(run.history.log_likelihoods[iteration])
    p = free_parameters(run.settings.components, run.dataset.dimension, run.settings.covariance)
    return _Result(length, iteration, height, -2 * height + p * float(np.log(run.dataset.total_weight)), outcome)
