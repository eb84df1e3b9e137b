"""Deliberate acts that can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gmm_desktop.data import Dataset
from gmm_desktop.data.growing import memory_of
from gmm_desktop.data.painting import MOST_PAINTED
from gmm_desktop.session.state import Run, State, same_data
from gmm_desktop.session.timeline import whole

MOST_BYTES = 256 * 1024**2
"""What the points before painted and erased strokes may take; of a million points an eraser's stroke takes 16 MB."""

Acts = tuple[tuple[str, State], ...]
"""Names of acts, each with a state; the one that is next to be taken back or repeated last."""


class UndoList:
    """The states before each act, with the act's name. Going back deletes no run."""

    def __init__(self) -> None:
        self._undo: list[tuple[str, State]] = []
        self._redo: list[tuple[str, State]] = []

    @property
    def undoable(self) -> str:
        """The name of the act that undo reverses, or ""."""
        return self._undo[-1][0] if self._undo else ""

    @property
    def redoable(self) -> str:
        """The name of the act that redo repeats, or ""."""
        return self._redo[-1][0] if self._redo else ""

    def acts(self) -> tuple[Acts, Acts]:
        """Those that can be taken back, with the state before each; those to repeat, with the state after each."""
        return tuple(self._undo), tuple(self._redo)

    def take(self, undo: Acts, redo: Acts) -> None:
        """Go on with these, as ``acts`` gave them."""
        self._undo[:], self._redo[:] = undo, redo

    def remember(self, name: str, before: State) -> None:
        """An act is about to change ``before``; what had been taken back cannot be repeated any more."""
        self._undo.append((name, before))
        self._redo.clear()

    def make_room(self, now: State) -> State:
        """Forget the oldest acts while the points of all take more than ``MOST_BYTES``.

        Returns:
            ``now``, without the runs of data to which nothing leads back any more.
        """
        if _bytes_of((now, *self._states())) <= MOST_BYTES:
            return now
        while self._undo and _bytes_of((now, *self._states())) > MOST_BYTES:
            del self._undo[0]
        kept = [state.run.dataset for state in (now, *self._states())]

        def trimmed(state: State) -> State:
            return replace(state, runs=tuple(run for run in state.runs if _is_one_of(run.dataset, kept)))

        self._undo = [(name, trimmed(state)) for name, state in self._undo]
        self._redo = [(name, trimmed(state)) for name, state in self._redo]
        return trimmed(now)

    def _states(self) -> list[State]:
        return [state for _, state in (*self._undo, *self._redo)]

    def undo(self, now: State) -> State | None:
        """The state before the last act, or None."""
        return _exchange(self._undo, self._redo, now)

    def redo(self, now: State) -> State | None:
        """The state after the act that was taken back last, or None."""
        return _exchange(self._redo, self._undo, now)


def _bytes_of(states: Iterable[State]) -> int:
    """The memory of the points of data that can be painted on, that which is shared counted once."""
    data = {id(state.run.dataset): state.run.dataset for state in states}
    return sum(dict(memory_of(one.points) for one in data.values() if one.size <= MOST_PAINTED).values())


def _is_one_of(dataset: Dataset, kept: Iterable[Dataset]) -> bool:
    return any(same_data(dataset, other) for other in kept)


def _exchange(source: list[tuple[str, State]], target: list[tuple[str, State]], now: State) -> State | None:
    if not source:
        return None
    name, state = source.pop()
    target.append((name, now))
    newest = {run.id: run for run in now.runs}
    known = {run.id for run in state.runs}
    later = tuple(run for run in now.runs if run.id not in known)
    kept = tuple(_with_what_is_known(run, newest[run.id]) for run in state.runs)
    shown = next(run for run in kept if run.id == state.run.id)
    frame = state.frame if state.frame.iteration <= shown.last else whole(shown.last)
    return replace(state, runs=kept + later, run=shown, frame=frame)


def _with_what_is_known(run: Run, newest: Run) -> Run:
    """A run may have been computed further since: its settings go back, what is known of it does not."""
    ending = newest.ending if newest.settings == run.settings else run.ending
    return replace(run, ready=newest.ready, history=newest.history, ending=ending, frame=newest.frame)
