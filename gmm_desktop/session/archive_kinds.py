"""The classes whose objects a session may hold, and what is asked of each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset, ReadOptions
from gmm_desktop.data.painting import Canvas
from gmm_desktop.mixture import FitEnding, FitHistory, FitSettings, LocalMaximum, Mixture, check_settings
from gmm_desktop.mixture.stored_history import StoredHistory, history_of, stored_history
from gmm_desktop.session.archive_codec import Kind, kind_of
from gmm_desktop.session.archive_data import StoredTable, StoredTables, TablesToStore, fields_of
from gmm_desktop.session.editing import Draft
from gmm_desktop.session.guessing import Guess
from gmm_desktop.session.painting import Painted
from gmm_desktop.session.questions import Answer, Choice, Hall, Question, Tally
from gmm_desktop.session.state import Run, State
from gmm_desktop.session.timeline import Frame
from gmm_desktop.session.work import Work, WorkNow
from gmm_desktop.session.work_checks import check_guess, check_hall, check_painted, check_run, check_state, check_work

Array = NDArray[np.float64]

_LOOSE = 1e-6
_OUTCOMES = ("converged", "stopped", "failed")


def kinds_to_save(now: WorkNow, tables: TablesToStore) -> dict[str, Kind]:
    """The table for writing: each run with its history as it was when ``now`` was taken."""
    histories = {run: None if one is None else stored_history(one) for run, one in now.histories.items()}

    def run_fields(run: Run) -> dict[str, Any]:
        history = histories.get(run.id)
        # An older state of a run knows no more than its newest.
        return {**_fields(run), "history": history, "ready": history is not None}

    def state_fields(state: State) -> dict[str, Any]:
        return {**_fields(state), "run": state.find(state.run.id)}

    kinds = dict(_PLAIN)
    kinds["Run"] = Kind(Run, run_fields, Run, shared=True)
    kinds["State"] = Kind(State, state_fields, State, shared=True)
    kinds["Dataset"] = Kind(Dataset, lambda dataset: fields_of(dataset, tables), Dataset, shared=True)
    return kinds


def kinds_to_open(tables: StoredTables) -> dict[str, Kind]:
    """The table for reading: what does not fit together is refused."""
    kinds = dict(_PLAIN)
    kinds["Run"] = Kind(Run, _fields, _run, shared=True, hints={"history": FitHistory | None})
    kinds["State"] = kind_of(State, check_state, shared=True)
    kinds["Dataset"] = Kind(Dataset, _fields, tables.dataset, shared=True, hints={"table": StoredTable | None})
    return kinds


def _fields(one: Any) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _run(**values: Any) -> Run:
    history = values.pop("history", None)
    run = Run(**values, history=FitHistory() if history is None else history)
    check_run(run)
    return run


def _mixture(weights: Array, means: Array, covariances: Array, cholesky: Array) -> Mixture:
    """A mixture with the very bits of a file, if they make one."""
    checked = Mixture(weights, means, covariances)
    shapes = (weights.shape, means.shape, covariances.shape, cholesky.shape)
    k, d = checked.means.shape
    if shapes != ((k,), (k, d), (k, d, d), (k, d, d)) or not np.isfinite(cholesky).all():
        raise ValueError("a mixture has no factors")
    spread = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    if (np.abs(cholesky - checked.cholesky) > _LOOSE * spread[:, :, np.newaxis]).any() or np.triu(cholesky, 1).any():
        raise ValueError("a mixture has other factors than covariances")
    return Mixture.trusted(weights.copy(), means.copy(), covariances.copy(), cholesky.copy())


def _history(**values: Any) -> FitHistory:
    return history_of(StoredHistory(**values))


def _check_ending(ending: FitEnding) -> None:
    if ending.outcome not in _OUTCOMES or ending.run < 0:
        raise ValueError("an ending is none")


def _check_numbers(maximum: LocalMaximum) -> None:
    numbers = (maximum.log_likelihood, maximum.smallest_count, maximum.thinnest_variance)
    if not np.isfinite(numbers).all() or maximum.reached < 1 or maximum.run < 0:
        raise ValueError("a maximum is none")


_PLAIN: dict[str, Kind] = {
    "Work": kind_of(Work, check_work),
    "Frame": kind_of(Frame),
    "Draft": kind_of(Draft),
    "Canvas": kind_of(Canvas),
    "Painted": kind_of(Painted, check_painted),
    "Guess": kind_of(Guess, check_guess),
    "Hall": kind_of(Hall, check_hall),
    "Tally": kind_of(Tally),
    "Answer": kind_of(Answer),
    "Question": kind_of(Question),
    "Choice": kind_of(Choice),
    "FitSettings": kind_of(FitSettings, check_settings),
    "FitEnding": kind_of(FitEnding, _check_ending),
    "LocalMaximum": kind_of(LocalMaximum, _check_numbers, shared=True),
    "ReadOptions": kind_of(ReadOptions),
    "Table": kind_of(StoredTable, shared=True),
    "FitHistory": Kind(StoredHistory, _fields, _history, shared=True),
    "Mixture": Kind(
        Mixture,
        lambda m: {name: getattr(m, name) for name in ("weights", "means", "covariances", "cholesky")},
        _mixture,
        shared=True,
        hints={"weights": Array, "means": Array, "covariances": Array, "cholesky": Array},
    ),
}
