"""Another run beside the shown one: one that a person compares with, or the one that it branched from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import FitHistory, FitSettings, Mixture
from gmm_desktop.session.state import Run, State


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is shown of another run; the same object as long as that is the same.

    Attributes:
        run: its id.
        label: its name, or its number.
        settings: its settings.
        iteration: which of its iterations is shown.
        last_iteration: the last that is known.
        mixture: of that iteration; component i has letter i of its own run.
        way: (m, k, d) means, to draw as a trail: up to that iteration, or for the run that the shown one branched
            from, from there on as far as it is known.
        log_likelihoods: (T,) of its iterations from ``first`` on.
        ended: whether it has stopped at the last of them.
        first: which of its iterations lies at the shown run's iteration 0.
    """

    run: int
    label: str
    settings: FitSettings
    iteration: int
    last_iteration: int
    mixture: Mixture
    way: NDArray[np.float64]
    log_likelihoods: NDArray[np.float64]
    ended: bool = False
    first: int = 0

    @property
    def words(self) -> str:
        """ "run 1 (k = 2, full), iteration 25"."""
        model = f"k = {self.settings.components}, {self.settings.covariance}"
        return f"run {self.label} ({model}), iteration {self.iteration}"


def comparison_with(state: State, run_id: int | None) -> Comparison | None:
    """A run at the same iteration as the shown one, or at its own end where that is at its end.

    A stored fit that is shown as it is is at its end.

    None where there is no such run of these data, it has not begun, or it is the shown one.
    """
    run = next((run for run in state.listed() if run.id == run_id and run.ready), None)
    if run is None or run.id == state.run.id:
        return None
    end = run.last if run.stop is None else run.stop
    shown_end = state.run.stop
    as_it_is = bool(state.run.used) and state.frame.iteration == 0
    at_end = as_it_is or (shown_end is not None and state.frame.iteration >= shown_end)
    iteration = run.history.nearest(end if at_end else min(state.frame.iteration, end))
    return _compared(run, run.history, len(run.history), iteration)


def ghost_of(state: State) -> Comparison | None:
    """How the run that the shown one branched from went on; None where it did not branch, or that run is deleted."""
    if state.run.parent is None:
        return None
    parent_id, first = state.run.parent
    parent = next((run for run in state.listed() if run.id == parent_id), None)
    if parent is None or not first <= parent.last:
        return None
    iteration = parent.history.nearest(min(first + state.frame.iteration, parent.last))
    return _gone_on(parent, parent.history, len(parent.history), iteration, first)


@lru_cache(maxsize=8)
def _compared(run: Run, history: FitHistory, length: int, iteration: int) -> Comparison:
    way = history.means[: int(np.searchsorted(history.kept, iteration, side="right"))]
    return _made(run, history, iteration, way, 0)


@lru_cache(maxsize=8)
def _gone_on(run: Run, history: FitHistory, length: int, iteration: int, first: int) -> Comparison:
    way = history.means[int(np.searchsorted(history.kept, first)) :]
    return _made(run, history, iteration, way, first)


def _made(run: Run, history: FitHistory, iteration: int, way: NDArray[np.float64], first: int) -> Comparison:
    return Comparison(
        run.id,
        run.label,
        run.settings,
        iteration,
        run.last,
        history.mixture_at(iteration),
        way,
        history.log_likelihoods[first:],
        bool(run.outcome),
        first,
    )
